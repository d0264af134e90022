# ruff: noqa: E501 (words read better whole)
"""An exported order as a page: everything escaped, dates in the shop's time, good on paper."""

from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from huaxin.live.views import EventView, OrderExport
from huaxin.orders.notices import REASON_WORDS, STATUS_WORDS
from huaxin.orders.playbooks import CHOICE_WORDS
from huaxin.orders.redact import INCIDENTS

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("订单 {number} 的对话记录", "Conversation of order {number}"),
    "made": ("导出时间 {at},以{role}的身份可见的内容", "Exported {at}, as seen by the {role}"),
    "status": ("状态", "Status"), "placed": ("下单时间", "Placed"), "promise": ("承诺送达", "Promised"),
    "buyer": ("订花人", "Buyer"), "recipient": ("收花人", "Recipient"), "courier": ("配送员", "Courier"),
    "address": ("地址", "Address"), "card": ("贺卡", "Card"), "note": ("备注", "Note"), "lines": ("商品", "Flowers"),
    "total": ("合计", "Total"), "shop": ("花店", "Shop"), "system": ("系统", "System"),
    "to": ("发给 {to}", "to {to}"), "edited": ("已修改", "edited"), "recalled": ("消息已撤回", "This message was recalled"),
    "trace": ("撤回前的内容", "before it was recalled"), "pinned": ("置顶", "pinned"), "forwarded": ("转发", "forwarded"),
    "place": ("位置", "Place"), "expired": ("内容已按花店的保存期限删除", "Removed when the shop's time of keeping was over"),
    "voice": ("语音", "Voice message"), "picture": ("图片", "Picture"), "video": ("视频", "Clip"), "file": ("文件", "File"),
    "answered": ("已选择「{text}」({name})", "Answered: {text} ({name})"), "incomplete": ("记录太长,这里只有前面的部分", "Too long: only the first part is here"),
    "seconds": ("{n} 秒", "{n} s"),
}  # fmt: skip
_EVENTS: dict[str, tuple[str, str]] = {
    "order_placed": ("下单", "Order placed"), "courier_assigned": ("指派配送员", "Courier assigned"),
    "time_agreed": ("约定了送达时间", "A time was agreed"), "change_asked": ("请求修改", "A change was asked for"),
    "change_answered": ("修改有了答复", "The change was answered"), "incident_reported": ("异常上报", "Incident reported"),
    "substitute_proposed": ("提出花材替换", "Other flowers proposed"), "substitute_answered": ("花材替换有了答复", "Other flowers answered"),
    "line_refunded": ("退掉一束", "A bouquet was refunded"),
    "incident_joined": ("异常:也有人上报", "Incident, reported by somebody else too"),
    "incident_decided": ("异常:下一步", "Incident: the next step"),
    "incident_resolved": ("异常已处理", "Incident resolved"), "promise_slipping": ("可能会晚到", "It may be late"),
    "order_delivered": ("已送达", "Delivered"), "order_rated": ("评价", "Rated"), "action_undone": ("撤回了操作", "A tap was taken back"),
    "privacy_closed": ("联系方式已隐藏", "Contact details were hidden"), "order_updated": ("订单有更新", "Order updated"),
    "live_shared": ("共享实时位置", "A live position was shared"), "question_asked": ("提问", "Question"),
    "member_blocked": ("屏蔽设置", "Who is blocked was changed"), "message_reported": ("举报消息", "A message was reported"),
    "contact_changed": ("联系约定有更新", "How to contact the recipient was changed"), "contact_opened": ("可以联系收花人了", "The recipient may be contacted"),
    "preference_asked": ("收花人希望换时间", "The recipient would like another time"), "preference_answered": ("收花人的希望有了答复", "The recipient was answered"),
    "gate_helped": ("收花人告知怎么进门", "The recipient said how to get in"), "thanked": ("收花人道谢", "The recipient said thank you"),
    "complaint_made": ("反映问题", "Complaint"), "remedy_proposed": ("提出补偿方案", "A remedy was proposed"), "remedy_answered": ("补偿方案有了答复", "The remedy was answered"),
    "complaint_withdrawn": ("撤回反映的问题", "The complaint was withdrawn"), "rating_answered": ("花店回复了评价", "The shop answered the rating"),
    "report_resolved": ("举报已处理", "A report was dealt with"), "talk_expired": ("对话内容已按保存期限删除", "What was said was removed when its time of keeping was over"),
}  # fmt: skip
# Shown where they lie, not as lines of their own.
_OVERLAID = frozenset(
    {
        "message_recalled",
        "message_edited",
        "reaction_changed",
        "message_pinned",
        "question_answered",
        "live_stopped",
    }
)
_STYLE = """
:root{color-scheme:light}body{font:15px/1.55 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;color:#222;max-width:46rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.35rem;margin:0 0 .2rem}.made{color:#666;margin:0 0 1.2rem}table{border-collapse:collapse;width:100%;margin-bottom:1.5rem}
th{text-align:left;vertical-align:top;color:#666;font-weight:normal;padding:.15rem 1rem .15rem 0;white-space:nowrap}td{padding:.15rem 0}
ol{list-style:none;margin:0;padding:0}li{padding:.45rem 0;border-top:1px solid #e5e5e5;break-inside:avoid}.head{color:#666;font-size:.85rem}
.head b{color:#222}.said{white-space:pre-wrap;overflow-wrap:anywhere}.fact{color:#444}.quote{border-left:3px solid #ccc;padding-left:.6rem;color:#666}
.gone{color:#888;font-style:italic}s{color:#888}@media print{body{margin:0;max-width:none}a{color:inherit}}
"""


