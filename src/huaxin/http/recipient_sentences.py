"""What errors about recipients, complaints and remedies say to a person, by their code (see sentences.py)."""

from huaxin.kernel import Text

RECIPIENT_SENTENCES: dict[str, Text] = {
    "contact.door": Text(
        "按约定,配送员到门口之前不能联系收花人。没有发出去。",
        "The recipient must not be contacted before the courier is at the door. Nothing was sent.",
    ),
    "contact.after": Text(
        "按约定,现在还不能联系收花人。没有发出去。",
        "The recipient must not be contacted yet. Nothing was sent.",
    ),
    "contact.never": Text(
        "订花人要求不联系收花人。没有发出去。",
        "The buyer wishes that the recipient is not contacted. Nothing was sent.",
    ),
    "contact.free": Text("现在不能联系收花人。", "The recipient must not be contacted now."),
    "contact.time": Text(
        "请选择从什么时间起可以联系收花人(90 天以内)。",
        "Say from what time on the recipient may be reached, within 90 days.",
    ),
    "contact.same": Text("已经是这样约定的。", "That is agreed already."),
    "contact.not_due": Text("还没到约定的时间。", "The time agreed has not come."),
    "preference.empty": Text("请选一个时间,或写一句话。", "Choose a time, or write a few words."),
    "preference.not_pending": Text("这个请求已经有答复了。", "This wish no longer waits for an answer."),
    "gate.empty": Text(
        "请写下门禁、楼层、位置或一句话。", "Say something: a code, a floor, a place or a few words."
    ),
    "thanks.sent": Text("您的谢意已经转达了。", "Your thanks have been passed on already."),
    "thanks.empty": Text("请写几个字,或加一张照片。", "Write a few words, or add a picture."),
    "complaint.open": Text(
        "这个订单已有一个问题在处理中,可以在对话里补充。",
        "A complaint on this order is being dealt with; add to it in the conversation.",
    ),
    "complaint.closed": Text("这个问题已经结束了。", "There is no open complaint on this order."),
    "remedy.amount": Text("请写明金额。", "Say how much."),
    "remedy.above_total": Text("退款不能超过实付金额。", "No more can be refunded than was paid."),
    "remedy.too_many": Text(
        "来回的方案已经太多了,请直接通个电话。", "So many offers were made; please speak on the phone."
    ),
    "remedy.unknown": Text("没有这个方案。", "There is no such offer on this order."),
    "remedy.answered": Text("这个方案已经有答复或已被替换。", "This offer no longer waits for an answer."),
    "remedy.own": Text(
        "这是您自己提出的,请等对方答复。", "That is your own offer; the other side answers it."
    ),
    "voucher.unknown": Text(
        "没有找到这张代金券,请核对券码和花店。",
        "There is no such voucher here; look at the code and the shop.",
    ),
    "voucher.used": Text("代金券 {value} 已经用过了。", "Voucher {value} has been used already."),
    "voucher.expired": Text("代金券 {value} 已经过期。", "Voucher {value} is no longer good."),
    "voucher.too_small": Text(
        "花束合计满 ¥{least} 才能用这张代金券。", "This voucher needs bouquets of ¥{least} or more."
    ),
    "voucher.tries": Text(
        "券码输错太多次,请在 {wait_s} 秒后再试。", "Too many wrong codes. Please wait {wait_s} seconds."
    ),
    "rating.empty": Text("请写几个字。", "Write a few words."),
    "guest.no_link": Text("这个链接已经失效了。", "This link has ended already."),
}
