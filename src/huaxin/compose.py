"""The one place that builds objects and knows every room."""

import asyncio
import logging
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from huaxin import __version__
from huaxin.catalogue.store import CatalogueStore
from huaxin.compose_calls import Calls, open_calls
from huaxin.compose_parts import base_acts, base_queries, make_desk, make_notices, open_city, origins
from huaxin.config import Config
from huaxin.conversation.marks import Marks
from huaxin.conversation.mutes import Mutes
from huaxin.conversation.quick import QuickReplies
from huaxin.gateway import Gateway, GatewayConfig
from huaxin.gateway.cli import tune_gc
from huaxin.gateway.server import Server
from huaxin.http.app import make_app
from huaxin.http.sentences import find_sentence
from huaxin.http.services import Services
from huaxin.info import Info
from huaxin.journal.journal import Journal
from huaxin.journal.wake.store import StoreWake
from huaxin.live import views as v
from huaxin.live.acts import Acts
from huaxin.live.answering import Answering
from huaxin.live.answers import Answers
from huaxin.live.catalogue import CatalogueRoom
from huaxin.live.changing import ChangeDesk, ChangePreview, PreviewChangeArgs
from huaxin.live.clock import Clock, real_ms
from huaxin.live.codes import code_queries
from huaxin.live.dispatch import Dispatcher
from huaxin.live.enrich import Enrich
from huaxin.live.evidence import evidence_queries
from huaxin.live.export import Export
from huaxin.live.feed import Feed
from huaxin.live.fees import FeeDesk
from huaxin.live.gates import GateDesk
from huaxin.live.handler import GatewayHandler
from huaxin.live.herald import Herald
from huaxin.live.house import Wishes
from huaxin.live.intake import Intake
from huaxin.live.known_shops import KnownShops
from huaxin.live.making import Making
from huaxin.live.media import MOVED, LiveMedia
from huaxin.live.orders import Orders
from huaxin.live.pace import Pace
from huaxin.live.papers import Papers, bench_queries
from huaxin.live.policy import GatewayPolicy
from huaxin.live.presence import Presence
from huaxin.live.queries import Queries, ShopArgs
from huaxin.live.remakes import Remakes
from huaxin.live.retention import Sweeper
from huaxin.live.roads import City
from huaxin.live.rules import HuaxinRules
from huaxin.live.run_room import RunRoom
from huaxin.live.searching import Searching
from huaxin.live.sharing import Sharing
from huaxin.live.slots import open_slots
from huaxin.live.source import JournalSource
from huaxin.live.stock import StockRoom
from huaxin.live.talk import TalkDesk, talk_acts, talk_queries
from huaxin.live.targets import Targets
from huaxin.live.telling import Devices, notice_acts, notice_queries
from huaxin.live.timers import Timers
from huaxin.live.trackers import Trackers, tracker_acts, tracker_queries
from huaxin.live.tracking import LiveTracking
from huaxin.live.warden import Warden
from huaxin.live.watching import READ_THIS, Watching
from huaxin.maps.library import CityLibrary
from huaxin.media.model import Purpose
from huaxin.notify.rules import WATCHED
from huaxin.notify.service import Notify
from huaxin.people.sender import DevelopmentSender
from huaxin.people.service import People
from huaxin.search.follower import Follower
from huaxin.search.index import open_index
from huaxin.shops.retention import RetentionStore
from huaxin.shops.store import ShopStore
from huaxin.simulation.starter import SHOP_ID, demo_logins, open_starter_shop
from huaxin.storage.open import open_store
from huaxin.storage.port import Hints, Store
from huaxin.tracking.devices.store import TrackerStore
from huaxin.welcome import welcome

log = logging.getLogger("huaxin")

HERE = Path(__file__).parent
PICTURES = HERE / "catalogue" / "pictures"  # of the bouquets the project brings
HEAD_CHECK_S = 5.0  # repairs lost wakes between nodes
SWEEP_S = 3_600


