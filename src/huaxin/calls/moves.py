"""How a call changes: the call after it (None: over) and the events that say so. Pure."""

from collections.abc import Collection

from msgspec.structs import replace

from huaxin.calls.events import CallEnded, CallLeft
from huaxin.calls.model import RING_MS, CallMember, CallParty, CallQuality, OpenCall
from huaxin.calls.words import line
from huaxin.kernel import AUDIENCE_OF, Audience, Role
from huaxin.orders.events import OrderEvent

type Step = tuple[OpenCall | None, list[OrderEvent]]


def audience_of(call: OpenCall) -> Audience:
    """Who is in it or was rung; the shop sees of every call that there was one."""
    audience = Audience.shop
    for role in call.roles:
        audience |= AUDIENCE_OF[role]
    return audience


def put(calls: list[OpenCall], before: OpenCall, after: OpenCall | None) -> list[OpenCall]:
    """The order's calls with this one as it is now."""
    kept = [after if one.id == before.id else one for one in calls]
    return [one for one in kept if one is not None]


def leave(call: OpenCall, member: CallMember, why: str, now: int, quality: CallQuality | None = None) -> Step:
    by = member.person
    if call.state == "ringing":  # who rang takes it back, or has gone
        return None, [end(call, "failed" if why == "failed" else "cancelled", now, quality, by)]
    left = CallLeft(call=call.id, person=by, role=member.role, name=member.name, why=why, quality=quality)
    after = replace(call, members=[one for one in call.members if one.person != by])
    if _is_over(after):
        return None, [left, end(call, why, now, quality, by)]
    return after, [left]


def stop_ringing(call: OpenCall, roles: Collection[Role], why: str, now: int, by: str = "") -> Step:
    """These are rung no more. `why`: how it ends when nobody is left to wait for."""
    after = replace(call, ringing=[role for role in call.ringing if role not in roles])
    if _is_over(after):
        return None, [end(call, why, now, None, by)]
    return after, []


def _is_over(call: OpenCall) -> bool:
    return not call.members or (len(call.members) < 2 and not call.ringing)


def end(
    call: OpenCall, why: str, now: int, quality: CallQuality | None = None, ended_by: str = ""
) -> CallEnded:
    """`call`: as it was before."""
    talked = call.answered_at > 0
    # As long as people talked, also when the house's clock runs faster.
    lasted = (now - call.answered_at) * RING_MS // max(call.ring_ms, 1) if talked else 0
    return CallEnded(
        call=call.id,
        media=call.media,
        why=why,
        by_person=call.by_person,
        by_role=call.by_role,
        by_name=call.by_name,
        to=call.to,
        ended_by=ended_by,
        members=[CallParty(person=one.person, role=one.role, name=one.name) for one in call.members],
        duration_ms=lasted,
        text=line(call.media, why, lasted, talked),
        quality=quality,
    )
