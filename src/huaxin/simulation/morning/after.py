"""When the flowers are there: complaints with what is agreed, and every refund ticked off."""

from huaxin.orders.model import Order, Status
from huaxin.simulation.morning.hands import Person
from huaxin.simulation.morning.pictures import draw_bouquet
from huaxin.simulation.morning.scene import SHOP, Scene, colour_of

COMPLAINTS = 3
REFUND = 3_000  # fen


async def complain(scene: Scene) -> None:
    """Three are not happy: a refund, a refund after a counter-offer, a voucher."""
    delivered = [
        one for one in await scene.orders() if one.status is Status.delivered and one.complaint is None
    ]
    for nth, order in enumerate(sorted(delivered, key=lambda one: one.number)[:COMPLAINTS]):
        who = await scene.buyer_of(order)
        photo = draw_bouquet(colour_of(order), scene.chance("complaint", order.number))
        picture = await who.upload(order.id, photo, "picture")
        await who.do("complain", order=order.id, fault="wilted", text="有两枝已经蔫了", pictures=[picture])
        await _agree(scene, order, who, nth)
    complaints = [one.complaint for one in await scene.orders() if one.complaint is not None]
    settled = sum(1 for one in complaints if one.status == "settled")
    scene.check("every complaint is settled", settled == len(complaints), f"{settled} of {len(complaints)}")
    kinds = [offer.kind for one in complaints for offer in one.remedies if offer.status == "accepted"]
    scene.said.append(f"complaints: {len(complaints)}, agreed on {', '.join(kinds) or 'nothing'}")


async def _agree(scene: Scene, order: Order, who: Person, nth: int) -> None:
    kind = "voucher" if nth == 2 else "refund"
    amount = min(REFUND, order.payment.due)
    await scene.desk.do("propose_remedy", order=order.id, kind=kind, amount=amount, text="非常抱歉")
    if nth == 1:
        more = min(2 * REFUND, order.payment.due)
        await who.do("propose_remedy", order=order.id, kind="refund", amount=more, text="希望多退一点")
    answers = scene.desk if nth == 1 else who
    asked = (await scene.order(order.id)).complaint
    assert asked is not None
    await answers.do("answer_remedy", order=order.id, remedy=asked.remedies[-1].id, accept=True)


async def pay_back(scene: Scene) -> None:
    """One list of all that is owed, ticked off one by one."""
    owed = await scene.desk.ask("list_refunds", shop=SHOP)
    if owed["rows"]:
        first = owed["rows"][0]
        courier = await scene.couriers[0].refused(
            "record_refund", order=first["order"], amount=first["left"], refund=first["refund"]["id"]
        )
        scene.check("nobody but the shop ticks off a refund", courier != "", courier)
    for row in owed["rows"]:
        await scene.desk.do(
            "record_refund", order=row["order"], amount=row["left"], refund=row["refund"]["id"]
        )
    left = await scene.desk.ask("list_refunds", shop=SHOP)
    scene.check(
        "every refund is ticked off", not left["rows"] and left["owed"] == 0, f"{left['owed']} fen left"
    )
    by: dict[str, int] = {}
    for row in owed["rows"]:
        source = row["refund"]["source"]
        by[source] = by.get(source, 0) + row["left"]
    parts = ", ".join(f"{source} {fen / 100:.2f}" for source, fen in sorted(by.items()))
    scene.said.append(
        f"refunds: {len(owed['rows'])} ticked off, ¥{owed['owed'] / 100:.2f} ({parts or 'none'})"
    )
