"""Calls of one house: the desk, the relay, telephone calls with hidden numbers (see compose.py)."""

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from huaxin.calls.masked import SimulatedLines
from huaxin.config import Config
from huaxin.gateway.hub import Hub
from huaxin.kernel import Text
from huaxin.live.call_views import CallServers
from huaxin.live.calling import CallArgs, Calling
from huaxin.live.clock import Clock
from huaxin.live.dispatch import Dispatcher
from huaxin.live.enrich import Enrich
from huaxin.live.feed import Feed
from huaxin.live.masking import Masking
from huaxin.live.orders import Orders
from huaxin.live.presence import Presence
from huaxin.live.tracking import LiveTracking
from huaxin.notify.service import Notify
from huaxin.people.service import People
from huaxin.shops.store import ShopStore
from huaxin.storage.port import Signals, Store
from huaxin.turn.coturn import Coturn, Plan
from huaxin.turn.credentials import derive_secret
from huaxin.turn.relay import NO_SECRET, NOT_INSTALLED, NOT_STARTED, OFF, Address, Relay, parse_address
from huaxin.welcome import nearby_url


@dataclass
class Calls:
    config: Config
    desk: Calling
    masking: Masking
    relay: Relay
    coturn: Coturn | None = None

    def queries(self) -> dict[str, tuple[Any, Any, Any]]:
        return {"get_call_servers": (CallArgs, CallServers, self.desk.get_call_servers)}

    def acts(self) -> dict[str, Any]:
        return {"signal_call": self.desk.signal_call, "call_masked": self.masking.call_masked}

    def bind(self, dispatcher: Dispatcher, feed: Feed, enrich: Enrich, tracking: LiveTracking) -> None:
        self.desk.give = self.masking.give = dispatcher.system
        enrich.fill_call = self.desk.fill
        feed.watch_changes(self.desk.on_record)
        tracking.loaded.append(self.desk.load)

    def start(self) -> None:
        self.desk.start()

    async def stop(self) -> None:
        await self.desk.stop()
        await self.masking.stop()
        if self.coturn is not None:
            await self.coturn.stop()

    async def start_relay(self, *, loopback: bool = False) -> Text | None:
        """Starts coturn when that is what the settings say; what is missing, in words, or None. `loopback`:
        for tests on a machine without a network."""
        if self.config.turn != "embedded":
            return None if self.relay.at is not None else self.relay.words
        if not Coturn.command():
            self.relay.words = NOT_INSTALLED
            return NOT_INSTALLED
        plan, host = await asyncio.to_thread(make_plan, self.config, loopback)
        coturn = Coturn(plan, lambda port: self._on_relay(host, port))
        if not await coturn.start():
            return NOT_STARTED
        self.coturn = coturn
        return None

    def _on_relay(self, host: str, port: int) -> None:
        """Devices are told of it although it is just being started again: it comes back where it was."""
        if port:
            self.relay.at = Address("turn", host, port)


def make_plan(config: Config, loopback: bool = False) -> tuple[Plan, str]:
    """What coturn is to do, and the host that devices are told. Looks names up."""
    host = config.turn_host or _public_host(config)
    listen: tuple[str, ...] = ()
    external = ""
    if not host:
        near = urlsplit(nearby_url(config.host, config.port or 1)).hostname or ""
        host = "127.0.0.1" if loopback or not near else near
        listen = (host,)
    elif not loopback:
        external = _address_of(host)
    low, _, high = config.turn_ports.partition("-")
    plan = Plan(
        folder=config.data / "turn",
        secret=secret_of(config),
        listen=listen,
        external=external,
        port=config.turn_port,
        ports=(int(low), int(high)),
        public=bool(external) and ipaddress.ip_address(external).is_global,
        loopback=loopback or host == "127.0.0.1",
    )
    return plan, host


def _public_host(config: Config) -> str:
    return (urlsplit(config.public_url).hostname or "") if config.public_url else ""


def _address_of(host: str) -> str:
    """Of a machine behind a router another one than its own. "": cannot be looked up, or is its own."""
    try:
        address = str(socket.getaddrinfo(host, None, socket.AF_INET)[0][4][0])
    except OSError:
        return ""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((address, 0))  # only one's own address can be bound
        except OSError:
            return address
    return ""


def secret_of(config: Config) -> str:
    return config.turn_secret or derive_secret(config.secret)


def open_calls(
    config: Config,
    store: Store,
    orders: Orders,
    people: People,
    shops: ShopStore,
    hub: Hub,
    presence: Presence,
    notify: Notify,
    clock: Clock,
) -> Calls:
    shared = isinstance(store, Signals)
    relay = Relay(secret_of(config))
    desk = Calling(orders, people, hub, presence, notify.store.preferences, clock, shared=shared)
    desk.servers = relay.servers_for
    if isinstance(store, Signals):  # carries what devices say to the nodes where the others are
        store.on_signal = desk.pass_on
        desk.tell = store.tell_signal
    if config.turn == "off":
        relay.words = OFF
    elif config.turn != "embedded":
        relay.at = parse_address(config.turn) if config.turn_secret else None
        relay.words = NO_SECRET
    simulated = config.masked_calls == "simulator" or (not config.masked_calls and config.dev_code_sender)
    masking = Masking(orders, people, shops, SimulatedLines() if simulated else None, clock)
    return Calls(config, desk, masking, relay)
