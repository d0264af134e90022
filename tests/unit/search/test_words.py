"""What is looked for and where it is found (docs/spec/search.md)."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from huaxin.journal.model import Rejected
from huaxin.search import words
from huaxin.search.excerpt import LENGTH, cut
from huaxin.search.folding import Run, fold
from huaxin.search.words import Place, find, find_in, read_query, terms_of

# Signs that have made trouble somewhere: widths, ligatures, emoji with joiners, combining and bidi marks.
SIGNS = "花店妈a1é 0９ＡßﬁŉΣς🌹👨\u200d👩💐🏽‍、。,\"'*^():-_%\\/\n\t\u0301\u202e한글かカ①½\x00ı"
texts = st.text(st.sampled_from(SIGNS), max_size=30) | st.text(max_size=20)


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("阳光小区5号楼3单元401", "光", "光"),
        ("阳光小区5号楼3单元401", "小区5号", "小区5号"),
        ("阳光小区5号楼3单元401", "5号楼3单元401", "5号楼3单元401"),
        ("阳光小区5号楼3单元401", "401", "401"),
        ("阳光小区5号楼3单元401", "01", None),  # not the beginning of a number, and 401 is short
        ("13812345678", "5678", "5678"),
        ("13812345678", "138", "138"),
        ("13812345678", "78", None),
        ("订单1042", "1042", "1042"),
        ("订单1042", "#1042", None),  # the sign is part of what is looked for
        ("Pink Roses", "rose", "Rose"),
        ("Pink Roses", "ose", None),
        ("ＲＯＳＥＳ for Café Zoë", "cafe zoe", "Café|Zoë"),
        ("生日快乐🌹", "🌹", "🌹"),
        ("先买花,再买花瓶", "花", "花|花"),
        ("说:\u202e你好\u202c吧", "你好", "你好"),
        ("don't", "don't", "don't"),
        ("妈妈", "妈 妈妈", "妈妈"),
    ],
)
def test_examples(text: str, query: str, found: str | None) -> None:
    """SRC-1, SRC-2, SRC-3."""
    match = find([text], read_query(query))
    assert (match and "|".join(text[p.start : p.end] for p in match.places)) == found


def test_all_words_must_be_there_but_not_in_one_text() -> None:
    """SRC-3: the best text is the one that has most of them."""
    sought = read_query("李 康乃馨")
    match = find(["阳光小区", "李女士", "康乃馨给李女士"], sought)
    assert match is not None
    assert match.field == 2
    assert find(["李女士", "康乃馨"], sought) is not None
    assert find(["李女士", "玫瑰"], sought) is None


@pytest.mark.parametrize("query", ["", "   ", "\n", ",。!?", "\"'*", "\u202e", "\x00", "()", "-"])
def test_nothing_to_look_for_finds_nothing(query: str) -> None:
    """SRC-10."""
    assert find(["有字", query], read_query(query)) is None


def test_too_much_to_look_for_is_refused() -> None:
    """SRC-10."""
    for query in ("花" * 201, "a" * 1_000_000, "花 " * 500_000):
        with pytest.raises(Rejected) as refused:
            read_query(query)
        assert refused.value.code == "search.too_long"


@given(texts, texts)
@example("ß", "s")
@example("a\u0301b", "ab")
def test_whatever_is_found_has_all_the_terms(text: str, query: str) -> None:
    """SRC-4: so an index narrows and never hides, whichever database it is in."""
    sought = read_query(query)
    if find([text], sought) is None:
        return
    kept = terms_of([text])
    for term in sought.terms:
        fits = (one.startswith(term.text) if term.prefix else one == term.text for one in kept)
        assert any(fits), (term, kept)


@given(texts, st.integers(0, 30), st.integers(1, 8))
def test_a_piece_of_chinese_is_always_found(text: str, start: int, length: int) -> None:
    """SRC-1."""
    text += "送花上门请打电话"
    start = min(start, len(text) - 1)
    piece = text[start : start + length]
    if all("\u4e00" <= sign <= "\u9fff" for sign in piece):
        assert find([text], read_query(piece)) is not None


@given(texts, texts)
def test_places_are_in_the_text_and_read_the_same(text: str, query: str) -> None:
    """SRC-5."""
    words = read_query(query).words
    for word, places in zip(words, find_in(text, words), strict=True):
        for place in places:
            assert 0 <= place.start < place.end <= len(text)
            assert word in fold(text[place.start : place.end]).text


@given(st.text(max_size=300), st.data())
def test_an_excerpt_is_short_and_its_ranges_point_at_the_same_words(text: str, data: st.DataObject) -> None:
    """SRC-5: ranges in UTF-16 units."""
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, min(len(text), start + 20)))
    shown, ranges = cut(text, [Place(start, end)])
    assert len(shown) <= LENGTH + 22
    units = shown.encode("utf-16-le", "surrogatepass")
    begin, stop = ranges[0]
    said = units[2 * begin : 2 * stop].decode("utf-16-le", "surrogatepass")
    assert said == text[start:end].replace("\n", " ")


def test_many_short_words_in_a_long_text_cost_no_more_than_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """SRC-11: a text made to be slow (thousands of words, all of them found) is looked through once."""
    looked = 0

    def counted(run: Run) -> int:
        nonlocal looked
        looked += 1
        return run.start

    monkeypatch.setattr(words, "_start", counted)
    match = find(["明a" * 2000], read_query("明"))
    assert match is not None
    assert len(match.places) == 2000
    assert looked < 2000 * 20
