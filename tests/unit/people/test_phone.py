"""PE-1…PE-3: one spelling of a phone number, clear words for the rest."""

import pytest

from huaxin.journal.model import Rejected
from huaxin.people.phone import mask, normalise


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("13812345678", "13812345678"),
        (" 138 1234-5678 ", "13812345678"),
        ("+86 138 1234 5678", "13812345678"),
        ("0086-13812345678", "13812345678"),
        ("8613812345678", "13812345678"),
        ("138·1234·5678", "13812345678"),
        ("+1 (415) 555-2671", "+14155552671"),
        ("0085291234567", "+85291234567"),
        ("+44 20 7946 0958", "+442079460958"),
    ],
)
def test_numbers_have_one_spelling(raw: str, kept: str) -> None:
    """PE-1."""
    assert normalise(raw) == kept
    assert normalise(kept) == kept


@pytest.mark.parametrize(
    "raw",
    ["", "12812345678", "1381234567", "138123456789", "+8621234567", "+", "abc", "+012345678", "13812345678x",
     "021-6234 5678", "+1234567890123456", "138٠٠٠٠٠٠٠٠", "+1٤١٥٥٥٥٢٦٧١"],
)  # fmt: skip
def test_what_cannot_be_a_number_is_named(raw: str) -> None:
    """PE-2."""
    with pytest.raises(Rejected) as refused:
        normalise(raw)
    assert (refused.value.code, refused.value.status, refused.value.value) == ("phone.invalid", 422, raw)


def test_full_width_digits_are_digits() -> None:
    """PE-1: a Chinese keyboard writes them."""
    wide = "".join(chr(0xFF10 + int(d)) for d in "13812345678")
    assert normalise(wide) == "13812345678"


def test_masks() -> None:
    """PE-3."""
    assert mask("13812345678") == "138****5678"
    assert mask("+14155552671") == "+14****671"
    assert "4567" not in mask("1234567")
