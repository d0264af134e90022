"""Persons, staff, devices, codes and guest links in the database. SQL only; decisions are in service.py."""

from collections.abc import Sequence

import msgspec

from huaxin.people.model import Device, Employment, Member, Person, StaffRole
from huaxin.storage.port import Database

_PERSON = "id, phone, name, language, created_at, last_seen"


class DeviceRow(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    person: str
    salt: str
    generation: int
    rotated_at: int
    last_seen: int
    revoked_at: int
    guest_link: str
    language: str


class LinkRow(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    order: str
    role: str
    expires_at: int
    revoked_at: int


class LinkUse(msgspec.Struct, frozen=True, kw_only=True):
    """A link as those who may end it see it."""

    id: str
    role: str
    created_at: int
    expires_at: int
    opened: bool


class CodeRow(msgspec.Struct, frozen=True, kw_only=True):
    hash: str
    sent_at: int
    expires_at: int
    tries: int


def _person(row: Sequence[object]) -> Person:
    return msgspec.convert(dict(zip(_PERSON.split(", "), row, strict=True)), Person)


class PeopleStore:
    def __init__(self, db: Database) -> None:
        self._db = db

    # persons

    async def person(self, person: str) -> Person | None:
        rows = await self._db.fetch(f"SELECT {_PERSON} FROM persons WHERE id = $1", person)
        return _person(rows[0]) if rows else None

    async def by_phone(self, phone: str) -> Person | None:
        rows = await self._db.fetch(f"SELECT {_PERSON} FROM persons WHERE phone = $1", phone)
        return _person(rows[0]) if rows else None

    async def persons(self, limit: int = 500) -> list[Person]:
        """Newest first."""
        rows = await self._db.fetch(
            f"SELECT {_PERSON} FROM persons ORDER BY created_at DESC, id LIMIT $1", limit
        )
        return [_person(row) for row in rows]

    async def add_person(self, person: Person) -> None:
        """Does nothing when the phone is known: two first logins at once make one person."""
        await self._db.execute(
            "INSERT INTO persons (id, phone, name, language, created_at, last_seen)"
            " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (phone) DO NOTHING",
            person.id, person.phone, person.name, person.language, person.created_at, person.last_seen,
        )  # fmt: skip

    async def set_person(self, person: str, *, name: str, language: str) -> None:
        await self._db.execute(
            "UPDATE persons SET name = $2, language = $3 WHERE id = $1", person, name, language
        )

    async def touch(self, person: str, device: str, now: int) -> None:
        await self._db.execute_many(
            [
                ("UPDATE persons SET last_seen = $2 WHERE id = $1 AND last_seen < $2", (person, now)),
                ("UPDATE devices SET last_seen = $2 WHERE id = $1 AND last_seen < $2", (device, now)),
            ]
        )

    # staff

    async def put_staff(self, shop: str, person: str, role: StaffRole, now: int) -> None:
        await self._db.execute(
            "INSERT INTO staff (shop, person, role, active, since) VALUES ($1, $2, $3, 1, $4)"
            " ON CONFLICT (shop, person) DO UPDATE SET role = excluded.role, active = 1",
            shop, person, role.value, now,
        )  # fmt: skip

    async def end_staff(self, shop: str, person: str) -> bool:
        return bool(
            await self._db.execute(
                "UPDATE staff SET active = 0 WHERE shop = $1 AND person = $2 AND active = 1", shop, person
            )
        )

    async def staff(self, shop: str) -> list[Member]:
        columns = ", ".join(f"p.{c}" for c in _PERSON.split(", "))
        rows = await self._db.fetch(
            f"SELECT s.role, {columns} FROM staff s JOIN persons p ON p.id = s.person"
            " WHERE s.shop = $1 AND s.active = 1 ORDER BY s.since, p.id",
            shop,
        )
        return [Member(shop=shop, person=_person(row[1:]), role=StaffRole(row[0])) for row in rows]

    async def employments(self, person: str = "") -> dict[str, list[Employment]]:
        """By person; of one person, or of everybody. Shop by shop in the order they joined."""
        rows = await self._db.fetch(
            "SELECT s.person, s.shop, s.role, h.name FROM staff s JOIN shops h ON h.id = s.shop"
            " WHERE s.active = 1 AND ($1 = '' OR s.person = $1) ORDER BY s.since, s.shop",
            person,
        )
        found: dict[str, list[Employment]] = {}
        for who, shop, role, shop_name in rows:
            found.setdefault(who, []).append(Employment(shop=shop, shop_name=shop_name, role=StaffRole(role)))
        return found

    # devices

    async def add_device(self, row: DeviceRow, name: str, now: int) -> None:
        await self._db.execute(
            "INSERT INTO devices (id, person, name, language, guest_link, salt, generation, rotated_at,"
            " created_at, last_seen) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $8)",
            row.id, row.person, name, row.language, row.guest_link, row.salt, row.generation, now,
        )  # fmt: skip

    async def device(self, device: str) -> DeviceRow | None:
        fields = "id, person, salt, generation, rotated_at, last_seen, revoked_at, guest_link, language"
        rows = await self._db.fetch(f"SELECT {fields} FROM devices WHERE id = $1", device)
        if not rows:
            return None
        return msgspec.convert(dict(zip(fields.split(", "), rows[0], strict=True)), DeviceRow)

    async def devices(self, person: str) -> list[Device]:
        rows = await self._db.fetch(
            "SELECT id, name, created_at, last_seen FROM devices"
            " WHERE person = $1 AND revoked_at = 0 ORDER BY last_seen DESC, id LIMIT 100",
            person,
        )
        return [Device(id=i, name=n, created_at=c, last_seen=s) for i, n, c, s in rows]

    async def recent_devices(self, limit: int) -> list[tuple[str, str, Person]]:
        """(device, its language, its person) of sessions that are not over, seen last first; guests not."""
        columns = ", ".join(f"p.{c}" for c in _PERSON.split(", "))
        rows = await self._db.fetch(
            f"SELECT d.id, d.language, {columns} FROM devices d JOIN persons p ON p.id = d.person"
            " WHERE d.revoked_at = 0 ORDER BY d.last_seen DESC LIMIT $1",
            limit,
        )
        return [(row[0], row[1], _person(row[2:])) for row in rows]

    async def rotate(self, device: str, generation: int, now: int) -> bool:
        """Moves the chain on from `generation`; False when somebody else just did."""
        return bool(
            await self._db.execute(
                "UPDATE devices SET generation = generation + 1, rotated_at = $3, last_seen = $3"
                " WHERE id = $1 AND generation = $2 AND revoked_at = 0",
                device, generation, now,
            )
        )  # fmt: skip

    async def revoke_device(self, device: str, person: str, why: str, now: int) -> bool:
        return bool(
            await self._db.execute(
                "UPDATE devices SET revoked_at = $3, revoked_why = $4"
                " WHERE id = $1 AND person = $2 AND revoked_at = 0",
                device, person, now, why,
            )
        )  # fmt: skip

    async def ended_since(self, since: int) -> set[str]:
        """Devices, and guests as persons, whose login was ended after `since` (ms)."""
        rows = await self._db.fetch(
            "SELECT id FROM devices WHERE revoked_at > $1"
            " UNION ALL SELECT 'guest:' || id FROM guest_links WHERE revoked_at > $1",
            since,
        )
        return {str(row[0]) for row in rows}

    async def set_device_language(self, device: str, language: str) -> None:
        await self._db.execute("UPDATE devices SET language = $2 WHERE id = $1", device, language)

    # one-time codes

    async def put_code(self, phone: str, hashed: str, now: int, expires_at: int) -> None:
        await self._db.execute(
            "INSERT INTO login_codes (phone, hash, sent_at, expires_at, tries) VALUES ($1, $2, $3, $4, 0)"
            " ON CONFLICT (phone) DO UPDATE SET hash = excluded.hash, sent_at = excluded.sent_at,"
            " expires_at = excluded.expires_at, tries = 0",
            phone, hashed, now, expires_at,
        )  # fmt: skip

    async def claim_try(self, phone: str, now: int, most: int) -> CodeRow | None:
        """Uses up one try before looking: many at once cannot have more. None: no code, or used up."""
        claimed = await self._db.execute(
            "UPDATE login_codes SET tries = tries + 1 WHERE phone = $1 AND expires_at > $2 AND tries < $3",
            phone, now, most,
        )  # fmt: skip
        if not claimed:
            return None
        rows = await self._db.fetch(
            "SELECT hash, sent_at, expires_at, tries FROM login_codes WHERE phone = $1", phone
        )
        return (
            CodeRow(hash=rows[0][0], sent_at=rows[0][1], expires_at=rows[0][2], tries=rows[0][3])
            if rows
            else None
        )

    async def spend_code(self, phone: str, hashed: str) -> bool:
        """Of two logins with the same right code at once, one gets True."""
        return bool(
            await self._db.execute("DELETE FROM login_codes WHERE phone = $1 AND hash = $2", phone, hashed)
        )

    # guest links

    async def add_link(self, row: LinkRow, hashed: str, by: str, now: int) -> None:
        await self._db.execute(
            "INSERT INTO guest_links (id, hash, order_id, role, created_by, created_at, expires_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            row.id, hashed, row.order, row.role, by, now, row.expires_at,
        )  # fmt: skip

    async def link(self, *, link: str = "", hashed: str = "") -> LinkRow | None:
        rows = await self._db.fetch(
            "SELECT id, order_id, role, expires_at, revoked_at FROM guest_links"
            " WHERE ($1 <> '' AND id = $1) OR ($2 <> '' AND hash = $2)",
            link, hashed,
        )  # fmt: skip
        if not rows:
            return None
        found, order, role, expires_at, revoked_at = rows[0]
        return LinkRow(id=found, order=order, role=role, expires_at=expires_at, revoked_at=revoked_at)

    async def revoke_links(self, order: str, now: int, link: str = "") -> int:
        """All of an order, or one."""
        return await self._db.execute(
            "UPDATE guest_links SET revoked_at = $2"
            " WHERE order_id = $1 AND revoked_at = 0 AND ($3 = '' OR id = $3)",
            order, now, link,
        )  # fmt: skip

    async def open_links(self, order: str, now: int) -> list[LinkUse]:
        """Newest first, at most 100."""
        rows = await self._db.fetch(
            "SELECT l.id, l.role, l.created_at, l.expires_at,"
            " (SELECT COUNT(*) FROM devices d WHERE d.person = 'guest:' || l.id)"
            " FROM guest_links l WHERE l.order_id = $1 AND l.revoked_at = 0 AND l.expires_at > $2"
            " ORDER BY l.created_at DESC, l.id LIMIT 100",
            order, now,
        )  # fmt: skip
        return [
            LinkUse(id=id, role=role, created_at=at, expires_at=until, opened=bool(used))
            for id, role, at, until, used in rows
        ]

    # housekeeping

    async def forget(self, now: int, oldest: int) -> None:
        """Drops what can no longer be used: dead codes, and what ended before `oldest`. Until then an old
        link still says that it is old, not that it is wrong."""
        await self._db.execute_many(
            [
                ("DELETE FROM login_codes WHERE expires_at < $1", (now,)),
                ("DELETE FROM guest_links WHERE expires_at < $1", (oldest,)),
                ("DELETE FROM devices WHERE last_seen < $1", (oldest,)),
            ]
        )
