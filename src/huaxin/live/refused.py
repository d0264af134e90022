"""One act of many that was refused, in both languages: everybody of a shop reads it in their own."""

from typing import Any

from huaxin.journal.model import Rejected
from huaxin.kernel import Text
from huaxin.live.dispatch import Dispatcher
from huaxin.live.run_views import FailedAssign

_SORRY = Text("没有成功,请再试一次。", "That did not work: try again.")


def refused(dispatcher: Dispatcher, order: str, error: Exception) -> FailedAssign:
    """`error`: a Rejected says why; anything else is nobody's business but the log's."""
    if not isinstance(error, Rejected):
        return FailedAssign(order=order, code="internal", sentence=_SORRY)
    return FailedAssign(order=order, code=error.code, sentence=in_both(dispatcher, error))


def in_both(dispatcher: Dispatcher, refusal: Rejected) -> Text:
    """What it says to a person; its own sentence where there are no words for its code."""

    def say(language: str) -> str:
        value: Any = refusal.value
        return dispatcher.find_sentence(refusal.code, language, value) or refusal.sentence

    return Text(say("zh-CN"), say("en"))
