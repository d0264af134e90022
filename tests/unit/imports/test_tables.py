"""Tables of orders: whatever wrote them, row by row (IM-1 to IM-5)."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from huaxin.catalogue.model import Product, Variant
from huaxin.imports.columns import COLUMNS, find_columns, template
from huaxin.imports.rows import Found, Read, Reader, Setting
from huaxin.imports.table import MOST_ROWS, read_table
from huaxin.journal.model import Rejected
from huaxin.kernel import Point
from huaxin.live.importing import sold_as
from huaxin.orders.commands import LineWish
from huaxin.tracking.notes import promise_from_note

ZONE = "Asia/Shanghai"
HEAD = "单号,配送日期,配送时间,收花人,收花人电话,地址,花束,数量,贺卡,匿名,备注"
ROW = "A-1,2026-03-08,9:00-11:00,李妈妈,13900001111,阳光小区5号楼3单元401,红玫瑰,2,节日快乐,是,轻放"


SIZES = (Variant(id="s", name="小", name_en="small"), Variant(id="l", name="大", name_en="Large"))
SOLD = [
    Product(shop="s", id="rose", name="红玫瑰", name_en="Red roses", variants=SIZES),
    Product(shop="s", id="lily", name="白百合", name_en="Lilies"),
    Product(shop="s", id="box", name="花盒(玫瑰+百合)", name_en="Box x2"),
]


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)).timestamp() * 1000)


def read(text: str | bytes) -> list[Read]:
    table = read_table(text.encode() if isinstance(text, str) else text)
    setting = Setting(
        shop="s",
        zone=ZONE,
        now=at("2026-03-06 15:00"),
        products=sold_as(SOLD),
        find=lambda text: Found(name="阳光小区", point=Point(30.0, 120.0)) if "阳光" in text else None,
        read_note=promise_from_note,
    )
    reader = Reader(find_columns(table.header), setting)
    return [reader.read(line) for line in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_spreadsheet_is_read_alike(encoding: str, separator: str) -> None:
    """IM-1: also with quoted cells that hold separators and line breaks."""
    card = '"一,二;三\n四 ""五"""'
    text = "\r\n".join([HEAD, ROW.replace("节日快乐", "CARD")]).replace(",", separator).replace("CARD", card)
    (found,) = read(text.encode(encoding))
    assert not found.problems
    assert found.wish is not None
    assert found.wish.card.text == '一,二;三\n四 "五"'
    assert (found.wish.lines[0].product, found.wish.lines[0].quantity) == ("rose", 2)
    assert found.wish.card.anonymous
    promise = found.wish.promise
    assert promise is not None
    assert (promise.start, promise.end) == (at("2026-03-08 09:00"), at("2026-03-08 11:00"))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "import.empty"),
        (HEAD.encode(), "import.empty"),
        (b"\xff\xff,\n1,2", "import.encoding"),
        (b"\x89PNG\r\n\x1a\n\0\0", "import.binary"),
        (b"a,b\0\n1,2\n", "import.binary"),
        ((HEAD + "\n" + (ROW + "\n") * (MOST_ROWS + 1)).encode(), "import.too_many"),
        (b"x" * 8_000_001, "import.too_big"),
        ((",".join("abcdefgh" * 8) + "\n1").encode(), "import.columns"),
    ],
)
def test_what_is_no_table_is_refused_in_words(data: bytes, code: str) -> None:
    """IM-2."""
    with pytest.raises(Rejected) as refused:
        read_table(data)
    assert (refused.value.code, refused.value.status) == (code, 422)


def test_columns_are_known_by_many_names() -> None:
    """IM-3: in any order; unknown ones do no harm, missing and double ones are named."""
    found = find_columns(["Recipient phone *", "什么", "收件人", "DATE", "时段", "address", "商品"])
    assert found == {"phone": 0, "recipient": 2, "day": 3, "time": 4, "address": 5, "product": 6}
    with pytest.raises(Rejected) as missing:
        find_columns(["收花人"])
    assert missing.value.code == "import.missing"
    assert "地址" in missing.value.value["columns"]
    with pytest.raises(Rejected) as twice:
        find_columns(["收花人", "收件人"])
    assert twice.value.code == "import.twice"


def test_what_is_wrong_is_named_by_row_column_and_value() -> None:
    """IM-4: all of a row's mistakes at once."""
    wrong = "A-1,2026-02-30,很早,,12345,月亮上,蓝色妖姬,0,好,也许,"
    _, found = read("\n".join([HEAD, ROW, wrong]))
    said = {one.column.zh: (one.row, one.value) for one in found.problems}
    assert said == {
        "单号": (3, "A-1"),
        "配送日期": (3, "2026-02-30"),
        "收花人": (3, ""),
        "收花人电话": (3, "12345"),
        "地址": (3, "月亮上"),
        "花束": (3, "蓝色妖姬"),
        "数量": (3, "0"),
        "匿名": (3, "也许"),
    }
    assert all(one.words.zh and one.words.en for one in found.problems)


@pytest.mark.parametrize(
    ("day", "said", "start", "end"),
    [
        ("2026/3/8", "9-11", "2026-03-08 09:00", "2026-03-08 11:00"),
        ("2026年3月8日", "9点到11点半", "2026-03-08 09:00", "2026-03-08 11:30"),
        ("3月8日", "9:30~11", "2026-03-08 09:30", "2026-03-08 11:00"),
        ("2026.03.08", "下午三点前", "", "2026-03-08 15:00"),
        ("2026-03-08 00:00:00", "15:00前", "", "2026-03-08 15:00"),
        ("2026-03-08", "by 15:00", "", "2026-03-08 15:00"),
        ("1月3日", "9:00-11:00", "", ""),
        ("2026-03-08", "11:00-9:00", "", ""),
        ("2026-03-06", "9:00-11:00", "", ""),
        ("2026-12-24", "9:00-11:00", "", ""),
        ("2026-03-08", "25:00", "", ""),
    ],
)
def test_days_and_times_are_read_or_asked(day: str, said: str, start: str, end: str) -> None:
    """IM-4: never guessed."""
    (found,) = read("\n".join([HEAD, ROW.replace("2026-03-08", day).replace("9:00-11:00", said)]))
    promise = found.wish.promise if found.wish else None
    if not end:
        assert found.problems
        return
    assert promise is not None
    assert (promise.start, promise.end) == (at(start) if start else 0, at(end))


