"""Slips and cards: printed as the shop prints them, kept as files, opened again and counted."""

import re
import zlib
from base64 import a85decode
from collections.abc import Sequence

from huaxin.orders.model import Order
from huaxin.simulation.morning.scene import SHOP, Scene

A6 = (297.6, 419.5)  # points
AT_ONCE = 200  # orders in one address
_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
_BOX = re.compile(rb"/MediaBox\s*\[\s*([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)\s*\]")
_STREAM = re.compile(rb"/ASCII85Decode\s*/FlateDecode.*?stream\r?\n(.*?)endstream", re.DOTALL)


def read_pages(document: bytes) -> list[tuple[float, float]]:
    """Width and height of every page, in points. Every page's drawing is unpacked on the way.

    Raises ValueError when it is no PDF, is cut short, or holds something broken.
    """
    if not document.startswith(b"%PDF-") or b"%%EOF" not in document[-32:]:
        raise ValueError("no PDF, or only a part of one")
    for packed in _STREAM.findall(document):
        try:
            zlib.decompress(a85decode(packed.strip().removesuffix(b"~>")))
        except (ValueError, zlib.error) as error:
            raise ValueError("a page cannot be unpacked") from error
    boxes = [tuple(float(one) for one in found) for found in _BOX.findall(document)]
    if len(boxes) != len(_PAGE.findall(document)):
        raise ValueError("a page without a size")
    return [(right - left, top - low) for left, low, right, top in boxes]


async def print_for(scene: Scene, orders: Sequence[Order], name: str) -> None:
    """`slips-NAME.pdf` and `cards-NAME.pdf` of these orders."""
    for what in ("slip", "card"):
        wanted = [one for one in orders if what == "slip" or one.card.text]
        pages = 0
        for start in range(0, len(wanted), AT_ONCE):
            ids = ",".join(one.id for one in wanted[start : start + AT_ONCE])
            document = await scene.desk.fetch(
                f"/api/shops/{SHOP}/papers.pdf", orders=ids, what=what, lang="zh-CN"
            )
            part = f"-{start // AT_ONCE + 1}" if len(wanted) > AT_ONCE else ""
            scene.folder.mkdir(parents=True, exist_ok=True)
            (scene.folder / f"{what}s-{name}{part}.pdf").write_bytes(document)
            pages += _count(scene, document, what)
        if what == "slip":
            scene.check(f"a slip for each order of {name}", pages == len(wanted), f"{pages} pages")
        else:
            scene.check(f"a card for each that has words, of {name}", pages >= len(wanted), f"{pages} pages")
        scene.papers[what] = scene.papers.get(what, 0) + pages


def _count(scene: Scene, document: bytes, what: str) -> int:
    try:
        pages = read_pages(document)
    except ValueError as error:
        scene.check(f"the {what}s can be opened", False, error)
        return 0
    odd = [size for size in pages if abs(size[0] - A6[0]) > 1 or abs(size[1] - A6[1]) > 1]
    if odd:
        scene.check(f"the {what}s are A6", False, odd[:2])
    return len(pages)
