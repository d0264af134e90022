"""What this room keeps: keys, subscriptions, preferences, steps, cursors. On both databases."""

from collections.abc import Sequence
from typing import Any

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from huaxin.journal.model import Head
from huaxin.notify.model import Channel, NoticePreferences, Step, Subscription, Urgency
from huaxin.storage.port import Database

_SUB = "id, endpoint, p256dh, auth, person, device, app, created_at"
_STEP = Step.__struct_fields__
_KEY = "shop = $1 AND seq = $2 AND person = $3 AND role = $4 AND channel = $5 AND target = $6"
_ADD = (
    f"INSERT INTO notice_steps ({', '.join(_STEP)}) VALUES"
    f" ({', '.join(f'${i + 1}' for i in range(len(_STEP)))}) ON CONFLICT DO NOTHING"
)
_MOVE = (
    "INSERT INTO notice_cursors (shop, epoch, seq) VALUES ($1, $2, $3) ON CONFLICT (shop) DO UPDATE SET"
    " epoch = excluded.epoch, seq = CASE WHEN notice_cursors.epoch = excluded.epoch AND"
    " notice_cursors.seq > excluded.seq THEN notice_cursors.seq ELSE excluded.seq END"
)


def _id_of(step: Step) -> tuple[Any, ...]:
    return step.shop, step.seq, step.person, step.role, step.channel.value, step.target


