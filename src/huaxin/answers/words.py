"""What the system answers: said from the facts, honest about what is not known, in both languages. Pure."""

from huaxin.answers.model import Facts, Question
from huaxin.kernel import Text
from huaxin.orders.model import ON_THE_ROAD, Order, Status
from huaxin.orders.words import clock, promise_words

_MINUTE = 60_000
_ROUGH_FROM = 20 * _MINUTE  # further away than this nobody counts single minutes
_ROUGH = 5 * _MINUTE

_BEFORE_ROAD: dict[Status, Text] = {
    Status.placed: Text("您的订单正在等待花店确认", "The shop is about to confirm your order"),
    Status.confirmed: Text(
        "花店已确认您的订单,还没有开始配送", "The shop has your order; it has not left yet"
    ),
    Status.making: Text(
        "您的鲜花正在花店制作,还没有出发", "Your flowers are being made; they have not left yet"
    ),
    Status.ready: Text(
        "您的鲜花已经做好,正在等配送员来取", "Your flowers are ready and waiting for the courier"
    ),
    Status.assigned: Text(
        "您的鲜花还在花店,等配送员来取", "Your flowers are still at the shop, waiting for the courier"
    ),
}
_ENDED: dict[Status, Text] = {
    Status.cancelled: Text(
        "这个订单已经取消,不会再配送。", "This order was cancelled; nothing is on its way."
    ),
    Status.failed: Text(
        "这次没能送达,花店会马上联系您。",
        "We could not hand over the flowers this time; the shop will contact you right away.",
    ),
    Status.returning: Text(
        "这次没能送达,鲜花正在送回花店。",
        "We could not hand over the flowers; they are on their way back to the shop.",
    ),
    Status.returned: Text(
        "这次没能送达,鲜花已送回花店。",
        "We could not hand over the flowers; they are back at the shop.",
    ),
}


def answer(question: Question, order: Order, facts: Facts, now: int) -> Text:
    """The answer, whatever state the order is in."""
    ended = _ended(order)
    if ended is not None:
        return ended
    if order.status is Status.arrived:
        return Text(
            "您的鲜花已经到了,配送员正在给您送上门,请保持手机畅通。",
            "Your flowers are there: the courier is bringing them to you. Please keep your phone at hand.",
        )
    if question is Question.on_time:
        said = [_verdict(order, facts, now), _place(order, facts, now), _eta(order, facts, now)]
    elif question is Question.how_long:
        said = [_silence(order, facts, now), _eta(order, facts, now), _place(order, facts, now)]
    else:
        said = [_silence(order, facts, now), _place(order, facts, now), _eta(order, facts, now)]
    said.append(_promise(order, facts, now))
    if order.change is not None and order.change.status == "asked":
        said.append(Text("您的修改还在等待确认", "Your change is still waiting to be confirmed"))
    parts = [one for one in said if one is not None]
    return Text("。".join(one.zh for one in parts) + "。", ". ".join(one.en for one in parts) + ".")


def _ended(order: Order) -> Text | None:
    if order.status in (Status.delivered, Status.rated):
        at = order.times.get("delivered", 0)
        if not at:
            return Text("您的鲜花已经送达。", "Your flowers have been delivered.")
        said = clock(at, order.time_zone)
        return Text(f"您的鲜花已在{said.zh}送达。", f"Your flowers were delivered at {said.en}.")
    return _ENDED.get(order.status)


