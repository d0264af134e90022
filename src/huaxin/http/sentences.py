"""What an error says to a person, by its code. A code that is not here speaks with the sentence it came with.

`{name}` stands for a part of the error's value (or the value itself as `{value}`).
"""

from typing import Any

from huaxin.http.house_sentences import HOUSE_SENTENCES
from huaxin.kernel import Text

LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}

_STATUS = {
    "placed": Text("待确认", "placed"),
    "confirmed": Text("已确认", "confirmed"),
    "making": Text("制作中", "being made"),
    "ready": Text("待派送", "ready"),
    "assigned": Text("待取货", "assigned"),
    "picked_up": Text("已取货", "picked up"),
    "delivering": Text("配送中", "on the way"),
    "arriving": Text("即将送达", "arriving"),
    "arrived": Text("已到达", "at the door"),
    "delivered": Text("已送达", "delivered"),
    "rated": Text("已评价", "rated"),
    "cancelled": Text("已取消", "cancelled"),
    "failed": Text("妥投异常", "not handed over"),
    "returning": Text("送回中", "on its way back"),
    "returned": Text("已送回", "returned"),
}

SENTENCES: dict[str, Text] = HOUSE_SENTENCES | {
    # logging in
    "phone.invalid": Text(
        "这个手机号不对:请输入 11 位手机号,境外号码请以 + 和国家代码开头。",
        "That is not a phone number we can reach: 11 digits in mainland China, or + and the country code.",
    ),
    "login.too_many": Text(
        "尝试太频繁了,请在 {wait_s} 秒后再试。", "Too many tries. Please wait {wait_s} seconds."
    ),
    "login.no_code": Text(
        "验证码已失效,请重新获取。", "This code can no longer be used. Please ask for a new one."
    ),
    "login.wrong_code": Text(
        "验证码不对,还可以试 {tries_left} 次。", "That code is not right. Tries left: {tries_left}."
    ),
    "login.not_sent": Text(
        "验证码没有发出去,请稍后再试。", "The code could not be sent. Please try again soon."
    ),
    "auth.required": Text("请先登录。", "Please log in first."),
    "auth.invalid": Text("登录信息无效,请重新登录。", "This login is not valid. Please log in again."),
    "auth.expired": Text("登录已过期,正在重新连接。", "This login has run out; it is being renewed."),
    "auth.session_ended": Text("登录已失效,请重新登录。", "This login is over. Please log in again."),
    "device.unknown": Text(
        "没有这台设备,或它已经退出了。", "There is no such device, or it is logged out already."
    ),
    "guest.unknown": Text(
        "这个链接不对,请向发送者再要一次。",
        "This link is not right. Please ask whoever sent it for a new one.",
    ),
    "guest.expired": Text(
        "这个链接已过期,请向花店再要一个。", "This link has run out. Please ask the shop for a new one."
    ),
    "guest.role": Text(
        "访客链接只能给收花人或订花人。", "A guest link is for the recipient or the buyer only."
    ),
    "access.denied": Text("您没有这家店的权限。", "You have no access to this shop."),
    "person.unknown": Text("没有这个人。", "There is no such person."),
    "person.name": Text("名字需要 1 到 40 个字。", "A name has 1 to 40 characters."),
    "language.unknown": Text("只支持 zh-CN 和 en。", "Only zh-CN and en are spoken here."),
    # shops and flowers
    "shop.unknown": Text("没有这家店。", "There is no such shop."),
    "product.unknown": Text("店里没有这款花。", "The shop does not have this bouquet."),
    "product.unavailable": Text(
        "这款花暂时缺货,请换一款。", "This bouquet is out of stock. Please choose another."
    ),
    "shop.exists": Text("这个店铺编号已经有了。", "There is a shop with this id already."),
    "shop.id": Text("店铺编号只能用字母、数字、- 和 _。", "A shop's id has letters, digits, - and _ only."),
    "alert.told_already": Text("这件事已经说过了。", "This has been said already."),
    "alert.order_closed": Text("订单已经结束，不用再看了。", "The order is done; nobody needs to look."),
    "run.repeated": Text("有一单写了两次。", "An order is named twice."),
    "run.foreign": Text("这一单不在这趟配送里。", "This order is not on that run."),
    "planning.busy": Text(
        "正在排的太多了，请稍等再试。", "Too much is being planned; try again in a moment."
    ),
    "planning.failed": Text(
        "没有排成，什么都没有改变，请再试一次。", "This could not be planned. Everything is as it was."
    ),
    "batch.running": Text("正在排或正在派，请等它完成。", "This shop's orders are being shared out already."),
    "batch.empty": Text("没有等着派的订单。", "No order is waiting for a courier."),
    "batch.nobody": Text("店里没有能出车的配送员。", "The shop has no courier who can ride."),
    "batch.unknown": Text("这个方案已经没有了，请重新排。", "This proposal is gone: plan again."),
    "batch.not_ready": Text("这个方案还不能派出。", "This proposal is not ready to be applied."),
    "handover.empty": Text("这位配送员手上没有订单。", "This courier carries nothing."),
    "shop.no_point": Text("请先设置花店的位置。", "Say where the shop is first."),
    "shop.point": Text("位置需要纬度和经度(WGS-84)。", "A place needs latitude and longitude (WGS-84)."),
    "shop.time_zone": Text("没有「{value}」这个时区。", "There is no time zone '{value}'."),
    "staff.role": Text(
        "角色只能是店主、花艺师、调度或配送员。", "A role is one of owner, florist, dispatcher, courier."
    ),
    "staff.unknown": Text("这家店没有用这个手机号的店员。", "Nobody with this phone works at this shop."),
    # requests
    "request.too_large": Text("内容太大了,最多 1 MB。", "That is too large: at most 1 MB."),
    "request.invalid": Text("请求的内容不对:{value}", "The request cannot be understood: {value}"),
    "request.not_json": Text("请求不是有效的 JSON。", "The body is not valid JSON."),
    "request.no_key": Text(
        "命令需要 Idempotency-Key 请求头(8–64 个字符),重试时保持不变。",
        "A command needs an Idempotency-Key header (8–64 characters), the same on every retry.",
    ),
    "request.bad_key": Text(
        "Idempotency-Key 需要 8–64 个字符:字母、数字、点、冒号、- 和 _。",
        "The Idempotency-Key must have 8–64 characters: letters, digits, dot, colon, - and _.",
    ),
    "command.out_of_line": Text(
        "前一条还没有办好,稍后会按顺序一起补发。",
        "The one before it is not done yet; both are sent again in their order.",
    ),
    "demo.unknown_person": Text("演示里没有这个人。", "There is nobody like that in the demo."),
    "demo.same_origin": Text("只有演示自己的页面可以这样做。", "Only the demo's own page may do this."),
    "command.unknown": Text("没有叫「{value}」的命令。", "There is no command called '{value}'."),
    "query.unknown": Text("没有叫「{value}」的查询。", "There is no query called '{value}'."),
    "http.not_found": Text("这里什么也没有。", "There is nothing here."),
    "http.method_not_allowed": Text("这个地址不能这样用。", "This address cannot be used that way."),
    "http.too_large": Text("内容太大了,最多 1 MB。", "That is too large: at most 1 MB."),
    "http.media_type": Text("不支持这种内容类型。", "This kind of content is not taken."),
    "http.range": Text("文件没有这么长。", "The file is not that long."),
    "internal": Text(
        "服务器出了点问题,请再试一次,不会重复提交。",
        "Something went wrong on the server. Please try again: nothing is ever done twice.",
    ),
    # the journal
    "store.full": Text(
        "服务器磁盘已满,这一步没有保存,请稍后再试。",
        "The server's disk is full. This was not saved; please try again later.",
    ),
    "store.unavailable": Text(
        "数据库暂时连不上,这一步没有保存,请稍后再试。",
        "The database cannot be reached. This was not saved; please try again soon.",
    ),
    "store.corrupt": Text(
        "数据库损坏了,这一步没有保存,请联系店家。",
        "The database is damaged. This was not saved; please tell the shop.",
    ),
    "journal.closing": Text(
        "服务器正在重启,请马上再试一次。", "This server is restarting. Please try again in a moment."
    ),
    "journal.busy": Text("现在太忙了,请再试一次。", "Too busy right now. Please try again."),
    "command.id_missing": Text(
        "命令需要自己的编号(最多 64 个字符)。", "A command needs an id of its own (up to 64 characters)."
    ),
    "command.id_reused": Text(
        "这个命令编号已用于别的内容。", "This command id was already used for something else."
    ),
    # orders
    "order.not_found": Text(
        "没有这个订单,或您看不到它。", "There is no such order, or it is not yours to see."
    ),
    "order.exists": Text(
        "这个订单编号已经有了,请换一个。", "An order with this id is already there; make a new id."
    ),
    "order.illegal_move": Text(
        "订单现在是「{status}」,不能这样做。什么都没有改变。",
        "The order is {status}: that is not possible now. Nothing was changed.",
    ),
    "order.not_yours": Text("这个订单不归您处理。", "This is not yours to do on this order."),
    "order.no_courier": Text("请先指派配送员。", "Assign a courier to this order first."),
    "order.courier_unknown": Text("店里没有这位配送员。", "That is nobody of this shop's staff."),
    "order.unreachable": Text(
        "这个地址送不到,请换一个地址或联系花店。",
        "Our couriers cannot ride to this address. Choose another one or ask the shop.",
    ),
    "order.still_open": Text("订单还没有完成。", "The order is not completed yet."),
    "order.told_already": Text(
        "已经告诉过客户可能会晚到。", "The buyer already knows that this promise may slip."
    ),
    "order.same_courier": Text("这位配送员已经接了这个订单。", "This courier already has the order."),
    "order.nothing_ordered": Text("请至少选一款花。", "Choose at least one bouquet."),
    "order.recipient_missing": Text(
        "请填写收花人的姓名和电话。", "Say who gets the flowers: a name and a phone number."
    ),
    "order.window_inverted": Text("开始时间要早于结束时间。", "The window must start before it ends."),
    "order.window_past": Text("这个时间已经过了,请选晚一点。", "That time has passed; choose a later one."),
    "order.window_far": Text("最多可以提前 90 天下单。", "Orders can be placed up to 90 days ahead."),
    "undo.nothing": Text("没有可以撤回的操作。", "There is nothing of yours to take back on this order."),
    "undo.too_late": Text(
        "超过 10 秒,不能撤回了。", "A tap can be taken back for 10 seconds; that time has passed."
    ),
    "push.app": Text("没有这个应用。", "There is no such application."),
    "push.endpoint": Text(
        "这个推送地址不能使用。请重新打开通知。", "This push address cannot be used. Turn notices on again."
    ),
    "push.keys": Text(
        "浏览器给的密钥不对。请重新打开通知。", "The browser's keys are not right. Turn notices on again."
    ),
    "notice.channel": Text("没有「{value}」这种通知方式。", "There is no channel called '{value}'."),
    "notice.time_zone": Text("没有「{value}」这个时区。", "There is no time zone called '{value}'."),
    # media
    "media.unknown": Text(
        "没有这个上传,或它不属于这个订单。", "There is no such upload of yours, or not on this order."
    ),
    "media.link": Text(
        "这个链接已失效,或您看不到它。请重新打开订单。",
        "This address has run out, or it is not yours to see. Open the order again.",
    ),
    "media.purpose": Text(
        "请说明用途:voice、picture、video、file 或 proof。",
        "Say what it is for: voice, picture, video, file or proof.",
    ),
    "media.empty": Text("这个文件是空的。", "There is nothing in this file."),
    "media.too_large": Text("文件太大了,最多 {most_mb} MB。", "That is too large: at most {most_mb} MB."),
    "media.quota": Text(
        "今天发送的内容太多了,请明天再发。", "That is more than one person may send in a day. Try tomorrow."
    ),
    "media.too_many": Text(
        "同时上传的文件太多了,请等前面的传完。", "Too many uploads at once. Let the others finish first."
    ),
    "media.expired": Text("这个上传已过期,请重新发送。", "This upload has run out. Please send it again."),
    "media.lost": Text("这个上传丢失了,请重新发送。", "This upload was lost. Please send it again."),
    "media.offset": Text("请从第 {offset} 字节继续。", "Go on at byte {offset}."),
    "media.cut": Text("连接断了,请继续上传。", "The connection broke off. Go on with the upload."),
    "media.tus_version": Text("上传需要 tus 1.0.0 协议。", "Uploads speak tus 1.0.0."),
    "media.content_type": Text(
        "上传内容的类型应为 application/offset+octet-stream。", "Send application/offset+octet-stream."
    ),
    "media.metadata": Text("上传说明的格式不对。", "Upload-Metadata cannot be understood."),
    "media.number": Text("长度和位置要写成整数。", "Say lengths and offsets as whole numbers."),
    "media.checksum_form": Text("校验值的格式不对。", "Upload-Checksum cannot be understood."),
    "media.taken_over": Text("另一个连接正在继续这个上传。", "Another connection goes on with this upload."),
    "media.checksum": Text(
        "内容在途中损坏了,请重发这一段。", "The bytes were damaged on the way. Send this piece again."
    ),
    "media.unfinished": Text("还没有传完,请稍候。", "This upload is not complete yet."),
    "media.processing": Text("正在处理,请稍候。", "This is being made ready. One moment."),
    "media.broken": Text("这个文件已损坏,打不开。", "This file is damaged and cannot be opened."),
    "media.type": Text(
        "内容和所选类型不符,请作为文件发送。", "It is not what it was sent as. You can send it as a file."
    ),
    "media.pixels": Text(
        "这张图片太大了(最多 6400 万像素)。", "This picture is too big: at most 64 million pixels."
    ),
    "media.long": Text("语音最长 10 分钟。", "A voice message has up to 10 minutes."),
    "media.in_use": Text(
        "它已经在消息里了,请撤回那条消息。", "It is part of a message; recall the message instead."
    ),
    "media.gone": Text("这个文件已不再保存。", "This is not kept any more."),
    "media.away": Text("文件暂时取不到,请稍后再试。", "This cannot be reached now. Please try again soon."),
    "message.empty": Text("请先写点什么。", "Write something first."),
    "message.too_long": Text("消息太长了,请分几条发送。", "This message is too long. Send it in parts."),
    "message.bad_place": Text("这个位置不在地球上。", "That is not a place on earth."),
    "message.closed": Text(
        "订单完成已超过 {days} 天,对话已关闭,有事请致电花店。",
        "This order was completed over {days} days ago; its conversation is closed. Please call the shop.",
    ),
    "message.not_found": Text(
        "没有这条消息,或您看不到它。", "There is no such message, or it is not yours to see."
    ),
    "message.recalled": Text("这条消息已经撤回了。", "This message was recalled."),
    "message.not_yours": Text("这是别人发的消息。", "This message is somebody else's."),
    "message.too_late": Text(
        "超过 {minutes} 分钟,不能再撤回或修改了。",
        "A message can be recalled or edited for {minutes} minutes; that time has passed.",
    ),
    "message.no_text": Text("只能修改自己写的文字。", "Only a text of one's own can be edited."),
    "message.reply_wider": Text(
        "您要发给的人里,有人看不到被回复的消息。请少选几位,或不引用。",
        "Not everybody you write to may see the message you answer. Write to fewer, or without quoting it.",
    ),
    "message.mention_unheard": Text(
        "您提到的人看不到这条消息。", "Whom you mention does not see this message."
    ),
    "message.too_many_marks": Text(
        "这个订单里标记的消息太多了。", "Too many messages are marked in this order already."
    ),
    "edit.too_many": Text(
        "这个订单里修改得太多了,请发新消息。", "Too much was edited here; please write a new message."
    ),
    "reaction.not_emoji": Text("回应只能是一个表情。", "A reaction is one emoji."),
    "reaction.too_many": Text(
        "这条消息的表情已经够多了。", "There are enough different reactions on this message."
    ),
    "pin.too_many": Text("最多置顶 {value} 条消息。", "Up to {value} messages can be pinned."),
    "forward.not_this": Text("只能转发文字、位置和媒体。", "Only texts, places and media can be forwarded."),
    "forward.other_shop": Text("消息不能转发到别的店。", "Messages stay within one shop."),
    "question.options": Text("请给出 2 到 5 个不同的选项。", "Give two to five different answers."),
    "question.none": Text("这条消息不是提问。", "This message asks nothing."),
    "question.own": Text("自己的问题要由别人回答。", "One's own question is for the others to answer."),
    "question.answered": Text("{name}已经选了「{text}」。", "This is answered already: {text} ({name})."),
    "question.expired": Text("回答的时间已经过了。", "The time to answer this is over."),
    "question.no_option": Text("没有这个选项。", "This is none of the answers."),
    "live.order_closed": Text(
        "订单已完成,不用再共享位置了。", "The order is completed; there is no position left to share."
    ),
    "live.none": Text("这条消息没有共享位置。", "This message shares no position."),
    "quick.text": Text("快捷回复需要 1 到 {most} 个字。", "A quick reply has 1 to {most} characters."),
    "quick.keys": Text("快捷回复的编号不能重复。", "Every quick reply needs a key of its own."),
    "quick.role": Text("系统不需要快捷回复。", "The system needs no quick replies."),
    "live.ended": Text("位置共享已经结束。", "This position is not shared any more."),
}


class _Parts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def find_sentence(code: str, language: str, value: Any = None) -> str:
    """What `code` says in 'zh-CN' or 'en', filled with its value; "" when there are no words for it."""
    text = SENTENCES.get(code)
    if text is None:
        return ""
    zh = language.startswith("zh")
    if value is None and "{value}" in text.en:
        return ""  # half a sentence helps nobody: the error's own is better
    parts = _Parts(value) if isinstance(value, dict) else _Parts()
    for name, part in parts.items():
        if isinstance(part, dict) and {"zh", "en"} <= part.keys():
            parts[name] = part["zh" if zh else "en"]
    parts["value"] = "" if value is None else value
    status = _STATUS.get(str(parts.get("status", "")))
    if status is not None:
        parts["status"] = status.zh if zh else status.en
    return (text.zh if zh else text.en).format_map(parts)
