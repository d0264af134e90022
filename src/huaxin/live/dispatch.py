"""One dispatcher behind the gateway's rpc and the HTTP API: commands and queries by name."""

import functools
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from huaxin.calls.policy import role_in_call
from huaxin.journal.entry import Waiter
from huaxin.journal.journal import Journal
from huaxin.journal.model import Actor, Command, Rejected
from huaxin.kernel import Role
from huaxin.live.commands import COMMANDS, JOURNALED, SYSTEM_ONLY
from huaxin.live.direct import MOST_ID, Direct
from huaxin.live.enrich import Enrich, pick_role
from huaxin.live.orders import Orders, denied
from huaxin.live.pace import OWN_PACE, Pace
from huaxin.orders import commands as c
from huaxin.orders.decide import missing
from huaxin.orders.lifecycle import ACTS, MOVES
from huaxin.orders.model import Order
from huaxin.orders.recipient.actions import ROLES as OF_RECIPIENT
from huaxin.orders.remedies.actions import ROLES as OF_REMEDIES
from huaxin.people.access import is_shop_staff, roles_on
from huaxin.people.model import SYSTEM, Principal

Answer = dict[str, Any] | list[Any] | msgspec.Struct | None
Query = Callable[[Principal, Any], Awaitable[Any]]
Act = Callable[[Principal, Any], Awaitable[Any]]


def _roles_of_commands() -> dict[str, frozenset[Role]]:
    roles: dict[str, set[Role]] = {name: set(allowed) for name, (allowed, _) in ACTS.items()}
    for move in MOVES:
        roles.setdefault(move.command, set()).update(move.roles)
    roles["answer_change"] = roles["counter_change"] = {Role.courier, Role.shop}
    roles["withdraw_change"] = {Role.buyer, Role.shop}
    roles["resolve_incident"] = roles["resolve_report"] = {Role.shop}
    roles["report_message"] = roles["block_member"] = {Role.buyer, Role.recipient, Role.courier}
    return {name: frozenset(found) for name, found in roles.items()} | OF_RECIPIENT | OF_REMEDIES


_ROLES = _roles_of_commands()


class Dispatcher:
    """Checks who asks, types what is asked, and passes it on. Raises Rejected, never anything raw."""

    def __init__(
        self,
        journal: Journal,
        orders: Orders,
        enrich: Enrich,
        clock: Callable[[], int],
        acts: dict[str, Act],
        queries: dict[str, tuple[type, Any, Query]],
    ) -> None:
        self._journal, self._orders, self._enrich, self._clock = journal, orders, enrich, clock
        self._acts = acts
        self._queries = queries
        self.pace: Pace | None = None  # None: as fast as they can
        # (code, language, value) → what a refusal says to a person, "" when there are no words for it.
        self.find_sentence: Callable[[str, str, Any], str] = lambda code, language, value: ""
        # Told of every well-formed command of a person before it is decided: a demo steps aside for people.
        self.heard: list[Callable[[Principal, str, Any], None]] = []
        self.commands: dict[str, type] = {
            name: kind for name, kind in COMMANDS.items() if name not in SYSTEM_ONLY
        }
        self.queries: dict[str, tuple[type, Any]] = {
            name: (args, answer) for name, (args, answer, _) in queries.items()
        }
        # An order that is placed is not there yet; everything else that is journaled may go the short way.
        direct = {name: kind for name, kind in JOURNALED.items() if name in self.commands}
        direct.pop("place_order")
        self._direct = Direct(journal, orders, direct, _find_actor)

    def begin(self, who: Principal, name: str, data: bytes, waiter: Waiter) -> bool:
        """A command that can be put into the journal's queue at once, is; `waiter` then gets the result's raw
        JSON, or the error. False: nothing was done, `run` it."""
        command = self._direct.read(who, name, data, self._enrich.is_complete)
        if command is None:
            return False
        if self.pace is not None:
            try:
                self.pace.take(who.person, who.device)
            except Rejected:
                return False
        for hear in self.heard:
            hear(who, name, command.body)
        return self._direct.put(command, waiter)

    async def run(
        self,
        who: Principal,
        name: str,
        data: bytes | dict[str, Any],
        command_id: str = "",
        device_at: int = 0,
    ) -> Answer:
        """The answer of a command or query. Raises Rejected."""
        query = self._queries.get(name)
        if query is not None:
            if self.pace is not None and who.person:
                self.pace.ask(who.person, name)
            args, _, handler = query
            return await handler(who, _typed(args, data))  # type: ignore[no-any-return]  # every handler answers in plain JSON
        kind = self.commands.get(name)
        if kind is None:
            raise Rejected("command.unknown", f"There is no command or query '{name}'.", name, status=404)
        if not who.person:
            raise Rejected("auth.required", "Log in first.", status=401)
        if self.pace is not None and name not in OWN_PACE:
            self.pace.take(who.person, who.device)
        body = _typed(kind, data)
        for hear in self.heard:
            hear(who, name, body)
        act = self._acts.get(name)
        if act is not None:
            return await act(who, body)  # type: ignore[no-any-return]  # every handler answers in plain JSON
        if not command_id or len(command_id) > MOST_ID:
            raise Rejected(
                "command.id_missing", "Give the command an id of its own (up to 64 characters).", command_id,
                status=422,
            )  # fmt: skip
        return await self._submit(who, name, body, command_id, device_at)

    async def system(self, order: Order, body: Any, command_id: str = "") -> dict[str, Any]:
        """A command of the system itself. A fixed `command_id` makes it happen once."""
        command = Command(
            shop=order.shop,
            subject=order.id,
            actor=Actor(person=SYSTEM.person, role=Role.system.value, name=SYSTEM.name),
            command_id=command_id or secrets.token_urlsafe(12),
            body=await self._enrich.fill(body, SYSTEM, order, self._clock()),
        )
        return await self._journal.submit(command)

    async def on_behalf(self, who: Principal, body: Any, command_id: str) -> dict[str, Any]:
        """One of many commands that a person gave with one tap: as theirs, but not counted against their
        pace. A fixed `command_id` makes it happen once. Raises Rejected."""
        return await self._submit(who, str(type(body).__struct_config__.tag), body, command_id, 0)

    async def _submit(
        self, who: Principal, name: str, body: Any, command_id: str, device_at: int
    ) -> dict[str, Any]:
        try:
            command = await self._command(who, name, body, command_id, device_at)
        except Rejected:
            # A retry of what was carried out gets its first result, even from somebody who may no more.
            first = await self._journal.first_result(who.person, command_id)
            if first is None or first.get("order") != body.order:
                raise
            return first
        try:
            result = await self._journal.submit(command)
        except Rejected:
            await self._enrich.let_go(body)
            raise
        self._orders.remember(command.subject, command.shop)
        return result

    async def _command(
        self, who: Principal, name: str, body: Any, command_id: str, device_at: int
    ) -> Command:
        """Raises Rejected when this is not theirs to wish."""
        order = await self._orders.find(body.order)
        if isinstance(body, c.PlaceOrder):
            shop, role = body.shop, self._placing_role(who, body, order)
        else:
            roles = roles_on(order, who) if order is not None else []
            if order is None or not roles:
                raise missing(body.order)
            shop = order.shop
            role = _role_for(name, roles, order)
        return Command(
            shop=shop,
            subject=body.order,
            actor=_actor(who, role, order),
            command_id=command_id,
            body=await self._enrich.fill(body, who, order, self._clock()),
            wish=body,
            device_at=device_at,
        )

    def _placing_role(self, who: Principal, wish: c.PlaceOrder, order: Order | None) -> Role:
        if who.guest_order:
            raise denied("place_order")
        if order is not None and (order.shop != wish.shop or not roles_on(order, who)):
            raise Rejected(
                "order.exists", "An order with this id is already there; make a new id.", wish.order
            )
        return Role.shop if is_shop_staff(who, wish.shop) else Role.buyer

    def known(self, name: str) -> bool:
        return name in self.commands or name in self._queries

    def is_journaled(self, name: str) -> bool:
        return name in JOURNALED


