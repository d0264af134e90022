"""A shop's order and the people on it, for the tests of pure decisions."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from huaxin.conversation.commands import ForwardMessages
from huaxin.conversation.events import NoticePosted
from huaxin.conversation.targets import Aimed, Target
from huaxin.journal.model import Actor, Command, Decision, Fact
from huaxin.kernel import Point, Role
from huaxin.live.rules import HuaxinRules
from huaxin.orders import commands as c
from huaxin.orders.model import Address, Card, Line, Order, Party, Promise

ZONE = ZoneInfo("Asia/Shanghai")
RULES = HuaxinRules()
HOME = Point(30.25, 120.01)
ORDER, SHOP = "order-0001", "shop-1"

ACTORS = {
    "buyer": Actor(person="p-li", role="buyer", name="李女士"),
    "recipient": Actor(person="guest:1", role="recipient", name="妈妈"),
    "shop": Actor(person="p-owner", role="shop", name="店主"),
    "zhang": Actor(person="p-zhang", role="courier", name="张师傅"),
    "xiaozhang": Actor(person="p-xiaozhang", role="courier", name="小张"),
    "system": Actor(person="system", role="system", name="系统"),
}


def at(text: str) -> int:
    """Shanghai time to ms: '2026-03-06 15:00' (a Friday)."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp() * 1000)


FRIDAY = at("2026-03-06 15:00")


class Play:
    """Runs commands on one order and keeps every fact."""

    def __init__(self, now: int = FRIDAY) -> None:
        self.now = now
        self.order: Order | None = None
        self.facts: list[Fact] = []
        self.last: Decision | None = None
        self.messages: list[Target] = []  # every fact so far, as the server looks it up; seq from 1
        self._count = 0

    def do(self, who: str, body: Any, *, device_at: int = 0) -> list[Fact]:
        self._count += 1
        command = Command(
            shop=SHOP,
            subject=ORDER,
            actor=ACTORS[who],
            command_id=f"c-{self._count}",
            body=self._aim(body),
            device_at=device_at,
        )
        decision = RULES.decide(self.order, command, self.now)
        if decision.state is not None:
            # As the store does: what is kept is what can be read again.
            self.order = RULES.load(RULES.dump(decision.state, 1, SHOP, ORDER).doc)
        self.facts += decision.facts
        self.last = decision
        for fact in decision.facts:
            self._keep(ACTORS[who], fact)
        return decision.facts

    def _keep(self, actor: Actor, fact: Fact) -> None:
        self.messages.append(
            Target(
                seq=len(self.messages) + 1,
                at=self.now,
                type=fact.type,
                person=fact.actor or actor.person,
                role=fact.actor or actor.role,
                audience=fact.audience,
                body=msgspec.json.decode(fact.body),
            )
        )

    def _aim(self, body: Any) -> Any:
        """With the messages it is about, as live/targets.py finds them."""
        seqs = body.seqs if isinstance(body, ForwardMessages) else [getattr(body, "seq", 0)]
        seqs = [*seqs, getattr(body, "reply_to", 0)]
        if not any(seqs) and not getattr(body, "mentions", ()):
            return body
        return Aimed(wish=body, targets=[one for one in self.messages if one.seq in seqs])

    @property
    def seq(self) -> int:
        """Of the newest fact."""
        return len(self.messages)

    def place(self, **changes: Any) -> list[Fact]:
        return self.do("buyer", wish(**changes))

    @property
    def state(self) -> Order:
        assert self.order is not None
        return self.order


def wish(**changes: Any) -> c.PlaceOrder:
    fields: dict[str, Any] = {
        "order": ORDER,
        "shop": SHOP,
        "lines": [c.LineWish(product="carnation")],
        "recipient": Party(name="妈妈", phone="13900001111"),
        "address": Address(text="阳光小区5号楼3单元401", point=HOME, note="门禁 2580"),
        "promise": Promise(start=at("2026-03-07 09:00"), end=at("2026-03-07 11:00")),
        "card": Card(text="妈妈,节日快乐", signature="女儿"),
        "number": 1042,
        "buyer": Party(person="p-li", name="李女士", phone="13700002222"),
        "priced": [Line(product="carnation", name="康乃馨", price=16800)],
        "shop_name": "花信花店",
        "time_zone": "Asia/Shanghai",
    }
    return c.PlaceOrder(**(fields | changes))


def assign(courier: str = "xiaozhang", phone: str = "13800138000") -> c.AssignCourier:
    actor = ACTORS[courier]
    return c.AssignCourier(order=ORDER, courier=actor.person, courier_name=actor.name, courier_phone=phone)


def notices(facts: list[Fact], role: Role = Role.buyer, language: str = "zh") -> list[str]:
    """The notices among facts that a role may see."""
    from huaxin.kernel import AUDIENCE_OF

    found = []
    for fact in facts:
        if fact.type == "notice_posted" and fact.audience & AUDIENCE_OF[role]:
            text = msgspec.json.decode(fact.body, type=NoticePosted).text
            found.append(text.zh if language == "zh" else text.en)
    return found
