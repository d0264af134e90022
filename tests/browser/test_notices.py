"""Notices and devices in a real Chromium: the service worker shows, groups and opens; settings keep.

Chromium's own push service cannot be reached here, so a push is handed to the service worker by the browser's
DevTools protocol, with a payload the server itself made. What travels before that is proved without a browser
(tests/contract/notify).
"""

import asyncio
from typing import Any

import msgspec
import pytest
from playwright.async_api import CDPSession, Worker

from huaxin.compose import House
from huaxin.notify.model import Channel, Step, Urgency
from huaxin.notify.service import make_receipt
from huaxin.notify.words import Payload
from tests.browser.conftest import Cast, Held, Hold, until
from tests.browser.test_quality import findings
from tests.house import SECRET, log_in

_SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
    .map(n => ({ title: n.title, body: n.body, tag: n.tag, url: n.data && n.data.url }))"""


# Counts what the worker has drawn.
_COUNTED = """() => {
    if (self.drawn !== undefined) return
    self.drawn = 0
    const real = self.registration.showNotification.bind(self.registration)
    self.registration.showNotification = (...all) => real(...all).then(() => { self.drawn += 1 })
}"""
# Chromium forgets a notification that is asked about while it is being drawn: one looks a moment later.
_DRAWN_S = 0.3


class Pusher:
    """The browser's own hand: gives the service worker a push as the push service would."""

    def __init__(self, held: Held, session: CDPSession, registration: str, origin: str) -> None:
        self.held, self._session, self._registration, self._origin = held, session, registration, origin

    async def push(self, payload: Payload | None, raw: str = "") -> None:
        """Pushes, and answers once it is drawn; nobody asks for notifications before that."""
        data = msgspec.json.encode(payload).decode() if payload is not None else raw
        worker = self._worker
        await worker.evaluate(_COUNTED)
        before = await worker.evaluate("self.drawn")
        await self._session.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": self._origin, "registrationId": self._registration, "data": data},
        )

        async def drawn() -> bool:
            return bool(await worker.evaluate("self.drawn") > before)

        await until(drawn)
        await asyncio.sleep(_DRAWN_S)

    @property
    def _worker(self) -> Worker:
        return self.held.context.service_workers[0]

    async def shown(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.held.page.evaluate(_SHOWN)
        return found

    async def tap(self, tag: str) -> None:
        await self._worker.evaluate(
            """async tag => {
                const [notification] = await self.registration.getNotifications({ tag })
                self.dispatchEvent(new NotificationEvent('notificationclick', { notification }))
            }""",
            tag,
        )


async def pusher(held: Held, house: House) -> Pusher:
    await held.context.grant_permissions(["notifications"], origin=house.url)
    await held.page.evaluate("async () => { await navigator.serviceWorker.ready }")

    async def working() -> bool:
        return bool(held.context.service_workers)

    await until(working)
    session = await held.context.new_cdp_session(held.page)
    found: list[str] = []

    def updated(event: dict[str, Any]) -> None:
        found.extend(one["registrationId"] for one in event["registrations"] if not one["isDeleted"])

    session.on("ServiceWorker.workerRegistrationUpdated", updated)
    await session.send("ServiceWorker.enable")

    async def known() -> bool:
        return bool(found)

    await until(known)
    return Pusher(held, session, found[-1], house.url)


def payload(cast: Cast, body: str, seq: int = 1, **changes: Any) -> Payload:
    step = Step(
        shop="huaxin", seq=seq, order_id=cast.order, person=cast.li.person, role="buyer",
        channel=Channel.push, kind="message", urgency=Urgency.soon, at=0, due_at=0, good_until=0,
    )  # fmt: skip
    fields: dict[str, Any] = {
        "title": "订单 #1042 · 花信花店",
        "body": body,
        "tag": f"order:{cast.order}",
        "url": f"/buyer/orders/{cast.order}",
        "at": 1_800_000_000_000,
        "lang": "zh-CN",
        "kind": "message",
        "order": cast.order,
        "seq": seq,
        "receipt": make_receipt(SECRET, step),
    }
    return Payload(**(fields | changes))


async def test_a_push_is_shown_grouped_by_order_and_opens_it(house: House, hold: Hold, cast: Cast) -> None:
    """NTF-26, NTF-27, NTF-5: shown once an order, lines gathered, received by the server, a tap opens it."""
    li = await hold("buyer", "li")
    hand = await pusher(li, house)
    said = await cast.owner.done("say", order=cast.order, text="花已经扎好了")
    await hand.push(payload(cast, "王店长:花已经扎好了", said["seq"]))
    (shown,) = await until(hand.shown)
    assert shown["title"] == "订单 #1042 · 花信花店"
    assert (shown["tag"], shown["url"]) == (f"order:{cast.order}", f"/buyer/orders/{cast.order}")
    await until(lambda: has_received(cast, said["seq"]))
    await hand.push(payload(cast, "王店长:马上出发", said["seq"]))
    await until(lambda: reads(hand, ["王店长:花已经扎好了\n王店长:马上出发"]))
    await hand.push(payload(cast, "另一单", 1, tag="order:other", url="/buyer/orders/other", receipt=""))
    await until(lambda: count(hand, 2))
    await hand.tap(f"order:{cast.order}")
    await li.page.wait_for_url(f"**/buyer/orders/{cast.order}")
    await li.page.locator(".conversation").wait_for()
    await until(lambda: count(hand, 1))


async def test_a_push_that_cannot_be_read_shows_something_and_leads_nowhere_else(
    house: House, hold: Hold, cast: Cast
) -> None:
    """NTF-28."""
    li = await hold("buyer", "li")
    hand = await pusher(li, house)
    await hand.push(None, "no json")
    (shown,) = await until(hand.shown)
    assert shown["url"] == "/buyer/"
    await hand.push(payload(cast, "恶意", tag="bad", url="https://evil.example/", receipt="", order=""))
    await until(lambda: count(hand, 2))
    assert {one["url"] for one in await hand.shown()} == {"/buyer/"}
    await hand.push(payload(cast, "恶意", tag="bad2", url="//evil.example/", receipt="", order=""))
    await until(lambda: count(hand, 3))
    assert {one["url"] for one in await hand.shown()} == {"/buyer/"}


async def test_what_is_read_on_one_device_is_cleared_on_the_other(
    house: House, hold: Hold, cast: Cast
) -> None:
    """NTF-29, NTF-30: the notification and the badge."""
    phone = await hold("buyer", "li", "orders")
    hand = await pusher(phone, house)
    said = await cast.owner.done("say", order=cast.order, text="请看一下")
    await phone.page.reload()
    await phone.page.locator(f'a[href$="/orders/{cast.order}"]').first.wait_for()
    await hand.push(payload(cast, "王店长:请看一下", said["seq"]))
    await until(lambda: count(hand, 1))
    tablet = await hold("buyer", "li", f"orders/{cast.order}")
    await tablet.page.locator(".conversation").wait_for()
    await until(lambda: has_read(cast, said["seq"]))
    await until(lambda: count(hand, 0))


async def test_settings_say_what_this_device_does_and_end_another(house: House, hold: Hold) -> None:
    """NTF-22, NTF-32, NTF-36."""
    lost = await hold("buyer", "chen", "orders")
    await lost.page.get_by_text("当前登录").wait_for()
    phone = await hold("buyer", "chen", "orders")
    await phone.page.get_by_role("button", name="设置").click()
    sheet = phone.page.get_by_role("dialog", name="设置")
    await sheet.get_by_text("未开启:只有打开页面时才能看到进展。").wait_for()
    await sheet.get_by_role("switch", name="免打扰时段").wait_for()
    await sheet.get_by_label("从").fill("23:30")
    await sheet.get_by_label("从").blur()
    await sheet.get_by_text("已保存").wait_for()
    chen = await log_in(house, "chen")
    kept = (await chen.ask("get_notice_preferences"))["preferences"]
    assert kept["quiet_from"] == "23:30"
    devices = await chen.ask("list_devices")
    row = sheet.get_by_role("listitem").filter(has_text="browser test").filter(has_not_text="本机").first
    button = row.get_by_role("button")
    box = await button.bounding_box()
    assert box is not None
    assert box["height"] >= 48
    await button.click()
    await row.get_by_role("button", name="退出登录").click()
    await sheet.get_by_text("已让「browser test」退出").wait_for()
    assert len(await chen.ask("list_devices")) == len(devices) - 1


@pytest.mark.parametrize(("language", "scheme"), [("zh-CN", "light"), ("en", "dark")])
async def test_settings_have_no_serious_findings(hold: Hold, language: str, scheme: str) -> None:
    """NTF-36, ST-46."""
    phone = await hold("buyer", "chen", "orders", language=language)
    await phone.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    title = "设置" if language == "zh-CN" else "Settings"
    await phone.page.get_by_role("button", name=title).click()
    sheet = phone.page.get_by_role("dialog", name=title)
    await sheet.get_by_role("listitem").first.wait_for()
    await sheet.get_by_role("combobox").wait_for()
    assert await findings(phone) == []


async def has_received(cast: Cast, seq: int) -> bool:
    marks = (await cast.li.order(cast.order))["marks"]
    return any(one["person"] == cast.li.person and one["received"] >= seq for one in marks)


async def has_read(cast: Cast, seq: int) -> bool:
    marks = (await cast.li.order(cast.order))["marks"]
    return any(one["person"] == cast.li.person and one["read"] >= seq for one in marks)


async def count(hand: Pusher, wanted: int) -> bool:
    return len(await hand.shown()) == wanted


async def reads(hand: Pusher, bodies: list[str]) -> bool:
    return [one["body"] for one in await hand.shown()] == bodies
