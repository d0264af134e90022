"""A domain of three lines for tests of the journal: a subject is a page, a command writes a line on it."""

from typing import Any

import msgspec

from huaxin.journal.model import Actor, Command, Decision, Fact, Rejected, StateRow


class Write(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    times: int = 1  # facts to write; 0: nothing
    courier: str = ""
    keep: bool = True  # changes the page's state


class Page(msgspec.Struct, frozen=True, kw_only=True):
    lines: int = 0
    courier: str = ""
    closed: bool = False


class Notebook:
    """Rules: a closed page takes no more lines; "close" closes, "open" opens again; "boom" is a fault of
    the rules, "huge" makes an event that no store can keep, "not mine" begins with another's event."""

    def decide(self, state: Page | None, command: Command, now: int) -> Decision:
        wish: Write = command.body
        page = state or Page()
        if page.closed and wish.text != "open":
            raise Rejected("page.closed", "This page is closed. Take another.", wish.text)
        if wish.text == "boom":
            raise ZeroDivisionError("boom")
        after = msgspec.structs.replace(
            page,
            lines=page.lines + wish.times,
            courier=wish.courier or page.courier,
            closed=wish.text == "close",
        )
        fact = Fact(
            type="line",
            version=1,
            audience=2**70 if wish.text == "huge" else 7,
            actor="system" if wish.text == "not mine" else None,
            body=msgspec.json.encode({"text": wish.text, "line": after.lines}),
            courier=after.courier,
            courier_before=page.courier if page.courier != after.courier else "",
        )
        changed = wish.keep and wish.times > 0
        return Decision(
            facts=[fact] * wish.times, result={"line": after.lines}, state=after if changed else None
        )

    def load(self, doc: bytes) -> Page:
        return msgspec.json.decode(doc, type=Page)

    def dump(self, state: Page, seq: int, shop: str, subject: str) -> StateRow:
        return StateRow(
            shop=shop,
            subject=subject,
            seq=seq,
            doc=msgspec.json.encode(state),
            courier=state.courier,
            closed=state.closed,
        )


def wish(
    command_id: str,
    *,
    shop: str = "shop",
    subject: str = "page",
    actor: str = "ann",
    text: str = "hello",
    **more: Any,
) -> Command:
    return Command(
        shop=shop,
        subject=subject,
        actor=Actor(person=actor, role="writer"),
        command_id=command_id,
        body=Write(text=text, **more),
    )
