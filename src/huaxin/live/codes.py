"""QR codes for the screens, drawn here: what is in them (a tracker's password) goes to nobody else."""

from typing import Annotated, Any

import msgspec
import qrcode
from msgspec import Meta

from huaxin.journal.model import Rejected
from huaxin.people.model import Principal


class CodeArgs(msgspec.Struct, frozen=True, kw_only=True):
    text: Annotated[str, Meta(min_length=1, max_length=1200)]


class CodeView(msgspec.Struct, frozen=True, kw_only=True):
    """A QR code: `path` is drawn in an SVG of `size` by `size`."""

    size: int
    path: str


def path_of(rows: list[list[bool]]) -> str:
    """The dark fields as one SVG path, a bar for each run of a row."""
    bars = []
    for y, row in enumerate(rows):
        begin = -1
        for x, dark in enumerate([*row, False]):
            if dark and begin < 0:
                begin = x
            elif not dark and begin >= 0:
                bars.append(f"M{begin} {y}h{x - begin}v1h{begin - x}z")
                begin = -1
    return "".join(bars)


async def draw_code(who: Principal, args: CodeArgs) -> CodeView:
    """Raises Rejected auth.required (401)."""
    if not who.person:
        raise Rejected("auth.required", "Log in first.", status=401)
    code = qrcode.QRCode(border=0, error_correction=qrcode.ERROR_CORRECT_L)
    code.add_data(args.text)
    code.make()
    rows = [[bool(field) for field in row] for row in code.get_matrix()]
    return CodeView(size=len(rows), path=path_of(rows))


def code_queries() -> dict[str, tuple[Any, Any, Any]]:
    return {"draw_code": (CodeArgs, CodeView, draw_code)}
