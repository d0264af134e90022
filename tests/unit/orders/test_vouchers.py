"""RM-9 to RM-12: a voucher agreed for a complaint is good for one order, and for one only."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from huaxin.journal.model import Actor, Command, Decision, Record, Rejected
from huaxin.kernel import Role
from huaxin.live.rules import HuaxinRules
from huaxin.orders import commands as c
from huaxin.orders.model import Line, Order, Status
from huaxin.orders.redact import redact, redact_body
from huaxin.orders.remedies.model import Voucher
from huaxin.orders.remedies.vouchers import VoucherTally, read_code, shown_code
from tests.unit.orders.helpers import ACTORS, FRIDAY, SHOP, Play, notices, wish
from tests.unit.orders.test_remedies import answer, complained, of, offer

DAY = 24 * 3_600_000
RULES = HuaxinRules()


def agreed(amount: int = 3000, days: int = 30) -> tuple[Play, Voucher]:
    play = complained()
    play.do("shop", offer(kind="voucher", amount=amount, days=days))
    play.do("buyer", answer(play, accept=True))
    return play, play.state.vouchers[-1]


class Shop:
    """A shop's orders with their vouchers, decided as the journal does."""

    def __init__(self, *given: Order) -> None:
        self.orders = {one.id: one for one in given}
        self.tally, self.now, self.seq = VoucherTally(), FRIDAY, 0
        self.tally.load(self.rows())

    def rows(self) -> list[tuple[str, str]]:
        rows = [RULES.dump(one, 1, SHOP, one.id) for one in self.orders.values()]
        return [(row.subject, row.vouchers) for row in rows if row.vouchers]

    def decide(self, order: str, who: str, body: Any) -> Decision:
        self.seq += 1
        actor: Actor = ACTORS[who]
        command = Command(shop=SHOP, subject=order, actor=actor, command_id=f"v-{self.seq}", body=body)
        return RULES.decide(self.orders.get(order), command, self.now)

    def do(self, order: str, who: str, body: Any) -> Order:
        """One command in a commit of its own."""
        decision = self.decide(order, who, body)
        draft = self.tally.draft()
        draft.check(self.orders.get(order), decision.state, self.now)
        draft.take(self.orders.get(order), decision.state)
        self.orders[order] = decision.state
        self.tally.absorb([record(order, fact.type, fact.delta) for fact in decision.facts])
        fresh = VoucherTally()  # counted anew, it is the same
        fresh.load(self.rows())
        assert (fresh.given, fresh._held_by) == (self.tally.given, self.tally._held_by)
        return self.orders[order]

    def place(self, order: str, voucher: Voucher, price: int = 16800) -> Order:
        line = Line(product="carnation", name="康乃馨", price=price)
        body = wish(order=order, voucher=voucher.code, spent=voucher, priced=[line], fee=500)
        return self.do(order, "buyer", body)

    def refused(self, *args: Any, **kw: Any) -> str:
        with pytest.raises(Rejected) as refusal:
            self.place(*args, **kw)
        return refusal.value.code


def record(subject: str, kind: str, delta: bytes) -> Record:
    return Record(SHOP, 1, FRIDAY, subject, kind, 1, "a", "buyer", 7, b"{}", delta)


def test_what_was_agreed_has_a_code_and_an_end() -> None:
    """RM-9: said to both, kept on the order it was given for; the code however it is typed."""
    play, voucher = agreed()
    assert (voucher.amount, voucher.until) == (3000, play.now + 30 * DAY)
    assert of(play).remedies[-1].code == voucher.code
    assert of(play).remedies[-1].until == voucher.until
    said = notices(play.last.facts if play.last else [])[-1]
    shown = shown_code(voucher.code)
    assert said == f"代金券 {shown}:¥30,2026年4月5日前下单时填写,抵一次花款。"
    assert read_code(f" {shown.lower()} ") == voucher.code
    assert read_code("ａｂｃｄ－2345") == "ABCD2345"


