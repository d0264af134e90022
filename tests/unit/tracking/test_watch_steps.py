"""What follows from what the watchdog sees; what an order waits for too long; jams."""

from msgspec.structs import replace

from huaxin.kernel import Text
from huaxin.orders.model import Alert as Said
from huaxin.orders.model import Courier, Incident, Order, Reason, Status
from huaxin.tracking.jam import jammed
from huaxin.tracking.positions import CourierTrack, Fix
from huaxin.tracking.views import EtaView
from huaxin.tracking.watchdog import Alert, Watched, watch
from huaxin.tracking.watchdog_orders import watch_order
from huaxin.tracking.watchdog_steps import SaidOfCouriers, silences, steps, tell_buyer_of_silence
from tests.unit.dispatch.grid import MINUTE, NOON, at, order

DOOR = order("a", at(3000, 0), times={"delivering": NOON - 20 * MINUTE})
WORDS = Text("小张已4分钟没有位置", "No position for 4 min")


def seen(kind: str) -> Alert:
    return Alert(kind, "c1", "a", NOON - 4 * MINUTE, WORDS)


def said(kind: str, minutes_ago: int, **more: object) -> Order:
    fields: dict[str, object] = {"level": "courier", "asks": True} | more
    one = Said(kind=kind, at=NOON - minutes_ago * MINUTE, since=0, text=WORDS, **fields)  # type: ignore[arg-type]  # spread over typed fields
    return replace(DOOR, alerts=[one])


def names(order: Order, *found: Alert) -> list[str]:
    return [f"{s.command}:{s.fields.get('level', '')}" for s in steps(order, found, NOON)]


def test_the_courier_is_asked_then_the_shop_told_and_nobody_twice() -> None:
    """TR-43, TR-44."""
    assert names(DOOR, seen("silent")) == ["raise_alert:courier"]
    assert names(said("silent", 1), seen("silent")) == []
    assert names(said("silent", 2), seen("silent")) == ["escalate_alert:shop"]
    assert names(said("silent", 9, level="shop", told_at=NOON), seen("silent")) == []


def test_it_closes_by_itself_and_does_not_flicker() -> None:
    """TR-44: over when its cause is gone; the same again within ten minutes is the same."""
    assert names(said("silent", 3)) == ["close_alert:"]
    assert names(said("silent", 9, closed_at=NOON - 2 * MINUTE), seen("silent")) == []
    assert names(said("silent", 30, closed_at=NOON - 11 * MINUTE), seen("silent")) == ["raise_alert:courier"]


def test_what_an_incident_explains_is_not_asked() -> None:
    """TR-43."""
    broken = Incident(id="i", reason=Reason.vehicle_breakdown, at=NOON, reporter="c1", role="courier")
    assert names(replace(DOOR, incidents=[broken]), seen("standstill")) == []
    assert names(replace(DOOR, incidents=[broken]), seen("slipping")) == ["raise_alert:shop"]


def test_a_silence_that_the_shop_could_not_end_is_told_to_the_buyer() -> None:
    """TR-45: five minutes after the shop, or a quarter of an hour before the promise."""
    end = DOOR.promise.end
    eta = EtaView(p50_at=end - MINUTE, p90_at=end + 9 * MINUTE, chance=0.5, verdict="unknown")
    shop_knows = end - 30 * MINUTE
    now = end - 25 * MINUTE
    told = tell_buyer_of_silence(DOOR, eta, shop_knows, now)
    assert told is not None
    assert (told.fields["eta_at"], told.fields["to_at"]) == (eta.p50_at, eta.p90_at)
    assert tell_buyer_of_silence(DOOR, eta, shop_knows, now - MINUTE) is None
    assert tell_buyer_of_silence(DOOR, eta, end - 15 * MINUTE, end - 15 * MINUTE) is not None
    assert tell_buyer_of_silence(replace(DOOR, slipping_told=True), eta, shop_knows, now) is None
    assert tell_buyer_of_silence(DOOR, replace(eta, p90_at=end), shop_knows, now) is None
    assert tell_buyer_of_silence(DOOR, eta, 0, now) is None
    assert tell_buyer_of_silence(replace(DOOR, status=Status.assigned), eta, shop_knows, now) is None


