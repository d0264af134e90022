"""A login on a device: an access token for minutes, and a refresh chain that notices when it was copied."""

from collections.abc import Awaitable, Callable

from huaxin.journal.model import Rejected
from huaxin.kernel import tidy
from huaxin.people import tokens
from huaxin.people.chance import Chance
from huaxin.people.model import LANGUAGES, Issued
from huaxin.people.store import DeviceRow, LinkRow, PeopleStore

GRACE_MS = 30_000  # a lost answer: the last token may be shown again this long after its use
UNUSED_MS = 60 * 24 * 3_600_000  # a device silent for so long must log in again

GuestCheck = Callable[[DeviceRow], Awaitable[LinkRow | None]]


class Sessions:
    longest_ms = UNUSED_MS

    def __init__(self, store: PeopleStore, clock: Callable[[], int], secret: str, chance: Chance) -> None:
        self._store, self._clock, self._secret, self._chance = store, clock, secret, chance

    @staticmethod
    def ended() -> Rejected:
        return Rejected("auth.session_ended", "This login is over. Please log in again.", status=401)

    async def open(self, person: str, device_name: str, language: str, link: LinkRow | None = None) -> Issued:
        now = self._clock()
        row = DeviceRow(
            id=self._chance.name(),
            person=person,
            salt=self._chance.token(),
            generation=1,
            rotated_at=now,
            last_seen=now,
            revoked_at=0,
            guest_link=link.id if link else "",
            language=language if language in LANGUAGES else "zh-CN",
        )
        await self._store.add_device(row, tidy(device_name)[:60], now)
        return self._issue(row, 1, link, now)

    async def refresh(self, token: str, check_guest: GuestCheck) -> Issued:
        now = self._clock()
        shown = tokens.split_refresh(token)
        row = await self._store.device(shown.device) if shown else None
        # A guess is refused before anything about the device is told or changed.
        if shown is None or row is None or not tokens.is_genuine(self._secret, shown, row.salt):
            raise self.ended()
        if row.revoked_at or row.last_seen < now - UNUSED_MS:
            raise self.ended()
        link = await check_guest(row)
        if shown.generation == row.generation:
            if await self._store.rotate(row.id, row.generation, now):
                return self._issue(row, row.generation + 1, link, now)
            # Another request with the same token was faster: this one is the repeat.
            row = await self._store.device(row.id)
            if row is None or row.revoked_at:
                raise self.ended()
        if shown.generation == row.generation - 1 and now - row.rotated_at <= GRACE_MS:
            # The answer got lost, or two tabs asked at once: the same successor again, never a second one.
            return self._issue(row, row.generation, link, now)
        # A genuine token long spent: somebody has a copy. Nobody can say who is the owner, so both end.
        await self._store.revoke_device(row.id, row.person, "refresh token used twice", now)
        raise self.ended()

    def _issue(self, row: DeviceRow, generation: int, link: LinkRow | None, now: int) -> Issued:
        expires_at = now // 1000 + tokens.ACCESS_S
        if link is not None:
            expires_at = min(expires_at, link.expires_at // 1000)
        claims = tokens.Claims(
            person=row.person,
            device=row.id,
            expires_at=expires_at,
            guest_order=link.order if link else "",
            guest_role=link.role if link else "",
        )
        return Issued(
            access=tokens.make_access(self._secret, claims, now // 1000),
            access_expires_at=expires_at,
            refresh=tokens.make_refresh(self._secret, row.id, generation, row.salt),
            person=row.person,
            device=row.id,
        )
