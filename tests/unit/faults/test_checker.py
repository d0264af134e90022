"""The checker of `make crash` sees what it is there for: each kind of fault, planted, is found."""

from dataclasses import replace

from huaxin.kernel import Audience
from tests.faults.checker import Ack, Evidence, Fact, Member, Sight, Stream, check

BUYER = Member("buyer", "li", "buyer", orders=frozenset({"o1"}))
RECIPIENT = Member("recipient", "guest:1", "recipient", orders=frozenset({"o1"}), secrets=("168",))
SHOP = Member("shop", "owner", "shop", shop="s")
COURIER = Member("courier", "zhang", "courier", shop="s")
ANOTHER = Member("another courier", "wang", "courier", shop="s")
STRANGER = Member("another shop", "other", "stranger")


def fact(seq: int, audience: Audience = Audience.without_recipient, **changes: object) -> Fact:
    known = Fact(
        shop="s", seq=seq, order="o1", type="message_sent", actor="li", command_id=f"c{seq}", nth=0,
        audience=int(audience), courier="zhang", marker=f"«c{seq}»",
    )  # fmt: skip
    return replace(known, **changes)  # type: ignore[arg-type]


def sight(fact: Fact, **changes: object) -> Sight:
    raw = f'{{"text":"{fact.marker}"}}'
    return replace(Sight(fact.order, fact.seq, fact.type, fact.command_id, raw), **changes)  # type: ignore[arg-type]


def evidence(**changes: object) -> Evidence:
    """Five messages that everybody but the recipient received, in order, once."""
    facts = [fact(n) for n in range(1, 6)]
    members = [BUYER, RECIPIENT, SHOP, COURIER, ANOTHER, STRANGER]
    streams = [
        Stream(BUYER, "order:o1", 0, [sight(f) for f in facts]),
        Stream(SHOP, "shop:s", 0, [sight(f) for f in facts]),
        Stream(COURIER, "run:s:zhang", 0, [sight(f) for f in facts]),
        Stream(RECIPIENT, "order:o1", 0, []),
        Stream(ANOTHER, "run:s:wang", 0, []),
    ]
    known = Evidence(
        facts=facts,
        members=members,
        acks=[Ack("li", f.command_id, "o1", f.seq) for f in facts],
        refused=[("li", "c99")],
        sent={"li/1": [f.command_id for f in facts]},
        streams=streams,
        histories=[(BUYER, "o1", [sight(f) for f in facts]), (RECIPIENT, "o1", [])],
    )
    return replace(known, **changes)  # type: ignore[arg-type]


def kinds(found: Evidence) -> set[str]:
    return {violation.kind for violation in check(found)}


def test_what_is_right_is_left_alone() -> None:
    assert check(evidence()) == []


def test_an_acknowledged_message_that_is_nowhere_is_lost() -> None:
    found = evidence()
    found.acks.append(Ack("li", "c6", "o1", 6))
    assert kinds(found) == {"lost"}


def test_a_message_one_channel_never_had_is_lost() -> None:
    for nth in range(3):
        found = evidence()
        del found.streams[nth].sights[2]
        assert kinds(found) == {"lost"}


def test_a_message_missing_at_the_end_of_a_channel_is_lost() -> None:
    found = evidence()
    found.streams[0].sights.pop()
    assert kinds(found) == {"lost"}


def test_a_message_that_a_history_lacks_is_lost() -> None:
    found = evidence()
    del found.histories[0][2][0]
    assert kinds(found) == {"lost"}


def test_a_hole_in_the_journal_is_lost() -> None:
    found = evidence()
    del found.facts[2]
    assert "lost" in kinds(found)


def test_a_message_received_twice_is_doubled() -> None:
    found = evidence()
    found.streams[1].sights.insert(3, found.streams[1].sights[2])
    assert kinds(found) == {"doubled"}


def test_a_command_written_twice_is_doubled() -> None:
    found = evidence()
    found.facts.append(fact(6, command_id="c5", marker=""))
    for stream in found.streams[:3]:
        stream.sights.append(sight(found.facts[-1]))
    found.histories[0][2].append(sight(found.facts[-1]))
    assert "doubled" in kinds(found)


def test_a_command_with_two_places_is_doubled() -> None:
    found = evidence()
    found.acks.append(Ack("li", "c5", "o1", 4))
    assert "doubled" in kinds(found)


def test_a_refused_command_that_was_written_is_found() -> None:
    found = evidence(refused=[("li", "c5")])
    del found.acks[4]
    assert kinds(found) == {"doubled"}


def test_two_messages_the_wrong_way_round_are_disordered() -> None:
    for nth in range(3):
        found = evidence()
        sights = found.streams[nth].sights
        sights[1], sights[2] = sights[2], sights[1]
        assert kinds(found) == {"disordered"}


def test_a_writer_overtaken_by_itself_is_disordered() -> None:
    assert kinds(evidence(sent={"li/1": ["c1", "c3", "c2"]})) == {"disordered"}


def test_an_event_outside_its_audience_is_leaked() -> None:
    found = evidence()
    found.streams[3].sights.append(sight(found.facts[0]))
    assert kinds(found) == {"leaked"}


def test_an_order_of_somebody_else_is_leaked() -> None:
    for name in ("order:o1", "run:s:wang"):
        found = evidence()
        found.streams.append(Stream(ANOTHER, name, 99, [sight(found.facts[0])]))
        assert kinds(found) == {"leaked"}
    found = evidence()
    found.streams.append(Stream(STRANGER, "shop:s", 99, [sight(found.facts[0])]))
    assert kinds(found) == {"leaked"}


def test_what_came_after_the_order_was_lost_is_leaked() -> None:
    facts = [
        fact(1),
        fact(2, courier="wang", courier_before="zhang", has_delta=True),
        fact(3, courier="wang"),
    ]
    told = [sight(facts[0]), sight(facts[1], type="access_ended", raw="{}")]
    quiet = evidence(facts=facts, acks=[], sent={}, histories=[])
    quiet.streams = [Stream(COURIER, "run:s:zhang", 0, told)]
    assert check(quiet) == []
    quiet.streams = [Stream(COURIER, "run:s:zhang", 0, [*told, sight(facts[2])])]
    assert kinds(quiet) == {"leaked"}


def test_words_and_secrets_in_any_answer_are_leaked() -> None:
    found = evidence(others=[(STRANGER, '{"text":"«c3»"}')])
    assert kinds(found) == {"leaked"}
    found = evidence(others=[(RECIPIENT, '{"total":168}')])
    assert kinds(found) == {"leaked"}


def test_an_update_without_its_story_is_no_leak() -> None:
    facts = [fact(1, Audience.shop, has_delta=True, marker="")]
    found = evidence(facts=facts, acks=[], sent={}, histories=[])
    found.streams = [Stream(BUYER, "order:o1", 0, [sight(facts[0], type="order_updated", raw="{}")])]
    assert check(found) == []
    found.streams = [Stream(BUYER, "order:o1", 0, [sight(facts[0])])]
    assert kinds(found) == {"leaked"}
