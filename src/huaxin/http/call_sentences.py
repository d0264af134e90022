"""What refusals about calls say to a person, by their code (see sentences.py)."""

from huaxin.kernel import Text

CALL_SENTENCES: dict[str, Text] = {
    "call.closed": Text(
        "这个订单已经结束,不能再呼叫对方;有事请联系花店。",
        "This order is done; there is no calling this side any more. Please write to the shop.",
    ),
    "call.nobody": Text("对方还没有加入这个订单,暂时无法呼叫。", "There is nobody there to call yet."),
    "call.busy": Text("对方正在通话,请稍后再拨,或先留言。", "They are in another call. Try again, or write."),
    "call.quiet": Text("对方现在不方便接电话,请先留言。", "They do not want calls now; please write."),
    "call.anonymous": Text(
        "送花人希望匿名,双方不能直接通话。",
        "The sender wishes to stay unknown; the two cannot be in one call.",
    ),
    "call.full": Text("通话人数已满,最多四人。", "This call is full: up to four can be in it."),
    "call.taken": Text("已在其他设备或由同事接听。", "It was answered on another device, or by a colleague."),
    "call.over": Text("通话已经结束。", "This call is over."),
    "call.own": Text("您已经在这个订单的通话中。", "You are in a call on this order already."),
    "call.not_in": Text("只有通话中的人可以邀请别人。", "Only who is in the call can invite others."),
    "call.declined": Text("您已经拒绝了这个来电。", "You have declined this call already."),
    "call.exists": Text("这个通话已经存在,请重新拨打。", "There is such a call already; please call again."),
    "call.device": Text("设备编号重复,请刷新页面再试。", "Two devices have the same id; reload the page."),
    "call.not_due": Text("还在响铃。", "It is still ringing."),
    "call.flood": Text(
        "拨打太频繁了,请在 {wait_s} 秒后再试。", "That is too often. Please try again in {wait_s} s."
    ),
    "call.signal": Text("通话信令不对。", "That is no signal of a call one is in."),
    "call.no_phone": Text(
        "对方没有留电话,无法拨打隐私号。", "There is no phone number to call; please write instead."
    ),
    "call.no_masking": Text(
        "隐私号暂时不可用,请用应用内通话或留言。",
        "Phone calls with hidden numbers are not available now; call in the app or write.",
    ),
}
