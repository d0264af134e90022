"""Guest links: one order, one role, for a while, without an account. Unguessable, and kept only as a hash."""

from collections.abc import Callable

from huaxin.journal.model import Rejected
from huaxin.people import tokens
from huaxin.people.chance import Chance
from huaxin.people.model import GUEST_ROLES, GuestLink, Issued, Principal
from huaxin.people.sessions import Sessions
from huaxin.people.store import DeviceRow, LinkRow, LinkUse, PeopleStore

LONGEST_HOURS = 24 * 30
LONGEST_TOKEN = 100
PREFIX = "guest:"  # of the person of somebody who came by a link


class Guests:
    def __init__(
        self, store: PeopleStore, clock: Callable[[], int], secret: str, chance: Chance, sessions: Sessions
    ) -> None:
        self._store, self._clock, self._secret, self._chance = store, clock, secret, chance
        self._sessions = sessions

    async def create(self, order: str, role: str, by: str, hours: float) -> GuestLink:
        if role not in GUEST_ROLES:
            raise Rejected(
                "guest.role", "A guest link is for the recipient or the buyer only.", role, status=422
            )
        now, token = self._clock(), self._chance.token()
        life_ms = int(min(max(hours, 0.0), LONGEST_HOURS) * 3_600_000)
        row = LinkRow(id=self._chance.name(), order=order, role=role, expires_at=now + life_ms, revoked_at=0)
        await self._store.add_link(row, self._hash(token), by, now)
        return GuestLink(id=row.id, token=token, order=order, role=role, expires_at=row.expires_at)

    async def exchange(self, token: str, device_name: str, language: str) -> Issued:
        link = None
        if 0 < len(token) <= LONGEST_TOKEN:
            link = await self._store.link(hashed=self._hash(token))
        if link is None:
            raise Rejected(
                "guest.unknown",
                "This link is not right. Please ask whoever sent it for a new one.",
                status=404,
            )
        if link.revoked_at or link.expires_at <= self._clock():
            raise Rejected(
                "guest.expired", "This link has run out. Please ask the shop for a new one.", status=410
            )
        return await self._sessions.open(PREFIX + link.id, device_name, language, link)

    async def open_links(self, order: str) -> list[LinkUse]:
        """Those of an order that still open it, newest first."""
        return await self._store.open_links(order, self._clock())

    async def check_device(self, row: DeviceRow) -> LinkRow | None:
        """The link a guest's device came by, None for a person's device. Raises when the link is over."""
        if not row.guest_link:
            return None
        link = await self._store.link(link=row.guest_link)
        if link is None or link.revoked_at or link.expires_at <= self._clock():
            raise self._sessions.ended()
        return link

    async def is_over(self, person: str) -> bool:
        """Whether the link this guest came by was ended or has run out."""
        link = await self._store.link(link=person.removeprefix(PREFIX))
        return link is None or bool(link.revoked_at) or link.expires_at <= self._clock()

    def _hash(self, token: str) -> str:
        return tokens.digest(self._secret, "guest", token)


def came_by(order: str, link: str) -> Callable[[Principal], bool]:
    """Whether somebody is there by a link of this order; by this one, when one is named."""
    return lambda who: who.guest_order == order and link in ("", who.person.removeprefix(PREFIX))
