# ruff: noqa: E501 (sentences read better whole)
"""What is said when a change or an incident cannot go on as somebody wished (http/sentences.py)."""

from huaxin.http.flower_sentences import FLOWER_SENTENCES
from huaxin.kernel import Text

TROUBLE_SENTENCES: dict[str, Text] = FLOWER_SENTENCES | {
    "change.empty": Text("请选择要改的内容。", "Choose what should be different."),
    "change.pending": Text(
        "上一个修改还在等待答复,请先撤回。",
        "A change is already waiting for an answer; take it back first.",
    ),
    "change.refused": Text("现在不能这样改:{why}。", "This cannot be changed now: {why}."),
    "change.effect_changed": Text(
        "价格刚刚有变化,请重新确认后再提交。", "The price has just changed. Please look at it and send it again."
    ),
    "change.not_pending": Text(
        "这个修改已经{became},不用再答复了。什么都没有改变。",
        "This change no longer waits for an answer: it is {became}. Nothing was changed.",
    ),
    "change.not_due": Text("这个修改还可以答复。", "This change may still be answered."),
    "change.no_time": Text("订花人没有要求改时间。", "No other time was asked for."),
    "change.below_zero": Text("订单金额不能低于零。", "An order cannot cost less than nothing."),
    "incident.not_open": Text("这个异常已经处理完了。", "This incident is already resolved."),
    "incident.not_now": Text(
        "订单现在是「{status}」,不能上报这个原因。请选择别的原因。",
        "The order is {status}: this reason does not fit. Choose another one.",
    ),
    "incident.photo_needed": Text("这个原因需要一张照片,请先拍照。", "This reason needs a photo. Take one first."),
    "incident.no_failure": Text(
        "这不是没能送达的原因,请选择别的。", "That is no reason why flowers are not handed over."
    ),
    "incident.no_choice": Text("没有这个选项。", "This is none of the choices."),
    "incident.not_due": Text("还有时间决定。", "There is still time to decide this."),
    "incident.decided": Text(
        "这一步刚刚已经决定了:{choice}。什么都没有改变。",
        "This has just been decided: {choice}. Nothing was changed.",
    ),
}  # fmt: skip
