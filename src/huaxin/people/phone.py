"""Phone numbers: one spelling inside, clear words when one cannot be right. Pure."""

import re

from huaxin.journal.model import Rejected

_MAINLAND = re.compile(r"1[3-9]\d{9}", re.ASCII)  # there are other digits that look alike
_E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_NOISE = re.compile(r"[\s\-().·\u2010-\u2015]+")
# Full-width digits and plus come from Chinese keyboards.
_NARROW = {0xFF10 + i: str(i) for i in range(10)} | {0xFF0B: "+", 0xFF08: "(", 0xFF09: ")", 0xFF0D: "-"}


def normalise(raw: str) -> str:
    """11 digits for a mobile number of mainland China, "+" and 7–15 digits (E.164) for any other.

    Raises Rejected `phone.invalid` (422) with what was given as its value.
    """
    number = _NOISE.sub("", raw.translate(_NARROW))
    if number.startswith("00"):
        number = "+" + number[2:]
    for prefix in ("+86", "86"):
        rest = number.removeprefix(prefix)
        if rest != number and _MAINLAND.fullmatch(rest):
            return rest
    if _MAINLAND.fullmatch(number):
        return number
    # +86 with anything but a mobile cannot receive a code.
    if _E164.fullmatch(number) and not number.startswith("+86"):
        return number
    raise Rejected(
        "phone.invalid",
        "That is not a phone number we can reach: 11 digits in mainland China, or + and the country code.",
        raw[:32],
        status=422,
    )


def mask(phone: str) -> str:
    """138****5678; a foreign number keeps its first and last three signs."""
    if len(phone) == 11 and not phone.startswith("+"):
        return f"{phone[:3]}****{phone[-4:]}"
    return f"{phone[:3]}****{phone[-3:]}" if len(phone) > 6 else "****"
