# ruff: noqa: E501 (sentences read better whole)
"""The system speaks for the facts: every notice, its words in both languages, who reads it.

The Chinese is the words the shop's customers already know; names, times and numbers are filled in.
"""

import msgspec

from huaxin.conversation.events import NoticePosted
from huaxin.journal.model import Fact
from huaxin.kernel import Audience, Text
from huaxin.orders.reasons import WORDS
from huaxin.orders.recipient.notices import TEMPLATES as OF_RECIPIENT
from huaxin.orders.remedies.notices import TEMPLATES as OF_REMEDIES
from huaxin.orders.substitution_words import SUBSTITUTION_TEMPLATES

ALL = Audience.everyone
NOT_RECIPIENT = Audience.without_recipient
TEAM = Audience.staff_and_courier
BUYER_AND_SHOP = Audience.buyer | Audience.shop

# template → (audience, tone, zh, en)
TEMPLATES: dict[str, tuple[Audience, str, str, str]] = OF_RECIPIENT | OF_REMEDIES | {
    "placed": (NOT_RECIPIENT, "info", "订单已提交,等待花店确认。", "Order placed. The shop will confirm it shortly."),
    "confirmed": (
        NOT_RECIPIENT, "good", "您的订单已确认,我们将在{when}为您送达。",
        "Your order is confirmed. We will deliver it {when}.",
    ),
    "picked_up_minutes": (
        NOT_RECIPIENT, "info", "您的订单已由配送员{courier}取走,预计{minutes}分钟内送达",
        "Your order was picked up by {courier} and should arrive within {minutes} minutes",
    ),
    "picked_up_at": (
        NOT_RECIPIENT, "info", "您的订单已由配送员{courier}取走,预计{time}送达",
        "Your order was picked up by {courier} and should arrive at about {time}",
    ),
    "courier_contact": (
        NOT_RECIPIENT, "info", "{courier}的联系方式是{phone},有任何问题可以直接联系他。",
        "You can reach {courier} at {phone} with any question.",
    ),
    "payment_received": (
        BUYER_AND_SHOP, "good", "已收到付款 {amount}。", "We have received {amount}.",
    ),
    "payment_refunded": (
        BUYER_AND_SHOP, "info", "已退款 {amount}{reason}。", "{amount} was given back{reason}.",
    ),
    "arriving": (
        ALL, "good", "您的鲜花即将送达,请保持手机畅通", "Your flowers are almost there. Please keep your phone at hand",
    ),
    "time_agreed": (
        NOT_RECIPIENT, "good", "配送员已与您确认,预计{time}送达,请保持手机畅通。",
        "The courier has agreed with you: delivery at about {time}. Please keep your phone at hand.",
    ),
    "at_gate": (
        ALL, "good", "您的鲜花已到达小区门口,马上为您送上楼。",
        "Your flowers are at the gate and on their way up to you.",
    ),
    "delivered": (
        NOT_RECIPIENT, "good", "您的订单已送达成功,请为本次服务评分。",
        "Your order has been delivered. Please rate our service.",
    ),
    "delivered_recipient": (
        Audience.recipient, "good", "鲜花已送达,祝您心情愉快。", "Your flowers have arrived. Enjoy them.",
    ),
    "left_with": (ALL, "info", "鲜花放在{who}{name}", "The flowers were left with {who}{name}"),
    "proof_far": (Audience.shop, "warn", "签收的位置离地址约{distance},请留意。", "It was handed over about {distance} from the address; please look."),
    "bouquet_shown": (NOT_RECIPIENT, "info", "花束做好了,请看照片。", "The flowers are made; here is a picture."),
    "bouquet_asked": (
        NOT_RECIPIENT, "ask", "花束做好了,请看照片。{time}前可以提一次修改,过时视为满意。",
        "The flowers are made; here is a picture. You may ask for one change until {time}; after that it counts as a yes.",
    ),
    "bouquet_approved": (TEAM, "good", "订花人看过照片,很满意。", "The buyer has seen the picture and is happy with it."),
    "bouquet_fix_asked": (TEAM, "ask", "订花人希望修改花束:{fix}", "The buyer asks for a change of the flowers: {fix}"),
    "bouquet_fixed": (NOT_RECIPIENT, "good", "花束已按您说的修改,请看新照片。", "The flowers were changed as you asked; here is the new picture."),
    "change_time_asked": (TEAM, "ask", "订单时间已更新,请确认", "The delivery time was changed. Please confirm"),
    "change_address_asked": (TEAM, "ask", "订单地址已更新,请确认", "The delivery address was changed. Please confirm"),
    "change_sent": (
        Audience.buyer, "info", "已收到您的修改,正在请{who}确认。", "We have your change and are asking {who} to confirm it.",
    ),
    "change_time_confirmed": (
        NOT_RECIPIENT, "good", "您的配送时间已更新为{time},由配送员{courier}负责配送",
        "Your delivery time is now {time}; {courier} will deliver it",
    ),
    "change_address_confirmed": (
        NOT_RECIPIENT, "good", "您的配送地址已更新为{address},由配送员{courier}负责配送",
        "Your delivery address is now {address}; {courier} will deliver it",
    ),
    "change_time_confirmed_shop": (
        NOT_RECIPIENT, "good", "您的配送时间已更新为{time},由{courier}负责配送",
        "Your delivery time is now {time}; {courier} will arrange it",
    ),
    "change_address_confirmed_shop": (
        NOT_RECIPIENT, "good", "您的配送地址已更新为{address},由{courier}负责配送",
        "Your delivery address is now {address}; {courier} will arrange it",
    ),
    "change_declined": (
        NOT_RECIPIENT, "warn", "抱歉,这次修改无法做到,订单仍按原计划配送。{reason}",
        "Sorry, this change is not possible; the order stays as planned. {reason}",
    ),
    "change_recipient_asked": (TEAM, "ask", "收花人信息已更新,请确认", "The recipient was changed. Please confirm"),
    "change_card_asked": (Audience.shop, "ask", "贺卡内容已更新,请确认", "The card was changed. Please confirm"),
    "change_items_asked": (Audience.shop, "ask", "订单商品已更新,请确认", "The bouquet was changed. Please confirm"),
    "change_cancel_asked": (Audience.shop, "ask", "订花人申请取消订单,请确认", "The buyer would like to cancel. Please confirm"),
    "change_recipient_confirmed": (NOT_RECIPIENT, "good", "收花人已更新为{name}", "The flowers are now for {name}"),
    "change_card_confirmed": (Audience.buyer | Audience.shop, "good", "贺卡内容已更新", "The card has been changed"),
    "change_items_confirmed": (
        Audience.buyer | Audience.shop, "good", "订单商品已更新,合计 ¥{price}", "Your order has been changed; it costs ¥{price} in all",
    ),
    "change_countered": (
        Audience.buyer | Audience.shop, "ask", "{who}建议改为{what},请答复。{note}", "{who} proposes {what}. Please answer. {note}",
    ),
    "change_proposed": (
        Audience.buyer | Audience.shop, "ask", "{who}想和您商量修改:{what},请答复。{note}", "{who} would like to change {what}. Please answer. {note}",
    ),
    "change_expired": (
        NOT_RECIPIENT, "warn", "没有等到答复,订单仍按原计划配送。需要帮助请联系花店。",
        "Nobody answered in time; the order stays as planned. Please call the shop if you need help.",
    ),
    "change_overtaken": (
        NOT_RECIPIENT, "warn", "这次修改没能赶上:{why}。", "This change came too late: {why}.",
    ),
    "change_withdrawn": (NOT_RECIPIENT, "info", "修改已撤回,订单仍按原计划配送。", "The change was withdrawn; the order stays as planned."),
    "incident_apology": (
        NOT_RECIPIENT, "warn", "非常抱歉,您的订单因配送途中突发状况,预计会延迟{minutes}分钟送达,给您带来不便敬请谅解",
        "We are very sorry: something happened on the way and your order will be about {minutes} minutes late. Thank you for your understanding",
    ),
    "incident_before_road": (
        NOT_RECIPIENT, "warn", "非常抱歉,您的订单遇到突发状况,预计会延迟{minutes}分钟送达,给您带来不便敬请谅解",
        "We are very sorry: something came up and your order will be about {minutes} minutes late. Thank you for your understanding",
    ),
    "incident_alert": (TEAM, "alarm", "异常上报:{reason}", "Incident reported: {reason}"),
    "incident_resolved": (TEAM, "good", "异常已处理。{resolution}", "Incident resolved. {resolution}"),
    "incident_joined": (TEAM, "alarm", "{who}也上报了:{reason}", "{who} reported it too: {reason}"),
    "ask_buyer": (
        Audience.buyer | Audience.shop, "ask", "{words}。请在{time}前选择,否则:{default}。", "{words}. Please choose before {time}; otherwise: {default}.",
    ),
    "ask_courier": (TEAM, "ask", "{words}。请在{time}前回复,否则:{default}。", "{words}. Please answer before {time}; otherwise: {default}."),
    "ask_shop": (Audience.shop, "ask", "{words}。请在{time}前决定,否则:{default}。", "{words}. Please decide before {time}; otherwise: {default}."),
    "ask_shop_open": (Audience.shop, "alarm", "{words}。", "{words}."),
    "decided": (NOT_RECIPIENT, "info", "{who}:{choice}。", "{who}: {choice}."),
    "decided_by_time": (NOT_RECIPIENT, "warn", "时间已到,没有等到答复:{choice}。", "Time is up and nobody answered: {choice}."),
    "made_again": (
        NOT_RECIPIENT, "info", "我们正在为您重新制作,预计{time}送达。", "We are making it again for you; it should arrive at about {time}.",
    ),
    "slipping_jam": (
        NOT_RECIPIENT, "warn", "前方道路拥堵,您的订单可能会晚到,预计{time}送达。我们正在想办法,给您带来不便敬请谅解",
        "Heavy traffic ahead: your order may be late; we expect it at about {time}. We are working on it, thank you for your patience",
    ),
    "watch_courier": (Audience.courier, "ask", "{text}。一切还好吗?请点一下告诉花店", "{text}. Is everything all right? Please tell the shop with one tap"),
    "watch_shop": (Audience.shop, "alarm", "{text}。{remedy}", "{text}. {remedy}"),
    "watch_help": (Audience.shop, "alarm", "{courier}需要帮助:{text}", "{courier} needs help: {text}"),
    "watch_jam": (Audience.shop, "warn", "{courier}说前方堵车", "{courier} is in a traffic jam"),
    "slipping": (
        NOT_RECIPIENT, "warn", "您的订单可能会晚到,预计{time}送达。我们正在想办法,给您带来不便敬请谅解",
        "Your order may be late; we expect it at about {time}. We are working on it, thank you for your patience",
    ),
    "reassigned": (
        NOT_RECIPIENT, "info", "您的订单已改由配送员{courier}负责配送", "{courier} will now deliver your order",
    ),
    "failed": (NOT_RECIPIENT, "alarm", "这次没能送达:{reason}。花店会马上联系您。", "We could not hand over the flowers: {reason}. The shop will contact you right away."),
    "retry": (NOT_RECIPIENT, "info", "配送员正在再次为您配送。", "The courier is trying again."),
    "returning": (NOT_RECIPIENT, "warn", "鲜花正在送回花店。", "The flowers are on their way back to the shop."),
    "returned": (NOT_RECIPIENT, "info", "鲜花已送回花店。", "The flowers are back at the shop."),
    "cancelled": (NOT_RECIPIENT, "warn", "订单已取消。{reason}", "The order was cancelled. {reason}"),
    "corrected": (NOT_RECIPIENT, "info", "更正:刚才是误触,订单状态为「{status}」。", "Correction: that was a mis-tap; the order is {status_en}."),
} | SUBSTITUTION_TEMPLATES  # fmt: skip

