"""Says whether anything was lost, doubled, disordered or leaked. Pure: evidence in, violations out.

The journal is the truth about what happened; everything else (answers, live channels, histories) is held
against it and against who may see what.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from huaxin.kernel import AUDIENCE_OF, Audience

KINDS = ("lost", "doubled", "disordered", "leaked")


@dataclass(frozen=True)
class Fact:
    """One record of the journal, as stored."""

    shop: str
    seq: int
    order: str
    type: str
    actor: str
    command_id: str
    nth: int
    audience: int
    has_delta: bool = False
    courier: str = ""  # whose run it belongs to after it
    courier_before: str = ""
    marker: str = ""  # a text nobody outside the audience may ever receive; "": none


@dataclass(frozen=True)
class Member:
    """Somebody who listens. A courier's orders are found in the facts; a stranger has none."""

    name: str
    person: str
    role: str  # buyer, recipient, shop, courier, stranger
    shop: str = ""
    orders: frozenset[str] = frozenset()
    secrets: tuple[str, ...] = ()  # what must not occur in anything they receive


@dataclass(frozen=True)
class Ack:
    """The server said: done, and this is its place."""

    person: str
    command_id: str
    order: str
    seq: int


@dataclass(frozen=True)
class Sight:
    """One event somebody received, as it came."""

    order: str
    seq: int
    type: str
    command_id: str
    raw: str


@dataclass
class Stream:
    """All a device received on one channel, over every reconnect."""

    member: Member
    channel: str
    since: int  # seq at its first subscription: everything after it is owed
    sights: list[Sight] = field(default_factory=list)
    whole: bool = True  # False once it was ended or told to start over: then nothing more is owed


@dataclass
class Evidence:
    facts: list[Fact]
    members: list[Member]
    acks: list[Ack]
    refused: list[tuple[str, str]]  # (person, command_id)
    sent: dict[str, list[str]]  # writer's lane → its command ids in the order they were wished
    streams: list[Stream]
    histories: list[tuple[Member, str, list[Sight]]]  # (member, order, what the server gives at the end)
    others: list[tuple[Member, str]] = field(default_factory=list)  # raw answers to strangers


@dataclass(frozen=True)
class Violation:
    kind: str  # of KINDS
    words: str


