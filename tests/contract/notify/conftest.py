"""A whole house on each of the two databases, with a push service on this machine."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from huaxin import compose
from huaxin.compose import House
from huaxin.config import Config
from huaxin.live.clock import Clock
from huaxin.notify.channels import Letter, Unsent
from tests.house import SECRET, Member, log_in
from tests.pushing import Browser, PushService, push_service


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/{secrets.token_hex(4)}.db"
    return str(request.getfixturevalue("postgres_server").make_database())


@pytest.fixture
async def pushes() -> AsyncIterator[PushService]:
    async with push_service() as service:
        yield service


class StillClock(Clock):
    """The house's time stands until a test moves it; what is due in it is then due at once."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 1_800_000_000_000  # a Friday, 16:00 in Shanghai

    def __call__(self) -> int:
        return self.at

    def pass_s(self, seconds: float) -> None:
        self.at += int(seconds * 1000)


@dataclass
class Carrier:
    """An SMS or WeChat sender that keeps what it sent, or refuses."""

    name: str
    sent: list[Letter] = field(default_factory=list)
    refusals: list[Unsent] = field(default_factory=list)

    async def send(self, letter: Letter) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.sent.append(letter)


@dataclass
class GroupChat:
    sent: list[tuple[str, str, str]] = field(default_factory=list)

    def reaches(self, shop: str) -> bool:
        return True

    async def send(self, shop: str, title: str, text: str) -> None:
        self.sent.append((shop, title, text))


@dataclass
class Stage:
    house: House
    clock: StillClock
    pushes: PushService
    sms: Carrier
    wechat: Carrier
    chat: GroupChat
    browsers: dict[str, Browser] = field(default_factory=dict)

    async def member(self, name: str) -> Member:
        return await log_in(self.house, name)

    async def subscribe(self, who: Member, name: str, app: str) -> Browser:
        browser = self.pushes.browser(name)
        await who.done("add_push", **browser.subscription, app=app)
        self.browsers[name] = browser
        return browser

    def told(self, name: str) -> list[dict[str, Any]]:
        return self.pushes.told(name, self.browsers[name])

    def bodies(self, name: str) -> list[str]:
        return [one["body"] for one in self.told(name)]

    async def settle(self, seconds: float = 0) -> None:
        """Time passes, and everything that is due by then has been carried out."""
        notify = self.house.notify
        self.clock.pass_s(seconds)
        for shop in await self.house.shops.all():
            await notify.follower.follow(shop.id)
        await notify.ladder.run_due()

    async def steps(self, **where: Any) -> list[tuple[Any, ...]]:
        """(role, channel, kind, state, why), as they came."""
        rows = await self.house.store.fetch(
            "SELECT role, channel, kind, state, why, person, order_id FROM notice_steps"
            " ORDER BY seq, role, channel"
        )
        names = ("role", "channel", "kind", "state", "why", "person", "order_id")
        return [
            row[:5] for row in rows if all(row[names.index(name)] == value for name, value in where.items())
        ]


@asynccontextmanager
async def open_stage(
    data: Path, database: str, pushes: PushService, clock: StillClock
) -> AsyncIterator[Stage]:
    config = Config(
        data=data, host="127.0.0.1", port=0, database=database, secret=SECRET, push_local=True,
        public_url="",
    )  # fmt: skip
    house = await compose.build(config, clock=clock, reveal_codes=True)
    sms, wechat, chat = Carrier("sms"), Carrier("wechat"), GroupChat()
    notify = house.notify
    notify._texts = {"sms": sms, "wechat": wechat}
    notify._staff = chat
    notify.reach._texts, notify.reach._staff = True, chat
    if not await house.shops.all():
        await compose.open_starter_shop(house.people, house.shops, house.catalogue, house.city, house.clock())
    await house.start()
    # The tests carry out what is due themselves, so that nothing depends on when.
    await notify.ladder.stop()
    try:
        yield Stage(house, clock, pushes, sms, wechat, chat)
    finally:
        await house.stop(2.0)


@pytest.fixture
async def stage(data: Path, database: str, pushes: PushService) -> AsyncIterator[Stage]:
    async with open_stage(data, database, pushes, StillClock()) as stage:
        yield stage
