"""A call as one line of the conversation, in both languages."""

from huaxin.kernel import Text

_KIND = {"audio": Text("语音通话", "Voice call"), "video": Text("视频通话", "Video call")}
_MISSED = {"audio": Text("未接来电", "Missed call"), "video": Text("未接视频来电", "Missed video call")}
_UNTALKED = {
    "declined": Text("已拒绝", "declined"),
    "busy": Text("对方忙", "busy"),
    "cancelled": Text("已取消", "cancelled"),
    "failed": Text("没有接通", "could not be connected"),
    "lost": Text("没有接通", "could not be connected"),
    "reassigned": Text("已取消", "cancelled"),
    "hung_up": Text("已取消", "cancelled"),
}
_BROKEN = {
    "failed": Text("连接中断", "the connection broke"),
    "lost": Text("连接中断", "the connection broke"),
    "reassigned": Text("订单已改派", "the order was given to another courier"),
}
MASKED = Text("隐私号通话", "Phone call, numbers hidden")


def lasted(ms: int) -> str:
    """02:13, 1:02:13."""
    seconds = max(0, ms) // 1000
    minutes, hours = seconds // 60 % 60, seconds // 3600
    return f"{hours}:{minutes:02d}:{seconds % 60:02d}" if hours else f"{minutes:02d}:{seconds % 60:02d}"


def line(media: str, why: str, duration_ms: int, talked: bool) -> Text:
    kind = _KIND.get(media, _KIND["audio"])
    if talked:
        said = lasted(duration_ms)
        broke = _BROKEN.get(why)
        if broke is None:
            return Text(f"{kind.zh} {said}", f"{kind.en} {said}")
        return Text(f"{kind.zh} {said},{broke.zh}", f"{kind.en} {said}, {broke.en}")
    if why == "missed":
        return _MISSED.get(media, _MISSED["audio"])
    became = _UNTALKED.get(why, _UNTALKED["cancelled"])
    return Text(f"{kind.zh}:{became.zh}", f"{kind.en}: {became.en}")


def masked_line(answered: bool, duration_ms: int) -> Text:
    if not answered:
        return Text(f"{MASKED.zh}:未接通", f"{MASKED.en}: not answered")
    said = lasted(duration_ms)
    return Text(f"{MASKED.zh} {said}", f"{MASKED.en} {said}")
