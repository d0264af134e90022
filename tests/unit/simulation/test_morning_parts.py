"""The parts of a morning that need no house: printed pages read again, what a shop sets."""

import pytest

from huaxin.papers.pdf import make_pdf
from huaxin.simulation.morning.papers import A6, read_pages
from huaxin.simulation.morning.scale import BOUQUETS, FULL, SMALL
from huaxin.slots.model import tidy_plan
from tests.unit.papers.test_papers import paper


def test_printed_pages_are_read_again() -> None:
    """PR-3: size and number of the pages; what is cut short or broken is found."""
    document = make_pdf([paper(), paper()], "slip", "zh-CN").data
    pages = read_pages(document)
    assert [(round(wide), round(high)) for wide, high in pages] == [(round(A6[0]), round(A6[1]))] * 2
    with pytest.raises(ValueError, match="only a part"):
        read_pages(document[:-40])
    at = document.index(b"stream", document.index(b"ASCII85Decode")) + 40
    with pytest.raises(ValueError, match="unpacked"):
        read_pages(document[:at] + b"zzzz!!!!" + document[at + 8 :])


def test_what_the_shop_sets_is_accepted() -> None:
    """SL-11: windows that do not overlap; one of them is sold out to the last seat."""
    for scale in (FULL, SMALL):
        assert tidy_plan(scale.plan()) == scale.plan()
        assert scale.seats in [window.orders for window in scale.windows]
        assert max(window.orders for window in scale.windows) <= scale.seats
    assert FULL.orders == 200
    assert len({one.id for one in BOUQUETS}) == len(BOUQUETS)
