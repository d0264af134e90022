"""The export of one order, as JSON and as a page (docs/spec/house_rules.md)."""

import re
import threading
from html.parser import HTMLParser
from typing import Any

import pytest

from huaxin.compose import House
from huaxin.http import export
from huaxin.http.export_page import make_page
from tests.house import Member, log_in, place

NASTY = '<script>alert("x")</script><img src=x onerror=alert(1)>&lt; "\'` ]]> </style> 花🌹'


class _Tags(HTMLParser):
    """What a browser would make of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


async def _page(member: Member, order: str, language: str = "") -> _Tags:
    answer = await member.http.get(f"/api/orders/{order}/export.html", params={"lang": language})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    tags = _Tags()
    tags.feed(answer.text)
    return tags


async def test_whatever_was_written_stays_text(house: House) -> None:
    """HR-12: the page has no script, no pictures and no links."""
    li = await log_in(house, "li")
    order = await place(li, card={"text": NASTY, "signature": NASTY[:50]}, note=NASTY, buyer_name="<b>李</b>")
    await li.done("say", order=order, text=NASTY)
    await li.done("send_place", order=order, point={"lat": 31, "lon": 121}, name=NASTY[:90])
    await li.done("ask", order=order, text=NASTY, options=["<i>a</i>", NASTY[:50]])
    page = await _page(li, order)
    assert page.tags <= {
        "html", "head", "meta", "title", "style", "body", "h1", "p", "table", "tr", "th", "td", "ol",
        "li", "div", "b", "s",
    }  # fmt: skip
    assert not {name for name in page.attributes if name.startswith("on")} | (
        page.attributes & {"src", "href"}
    )
    assert page.text.count("<script>alert(") >= 5


async def test_a_page_is_not_written_on_the_loop(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """HR-12: a long conversation must not hold up everybody's messages."""
    threads = []

    def seen(*args: Any) -> str:
        threads.append(threading.current_thread())
        return make_page(*args)

    monkeypatch.setattr(export, "make_page", seen)
    li = await log_in(house, "li")
    await _page(li, await place(li))
    assert threads
    assert threading.main_thread() not in threads


async def test_each_role_gets_what_it_may_see(house: House) -> None:
    """HR-11: redacted as every history is; nobody else's order."""
    li, chen, owner, zhang = [await log_in(house, name) for name in ("li", "chen", "owner", "zhang")]
    order = await place(li, card={"text": "永远爱你"})
    await owner.done("confirm_order", order=order)
    await owner.done("assign_courier", order=order, courier=zhang.person)
    recalled = await li.done("say", order=order, text="说错的话")
    await li.done("recall_message", order=order, seq=recalled["seq"])
    edited = await li.done("say", order=order, text="原来的话")
    await li.done("edit_message", order=order, seq=edited["seq"], text="改好的话")
    await owner.done("say", order=order, text="只给配送员", to=["courier"])
    people = {"li": li, "owner": owner, "zhang": zhang}
    pages = {name: (await _page(who, order)).text for name, who in people.items()}
    assert "永远爱你" in pages["li"]
    assert "永远爱你" in pages["owner"]
    assert "永远爱你" not in pages["zhang"]
    assert "¥" not in pages["zhang"]
    assert "只给配送员" in pages["zhang"]
    assert "只给配送员" not in pages["li"]
    for name in ("li", "zhang"):
        assert "说错的话" not in pages[name]
        assert "原来的话" not in pages[name]
        assert "消息已撤回" in pages[name]
        assert "改好的话" in pages[name]
    assert "说错的话" in pages["owner"]  # the trace stays with the shop
    english = (await _page(owner, order, "en")).text
    assert "This message was recalled" in english
    assert "Your order is confirmed" in english
    assert "您的订单已确认" in pages["owner"]
    for path in ("export.json", "export.html"):
        answer = await chen.http.get(f"/api/orders/{order}/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "order.not_found")
        answer = await chen.http.get(f"/api/orders/{order}/{path}", headers={"authorization": ""})
        assert answer.status_code == 401


async def test_the_json_has_the_whole_conversation_in_order(house: House) -> None:
    """HR-11: more than a page of it."""
    li, owner = await log_in(house, "li"), await log_in(house, "owner")
    order = await place(li)
    for n in range(55):
        await (li, owner)[n % 2].done("say", order=order, text=f"第{n}句")
    answer = await li.http.get(f"/api/orders/{order}/export.json")
    number = (await li.order(order))["order"]["number"]
    assert answer.headers["content-disposition"] == f'attachment; filename="order-{number}.json"'
    export = answer.json()
    assert [one["body"]["text"] for one in export["events"] if one["type"] == "message_sent"] == [
        f"第{n}句" for n in range(55)
    ]
    seqs = [one["seq"] for one in export["events"]]
    assert seqs == sorted(set(seqs))
    assert (export["role"], export["complete"]) == ("buyer", True)
    assert export["cursor"]["seq"] >= seqs[-1]
    assert not re.search(r"command_id|actions", answer.text)
