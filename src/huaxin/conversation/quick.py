"""Sentences said with one tap: usual ones for every role, and a shop's own instead of them."""

from typing import Any, Protocol

import msgspec

from huaxin.journal.model import Rejected
from huaxin.kernel import Role, Text, tidy

LONGEST = 200  # characters of one reply


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    text: Text


def _replies(*texts: tuple[str, str, str]) -> list[Reply]:
    return [Reply(key=key, text=Text(zh, en)) for key, zh, en in texts]


USUAL: dict[Role, list[Reply]] = {
    Role.buyer: _replies(
        ("at_door", "请放门口", "Please leave it at the door"),
        ("at_desk", "请放前台", "Please leave it at the front desk"),
        ("call_me", "到了请给我打电话", "Please call me when you are there"),
        ("no_call", "请不要给收花人打电话,是惊喜", "Please do not call the recipient: it is a surprise"),
        ("how_long", "还要多久?", "How much longer?"),
        ("thanks", "谢谢,辛苦了", "Thank you very much"),
    ),
    Role.recipient: _replies(
        ("at_home", "我在家,请送上来", "I am at home, please come up"),
        ("coming_down", "我马上下楼", "I am coming down"),
        ("ten_minutes", "我十分钟后到", "I will be there in ten minutes"),
        ("at_desk", "请放前台", "Please leave it at the front desk"),
        ("thanks", "谢谢", "Thank you"),
    ),
    Role.shop: _replies(
        ("at_once", "好的,马上安排", "All right, at once"),
        ("making", "花正在做,请放心", "Your flowers are being made"),
        ("on_the_way", "花已经在路上了", "Your flowers are on their way"),
        ("when", "请问几点方便收花?", "What time would suit you?"),
        ("check_address", "请再确认一下地址和电话", "Please check the address and the phone number again"),
        ("sorry", "抱歉让您久等了", "Sorry to keep you waiting"),
    ),
    Role.courier: _replies(
        ("picked_up", "花已取到,马上出发", "I have the flowers and am setting off"),
        ("downstairs", "我到楼下了", "I am downstairs"),
        ("come_down", "麻烦您下楼取一下", "Could you come down, please?"),
        ("gate_code", "请问门禁密码是多少?", "What is the gate code, please?"),
        ("jam", "路上有点堵,会晚十分钟左右", "There is a jam; about ten minutes late"),
        ("at_door", "给您放门口可以吗?", "May I leave it at the door?"),
        ("no_answer", "电话没打通,请看到后回一下", "I could not reach you by phone; please answer here"),
    ),
}

_PUT = """
INSERT INTO quick_replies (shop, role, replies, changed_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (shop, role) DO UPDATE SET replies = excluded.replies, changed_at = excluded.changed_at
"""


class Rows(Protocol):
    """As much of a database as this needs (huaxin.storage.port.Database has it)."""

    async def fetch(self, sql: str, *args: Any) -> list[tuple[Any, ...]]: ...

    async def execute(self, sql: str, *args: Any) -> int: ...


class QuickReplies:
    def __init__(self, db: Rows) -> None:
        self._db = db

    async def get(self, shop: str, role: Role) -> list[Reply]:
        """The shop's own, or the usual ones."""
        rows = await self._db.fetch(
            "SELECT replies FROM quick_replies WHERE shop = $1 AND role = $2", shop, role.value
        )
        if not rows:
            return USUAL.get(role, [])
        return msgspec.json.decode(rows[0][0], type=list[Reply])

    async def set(self, shop: str, role: Role, replies: list[Reply], now: int) -> list[Reply]:
        """What holds from now on; none given: the usual ones again. `now` in ms. Raises Rejected."""
        if not replies:
            await self._db.execute(
                "DELETE FROM quick_replies WHERE shop = $1 AND role = $2", shop, role.value
            )
            return USUAL.get(role, [])
        kept = [_checked(reply, nth) for nth, reply in enumerate(replies, 1)]
        if len({one.key for one in kept}) < len(kept):
            raise Rejected("quick.keys", "Every quick reply needs a key of its own.", None, status=422)
        await self._db.execute(_PUT, shop, role.value, msgspec.json.encode(kept).decode(), now)
        return kept


def _checked(reply: Reply, nth: int) -> Reply:
    """With both languages filled in: one is said for the other when there is only one. Raises Rejected."""
    zh, en = tidy(reply.text.zh), tidy(reply.text.en)
    if not (zh or en) or max(len(zh), len(en)) > LONGEST:
        raise Rejected(
            "quick.text", f"A quick reply has 1 to {LONGEST} characters.", {"most": LONGEST}, status=422
        )
    return Reply(key=reply.key or f"own-{nth}", text=Text(zh or en, en or zh))
