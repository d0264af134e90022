"""Cards and slips (bench.md, PR): what may stand there, whatever was typed, on A6."""

import re

import pytest

from huaxin.kernel import Point
from huaxin.orders.model import Address, Card, Line, Order, Party
from huaxin.papers.fonts import lacking, runs
from huaxin.papers.fonts import width as print_width
from huaxin.papers.model import Paper, card_words, paper_of, slip_words
from huaxin.papers.pages import EDGE, HEIGHT, PT, SANS, WIDTH, Code, Language, Words, card, pages_of, slip
from huaxin.papers.pdf import make_pdf
from huaxin.papers.wrap import wrap
from tests.unit.orders.helpers import FRIDAY, Play, wish


def width(face: str, text: str, size: float) -> float:
    """As wide as Chinese is; letters half of it."""
    return sum(0.5 if ord(sign) < 0x2E80 else 1.0 for sign in text) * size * PT


def order(**changes: object) -> Order:
    play = Play()
    play.do("buyer", wish(**changes))
    return play.state


def paper(**changes: object) -> Paper:
    return paper_of(order(**changes), FRIDAY, "https://shop.example")


def words_of(page: list[object]) -> str:
    return "\n".join(mark.text for mark in page if isinstance(mark, Words))


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def is_inside(page: list[object]) -> bool:
    return all(
        mark.x >= 0
        and mark.x + width(mark.face, mark.text, mark.size) <= WIDTH - 2
        and 0 < mark.y <= HEIGHT - 2
        for mark in page
        if isinstance(mark, Words)
    )


def test_a_slip_says_where_and_by_when_and_no_price() -> None:
    """PR-1."""
    page = slip(paper(note="三点前送到"), "zh-CN", width)
    said = words_of(page)
    for part in (
        "#1042",
        "妈妈",
        "13900001111",
        "阳光小区5号楼3单元401",
        "门禁 2580",
        "康乃馨 × 1",
        "三点前送到",
        "李女士",
    ):
        assert part in said
    assert "168" not in said
    assert [mark.text for mark in page if isinstance(mark, Code)] == [
        "https://shop.example/courier/orders/order-0001"
    ]


def test_a_surprise_stays_one_on_paper() -> None:
    """PR-2: no sender, no note, of the phone only what recognises it; the card as it was written."""
    kept = {
        "surprise": True,
        "note": "别说是李女士送的",
        "card": Card(text="猜猜我是谁", signature="想你的人"),
    }
    said = words_of(slip(paper(**kept), "zh-CN", width))
    for secret in ("李女士", "13900001111", "别说"):
        assert secret not in said
    assert "139****1111" in said
    assert "不要提前联系" in said
    anonymous = words_of(slip(paper(card=Card(text="好", anonymous=True)), "zh-CN", width))
    assert "李女士" not in anonymous
    assert "想你的人" in words_of(card(paper(**kept), width)[0])


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_longest_that_can_be_typed_fits(language: Language) -> None:
    """PR-4: smaller, then cut, never off the page nor over the line to sign on."""
    lines = [
        Line(product=f"p{n}", name="特别长的名字" * 6, name_en="A very long name " * 4) for n in range(20)
    ]
    address = Address(
        text="很长的地址" * 40, detail="很长的门牌" * 40, note="从南门进" * 50, point=Point(30, 120)
    )
    full = paper(
        priced=lines, address=address, note="备注" * 250, recipient=Party(name="名" * 60, phone="1" * 11)
    )
    page = slip(full, language, width)
    assert is_inside(page)
    lowest = max(
        mark.y for mark in page if isinstance(mark, Words) and mark.text not in ("签收", "Received by")
    )
    assert lowest <= HEIGHT - EDGE - 12
    assert "…" in words_of(page)


@pytest.mark.parametrize(
    "text",
    [
        "好" * 500,
        "行\n" * 250,
        "W" * 500,
        "love you to the moon and back, " * 16,
        "",
        "\n\n\n",
        "爱你",
        "🌹" * 250,
    ],
)
def test_any_card_fits_on_its_pages(text: str) -> None:
    """PR-4: nothing of the words is lost."""
    pages = card(paper(card=Card(text=text, signature="女儿")), width)
    assert all(is_inside(page) for page in pages)
    said = bare("".join(words_of(page) for page in pages))
    assert bare(text) in re.sub(r"#1042(·\d+/\d+)?|花信花店", "", said)
    assert "女儿" in words_of(pages[-1])


def test_lines_break_where_people_break_them() -> None:
    """PR-4: words stay whole, closing signs do not begin a line."""
    measure = lambda text: width(SANS, text, 1 / PT)  # noqa: E731 - one sign of Chinese is 1 wide
    assert wrap("妈妈,节日快乐", 3, measure) == ["妈妈,", "节日快", "乐"]
    assert wrap("with all my love", 5, measure) == ["with all", "my love"]
    assert wrap("a\n\nb", 5, measure) == ["a", "", "b"]
    assert all(measure(line) <= 4 for line in wrap("x" * 100, 4, measure))


def test_what_is_printed_for_many() -> None:
    """PR-3: a slip each, a card where there are words."""
    some, none = paper(), paper(card=Card())
    assert len(pages_of([some, none], "both", "zh-CN", width)) == 3
    assert len(pages_of([some, none], "card", "zh-CN", width)) == 1
    assert len(pages_of([none], "card", "zh-CN", width)) == 0


def test_a_rare_sign_is_named_and_never_silent() -> None:
    """PR-6: from the other face, else as the printers' mark; a picture is left out; the eye sees no box."""
    assert runs("sans", "吉田") == [("sans", "吉田")]
    assert runs("serif", "𠮷田🌹") == [("serif", "〓田")]
    assert lacking("𠮷田𠮷🌹\ufe0fé\n") == ["𠮷", "🌹"]
    assert print_width("serif", "𠮷田", 10) == print_width("serif", "〓田", 10)
    rare = paper(recipient=Party(name="𠮷田", phone="13900001111"), card=Card(text="好🌹", signature="女儿"))
    assert (lacking(slip_words(rare)), lacking(card_words(rare))) == (["𠮷"], ["🌹"])
    assert runs("serif", "花\U00030edd") == [("serif", "花"), ("sans", "\U00030edd")]
    assert runs("sans", "\u4db6花") == [("serif", "\u4db6"), ("sans", "花")]


def test_a_pdf_brings_its_own_fonts() -> None:
    """PR-3, PR-6: A6, embedded, and what no font has is counted instead of printed as a box."""
    made = make_pdf([paper(card=Card(text="妈妈,節日快樂!🌹 𠮷 Ünïcode", signature="女儿"))], "both", "zh-CN")
    assert made.data.startswith(b"%PDF-")
    assert made.left_out == {"🌹", "𠮷"}
    boxes = re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", made.data)
    assert [(round(float(w) * PT), round(float(h) * PT)) for w, h in boxes] == [(105, 148)] * 2
    assert made.data.count(b"/FontFile2") == 2
    assert make_pdf([paper(card=Card())], "card", "zh-CN").data == b""
