"""One live connection: its state, its commands in order, its subscriptions.

The state is a closed union. Commands of one session that may change things (rpc, publish, send) run strictly
in order of arrival; commands about one channel run in order for that channel; the rest run side by side.
Pings go on whatever the commands are doing.
"""

from __future__ import annotations

import logging
import time
import uuid
from asyncio import Task
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, assert_never

import msgspec

from . import codes, commands
from .call import SessionCall
from .codes import Disconnect, Error, Unsubscribe
from .hub import Subscription
from .outlet import Outlet, Transport
from .ports import Identity, Refused
from .protocol import (
    NEWLINE,
    NOT_COMMANDS,
    PING,
    Command,
    ConnectRequest,
    decode_command,
    decode_commands,
    encode_body,
    encode_error,
    encode_result,
    encode_unsubscribe_push,
)
from .states import LIVE, OPENED, TURNED, Closed, Connecting, Live, Opened, State, Turned

if TYPE_CHECKING:
    from .gateway import Gateway

_log = logging.getLogger("huaxin.gateway")
_NOBODY = Identity(user="")


class Session(Outlet):
    """Fed by a transport (`receive`, `pause`, `resume`, `lose`), driven by the gateway's clock and hub."""

    __slots__ = (
        "_busy",
        "_flying",
        "_lane",
        "_lane_runs",
        "_load",
        "_reading_paused",
        "_slot",
        "client",
        "gateway",
        "headers",
        "is_closed",
        "key",
        "state",
        "subscriptions",
        "who",
    )

    def __init__(self, gateway: Gateway, transport: Transport, headers: Mapping[str, str], key: str) -> None:
        super().__init__(gateway.flusher, transport)
        self.gateway = gateway
        self.state: State = OPENED
        self.is_closed = False  # the same as a Closed state, for the hot path
        self.who = _NOBODY  # until connected; kept after the end, for those who are told of it
        self.client = str(uuid.uuid4())  # public: others see it in presence
        self.key = key  # secret: who knows it may speak for an emulated session
        self.headers: Mapping[str, str] | None = headers  # until connected
        self.subscriptions: dict[str, Subscription] = {}
        self._lane: deque[Command] | None = None  # ordered commands behind the one that runs
        self._lane_runs = False
        self._flying = 0  # rpcs begun without a task and not answered yet
        self._busy: dict[str, deque[Command]] | None = None  # per channel, behind the one that runs
        self._load = 0  # commands waiting or running
        self._reading_paused = False
        self._slot = -1

    # -- what others may ask -----------------------------------------------------------------------

    @property
    def user(self) -> str:
        return self.who.user

    # -- from the transport ------------------------------------------------------------------------

    def receive(self, message: bytes) -> None:
        """One message of the client: one or more commands."""
        gateway = self.gateway
        metrics = gateway.metrics
        metrics.bytes_in += len(message)
        if gateway.is_stopping:
            return  # never begun, so never acknowledged: the client sends it again after it comes back
        try:
            batch = [decode_command(message)] if NEWLINE not in message else decode_commands(message)
        except NOT_COMMANDS as error:
            _log.debug("bad message from %s: %s", self.client, error)
            self._refuse_session()
            return
        metrics.commands += len(batch)
        for command in batch:
            if self.state is LIVE:
                self._dispatch(command)
            else:
                self._take(command)

    def lose(self) -> None:
        """The transport is gone; nobody is left to tell."""
        self._end(codes.CONNECTION_CLOSED)
        self.discard()

    # -- from the gateway --------------------------------------------------------------------------

    def disconnect(self, why: Disconnect) -> None:
        """Ends the session with a code; what was queued before is still written."""
        if self.is_closed:
            return
        self._end(why)
        self.finish()
        self.transport.close(why.code, why.reason)

    def overflow(self) -> None:
        # What waits is useless now: the client recovers it by offset after it comes back.
        self.discard()
        self.gateway.metrics.slow_disconnects += 1
        if not self.is_closed:
            self._end(codes.SLOW)
            self.transport.close(codes.SLOW.code, codes.SLOW.reason)

    def end_subscription(self, subscription: Subscription, why: Unsubscribe) -> None:
        """Ends a subscription from this side. One still being made is ended when its reply is due."""
        name = subscription.channel.name
        self.gateway.hub.leave(subscription)
        if self.subscriptions.get(name) is subscription:
            del self.subscriptions[name]
            self.gateway.tell_left(self.who, name)
            self.forget_signals(name)
            self.push(encode_unsubscribe_push(name, why))

    def on_ping_due(self, now: float) -> None:
        grace = self.gateway.config.expired_grace
        if self.who.expire_at and now > self.who.expire_at + grace:
            self.disconnect(codes.CONNECTION_EXPIRED)
            return
        for subscription in [s for s in self.subscriptions.values() if s.grant.expire_at]:
            if now > subscription.grant.expire_at + grace:
                self.end_subscription(subscription, codes.EXPIRED_SUBSCRIPTION)
        self.push(PING)
        if not self._reading_paused:  # else the pong may wait behind commands we do not read
            self.gateway.clock.await_pong(self)

    def on_pong_missing(self) -> None:
        if self._reading_paused:
            return
        self.gateway.metrics.no_pong_disconnects += 1
        self.disconnect(codes.NO_PONG)

    def on_stale(self) -> None:
        self.disconnect(codes.STALE)

    # -- commands ----------------------------------------------------------------------------------

    def _take(self, command: Command) -> None:
        state = self.state
        match state:
            case Live():
                self._dispatch(command)
            case Opened():
                if command.connect is None or not command.id:
                    self._refuse_session()
                    return
                self.state = Connecting([])
                self.gateway.spawn(self._connect(command.id, command.connect))
            case Connecting():
                state.waiting.append(command)
                if len(state.waiting) > self.gateway.config.max_inbox:
                    self.disconnect(codes.TOO_MANY_COMMANDS)
            case Turned():
                self._refuse_session()
            case Closed():
                pass
            case _:
                assert_never(state)

    def _dispatch(self, command: Command) -> None:
        if command.rpc is not None or command.publish is not None or command.send is not None:
            if not command.id and command.send is None:
                self._refuse_session()
            elif self._lane_runs or self._lane or not self._begin(command):
                self._await_turn(command)
            return
        if not command.id:
            if command.request is None:
                self.gateway.clock.see_pong(self)
            else:
                self._refuse_session()
            return
        channel = commands.get_exclusive_channel(command)
        if channel is not None:
            self._dispatch_on_channel(channel, command)
        elif command.connect is not None:
            self._refuse_session()
        elif not commands.answer_at_once(self, command):
            self._add_load()
            self.gateway.spawn(self._run(command, commands.run))

    def _begin(self, command: Command) -> bool:
        """The short way of nearly every command: from here into the application's queue, without a task."""
        rpc = command.rpc
        if rpc is None:
            return False
        call = SessionCall(self, command.id)
        if not self.gateway.handler.begin(self.who, rpc.method, bytes(rpc.data), call):
            return False
        self._flying += 1
        self._add_load()
        return True

    def _await_turn(self, command: Command) -> None:
        rpc = command.rpc
        if rpc is not None and self.gateway.handler.reads(rpc.method):
            # A search that takes its time must not hold up a tap.
            self._add_load()
            self.gateway.spawn(self._run(command, commands.run_message))
        elif self._lane_runs or self._lane or self._flying:
            self._enqueue(command)  # until those before it are answered
        else:
            self._load += 1
            self._start_lane(command)

    def land(self) -> None:
        """A begun rpc was answered."""
        self._flying -= 1
        self._load -= 1
        if self._reading_paused:
            self._resume_reading()
        if self._lane and not self._flying and not self._lane_runs and not self.is_closed:
            self._start_lane(self._lane.popleft())

    def _start_lane(self, command: Command) -> None:
        self._lane_runs = True
        gateway = self.gateway
        task = Task(self._run_lane(command), loop=gateway.loop, eager_start=True)
        if not task.done():
            gateway.keep(task)

    def _enqueue(self, command: Command) -> None:
        if self._lane is None:
            self._lane = deque()
        self._lane.append(command)
        self._add_load()

    def _add_load(self) -> None:
        self._load += 1
        config = self.gateway.config
        if self._load > config.max_inbox:
            self.disconnect(codes.TOO_MANY_COMMANDS)
        elif self._load > config.max_pending and not self._reading_paused:
            self._reading_paused = True
            self.gateway.clock.see_pong(self)
            self.transport.pause_reading()

    def _resume_reading(self) -> None:
        if self._load <= self.gateway.config.max_pending // 2:
            self._reading_paused = False
            self.transport.resume_reading()

    async def _run_lane(self, command: Command) -> None:
        while True:
            try:
                if command.publish is not None:
                    await commands.run_publish(self, command.id, command.publish)
                else:
                    await commands.run_message(self, command)
            except Exception as error:
                self.answer_failure(command.id, error)
            self._load -= 1
            if self._reading_paused:
                self._resume_reading()
            if not self._lane or self.is_closed:
                break
            command = self._lane.popleft()
        self._lane_runs = False
        self._lane = None

    async def _run(self, command: Command, run: Callable[[Session, Command], Awaitable[None]]) -> None:
        try:
            await run(self, command)
        except Exception as error:
            self.answer_failure(command.id, error)
        self._load -= 1
        if self._reading_paused:
            self._resume_reading()

    def _dispatch_on_channel(self, channel: str, command: Command) -> None:
        self._add_load()
        if self._busy is None:
            self._busy = {}
        waiting = self._busy.get(channel)
        if waiting is not None:
            waiting.append(command)
            return
        self._busy[channel] = deque()
        self.gateway.spawn(self._run_channel(channel, command))

    async def _run_channel(self, channel: str, command: Command) -> None:
        busy = self._busy
        assert busy is not None
        while True:
            await self._run(command, commands.run)
            waiting = busy[channel]
            if not waiting or self.is_closed:
                break
            command = waiting.popleft()
        del busy[channel]
        if not busy:
            self._busy = None

    def answer_failure(self, id: int, error: Exception) -> None:
        if isinstance(error, Refused):
            reply = Error(error.code, error.message, error.temporary)
        else:
            self.gateway.metrics.internal_errors += 1
            _log.error("command of %s failed", self.client, exc_info=error)
            reply = codes.INTERNAL
        if id:
            self.answer(encode_error(id, reply))

    def answer(self, reply: bytes) -> None:
        """Queues a reply unless the session has ended meanwhile."""
        if self.is_closed:
            return
        out = self.out
        if not out:
            self.flusher.dirty.append(self)
            self.flusher.schedule()
        out.append(reply)

    # -- connect and the end -----------------------------------------------------------------------

    async def _connect(self, id: int, request: ConnectRequest) -> None:
        gateway = self.gateway
        data = None if request.data is None else bytes(request.data)
        try:
            who = await gateway.policy.connect(request.token, data, self.headers or {})
            if who.expire_at and who.expire_at <= time.time():
                raise commands.refuse(codes.TOKEN_EXPIRED)
        except Exception as error:
            if isinstance(self.state, Connecting):
                self.state = TURNED
                self.answer_failure(id, error)
            return
        state = self.state
        if not isinstance(state, Connecting):
            return  # the client left while the policy was asked
        self.headers = None
        who = msgspec.structs.replace(who, client=self.client)
        self.state, self.who = LIVE, who
        self._slot = gateway.clock.watch(self)
        self.push(encode_result(id, "connect", encode_body(commands.describe_session(self))))
        gateway.tell_connected(who)
        for command in state.waiting:
            self._take(command)

    def _refuse_session(self) -> None:
        self.gateway.metrics.bad_commands += 1
        self.disconnect(codes.BAD_COMMAND)

    def _end(self, why: Disconnect) -> None:
        state = self.state
        if isinstance(state, Closed):
            return
        who = self.who
        for name, subscription in self.subscriptions.items():
            self.gateway.hub.leave(subscription)
            self.gateway.tell_left(who, name)
        self.subscriptions.clear()
        self.state = Closed(why)
        self.is_closed = True
        self.headers = None
        self.gateway.forget(self, self._slot)
        if isinstance(state, Live):
            self.gateway.tell_disconnected(who, why)
