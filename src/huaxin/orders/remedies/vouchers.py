"""Vouchers: agreed for a complaint, and good for one order of the same shop. Pure.

Who has one and what became of it is never written down apart: it follows from the orders as they are, at the
head of the shop's journal (VoucherTally). Of two orders with one code exactly one is placed, on any number of
servers; an order that is cancelled gives its voucher back.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence

import msgspec
from msgspec import UNSET, UnsetType

from huaxin.journal.model import Fact, Record, Rejected
from huaxin.kernel import Text
from huaxin.orders.model import Order, Status
from huaxin.orders.notices import notice
from huaxin.orders.remedies.model import Remedy, Spent, Voucher
from huaxin.orders.words import local

DAY_MS = 24 * 3_600_000
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that is read as something else


def new_voucher(offer: Remedy, now: int) -> Voucher:
    """For an order whose bouquets cost at least as much: nothing is paid out."""
    digest = hashlib.sha256(f"voucher {offer.id}".encode()).digest()
    code = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:8])
    return Voucher(
        code=code, amount=offer.amount, least=offer.amount, until=now + (offer.days or 180) * DAY_MS
    )


def read_code(said: str) -> str:
    """As it is kept, however it was typed: abcd-2345, full-width, with spaces."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", said).upper() if sign.isalnum())


def shown_code(code: str) -> str:
    """In two groups, as people read it out."""
    return f"{code[:4]}-{code[4:]}" if len(code) == 8 else code


def sum_words(fen: int) -> str:
    yuan, rest = divmod(fen, 100)
    return f"¥{yuan}.{rest:02d}" if rest else f"¥{yuan}"


def given_notice(voucher: Voucher, zone: str) -> Fact:
    day = local(voucher.until, zone)
    until = Text(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {day:%B %Y}")
    return notice("voucher_given", code=shown_code(voucher.code), sum=sum_words(voucher.amount), until=until)


def spend(voucher: Voucher | None, goods: int) -> Spent | None:
    """What an order whose bouquets cost `goods` fen is paid with. Raises Rejected voucher.too_small."""
    if voucher is None:
        return None
    if goods < voucher.least:
        least = f"{voucher.least / 100:g}"
        raise Rejected(
            "voucher.too_small",
            "The bouquets cost less than this voucher needs.",
            {"least": least},
            status=422,
        )
    return Spent(code=voucher.code, amount=min(voucher.amount, goods))


class Kept(msgspec.Struct, frozen=True, gc=False):
    """What is kept beside an order's state: the vouchers given for it, the code it was placed with, and
    whether it still has that."""

    given: list[Voucher] = []
    code: str = ""
    held: bool = False


_encode = msgspec.json.Encoder().encode
_read_kept = msgspec.json.Decoder(Kept).decode


def kept_of(order: Order) -> str:
    """For the store's column; "" for nearly every order."""
    if order.voucher is None and not order.vouchers:
        return ""
    code = order.voucher.code if order.voucher else ""
    return _encode(Kept(order.vouchers, code, bool(_held(order)))).decode()


def _held(order: Order | None) -> str:
    if order is None or order.voucher is None or order.status is Status.cancelled:
        return ""
    return order.voucher.code


class _Doc(msgspec.Struct, gc=False):
    """As much of a record's delta as is counted."""

    status: Status | UnsetType = UNSET
    vouchers: list[Voucher] | UnsetType = UNSET
    voucher: Spent | UnsetType | None = UNSET


_read_delta = msgspec.json.Decoder(_Doc).decode


class VoucherTally:
    """All vouchers of one shop, as of the head of its journal."""

    def __init__(self) -> None:
        self.given: dict[str, Voucher] = {}
        self._held_by: dict[str, str] = {}  # code → order
        self._code_of: dict[str, str] = {}  # order → the code it has or, cancelled, had

    def load(self, rows: Iterable[tuple[str, str]]) -> None:
        """(order, what is kept beside it), of all orders that have any."""
        for order, text in rows:
            kept = _read_kept(text)
            self._note(order, kept.given, kept.code, kept.held)

    def absorb(self, records: Sequence[Record]) -> None:
        for record in records:
            if b'"voucher' in record.delta or (record.subject in self._code_of and record.delta):
                self._absorb(record.subject, _read_delta(record.delta))

    def holder(self, code: str) -> str:
        """The order that has it, "": none."""
        return self._held_by.get(code, "")

    def draft(self) -> "VoucherDraft":
        return VoucherDraft(self)

    def _absorb(self, order: str, doc: _Doc) -> None:
        code = self._code_of.get(order, "")
        if isinstance(doc.voucher, Spent):
            code = doc.voucher.code
        given = [] if isinstance(doc.vouchers, UnsetType) else doc.vouchers
        if isinstance(doc.status, UnsetType):
            held = self.holder(code) == order
        else:
            held = doc.status is not Status.cancelled
        self._note(order, given, code, held)

    def _note(self, order: str, given: Iterable[Voucher], code: str, held: bool) -> None:
        for voucher in given:
            self.given[voucher.code] = voucher
        if not code:
            return
        self._code_of[order] = code
        if held:
            self._held_by[code] = order
        elif self.holder(code) == order:
            del self._held_by[code]


class VoucherDraft:
    """A batch being decided: what it gives and takes on top. Thrown away when the batch is."""

    def __init__(self, tally: VoucherTally) -> None:
        self._tally = tally
        self._given: dict[str, Voucher] = {}
        self._held: dict[str, str] = {}  # code → order, "" given back

    def check(self, before: Order | None, after: Order, now: int) -> None:
        """Raises Rejected voucher.* when this order may not have the voucher it would have now."""
        code = _held(after)
        if not code or code == _held(before):
            return
        voucher = self._given.get(code) or self._tally.given.get(code)
        check_usable(voucher, self._held.get(code, self._tally.holder(code)), after.id, code, now)

    def take(self, before: Order | None, after: Order) -> None:
        if after.voucher is None and not after.vouchers:
            return
        was, has = _held(before), _held(after)
        if was and was != has:
            self._held[was] = ""
        if has:
            self._held[has] = after.id
        self._given |= {one.code: one for one in after.vouchers}


def check_usable(voucher: Voucher | None, holder: str, order: str, code: str, now: int) -> Voucher:
    """Raises Rejected voucher.unknown (422), voucher.used or voucher.expired (409)."""
    if voucher is None:
        raise Rejected("voucher.unknown", "There is no voucher with this code here.", code, status=422)
    if holder and holder != order:
        raise Rejected("voucher.used", "This voucher has been used already.", shown_code(code))
    if now > voucher.until:
        raise Rejected("voucher.expired", "This voucher is no longer good.", shown_code(code))
    return voucher
