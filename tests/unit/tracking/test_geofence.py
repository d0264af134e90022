"""The ring and the shop's fence."""

import random
from math import inf

import pytest

from huaxin.dispatch.roads import flat_m
from huaxin.tracking.geofence import Ring, ShopFence
from huaxin.tracking.positions import Fix
from tests.unit.dispatch.grid import NOON, at


def fix(east: float, s: float, accuracy: float = 10.0, north: float = 0.0) -> Fix:
    return Fix(point=at(east, north), at=NOON + int(s * 1000), accuracy_m=accuracy)


def ride(
    ring: Ring, metres: list[float], *, accuracy: float = 10.0, step_s: float = 3, road: float = 1.0
) -> list[int]:
    """Indices of the fixes at which the notice came; `metres` are straight distances to the door."""
    return [
        i for i, d in enumerate(metres)
        if ring.see(fix(0, (i + 1) * step_s, accuracy), d, d * road, is_next=True)
    ]  # fmt: skip


def test_once_on_the_way_in() -> None:
    """TR-10: at 500 m, once, and never again after."""
    fired = ride(Ring(), [*range(1000, 0, -15), *range(0, 900, 15), *range(900, 0, -15)])
    assert len(fired) == 1
    assert 460 <= 1000 - 15 * fired[0] <= 500


@pytest.mark.parametrize("seed", range(20))
def test_jitter_at_the_rim_gives_one_notice(seed: int) -> None:
    """TR-11: noise, leaving and coming back: exactly one."""
    rng = random.Random(seed)
    way = [*range(900, 480, -12), *range(480, 620, 12), *range(620, 20, -12)]
    noisy = [abs(d + rng.gauss(0, 15)) for d in way]
    assert len(ride(Ring(), noisy, accuracy=15)) == 1


def test_one_wild_fix_is_not_enough() -> None:
    """TR-11: a single fix inside, neither sure nor repeated, says nothing; vague ones neither."""
    assert ride(Ring(), [900, 420, 890, 430, 880]) == []
    assert ride(Ring(), [480] * 30, accuracy=400) == []
    assert ride(Ring(), [900, 120]) == [1]


def test_across_the_river_is_not_near() -> None:
    """TR-12: 300 m as the crow flies and 2 km by the bridge is not arriving; no road at all neither."""
    ring = Ring()
    assert not any(ring.see(fix(0, s), 300, 2000, is_next=True) for s in range(3, 60, 3))
    assert not any(ring.see(fix(0, s), 300, inf, is_next=True) for s in range(60, 120, 3))


def test_passing_a_later_stop_is_not_arriving() -> None:
    """TR-13: riding past, or a red light before that door, says nothing; standing at it does."""
    ring = Ring()
    for i, d in enumerate(range(600, -600, -15)):
        assert not ring.see(fix(0, i * 3 + 3), abs(d), abs(d), is_next=False, next_m=1500)
    waiting = Ring()
    assert not any(waiting.see(fix(0, 300 + s), 30, 40, is_next=False, next_m=1500) for s in range(0, 45, 3))
    assert any(waiting.see(fix(0, 345 + s), 30, 40, is_next=False, next_m=1500) for s in range(0, 12, 3))
    shared = Ring()
    assert not any(shared.see(fix(0, 600 + s), 30, 40, is_next=False, next_m=60) for s in range(0, 300, 3))


def test_old_and_repeated_fixes_are_no_new_evidence() -> None:
    """TR-11: the same moment twice counts once."""
    ring = Ring()
    assert not ring.see(fix(0, 3), 480, 480, is_next=True)
    assert not ring.see(fix(0, 3), 480, 480, is_next=True)
    assert not ring.see(fix(0, 2), 480, 480, is_next=True)
    assert ring.see(fix(0, 6), 480, 480, is_next=True)


def test_leaving_the_shop() -> None:
    """TR-14: two sure fixes outside 150 m since the pick-up."""
    fence, shop = ShopFence(), at(0, 0)
    assert flat_m(shop, fix(200, 0).point) == pytest.approx(200, rel=1e-3)
    assert not fence.see(fix(200, 1), shop, NOON + 5_000)
    assert not fence.see(fix(10, 6), shop, NOON + 5_000)
    assert not fence.see(fix(160, 9, accuracy=60), shop, NOON + 5_000)
    assert not fence.see(fix(200, 12), shop, NOON + 5_000)
    assert fence.see(fix(215, 15), shop, NOON + 5_000)
