# ruff: noqa: E501 (words read better whole)
"""The evidence of a complaint as a page: what was promised and kept, the pictures, the complaint and its
offers, then the whole conversation. Pictures stand in the page itself: it can be kept and shown anywhere."""

from collections.abc import Mapping
from html import escape
from typing import Any

import msgspec

from huaxin.http.export_page import Page, conversation, frame, status_words
from huaxin.kernel import Text
from huaxin.live.evidence_views import Evidence
from huaxin.orders.remedies.decide import FAULT_WORDS, remedy_words
from huaxin.orders.remedies.model import Remedy

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("订单 {number} 的证据汇总", "Evidence on order {number}"),
    "steps": ("经过", "What happened when"), "late": ("比承诺晚 {n} 分钟", "{n} minutes after the promise"), "kept": ("在承诺时间内送达", "Delivered within the promise"),
    "near": ("交付位置距地址 {n} 米", "Handed over {n} m from the address"), "photos": ("照片", "Pictures"), "complaint": ("反映的问题", "Complaint"),
    "talk": ("全部对话", "The whole conversation"), "gone": ("图片已不可用", "This picture is no longer there"),
    "bouquet": ("做好时的照片", "when it was made"), "incident": ("异常照片", "of the incident"), "proof": ("送达照片", "at the handover"), "rating": ("评价照片", "with the rating"), "message": ("对话中的照片", "from the conversation"),
    "of_complaint": ("客户反映时的照片", "with the complaint"),
    "open": ("处理中", "open"), "settled": ("已解决", "settled"), "withdrawn": ("已撤回", "withdrawn"), "proposed": ("等待答复", "waits for an answer"),
    "accepted": ("已接受", "accepted"), "declined": ("未接受", "declined"), "countered": ("对方另提方案", "answered by another offer"),
}  # fmt: skip
_STYLE = """
h2{font-size:1.05rem;margin:1.4rem 0 .4rem}.photos{display:grid;grid-template-columns:repeat(auto-fill,minmax(11rem,1fr));gap:.8rem}
figure{margin:0;break-inside:avoid}img{width:100%;border-radius:6px;display:block}figcaption{font-size:.85rem;color:#666}
"""


def make_evidence(evidence: Evidence, pictures: Mapping[str, str], language: str) -> str:
    """`pictures`: data addresses by the ids of photos. `language`: 'zh-CN' or 'en'."""
    page = Page(evidence.export, language)
    index = page.index

    def word(key: str, **values: Any) -> str:
        return escape(_WORDS[key][index].format(**values))

    parts = [
        f"<h2>{word('steps')}</h2>{_steps(page, evidence, word)}",
        _photos(page, evidence, pictures, word),
        _complaint(page, word),
        f"<h2>{word('talk')}</h2>{conversation(page)}",
    ]
    return frame(page, word("title", number=evidence.export.order.number), "".join(parts), _STYLE)


def _steps(page: Page, evidence: Evidence, word: Any) -> str:
    rows = "".join(
        f"<tr><th>{page.at(step.at, '%m-%d %H:%M:%S')}</th><td>{escape(status_words(page, step.status))}</td></tr>"
        for step in evidence.steps
    )
    said = []
    if any(step.status == "delivered" for step in evidence.steps):
        said.append(word("late", n=evidence.late_minutes) if evidence.late_minutes else word("kept"))
    if evidence.distance_m is not None:
        said.append(word("near", n=round(evidence.distance_m)))
    return f"<table>{rows}</table>" + "".join(f"<p>{one}</p>" for one in said)


def _photos(page: Page, evidence: Evidence, pictures: Mapping[str, str], word: Any) -> str:
    if not evidence.photos:
        return ""
    shown = []
    for photo in evidence.photos:
        about = word("of_complaint" if photo.what == "complaint" else photo.what)
        caption = f"{page.at(photo.at)} · {page.role(photo.by)} · {about}"
        source = pictures.get(photo.id)
        picture = f'<img alt="{about}" src="{source}">' if source else f'<p class="gone">{word("gone")}</p>'
        shown.append(f"<figure>{picture}<figcaption>{caption}</figcaption></figure>")
    return f'<h2>{word("photos")}</h2><div class="photos">{"".join(shown)}</div>'


def _complaint(page: Page, word: Any) -> str:
    complaint = page.order.get("complaint")
    if not complaint:
        return ""
    total = page.order.get("total") or 0
    fault = FAULT_WORDS[complaint["fault"]]
    rows = [(complaint["at"], complaint["by"], _pick(page, fault), complaint.get("text", ""), "")]
    for fields in complaint.get("remedies", ()):
        remedy = msgspec.convert(fields, Remedy)
        what = _pick(page, remedy_words(remedy, total))
        words = " ".join(filter(None, (remedy.text, remedy.reason, remedy.code)))
        rows.append((remedy.at, remedy.by, what, words, word(remedy.status)))
    cells = "".join(
        f"<tr><th>{page.at(at)} · {page.role(by)}</th><td class=said><b>{escape(what)}</b> {state} {page.text(text)}</td></tr>"
        for at, by, what, text, state in rows
    )
    return f"<h2>{word('complaint')} · {word(complaint['status'])}</h2><table>{cells}</table>"


def _pick(page: Page, text: Text) -> str:
    return text.en if page.index else text.zh
