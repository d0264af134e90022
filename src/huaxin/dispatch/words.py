"""Why a stop stands where it stands, in one line for the courier and the dispatcher."""

from huaxin.dispatch.model import PlannedStop
from huaxin.kernel import Text

TIGHT_S = 15 * 60
NEXT_DOOR_S = 120.0


def _minutes(seconds: float) -> int:
    return max(1, round(seconds / 60))


def reason_of(stop: PlannedStop, nearest: bool) -> Text:
    """The first reason that applies, most pressing first. `nearest`: no stop after it was nearer."""
    if not stop.known:
        return Text(
            "地图上没有到这里的路，时间只是估计，请先联系客户",
            "The map has no way there; the time is a guess. Call the customer first",
        )
    if stop.fixed:
        return Text("正在前往这一站", "You are already heading there")
    if stop.late_s > 0:
        n = _minutes(stop.late_s)
        return Text(f"会晚约{n}分钟，尽早送到", f"About {n} min late: as early as possible")
    if stop.wait_s > 60:
        n = _minutes(stop.wait_s)
        return Text(f"会早到，需等约{n}分钟", f"Early: wait about {n} min for the window")
    if stop.slack_s < TIGHT_S:
        n = max(0, int(stop.slack_s // 60))
        return Text(f"时间紧，只余{n}分钟", f"Tight: {n} min to spare")
    if stop.rank > 0 and stop.ride_s <= NEXT_DOOR_S and not stop.via_shop:
        return Text("就在上一站旁边", "Next to the stop before")
    if nearest:
        return Text("离得最近", "The nearest of what is left")
    return Text("这样走总时间最短", "The shortest way round in all")


def words_of_change(added: bool, late: bool) -> Text:
    """Why the visiting order is another than before."""
    if added:
        return Text("加了新订单，顺序已调整", "A new order was added: the order of stops changed")
    if late:
        return Text("为了少迟到，顺序已调整", "Reordered so that less is late")
    return Text("这样更快，顺序已调整", "Reordered: this is faster")
