"""TypeScript written from the msgspec types: `python -m huaxin.live.typescript` rewrites types.gen.ts.

Three families: what the server answers (a field is optional only where it may be left out), what a command
carries (a field with a default may be left out), and the maps from an event's or command's tag to its body.
"""

import sys
import types as pytypes
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

import msgspec
from msgspec import inspect

from huaxin import kernel
from huaxin.calls import commands as call_commands
from huaxin.calls import events as call_events
from huaxin.calls.model import OpenCall
from huaxin.conversation import commands as conversation_commands
from huaxin.conversation import events as conversation_events
from huaxin.live import call_views, catalogue_views, evidence_views, run_views, signals, slot_views, views
from huaxin.live.changing import ChangePreview
from huaxin.live.codes import CodeView
from huaxin.live.commands import ALERTS, TIMED
from huaxin.live.customers import Customer
from huaxin.live.importing import ImportPreview, ImportView
from huaxin.live.making import MakingView
from huaxin.live.papers import PaperView
from huaxin.live.refunds import RefundList
from huaxin.live.tables import render_tables
from huaxin.live.vouchers import VoucherView
from huaxin.notify.commands import DeviceView, NoticeSettings, PushKey
from huaxin.orders import commands as order_commands
from huaxin.orders import events as order_events
from huaxin.orders import model as order_model
from huaxin.orders import views as order_views
from huaxin.orders.fees import ChangeFees
from huaxin.orders.recipient import commands as recipient_commands
from huaxin.orders.recipient import events as recipient_events
from huaxin.orders.remedies import commands as remedy_commands
from huaxin.orders.remedies import events as remedy_events
from huaxin.standing.model import StandingView
from huaxin.tracking import views as track_views

TARGET = Path(__file__).resolve().parents[3] / "web" / "packages" / "sync" / "src" / "types.gen.ts"

# Two names would hide globals of the language.
RENAMED = {"Promise": "OrderPromise", "Text": "BilingualText"}
# Of two of the same name, one is called otherwise.
CALLED: dict[type, str] = {conversation_events.Quote: "MessageQuote", OpenCall: "CallView"}
SIGNALS = (
    signals.TypingSignal,
    signals.MarksSignal,
    signals.TrackSignal,
    signals.CourierSignal,
    signals.RunSignal,
    signals.PresenceSignal,
    signals.LiveSignal,
    signals.BatchSignal,
    signals.StockOutSignal,
    signals.CallSignal,
)
INTAKE: tuple[Any, ...] = (Customer, ImportPreview, ImportView, StandingView, RefundList, VoucherView)
NOTICES: tuple[Any, ...] = (PushKey, NoticeSettings, DeviceView, CodeView, ChangePreview, ChangeFees)
BENCH: tuple[Any, ...] = (MakingView, PaperView)
_HEAD = (
    "// Written by `python -m huaxin.live.typescript` from the server's own types: change those, not this.\n"
)
# Filled in by the server whatever a client sent, so no screen ever sends them.
SERVER_FIELDS = {
    "PlaceOrder": {
        "spent",
        "number",
        "fee",
        "zone",
        "buyer",
        "priced",
        "shop_name",
        "time_zone",
        "remake_of",
    },
    "AssignCourier": {"courier_name", "courier_phone"},
    "PickUp": {"eta_at", "gates", "receipt_code"},
    "MarkReady": {"gates"},
    "ShowBouquet": {"gates"},
    "Deliver": {"gates"},
    "AskChange": {"priced", "way_fee", "zone", "fees"},
    "SendMedia": {"attachments"},
    "ProposeSubstitute": {"priced"},
    "Ring": {"hindered", "ring_ms"},
    "InviteToCall": {"hindered", "ring_ms"},
    "DeclineCall": {"crew"},
}
SYSTEM_COMMANDS = {"report_slipping", "close_privacy", "expire_talk", "open_contact"} | ALERTS | TIMED
SYSTEM_COMMANDS |= call_commands.OF_THE_SYSTEM


def _structs(module: pytypes.ModuleType) -> list[type]:
    found = vars(module).values()
    return [
        t
        for t in found
        if isinstance(t, type) and issubclass(t, msgspec.Struct) and t.__module__ == module.__name__
    ]