@dataclass
class House:
    """Everything built, for one node."""

    config: Config
    clock: Clock
    store: Store
    people: People
    shops: ShopStore
    catalogue: CatalogueStore
    city: City
    journal: Journal
    orders: Orders
    marks: Marks
    presence: Presence
    gateway: Gateway
    feed: Feed
    tracking: LiveTracking
    dispatcher: Dispatcher
    server: Server
    acts: Acts
    warden: Warden
    search: Follower
    notify: Notify
    media: LiveMedia
    info: Info
    sweeper: Sweeper
    watching: Watching
    timers: Timers
    runs: RunRoom
    answering: Answering
    trackers: Trackers
    stock: StockRoom
    intake: Intake
    calls: Calls

    async def start(self) -> None:
        """Raises OSError when the port is taken."""
        self._is_stopped = False
        await self.journal.start()
        await self.people.warm()
        await self.tracking.start()
        await self.trackers.load_rings()
        self.watching.start()
        self.timers.start()
        self.calls.start()
        await self.runs.start()
        await self.search.start([shop.id for shop in await self.shops.all()])
        await self.notify.start([shop.id for shop in await self.shops.all()])
        await self.media.desk.start()
        await self.intake.start()
        await self.server.start()
        self._sweeping = asyncio.create_task(self._sweep())
        self._watching = asyncio.create_task(self.warden.watch())

    async def stop(self, grace_s: float = 5.0) -> None:
        """Sessions are told to come back, queues drain, commits in flight finish. Once is enough."""
        if self._is_stopped:
            return
        self._is_stopped = True
        self._sweeping.cancel()
        self._watching.cancel()
        async with AsyncExitStack() as stack:  # each is done, whatever becomes of the ones before it
            stack.push_async_callback(self.store.close)
            stack.push_async_callback(self.marks.flush)
            stack.push_async_callback(self.tracking.stop)
            stack.push_async_callback(self.watching.stop)
            stack.push_async_callback(self.timers.stop)
            stack.push_async_callback(self.calls.stop)
            stack.push_async_callback(self.runs.stop)
            stack.push_async_callback(self.stock.stop)
            stack.push_async_callback(self.intake.stop)
            stack.push_async_callback(self.media.desk.close)
            stack.push_async_callback(self.notify.stop)
            stack.push_async_callback(self.search.stop)
            await self.server.stop(grace_s, self.journal.drain)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            try:
                await self.people.sweep()
                await self.media.desk.sweep()
                await self.sweeper.sweep()
                await self.notify.sweep()
            except Exception:
                log.exception("sweeping failed; the next sweep tries again")

    @property
    def url(self) -> str:
        return self.config.public_url or f"http://127.0.0.1:{self.server.port}"


