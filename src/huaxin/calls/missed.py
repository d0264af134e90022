"""Missed calls, kept on the order until somebody calls back. Pure."""

from collections.abc import Collection

from msgspec.structs import replace

from huaxin.calls.model import MOST_MISSED, MissedCall, OpenCall
from huaxin.kernel import Role


def remember(missed: list[MissedCall], call: OpenCall, to: Collection[Role]) -> list[MissedCall]:
    """`to`: whose phones rang in vain. The newest are kept."""
    one = MissedCall(
        id=call.id,
        at=call.at,
        media=call.media,
        by_person=call.by_person,
        by_role=call.by_role,
        by_name=call.by_name,
        to=list(to),
    )
    return [*(known for known in missed if known.id != call.id), one][-MOST_MISSED:]


def settle_missed(missed: list[MissedCall], role: Role, others: Collection[Role]) -> list[MissedCall]:
    """This role rings the others, or is in a call with them: what it missed of them is answered."""
    kept = [
        replace(one, to=[to for to in one.to if to is not role]) if one.by_role in others else one
        for one in missed
    ]
    return [one for one in kept if one.to]
