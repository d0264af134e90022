# ruff: noqa: E501 (sentences read better whole)
"""What is said about other flowers than ordered. For buyer and shop alone: it speaks of money."""

from huaxin.kernel import Audience, Text

_TWO = Audience.buyer | Audience.shop

SUBSTITUTION_TEMPLATES: dict[str, tuple[Audience, str, str, str]] = {
    "substitute_asked": (
        _TWO, "ask", "抱歉,{stem}缺货了。我们想用{name}代替,{difference}。请看照片后告诉我们,您同意后我们才会制作。",
        "Sorry, we have run out of {stem}. We would like to use {name} instead, {difference}. Please look at the picture and tell us: we make it only once you agree.",
    ),
    "substitute_accepted": (
        _TWO, "good", "您已同意用{name}代替{stem},我们马上为您制作。",
        "You agreed to {name} instead of {stem}. We will make it right away.",
    ),
    "substitute_by_phone": (
        _TWO, "good", "已和您电话确认:用{name}代替{stem},我们马上为您制作。",
        "Agreed with you by phone: {name} instead of {stem}. We will make it right away.",
    ),
    "substitute_by_policy": (
        _TWO, "info", "{stem}缺货了,已按您下单时的选择换成同样风格的{name},{difference}。",
        "We have run out of {stem}; as you chose when ordering, it becomes {name} in the same style, {difference}.",
    ),
    "substitute_declined": (
        _TWO, "warn", "您没有同意用{name}代替{stem},花店会再和您商量,商量好之前不会制作。",
        "You did not agree to {name} instead of {stem}. The shop will talk to you; nothing is made before that.",
    ),
    "substitute_overdue": (
        _TWO, "warn", "还没有等到您对{name}的回复,花店会打电话和您商量,您同意后我们才会制作;{time}前没有商量好,{default}。",
        "We have not heard from you about {name}. The shop will call you; we make it only once you agree. If nothing is agreed by {time}, {default}.",
    ),
    "substitute_waits": (
        _TWO, "info", "关于{name},花店会在{time}前再联系您;到时没有商量好,{default}。",
        "The shop will try to reach you about {name} until {time}. If nothing is agreed by then, {default}.",
    ),
    "substitute_withdrawn": (
        _TWO, "good", "{stem}又有了,我们按您原来的选择制作。", "We have {stem} after all and make it as you ordered.",
    ),
    "line_refunded": (
        _TWO, "warn", "{name}这次做不了,已从订单中去掉,退您 {amount}。",
        "We cannot make {name} this time; it is taken off the order and {amount} goes back to you.",
    ),
    "order_refunded": (
        _TWO, "warn", "{stem}缺货了,已按您下单时的选择取消,退您 {amount}。",
        "We have run out of {stem}; as you chose when ordering, the order is cancelled and {amount} goes back to you.",
    ),
    "order_refunded_unagreed": (
        _TWO, "warn", "{stem}缺货了,没能和您商量好用什么代替,订单已取消,退您 {amount}。",
        "We have run out of {stem} and could not agree with you on other flowers; the order is cancelled and {amount} goes back to you.",
    ),
}  # fmt: skip
# What is done when nothing was agreed on the phone either.
CALL_DEFAULT = {
    "refund": Text("就去掉这一束并退款", "that bouquet is taken off and refunded"),
    "cancel": Text("就取消订单并全额退款", "the order is cancelled and refunded in full"),
}


def money_words(fen: int) -> str:
    """¥20 or ¥20.50."""
    yuan, rest = divmod(abs(fen), 100)
    return f"¥{yuan}.{rest:02d}" if rest else f"¥{yuan}"


def difference_words(fen: int) -> Text:
    if fen == 0:
        return Text("价格不变", "at the same price")
    sum_ = money_words(fen)
    return (
        Text(f"要补 {sum_}", f"for {sum_} more")
        if fen > 0
        else Text(f"退您 {sum_}", f"and {sum_} goes back to you")
    )
