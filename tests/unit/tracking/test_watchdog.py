"""Who needs looking after."""

from msgspec.structs import replace

from huaxin.kernel import Point
from huaxin.orders.model import Order, Status
from huaxin.tracking.positions import CourierTrack, Fix
from huaxin.tracking.views import EtaView
from huaxin.tracking.watchdog import Watched, watch
from tests.unit.dispatch.grid import MINUTE, NOON, at, order

DOOR = order("a", at(3000, 0), times={"delivering": NOON - 20 * MINUTE})


def standing(where: Point, minutes: int) -> CourierTrack:
    track = CourierTrack()
    for i in range(minutes + 1):
        track.restore(Fix(point=where, at=NOON - (minutes - i) * MINUTE))
    return track


def seen(track: CourierTrack | None, *orders: Order, etas: dict[str, EtaView] | None = None) -> list[str]:
    return [a.kind for a in watch([Watched("c1", "小张", at(0, 0), orders, track)], etas or {}, NOON)]


def test_silence_only_while_on_the_road() -> None:
    """TR-40: more than three minutes without a position; never heard at all counts from setting off."""
    old = CourierTrack()
    old.restore(Fix(point=at(500, 0), at=NOON - 3 * MINUTE - 1))
    assert seen(old, DOOR) == ["silent"]
    assert seen(None, DOOR) == ["silent"]
    assert seen(None, replace(DOOR, times={"delivering": NOON - 2 * MINUTE})) == []
    assert seen(old, replace(DOOR, status=Status.assigned)) == []
    fresh = CourierTrack()
    fresh.restore(Fix(point=at(500, 0), at=NOON - 3 * MINUTE))
    assert seen(fresh, DOOR) == []


def test_standstill_only_where_there_is_no_reason_to_stand() -> None:
    """TR-41: more than eight minutes; not at the shop, not at a door, not while handing over."""
    assert seen(standing(at(700, 0), 9), DOOR) == ["standstill"]
    assert seen(standing(at(700, 0), 8), DOOR) == []
    assert seen(standing(at(100, 0), 30), DOOR) == []
    assert seen(standing(at(2950, 0), 30), DOOR) == []
    assert seen(standing(at(700, 0), 30), replace(DOOR, status=Status.arrived)) == []


def test_slipping_while_it_slips() -> None:
    """TR-42: told or not, as long as the promise looks broken; the minutes are in the words."""
    late = EtaView(p50_at=DOOR.promise.end + 5 * MINUTE, p90_at=0, chance=0.3, verdict="slipping")
    track = standing(at(2000, 0), 1)
    assert seen(track, DOOR, etas={"a": late}) == ["slipping"]
    told = replace(DOOR, slipping=True, slipping_told=True)
    alert = watch([Watched("c1", "小张", at(0, 0), [told], track)], {"a": late}, NOON)[0]
    assert (alert.order, alert.text.zh) == ("a", "订单1可能晚5分钟")
    assert seen(track, told, etas={"a": replace(late, chance=0.9)}) == []