class NotifyStore:
    def __init__(self, db: Database) -> None:
        self._db = db

    # the server's key

    async def push_key(self, secret: str) -> ec.EllipticCurvePrivateKey:
        """Made once and shared by all nodes; kept locked with the server's secret. Under another secret a new
        one is made, and the subscriptions that belonged to the old one are gone with it."""
        lock = secret.encode()
        for _ in range(2):
            rows = await self._db.fetch("SELECT value FROM push_keys WHERE name = 'vapid'")
            if rows:
                try:
                    found = serialization.load_pem_private_key(str(rows[0][0]).encode(), lock)
                except ValueError:
                    found = None
                if isinstance(found, ec.EllipticCurvePrivateKey):
                    return found
                await self._db.execute_many(
                    [
                        ("DELETE FROM push_keys WHERE name = 'vapid' AND value = $1", (rows[0][0],)),
                        ("DELETE FROM push_subscriptions", ()),
                    ]
                )
            made = ec.generate_private_key(ec.SECP256R1()).private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.BestAvailableEncryption(lock),
            )
            await self._db.execute(
                "INSERT INTO push_keys (name, value) VALUES ('vapid', $1) ON CONFLICT DO NOTHING",
                made.decode(),
            )
        raise RuntimeError("the key for pushes could not be kept")

    # subscriptions

    async def put_subscription(self, one: Subscription) -> None:
        """Whoever is signed in in this browser last is who it speaks for."""
        await self._db.execute(
            f"INSERT INTO push_subscriptions ({_SUB}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
            " ON CONFLICT (id) DO UPDATE SET p256dh = excluded.p256dh, auth = excluded.auth,"
            " person = excluded.person, device = excluded.device",
            one.id, one.endpoint, one.p256dh, one.auth, one.person, one.device, one.app, one.created_at,
        )  # fmt: skip

    async def drop_subscription(self, subscription: str, person: str = "") -> int:
        return await self._db.execute(
            "DELETE FROM push_subscriptions WHERE id = $1 AND ($2 = '' OR person = $2)", subscription, person
        )

    async def subscriptions(self, person: str, now: int, apps: Sequence[str] = ()) -> list[Subscription]:
        """Of a person's devices that are still signed in (a guest's: while the link holds)."""
        columns = ", ".join(f"s.{name}" for name in _SUB.split(", "))
        rows = await self._db.fetch(
            f"SELECT {columns}, d.language FROM push_subscriptions s"
            " JOIN devices d ON d.id = s.device AND d.person = s.person AND d.revoked_at = 0"
            " LEFT JOIN guest_links g ON g.id = d.guest_link"
            " WHERE s.person = $1 AND (d.guest_link = '' OR (g.revoked_at = 0 AND g.expires_at > $2))"
            " ORDER BY s.created_at, s.id LIMIT 50",
            person, now,
        )  # fmt: skip
        names = [*_SUB.split(", "), "language"]
        found = [msgspec.convert(dict(zip(names, row, strict=True)), Subscription) for row in rows]
        return [one for one in found if not apps or one.app in apps]

    async def reachable(self, now: int) -> tuple[set[str], dict[str, list[tuple[str, str]]]]:
        """Everybody with a subscription, and the guests among them by order: (person, role)."""
        rows = await self._db.fetch(
            "SELECT DISTINCT s.person, g.order_id, g.role FROM push_subscriptions s"
            " JOIN devices d ON d.id = s.device AND d.person = s.person AND d.revoked_at = 0"
            " LEFT JOIN guest_links g ON g.id = d.guest_link"
            " WHERE d.guest_link = '' OR (g.revoked_at = 0 AND g.expires_at > $1)",
            now,
        )
        persons: set[str] = set()
        guests: dict[str, list[tuple[str, str]]] = {}
        for person, order, role in rows:
            persons.add(str(person))
            if order:
                guests.setdefault(str(order), []).append((str(person), str(role)))
        return persons, guests

    # preferences

    async def preferences(self, person: str) -> NoticePreferences:
        rows = await self._db.fetch("SELECT doc FROM notice_preferences WHERE person = $1", person)
        return msgspec.json.decode(rows[0][0], type=NoticePreferences) if rows else NoticePreferences()

    async def set_preferences(self, person: str, preferences: NoticePreferences) -> None:
        await self._db.execute(
            "INSERT INTO notice_preferences (person, doc) VALUES ($1, $2)"
            " ON CONFLICT (person) DO UPDATE SET doc = excluded.doc",
            person, msgspec.json.encode(preferences).decode(),
        )  # fmt: skip

    # cursors and steps

    async def cursor(self, shop: str) -> Head | None:
        rows = await self._db.fetch("SELECT epoch, seq FROM notice_cursors WHERE shop = $1", shop)
        return Head(str(rows[0][0]), int(rows[0][1])) if rows else None

    async def advance(self, shop: str, head: Head, steps: Sequence[Step] = ()) -> None:
        """Steps and the place they were decided up to, in one transaction: a repeat changes nothing."""
        rows = [(_ADD, tuple(_plain(step))) for step in steps]
        await self._db.execute_many([*rows, (_MOVE, (shop, head.epoch, head.seq))])

    async def add(self, step: Step) -> None:
        await self._db.execute(_ADD, *_plain(step))

    async def due(self, now: int, limit: int = 200) -> list[Step]:
        rows = await self._db.fetch(
            f"SELECT {', '.join(_STEP)} FROM notice_steps WHERE state = 'due' AND due_at <= $1"
            " ORDER BY due_at, seq LIMIT $2",
            now, limit,
        )  # fmt: skip
        return [_step(row) for row in rows]

    async def next_due(self) -> int:
        """When the next step is due (ms); 0: there is none."""
        rows = await self._db.fetch("SELECT min(due_at) FROM notice_steps WHERE state = 'due'")
        return int(rows[0][0] or 0)

    async def claim(self, step: Step, now: int) -> bool:
        """True for exactly one of all who try."""
        changed = await self._db.execute(
            f"UPDATE notice_steps SET state = 'sending', moved_at = $7, tries = tries + 1"
            f" WHERE {_KEY} AND state = 'due'",
            *_id_of(step), now,
        )  # fmt: skip
        return bool(changed)

    async def finish(self, step: Step, state: str, now: int, *, via: str = "", why: str = "") -> None:
        await self._db.execute(
            f"UPDATE notice_steps SET state = $7, moved_at = $8, via = $9, why = $10 WHERE {_KEY}",
            *_id_of(step), state, now, via, why[:200],
        )  # fmt: skip

    async def put_off(self, step: Step, due_at: int, why: str) -> None:
        await self._db.execute(
            f"UPDATE notice_steps SET state = 'due', due_at = $7, why = $8 WHERE {_KEY}",
            *_id_of(step), due_at, why[:200],
        )  # fmt: skip

    async def recover(self, before: int) -> None:
        """Steps whose sending a crash cut off. A push is tried again (its tag replaces a double); what costs
        money or attention elsewhere is not: better once too few than twice."""
        await self._db.execute_many(
            [
                (
                    "UPDATE notice_steps SET state = 'due' WHERE state = 'sending' AND channel = 'push'"
                    " AND moved_at < $1",
                    (before,),
                ),
                (
                    "UPDATE notice_steps SET state = 'unknown', why = 'the server ended while sending'"
                    " WHERE state = 'sending' AND channel = 'next' AND moved_at < $1",
                    (before,),
                ),
            ]
        )

    async def superseded(self, step: Step, now: int, lately: int) -> bool:
        """Whether telling this would only repeat. A push of a message: a later message is about to be pushed.
        A message by the next channel: that channel already told of one after `lately`. A notice by the next
        channel: a later notice is on its way to the same person."""
        if step.kind != "message":
            if step.channel is Channel.push:
                return False
            where, args = "seq > $5 AND kind <> 'message' AND $6 >= 0", (0,)
        elif step.channel is Channel.push:
            where, args = "seq > $5 AND kind = 'message' AND target = '' AND due_at <= $6", (now,)
        else:
            where, args = "seq <> $5 AND kind = 'message' AND state = 'sent' AND moved_at > $6", (lately,)
        rows = await self._db.fetch(
            "SELECT 1 FROM notice_steps WHERE order_id = $1 AND person = $2 AND role = $3 AND channel = $4"
            f" AND {where} LIMIT 1",
            step.order_id, step.person, step.role, step.channel.value, step.seq, *args,
        )  # fmt: skip
        return bool(rows)

    async def sent_since(self, key: tuple[str, str], channel: Channel, since: int) -> int:
        """What was sent to a person (or, person '', for a shop) from then on."""
        person, shop = key
        rows = await self._db.fetch(
            "SELECT count(*) FROM notice_steps WHERE person = $1 AND state = 'sent' AND moved_at >= $2"
            " AND channel = $3 AND ($4 = '' OR shop = $4)",
            person, since, channel.value, shop,
        )  # fmt: skip
        return int(rows[0][0])

    async def forget(self, before: int) -> None:
        """Drops steps that are long over, and subscriptions of devices that are gone."""
        await self._db.execute_many(
            [
                ("DELETE FROM notice_steps WHERE at < $1 AND state <> 'due'", (before,)),
                (
                    "DELETE FROM push_subscriptions WHERE device NOT IN"
                    " (SELECT id FROM devices WHERE revoked_at = 0)",
                    (),
                ),
            ]
        )


def _plain(step: Step) -> list[Any]:
    return [
        getattr(step, name) if name not in ("channel", "urgency") else str(getattr(step, name))
        for name in _STEP
    ]


def _step(row: Sequence[Any]) -> Step:
    fields = dict(zip(_STEP, row, strict=True))
    fields["channel"], fields["urgency"] = Channel(fields["channel"]), Urgency(fields["urgency"])
    return Step(**fields)