async def build(
    config: Config,
    *,
    clock: Clock | None = None,
    progress: Callable[[str, float], None] = lambda stage, part: None,
    reveal_codes: bool = False,
) -> House:
    """Opens the store and the city and wires the rooms. Raises StoreError, CityError, ValueError.

    `reveal_codes`: login codes are shown to whoever asks. For a demo, where nobody is real.
    """
    clock = clock or Clock()
    store = await open_store(config.database)
    library = CityLibrary(config.data / "cities")
    city = City(await asyncio.to_thread(open_city, library, config.city, progress))
    shops, catalogue = ShopStore(store), CatalogueStore(store)
    known_shops = KnownShops(shops)
    # Logins keep to real time even when a demo's day runs faster.
    people = People(store, real_ms, config.secret, DevelopmentSender(reveals=reveal_codes))
    rules = HuaxinRules()
    shared = config.database.startswith("postgresql")
    journal = Journal(
        store,
        rules,
        clock,
        wake=StoreWake(cast(Hints, store)) if shared else None,
        check_every=HEAD_CHECK_S if shared else 0,
    )
    orders, marks, presence = Orders(journal, store), Marks(store, shared), Presence(clock)
    tracking = LiveTracking(city, clock, config.timezone, known_shops, people, store, presence, journal)
    tracking.speed = lambda: clock.speed
    media = LiveMedia(make_desk(config, store), journal, orders, people, config.secret, real_ms)
    targets = Targets(journal, orders)
    slots = open_slots(store, shops, journal, city, clock, shared)
    gates, fees = GateDesk(store, orders, clock), FeeDesk(store, clock)
    enrich = Enrich(people, shops, catalogue, tracking, targets, media, slots, gates, fees.of)
    queries = Queries(journal, orders, store, people, shops, marks, presence, tracking, clock)
    answers = Answers(people, shops, catalogue, city, clock, slots)
    index = open_index(store, "postgres" if shared else "sqlite")
    searching, search = Searching(journal, orders, index), Follower(journal, store, index)
    holder: list[Dispatcher] = []
    gateway = Gateway(
        GatewayPolicy(people, orders),
        JournalSource(journal, orders),
        GatewayHandler(lambda: holder[0], find_sentence),
        GatewayConfig(
            ping_interval=config.ping_s,
            pong_timeout=min(5, config.ping_s),
            allowed_origins=origins(config),
            version=__version__,
        ),
        presence,
    )
    acts = Acts(people, journal, orders, marks, gateway.hub, tracking, clock)
    where = library.path(city.facts.id)
    runs = RunRoom(tracking, store, people, city, where, gateway.hub, clock, config.timezone)
    sharing = Sharing(journal, orders, targets, people, gateway.hub, clock)
    talk = TalkDesk(orders, targets, QuickReplies(store), shops, clock)
    queries.live, queries.gates = sharing.latest, gates.of
    notify = make_notices(config, store, journal, people, orders, marks, acts, clock)
    devices = Devices(people, gateway, notify)
    named = base_queries(queries, answers, searching, media) | notice_queries(notify, devices)
    calls = open_calls(config, store, orders, people, shops, gateway.hub, presence, notify, clock)
    mutes, retention = Mutes(store, shared), RetentionStore(store)
    wishes = Wishes(orders, mutes, retention, clock)
    queries.muted = notify.reach.is_muted = mutes.is_muted
    intake = Intake(
        store, journal, orders, people, shops, catalogue, city, slots, enrich, searching, find_sentence, clock
    )
    named |= talk_queries(talk) | intake.queries()
    named["get_retention"] = (ShopArgs, v.RetentionView, wishes.get_retention)
    named |= evidence_queries(orders, Export(journal, orders, clock), media, queries)
    by_name = base_acts(acts) | notice_acts(notify, devices) | talk_acts(talk, sharing)
    by_name |= {"mute_order": wishes.mute_order, "set_retention": wishes.set_retention}
    trackers = Trackers(TrackerStore(store), people, tracking, config.secret, clock)
    named |= bench_queries(
        gates, Making(shops, tracking, city, clock), Papers(orders, clock, config.public_url)
    )
    by_name["set_gates"] = gates.set_gates
    named |= runs.queries() | tracker_queries(trackers) | code_queries()
    by_name |= runs.acts() | tracker_acts(trackers) | intake.acts()
    room = CatalogueRoom(catalogue, media.desk.make, config.data / "pictures", PICTURES)
    stock = StockRoom(catalogue, tracking, gateway.hub, room.check_picture, clock)
    enrich.check_picture = room.check_picture
    named |= room.queries() | stock.queries()
    by_name |= room.acts() | stock.acts()
    named |= calls.queries() | fees.queries()
    by_name |= calls.acts() | fees.acts()
    changing = ChangeDesk(orders, catalogue, shops, slots, tracking, fees.of, clock)
    named["preview_change"] = (PreviewChangeArgs, ChangePreview, changing.preview_change)
    dispatcher = Dispatcher(journal, orders, enrich, clock, by_name, named)
    dispatcher.pace, dispatcher.find_sentence = Pace(lambda: clock.speed), find_sentence
    holder.append(dispatcher)
    tracking.bind(gateway.hub, dispatcher.system)
    runs.bind(dispatcher)
    stock.bind(dispatcher)
    intake.bind(dispatcher)
    feed = Feed(journal, orders, gateway.hub)
    calls.bind(dispatcher, feed, enrich, tracking)
    feed.watch_changes(tracking.on_record)
    feed.watch_changes(runs.desk.on_record)
    feed.watch_changes(sharing.on_record)
    feed.watch(media.on_record, MOVED)
    feed.watch_changes(Remakes(journal, orders, shops, store, dispatcher.system).on_record)
    feed.watch((answering := Answering(clock, tracking.track, dispatcher.system)).on_record)
    sharing.give = dispatcher.system
    watching = Watching(city, tracking, marks, dispatcher.system, clock)
    feed.watch(watching.on_record, READ_THIS)
    timers = Timers(lambda: tracking.open_orders, dispatcher.system, watching.remedies.courier, clock)
    sweeper = Sweeper(store, journal, retention, index, media.desk, dispatcher.system, clock)
    feed.watch_changes(sweeper.on_record)
    sweeper.also.append(room.pictures.sweep)
    feed.watch_changes(timers.on_record)
    tracking.loaded.append(timers.follow)
    herald = Herald(gateway.hub, presence, people, clock)
    feed.watch_changes(herald.on_record)
    feed.watch(notify.on_record, WATCHED)
    tracking.loaded.append(herald.follow)
    tracking.loaded.append(lambda order: orders.remember(order.id, order.shop))
    journal.on_commit.append(feed.on_commit)
    journal.on_commit.append(search.on_commit)
    journal.on_reset.append(feed.on_reset)
    info = Info(config, clock, city, known_shops)
    app = make_app(
        Services(
            people=people,
            dispatcher=dispatcher,
            commands=dispatcher.commands,
            queries=dispatcher.queries,
            info=info,
            static_dir=HERE / "http" / "static",
            city_dir=config.data / "cities",
            pictures_dir=PICTURES,
            version=__version__,
            secure=config.public_url.startswith("https"),
            endpoints=config.endpoints,
            origins=origins(config),
            demo=lambda: info.demo,
            media=media,
            shop_pictures=room,
            imports=intake.imports,
            pushed=notify.received,
            track=trackers.report,
        )
    )
    server = Server(app, gateway, config.host, config.port)
    house = House(
        config, clock, store, people, shops, catalogue, city, journal, orders, marks, presence,
        gateway, feed, tracking, dispatcher, server, acts, Warden(gateway, people), search, notify,
        media, info, sweeper, watching, timers, runs, answering, trackers, stock, intake, calls,
    )  # fmt: skip
    # A server that was not told its address does not know by which name a phone reaches it: the page does.
    acts.public_url = lambda: config.public_url
    return house


