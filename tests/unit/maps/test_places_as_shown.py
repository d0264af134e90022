"""Addresses in the reader's language, and as the signs have them."""

import pytest

from huaxin.live.roads import City
from huaxin.maps.library import OpenCity


@pytest.fixture
def city(demo: OpenCity) -> City:
    return City(demo)


def test_english_words_stand_beside_the_sign(city: City) -> None:
    """MAP-42"""
    found = city.search("阳光小区5号楼3单元401", None, language="en")[0]
    assert (found.name, found.detail) == ("Sunshine Community", "Building 5, Unit 3, 401")
    assert found.local == "阳光小区"
    pinned = city.reverse(found.point, "en")
    assert pinned is not None
    assert pinned.local == "阳光小区"


def test_without_a_language_the_words_are_the_citys(city: City) -> None:
    """MAP-42"""
    found = city.search("sunshine community", None)[0]
    assert (found.name, found.local) == ("阳光小区", "")
