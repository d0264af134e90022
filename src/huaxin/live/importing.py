"""Orders out of a table: looked at first, then made whole, over a restart too.

Nothing is made until every row is right and every order has all the server has to say of it. From then on
only the journal is asked, which can refuse none of them; what is to be made is kept, so that a server that
stops in the middle has it made by the next. The ids follow from the rows: the same file twice is one import.
"""

import asyncio
import hashlib
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from huaxin.catalogue.model import Product
from huaxin.catalogue.store import CatalogueStore
from huaxin.imports.bouquets import Sold, plain
from huaxin.imports.columns import find_columns, template
from huaxin.imports.rows import Found, Problem, Read, Reader, Setting
from huaxin.imports.store import Import, ImportStore
from huaxin.imports.table import Table, read_table
from huaxin.journal.journal import Journal
from huaxin.journal.model import Actor, Command, Rejected
from huaxin.kernel import Role, Text
from huaxin.live.enrich import Enrich
from huaxin.live.orders import Orders
from huaxin.live.pricing import price_line
from huaxin.live.roads import City
from huaxin.live.slots import SlotDesk
from huaxin.orders.commands import Id, LineWish, PlaceOrder
from huaxin.orders.model import Promise
from huaxin.people.access import access_shop
from huaxin.people.model import Principal
from huaxin.shops.model import Shop, local_day
from huaxin.shops.store import ShopStore
from huaxin.storage.port import Store, StoreError
from huaxin.tracking.notes import promise_from_note

log = logging.getLogger(__name__)

SHOWN_ROWS = 300
SHOWN_PROBLEMS = 500
_AT_ONCE = 25  # orders in one commit: others pass in between
_BREATH = 20  # orders priced in one go
_KEPT = 4  # files read lately
_AGAIN_S = 2.0
_TOO_LATE_MS = 10 * 60_000  # what is over so soon might be over before it is made


class ImportRow(msgspec.Struct, frozen=True, kw_only=True):
    """One order as it would be. `place`: what the address was found to be on the map."""

    row: int
    recipient: str
    phone: str
    bouquets: list[Text]  # 玫瑰(大) × 2
    promise: Promise
    address: str
    place: str
    card: str
    note: str
    already: bool  # it was made by an earlier import