async def run(config: Config, clock: Clock | None = None, *, reveal_codes: bool = False) -> House:
    """A started server with a shop in it. Raises StoreError, CityError, OSError."""
    house = await build(config, clock=clock, progress=_tell_progress, reveal_codes=reveal_codes)
    if config.dev_code_sender and not await house.shops.all():
        # Nobody's real shop: somewhere to begin, with people to log in as.
        await open_starter_shop(house.people, house.shops, house.catalogue, house.city, house.clock())
    if config.dev_code_sender and await house.shops.find(SHOP_ID):
        house.info.demo_logins = demo_logins()
    if reveal_codes:
        house.info.codes = "shown"
    await house.start()
    return house


def _tell_progress(stage: str, part: float) -> None:
    print(f"\r  {stage} {part:4.0%} ", end="" if part < 1 else "\n", file=sys.stderr, flush=True)


async def serve(config: Config) -> None:
    """Runs until SIGINT or SIGTERM, then stops gracefully."""
    house = await run(config)
    be_ready(house)
    missing = await house.calls.start_relay()
    print(
        welcome(house.url, house.server.port, config.host, house.info.demo_logins, config.dev_code_sender),
        flush=True,
    )
    if missing:
        print(f"  {missing.zh}\n  {missing.en}", flush=True)
    await until_stopped()
    await house.stop()


def be_ready(house: House) -> None:
    """For hours of service: what the first one to ask would have to wait for is made ready now."""
    house.runs.planner.warm()
    house.media.desk.expect(Purpose.picture)
    tune_gc()


async def until_stopped() -> None:
    """Returns on SIGINT or SIGTERM."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    await stopping.wait()