def _actor(who: Principal, role: Role, order: Order | None) -> Actor:
    return Actor(person=who.person, role=role.value, device=who.device, name=_name(who, role, order))


def _find_actor(who: Principal, name: str, order: Order) -> Actor | None:
    roles = roles_on(order, who)
    return _actor(who, _role_for(name, roles, order), order) if roles else None


def _role_for(name: str, roles: list[Role], order: Order) -> Role:
    """In which of their roles somebody with several means this command."""
    if name == "undo" and order.undo is not None and order.undo.role in roles:
        return Role(order.undo.role)  # a tap is taken back in the role it was made in
    if name == "answer_change" and order.change is not None and order.change.status == "countered":
        return pick_role(roles, frozenset({Role.buyer})) or roles[0]
    if order.calls and len(roles) > 1 and (found := role_in_call(order, name, roles)) is not None:
        return found
    if name == "decide_incident" and Role.shop in roles:
        return Role.shop  # the shop may decide for everybody
    return pick_role(roles, _ROLES.get(name, frozenset(roles))) or roles[0]


def _name(who: Principal, role: Role, order: Order | None) -> str:
    """As members see the sender: a customer by the name on the order, staff as the shop's."""
    if order is None:
        return who.name
    if role is Role.buyer:
        return order.buyer.name or who.name
    if role is Role.recipient:
        return order.recipient.name
    if role is Role.shop:
        return who.name or order.shop_name
    return who.name


@functools.cache
def _decoder(kind: type) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def _typed(kind: type, data: bytes | dict[str, Any]) -> Any:
    """Raises Rejected request.invalid with what is wrong and where."""
    if isinstance(data, bytes):
        try:
            return _decoder(kind).decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            pass  # what is wrong is said below, in the words it is always said in
    try:
        if isinstance(data, bytes):
            data = msgspec.json.decode(data) if data else {}
        if isinstance(data, dict):
            data = {
                key: value for key, value in data.items() if key not in ("command_id", "device_at", "line")
            }
            tag = getattr(kind, "__struct_config__").tag  # noqa: B009 (mypy knows no such attribute on type)
            if tag is not None:
                data["command"] = tag
        return msgspec.convert(data, kind, strict=True)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise Rejected("request.invalid", str(wrong), status=422) from wrong
