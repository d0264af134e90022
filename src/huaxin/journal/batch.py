"""Deciding a batch: commands in order, each on the state the ones before it leave. No I/O in here."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from huaxin.journal.entry import Entry, device_time, digest_of
from huaxin.journal.model import (
    Command,
    Decision,
    Fact,
    Head,
    Record,
    Rejected,
    Rules,
    StateRow,
    Tally,
    TallyDraft,
)
from huaxin.storage.port import ShopAppend

_log = logging.getLogger(__name__)
_encode = msgspec.json.Encoder().encode

type Key = tuple[str, str]  # (shop, subject)
_NONE: Mapping[str, Tally] = {}


class Draft:
    """What one shop's journal will have grown by."""

    __slots__ = ("at", "changed", "expected", "records", "seq", "shop", "subjects")

    def __init__(self, shop: str, expected: Head, at: int) -> None:
        self.shop, self.expected, self.at = shop, expected, at
        self.seq = expected.seq
        self.records: list[Record] = []
        self.changed: dict[str, int] = {}  # subject → seq of the last event that changed its state
        self.subjects: set[str] = set()  # looked at, changed or not


class Plan:
    """A decided batch, not yet written."""

    __slots__ = ("accepted", "broken", "drafts", "refused", "states", "tallies")

    def __init__(
        self, drafts: dict[str, Draft], states: dict[Key, Any], tallies: dict[str, TallyDraft]
    ) -> None:
        self.drafts, self.states, self.tallies = drafts, states, tallies
        self.accepted: list[tuple[Entry, bytes]] = []
        self.refused: list[tuple[Entry, Rejected]] = []
        self.broken: list[tuple[Entry, Exception]] = []  # a fault of the rules: hurts only its own command

    def make_parts(self, rules: Rules) -> list[ShopAppend]:
        """What to write. A shop with nothing to write is still there when something was decided upon its
        state: the answer, a refusal too, must be of the journal as it is, not as this node remembers it."""
        decided = {e.command.shop for e, _ in self.refused} | {e.command.shop for e, _ in self.accepted}
        return [
            ShopAppend(d.shop, d.expected, d.records, [self._dump(rules, d, s) for s in d.changed])
            for d in sorted(self.drafts.values(), key=lambda d: d.shop)
            if d.shop in decided
        ]

    def _dump(self, rules: Rules, draft: Draft, subject: str) -> StateRow:
        return rules.dump(self.states[draft.shop, subject], draft.changed[subject], draft.shop, subject)


def decide_batch(
    entries: Iterable[Entry],
    heads: Mapping[str, tuple[Head, int]],
    states: dict[Key, Any],
    rules: Rules,
    now: int,
    tallies: Mapping[str, Tally] = _NONE,
) -> Plan:
    """`heads`: head and time of the last record (ms) by shop. `states` becomes the overlay: it must hold
    every subject of the batch (None: not there yet) and is changed by accepted commands only. `tallies`: of
    the shops where something is counted."""
    # Within a shop time never runs backwards, whatever the clock does.
    drafts = {shop: Draft(shop, head, max(now, last)) for shop, (head, last) in heads.items()}
    plan = Plan(drafts, states, {shop: tally.draft() for shop, tally in tallies.items()})
    for entry in entries:
        try:
            _decide_one(plan, entry, rules)
        except Rejected as rejected:
            plan.refused.append((entry, rejected))
        except Exception as error:
            _log.exception("deciding %s failed", type(entry.command.body).__name__)
            plan.broken.append((entry, error))
    return plan


def _decide_one(plan: Plan, entry: Entry, rules: Rules) -> None:
    command = entry.command
    key = (command.shop, command.subject)
    draft = plan.drafts[command.shop]
    draft.subjects.add(command.subject)
    decision = rules.decide(plan.states[key], command, draft.at)
    facts = decision.facts
    if not facts or facts[0].actor is not None:
        _check(decision, entry)
    raw = _encode({**decision.result, "shop": command.shop, "seq": draft.seq + len(facts), "at": draft.at})
    if facts:
        records = [_first(draft, command, facts[0], raw)]
        if len(facts) > 1:
            records += [_record(draft, command, nth, fact) for nth, fact in enumerate(facts[1:], 1)]
        tally = plan.tallies.get(command.shop)
        if tally is not None and decision.state is not None:
            tally.take(plan.states[key], decision.state, command, draft.at)
        # Nothing above may have touched the draft: a failure must leave no trace.
        draft.records += records
        draft.seq += len(records)
        if decision.state is not None:
            plan.states[key] = decision.state
            draft.changed[command.subject] = draft.seq
    plan.accepted.append((entry, raw))


def _check(decision: Decision, entry: Entry) -> None:
    if not decision.facts:
        if decision.state is not None:
            raise ValueError("a decision changed the state without a fact")
    elif decision.facts[0].actor not in (None, entry.command.actor.person):
        raise ValueError("the first fact of a decision must be the actor's own")


# Both by position, in the order of the fields: eighteen names cost ten times as much as eighteen places.


def _first(draft: Draft, command: Command, fact: Fact, raw: bytes) -> Record:
    """The actor's own, which keeps the command's result and digest."""
    actor = command.actor
    return Record(
        draft.shop,
        draft.seq + 1,
        draft.at,
        command.subject,
        fact.type,
        fact.version,
        actor.person,
        actor.role,
        fact.audience,
        fact.body,
        fact.delta,
        fact.courier,
        fact.courier_before,
        command.command_id,
        0,
        raw,
        device_time(command) if command.device_at else 0,
        digest_of(command.body if command.wish is None else command.wish),
    )


def _record(draft: Draft, command: Command, nth: int, fact: Fact) -> Record:
    """What follows from it: the actor's or the system's."""
    actor = command.actor
    own = fact.actor is None or fact.actor == actor.person
    return Record(
        draft.shop,
        draft.seq + nth + 1,
        draft.at,
        command.subject,
        fact.type,
        fact.version,
        actor.person if fact.actor is None else fact.actor,
        actor.role if own else str(fact.actor),
        fact.audience,
        fact.body,
        fact.delta,
        fact.courier,
        fact.courier_before,
        command.command_id,
        nth,
        b"",
        device_time(command),
        0,
    )
