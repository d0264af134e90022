"""What the terminal says of the day: one line for each thing worth looking up for."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from huaxin.journal.model import Record
from huaxin.orders.model import Order
from huaxin.orders.notices import REASON_WORDS
from huaxin.orders.words import zh_clock
from huaxin.simulation import words as w

_RIDDEN = frozenset({"picked_up", "delivering", "arrived", "failed", "returning", "returned"})
_QUIET_STATUS = frozenset({"assigned", "ready", "delivering", "arriving"})


class Teller:
    """Told of every record (world.heard_of)."""

    def __init__(self, zone: ZoneInfo, say: Callable[[str], None]) -> None:
        self._zone, self._say = zone, say

    def __call__(self, record: Record, order: Order) -> None:
        words = line_of(record, order)
        if words:
            at = datetime.fromtimestamp(record.at / 1000, self._zone)
            self._say(f"  {at:%H:%M}  {order.number}  {words}")


def line_of(record: Record, order: Order) -> str:
    """Empty when it is not worth a line."""
    body = msgspec.json.decode(record.body)
    courier = order.courier.name if order.courier else ""
    match record.type:
        case "order_placed":
            bouquet = "、".join(line.name for line in order.lines)
            return f"{order.buyer.name} 订了{bouquet},送到 {order.address.text}"
        case "status_changed":
            after = str(body.get("after", ""))
            if after in _QUIET_STATUS:
                return ""
            words = w.STATUS_LINE.get(after, after)
            return f"{courier} {words}" if courier and after in _RIDDEN else words
        case "courier_assigned":
            return f"派给 {body.get('courier_name')}" if body.get("courier") else "收回派单"
        case "order_delivered":
            minutes = round((order.promise.end - record.at) / 60_000)
            return f"{courier} 已送达" + ("" if minutes >= 0 else f",晚了 {-minutes} 分钟")
        case "change_asked":
            return f"{order.buyer.name} 要改" + ("时间" if body["change"].get("promise") else "地址")
        case "change_answered":
            change = order.change
            if change is None or change.status != "confirmed":
                return "修改没有成"
            if change.address is not None:
                return f"改送 {order.address.text}"
            end = datetime.fromtimestamp(order.promise.end / 1000, ZoneInfo(order.time_zone))
            return f"改到{zh_clock(end)}"
        case "incident_reported":
            return f"异常上报:{courier} {REASON_WORDS[body['incident']['reason']].zh}"
        case "incident_resolved":
            return f"异常已处理:{body['incident'].get('resolution', '')}"
        case "promise_slipping":
            return "可能晚到,已告知订花人"
        case "time_agreed":
            return f"{courier} 与客户约好了时间"
        case "message_sent":
            text = str(body.get("text", "")) or "(位置)"
            return f"{body.get('name', '')}:{text}"
        case "order_rated":
            return f"{order.buyer.name} 评了 {body['rating']['stars']} 星"
        case _:
            return ""