class Page:
    """What is written down, in one language and the shop's zone."""

    def __init__(self, export: OrderExport, language: str) -> None:
        self.export, self.language, self.index = export, language, 1 if language == "en" else 0
        self.zone = ZoneInfo(export.time_zone)
        order: dict[str, Any] = msgspec.to_builtins(export.order)
        self.order = order
        self.overlays: Mapping[str, Any] = order.get("overlays") or {}

    def word(self, key: str, **values: Any) -> str:
        return escape(_WORDS[key][self.index].format(**values)) if key in _WORDS else escape(key)

    def text(self, text: Any) -> str:
        """What somebody wrote, or a sentence in both languages."""
        if isinstance(text, Mapping):
            text = text.get("en" if self.index else "zh", "")
        return escape(str(text))

    def at(self, ms: int, form: str = "%Y-%m-%d %H:%M") -> str:
        return datetime.fromtimestamp(ms / 1000, self.zone).strftime(form) if ms else ""

    def role(self, role: str) -> str:
        return self.word(role)


def make_page(export: OrderExport, language: str) -> str:
    """`language`: 'zh-CN' or 'en'."""
    page = Page(export, language)
    title = page.word("title", number=export.order.number)
    return frame(page, title, _facts(page) + conversation(page))


def conversation(page: Page) -> str:
    """Everything that was said and done, in order."""
    lines = "".join(_line(page, event) for event in page.export.events)
    more = "" if page.export.complete else f'<p class="gone">{page.word("incomplete")}</p>'
    return f"<ol>{lines}</ol>{more}"


def frame(page: Page, title: str, content: str, style: str = "") -> str:
    """The document around it: of when, and as whom it was seen."""
    export = page.export
    made = page.word(
        "made", at=page.at(export.exported_at), role=_WORDS[export.role.value][page.index].lower()
    )
    shop = f"{escape(export.shop_name)} · " if export.shop_name else ""
    return (
        f'<!doctype html><html lang="{page.language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>{title}</title>'
        f"<style>{_STYLE}{style}</style></head><body><h1>{title}</h1>"
        f'<p class="made">{shop}{made}</p>{content}</body></html>'
    )


