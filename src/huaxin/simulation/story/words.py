"""The stories' own words, as they must stand on the screens. Names, times and numbers are filled in."""

PLACED = "订单已提交,等待花店确认。"
CONTACT = "{courier}的联系方式是{phone},有任何问题可以直接联系他。"
ARRIVING = "您的鲜花即将送达,请保持手机畅通"
AT_GATE = "您的鲜花已到达小区门口,马上为您送上楼。"
DELIVERED = "您的订单已送达成功,请为本次服务评分。"
CHANGE_ASKED = "订单时间已更新,请确认"
SUBSTITUTE_ASKED = (
    "抱歉,{stem}缺货了。我们想用{name}代替,{difference}。请看照片后告诉我们,您同意后我们才会制作。"
)
SUBSTITUTE_ACCEPTED = "您已同意用{name}代替{stem},我们马上为您制作。"


def confirmed(when: str) -> str:
    return f"您的订单已确认,我们将在{when}为您送达。"


def picked_up(courier: str, time: str) -> str:
    return f"您的订单已由配送员{courier}取走,预计{time}送达"


def picked_up_within(courier: str, minutes: int) -> str:
    return f"您的订单已由配送员{courier}取走,预计{minutes}分钟内送达"


def agreed(time: str) -> str:
    return f"配送员已与您确认,预计{time}送达,请保持手机畅通。"


def change_sent(who: str) -> str:
    return f"已收到您的修改,正在请{who}确认。"


def changed(time: str, courier: str) -> str:
    return f"您的配送时间已更新为{time},由配送员{courier}负责配送"


def alert(reason: str) -> str:
    return f"异常上报:{reason}"


def sorry(minutes: int) -> str:
    return f"非常抱歉,您的订单因配送途中突发状况,预计会延迟{minutes}分钟送达,给您带来不便敬请谅解"


def reassigned(courier: str) -> str:
    return f"您的订单已改由配送员{courier}负责配送"


def complaint(fault: str, text: str) -> str:
    return f"客户反映:{fault}。{text}"


def offered(what: str, text: str) -> str:
    return f"非常抱歉!花店愿意这样补偿:{what}。{text}"


def agreed_on(what: str) -> str:
    return f"双方已达成一致:{what}。"
