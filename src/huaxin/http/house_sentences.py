"""What errors of searching and of the house rules say to a person, by their code (see sentences.py)."""

from huaxin.http.call_sentences import CALL_SENTENCES
from huaxin.http.recipient_sentences import RECIPIENT_SENTENCES
from huaxin.http.slot_sentences import SLOT_SENTENCES
from huaxin.http.trouble_sentences import TROUBLE_SENTENCES
from huaxin.kernel import Text

_OTHERS = TROUBLE_SENTENCES | SLOT_SENTENCES | CALL_SENTENCES

HOUSE_SENTENCES: dict[str, Text] = _OTHERS | {
    "tracker.unknown": Text(
        "没有这个定位设备,请在花信里重新添加。", "There is no such tracker; add it again in Huaxin."
    ),
    "tracker.password": Text(
        "定位设备的密码不对,或已停用。", "The tracker's password is wrong, or it was revoked."
    ),
    "tracker.no_device": Text("没有写是哪台设备。", "It does not say which device it is."),
    "tracker.unreadable": Text(
        "看不懂这条位置,请检查应用的设置。", "That is no position as the app sends it; check its settings."
    ),
    "tracker.too_many": Text("请先停用一台旧的定位设备。", "Revoke one of the old trackers first."),
    "position.batch": Text(
        "一次最多发一万个位置,其余的请随后再发;这一批还没有收下。",
        "Send at most 10,000 positions at once, the others after them; none of this batch was taken.",
    ),
    "stop.confirmed": Text("这一站已经确认过了。", "This stop is confirmed already."),
    "alert.not_open": Text("这条提醒已经结束了。", "This alert is over already."),
    "rate.too_fast": Text(
        "操作太快了,请在 {wait_s} 秒后再试。", "That is too fast. Please try again in {wait_s} s."
    ),
    "block.not_this": Text(
        "只能屏蔽订花人、收花人或配送员,花店不能被屏蔽。",
        "Buyer, recipient and courier can be blocked, and by each other only; the shop hears everybody.",
    ),
    "report.is_shop": Text("举报是给花店看的,就是您。", "Reports go to the shop: that is you."),
    "report.own": Text("这是您自己的消息,可以撤回。", "That is your own message; you can recall it."),
    "report.already": Text(
        "您已经举报过这条消息,花店会处理。", "You have reported this message; the shop will look at it."
    ),
    "report.too_many": Text(
        "这个订单的举报已经够多了,请致电花店。", "The shop has enough reports here; please call it."
    ),
    "report.none": Text("这条消息没有待处理的举报。", "No open report is about this message."),
    "talk.expired": Text(
        "这个订单的对话内容已经删除了。", "What was said on this order has been removed already."
    ),
    "photo.required": Text(
        "店里要求先拍成品照,再完成或取货。", "The shop wants a picture of the finished flowers first."
    ),
    "bouquet.not_asked": Text(
        "这张照片不用再回复了。", "Nobody waits for a word about this picture any more."
    ),
    "bouquet.too_late": Text(
        "回复时间已过,这束花已视为满意;要改请直接联系花店。",
        "The time to answer is over and the flowers count as approved; please write to the shop.",
    ),
    "bouquet.no_words": Text("请写一句希望怎么改。", "Please say what should be changed."),
    "bouquet.fix_open": Text(
        "订花人希望修改:「{fix}」。花店还没改好,请先问花店。",
        "The buyer asked for a change: “{fix}”. It is not made yet; please ask the shop.",
    ),
    "proof.missing": Text(
        "店里要求的签收凭证还不全,请补上再点送达。", "The shop asks for more proof than this; please add it."
    ),
    "proof.name_missing": Text(
        "请写清楚交给了谁,或放在几号柜。", "Please say who took the flowers, or which locker."
    ),
    "proof.wrong_code": Text(
        "收货码不对,还可以试 {tries_left} 次。", "That is not the receipt code. Tries left: {tries_left}."
    ),
    "proof.code_locked": Text(
        "收货码错了太多次,请 {wait_s} 秒后再试,或放在门卫、邻居、柜子并拍照。",
        "Too many wrong codes. Wait {wait_s} s, or leave the flowers with somebody and take a picture.",
    ),
    "papers.none": Text("没有可以打印的订单。", "There is nothing to print."),
    "papers.most": Text("一次最多打印 {most} 单。", "Print up to {most} orders at once."),
    "search.too_long": Text(
        "搜索最多 {most} 个字,现在有 {have} 个。", "Search for up to {most} characters; these are {have}."
    ),
    "search.busy": Text(
        "现在搜索太慢了,请多写几个字再试。", "Searching takes too long right now. Please try more words."
    ),
}
HOUSE_SENTENCES |= RECIPIENT_SENTENCES