def test_an_order_costs_less_once() -> None:
    """RM-10: goods, not the way, are paid with it; the next order with the same code is refused."""
    play, voucher = agreed()
    shop = Shop(play.state)
    first = shop.place("order-first", voucher)
    assert (first.total, first.voucher and first.voucher.amount) == (16800 + 500 - 3000, 3000)
    assert shop.refused("order-second", voucher) == "voucher.used"
    assert shop.refused("order-small", voucher, price=2999) == "voucher.too_small"
    other = replace(voucher, code="NOTHERE2")
    assert shop.refused("order-other", other) == "voucher.unknown"


def test_of_two_at_once_one_wins() -> None:
    """RM-11: in one batch, before anything is written."""
    play, voucher = agreed()
    shop, line = Shop(play.state), Line(product="carnation", name="康乃馨", price=16800)
    draft = shop.tally.draft()
    found: list[str] = []
    for order in ("order-first", "order-second"):
        body = wish(order=order, voucher=voucher.code, spent=voucher, priced=[line])
        state = shop.decide(order, "buyer", body).state
        try:
            draft.check(None, state, shop.now)
            draft.take(None, state)
            found.append(order)
        except Rejected as refusal:
            found.append(refusal.code)
    assert found == ["order-first", "voucher.used"]


def test_a_cancelled_order_gives_it_back() -> None:
    """RM-11: and takes it again with the cancelling, if nobody else has it by then; until its end."""
    play, voucher = agreed()
    shop = Shop(play.state)
    shop.place("order-first", voucher)
    shop.do("order-first", "shop", c.CancelOrder(order="order-first"))
    shop.do("order-first", "shop", c.UndoLast(order="order-first"))
    assert shop.refused("order-second", voucher) == "voucher.used"
    shop.do("order-first", "shop", c.CancelOrder(order="order-first"))
    shop.place("order-second", voucher)
    with pytest.raises(Rejected, match="used already"):
        shop.do("order-first", "shop", c.UndoLast(order="order-first"))
    assert shop.orders["order-first"].status is Status.cancelled
    shop.do("order-second", "shop", c.CancelOrder(order="order-second"))
    shop.now += 31 * DAY
    body = wish(order="order-third", voucher=voucher.code, spent=voucher, promise=None)
    third = shop.decide("order-third", "buyer", body).state
    with pytest.raises(Rejected, match="no longer good"):
        shop.tally.draft().check(None, third, shop.now)


def test_neither_recipient_nor_courier_sees_it() -> None:
    """RM-12: it speaks of money: neither in the order nor in its first event."""
    play, voucher = agreed()
    shop = Shop(play.state)
    body = wish(order="order-first", voucher=voucher.code, spent=voucher)
    decision = shop.decide("order-first", "buyer", body)
    placed = msgspec.json.decode(decision.facts[0].body)
    assert placed["voucher"] == {"code": voucher.code, "amount": 3000}
    for role in (Role.courier, Role.recipient):
        assert voucher.code not in str(redact(decision.state, role))
        assert voucher.code not in str(redact(play.state, role))
        assert voucher.code not in str(redact_body("order_placed", placed, role, decision.state))
    for role in (Role.buyer, Role.shop):
        assert redact(decision.state, role)["voucher"]["code"] == voucher.code
        assert voucher.code in str(redact_body("order_placed", placed, role, decision.state))


def test_money_never_falls_below_nothing() -> None:
    """RM-10: a line that is refunded gives back no more than was paid."""
    play, voucher = agreed(amount=20000)
    shop = Shop(play.state)
    lines = [Line(product="a", name="甲", price=15000), Line(product="b", name="乙", price=9000)]
    body = wish(order="order-first", voucher=voucher.code, spent=voucher, priced=lines)
    assert shop.do("order-first", "buyer", body).total == 4000
    after = shop.do("order-first", "shop", c.RefundLine(order="order-first", line=0))
    assert (after.total, after.refunded) == (0, 4000)