@pytest.mark.parametrize(
    ("cell", "lines"),
    [
        ("红玫瑰×2;白百合", [("rose", "", 2), ("lily", "", 1)]),
        ("红玫瑰(大)×2、白百合 x 3束", [("rose", "l", 2), ("lily", "", 3)]),
        ("RED ROSES [large] * 1 + Lilies*12", [("rose", "l", 1), ("lily", "", 12)]),
        ("红玫瑰\n红玫瑰（小）\n红玫瑰×2", [("rose", "", 3), ("rose", "s", 1)]),
        ("花盒(玫瑰+百合)", [("box", "", 1)]),
        ("box x2", [("box", "", 1)]),
        ("花盒(玫瑰+百合)×2", [("box", "", 2)]),
    ],
)
def test_several_bouquets_of_one_order(cell: str, lines: list[tuple[str, str, int]]) -> None:
    """IM-11: in one cell, with counts and sizes; a name is read whole before it is taken apart."""
    (found,) = read("\n".join([HEAD, ROW.replace("红玫瑰,2", f'"{cell}",')]))
    assert found.wish is not None, found.problems
    assert found.wish.lines == [LineWish(product=p, variant=v, quantity=n) for p, v, n in lines]


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ("红玫塊,2,", "花束", "店里没有「红玫塊」,是不是:红玫瑰"),
        ("绣球,,", "花束", "店里没有「绣球」,请写目录里的名字,如:红玫瑰、白百合、花盒(玫瑰+百合)"),
        ("红玫瑰(特大),,", "花束", "「红玫瑰」没有这个规格,可以写:小、大"),
        ("白百合,,大", "规格", "「白百合」不分规格,请留空"),
        ("红玫瑰×2,3,", "数量", "和「花束」里写的重复,请留空这一格"),
        ("红玫瑰(大),,小", "规格", "和「花束」里写的重复,请留空这一格"),
        ("红玫瑰;白百合,2,", "数量", "一单几种花时,请把数量和规格写在花束里:玫瑰(大)×2;百合×1"),
        ("红玫瑰×100,,", "花束", "每种请写 1 到 99 束"),
        ("红玫瑰×60;红玫瑰×60,,", "花束", "每种请写 1 到 99 束"),
        (",,", "花束", "没有填,请补上"),
    ],
)
def test_a_wrong_bouquet_says_what_to_do(cells: str, column: str, words: str) -> None:
    """IM-4, IM-11: what is sold that is like it, which sizes there are, which cell to leave empty."""
    head, row = HEAD.replace("数量", "数量,规格"), ROW.replace("红玫瑰,2", cells)
    (found,) = read("\n".join([head, row]))
    assert [(one.column.zh, one.words.zh) for one in found.problems] == [(column, words)]
    assert found.problems[0].words.en


def test_sizes_and_counts_in_columns_of_their_own() -> None:
    """IM-11: for a single bouquet; and a number that stands twice says where both bouquets belong."""
    head = HEAD.replace("数量", "数量,规格")
    found, twice = read(
        "\n".join([head, ROW.replace("玫瑰,2", "玫瑰,2,大"), ROW.replace("玫瑰,2", "玫瑰,1,")])
    )
    assert found.wish is not None
    assert found.wish.lines == [LineWish(product="rose", variant="l", quantity=2)]
    assert "写在那一行的「花束」里" in twice.problems[0].words.zh


def test_a_formula_is_text_and_long_text_is_refused() -> None:
    """IM-5: nothing is calculated, nothing cut off in silence."""
    (found,) = read("\n".join([HEAD, ROW.replace("节日快乐", "\"=cmd|' /C calc'!A0\"")]))
    assert found.wish is not None
    assert found.wish.card.text == "=cmd|' /C calc'!A0"
    (long,) = read("\n".join([HEAD, ROW.replace("节日快乐", "花" * 501)]))
    assert [one.column.zh for one in long.problems] == ["贺卡"]
    (emoji,) = read("\n".join([HEAD, ROW.replace("节日快乐", "💐\u202e🎂")]))
    assert emoji.wish is not None
    assert emoji.wish.card.text == "💐🎂"


def test_the_same_row_is_the_same_order_everywhere() -> None:
    """IM-6: by its number, or by its words and how often they stood there."""
    bare = ROW.replace("A-1,", ",")
    first = read("\n".join([HEAD, ROW, bare, bare]))
    again = read("\n".join([HEAD, bare, ROW.replace("轻放", "别的"), bare]))
    ids = [one.wish.order for one in first if one.wish]
    assert len(set(ids)) == 3
    assert [one.wish.order for one in again if one.wish] == [ids[1], ids[0], ids[2]]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_template_can_be_imported(language: str) -> None:
    """IM-3: as it is, and a name that would be a formula stays text."""
    data = template(language, "2026-03-08", "红玫瑰")
    (found,) = read(data)
    assert not found.problems
    assert len(read_table(data).header) == len(COLUMNS)
    assert b"'=SUM" in template(language, "2026-03-08", "=SUM(A1)")