class ImportPreview(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    encoding: str
    separator: str
    total: int
    new: int
    already: int
    wrong: int  # rows with problems
    unknown: list[str]  # columns that are not read
    rows: list[ImportRow]  # the first ones
    problems: list[Problem]  # the first ones
    warnings: list[Text]


class ImportView(msgspec.Struct, frozen=True, kw_only=True):
    """`state`: preparing | making | done. `progress`: of that, from 0 to 1."""

    id: str
    state: str
    progress: float
    total: int
    done: int
    already: int


class ImportArgs(msgspec.Struct, frozen=True, kw_only=True):
    shop: Id
    id: Annotated[str, Meta(max_length=64)]


class _File(msgspec.Struct, frozen=True):
    table: Table
    unknown: list[str]
    reads: list[Read]


class Importing:
    def __init__(
        self,
        store: Store,
        journal: Journal,
        orders: Orders,
        shops: ShopStore,
        catalogue: CatalogueStore,
        city: City,
        slots: SlotDesk,
        enrich: Enrich,
        clock: Callable[[], int],
    ) -> None:
        self._enrich = enrich
        self._kept, self._store, self._journal, self._orders = ImportStore(store), store, journal, orders
        self._shops, self._catalogue, self._city, self._slots = shops, catalogue, city, slots
        self._clock = clock
        self._read: OrderedDict[str, _File] = OrderedDict()
        self._running: dict[tuple[str, str], ImportView] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Carries on with what the last server left."""
        for one, bodies in await self._kept.unfinished():
            self._spawn(one, bodies)

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def template(self, who: Principal, shop_id: str, language: str) -> bytes:
        access_shop(who, shop_id)
        shop = await self._shops.get(shop_id)
        products = await self._catalogue.products(shop_id)
        name = products[0].name if products else ""
        day = local_day(shop, self._clock()) + timedelta(days=1)
        return template(language, day.isoformat(), name)

    async def preview(self, who: Principal, shop_id: str, data: bytes) -> ImportPreview:
        """Every row as it would be, and all that is wrong. Makes nothing. Raises Rejected import.*."""
        access_shop(who, shop_id)
        shop = await self._shops.get(shop_id)
        id, file = await self._file(shop, data)
        reads = file.reads
        already = await self._already(shop_id, reads)
        names = _names(await self._catalogue.products(shop_id))
        rows = [
            _row(one, one.wish, names, already)
            for one in reads[: SHOWN_ROWS + SHOWN_PROBLEMS]
            if one.wish is not None
        ]
        wrong = sum(1 for one in reads if one.problems)
        return ImportPreview(
            id=id,
            encoding=file.table.encoding,
            separator=file.table.separator,
            total=len(reads),
            new=len(reads) - wrong - len(already),
            already=len(already),
            wrong=wrong,
            unknown=file.unknown,
            rows=rows[:SHOWN_ROWS],
            problems=[problem for one in reads for problem in one.problems][:SHOWN_PROBLEMS],
            warnings=await self._slots.crowded(shop, _new(reads, already)),
        )

    async def make(self, who: Principal, shop_id: str, data: bytes) -> ImportView:
        """All orders of the file, or none. Answers at once; `get_import` tells how far it is."""
        access_shop(who, shop_id)
        shop = await self._shops.get(shop_id)
        id, file = await self._file(shop, data)
        running = self._running.get((shop_id, id))
        if running is not None and running.state != "done":
            return running
        wrong = [problem for one in file.reads for problem in one.problems]
        if wrong:
            shown = {"count": len(wrong), "problems": msgspec.to_builtins(wrong[:50])}
            raise Rejected("import.wrong", "Some rows are wrong; nothing was imported.", shown, status=422)
        already = await self._already(shop_id, file.reads)
        running = self._running.get((shop_id, id))
        if running is not None and running.state != "done":
            return running  # the same file by somebody else, just now
        wishes = _new(file.reads, already)
        late = [one for one in wishes if one.promise and one.promise.end <= self._clock() + _TOO_LATE_MS]
        if late:
            raise Rejected(
                "import.late", "Some deliveries are due within minutes.", {"count": len(late)}, status=422
            )
        one = Import(
            shop=shop_id,
            id=id,
            person=who.person,
            name=who.name,
            total=len(file.reads),
            already=len(already),
            started_at=self._clock(),
        )
        self._running[shop_id, id] = _view(one, "preparing", 0.0)
        try:
            bodies = await self._prepare(who, one, wishes)
            await self._kept.put(one, bodies)
        except BaseException:
            self._running.pop((shop_id, id), None)
            raise
        task = self._spawn(one, bodies)
        await asyncio.wait([task], timeout=0.2)  # a handful is made before anybody could ask
        return self._running[shop_id, id]

    async def get_import(self, who: Principal, args: ImportArgs) -> ImportView:
        access_shop(who, args.shop)
        view = self._running.get((args.shop, args.id))
        if view is not None:
            return view
        kept = await self._kept.get(args.shop, args.id)
        if kept is None:
            raise Rejected("import.unknown", "There is no such import.", args.id, status=404)
        return _view(kept, kept.state, kept.done / max(1, kept.total - kept.already))

    async def _prepare(self, who: Principal, one: Import, wishes: list[PlaceOrder]) -> list[PlaceOrder]:
        """The orders with all the server has to say of them. Raises Rejected; nothing is made then."""
        products = await self._catalogue.take(one.shop, {line.product for w in wishes for line in w.lines})
        number = await self._shops.take_number(one.shop, len(wishes)) if wishes else 0
        bodies: list[PlaceOrder] = []
        for nth, wish in enumerate(wishes):
            priced = await self._enrich.price(wish, who, self._clock(), products)
            bodies.append(replace(priced, number=number + nth))
            if nth % _BREATH == 0:
                await asyncio.sleep(0)  # messages pass in between
                self._running[one.shop, one.id] = _view(one, "preparing", nth / len(wishes))
        return bodies

    def _spawn(self, one: Import, bodies: list[PlaceOrder]) -> "asyncio.Task[None]":
        self._running[one.shop, one.id] = _view(one, "making", 0.0)
        task = asyncio.create_task(self._make(one, bodies))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _make(self, one: Import, bodies: list[PlaceOrder]) -> None:
        """From the beginning also after a restart: what is there already is not made again."""
        done = 0
        for start in range(0, len(bodies), _AT_ONCE):
            some = bodies[start : start + _AT_ONCE]
            while not await self._submit(one, some):  # noqa: ASYNC110 - nobody is told when a store is back
                await asyncio.sleep(_AGAIN_S)
            done += len(some)
            await self._step(replace(one, done=done), done / len(bodies))
        await self._step(replace(one, done=done, state="done", ended_at=self._clock()), 1.0)

    async def _step(self, one: Import, progress: float) -> None:
        self._running[one.shop, one.id] = _view(one, one.state, progress)
        try:
            await self._kept.step(one)
        except StoreError as error:
            log.warning("import %s: %s", one.id, error)  # the next server begins a little earlier

    async def _submit(self, one: Import, bodies: list[PlaceOrder]) -> bool:
        """False: not all of them now."""
        actor = Actor(person=one.person, role=Role.shop.value, name=one.name)
        found = await asyncio.gather(
            *(
                self._journal.submit(
                    Command(shop=one.shop, subject=body.order, actor=actor, command_id=body.order, body=body)
                )
                for body in bodies
            ),
            return_exceptions=True,
        )
        again = False
        for body, result in zip(bodies, found, strict=True):
            if isinstance(result, dict):
                self._orders.remember(body.order, one.shop)
            elif isinstance(result, Rejected) and result.status != 503:
                if result.code != "order.exists":  # by somebody else's import of the same file
                    log.error("import %s: %s was refused: %s", one.id, body.order, result.code)
            elif isinstance(result, Rejected | StoreError):
                again = True
            elif isinstance(result, BaseException):
                raise result
        return not again

    # reading

    async def _file(self, shop: Shop, data: bytes) -> tuple[str, _File]:
        """The id of a file is what is in it."""
        id = hashlib.blake2b(data, digest_size=12, key=shop.id.encode()[:64]).hexdigest()
        known = sold_as(await self._catalogue.products(shop.id))
        # What a file means depends on when it is read and on what is sold.
        key = f"{id}:{self._clock() // 60_000}:{hash(msgspec.json.encode(known))}"
        file = self._read.get(key)
        if file is None:
            places: dict[str, Found | None] = {}

            def find(text: str) -> Found | None:
                if text not in places:
                    places[text] = self._find(shop, text)
                return places[text]

            setting = Setting(
                shop=shop.id,
                zone=shop.time_zone,
                now=self._clock(),
                products=known,
                find=find,
                read_note=promise_from_note,
            )
            file = await asyncio.to_thread(_read_file, data, setting)
            self._read[key] = file
            if len(self._read) > _KEPT:
                self._read.popitem(last=False)
        return id, file

    def _find(self, shop: Shop, text: str) -> Found | None:
        matches = self._city.search(text, shop.point, limit=1)
        if not matches:
            return None
        best = matches[0]
        return Found(name=best.name, point=best.point, detail=best.detail, gate=best.gate)

    async def _already(self, shop: str, reads: list[Read]) -> set[str]:
        ids = [one.wish.order for one in reads if one.wish is not None]
        return {row.subject for row in await self._store.states_of(shop, ids)}


def _read_file(data: bytes, setting: Setting) -> _File:
    """In a thread of its own: thousands of addresses take their time."""
    table = read_table(data)
    columns = find_columns(table.header)
    reader = Reader(columns, setting)
    places = set(columns.values())
    unknown = [title for nth, title in enumerate(table.header) if nth not in places and title]
    return _File(table, unknown, [reader.read(line) for line in table.rows])


def _new(reads: list[Read], already: set[str]) -> list[PlaceOrder]:
    return [one.wish for one in reads if one.wish is not None and one.wish.order not in already]


def sold_as(products: Iterable[Product]) -> dict[str, Sold]:
    """What is sold, by every name it may be called."""
    found: dict[str, Sold] = {}
    for one in products:
        sizes = {plain(name): size.id for size in one.variants for name in (size.id, size.name, size.name_en)}
        sizes.pop("", None)
        sold = Sold(id=one.id, name=one.name, sizes=sizes, shown=tuple(size.name for size in one.variants))
        found |= {plain(name): sold for name in (one.id, one.name, one.name_en)}
    found.pop("", None)
    return found


def _names(products: Iterable[Product]) -> dict[tuple[str, str], Text]:
    """By product and size, as they stand on an order."""
    found: dict[tuple[str, str], Text] = {}
    for one in products:
        for size in ("", *(variant.id for variant in one.variants)):
            line = price_line(one, size, 1)
            found[one.id, size] = Text(line.name, line.name_en or line.name)
    return found


def _named(line: LineWish, names: dict[tuple[str, str], Text]) -> Text:
    name = names.get((line.product, line.variant), Text(line.product, line.product))
    return Text(f"{name.zh} × {line.quantity}", f"{name.en} × {line.quantity}")


def _row(one: Read, wish: PlaceOrder, names: dict[tuple[str, str], Text], already: set[str]) -> ImportRow:
    return ImportRow(
        row=one.row,
        recipient=wish.recipient.name,
        phone=wish.recipient.phone,
        bouquets=[_named(line, names) for line in wish.lines],
        promise=wish.promise or Promise(end=0),
        address=wish.address.text,
        place=one.place,
        card=wish.card.text,
        note=wish.note,
        already=wish.order in already,
    )


def _view(one: Import, state: str, progress: float) -> ImportView:
    return ImportView(
        id=one.id, state=state, progress=progress, total=one.total, done=one.done, already=one.already
    )


def import_queries(importing: Importing) -> dict[str, tuple[Any, Any, Any]]:
    return {"get_import": (ImportArgs, ImportView, importing.get_import)}
