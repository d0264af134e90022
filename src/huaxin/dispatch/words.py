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


def unkept_reason(stop: PlannedStop, window_end: int, now: int) -> Text | None:
    """Why this stop's promise cannot be kept, with what to do; None: it can."""
    if stop.late_s <= 0:
        return None
    n = _minutes(stop.late_s)
    if window_end < now:
        return Text(
            "承诺的时间已过，请先与客户约定新时间",
            "The promised time has passed: agree on a new time with the customer",
        )
    if stop.rank == 0:
        return Text(
            f"现在直接去也会晚{n}分钟，请改约或改派",
            f"Even going there first is {n} min late: agree on a new time or give it to another courier",
        )
    return Text(
        f"会晚{n}分钟；先送它会耽误别的订单，请改约或改派",
        f"{n} min late; going there sooner would spoil others: agree on a new time or reassign it",
    )


def words_of_change(first: int, added: int, gain_s: float, less_late_s: float) -> Text:
    """Why the visiting order is another than before. `first`: number of the order that comes sooner now;
    `added`: number of a new order, 0: none."""
    if added:
        return Text(f"新增 {added}，顺序已调整：先送 {first}", f"{added} was added: now {first} first")
    if less_late_s >= 30:
        n = _minutes(less_late_s)
        return Text(f"顺序已调整：先送 {first}，少晚{n}分钟", f"Reordered: {first} first, {n} min less late")
    if gain_s >= 30:
        n = _minutes(gain_s)
        return Text(f"顺序已调整：先送 {first}，可早到{n}分钟", f"Reordered: {first} first, {n} min sooner")
    return Text(f"顺序已调整：先送 {first}", f"Reordered: {first} first")