def _facts(page: Page) -> str:
    order = page.order
    promise = order.get("promise") or {}
    window = " – ".join(filter(None, (page.at(promise.get("start", 0)), page.at(promise.get("end", 0)))))
    address = order.get("address") or {}
    card = order.get("card") or {}
    lines = ", ".join(
        f"{(page.index and one.get('name_en')) or one['name']} × {one.get('quantity', 1)}"
        for one in order.get("lines") or ()
    )
    rows = [
        ("status", escape(status_words(page, order["status"]))),
        ("placed", page.at(order["placed_at"])),
        ("promise", window),
        *((role, _party(order.get(role))) for role in ("buyer", "recipient", "courier")),
        ("address", escape(" ".join(filter(None, (address.get("text"), address.get("note")))))),
        ("lines", escape(lines)),
        ("total", escape(f"¥{order['total'] / 100:.2f}") if order.get("total") else ""),
        ("card", escape(" — ".join(filter(None, (card.get("text"), card.get("signature")))))),
        ("note", escape(order.get("note") or "")),
    ]
    cells = "".join(
        f"<tr><th>{page.word(key)}</th><td class=said>{value}</td></tr>" for key, value in rows if value
    )
    return f"<table>{cells}</table>"


def status_words(page: Page, status: str) -> str:
    words = STATUS_WORDS.get(status)
    return (words.en if page.index else words.zh) if words else status


def _party(party: Mapping[str, Any] | None) -> str:
    return escape(" ".join(filter(None, (party.get("name"), party.get("phone"))))) if party else ""


def _line(page: Page, event: EventView) -> str:
    if event.type in _OVERLAID or event.type == "order_updated":
        return ""
    said = _said(page, event)
    if not said:
        return ""
    body = event.body
    name = body.get("name") if event.type in ("message_sent", "question_asked", "live_shared") else ""
    who = " ".join(filter(None, (page.role(event.actor.role), f"<b>{escape(str(name))}</b>" if name else "")))
    to = body.get("to")
    # Said only when fewer hear it than are usually on an order.
    heard = (
        f" · {page.word('to', to=', '.join(_WORDS[one][page.index] for one in to if one in _WORDS))}"
        if to and len(to) < 3
        else ""
    )
    marks = "".join(f" · {page.word(mark)}" for mark in _marks(page, event))
    return f'<li><div class="head">{page.at(event.at, "%Y-%m-%d %H:%M:%S")} · {who}{heard}{marks}</div>{said}</li>'


def _marks(page: Page, event: EventView) -> list[str]:
    overlay = page.overlays.get(str(event.seq)) or {}
    found = [
        mark for mark, on in (("edited", overlay.get("edited_at")), ("pinned", overlay.get("pinned"))) if on
    ]
    return [*found, "forwarded"] if event.body.get("forwarded") else found


def _said(page: Page, event: EventView) -> str:
    body, kind = event.body, event.type
    overlay = page.overlays.get(str(event.seq)) or {}
    if body.get("expired"):
        return f'<div class="gone">{page.word("expired")}</div>'
    if kind in ("message_sent", "question_asked"):
        shown = _message(page, body, overlay)
        if not overlay.get("recalled_at") and not body.get("recalled"):
            return shown
        trace = f'<div class="gone">{page.word("trace")}:</div><s>{shown}</s>' if shown else ""
        return f'<div class="gone">{page.word("recalled")}</div>{trace}'
    if kind in ("notice_posted", "answer_given", "call_ended", "masked_call_ended"):
        return f'<div class="said">{page.text(body.get("text", ""))}</div>'
    if kind == "status_changed":
        return f'<div class="fact">{escape(status_words(page, body.get("after", "")))}</div>'
    if kind not in _EVENTS:
        return ""
    detail = _detail(page, kind, body)
    return f'<div class="fact">{escape(_EVENTS[kind][page.index])}{f": {detail}" if detail else ""}</div>'


