# ruff: noqa: E501 (sentences read better whole)
"""What the system says about the recipient's wishes, in both languages (orders/notices.py has the rest)."""

from huaxin.kernel import Audience

_TEAM = Audience.staff_and_courier
_SENDER = Audience.buyer | Audience.shop

TEMPLATES: dict[str, tuple[Audience, str, str, str]] = {
    "contact_changed": (Audience.without_recipient, "ask", "联系约定有更新:{policy}。", "How to contact the recipient was changed: {policy}."),
    "contact_opened": (Audience.without_recipient, "info", "约定的时间已到,现在可以联系收花人了。", "The time has come: the recipient may be contacted now."),
    "preference_asked": (Audience.without_recipient, "ask", "收花人希望换个时间:{when} {text}", "The recipient would like another time: {when} {text}"),
    "preference_sent": (Audience.recipient, "info", "您希望的时间已转告,请等待答复。", "Your wish was passed on; you will be answered here."),
    "preference_accepted": (Audience.everyone, "good", "已按收花人的希望改为{when}送达。", "The time is now {when}, as the recipient wished."),
    "preference_taken": (Audience.everyone, "good", "收花人的希望已收到,会照着做。", "The recipient's wish was heard and will be kept."),
    "preference_declined": (Audience.everyone, "warn", "抱歉,换时间无法做到,仍按原计划送达。{reason}", "Sorry, another time is not possible; it stays as planned. {reason}"),
    "gate_help": (_TEAM, "ask", "收花人告知怎么进门:{words}", "How to get in, from the recipient: {words}"),
    "gate_help_sent": (Audience.recipient, "info", "已转告配送员,谢谢。", "Passed on to the courier, thank you."),
    "thanked": (_SENDER, "good", "收花人向您道谢:{text}", "The recipient says thank you: {text}"),
}  # fmt: skip
