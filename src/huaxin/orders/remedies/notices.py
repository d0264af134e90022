# ruff: noqa: E501 (sentences read better whole)
"""What the system says about complaints and their remedies (orders/notices.py has the rest)."""

from huaxin.kernel import Audience

_PARTIES = Audience.buyer | Audience.shop

TEMPLATES: dict[str, tuple[Audience, str, str, str]] = {
    "complaint_made": (Audience.shop, "alarm", "客户反映:{fault}。{text}", "Complaint: {fault}. {text}"),
    "complaint_sent": (Audience.buyer, "info", "您反映的问题花店已收到,会在这里答复您。", "The shop has your complaint and will answer you here."),
    "complaint_sent_recipient": (Audience.buyer | Audience.recipient, "info", "收花人反映的问题花店已收到,会尽快处理。", "The shop has the recipient's complaint and will see to it."),
    "remedy_from_shop": (_PARTIES, "ask", "非常抱歉!花店愿意这样补偿:{what}。{text}", "We are very sorry. The shop offers {what}. {text}"),
    "remedy_from_buyer": (_PARTIES, "ask", "客户希望这样解决:{what}。{text}", "The buyer asks for {what}. {text}"),
    "remedy_agreed": (_PARTIES, "good", "双方已达成一致:{what}。", "Agreed: {what}."),
    "voucher_given": (_PARTIES, "good", "代金券 {code}:{sum},{until}前下单时填写,抵一次花款。", "Voucher {code}: {sum} off one order placed until {until}. Enter it at the last step of ordering."),
    "remedy_declined": (_PARTIES, "warn", "「{what}」未被接受。{reason}", "Not accepted: {what}. {reason}"),
    "complaint_withdrawn": (_PARTIES, "info", "反映的问题已撤回,不再需要处理。", "The complaint was withdrawn."),
    "rating_answered": (_PARTIES, "info", "花店回复了评价:{text}", "The shop answered the rating: {text}"),
}  # fmt: skip
