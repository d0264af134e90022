"""Fills in what only the server may say before a decision is made: prices, names, numbers, forecasts."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from huaxin.calls.commands import DeclineCall, InviteToCall, Ring
from huaxin.catalogue.model import Product, check_days
from huaxin.catalogue.store import CatalogueStore
from huaxin.conversation.commands import Say, SendMedia
from huaxin.conversation.media import Attachment
from huaxin.conversation.targets import Aimed
from huaxin.journal.model import Rejected
from huaxin.kernel import Point, Role, tidy
from huaxin.live.changing import find_way
from huaxin.live.pricing import price_line, price_lines
from huaxin.live.slots import SlotDesk, Wanted
from huaxin.live.targets import Targets
from huaxin.orders import commands as c
from huaxin.orders.fees import ChangeFees
from huaxin.orders.gates import Gates
from huaxin.orders.model import Line, Order, Party
from huaxin.orders.payments import AtTheShop, PaymentPort
from huaxin.orders.recipient.commands import Thank
from huaxin.orders.remedies.commands import Complain
from huaxin.orders.remedies.model import Voucher
from huaxin.people.access import is_shop_staff
from huaxin.people.model import Principal
from huaxin.people.phone import normalise
from huaxin.people.service import People
from huaxin.shops.model import Shop, local_day
from huaxin.shops.store import ShopStore
from huaxin.tracking.notes import promise_from_note


class Forecast(Protocol):
    """What tracking knows (live/tracking.py)."""

    def eta_at(self, order: Order, now: int) -> int:
        """ms since 1970 by which it will very likely be there (P90); 0: cannot be said."""
        ...

    def reachable(self, shop: Shop, point: Point) -> bool: ...

    def flowers_at(self, order: Order) -> Point | None:
        """Where the bike is that carries them; None: nobody knows, or they are on none."""
        ...


class Media(Protocol):
    """What is known of uploads (live/media.py)."""

    async def attach(self, who: Principal, order: str, ids: list[str]) -> list[Attachment]:
        """One's own uploads on this order, ready to be sent. Raises Rejected."""
        ...

    async def check_proof(self, who: Principal, order: str, id: str) -> None:
        """Raises Rejected unless it is one's own picture for this order."""
        ...

    async def let_go(self, order: str, ids: list[str]) -> None:
        """The command that named them was refused."""
        ...


class Keeper(Protocol):
    """What a shop asks for (live/gates.py)."""

    async def of(self, shop: str) -> Gates: ...

    async def check_code(self, order: Order, who: Principal, code: str) -> None:
        """Raises Rejected for a receipt code that is wrong, or was wrong too often."""
        ...


_WITH_PICTURES = frozenset({c.Deliver, c.ReportIncident, c.MarkReady, c.ShowBouquet})
FindVoucher = Callable[[Principal, str, str, str], Awaitable[Voucher]]
Enricher = Callable[[Any, Principal, Order | None, int], Awaitable[Any]]


