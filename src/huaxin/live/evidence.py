"""All that bears on a complaint in one place: when what happened, the pictures side by side, where it was
handed over, and everything that was said. For the two who settle it."""

from typing import Any

from huaxin.dispatch.roads import straight_m
from huaxin.kernel import Role
from huaxin.live import views as v
from huaxin.live.evidence_views import Evidence, EvidencePhoto, EvidenceStep, GuestLinkView
from huaxin.live.export import Export
from huaxin.live.media import LiveMedia, MediaLinksArgs
from huaxin.live.orders import Orders, denied
from huaxin.live.queries import OrderArgs, Queries
from huaxin.orders.model import Order
from huaxin.people.model import Principal

MOST_PHOTOS = 60
_PICTURED = ("picture", "video")


class EvidenceDesk:
    def __init__(self, orders: Orders, export: Export, media: LiveMedia) -> None:
        self._orders, self._export, self._media = orders, export, media

    async def get_evidence(self, who: Principal, args: OrderArgs) -> Evidence:
        """For shop and buyer, redacted as their history. Raises Rejected order.not_found, access.denied."""
        order, role = await self._orders.access(args.order, who)
        if role not in (Role.shop, Role.buyer):
            raise denied("get_evidence")
        export = await self._export.export_order(who, args)
        photos = _photos(order, export.events)[:MOST_PHOTOS]
        links: dict[str, v.MediaLinks] = {}
        if photos:
            wish = MediaLinksArgs(order=order.id, media=list(dict.fromkeys(one.id for one in photos)))
            links = {one.id: one for one in await self._media.get_media_links(who, wish)}
        return Evidence(
            export=export,
            steps=[EvidenceStep(status=name, at=at) for name, at in _steps(order)],
            late_minutes=_late(order),
            distance_m=_distance(order),
            photos=[
                EvidencePhoto(
                    id=one.id,
                    what=one.what,
                    at=one.at,
                    by=one.by,
                    thumb=links[one.id].thumb or links[one.id].original,
                    original=links[one.id].original,
                )
                for one in photos
                if one.id in links
            ],
        )


def evidence_queries(
    orders: Orders, export: Export, media: LiveMedia, queries: Queries
) -> dict[str, tuple[Any, Any, Any]]:
    """For the dispatcher: name → (arguments, answer, who answers)."""
    desk = EvidenceDesk(orders, export, media)
    return {
        "export_order": (OrderArgs, v.OrderExport, export.export_order),
        "get_evidence": (OrderArgs, Evidence, desk.get_evidence),
        "list_guest_links": (OrderArgs, list[GuestLinkView], queries.list_guest_links),
    }


def _steps(order: Order) -> list[tuple[str, int]]:
    return sorted(order.times.items(), key=lambda step: step[1])


def _late(order: Order) -> int:
    """Minutes after the promise at which it was handed over; 0: in time, or not at all."""
    done = order.times.get("delivered", 0)
    return max(0, -(-(done - order.promise.end) // 60_000)) if done else 0


def _distance(order: Order) -> float | None:
    """Metres from where it was handed over to the address, as the phone said."""
    if order.proof is None or order.proof.point is None:
        return None
    at = order.proof.point
    doors = [place for place in (order.address.point, order.address.gate) if place is not None]
    return round(min(straight_m(at, place) for place in doors), 1)


def _photos(order: Order, events: list[v.EventView]) -> list[EvidencePhoto]:
    """Of the delivery, of what was wrong, and from the conversation, in the order they were taken."""
    found: list[EvidencePhoto] = []

    def add(id: Any, what: str, at: int, by: str) -> None:
        if id and all(one.id != id for one in found):
            found.append(EvidencePhoto(id=str(id), what=what, at=at, by=by))

    if order.bouquet is not None:  # as it left the shop: beside the one of the handover
        add(order.bouquet.picture, "bouquet", order.bouquet.at, Role.shop.value)
    for one in order.incidents:
        add(one.picture, "incident", one.at, one.role)
    if order.proof is not None:
        add(order.proof.picture, "proof", order.proof.at, Role.courier.value)
    if order.complaint is not None:
        for id in order.complaint.pictures:
            add(id, "complaint", order.complaint.at, order.complaint.by)
    if order.rating is not None:
        add(order.rating.picture, "rating", order.rating.at, Role.buyer.value)
    for event in events:
        # Of a call, "media" is a word: its voice, or its picture.
        media = event.body.get("media") if event.type == "message_sent" else None
        for item in media or ():
            if item.get("kind") in _PICTURED:
                add(item.get("id"), "message", event.at, event.actor.role)
    return sorted(found, key=lambda one: one.at)
