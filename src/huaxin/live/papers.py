"""Cards and slips of some orders, for the printer or the browser's own printing."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any

import msgspec
import qrcode
from msgspec import Meta

from huaxin.journal.model import Rejected
from huaxin.live.codes import CodeView, path_of
from huaxin.live.gates import GateDesk, ReceiptCodeArgs, ReceiptCodeView
from huaxin.live.making import Making, MakingView
from huaxin.live.orders import Orders, denied
from huaxin.live.queries import ShopArgs
from huaxin.orders.commands import Id
from huaxin.orders.gates import Gates
from huaxin.papers.fonts import lacking
from huaxin.papers.model import Paper, card_words, paper_of, slip_words
from huaxin.people.access import is_shop_staff
from huaxin.people.model import Principal

MOST = 300


class PapersArgs(msgspec.Struct, frozen=True, kw_only=True):
    """`base`: where this server is reached, for the code on the slip; the configured address comes first."""

    shop: Id
    orders: Annotated[list[Id], Meta(min_length=1)]
    base: Annotated[str, Meta(max_length=200, pattern="^(https?://[A-Za-z0-9._:\\[\\]-]+)?$")] = ""


class PaperView(msgspec.Struct, frozen=True, kw_only=True):
    """The last two: signs that the fonts of the PDF lack, on the slip and on the card."""

    paper: Paper
    code: CodeView
    slip_lacks: list[str]
    card_lacks: list[str]


class Papers:
    def __init__(self, orders: Orders, clock: Callable[[], int], public_url: str) -> None:
        self._orders, self._clock, self._public_url = orders, clock, public_url.rstrip("/")

    async def get_papers(self, who: Principal, args: PapersArgs) -> list[PaperView]:
        """In the order they were asked for; those of other shops and unknown ones are left out.

        Raises Rejected access.denied, papers.most (422), papers.none (404).
        """
        if not is_shop_staff(who, args.shop):
            raise denied(args.shop)
        if len(args.orders) > MOST:
            raise Rejected("papers.most", f"Print up to {MOST} at once.", {"most": MOST}, status=422)
        found: list[Paper] = []
        for id in dict.fromkeys(args.orders):
            order = await self._orders.find(id)
            if order is not None and order.shop == args.shop:
                paper = paper_of(order, self._clock(), self._public_url or args.base)
                found.append(paper)
        if not found:
            raise Rejected("papers.none", "There is nothing to print.", args.orders[0], status=404)
        # The first time the fonts are read.
        return await asyncio.to_thread(lambda: [_view(paper) for paper in found])


def _view(paper: Paper) -> PaperView:
    return PaperView(
        paper=paper,
        code=code_of(paper.link),
        slip_lacks=lacking(slip_words(paper)),
        card_lacks=lacking(card_words(paper)),
    )


def code_of(text: str) -> CodeView:
    code = qrcode.QRCode(border=0, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(text)
    code.make()
    rows = [[bool(field) for field in row] for row in code.get_matrix()]
    return CodeView(size=len(rows), path=path_of(rows))


def bench_queries(gates: GateDesk, making: Making, papers: Papers) -> dict[str, tuple[Any, Any, Any]]:
    """What the florists' bench asks for."""
    return {
        "check_receipt_code": (ReceiptCodeArgs, ReceiptCodeView, gates.check_receipt_code),
        "get_gates": (ShopArgs, Gates, gates.get_gates),
        "get_making": (ShopArgs, MakingView, making.get_making),
        "get_papers": (PapersArgs, list[PaperView], papers.get_papers),
    }
