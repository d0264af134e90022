"""Sentences said with one tap: docs/spec/conversation.md."""

from typing import Any

import pytest

from huaxin.conversation.quick import LONGEST, QuickReplies, Reply
from huaxin.conversation.quick import USUAL as QUICK
from huaxin.journal.model import Rejected
from huaxin.kernel import Role, Text


class NoRows:
    """A database that takes everything and has nothing."""

    async def fetch(self, sql: str, *args: Any) -> list[tuple[Any, ...]]:
        return []

    async def execute(self, sql: str, *args: Any) -> int:
        return 0


async def test_usual_quick_replies_speak_both_languages() -> None:
    """CO-21."""
    quick = QuickReplies(NoRows())
    for role in (Role.buyer, Role.recipient, Role.shop, Role.courier):
        found = await quick.get("any", role)
        assert found == QUICK[role]
        assert len({one.key for one in found}) == len(found) >= 5
        assert all(one.text.zh and one.text.en for one in found)
    only_zh = await quick.set("any", Role.shop, [Reply(key="", text=Text(" 好的 ", ""))], 1)
    assert only_zh == [Reply(key="own-1", text=Text("好的", "好的"))]
    assert await quick.set("any", Role.shop, [], 1) == QUICK[Role.shop]
    for text in (Text("", " "), Text("长" * (LONGEST + 1), "")):
        with pytest.raises(Rejected, match="quick reply has"):
            await quick.set("any", Role.shop, [Reply(key="", text=text)], 1)
    twice = [Reply(key="a", text=Text("一", "")), Reply(key="a", text=Text("二", ""))]
    with pytest.raises(Rejected, match="key of its own"):
        await quick.set("any", Role.shop, twice, 1)
