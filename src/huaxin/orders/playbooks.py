# ruff: noqa: E501 (tables read better whole)
"""What follows from an incident, as tables: who decides what, by when, and what is done when nobody does.

A playbook is a graph of stages. Each stage is one person's decision with a time; the shop may always decide
in their place. A choice leads to the next stage or ends the incident, and may do something to the order.
Pure: orders/deciding.py walks it, live/timers.py only looks at the clock.
"""

from typing import NamedTuple

from huaxin.kernel import Role, Text
from huaxin.orders.model import ON_THE_ROAD, Order, Status


class Choice(NamedTuple):
    """`to` "": the incident ends with this choice as its outcome. `does`: "" | return | remake | refund.
    `hidden`: nobody chooses this, only time does."""

    name: str
    to: str = ""
    does: str = ""
    hidden: bool = False


class Stage(NamedTuple):
    """`minutes` 0: no end, it waits for a person (and is red on the board)."""

    by: Role
    minutes: int
    choices: tuple[Choice, ...]
    default: str
    words: Text  # what whoever decides is asked

    def find(self, name: str) -> Choice | None:
        return next((one for one in self.choices if one.name == name), None)

    @property
    def shown(self) -> list[str]:
        return [one.name for one in self.choices if not one.hidden]


class Playbook(NamedTuple):
    """`when`: it begins only then; else the incident is for the shop to settle."""

    start: str
    when: frozenset[Status]
    stages: dict[str, Stage]


_GUARD, _NEIGHBOUR = Choice("guard", "leave"), Choice("neighbour", "leave")
_RETURN = Choice("return", does="return")
_SILENT = Choice("no_answer", "shop", hidden=True)

_LEAVE = Stage(
    Role.courier, 10, (Choice("cannot", "shop"),), "cannot",
    Text("请按订花人的选择交付,然后点「已送达」", "Hand it over as the buyer chose, then tap delivered"),
)  # fmt: skip
_SHOP = Stage(
    Role.shop, 5, (Choice("solved"), _GUARD, _RETURN), "return",
    Text("请决定这束花怎么办", "Please decide what happens with these flowers"),
)  # fmt: skip

DOOR = {
    "call": Stage(
        Role.courier, 3, (Choice("reached"), Choice("not_reached", "ask")), "not_reached",
        Text("请依次打给收花人、花店(由花店联系订花人)", "Call the recipient, then the shop (it calls the buyer)"),
    ),
    "ask": Stage(
        Role.buyer, 10, (Choice("reached"), _GUARD, _NEIGHBOUR, Choice("wait", "wait"), _RETURN), "return",
        Text("配送员到了,但联系不上收花人", "The courier is there but cannot reach the recipient"),
    ),
    "wait": Stage(
        Role.buyer, 10, (Choice("reached"), _GUARD, _NEIGHBOUR, _RETURN), "return",
        Text("配送员还在等收花人", "The courier is still waiting for the recipient"),
    ),
    "leave": _LEAVE,
    "shop": _SHOP,
}  # fmt: skip
WAY = {
    "way": Stage(
        Role.buyer, 5, (Choice("down"), Choice("explained"), _GUARD, _RETURN, _SILENT), "no_answer",
        Text("配送员找不到入口", "The courier cannot find the way in"),
    ),
    "leave": _LEAVE,
    "shop": _SHOP,
}  # fmt: skip
REFUSED = {
    "shop": Stage(
        Role.shop, 5, (Choice("try_again"), _RETURN), "return",
        Text("收花人拒收,请决定", "The recipient refused the flowers; please decide"),
    ),
}  # fmt: skip
LATER = {
    "later": Stage(
        Role.buyer, 10, (Choice("new_time"), _GUARD, _RETURN, _SILENT), "no_answer",
        Text("收花人想晚点收", "The recipient would like the flowers later"),
    ),
    "leave": _LEAVE,
    "shop": _SHOP,
}  # fmt: skip
DAMAGE = {
    "offer": Stage(
        Role.shop, 5, (Choice("refund", "agree"), Choice("remake", "agree"), Choice("replace", "agree")), "refund",
        Text("请看照片,选择补偿方式", "Please look at the photo and choose a remedy"),
    ),
    "agree": Stage(
        Role.buyer, 10, (Choice("accept", does="offered"), Choice("decline", "offer")), "accept",
        Text("花店为受损的花提出补救", "The shop offers a remedy for the damaged flowers"),
    ),
}  # fmt: skip
HANDOVER = {
    "reassign": Stage(
        Role.shop, 5, (Choice("goes_on"), Choice("overdue", "overdue", hidden=True)), "overdue",
        Text("请改派给别人,或确认可以继续", "Give it to somebody else, or say that it goes on"),
    ),
    "overdue": Stage(
        Role.shop, 0, (Choice("goes_on"),), "goes_on",
        Text("还没有人接手这一单", "Nobody has taken this order over yet"),
    ),
}  # fmt: skip

_HELD = frozenset({Status.confirmed, Status.making, Status.ready, Status.assigned}) | ON_THE_ROAD
PLAYBOOKS: dict[str, Playbook] = {
    "door": Playbook("call", ON_THE_ROAD, DOOR),
    "way": Playbook("way", ON_THE_ROAD, WAY),
    "refused": Playbook("shop", ON_THE_ROAD, REFUSED),
    "later": Playbook("later", ON_THE_ROAD, LATER),
    "damage": Playbook("offer", ON_THE_ROAD | {Status.ready, Status.assigned, Status.failed}, DAMAGE),
    "handover": Playbook("reassign", _HELD, HANDOVER),
}
REMEDIES = frozenset({"refund", "remake", "replace"})

CHOICE_WORDS: dict[str, Text] = {
    "reached": Text("联系上了", "reached"),
    "not_reached": Text("都没有接", "nobody answers"),
    "guard": Text("放在门卫处", "leave it with the guard"),
    "neighbour": Text("交给邻居", "give it to a neighbour"),
    "wait": Text("再等十分钟", "wait ten more minutes"),
    "return": Text("送回花店", "take it back to the shop"),
    "cannot": Text("放不了", "that is not possible"),
    "solved": Text("已解决,继续送", "solved, go on"),
    "down": Text("我下来接", "I am coming down"),
    "explained": Text("我已说明怎么走", "I have explained the way"),
    "no_answer": Text("没有答复,由花店决定", "no answer, the shop decides"),
    "try_again": Text("再试一次", "try again"),
    "new_time": Text("改个时间", "choose another time"),
    "refund": Text("照送,退一部分款", "deliver it and refund a part"),
    "remake": Text("重新做一束", "make it again"),
    "replace": Text("换一束", "replace it"),
    "accept": Text("接受", "accept"),
    "decline": Text("不接受", "not accept"),
    "goes_on": Text("可以继续送", "it goes on"),
    "overdue": Text("还没有人接手", "nobody has taken it over"),
}


def begins(name: str, order: Order) -> str:
    """The first stage of a playbook as the order stands; "": none."""
    book = PLAYBOOKS.get(name)
    if book is None or order.status not in book.when:
        return ""
    if name == "handover" and order.courier is None:
        return ""
    return book.start


def stage_of(playbook: str, stage: str) -> Stage | None:
    book = PLAYBOOKS.get(playbook)
    return book.stages.get(stage) if book is not None else None
