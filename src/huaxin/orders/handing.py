"""What proves that flowers left as they should and arrived. Screens see these through orders/views.py."""

import msgspec

from huaxin.kernel import Point


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """How the flowers were handed over. `at` by the server's clock, `device_at` by the phone's."""

    at: int
    device_at: int = 0
    point: Point | None = None
    picture: str = ""
    received_by: str = ""
    left_with: str = ""  # orders/gates.py LEFT_WITH; "": not said
    signature: str = ""  # id of a medium: drawn on the screen
    code: bool = False  # the receipt code was known
    accuracy_m: float = 0.0  # of `point`, 0: not known
    distance_m: float = -1.0  # from `point` to the address, straight; -1: not known
    far: bool = False  # farther than the position's error explains


class Bouquet(msgspec.Struct, frozen=True, kw_only=True):
    """The picture of the finished flowers, and what the buyer says to it. Times are ms, 0: not."""

    id: str
    picture: str  # id of a medium
    at: int
    status: str = "shown"  # shown | asked | approved | fix
    answer_by: int = 0  # asked: no answer until then is a yes
    answered_at: int = 0
    fix: str = ""  # what the buyer wished to have changed; asked once
    earlier: list[str] = []  # pictures this one took the place of
