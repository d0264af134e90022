"""Datum conversions: published pairs, round trips, and where there is no shift."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huaxin.maps import datum
from huaxin.maps.model import Point
from huaxin.maps.routing import metres

# Published WGS-84 / GCJ-02 pairs: Shanghai, Shenzhen, Beijing.
PAIRS = [
    (Point(31.1774276, 121.5272106), Point(31.17530398364597, 121.531541859215)),
    (Point(22.543847, 113.912316), Point(22.540796131694766, 113.9171764808363)),
    (Point(39.911954, 116.377817), Point(39.91334545536069, 116.38404722455657)),
]
# A published GCJ-02 / BD-09 pair: Beijing. (Some published pairs come from a wrong constant in the inverse
# and are off by 10 to 40 metres; they are no use as a reference.)
BD_PAIRS = [
    (Point(39.915, 116.404), Point(39.92133699351021, 116.41036949371029)),
]
UNSHIFTED = [
    Point(22.2793, 114.1628),  # Hong Kong, Central
    Point(22.3964, 114.1095),  # Hong Kong, Tsuen Wan
    Point(22.1470, 113.5700),  # Macau, Cotai
    Point(25.0330, 121.5654),  # Taipei
    Point(22.6273, 120.3014),  # Kaohsiung
    Point(35.6812, 139.7671),  # Tokyo
    Point(48.8566, 2.3522),  # Paris
]
SHIFTED = [
    Point(22.5349, 114.1122),  # Shenzhen, Luohu station, beside the Hong Kong border
    Point(22.5229, 114.0560),  # Shenzhen, Futian port
    Point(22.2200, 113.5480),  # Zhuhai, Gongbei, beside Macau
    Point(24.4798, 118.0894),  # Xiamen
    Point(43.8256, 87.6168),  # Urumqi
    Point(20.0174, 110.3492),  # Haikou
]
MAINLAND = st.builds(Point, st.floats(19.0, 53.0), st.floats(74.0, 134.5)).filter(datum.has_shift)


@pytest.mark.parametrize(("wgs", "gcj"), PAIRS)
def test_published_gcj02_pairs(wgs: Point, gcj: Point) -> None:
    """MAP-2: the forward conversion is the published one, the inverse finds its way back."""
    assert metres(datum.wgs84_to_gcj02(wgs), gcj) < 0.01
    assert metres(datum.gcj02_to_wgs84(gcj), wgs) < 0.01


@pytest.mark.parametrize(("gcj", "bd"), BD_PAIRS)
def test_published_bd09_pairs(gcj: Point, bd: Point) -> None:
    """MAP-2: BD-09 is the published conversion, and the inverse finds its way back."""
    assert metres(datum.gcj02_to_bd09(gcj), bd) < 0.01
    assert metres(datum.bd09_to_gcj02(bd), gcj) < 0.01


@given(MAINLAND)
def test_round_trips_return_within_a_centimetre(point: Point) -> None:
    """MAP-2: every pair of conversions is an identity to within a centimetre."""
    assert metres(datum.gcj02_to_wgs84(datum.wgs84_to_gcj02(point)), point) < 0.01
    assert metres(datum.bd09_to_wgs84(datum.wgs84_to_bd09(point)), point) < 0.01
    gcj = datum.wgs84_to_gcj02(point)
    assert metres(datum.bd09_to_gcj02(datum.gcj02_to_bd09(gcj)), gcj) < 0.01
    for name in ("wgs84", "gcj02", "bd09"):
        assert metres(datum.to_wgs84(datum.from_wgs84(point, name), name), point) < 0.01


@given(MAINLAND)
def test_the_shift_is_some_hundred_metres(point: Point) -> None:
    """MAP-1: on the mainland the two datums differ by what is known of them."""
    assert 50 < metres(point, datum.wgs84_to_gcj02(point)) < 1500


@pytest.mark.parametrize("point", UNSHIFTED)
def test_no_shift_outside_the_mainland(point: Point) -> None:
    """MAP-3: Hong Kong, Macau, Taiwan and abroad keep their coordinates, both ways."""
    assert datum.wgs84_to_gcj02(point) == point
    assert datum.wgs84_to_bd09(point) == point
    assert datum.gcj02_to_wgs84(point) == point
    assert datum.bd09_to_wgs84(point) == point


def test_the_macau_peninsula_is_not_shifted() -> None:
    """MAP-3: not shifted outwards; so near the border the way back reads as the mainland, as documented."""
    point = Point(22.1987, 113.5439)
    assert datum.wgs84_to_gcj02(point) == point
    assert datum.wgs84_to_bd09(point) == point


@pytest.mark.parametrize("point", SHIFTED)
def test_shift_right_up_to_the_border(point: Point) -> None:
    """MAP-3: mainland cities at the border are shifted and still come back."""
    gcj = datum.wgs84_to_gcj02(point)
    assert gcj != point
    assert metres(datum.gcj02_to_wgs84(gcj), point) < 0.01
    assert metres(datum.bd09_to_wgs84(datum.wgs84_to_bd09(point)), point) < 0.01


def test_unknown_datum_is_refused() -> None:
    """MAP-4."""
    with pytest.raises(ValueError, match="unknown datum 'nad27'"):
        datum.to_wgs84(Point(30, 120), "nad27")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="wgs84, gcj02, bd09"):
        datum.from_wgs84(Point(30, 120), "")  # type: ignore[arg-type]
