"""How often somebody may try to log in. Counters live in the database: restarts and nodes share them."""

import msgspec

from huaxin.journal.model import Rejected
from huaxin.storage.port import Database

MINUTE = 60_000
HOUR = 60 * MINUTE


class Rule(msgspec.Struct, frozen=True):
    """At most `most` within `window` ms; the window starts with the first one in it."""

    most: int
    window: int


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Per phone against floods of one person, per device and address against one who tries many phones."""

    code_phone: tuple[Rule, ...] = (Rule(1, MINUTE), Rule(6, HOUR), Rule(12, 24 * HOUR))
    code_device: tuple[Rule, ...] = (Rule(6, 10 * MINUTE),)
    code_address: tuple[Rule, ...] = (Rule(30, 10 * MINUTE), Rule(120, HOUR))
    try_phone: tuple[Rule, ...] = (Rule(15, 15 * MINUTE),)
    try_device: tuple[Rule, ...] = (Rule(20, 10 * MINUTE),)
    try_address: tuple[Rule, ...] = (Rule(100, 10 * MINUTE),)
    guest_address: tuple[Rule, ...] = (Rule(120, 10 * MINUTE),)

    @classmethod
    def relaxed(cls) -> "Limits":
        """For the demo, where a dozen people log in from one browser: floods still end."""
        many = (Rule(600, 10 * MINUTE),)
        return cls(
            code_phone=many,
            code_device=many,
            code_address=many,
            try_phone=many,
            try_device=many,
            try_address=many,
            guest_address=many,
        )


# The upsert counts first and asks after: two at once can never both be the last one allowed.
_HIT = """
INSERT INTO rate_counters (name, started_at, ends_at, hits) VALUES ($1, $2, $3, 1)
ON CONFLICT (name) DO UPDATE SET
  hits = CASE WHEN rate_counters.ends_at > excluded.started_at THEN rate_counters.hits + 1 ELSE 1 END,
  started_at = CASE WHEN rate_counters.ends_at > excluded.started_at
               THEN rate_counters.started_at ELSE excluded.started_at END,
  ends_at = CASE WHEN rate_counters.ends_at > excluded.started_at
            THEN rate_counters.ends_at ELSE excluded.ends_at END
"""


async def check_limits(db: Database, now: int, kinds: list[tuple[str, str, tuple[Rule, ...]]]) -> None:
    """Counts one try for each (kind, who, rules) in turn; an empty `who` is not counted.

    Raises Rejected `login.too_many` (429) at the first kind that is over; its value is {"wait_s": …} until
    its longest broken rule ends. The kinds after it are not counted: a flood stopped at its address must not
    use up the tries of the phone it aims at.
    """
    for kind, who, rules in kinds:
        if who:
            await _check_kind(db, now, {f"{kind}/{rule.window}/{who}": rule for rule in rules})


async def _check_kind(db: Database, now: int, rules: dict[str, Rule]) -> None:
    await db.execute_many([(_HIT, (name, now, now + rule.window)) for name, rule in rules.items()])
    marks = ", ".join(f"${i + 1}" for i in range(len(rules)))
    rows = await db.fetch(f"SELECT name, ends_at, hits FROM rate_counters WHERE name IN ({marks})", *rules)
    waits = [ends_at - now for name, ends_at, hits in rows if hits > rules[name].most]
    if waits:
        wait_s = max(1, -(-max(waits) // 1000))
        sentence = f"Too many tries. Please wait {wait_s} seconds."
        raise Rejected("login.too_many", sentence, {"wait_s": wait_s}, status=429)


async def tries_left(db: Database, now: int, name: str, rule: Rule, *, hit: bool) -> tuple[int, int]:
    """(tries left of this name, seconds until there are all of them again). `hit`: counts one first."""
    if hit:
        await db.execute_many([(_HIT, (name, now, now + rule.window))])
    rows = await db.fetch(
        "SELECT hits, ends_at FROM rate_counters WHERE name = $1 AND ends_at > $2", name, now
    )
    hits, ends_at = rows[0] if rows else (0, now)
    return rule.most - hits, max(0, -(-(ends_at - now) // 1000))


async def forget_limits(db: Database, now: int) -> int:
    """Drops counters whose window is over."""
    return await db.execute("DELETE FROM rate_counters WHERE ends_at < $1", now)
