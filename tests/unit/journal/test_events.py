"""Typed events and what is kept of them (JR-19, JR-20)."""

from typing import Any

import msgspec
import pytest

from huaxin.journal.events import Events, Unknown
from huaxin.journal.model import Record

events = Events()


@events.register(version=3)
class Moved(msgspec.Struct, frozen=True, kw_only=True, tag="order.moved"):
    to: str
    minutes: int = 0


@events.upcast("order.moved", 1)
def _from_1(fields: dict[str, Any]) -> dict[str, Any]:
    return {"to": fields["place"], "hours": 2}


@events.upcast("order.moved", 2)
def _from_2(fields: dict[str, Any]) -> dict[str, Any]:
    return {"to": fields["to"], "minutes": fields["hours"] * 60}


@events.register()
class Empty(msgspec.Struct, frozen=True, tag="order.empty", tag_field="kind"):
    pass


def _record(name: str, version: int, body: bytes) -> Record:
    return Record(
        shop="s",
        seq=1,
        at=1,
        subject="o",
        type=name,
        version=version,
        actor="a",
        role="r",
        audience=1,
        body=body,
    )


def test_an_event_comes_back_as_it_went() -> None:
    """JR-20: the tag is the record's type and not in the body."""
    event = Moved(to="北门", minutes=5)
    name, version, body = events.encode(event)
    assert (name, version) == ("order.moved", 3)
    assert msgspec.json.decode(body) == {"to": "北门", "minutes": 5}
    assert events.decode(_record(name, version, body)) == event
    assert events.encode(Empty()) == ("order.empty", 1, b"{}")
    assert events.decode(_record("order.empty", 1, b"{}")) == Empty()


def test_an_old_event_is_lifted_version_by_version() -> None:
    """JR-20."""
    assert events.decode(_record("order.moved", 1, b'{"place":"A"}')) == Moved(to="A", minutes=120)
    assert events.decode(_record("order.moved", 2, b'{"to":"A","hours":1}')) == Moved(to="A", minutes=60)


def test_a_field_of_the_future_is_passed_over_and_kept() -> None:
    """JR-19, JR-20."""
    record = _record("order.moved", 3, b'{"to":"A","colour":"red"}')
    assert events.decode(record) == Moved(to="A")
    assert record.body == b'{"to":"A","colour":"red"}'


@pytest.mark.parametrize(
    ("name", "version", "body"),
    [
        ("order.moved", 4, b'{"anything":1}'),
        ("order.exploded", 1, b"{}"),
        ("order.moved", 3, b'{"to":5}'),
        ("order.moved", 1, b'{"no place":1}'),
    ],
)
def test_what_cannot_be_read_is_kept_as_it_is(name: str, version: int, body: bytes) -> None:
    """JR-20."""
    assert events.decode(_record(name, version, body)) == Unknown(type=name, version=version, body=body)


def test_what_is_registered() -> None:
    assert events.names() == {"order.moved": 3, "order.empty": 1}
    assert events.structs() == [Moved, Empty]
    with pytest.raises(ValueError, match="twice"):
        events.register()(Moved)

    class Bare(msgspec.Struct):
        pass

    with pytest.raises(TypeError, match="tag"):
        events.register()(Bare)