STATUS_WORDS: dict[str, Text] = {
    "placed": Text("待确认", "waiting for the shop"),
    "confirmed": Text("已确认", "confirmed"),
    "making": Text("制作中", "being made"),
    "ready": Text("待取货", "ready"),
    "assigned": Text("已派单", "assigned"),
    "picked_up": Text("已取货", "picked up"),
    "delivering": Text("配送中", "on the way"),
    "arriving": Text("即将送达", "almost there"),
    "arrived": Text("已到达", "at the door"),
    "delivered": Text("已送达", "delivered"),
    "rated": Text("已评价", "rated"),
    "cancelled": Text("已取消", "cancelled"),
    "failed": Text("妥投异常", "not handed over"),
    "returning": Text("送回中", "on its way back"),
    "returned": Text("已送回", "returned"),
}

# What the watchdog saw, said to the courier themselves.
ASKED_WORDS: dict[str, Text] = {
    "silent": Text("有几分钟没收到您的位置了", "No position from you for some minutes"),
    "battery": Text("您的手机电量可能撑不到这一趟送完", "Your phone may die before this run ends"),
    "standstill": Text("您停了有一会儿了", "You have been standing for a while"),
    "off_route": Text("您好像离各站越来越远", "You seem to ride away from every stop"),
    "not_picked_up": Text("这单该取货了,再晚就来不及送", "Time to pick this one up, or it will be late"),
    "unread": Text("这单有改动,您还没看", "Something changed here that you have not read"),
}

