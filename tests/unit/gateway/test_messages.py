"""RFC 6455 above frames: assembling, UTF-8, close codes."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huaxin.gateway.transports.messages import (
    BINARY,
    CONTINUATION,
    TEXT,
    Assembler,
    Violation,
    is_valid_close_code,
    read_close,
)
from huaxin.gateway.transports.origin import is_origin_allowed


@given(st.text(max_size=50), st.lists(st.integers(0, 150), max_size=5))
def test_fragments_make_the_message(text: str, cuts: list[int]) -> None:
    """GW-2: wherever a text is cut, also inside a character."""
    payload = text.encode()
    edges = [0, *sorted(min(c, len(payload)) for c in cuts), len(payload)]
    pieces = [payload[a:b] for a, b in itertools.pairwise(edges)]
    assembler = Assembler(1000)
    done = None
    for index, piece in enumerate(pieces):
        assert done is None
        done = assembler.take(CONTINUATION if index else TEXT, index == len(pieces) - 1, piece)
    assert done == (TEXT, payload)


def test_bad_text_fails_in_its_fragment() -> None:
    """GW-2: not only at the end of the message."""
    assembler = Assembler(1000)
    assembler.take(TEXT, False, "花".encode()[:2])
    with pytest.raises(Violation) as violation:
        assembler.take(CONTINUATION, False, b"\xff")
    assert violation.value.code == 1007


def test_order_of_fragments() -> None:
    """GW-2."""
    with pytest.raises(Violation):
        Assembler(10).take(CONTINUATION, True, b"")
    assembler = Assembler(10)
    assembler.take(BINARY, False, b"\xff")
    with pytest.raises(Violation):
        assembler.take(TEXT, True, b"")


def test_size_is_that_of_the_message() -> None:
    """GW-90: fragments add up."""
    assembler = Assembler(10)
    assembler.take(BINARY, False, b"12345")
    assembler.take(CONTINUATION, False, b"12345")
    with pytest.raises(Violation) as violation:
        assembler.take(CONTINUATION, False, b"1")
    assert violation.value.code == 1009


@pytest.mark.parametrize("code", [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535])
def test_codes_nobody_may_send(code: int) -> None:
    """GW-2."""
    assert not is_valid_close_code(code)
    with pytest.raises(Violation) as violation:
        read_close(code.to_bytes(2, "big"))
    assert violation.value.code == 1002


def test_close_frames() -> None:
    """GW-2."""
    assert read_close(b"") == (1000, "")
    assert read_close(b"\x03\xe9" + "走了".encode()) == (1001, "走了")
    with pytest.raises(Violation):
        read_close(b"\x03")
    with pytest.raises(Violation):
        read_close(b"\x03\xe8\xff")


@pytest.mark.parametrize(
    ("origin", "host", "expected"),
    [
        (None, "a", True),
        ("http://a", "a", True),
        ("http://a:80", "a", True),
        ("https://a", "a:443", True),
        ("http://A:8000", "a:8000", True),
        ("http://a:8001", "a:8000", False),
        ("http://b", "a", False),
        ("null", "a", False),
        ("http://a.evil", "a", False),
        ("http://[::1]:8000", "[::1]:8000", True),
        ("http://a:bad", "a", False),
    ],
)
def test_own_origin(origin: str | None, host: str, expected: bool) -> None:
    """GW-91."""
    assert is_origin_allowed(origin, host, ()) is expected
    assert is_origin_allowed(origin, host, ("*",))
