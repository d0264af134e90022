"""The plan of a day: pure, seeded, believable."""

from huaxin.kernel import Point
from huaxin.simulation.plan import CHEN, DAWN, FLAT_TYRE, HOUR, LI, OPENS, invent_buyers, plan_day
from huaxin.simulation.spots import Spot, find_spots
from tests.unit.simulation.conftest import ZONE

MIDNIGHT = 1_795_276_800_000
SPOTS = [
    Spot(text=f"桂花小区{n}号楼1单元301", point=Point(30.2 + n / 1000, 120.0), home=n % 2 == 0)
    for n in range(1, 60)
]


def test_same_seed_same_plan() -> None:
    assert plan_day(7, MIDNIGHT, SPOTS, ZONE) == plan_day(7, MIDNIGHT, SPOTS, ZONE)
    assert plan_day(7, MIDNIGHT, SPOTS, ZONE) != plan_day(8, MIDNIGHT, SPOTS, ZONE)


def test_orders_come_in_order_and_can_be_kept() -> None:
    for seed in range(20):
        plan = plan_day(seed, MIDNIGHT, SPOTS, ZONE)
        times = [wish.at for wish in plan]
        assert times == sorted(times)
        assert len({wish.order for wish in plan}) == len(plan) >= 50
        assert times[0] >= MIDNIGHT + DAWN
        assert times[-1] < MIDNIGHT + 19 * HOUR
        for wish in plan:
            assert not wish.end or wish.end - wish.at >= HOUR
            assert wish.turn is None or wish.turn.at > wish.at


def test_the_morning_is_under_way_when_one_looks_and_goes_on_at_once() -> None:
    plan = plan_day(1, MIDNIGHT, SPOTS, ZONE)
    assert sum(wish.at < MIDNIGHT + OPENS for wish in plan) >= 8
    assert any(0 <= wish.at - MIDNIGHT - OPENS < 30_000 for wish in plan)


def test_the_stories_are_in_it() -> None:
    plan = plan_day(1, MIDNIGHT, SPOTS, ZONE)
    li = next(wish for wish in plan if wish.buyer == LI)
    assert (li.bouquet, li.recipient, li.calls_ahead) == ("carnation", "妈妈", True)
    chen = next(wish for wish in plan if wish.buyer == CHEN and wish.note.startswith("下午两点"))
    assert chen.turn is not None
    assert chen.turn.end == MIDNIGHT + 17 * HOUR
    assert any(wish.mishap == FLAT_TYRE for wish in plan)


def test_before_lunch_and_after_work_are_busy() -> None:
    plans = [plan_day(seed, MIDNIGHT, SPOTS, ZONE) for seed in range(10)]

    def orders_in(start: int, end: int) -> int:
        return sum(start * HOUR <= wish.at - MIDNIGHT < end * HOUR for plan in plans for wish in plan)

    assert orders_in(10, 12) > 1.3 * orders_in(13, 15)
    assert orders_in(16, 18) > 1.3 * orders_in(13, 15)


def test_regulars_are_always_the_same_people() -> None:
    buyers = invent_buyers()
    assert buyers == invent_buyers()
    assert buyers[:2] == [LI, CHEN]
    assert len({one.phone for one in buyers}) == len({one.name for one in buyers}) == len(buyers)


class RoadsAlone:
    """A city whose map has streets and nothing else; every second one lies across the river."""

    def places(self, kind: str) -> list[object]:
        from huaxin.live.views import PlaceMatch

        if kind != "street":
            return []
        return [
            PlaceMatch(id=str(n), name=f"{n}号路", address="", kind="street", point=Point(31 + n / 1e3, 121))
            for n in range(30)
        ]

    def table(self, sources: list[Point], destinations: list[Point]) -> tuple[object, object]:
        far = [[float("inf") if round(p.lat * 1000) % 2 else 1500.0 for p in destinations] for _ in sources]
        back = [[1500.0 for _ in destinations] for _ in sources]
        return back, far if len(sources) == 1 else back


def test_people_live_on_streets_where_the_map_has_nothing_else() -> None:
    spots = find_spots(RoadsAlone(), Point(31.0, 121.0), 1)  # type: ignore[arg-type]
    assert len(spots) == 15
    assert all(spot.text.endswith("号") for spot in spots)