# With whom flowers were left (orders/gates.py LEFT).
LEFT_WORDS: dict[str, Text] = {
    "desk": Text("前台", "the front desk"),
    "guard": Text("门卫", "the guard"),
    "neighbour": Text("邻居", "a neighbour"),
    "locker": Text("快递柜", "a locker"),
    "door": Text("门口", "the door"),
}

REASON_WORDS: dict[str, Text] = WORDS
STAFF_WORDS: dict[str, Text] = {
    "buyer": Text("订花人", "The buyer"),
    "courier": Text("配送员", "The courier"),
    "shop": Text("花店", "The shop"),
}


def notice(template: str, **values: str | Text) -> Fact:
    """The event that posts one notice. A Text value speaks each language in its own sentence."""
    audience, tone, zh, en = TEMPLATES[template]
    text = Text(
        zh.format_map(
            {key: value.zh if isinstance(value, Text) else value for key, value in values.items()}
        ).strip(),
        en.format_map(
            {key: value.en if isinstance(value, Text) else value for key, value in values.items()}
        ).strip(),
    )
    body = NoticePosted(template=template, text=text, tone=tone)
    return Fact(
        type="notice_posted",
        version=1,
        audience=int(audience),
        body=msgspec.json.encode(body),
        actor="system",
    )
