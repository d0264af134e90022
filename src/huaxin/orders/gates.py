"""What a shop asks for before flowers leave and when they are handed over. Pure; docs/spec/bench.md."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

LEFT_WITH = ("self", "family", "desk", "guard", "neighbour", "locker", "door", "other")
LEFT = frozenset({"desk", "guard", "neighbour", "locker", "door"})  # nobody there can sign or knows a code
NAMED = frozenset({"guard", "neighbour", "locker"})  # of these it is said who, or which
PROOFS = ("picture", "signature", "code")
FAR_M = 300.0  # farther from the address than this, beyond what the fix is exact to, is said


class Gates(msgspec.Struct, frozen=True, kw_only=True):
    """A shop's rules. `photo`: of the finished bouquet before it leaves. `answer_minutes`: how long the buyer
    may look at it (0: it is shown, not asked). `open_fix`: what a pick-up meets while the buyer waits for a
    fix. The last three: what a delivery must bring along."""

    photo: Literal["off", "wanted", "required"] = "off"
    answer_minutes: Annotated[int, Meta(ge=0, le=240)] = 15
    open_fix: Literal["warn", "refuse"] = "refuse"
    picture: bool = False
    signature: bool = False
    code: bool = False


def needed(gates: Gates, left_with: str, has_code: bool) -> list[str]:
    """Which of PROOFS a delivery must have. `has_code`: the order was given one when it was picked up.

    Flowers that are left with somebody are proved by a picture: there is nobody to sign or to know the code.
    """
    asked = [name for name in PROOFS if getattr(gates, name) and (name != "code" or has_code)]
    return ["picture"] if asked and left_with in LEFT else asked
