"""Finding places by typed text, and naming pins."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huaxin.maps.library import OpenCity
from huaxin.maps.model import Point
from huaxin.maps.routing import metres

WAYS_TO_WRITE = [
    "阳光小区5号楼3单元401",
    "阳光小区 5号楼 3单元 401",
    "阳光小区五号楼三单元401",
    "阳光小区５号楼３单元４０１",
    "云溪市阳光小区5号楼3单元401",
    "阳光小区5-3-401",
    "sunshine community building 5 unit 3 room 401",
    "SUNSHINE COMMUNITY, Bldg 5, Unit 3, #401",
]


@pytest.mark.parametrize("text", WAYS_TO_WRITE)
def test_the_story_address_is_found_however_written(demo: OpenCity, text: str) -> None:
    """MAP-40, MAP-41."""
    best = demo.places.search(text)[0]
    assert best.place.kind == "building"
    assert best.place.name == "阳光小区"
    assert best.detail == "5号楼3单元401"
    assert best.place.address.endswith("阳光小区5号楼")
    assert best.place.gate is not None


def test_each_unit_has_its_door(demo: OpenCity) -> None:
    """MAP-40: the three doors of building 5 are different places of the same building."""
    found = [demo.places.search(f"阳光小区5号楼{unit}单元")[0].place for unit in (1, 2, 3)]
    assert len({place.id for place in found}) == 1
    assert len({place.point for place in found}) == 3
    assert all(5 < metres(found[0].point, place.point) < 60 for place in found[1:])


def test_answers_in_english(demo: OpenCity) -> None:
    """MAP-42: the same place with English names and detail."""
    best = demo.places.search("阳光小区5号楼3单元401", lang="en")[0]
    assert best.place.name == "Sunshine Community"
    assert best.detail == "Building 5, Unit 3, 401"
    assert best.place.address.endswith("Yunxi")


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("阳光小区", "阳光小区", "compound"),
        ("阳光", "阳光小区", "compound"),
        ("花信花店", "花信花店", "poi"),
        ("huaxin flowers", "花信花店", "poi"),
        ("国际中心", "云溪国际中心", "office"),
        ("第一人民医院", "云溪市第一人民医院", "hospital"),
        ("花信大街", "花信大街", "street"),
        ("Taohua Road", "桃花路", "street"),
        ("taohua ro", "桃花路", "street"),
        ("镜湖公园", "镜湖公园", "park"),
        ("云溪天地", "云溪天地", "mall"),
    ],
)
def test_names_whole_begun_or_in_part(demo: OpenCity, text: str, name: str, kind: str) -> None:
    """MAP-42."""
    best = demo.places.search(text)[0]
    assert (best.place.name, best.place.kind) == (name, kind)


def test_an_office_block(demo: OpenCity) -> None:
    """MAP-40: blocks called by letters."""
    best = demo.places.search("云溪国际中心A座1203")[0]
    assert (best.place.name, best.detail, best.place.kind) == ("云溪国际中心", "A座1203", "building")


def test_a_building_that_is_not_there(demo: OpenCity) -> None:
    """MAP-43."""
    best = demo.places.search("阳光小区99号楼1单元101")[0]
    assert (best.place.kind, best.place.name, best.detail) == ("compound", "阳光小区", "99号楼1单元101")


def test_street_numbers(demo: OpenCity, beijing: OpenCity) -> None:
    """MAP-41, MAP-43: a number that exists is found; one that does not stays with its street."""
    shop = demo.places.search("花信花店")[0].place
    street, number = "花信大街", shop.address.removeprefix("云溪市花信大街").removesuffix("号")
    assert any(match.place.id == shop.id for match in demo.places.search(f"{street}{number}号"))
    lost = demo.places.search("花信大街9999号")[0]
    assert (lost.place.kind, lost.detail) == ("street", "9999号")
    assert beijing.places.search("成府路28号")[0].place.name.startswith("成府路")


def test_near_comes_first(demo: OpenCity) -> None:
    """MAP-45: of many with one name, the nearest."""
    all_of_them = demo.places.search("老灶台", limit=8)
    assert len(all_of_them) > 3
    for match in all_of_them:
        assert demo.places.search("老灶台", near=match.place.point)[0].place.id == match.place.id


def test_nothing_for_nothing(demo: OpenCity) -> None:
    """MAP-42: empty or unknown text finds nothing; the limit holds."""
    for text in ("", "   ", "，。", "zzzqqq", "🌹"):
        assert demo.places.search(text) == []
    assert len(demo.places.search("花园", limit=3)) == 3


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=40) | st.text(alphabet='阳光小区5号楼"*():^-AND OR NOT', max_size=20))
def test_no_text_breaks_the_search(demo: OpenCity, text: str) -> None:
    """MAP-43: whatever is typed, quotes and operators included, is text."""
    demo.places.search(text)


def test_a_pin_on_a_building(demo: OpenCity) -> None:
    """MAP-44: what was searched is what the pin is called."""
    home = demo.places.search("阳光小区5号楼")[0].place
    found = demo.places.reverse(home.point)
    assert found is not None
    assert (found.place.id, found.place.name, found.detail) == (home.id, "阳光小区", "5号楼")
    english = demo.places.reverse(home.point, lang="en")
    assert english is not None
    assert (english.place.name, english.detail) == ("Sunshine Community", "Building 5")


def test_a_pin_in_a_park_on_a_street_and_far_away(demo: OpenCity, shanghai: OpenCity) -> None:
    """MAP-44: grounds, then streets nearby, then nothing."""
    park = demo.places.search("花神公园")[0].place
    found = demo.places.reverse(park.point)
    assert found is not None
    assert found.place.name == "花神公园"
    street = shanghai.places.reverse(Point(31.2304, 121.4737))
    assert street is not None
    assert (street.place.kind, street.detail) == ("street", "附近")
    assert demo.places.reverse(Point(31.5, 121.0)) is None


def test_every_place_of_a_kind(demo: OpenCity, shanghai: OpenCity) -> None:
    """MAP-11: what a simulated day chooses its addresses from, always in the same order."""
    compounds = demo.places.of_kind("compound")
    assert len(compounds) > 150
    assert compounds == demo.places.of_kind("compound")
    buildings = demo.places.of_kind("building")
    homes = [match for match in buildings if match.place.name == "阳光小区"]
    assert "5号楼" in [match.detail for match in homes]
    assert "Building 5" in [match.detail for match in demo.places.of_kind("building", lang="en")]
    assert len(shanghai.places.of_kind("street")) > 500


def test_many_threads_search(demo: OpenCity) -> None:
    """MAP-42: one index serves all threads."""
    expected = demo.places.search("阳光小区5号楼")
    with ThreadPoolExecutor(8) as pool:
        assert all(
            found == expected for found in pool.map(lambda _: demo.places.search("阳光小区5号楼"), range(40))
        )
