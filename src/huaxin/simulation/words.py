"""What invented people are called, what they write on cards and what they say. Data, no rules."""

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹"
GIVEN = (
    "静", "敏", "晓雯", "佳怡", "子涵", "雨桐", "思远", "浩然", "欣怡", "建国", "丽华", "志强", "秀英",
    "小雨", "明轩", "若兰", "一诺", "文博", "雅琴", "海燕", "春梅", "嘉豪", "梓萱", "玉兰",
)  # fmt: skip
TITLES = ("女士", "先生", "小姐")

# (bouquet, words on the card, signature, anonymous, surprise)
CARDS: tuple[tuple[str, str, str, bool, bool], ...] = (
    ("carnation", "妈妈,您辛苦了。生日快乐,身体健康!", "女儿", False, False),
    ("carnation", "谢谢您一直以来的照顾。", "小宇", False, False),
    ("red_rose", "第七个纪念日,余生请多指教。", "爱你的人", False, True),
    ("red_rose", "下班早点回家,我做了你爱吃的鱼。", "老周", False, True),
    ("red_rose", "今天的晚霞很像第一次见你的那天。", "", True, True),
    ("pink_rose", "闺蜜生日快乐!今年也要一起去看海。", "阿桃", False, True),
    ("pink_rose", "早安,祝你今天开会顺利。", "", True, False),
    ("sunflower", "新工作加油!你就是小太阳。", "全组同事", False, False),
    ("sunflower", "毕业快乐,前程似锦!", "爸爸妈妈", False, True),
    ("lily", "早日康复,我们都等你回来。", "三班全体同学", False, False),
    ("lily", "乔迁之喜,万事顺意。", "老同学", False, False),
    ("tulip", "没什么特别的日子,就是想送你花。", "阿泽", False, False),
    ("tulip", "欢迎回家。", "全家", False, True),
    ("daisy", "一周辛苦啦,周末愉快。", "", False, False),
    ("daisy", "给书桌添一点春天。", "自己", False, False),
    ("hydrangea", "结婚纪念日快乐,还是你最好。", "老伴", False, True),
    ("hydrangea", "恭喜宝宝满月!", "小姨", False, False),
    ("orchid", "开业大吉,生意兴隆!", "隔壁茶馆", False, False),
    ("orchid", "祝奶奶八十大寿,福如东海。", "孙辈们", False, False),
)

DOOR_NOTES = (
    "门口有电动门,请按门铃", "快递柜旁边的小门进", "前台会帮忙签收", "单元门密码 2580#",
    "电梯要刷卡,到楼下打电话", "从北门进更近", "", "", "",
)  # fmt: skip

OPENINGS = (
    "您好,麻烦包装得素雅一点,谢谢。",
    "丝带可以用浅粉色的吗?",
    "送之前不用打电话,直接送上去就好。",
    "花可以选含苞一点的吗?想多放几天。",
    "贺卡麻烦帮我手写,谢谢!",
    "家里有老人,麻烦敲门声音小一点。",
)
SHOP_ANSWERS = ("好的,已经记下了。", "没问题,交给我们。", "好的,会特别留意的,谢谢您。", "收到,一定给您做好。")

ASK_WHERE = ("到哪了?", "您好,请问到哪里了?", "大概还有多久到呀?")
WORRIED = ("会不会来不及?", "看到可能会晚,大概几点能到?", "麻烦尽量快一点,谢谢。")
AT_GATE_ANSWERS = ("好的,马上下来。", "好的,家里有人。", "辛苦了!", "收到,谢谢。")
THANKS = ("谢谢师傅!", "花很漂亮,谢谢!", "收到了,辛苦啦。")

ABSENT_ASK = "您好,我到门口了,敲门没有人应,请问现在方便收花吗?"
ABSENT_GUARD = "不好意思她刚出门,麻烦放在门卫室,谢谢。"
ABSENT_LATER = "抱歉,她十分钟左右回来,能麻烦您再送一次吗?"
GUARD = "门卫"
FAILED_SHOP = "非常抱歉,刚才没能送到。我们和收花人联系一下,马上安排再送一次。"
SLIP_SHOP = "您好,路上比预计慢一些,我们正在协调,会尽快送到您手上。"

FLAT_NOTE = "后胎扎了,推着走不动,需要人接一下。"
TRAFFIC_NOTE = "前面事故,整条路堵住了,正在绕行。"
RESOLVED_TAKEN_OVER = "已改由{courier}接力配送。"
RESOLVED_OTHER = "已与客户说明,继续配送。"
CHANGE_TALK = "临时有个会,改到{time}可以吗?"
ADDRESS_TALK = "不好意思地址写错了,麻烦送到新地址。"

RATING_TAGS = ("准时", "花很新鲜", "包装精美", "配送员有礼貌")
RATINGS: tuple[tuple[int, str], ...] = (
    (5, "花很新鲜,师傅特别有礼貌。"),
    (5, "妈妈收到特别开心!"),
    (5, ""),
    (5, "全程能看到位置,很安心。"),
    (5, "包装很用心,下次还来。"),
    (4, "花很好看,稍微晚了一点点。"),
    (4, ""),
    (3, "花不错,等得有点久。"),
)

# Answers to whatever a person writes: (zh, en)
ETA_ANSWER = ("在路上了,大概还有{minutes}分钟到。", "On my way, about {minutes} minutes to go.")
SOON_ANSWER = ("马上就到了!", "Almost there!")
BEFORE_ANSWER = (
    "前面还有{stops}单,大概{minutes}分钟后到您这儿。",
    "{stops} more before yours, then I come to you: about {minutes} minutes.",
)
MAKING_ANSWER = (
    "花正在制作,会按约定的时间送到的。",
    "Your flowers are being made; they will be there at the agreed time.",
)
READY_ANSWER = (
    "花已经做好了,大概{minutes}分钟后送到您那儿。",
    "Your flowers are ready and will be with you in about {minutes} minutes.",
)
OK_ANSWER = ("好的,收到。", "All right, got it.")
BUYER_ANSWER = ("好的,谢谢!", "All right, thank you!")
QUESTIONS = ("到哪", "多久", "几点", "什么时候", "来不及", "快一点", "where", "when", "how long", "late")
NO_ANSWER = ("谢谢", "辛苦", "收到", "马上下来", "thank")

STATUS_LINE: dict[str, str] = {
    "placed": "下单",
    "confirmed": "花店已确认",
    "making": "开始制作",
    "ready": "制作完成",
    "assigned": "待取货",
    "picked_up": "已取货",
    "delivering": "出发配送",
    "arriving": "即将送达",
    "arrived": "到达门口",
    "delivered": "已送达",
    "rated": "已评价",
    "cancelled": "已取消",
    "failed": "没能送达",
    "returning": "送回花店",
    "returned": "已送回",
}