class Truth:
    """The journal, indexed by what is asked of it."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.facts = sorted(facts, key=lambda fact: (fact.shop, fact.seq))
        self.at = {(fact.order, fact.seq): fact for fact in self.facts}
        self.first = {(fact.actor, fact.command_id): fact for fact in self.facts if fact.nth == 0}
        self.last_held: dict[
            tuple[str, str], int
        ] = {}  # (order, courier) → the last seq at which it was theirs
        self.markers: dict[str, Fact] = {fact.marker: fact for fact in self.facts if fact.marker}
        for fact in self.facts:
            if fact.courier:
                self.last_held[fact.order, fact.courier] = fact.seq

    def is_member(self, member: Member, fact: Fact) -> bool:
        """Whether the member may know that this order has this event, leaving the audience aside."""
        if member.role in ("buyer", "recipient"):
            return fact.order in member.orders
        if member.role == "shop":
            return fact.shop == member.shop
        # Whoever has an order may read all of its past, so only what came after they lost it is hidden.
        return fact.seq <= self.last_held.get((fact.order, member.person), 0)

    def hears(self, member: Member, fact: Fact) -> bool:
        return member.role != "stranger" and bool(AUDIENCE_OF[member.role] & Audience(fact.audience))

    def owed(self, stream: Stream) -> Iterator[Fact]:
        """What a whole stream must have received."""
        kind, _, key = stream.channel.partition(":")
        for fact in self.facts:
            on_channel = {"order": fact.order == key, "shop": fact.shop == key}.get(kind, False)
            if kind == "run":
                on_channel = fact.courier == stream.member.person and self._kept(fact)
            if on_channel and fact.seq > stream.since and self.hears(stream.member, fact):
                yield fact

    def _kept(self, fact: Fact) -> bool:
        """Whether the order stayed with this courier: a run does not tell the past of one that left."""
        holders = [who for (order, who) in self.last_held if order == fact.order]
        return holders == [fact.courier]


def check(evidence: Evidence) -> list[Violation]:
    """Every violation found; empty is what everybody hopes for."""
    truth = Truth(evidence.facts)
    found = [*_check_journal(truth), *_check_acks(truth, evidence)]
    for stream in evidence.streams:
        found += _check_order(f"{stream.member.name} on {stream.channel}", stream.sights)
        found += _check_sights(truth, stream.member, stream.sights)
        if stream.whole:
            seen = {sight.seq for sight in stream.sights}
            name = f"{stream.member.name} on {stream.channel}"
            found += [_lost(f"{name} never received", f) for f in truth.owed(stream) if f.seq not in seen]
    for member, order, sights in evidence.histories:
        found += _check_order(f"{member.name}'s history of {order}", sights)
        found += _check_sights(truth, member, sights)
        seen = {sight.seq for sight in sights}
        for fact in truth.facts:
            if fact.order == order and truth.hears(member, fact) and fact.seq not in seen:
                found.append(_lost(f"{member.name}'s history lacks", fact))
    for member, raw in evidence.others:
        found += _check_raw(truth, member, raw)
    return found


def _lost(words: str, fact: Fact) -> Violation:
    return Violation("lost", f"{words} {fact.type} {fact.seq} of {fact.order} ({fact.command_id})")


def _check_journal(truth: Truth) -> Iterator[Violation]:
    """Dense, and every command once."""
    expected: dict[str, int] = defaultdict(int)
    for fact in truth.facts:
        expected[fact.shop] += 1
        if fact.seq != expected[fact.shop]:
            kind = "doubled" if fact.seq < expected[fact.shop] else "lost"
            yield Violation(
                kind, f"the journal of {fact.shop} has {fact.seq} where {expected[fact.shop]} belongs"
            )
            expected[fact.shop] = fact.seq
    counts: dict[tuple[str, str, int], int] = defaultdict(int)
    for fact in truth.facts:
        counts[fact.actor, fact.command_id, fact.nth] += 1
    for (actor, command_id, _), count in counts.items():
        if count > 1:
            yield Violation("doubled", f"{command_id} of {actor} is in the journal {count} times")


def _check_acks(truth: Truth, evidence: Evidence) -> Iterator[Violation]:
    places: dict[tuple[str, str], int] = {}
    for ack in evidence.acks:
        key = (ack.person, ack.command_id)
        fact = truth.first.get(key)
        if fact is None or fact.order != ack.order:
            yield Violation(
                "lost", f"{ack.command_id} of {ack.person} was acknowledged and is not in the journal"
            )
        elif not any(f is not None and f.command_id == ack.command_id for f in _around(truth, ack)):
            yield Violation(
                "lost", f"{ack.command_id} was acknowledged as {ack.seq}, where something else is"
            )
        if places.setdefault(key, ack.seq) != ack.seq:
            yield Violation("doubled", f"{ack.command_id} was acknowledged as {places[key]} and as {ack.seq}")
    for person, command_id in evidence.refused:
        if (person, command_id) in truth.first and (person, command_id) not in places:
            yield Violation("doubled", f"{command_id} of {person} was refused, but is in the journal")
    for lane, wished in evidence.sent.items():
        person = lane.partition("/")[0]
        last = 0
        for command_id in wished:
            fact = truth.first.get((person, command_id))
            if fact is None:
                continue
            if fact.seq <= last:
                yield Violation("disordered", f"{command_id} of {lane} overtook the one wished before it")
            last = fact.seq


def _around(truth: Truth, ack: Ack) -> Iterator[Fact | None]:
    """An ack names the last fact of its command: the system's own facts may follow the actor's."""
    yield truth.at.get((ack.order, ack.seq))


def _check_order(where: str, sights: list[Sight]) -> Iterator[Violation]:
    last = 0
    seen: set[int] = set()
    for sight in sights:
        if sight.seq in seen:
            yield Violation("doubled", f"{where}: {sight.seq} came twice")
        elif sight.seq < last:
            yield Violation("disordered", f"{where}: {sight.seq} came after {last}")
        seen.add(sight.seq)
        last = max(last, sight.seq)


def _check_sights(truth: Truth, member: Member, sights: list[Sight]) -> Iterator[Violation]:
    for sight in sights:
        fact = truth.at.get((sight.order, sight.seq))
        name = f"{member.name} saw {sight.type} {sight.seq} of {sight.order}"
        if fact is None:
            yield Violation("leaked", f"{name}, which the journal does not have")
        elif sight.type == "access_ended":
            if fact.courier_before != member.person:
                yield Violation("leaked", f"{name}, which ended somebody else's access")
        elif not truth.is_member(member, fact):
            yield Violation("leaked", f"{name}, and is no member of it")
        elif not truth.hears(member, fact) and not (fact.has_delta and sight.type == "order_updated"):
            yield Violation("leaked", f"{name}, and is not in its audience")
        yield from _check_raw(truth, member, sight.raw)


def _check_raw(truth: Truth, member: Member, raw: str) -> Iterator[Violation]:
    for secret in member.secrets:
        if secret in raw:
            yield Violation("leaked", f"{member.name} received {secret!r}")
    for marker in _markers_in(raw):
        fact = truth.markers.get(marker)
        if fact is not None and not (truth.hears(member, fact) and truth.is_member(member, fact)):
            yield Violation("leaked", f"{member.name} received the words of {fact.command_id}")


def _markers_in(raw: str) -> Iterator[str]:
    """Markers look like «name-7»: whatever stands between the two signs."""
    for part in raw.split("«")[1:]:
        yield "«" + part.partition("»")[0] + "»"
