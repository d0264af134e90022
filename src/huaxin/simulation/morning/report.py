"""What came of the morning: a table, and what must hold whatever the morning was like."""

from collections import Counter

from huaxin.commands.common import print_table
from huaxin.journal.model import Record
from huaxin.kernel import Audience
from huaxin.orders.model import Order, Status
from huaxin.simulation.morning.scene import SHOP, Scene
from huaxin.slots.book import Book, Taken

_DELIVERED = frozenset({Status.delivered, Status.rated})
_OVER = _DELIVERED | {Status.cancelled, Status.returned}
_PAGE = 2_000


async def judge(scene: Scene) -> None:
    """All checks of what is stored, and the lines of the table."""
    orders = await scene.orders()
    records = await _records(scene)
    _none_lost(scene, orders)
    _proved(scene, orders)
    _money(scene, orders)
    await _seats(scene, orders)
    _journal(scene, records)
    _incidents(scene, orders)
    _lines(scene, orders, records)


async def _records(scene: Scene) -> list[Record]:
    found: list[Record] = []
    while page := await scene.house.journal.since(SHOP, found[-1].seq if found else 0, _PAGE):
        found += page
    return found


def _none_lost(scene: Scene, orders: list[Order]) -> None:
    lost = set(scene.refs) - {one.id for one in orders}
    open_ = [f"{one.number} {one.status}" for one in orders if one.status not in _OVER]
    numbers, people = {one.number for one in orders}, {one.recipient.phone for one in orders}
    scene.check("none is lost", not lost, sorted(lost)[:3])
    once = len(orders) == len(scene.refs) == len(numbers) == len(people)
    scene.check("none is doubled", once, f"{len(orders)} orders, {len(people)} recipients")
    scene.check("every order is over", not open_, open_[:5])


def _proved(scene: Scene, orders: list[Order]) -> None:
    done = [one for one in orders if one.status in _DELIVERED]
    bare = [one.number for one in done if one.proof is None or not one.proof.picture]
    unseen = [one.number for one in done if one.bouquet is None]
    far = [one.number for one in done if one.proof is not None and one.proof.far]
    scene.check("every delivered one has a picture of the handover", not bare, bare[:5] or len(done))
    scene.check("every delivered one was photographed before it left", not unseen, unseen[:5] or len(done))
    scene.check("none was handed over far from its address", not far, far[:5])


def _money(scene: Scene, orders: list[Order]) -> None:
    """Per order and in all: what was paid is what it costs plus what went back."""
    wrong = []
    for one in orders:
        lines = sum(line.price * line.quantity for line in one.lines)
        account, pay = sum(part.back for part in one.refunds), one.payment
        adds_up = pay.paid - pay.refunded == pay.due and account == pay.refunded and pay.owed == 0
        if not adds_up or one.total != lines + one.fee:
            wrong.append(one.number)
    paid = sum(one.payment.paid for one in orders)
    due, back = sum(one.payment.due for one in orders), sum(one.payment.refunded for one in orders)
    scene.check("amounts add up, of each order", not wrong, wrong[:5])
    said = f"¥{paid / 100:.2f} paid = ¥{due / 100:.2f} earned + ¥{back / 100:.2f} given back"
    scene.check("amounts add up, of all", paid == due + back, said)


async def _seats(scene: Scene, orders: list[Order]) -> None:
    """By the shop's own list, and counted from the orders themselves."""
    book = Book()
    for one in orders:
        if one.status is not Status.cancelled and one.promise.source != "agreed":
            book.add(Taken(one.promise.end, sum(line.quantity for line in one.lines)))
    said, over = [], []
    for window in scene.scale.windows:
        taken = book.between(scene.at(window.start), scene.at(window.end)).orders
        said.append(f"{window.words} {taken}/{scene.scale.seats}")
        over += [window.words] if taken > scene.scale.seats else []
    loads = await scene.desk.ask("get_slot_load", shop=SHOP, days=1)
    over += [one["label"]["en"] for one in loads if one["orders"] > one["seats"]]
    scene.check("no window is overbooked", not over, ", ".join(said))


def _journal(scene: Scene, records: list[Record]) -> None:
    gaps = [one.seq for nth, one in enumerate(records, 1) if one.seq != nth]
    scene.check("the journal has no gap", not gaps, f"{len(records)} facts")
    told = Counter(
        one.subject for one in records if one.type == "notice_posted" and b'"arriving"' in one.body
    )
    twice = [one for one, count in told.items() if count > 1]
    # Flowers that were given on are announced by whoever brings them, once more at most.
    moved = {one.subject for one in records if one.type == "courier_assigned" and one.courier_before}
    scene.check("「即将送达」 is told once for each delivery", not set(twice) - moved, len(twice))


def _incidents(scene: Scene, orders: list[Order]) -> None:
    found = [(one.reason.value, one.outcome or one.status) for order in orders for one in order.incidents]
    open_ = [one.number for one in orders if any(each.status == "open" for each in one.incidents)]
    scene.check("every incident has an outcome", not open_, open_[:5] or len(found))
    for (reason, outcome), count in sorted(Counter(found).items()):
        scene.said.append(f"incident {reason}: {outcome} × {count}")


def _lines(scene: Scene, orders: list[Order], records: list[Record]) -> None:
    states = Counter(one.status.value for one in orders)
    done = [one for one in orders if one.status in _DELIVERED]
    kept = [one for one in done if one.times["delivered"] <= one.promise.end]
    made = [
        (one.times["ready"] - one.times["making"]) / 60_000
        for one in orders if "ready" in one.times and "making" in one.times
    ]  # fmt: skip
    notices = Counter(
        one.subject for one in records if one.type == "notice_posted" and one.audience & Audience.buyer
    )
    late = sorted((one.times["delivered"] - one.promise.end) / 60_000 for one in done if one not in kept)
    each = [notices[one.id] for one in orders]
    said = [
        "orders by state: " + ", ".join(f"{name} {count}" for name, count in states.most_common()),
        f"promises kept: {len(kept)} of {len(done)} ({100 * len(kept) / max(1, len(done)):.1f}%)"
        + (f", late by {late[0]:.0f} to {late[-1]:.0f} min" if late else ""),
        f"notices to the buyer: {sum(each) / max(1, len(each)):.1f} an order, at most {max(each, default=0)}",
        f"florists: {sum(made):.0f} minutes for {len(made)} orders, {sum(made) / max(1, len(made)):.1f} each",
        f"papers: {scene.papers.get('slip', 0)} slips, {scene.papers.get('card', 0)} cards, A6",
    ]  # fmt: skip
    scene.said[:0] = said


def show(scene: Scene) -> bool:
    """Prints it all; whether everything holds."""
    print("\nthe morning")
    for line in scene.said:
        print(f"  {line}")
    print()
    rows = [("yes" if one.holds else "NO", one.words, one.found) for one in scene.checks]
    print_table(("holds", "what must hold", "found"), rows)
    wrong = sum(1 for one in scene.checks if not one.holds)
    print(
        f"\n{len(scene.checks)} checks, {wrong} do not hold" if wrong else f"\nall {len(scene.checks)} hold"
    )
    return not wrong
