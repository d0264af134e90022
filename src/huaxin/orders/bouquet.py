"""The photo gate: the finished flowers are seen before they leave (docs/spec/bench.md, PG)."""

from msgspec.structs import replace

from huaxin.journal.model import Fact, Rejected
from huaxin.kernel import Role, tidy
from huaxin.orders import commands as c
from huaxin.orders.decide import Case, Outcome
from huaxin.orders.events import BouquetAnswered, BouquetShown
from huaxin.orders.gates import Gates
from huaxin.orders.lifecycle import IN_HAND, check_act, illegal
from huaxin.orders.model import Bouquet, Order, Status
from huaxin.orders.notices import notice
from huaxin.orders.words import clock

MOST_EARLIER = 5  # pictures that are kept beside the newest


def shown(case: Case, picture: str, gates: Gates) -> Bouquet:
    """The order's bouquet after a picture was taken. Only the first picture asks: a fix is made once."""
    before = case.order.bouquet
    minutes = gates.answer_minutes if gates.photo != "off" else 0
    asks = before is None or (before.status in ("shown", "asked") and not before.fix)
    until = case.now + minutes * 60_000 if asks and minutes else 0
    return Bouquet(
        id=case.command_id,
        picture=picture,
        at=case.now,
        status="asked" if until else "shown",
        answer_by=until,
        fix=before.fix if before else "",
        earlier=[*before.earlier, before.picture][-MOST_EARLIER:] if before else [],
    )


def told(case: Case, bouquet: Bouquet) -> Fact:
    """The notice that goes with a picture."""
    before = case.order.bouquet
    if before is not None and before.status == "fix":
        return notice("bouquet_fixed")
    if bouquet.answer_by:
        return notice("bouquet_asked", time=clock(bouquet.answer_by, case.order.time_zone))
    return notice("bouquet_shown")


def show(case: Case, wish: c.ShowBouquet) -> Outcome:
    _check(case, "show_bouquet")
    bouquet = shown(case, wish.picture, wish.gates or Gates())
    return Outcome(
        order=replace(case.order, bouquet=bouquet, undo=None),
        event=BouquetShown(bouquet=bouquet),
        notices=[told(case, bouquet)],
    )


def _check(case: Case, act: str) -> None:
    check_act(case.order, act, case.role)
    if case.order.held_by is not None:  # assigned anew on the road: they left the shop long ago
        raise illegal(act, Status.picked_up, sorted(status.value for status in IN_HAND))


def awaits_answer(order: Order, now: int) -> bool:
    """Whether the buyer may still say something to the picture (`now` 0: whenever)."""
    bouquet = order.bouquet
    return bouquet is not None and bouquet.status == "asked" and now <= bouquet.answer_by


def answer(case: Case, wish: c.AnswerBouquet) -> Outcome:
    order = case.order
    _check(case, "answer_bouquet")
    bouquet, fix = order.bouquet, tidy(wish.fix)
    if bouquet is None or bouquet.id != wish.bouquet or bouquet.status != "asked":
        raise Rejected("bouquet.not_asked", "Nobody waits for a word about this picture.", wish.bouquet)
    if not awaits_answer(order, case.now):
        raise Rejected(
            "bouquet.too_late", "The time for that is over; the flowers count as approved.", bouquet.answer_by
        )
    if not wish.approve and not fix:
        raise Rejected("bouquet.no_words", "Say what should be changed.", "", status=422)
    answered = replace(
        bouquet,
        status="approved" if wish.approve else "fix",
        answered_at=case.now,
        fix="" if wish.approve else fix,
    )
    words = notice("bouquet_approved") if wish.approve else notice("bouquet_fix_asked", fix=fix)
    return Outcome(
        order=replace(order, bouquet=answered, undo=None),
        event=BouquetAnswered(bouquet=answered),
        notices=[words],
    )


def check_ready(case: Case, picture: str, gates: Gates) -> None:
    """Raises Rejected photo.required where the shop wants to see every bouquet."""
    if gates.photo == "required" and case.role is Role.shop and not picture and case.order.bouquet is None:
        raise _no_photo(case.order)


def check_pick_up(case: Case, wish: c.PickUp) -> None:
    """Raises Rejected photo.required, or bouquet.fix_open while the buyer waits for a fix."""
    gates, bouquet = wish.gates or Gates(), case.order.bouquet
    if case.order.held_by is not None:
        return  # what is fetched from another courier has left the shop already
    if gates.photo == "required" and bouquet is None:
        raise _no_photo(case.order)
    if bouquet is None or bouquet.status != "fix":
        return
    may = gates.open_fix == "warn"
    if not (may and wish.anyway):
        value = {"fix": bouquet.fix, "anyway": may}
        raise Rejected("bouquet.fix_open", "The buyer asked for a change; it is not made yet.", value)


def _no_photo(order: Order) -> Rejected:
    return Rejected("photo.required", "Take a picture of the finished flowers first.", order.id)
