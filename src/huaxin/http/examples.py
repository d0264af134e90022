"""One believable body for every command, shown in the API's pages and tried by the tests against its type."""

from typing import Any

_ORDER = "o-8fK2mQ4xTz"
_HOME = {"lat": 31.2318, "lon": 121.4712}
_ADDRESS = {"text": "阳光小区5号楼3单元401", "point": _HOME, "note": "南门进,门禁 1234"}
_NINE = 1_800_061_200_000
_ELEVEN = 1_800_068_400_000

EXAMPLES: dict[str, dict[str, Any]] = {
    "ask_code": {"phone": "138 1234 5678"},
    "login": {"phone": "13812345678", "code": "042917", "device_name": "Pixel 9", "language": "zh-CN"},
    "place_order": {
        "order": _ORDER,
        "shop": "huaxin",
        "lines": [{"product": "carnation", "quantity": 1}],
        "recipient": {"name": "李妈妈", "phone": "13900000001"},
        "address": _ADDRESS,
        "promise": {"start": _NINE, "end": _ELEVEN},
        "card": {"text": "妈妈,节日快乐!", "signature": "小丽"},
    },
    "add_push": {
        "endpoint": "https://push.example/send/4f1c",
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    },
    "remove_push": {"endpoint": "https://push.example/send/4f1c"},
    "try_push": {},
    "set_notice_preferences": {"quiet_from": "22:00", "quiet_to": "07:30", "channels": ["push", "sms"]},
    "sign_out_device": {"device": "d-oldPhone"},
    "confirm_order": {"order": _ORDER},
    "start_making": {"order": _ORDER},
    "mark_ready": {"order": _ORDER},
    "assign_courier": {"order": _ORDER, "courier": "p-zhang"},
    "pick_up": {"order": _ORDER},
    "set_off": {"order": _ORDER},
    "agree_time": {"order": _ORDER, "at": _NINE},
    "mark_arriving": {"order": _ORDER},
    "mark_arrived": {"order": _ORDER},
    "deliver": {"order": _ORDER, "received_by": "本人"},
    "rate": {"order": _ORDER, "stars": 5, "tags": ["准时"], "text": "花很新鲜"},
    "cancel_order": {"order": _ORDER, "reason": "订重了"},
    "ask_change": {"order": _ORDER, "promise": {"end": _ELEVEN}},
    "answer_change": {"order": _ORDER, "change": "c-1", "accept": True},
    "withdraw_change": {"order": _ORDER, "change": "c-1"},
    "report_incident": {"order": _ORDER, "reason": "vehicle_breakdown", "delay_minutes": 30},
    "resolve_incident": {"order": _ORDER, "incident": "i-1", "resolution": "已改派小王"},
    "fail_delivery": {"order": _ORDER, "reason": "cannot_reach", "note": "电话无人接听"},
    "retry_delivery": {"order": _ORDER},
    "start_return": {"order": _ORDER},
    "confirm_return": {"order": _ORDER},
    "undo": {"order": _ORDER},
    "say": {"order": _ORDER, "text": "门口有电动门,请按 401"},
    "send_media": {"order": _ORDER, "media": ["mVx3kQ8yT2bN6hRw9sLd"], "text": "按要求改成粉色了"},
    "send_place": {"order": _ORDER, "point": _HOME, "name": "南门"},
    "recall_message": {"order": _ORDER, "seq": 42},
    "edit_message": {"order": _ORDER, "seq": 42, "text": "门口有电动门,请按 402"},
    "react": {"order": _ORDER, "seq": 42, "emoji": "👍", "on": True},
    "pin_message": {"order": _ORDER, "seq": 42, "on": True},
    "forward_messages": {"order": _ORDER, "from_order": _ORDER, "seqs": [42], "to": ["courier"]},
    "ask": {"order": _ORDER, "text": "花放哪里?", "options": ["门口", "前台"], "minutes": 30},
    "answer_question": {"order": _ORDER, "seq": 43, "option": 0},
    "share_live": {"order": _ORDER, "minutes": 15},
    "stop_live": {"order": _ORDER, "seq": 44},
    "report_live_position": {"order": _ORDER, "seq": 44, "point": _HOME, "accuracy_m": 12.0},
    "set_quick_replies": {
        "shop": "huaxin",
        "role": "shop",
        "replies": [{"text": {"zh": "好的,马上安排", "en": "All right, at once"}}],
    },
    "mark": {"order": _ORDER, "received": 42, "read": 40},
}
