"""Media and the orders they belong to: who may bring them, what may be sent, who may see them."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from huaxin.conversation.media import Attachment, MediaId
from huaxin.journal.journal import Journal
from huaxin.journal.model import Record, Rejected
from huaxin.kernel import AUDIENCE_OF, Role
from huaxin.live.orders import Orders
from huaxin.live.views import MediaLinks
from huaxin.media.desk import Desk
from huaxin.media.links import Pass, expiry, open_seal, seal
from huaxin.media.model import Made, Purpose, Upload, Variant
from huaxin.media.names import disposition
from huaxin.media.uploads import Checksum, Wish
from huaxin.orders.model import Order, Status
from huaxin.orders.redact import redact
from huaxin.people.access import roles_on
from huaxin.people.model import Principal
from huaxin.people.service import People

PROOFS = frozenset({Purpose.proof, Purpose.picture})
MOVED = frozenset({"status_changed"})
_BEFORE_PHOTOS = frozenset({Status.making, Status.arrived})
_REST_S = 1.0  # first everybody's screens, then what is only likely
_PAGE = 500  # records read at once
_ORDERS = 2_000  # whose media are remembered


class MediaLinksArgs(msgspec.Struct, frozen=True, kw_only=True):
    order: str
    media: Annotated[list[MediaId], Meta(min_length=1, max_length=60)]


class _Sent(msgspec.Struct):
    """Which messages of an order carry which medium, up to `seq`: read from the journal, never kept."""

    seq: int = 0
    carriers: dict[str, list[tuple[int, int]]] = {}  # medium → (seq, audience) of each message


class _Item(msgspec.Struct, frozen=True):
    id: str


class _Body(msgspec.Struct, frozen=True):
    media: list[_Item] = []


_read_body = msgspec.json.Decoder(_Body).decode


@dataclass(frozen=True, slots=True)
class Opened:
    """A variant that may be given out. `read(start, length)` gives its bytes."""

    id: str
    variant: Variant
    disposition: str
    expires_at: int
    read: Callable[[int, int], AsyncIterator[bytes]]


class LiveMedia:
    """What http/ and the dispatcher ask of media. `clock` is the real one: addresses know no demo time."""

    def __init__(
        self,
        desk: Desk,
        journal: Journal,
        orders: Orders,
        people: People,
        secret: str,
        clock: Callable[[], int],
    ) -> None:
        self.desk, self._journal, self._orders, self._people = desk, journal, orders, people
        self._secret, self._clock = secret, clock
        self._sent: OrderedDict[str, _Sent] = OrderedDict()
        desk.is_carried = self._is_carried

    @property
    def most_bytes(self) -> int:
        return self.desk.limits.file_bytes

    # uploads

    async def create(self, who: Principal, wish: Wish) -> Upload:
        """For an order that one is on. Raises Rejected order.not_found, and as Uploads.create."""
        order, _ = await self._orders.access(wish.order, who)
        wish = msgspec.structs.replace(wish, order=order.id)
        upload = await self.desk.uploads.create(who.person, wish, guest=bool(who.guest_order))
        self.desk.expect(upload.purpose)
        return upload

    def on_record(self, record: Record, order: Order) -> None:
        """Somebody will take a photo in the next minutes and tap at once: the first one of a morning would
        wait most of a second until its worker has begun."""
        if order.status in _BEFORE_PHOTOS:
            asyncio.get_running_loop().call_later(_REST_S, self.desk.expect, Purpose.proof)

    async def find(self, who: Principal, id: str) -> Upload:
        return await self.desk.uploads.find(id, who.person)

    async def write(
        self, who: Principal, id: str, offset: int, body: AsyncIterator[bytes], checksum: Checksum | None
    ) -> Upload:
        return await self.desk.uploads.write(id, who.person, offset, body, checksum)

    async def terminate(self, who: Principal, id: str) -> None:
        await self.desk.terminate(id, who.person)

    # commands

    async def attach(self, who: Principal, order: str, ids: list[str]) -> list[Attachment]:
        """Raises Rejected, as Desk.attach."""
        return await self.desk.attach(who.person, order, ids)

    async def check_proof(self, who: Principal, order: str, id: str) -> None:
        """That this is the sender's own picture, ready, for this order. Raises Rejected."""
        await self.desk.attach(who.person, order, [id], PROOFS)

    async def let_go(self, order: str, ids: list[str]) -> None:
        """A command that named them was refused: what nothing else carries is swept away in its time."""
        found = await self._orders.find(order)
        if found is not None:
            carried = await self._carried(found)
            await self.desk.let_go([id for id in ids if id not in carried])

    async def _is_carried(self, upload: Upload) -> bool:
        order = await self._orders.find(upload.order)
        return order is not None and upload.id in await self._carried(order)

    async def _carried(self, order: Order) -> set[str]:
        return set(await self._carriers(order)) | _pictures_of(order, Role.shop)

    # giving out

    async def get_media_links(self, who: Principal, args: MediaLinksArgs) -> list[MediaLinks]:
        """Addresses of those media the caller may see; the others are left out.

        Raises Rejected order.not_found.
        """
        order, role = await self._orders.access(args.order, who)
        shown = await self._shown(order, role, args.media)
        seen = [id for id in dict.fromkeys(args.media) if id in shown]
        made = await self.desk.made(seen)
        return [self._links(who, order, role, id, made[id]) for id in seen if id in made]

    def _links(self, who: Principal, order: Order, role: Role, id: str, made: Made) -> MediaLinks:
        expires_at = expiry(self._clock())
        token = seal(
            self._secret,
            Pass(id, order.id, role.value, who.person, who.device, bool(who.guest_order), expires_at),
        )
        names = {name: f"/media/{token}/{name}" for name in made.variants}
        playable = made.attachment.kind in ("voice", "video")
        return MediaLinks(
            id=id,
            expires_at=expires_at,
            original=names["original"],
            thumb=names.get("thumb", ""),
            play=names.get("play", names["original"] if playable else ""),
        )

    async def open(self, token: str, name: str, save: bool = False) -> Opened:
        """What an address leads to, if whom it was given to may still see it. `save`: to be kept as a file.

        Raises Rejected media.link (404): the same for whatever is wrong with it.
        """
        given = open_seal(self._secret, token, self._clock())
        if given is None:
            raise _no_link()
        who = await self._holder(given)
        order = await self._orders.find(given.order)
        if order is None or Role(given.role) not in roles_on(order, who):
            raise _no_link()
        if not await self._shown(order, Role(given.role), [given.media]):
            raise _no_link()
        made = (await self.desk.made([given.media])).get(given.media)
        variant = made.variants.get(name) if made is not None else None
        if made is None or variant is None:
            raise _no_link()
        shown = made.attachment.name or f"{made.attachment.kind}-{given.media[:6]}"
        return Opened(
            id=given.media,
            variant=variant,
            disposition=disposition(shown, variant.inline and not save),
            expires_at=given.expires_at,
            read=lambda start, length: self.desk.read(variant, start, length),
        )

    async def _holder(self, given: Pass) -> Principal:
        try:
            guest = (given.order, given.role) if given.guest else ("", "")
            return await self._people.principal_of(given.person, given.device, *guest)
        except Rejected:
            raise _no_link() from None

    # who sees what

    async def _shown(self, order: Order, role: Role, ids: list[str]) -> set[str]:
        """Those of them in a message this role hears and that was not recalled (the shop keeps what was), or
        shown as a proof."""
        bit = int(AUDIENCE_OF[role])
        carriers = await self._carriers(order)

        def is_heard(seq: int, audience: int) -> bool:
            return bool(audience & bit) and (role is Role.shop or not is_recalled(order, seq))

        heard = {id for id in ids if any(is_heard(*one) for one in carriers.get(id, ()))}
        return heard if len(heard) == len(set(ids)) else heard | (_pictures_of(order, role) & set(ids))

    async def _carriers(self, order: Order) -> dict[str, list[tuple[int, int]]]:
        known = self._sent.pop(order.id, None) or _Sent()
        self._sent[order.id] = known
        if len(self._sent) > _ORDERS:
            self._sent.popitem(last=False)
        while True:
            records = await self._journal.read_subject(order.shop, order.id, known.seq, _PAGE)
            for record in records:
                if record.type == "message_sent" and b'"media":' in record.body:
                    for item in _read_body(record.body).media:
                        carriers = known.carriers.setdefault(item.id, [])
                        if (record.seq, record.audience) not in carriers:  # two may read at once
                            carriers.append((record.seq, record.audience))
                known.seq = max(known.seq, record.seq)
            if len(records) < _PAGE:
                return known.carriers


def is_recalled(order: Order, seq: int) -> bool:
    overlay = order.overlays.get(str(seq))
    return overlay is not None and overlay.recalled_at > 0


def _pictures_of(order: Order, role: Role) -> set[str]:
    """Media ids in the order's own fields, as this role sees them."""
    fields: dict[str, Any] = redact(order, role)
    incidents = fields.get("incidents") or ()
    found = {one.get("picture", "") for one in incidents}
    found |= {said.get("picture", "") for one in incidents for said in one.get("joined", ())}
    found |= {
        (fields.get(name) or {}).get("picture", "") for name in ("proof", "rating", "thanks", "bouquet")
    }
    found |= set((fields.get("complaint") or {}).get("pictures", ()))
    found.add((fields.get("proof") or {}).get("signature", ""))
    found |= set((fields.get("bouquet") or {}).get("earlier") or ())
    return found - {""}


def _no_link() -> Rejected:
    return Rejected(
        "media.link", "This address has run out, or it is not yours to see. Open the order again.", status=404
    )
