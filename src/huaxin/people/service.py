"""Everything about who is who that needs the database. Built by compose.py; clock and randomness come in."""

import contextlib
import hmac
from collections.abc import Callable, Iterable
from ipaddress import ip_address, ip_network

import msgspec

from huaxin.journal.model import Rejected
from huaxin.kernel import tidy
from huaxin.people import tokens
from huaxin.people.chance import Chance, SecretChance
from huaxin.people.guests import Guests, came_by
from huaxin.people.limits import Limits, check_limits, forget_limits
from huaxin.people.model import (
    LANGUAGES,
    CodeSent,
    Device,
    Employment,
    GuestLink,
    Issued,
    Member,
    Person,
    Principal,
    StaffRole,
)
from huaxin.people.phone import normalise
from huaxin.people.sender import CodeSender
from huaxin.people.sessions import Sessions
from huaxin.people.store import PeopleStore
from huaxin.storage.port import Database

CODE_LIFE_MS = 5 * 60_000
CODE_TRIES = 5
CACHE_MS = 60_000  # how long another node's change of staff or a revoked device may go unseen here
CACHE_SIZE = 50_000
TOUCH_MS = 60_000
CLOCKS_APART_MS = 10_000  # between nodes, at most


class People:
    """The one door to persons, logins, devices, guest links and staff. One event loop; async methods."""

    def __init__(
        self,
        db: Database,
        clock: Callable[[], int],
        secret: str,
        sender: CodeSender,
        limits: Limits | None = None,
        chance: Chance | None = None,
    ) -> None:
        """`clock` gives ms since 1970; `secret` signs tokens (≥ 32 signs, ValueError otherwise).

        Limits are relaxed by default with a sender that reveals its codes: there is nothing to guess.
        """
        self._db, self._clock, self._secret = db, clock, tokens.check_secret(secret)
        self._sender, self._chance = sender, chance or SecretChance()
        self._limits = limits or (Limits.relaxed() if sender.reveals else Limits())
        self.store = PeopleStore(db)
        self._sessions = Sessions(self.store, clock, self._secret, self._chance)
        self.guests = Guests(self.store, clock, self._secret, self._chance, self._sessions)
        self._known: dict[str, tuple[int, Principal]] = {}  # device → when looked up, who
        self._touched: dict[str, int] = {}  # person → when last_seen was written
        # Told who it is about when a login ends or somebody's work changes: open sessions know the old truth.
        self.changed: list[Callable[[Callable[[Principal], bool]], object]] = []
        self._looked_at = clock()

    # logging in

    async def ask_code(
        self, phone: str, *, language: str = "zh-CN", address: str = "", device: str = ""
    ) -> CodeSent:
        """Sends a one-time code. Raises Rejected phone.invalid, login.too_many, login.not_sent."""
        number, now = normalise(phone), self._clock()
        rules = self._limits
        await check_limits(
            self._db,
            now,
            [
                ("code_address", self._blind(address), rules.code_address),
                ("code_device", device[:64], rules.code_device),
                ("code_phone", number, rules.code_phone),
            ],
        )
        code = self._chance.code()
        await self.store.put_code(number, self._code_hash(number, code), now, now + CODE_LIFE_MS)
        await self._sender.send(number, code, language)
        wait_s = min((rule.window // 1000 for rule in rules.code_phone if rule.most == 1), default=0)
        return CodeSent(sent=True, wait_s=wait_s, dev_code=code if self._sender.reveals else "")

    async def login(
        self,
        phone: str,
        code: str,
        device_name: str = "",
        language: str = "",
        *,
        address: str = "",
        device: str = "",
    ) -> Issued:
        """A known phone logs in, a new one becomes a person. Raises Rejected login.wrong_code (401, value
        {"tries_left"}), login.no_code (401), login.too_many (429)."""
        number, now = normalise(phone), self._clock()
        await check_limits(
            self._db,
            now,
            [
                ("try_address", self._blind(address), self._limits.try_address),
                ("try_device", device[:64], self._limits.try_device),
                ("try_phone", number, self._limits.try_phone),
            ],
        )
        await self._spend_code(number, code.strip(), now)
        person = await self.add_person(number, language=language)
        if language in LANGUAGES and language != person.language:
            await self.store.set_person(person.id, name=person.name, language=language)
        return await self._sessions.open(person.id, device_name, language or person.language)

    async def _spend_code(self, phone: str, code: str, now: int) -> None:
        row = await self.store.claim_try(phone, now, CODE_TRIES)
        if row is None:
            raise Rejected(
                "login.no_code", "This code can no longer be used. Please ask for a new one.", status=401
            )
        hashed = self._code_hash(phone, code)
        if not hmac.compare_digest(hashed, row.hash):
            left = max(0, CODE_TRIES - row.tries)
            raise Rejected(
                "login.wrong_code",
                f"That code is not right. Tries left: {left}.",
                {"tries_left": left},
                status=401,
            )
        if not await self.store.spend_code(phone, row.hash):
            raise Rejected(
                "login.no_code", "This code can no longer be used. Please ask for a new one.", status=401
            )

    async def refresh(self, token: str) -> Issued:
        """Rotates. Raises Rejected auth.session_ended (401) when the session is over for any reason."""
        try:
            return await self._sessions.refresh(token, self.guests.check_device)
        finally:
            # Whatever came of it, also a revocation: the next request looks again.
            self._known.pop(token.partition(".")[0], None)

    async def open_session(self, person: str, device_name: str, language: str = "") -> Issued:
        """Tokens without a code: for the simulator and the benchmark. Never on a route."""
        return await self._sessions.open(person, device_name, language or "zh-CN")

    # who is asking

    async def authenticate(self, token: str) -> Principal:
        """Cheap: the token is checked, the rest is remembered for a minute.

        Raises Rejected auth.invalid, auth.expired, auth.session_ended (401).
        """
        now = self._clock()
        return await self._recall(tokens.read_access(self._secret, token, now // 1000), now)

    async def principal_of(
        self, person: str, device: str, guest_order: str = "", guest_role: str = ""
    ) -> Principal:
        """Whom something was signed for earlier, with what is true of them now. For addresses that carry no
        token. Raises Rejected auth.session_ended (401) when that login is over."""
        claims = tokens.Claims(
            person=person, device=device, expires_at=0, guest_order=guest_order, guest_role=guest_role
        )
        return await self._recall(claims, self._clock())

    async def _recall(self, claims: tokens.Claims, now: int) -> Principal:
        known = self._known.get(claims.device)
        if known is not None and known[0] > now - CACHE_MS and known[1].person == claims.person:
            return msgspec.structs.replace(known[1], expires_at=claims.expires_at)
        principal = await self._look_up(claims)
        if len(self._known) >= CACHE_SIZE:
            self._known.pop(next(iter(self._known)))  # the oldest: dicts keep their order
        self._known.pop(claims.device, None)
        self._known[claims.device] = (now, principal)
        return principal

    async def _look_up(self, claims: tokens.Claims) -> Principal:
        row = await self.store.device(claims.device)
        if row is None or row.revoked_at or row.person != claims.person:
            raise self._sessions.ended()
        if claims.guest_order:
            await self.guests.check_device(row)
            return Principal(
                person=row.person,
                device=row.id,
                language=row.language,
                guest_order=claims.guest_order,
                guest_role=claims.guest_role,
                expires_at=claims.expires_at,
            )
        person = await self.store.person(row.person)
        if person is None:
            raise self._sessions.ended()
        work = (await self.store.employments(person.id)).get(person.id, [])
        return Principal(
            person=person.id,
            device=row.id,
            name=person.name,
            phone=person.phone,
            language=person.language,
            staff={one.shop: one.role for one in work},
            expires_at=claims.expires_at,
        )

    async def warm(self, limit: int = CACHE_SIZE) -> int:
        """Remembers the devices seen last, so that a restart's reconnects do not all ask the database."""
        now = self._clock()
        work = await self.store.employments()
        for row in reversed(await self.store.recent_devices(limit)):
            device, language, person = row
            staff = {one.shop: one.role for one in work.get(person.id, [])}
            principal = Principal(
                person=person.id,
                device=device,
                name=person.name,
                phone=person.phone,
                language=person.language or language,
                staff=staff,
            )
            self._known[device] = (now, principal)
        return len(self._known)

    def _forget_known(self, person: str) -> None:
        for device in [d for d, (_, who) in self._known.items() if who.person == person]:
            del self._known[device]

    async def seen(self, principal: Principal) -> None:
        """Writes last_seen, at most once a minute per person."""
        now = self._clock()
        if not principal.person or self._touched.get(principal.person, 0) > now - TOUCH_MS:
            return
        if len(self._touched) >= CACHE_SIZE:
            self._touched.clear()
        self._touched[principal.person] = now
        await self.store.touch(principal.person, principal.device, now)

    # devices

    async def devices(self, principal: Principal) -> list[Device]:
        found = await self.store.devices(principal.person)
        return [msgspec.structs.replace(one, current=one.id == principal.device) for one in found]

    async def revoke_device(self, principal: Principal, device: str, why: str = "logout") -> None:
        """Ends a session of one's own. Raises Rejected device.unknown (404)."""
        now = self._clock()
        if not device.isprintable() or not await self.store.revoke_device(device, principal.person, why, now):
            raise Rejected(
                "device.unknown", "There is no such device, or it is logged out already.", device, status=404
            )
        self._known.pop(device, None)
        self._tell(lambda who: who.device == device)

    # guests

    async def create_guest_link(self, order: str, role: str, by: str, hours: float = 48) -> GuestLink:
        """The caller has checked that `by` may. Raises Rejected guest.role (422)."""
        return await self.guests.create(order, role, by, hours)

    async def exchange_guest(
        self, token: str, device_name: str = "", language: str = "", *, address: str = ""
    ) -> Issued:
        """Raises Rejected guest.unknown (404), guest.expired (410), login.too_many (429)."""
        kinds = [("guest_address", self._blind(address), self._limits.guest_address)]
        await check_limits(self._db, self._clock(), kinds)
        return await self.guests.exchange(token, device_name, language)

    async def revoke_guest_links(self, order: str, link: str = "") -> int:
        """Ends every guest link of an order, or this one, and the sessions that came by them."""
        came = came_by(order, link)
        self._known = {device: known for device, known in self._known.items() if not came(known[1])}
        ended = await self.store.revoke_links(order, self._clock(), link)
        self._tell(came)
        return ended

    # persons and staff

    async def person(self, person: str) -> Person | None:
        return await self.store.person(person)

    async def add_person(self, phone: str, name: str = "", language: str = "") -> Person:
        """The person with this phone, made when new. A name given to a nameless person is kept."""
        number, now = normalise(phone), self._clock()
        person = await self.store.by_phone(number)
        if person is None:
            language = language if language in LANGUAGES else "zh-CN"
            new = Person(
                id=self._chance.name(),
                phone=number,
                name=name.strip()[:40],
                language=language,
                created_at=now,
            )
            await self.store.add_person(new)
            person = await self.store.by_phone(number) or new
        if name.strip() and not person.name:
            person = msgspec.structs.replace(person, name=name.strip()[:40])
            await self.store.set_person(person.id, name=person.name, language=person.language)
            self._forget_known(person.id)
        return person

    async def set_name(self, person: str, name: str) -> str:
        """The name as it is kept. Raises Rejected person.name (422) or person.unknown (404)."""
        known = await self._need(person)
        name = tidy(name)
        if not 0 < len(name) <= 40:
            raise Rejected("person.name", "A name has 1 to 40 characters.", name[:60], status=422)
        await self.store.set_person(person, name=name, language=known.language)
        self._forget_known(person)
        return name

    async def set_language(self, principal: Principal, language: str) -> None:
        """Raises Rejected language.unknown (422)."""
        if language not in LANGUAGES:
            raise Rejected("language.unknown", "Only zh-CN and en are spoken here.", language, status=422)
        if principal.guest_order:
            await self.store.set_device_language(principal.device, language)
        else:
            known = await self._need(principal.person)
            await self.store.set_person(known.id, name=known.name, language=language)
        self._forget_known(principal.person)

    async def employments(self, person: str) -> list[Employment]:
        """The shops a person works for."""
        return (await self.store.employments(person)).get(person, []) if person else []

    async def staff(self, shop: str) -> list[Member]:
        return await self.store.staff(shop)

    async def couriers(self, shop: str) -> list[Person]:
        return [one.person for one in await self.store.staff(shop) if one.role == StaffRole.courier]

    async def add_staff(self, shop: str, person: str, role: StaffRole) -> None:
        """Takes somebody on, or changes their role."""
        await self._need(person)
        await self.store.put_staff(shop, person, role, self._clock())
        self._forget_known(person)
        self._tell(lambda who: who.person == person)

    async def remove_staff(self, shop: str, person: str) -> bool:
        """True when they were staff. Their next request sees nothing of the shop any more."""
        ended = await self.store.end_staff(shop, person)
        self._forget_known(person)
        self._tell(lambda who: who.person == person)
        return ended

    def _tell(self, about: Callable[[Principal], bool]) -> None:
        for tell in self.changed:
            tell(about)

    async def find_changed(self, sessions: Iterable[Principal]) -> set[str]:
        """The devices among these whose login ended or whose work changed, whichever process did it."""
        now = self._clock()
        gone = await self.store.ended_since(self._looked_at - CLOCKS_APART_MS)
        work = await self.store.employments()
        self._looked_at = now
        found = set()
        for who in sessions:
            staff = {one.shop: one.role for one in work.get(who.person, ())}
            if who.device in gone or who.person in gone or (staff != who.staff and not who.guest_order):
                found.add(who.device)
                self._known.pop(who.device, None)
        return found

    async def _need(self, person: str) -> Person:
        known = await self.store.person(person)
        if known is None:
            raise Rejected("person.unknown", "There is no such person.", person, status=404)
        return known

    # housekeeping

    async def count_failure(self, kind: str, address: str) -> None:
        """A wrong secret from this address. Raises Rejected login.too_many (429) after many."""
        await check_limits(
            self._db, self._clock(), [(kind, self._blind(address), self._limits.guest_address)]
        )

    async def sweep(self) -> None:
        """Drops what has expired; call it about once an hour."""
        now = self._clock()
        await forget_limits(self._db, now)
        await self.store.forget(now, now - self._sessions.longest_ms)

    def _blind(self, address: str) -> str:
        """Network addresses are counted, not kept; an IPv6 network of one household counts as one."""
        with contextlib.suppress(ValueError):
            if (known := ip_address(address.partition("%")[0])).version == 6:
                address = str(ip_network((known, 64), strict=False))
        return tokens.digest(self._secret, "address", address)[:22] if address else ""

    def _code_hash(self, phone: str, code: str) -> str:
        return tokens.digest(self._secret, "code", phone, code)
