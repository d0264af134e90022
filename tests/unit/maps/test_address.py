"""Reading typed addresses, without a map."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huaxin.maps.address import normalise, parse


@pytest.mark.parametrize(
    "text",
    [
        "阳光小区5号楼3单元401",
        "阳光小区 5号楼 3单元 401",
        "阳光小区５号楼３单元４０１",
        "阳光小区五号楼三单元401",
        "阳光小区,5号楼,3单元,401",
        "阳光小区5#3单元401",
        "阳光小区5-3-401",
    ],
)
def test_the_same_door_however_written(text: str) -> None:
    """MAP-41: width, spaces, numerals and short forms do not matter."""
    address = parse(text)
    assert address.head == "阳光小区"
    assert address.detail == "5号楼3单元401"


@pytest.mark.parametrize(
    ("text", "head", "house", "detail"),
    [
        ("云溪国际中心A座1203", "云溪国际中心", "", "A座1203"),
        ("翠竹苑12栋802室", "翠竹苑", "", "12栋802室"),
        ("桃花路88号", "桃花路", "88", ""),
        ("桃花路八十八号", "桃花路", "88", ""),
        ("桃花路88号阳光小区5号楼", "阳光小区", "88", "5号楼"),
        ("阳光小区十二号楼", "阳光小区", "", "12号楼"),
        ("阳光小区 3单元401", "阳光小区", "", "3单元401"),
        ("花信花店", "花信花店", "", ""),
        ("88 Taohua Road", "taohua road", "88", ""),
        ("Sunshine Community, Building 5, Unit 3, Room 401", "sunshine community", "", "5号楼3单元401"),
        ("sunshine community bldg 5 #401", "sunshine community", "", "5号楼401"),
        ("一号公馆", "1号公馆", "", ""),
    ],
)
def test_parts_of_an_address(text: str, head: str, house: str, detail: str) -> None:
    """MAP-41: what is the place, what its street number, what comes behind the gate."""
    address = parse(text)
    assert (address.head, address.house, address.detail) == (head, house, detail)


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    """MAP-43: no text makes the parser fail, and normalising twice changes nothing more."""
    parse(text)
    once = normalise(text)
    assert normalise(once) == once