def test_a_silence_holds_for_every_order_on_the_bike() -> None:
    """TR-45: it is said on one of them."""
    on_one = replace(said("silent", 8, level="shop", told_at=NOON), courier=Courier(person="c1", name="小张"))
    assert silences([on_one, DOOR]) == {"c1": NOON}
    assert silences([said("silent", 8)]) == {}


def test_what_an_order_waits_for() -> None:
    """TR-46."""
    placed = replace(DOOR, status=Status.placed, courier=None, placed_at=NOON - 6 * MINUTE)
    assert [a.kind for a in watch_order(placed, 10 * MINUTE, 0, NOON)] == ["not_accepted"]
    end = DOOR.promise.end
    made = replace(DOOR, status=Status.confirmed)
    assert [a.kind for a in watch_order(made, 10 * MINUTE, 0, end - 50 * MINUTE)] == []
    assert [a.kind for a in watch_order(made, 10 * MINUTE, 0, end - 40 * MINUTE)] == ["not_made"]
    ready = replace(DOOR, status=Status.assigned)
    assert [a.kind for a in watch_order(ready, 10 * MINUTE, 0, end - 24 * MINUTE)] == []
    assert [a.kind for a in watch_order(ready, 10 * MINUTE, 0, end - 23 * MINUTE)] == ["not_picked_up"]
    assert [a.kind for a in watch_order(DOOR, 0, NOON - 3 * MINUTE, NOON)] == ["unread"]
    assert [a.kind for a in watch_order(DOOR, 0, NOON - 2 * MINUTE, NOON)] == []


def track_of(
    points: list[tuple[float, float]], every_s: int = 15, batteries: list[int] | None = None
) -> CourierTrack:
    track = CourierTrack()
    for i, (x, y) in enumerate(points):
        when = NOON - (len(points) - 1 - i) * every_s * 1000
        track.restore(Fix(point=at(x, y), at=when, accuracy_m=8.0, battery=batteries[i] if batteries else -1))
    return track


def test_a_battery_that_dies_before_the_run_ends() -> None:
    """TR-47: by its slope; a charging or a full one is no matter."""

    def kinds(levels: list[int], finish_min: int) -> list[str]:
        track = track_of([(500 + 60 * i, 0) for i in range(len(levels))], 60, levels)
        one = Watched("c1", "小张", at(0, 0), [DOOR], track, NOON + finish_min * MINUTE)
        return [a.kind for a in watch([one], {}, NOON)]

    falling = [14, 13, 12, 11, 10, 9]  # one per cent a minute: dark in six
    assert kinds(falling, 20) == ["battery"]
    assert kinds(falling, 5) == []
    assert kinds([64, 63, 62, 61, 60, 59], 200) == []
    assert kinds([9, 10, 11, 12, 13, 14], 60) == []


def test_a_jam_is_seen_by_two_in_one_place_or_one_that_crawls() -> None:
    """TR-49."""
    crawl = [(1000 + 15 * i, 0) for i in range(13)]  # 3.6 km/h
    slow = [(1000 + 22 * i, 100) for i in range(13)]  # 5.3 km/h
    ride = [(1000 + 80 * i, 0) for i in range(13)]
    still = [(1000, 0)] * 13
    assert jammed({"a": track_of(crawl)}, NOON) == {"a"}
    assert jammed({"a": track_of(slow)}, NOON) == frozenset()
    assert jammed({"a": track_of(slow), "b": track_of(slow)}, NOON) == {"a", "b"}
    assert jammed({"a": track_of(ride), "b": track_of(slow), "c": track_of(still)}, NOON) == frozenset()


def test_a_couriers_own_trouble_is_not_said_on_every_stop() -> None:
    """TR-44: on the order it stands on; on the next one only after a while."""
    said_of, next_ = SaidOfCouriers(), replace(DOOR, id="b")
    assert said_of.lets(seen("silent"), DOOR, NOON)
    assert said_of.lets(seen("silent"), DOOR, NOON + 90 * MINUTE)
    assert said_of.lets(seen("standstill"), next_, NOON + MINUTE)
    fresh = SaidOfCouriers()
    assert fresh.lets(seen("battery"), DOOR, NOON)
    assert not fresh.lets(seen("battery"), next_, NOON + 60 * MINUTE)
    assert fresh.lets(seen("battery"), next_, NOON + 121 * MINUTE)