class Writer:
    """Collects declarations in the order first met, each once."""

    def __init__(self) -> None:
        self.declared: dict[str, str] = {}

    def add(self, cls: type, *, wish: bool = False, tagged: bool = True) -> str:
        """Declares a struct (and what it refers to) and answers its name."""
        return self._struct(inspect.type_info(cls), wish, tagged)  # type: ignore[arg-type]  # a struct's info, by what it was made from

    def _struct(self, info: inspect.StructType, wish: bool, tagged: bool = True) -> str:
        name = CALLED.get(info.cls) or RENAMED.get(info.cls.__name__, info.cls.__name__)
        if (
            wish
            and any(not f.required for f in info.fields)
            and info.tag is None
            and not name.endswith("Wish")
        ):
            name += "Wish"
        if name in self.declared:
            return name
        self.declared[name] = ""  # holds the place, so that a type may refer to itself
        lines = []
        if tagged and info.tag_field == "signal":
            lines.append(f'  {info.tag_field}: "{info.tag}";')
        omits = bool(info.cls.__struct_config__.omit_defaults)
        hidden = SERVER_FIELDS.get(info.cls.__name__, set())
        for field in info.fields:
            if field.encode_name in hidden:
                continue
            optional = not field.required and (wish or omits)
            mark = "?" if optional else ""
            lines.append(f"  {field.encode_name}{mark}: {self.type(field.type, wish)};")
        body = "{\n" + "\n".join(lines) + "\n}" if lines else "Record<string, never>"
        doc = _doc(info.cls)
        self.declared[name] = (
            f"{doc}export interface {name} {body}\n" if lines else f"{doc}export type {name} = {body};\n"
        )
        return name

    def _enum(self, cls: type) -> str:
        name = cls.__name__
        if name not in self.declared:
            members = " | ".join(f'"{m.value}"' for m in cls)  # type: ignore[attr-defined]  # only enums come here
            self.declared[name] = f"{_doc(cls)}export type {name} = {members};\n"
        return name

    def type(self, info: inspect.Type, wish: bool) -> str:
        """The TypeScript of one msgspec type."""
        match info:
            case inspect.StructType():
                return self._struct(info, wish)
            case inspect.EnumType():
                return self._enum(info.cls)
            case inspect.UnionType():
                return " | ".join(dict.fromkeys(self.type(t, wish) for t in info.types))
            case inspect.ListType() | inspect.VarTupleType():
                inner = self.type(info.item_type, wish)
                return f"({inner})[]" if " " in inner else f"{inner}[]"
            case inspect.DictType():
                return f"Record<string, {self.type(info.value_type, wish)}>"
            case inspect.Metadata():
                return self.type(info.type, wish)
            case inspect.StrType():
                return "string"
            case inspect.IntType() | inspect.FloatType():
                return "number"
            case inspect.BoolType():
                return "boolean"
            case inspect.NoneType():
                return "null"
            case inspect.LiteralType():
                return " | ".join(f'"{v}"' if isinstance(v, str) else str(v) for v in info.values)
            case _:
                return "unknown"


def _doc(cls: type) -> str:
    own = cls.__dict__.get("__doc__") or ""
    if not own or own.startswith(cls.__name__ + "("):
        return ""
    words = " ".join(own.split())
    return f"/** {words} */\n"


def _map(name: str, doc: str, rows: Iterable[tuple[str, str]]) -> str:
    body = "\n".join(f"  {tag}: {kind};" for tag, kind in rows)
    return f"/** {doc} */\nexport interface {name} {{\n{body}\n}}\n"


def _tag(cls: type) -> str:
    info: Any = cls
    return str(info.__struct_config__.tag)


def render() -> str:
    """The whole text of types.gen.ts."""
    writer = Writer()
    shown = (run_views, catalogue_views, views, slot_views, evidence_views, call_views)
    for module in (kernel, order_model, order_views, track_views, *shown):
        for cls in _structs(module):
            if not issubclass(cls, signals.Signal) and cls is not order_model.Order:
                writer.add(cls)
    for cls in (*NOTICES, *INTAKE, *BENCH):
        writer.add(cls)
    writer.declared.pop("Undo", None)  # the server's own; screens see UndoView
    kinds = [writer.add(cls) for cls in SIGNALS]
    event_classes = [
        cls
        for module in (order_events, recipient_events, remedy_events, conversation_events, call_events)
        for cls in _structs(module)
        if _tag(cls) not in (cls.__name__, "None")  # base classes and parts carry no tag of their own
    ]
    bodies = [(_tag(cls), writer.add(cls, tagged=False)) for cls in event_classes]
    commands: list[Any] = [*get_args(order_commands.OrderCommands)]
    commands += get_args(recipient_commands.RecipientCommands)
    commands += get_args(remedy_commands.RemedyCommands)
    commands += get_args(conversation_commands.ConversationCommands)
    commands += get_args(call_commands.CallCommands)
    wishes = [(_tag(cls), writer.add(cls, wish=True)) for cls in commands if _tag(cls) not in SYSTEM_COMMANDS]
    parts = [
        _HEAD,
        *writer.declared.values(),
        _map("EventBodies", "Body of an event by its type.", bodies),
        _map("CommandBodies", "Fields of a command by its name.", wishes),
        f"export type Signal = {' | '.join(kinds)};\n",
        render_tables(),
    ]
    return "\n".join(parts)


def main() -> int:
    """Writes the file; says whether it changed."""
    text = render()
    before = TARGET.read_text("utf-8") if TARGET.exists() else ""
    if text != before:
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        TARGET.write_text(text, "utf-8")
    print(f"{TARGET.name}: {'written' if text != before else 'current'}, {len(text.splitlines())} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