def _message(page: Page, body: Mapping[str, Any], overlay: Mapping[str, Any]) -> str:
    parts = []
    quote = body.get("quote")
    if quote:
        quoted = page.text(quote.get("text") or _WORDS.get(quote.get("kind", ""), ("…", "…"))[page.index])
        parts.append(f'<div class="quote">{escape(str(quote.get("name", "")))}: {quoted}</div>')
    text = overlay.get("text") if overlay.get("edited_at") else body.get("text")
    if text:
        parts.append(f'<div class="said">{page.text(text)}</div>')
    place = body.get("place")
    if place:
        where = " ".join(filter(None, (place.get("name"), place.get("address"))))
        point = place.get("point") or {}
        parts.append(
            f'<div class="said">{page.word("place")}: {escape(where)} ({escape(str(point.get("lat")))}, {escape(str(point.get("lon")))})</div>'
        )
    parts += [_media(page, one) for one in body.get("media") or ()]
    parts += [f'<div class="said">▢ {page.text(one)}</div>' for one in body.get("options") or ()]
    answer = overlay.get("answer")
    if answer and 0 <= answer.get("option", -1) < len(body.get("options") or ()):
        parts.append(
            f'<div class="fact">{page.word("answered", text=body["options"][answer["option"]], name=answer.get("name", ""))}</div>'
        )
    reactions = overlay.get("reactions") or {}
    if reactions:
        said = "  ".join(f"{emoji} {len(who)}" for emoji, who in reactions.items())
        parts.append(f'<div class="head">{escape(said)}</div>')
    return "".join(parts)


def _media(page: Page, one: Mapping[str, Any]) -> str:
    seconds = page.word("seconds", n=round(one["duration_ms"] / 1000)) if one.get("duration_ms") else ""
    about = [
        escape(str(one.get("name") or "")),
        seconds,
        f"{one.get('size', 0) / 1000:.0f} kB" if one.get("size") else "",
    ]
    return (
        f'<div class="said">{page.word(str(one.get("kind", "file")))} {" · ".join(filter(None, about))}</div>'
    )


def _detail(page: Page, kind: str, body: Mapping[str, Any]) -> str:
    if kind == "courier_assigned":
        return escape(str(body.get("courier_name") or "—"))
    if kind == "time_agreed":
        return page.at(body.get("at", 0))
    if kind == "order_rated":
        rating = body.get("rating") or {}
        return escape(f"{'★' * int(rating.get('stars', 0))} {rating.get('text', '')}".strip())
    if kind in INCIDENTS:
        return _incident(page, kind, body.get("incident") or {})
    if kind in ("change_asked", "change_answered"):
        return _change(page, body.get("change") or {})
    if kind in ("substitute_proposed", "substitute_answered"):
        one = body.get("substitution") or {}
        names = (
            f"{one.get(end + '_en') or one.get(end)}" if page.index else str(one.get(end))
            for end in ("stem", "name")
        )
        return escape(" → ".join(names))
    if kind in ("message_reported", "report_resolved"):
        return escape(str(body.get("reason") or body.get("answer") or ""))
    return ""


def _incident(page: Page, kind: str, incident: Mapping[str, Any]) -> str:
    said = [REASON_WORDS.get(str(incident.get("reason")))]
    if kind == "incident_decided" and incident.get("decided"):
        said.append(CHOICE_WORDS.get(incident["decided"][-1]["choice"]))
    words = [(text.en if page.index else text.zh) for text in said if text]
    return escape(" ".join(filter(None, (*words, incident.get("note"), incident.get("resolution")))))


def _change(page: Page, change: Mapping[str, Any]) -> str:
    promise, address = change.get("promise") or {}, change.get("address") or {}
    recipient, card = change.get("recipient") or {}, change.get("card") or {}
    lines = [f"{line['name']} ×{line['quantity']}" for line in change.get("lines") or ()]
    cancel = ("Cancel the order" if page.index else "取消订单") if change.get("cancel") else ""
    parts = (
        page.at(promise.get("end", 0)), address.get("text"), recipient.get("name"), recipient.get("phone"),
        card.get("text"), *lines, cancel, change.get("reason"),
    )  # fmt: skip
    return escape(" ".join(filter(None, parts)))
