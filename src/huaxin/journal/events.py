"""Typed events and the records they are kept in.

A domain registers one msgspec Struct per event, tagged with its type. What was written is never changed:
an older version is lifted to today's shape when it is read, and what this program does not know yet is
kept as it came.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from huaxin.journal.model import Record

type Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
"""From the fields of one version to those of the next."""


class Unknown(msgspec.Struct, frozen=True, kw_only=True):
    """An event this program cannot read: a newer version, or a type of another program. Nothing is lost."""

    type: str
    version: int
    body: bytes


class _Kind[E: msgspec.Struct]:
    __slots__ = ("decoder", "name", "prefix", "struct", "upcasters", "version")

    def __init__(self, struct: type[E], version: int) -> None:
        tag, field = struct.__struct_config__.tag, struct.__struct_config__.tag_field
        if not isinstance(tag, str) or not isinstance(field, str):
            raise TypeError(f"{struct.__name__} needs a text tag: its event type")
        self.struct, self.version, self.name = struct, version, tag
        self.decoder = msgspec.json.Decoder(struct)
        self.upcasters: dict[int, Upcaster] = {}
        # msgspec writes the tag first, so it can be cut off without decoding.
        self.prefix = b"{" + msgspec.json.encode(field) + b":" + msgspec.json.encode(tag)


class Events:
    """The events a program knows, by type and version."""

    def __init__(self) -> None:
        self._by_name: dict[str, _Kind[Any]] = {}
        self._by_struct: dict[type, _Kind[Any]] = {}

    def register[E: msgspec.Struct](self, *, version: int = 1) -> Callable[[type[E]], type[E]]:
        """Decorates the Struct of the newest version of an event; its tag is the event's type."""

        def add(struct: type[E]) -> type[E]:
            kind = _Kind(struct, version)
            if kind.name in self._by_name:
                raise ValueError(f"the event {kind.name!r} is registered twice")
            self._by_name[kind.name] = self._by_struct[struct] = kind
            return struct

        return add

    def upcast(self, name: str, version: int) -> Callable[[Upcaster], Upcaster]:
        """Decorates the function from `version` of the event to the version after it."""

        def add(function: Upcaster) -> Upcaster:
            self._by_name[name].upcasters[version] = function
            return function

        return add

    def encode(self, event: msgspec.Struct) -> tuple[str, int, bytes]:
        """(type, version, raw JSON without the tag): what a Fact is made of. KeyError: not registered."""
        kind = self._by_struct[type(event)]
        raw = msgspec.json.encode(event)[len(kind.prefix) :]
        return kind.name, kind.version, b"{" + raw.removeprefix(b",")

    def decode(self, record: Record) -> Any:
        """The typed event, lifted to its newest version, or Unknown. Fields not known yet are passed over."""
        kind = self._by_name.get(record.type)
        if kind is None or record.version > kind.version:
            return _unknown(record)
        try:
            if record.version == kind.version:
                return kind.decoder.decode(record.body)
            fields = msgspec.json.decode(record.body)
            for version in range(record.version, kind.version):
                fields = kind.upcasters[version](fields)
            return msgspec.convert(fields, kind.struct)
        except (msgspec.MsgspecError, KeyError):
            return _unknown(record)

    def names(self) -> dict[str, int]:
        """Every known type with its newest version."""
        return {name: kind.version for name, kind in self._by_name.items()}

    def structs(self) -> list[type[msgspec.Struct]]:
        return list(self._by_struct)


def _unknown(record: Record) -> Unknown:
    return Unknown(type=record.type, version=record.version, body=record.body)