class Enrich:
    def __init__(
        self,
        people: People,
        shops: ShopStore,
        catalogue: CatalogueStore,
        forecast: Forecast,
        targets: Targets,
        media: Media,
        slots: SlotDesk,
        gates: Keeper,
        fees: Callable[[str], Awaitable[ChangeFees]],
    ) -> None:
        self._slots, self._gates, self._fees = slots, gates, fees
        self.payments: dict[str, PaymentPort] = {"at_shop": AtTheShop(), "elsewhere": AtTheShop()}
        self._targets, self._media = targets, media
        self._people, self._shops, self._catalogue, self._forecast = people, shops, catalogue, forecast
        self.find_voucher: FindVoucher | None = None  # live/vouchers.py
        self.check_picture: Callable[[str], Awaitable[None]] | None = None  # live/catalogue.py
        self.fill_call: Enricher | None = None  # live/calling.py
        self._of: dict[type, Enricher] = {
            c.PlaceOrder: self._place,
            c.AssignCourier: self._assign,
            c.PickUp: self._pick_up,
            c.AskChange: self._ask_change,
            c.Deliver: self._deliver,
            c.RecordPayment: self._payment,
            c.ReportIncident: self._proof,
            c.ProposeSubstitute: self._propose,
            c.Rate: self._proof,
            Thank: self._proof,
            Complain: self._pictures,
            c.MarkReady: self._photo,
            c.ShowBouquet: self._photo,
            SendMedia: self._send_media,
            Ring: self._of_call,
            InviteToCall: self._of_call,
            DeclineCall: self._of_call,
        }

    def is_complete(self, body: Any) -> bool:
        """Whether nothing is left to fill in."""
        kind = type(body)
        if kind is Say:  # nearly every command
            return not (body.reply_to or body.mentions)
        return kind not in self._of and not self._targets.is_about_messages(body)

    async def fill(self, body: Any, who: Principal, order: Order | None, now: int) -> Any:
        """The command with its server fields filled in. Raises Rejected."""
        kind = type(body)
        if kind is Say and not body.reply_to and not body.mentions:
            return body  # nearly every command
        enricher = self._of.get(kind)
        if enricher is None:
            return await self._targets.aim(body, who, order)
        return await enricher(body, who, order, now)

    async def _place(self, wish: c.PlaceOrder, who: Principal, order: Order | None, now: int) -> c.PlaceOrder:
        shop = await self._shops.get(wish.shop)
        if order is not None:
            # A repeat, or an id that is taken: the decision says which. What a client filled in is no price.
            bare = replace(wish, number=0, fee=0, zone="", buyer=None, priced=[], spent=None)
            return replace(bare, shop_name="", time_zone="", remake_of="")
        products = await self._catalogue.take(shop.id, [line.product for line in wish.lines])
        priced = await self.price(wish, who, now, products)
        return replace(priced, number=await self._shops.take_number(shop.id))

    async def price(
        self, wish: c.PlaceOrder, who: Principal, now: int, products: Mapping[str, Product]
    ) -> c.PlaceOrder:
        """All the server has to say of a new order but its number. Raises Rejected."""
        shop = await self._shops.get(wish.shop)
        priced = price_lines(wish.lines, products)
        self._check_reachable(shop, wish.address.point, wish.address.text)
        promise = wish.promise
        if promise is None and wish.note:
            promise = promise_from_note(wish.note, now, ZoneInfo(shop.time_zone))
        check_days(products.values(), local_day(shop, promise.end if promise else now))
        for_customer = is_shop_staff(who, shop.id) and not who.guest_order
        wanted = Wanted(
            point=wish.address.point,
            promise=promise,
            bouquets=sum(line.quantity for line in wish.lines),
            free=wish.overbook and for_customer,
        )
        settled = await self._slots.settle(shop, wanted, now)
        spent = None
        if wish.voucher and self.find_voucher is not None:
            spent = await self.find_voucher(who, shop.id, wish.voucher, wish.order)
        name = tidy(wish.buyer_name) or who.name
        phone = wish.buyer.phone.strip() if wish.buyer else ""
        buyer = Party(name=name, phone=phone and normalise(phone)) if for_customer else None
        if name and not who.name and not for_customer:
            await self._people.set_name(who.person, name)
        return replace(
            wish,
            buyer=buyer or Party(person=who.person, name=name or "订花人", phone=who.phone),
            recipient=Party(name=tidy(wish.recipient.name), phone=normalise(wish.recipient.phone)),
            priced=priced,
            promise=settled.promise,
            zone=settled.zone or "",
            fee=settled.fee,
            spent=spent,
            shop_name=shop.name,
            time_zone=shop.time_zone,
            remake_of="",
        )

    async def _assign(
        self, wish: c.AssignCourier, who: Principal, order: Order | None, now: int
    ) -> c.AssignCourier:
        if not wish.courier or order is None:
            return replace(wish, courier_name="", courier_phone="", meet=None)
        staff = await self._people.staff(order.shop)
        member = next((one for one in staff if one.person.id == wish.courier), None)
        if member is None:
            raise Rejected(
                "order.courier_unknown", "That is nobody of this shop's staff.", wish.courier, status=422
            )
        return replace(
            wish, courier_name=member.person.name, courier_phone=member.person.phone,
            meet=wish.meet or self._forecast.flowers_at(order),
        )  # fmt: skip

    async def _pick_up(self, wish: c.PickUp, who: Principal, order: Order | None, now: int) -> c.PickUp:
        if order is None:
            return replace(wish, eta_at=0, gates=None, receipt_code="")
        gates = await self._gates.of(order.shop)
        code = f"{secrets.randbelow(10_000):04d}" if gates.code and not order.receipt_code else ""
        return replace(wish, eta_at=self._forecast.eta_at(order, now), gates=gates, receipt_code=code)

    async def _ask_change(
        self, wish: c.AskChange, who: Principal, order: Order | None, now: int
    ) -> c.AskChange:
        if order is None:
            return replace(wish, priced=None, way_fee=0, zone=None, fees=None)
        shop = await self._shops.get(order.shop)
        if wish.promise is not None:
            sold = {one.id: one for one in await self._catalogue.products(shop.id, available_only=False)}
            wanted = [sold[line.product] for line in wish.lines or order.lines if line.product in sold]
            check_days(wanted, local_day(shop, wish.promise.end))
        if wish.address is not None:
            self._check_reachable(shop, wish.address.point, wish.address.text)
        recipient = wish.recipient
        if recipient is not None:
            phone = recipient.phone.strip()
            recipient = Party(name=tidy(recipient.name), phone=phone and normalise(phone))
        free = is_shop_staff(who, shop.id)
        fees = await self._fees(shop.id)
        asked = (self._slots, shop, order, wish.promise, wish.address, now)
        way = await find_way(*asked, free=free, per_km=fees.per_km)
        return replace(
            wish,
            recipient=recipient,
            priced=await self._priced(order.shop, wish.lines) if wish.lines else None,
            way_fee=way.fee,
            zone=way.zone,
            fees=fees,
        )

    async def _priced(self, shop: str, wishes: list[c.LineWish]) -> list[Line]:
        return price_lines(wishes, await self._catalogue.take(shop, [one.product for one in wishes]))

    async def _propose(
        self, wish: c.ProposeSubstitute, who: Principal, order: Order | None, now: int
    ) -> c.ProposeSubstitute:
        wish = replace(wish, priced=None)
        if wish.product and order is not None:
            products = await self._catalogue.take(order.shop, [wish.product])
            line = price_line(products[wish.product], "", 1)
            wish = replace(wish, priced=line, picture=wish.picture or line.picture)
        if wish.picture and self.check_picture is not None:
            await self.check_picture(wish.picture)
        return wish

    async def _proof(self, wish: Any, who: Principal, order: Order | None, now: int) -> Any:
        if wish.picture and order is not None:
            await self._media.check_proof(who, order.id, wish.picture)
        return wish

    async def _payment(
        self, wish: c.RecordPayment, who: Principal, order: Order | None, now: int
    ) -> c.RecordPayment:
        if order is None:
            return wish
        way = self.payments.get(wish.method, self.payments["at_shop"])
        return replace(wish, reference=await way.confirm(order, wish.amount, wish.reference))

    async def _pictures(self, wish: Any, who: Principal, order: Order | None, now: int) -> Any:
        for picture in dict.fromkeys(wish.pictures if order is not None else ()):
            await self._media.check_proof(who, wish.order, picture)
        return wish

    async def _photo(self, wish: Any, who: Principal, order: Order | None, now: int) -> Any:
        await self._proof(wish, who, order, now)
        return replace(wish, gates=await self._gates.of(order.shop) if order is not None else None)

    async def _deliver(self, wish: c.Deliver, who: Principal, order: Order | None, now: int) -> c.Deliver:
        if order is None:
            return replace(wish, gates=None)
        if wish.code:  # first: a command that is refused for it has kept no picture
            await self._gates.check_code(order, who, wish.code)
        for id in filter(None, (wish.picture, wish.signature)):
            await self._media.check_proof(who, order.id, id)
        return replace(wish, gates=await self._gates.of(order.shop))

    async def _send_media(self, wish: SendMedia, who: Principal, order: Order | None, now: int) -> Any:
        if order is None:
            return await self._targets.aim(wish, who, order)
        # What it answers comes first: a command that is refused for it has kept nothing.
        aimed = await self._targets.aim(wish, who, order)
        filled = replace(wish, attachments=await self._media.attach(who, order.id, wish.media))
        return replace(aimed, wish=filled) if isinstance(aimed, Aimed) else filled

    async def let_go(self, wish: Any) -> None:
        """The journal refused this wish: its uploads are in nothing, and are not kept for it."""
        kind = type(wish)
        if kind is SendMedia:
            await self._media.let_go(wish.order, wish.media)
        elif kind is Complain:
            await self._media.let_go(wish.order, wish.pictures)
        elif kind in _WITH_PICTURES:
            ids = [id for id in (wish.picture, getattr(wish, "signature", "")) if id]
            if ids:
                await self._media.let_go(wish.order, ids)

    async def _of_call(self, wish: Any, who: Principal, order: Order | None, now: int) -> Any:
        if self.fill_call is None:
            raise Rejected("call.nobody", "There are no calls here.", wish.call)
        return await self.fill_call(wish, who, order, now)

    def _check_reachable(self, shop: Shop, point: Point, text: str) -> None:
        if shop.point is not None and not self._forecast.reachable(shop, point):
            raise Rejected(
                "order.unreachable",
                "Our couriers cannot ride to this address; choose another one or ask the shop.",
                text,
                status=422,
            )


# Which role each command is meant for, when somebody has several on one order.
def pick_role(roles: list[Role], allowed: frozenset[Role]) -> Role | None:
    for role in roles:
        if role in allowed:
            return role
    return roles[0] if roles else None