def _place(order: Order, facts: Facts, now: int) -> Text | None:
    """Where the flowers are, and what comes before them."""
    if order.status not in ON_THE_ROAD:
        return _BEFORE_ROAD.get(order.status)
    name = order.courier.name if order.courier else ""
    zh_who = f"配送员{name}" if name else "配送员"
    en_who = name or "the courier"
    if order.status is Status.arriving:
        return Text(f"{zh_who}就在附近,马上就到", f"{_capital(en_who)} is close by and almost there")
    zh, en = f"您的鲜花由{zh_who}配送,正在路上", f"Your flowers are on their way with {en_who}"
    if order.status is Status.picked_up:
        zh, en = f"{zh_who}已取走您的鲜花,正要出发", f"{_capital(en_who)} has your flowers and is setting off"
    if not facts.eta_to:
        return Text(zh, en)
    if facts.stops_before:
        n = facts.stops_before
        return Text(f"{zh},前面还有{n}站", f"{en}, with {n} {'stop' if n == 1 else 'stops'} before yours")
    if order.status is Status.delivering and not facts.stale:
        return Text(f"{zh},下一站就是您", f"{en}, and yours is the next stop")
    return Text(zh, en)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _silence(order: Order, facts: Facts, now: int) -> Text | None:
    """Said first: what follows then rests on an old position."""
    if not facts.stale or order.status not in ON_THE_ROAD:
        return None
    if not facts.heard_at:
        if facts.eta_to > now:
            return Text(
                "暂时收不到配送员的位置,以下只是估计",
                "There is no position from the courier at the moment; what follows is an estimate",
            )
        return Text("暂时收不到配送员的位置", "There is no position from the courier at the moment")
    minutes = max(1, round((now - facts.heard_at) / _MINUTE))
    return Text(
        f"已有{minutes}分钟没有收到配送员的位置,以下按之前的情况估计",
        f"There has been no position from the courier for {minutes} min; what follows is from before that",
    )


def _eta(order: Order, facts: Facts, now: int) -> Text | None:
    if order.agreed_at > now and order.status in ON_THE_ROAD:
        said = clock(order.agreed_at, order.time_zone)
        return Text(f"已与您约定{said.zh}送达", f"Delivery was agreed with you for about {said.en}")
    if not facts.eta_to or facts.eta_to <= now:
        return None
    start, end = _rounded(max(facts.eta_from, now), facts.eta_to, now)
    low, high = max(1, (start - now) // _MINUTE), max(2, -(-(end - now) // _MINUTE))
    first, last = clock(start, order.time_zone), clock(end, order.time_zone)
    if high <= 90:
        zh_left, en_left = f"大约还要{low}到{high}分钟,", f"in about {low} to {high} minutes, "
    else:
        zh_left = en_left = ""
    return Text(
        f"{zh_left}预计{first.zh}到{_without_repeat(first.zh, last.zh)}之间送达",
        f"We expect it {en_left}between {first.en} and {last.en}",
    )


def _without_repeat(first: str, last: str) -> str:
    """下午两点到三点, not 下午两点到下午三点."""
    part = next((one for one in ("凌晨", "中午", "下午", "晚上") if first.startswith(one)), "")
    return last.removeprefix(part)


def _rounded(start: int, end: int, now: int) -> tuple[int, int]:
    step = _ROUGH if start - now >= _ROUGH_FROM else _MINUTE
    start, end = start // step * step, -(-end // step) * step
    return max(start, now // _MINUTE * _MINUTE), max(end, start + step)


def _promise(order: Order, facts: Facts, now: int) -> Text | None:
    if now > order.promise.end:
        return None  # what was promised is past: saying it again helps nobody
    said = promise_words(order.promise, now, order.time_zone)
    return Text(f"承诺的时间是{said.zh}", f"The promised time is {said.en}")


def _verdict(order: Order, facts: Facts, now: int) -> Text:
    if now > order.promise.end or facts.verdict == "late":
        return Text(
            "非常抱歉,会比承诺的时间晚,我们正在尽快为您送达",
            "We are very sorry: it will be later than promised, and we are doing our best",
        )
    if order.status not in ON_THE_ROAD:
        return (
            Text(
                "目前一切按计划进行,如果可能会晚,我们会第一时间告诉您",
                "Everything is going to plan; should it become late, we will tell you at once",
            )
            if not order.slipping and facts.verdict != "slipping"
            else _MAY_BE_LATE
        )
    if facts.stale or facts.verdict == "unknown" or not facts.eta_to:
        return Text(
            "暂时收不到配送员的最新位置,现在还说不准能否准时",
            "There is no fresh position from the courier, so we cannot say for certain yet",
        )
    if facts.verdict == "slipping" or order.slipping:
        return _MAY_BE_LATE
    return Text("按现在的情况,可以准时送达", "As things stand it will be on time")


_MAY_BE_LATE = Text("有可能会晚一点,我们正在想办法", "It may be a little late; we are working on it")
