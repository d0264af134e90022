"""What is said outside the screens, in both languages. Pure: from the record as that role sees it."""

from typing import Any

import msgspec

from huaxin.kernel import Text
from huaxin.notify.model import Rule, Urgency

LONGEST_BODY = 140
LONGEST_TITLE = 60

ROLES = {
    "buyer": Text("订花人", "The buyer"),
    "recipient": Text("收花人", "The recipient"),
    "courier": Text("配送员", "The courier"),
    "shop": Text("花店", "The shop"),
    "system": Text("系统", "The system"),
}
NEW_MESSAGE = Text("有一条新消息", "There is a new message")
SENT_PLACE = Text("发来一个位置", "sent a place")
SENT_MEDIA = Text("发来图片或语音", "sent pictures or a voice message")
GIVEN = Text("有一单新的配送交给您", "A delivery is now yours")
SOMETHING = Text("订单有新进展", "There is news of this order")
RUNG = Text("{who}来电", "{who} is calling")
RUNG_VIDEO = Text("{who}邀请您视频通话", "{who} is calling with video")
MISSED = Text("未接来电:{who}", "Missed call: {who}")
ORDER = Text("订单 #{number}", "Order #{number}")
WROTE = Text("{who}发来新消息", "{who} wrote a message")
TRY = Text(
    "通知已开启:订单有重要进展时会告诉您。", "Notices are on: you will be told when an order needs you."
)
TRY_TITLE = Text("花信", "Huaxin")
OPEN = Text("{words} 查看:{url}", "{words} Open: {url}")


class Seen(msgspec.Struct):
    """The record as one role sees it (live.views.EventView), as much as is needed here."""

    type: str
    body: dict[str, Any] = {}


class Said(msgspec.Struct, frozen=True):
    title: str
    body: str


class Payload(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a service worker gets: small, and nothing its person may not see."""

    title: str
    body: str
    tag: str
    url: str
    at: int
    lang: str
    v: int = 1
    kind: str = ""
    order: str = ""
    seq: int = 0
    urgent: bool = False
    receipt: str = ""  # given back to the server when the notification is on the screen


def pick(text: Text, language: str) -> str:
    return text.zh if language.startswith("zh") else text.en


def shorten(text: str, most: int = LONGEST_BODY) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def say(seen: Seen, number: int, shop: str, language: str, *, preview: bool) -> Said:
    """`preview` False: of a message only that there is one."""
    title = pick(ORDER, language).format(number=number) + (f" · {shop}" if shop else "")
    return Said(shorten(title, LONGEST_TITLE), shorten(_body(seen, language, preview)))


def _body(seen: Seen, language: str, preview: bool) -> str:
    body = seen.body
    if seen.type == "notice_posted":
        text = body.get("text") or {}
        return str(text.get("zh" if language.startswith("zh") else "en", "")) or pick(SOMETHING, language)
    if seen.type == "courier_assigned":
        return pick(GIVEN, language)
    if seen.type in ("call_rung", "call_ended"):
        return _call(seen, language)
    if seen.type in ("message_sent", "question_asked"):
        return _message(body, language) if preview else pick(NEW_MESSAGE, language)
    return pick(SOMETHING, language)


def _call(seen: Seen, language: str) -> str:
    """Who calls, by name where one may be known, else by role."""
    body = seen.body
    rung = seen.type == "call_rung"
    name, role = body.get("name" if rung else "by_name"), str(body.get("role" if rung else "by_role"))
    who = str(name or "") or pick(ROLES.get(role, ROLES["system"]), language)
    words = MISSED if not rung else RUNG_VIDEO if body.get("media") == "video" else RUNG
    return pick(words, language).format(who=who)


def _message(body: dict[str, Any], language: str) -> str:
    name, text = str(body.get("name") or ""), str(body.get("text") or "")
    if not text and body.get("place"):
        text = pick(SENT_PLACE, language)
    if not text and body.get("media"):
        text = pick(SENT_MEDIA, language)
    if not text:
        return pick(NEW_MESSAGE, language)
    return f"{name}:{text}" if name and language.startswith("zh") else f"{name}: {text}" if name else text


def say_plainly(seen: Seen, kind: str, speaker: str, number: int, language: str) -> str:
    """For a channel of somebody else (SMS, a group chat): a notice's own words, of a message nothing but who
    wrote, by role."""
    head = pick(ORDER, language).format(number=number)
    if kind == "message":
        who = pick(ROLES.get(speaker, ROLES["system"]), language)
        words = pick(WROTE, language).format(who=who)
    else:
        words = _body(seen, language, preview=False)
    return shorten(f"{head}:{words}" if language.startswith("zh") else f"{head}: {words}")


def urgency_header(rule: Rule | Urgency) -> str:
    """RFC 8030 §5.3."""
    urgency = rule.urgency if isinstance(rule, Rule) else rule
    return {Urgency.urgent: "high", Urgency.soon: "normal", Urgency.calm: "low"}[urgency]
