"""What a courier or the shop answers to a buyer's words, in the language they were written in."""

from huaxin.answers.reading import read_question
from huaxin.orders.model import ON_THE_ROAD, Order
from huaxin.simulation import words as w
from huaxin.simulation.world import World


def answer_to(world: World, order: Order, text: str, *, from_shop: bool) -> str:
    """Empty when nothing needs to be said."""
    if read_question(text) is not None:
        return ""  # the system has answered already
    english = int(bool(text) and text.isascii())
    lower = text.lower()
    if any(word in lower for word in w.NO_ANSWER):
        return ""
    if not any(word in lower for word in w.QUESTIONS):
        if english or not from_shop:
            return w.OK_ANSWER[english]
        return w.SHOP_ANSWERS[int(world.share(f"answer|{order.number}|{text}") * len(w.SHOP_ANSWERS))]
    minutes, stops = world.eta_minutes(order), world.stops_before(order)
    if not minutes or (order.status not in ON_THE_ROAD and "ready" not in order.times):
        return w.MAKING_ANSWER[english]
    if order.status not in ON_THE_ROAD:
        return w.READY_ANSWER[english].format(minutes=minutes)
    if stops:
        return w.BEFORE_ANSWER[english].format(stops=stops, minutes=minutes)
    if minutes <= 3:
        return w.SOON_ANSWER[english]
    return w.ETA_ANSWER[english].format(minutes=minutes)
