"""What travels about guest links and about the evidence of a complaint (live/views.py has the rest)."""

import msgspec

from huaxin.live.views import OrderExport


class GuestLinkView(msgspec.Struct, frozen=True, kw_only=True):
    """A link that still opens one order. Times are ms of the real clock; its address is not kept."""

    id: str
    role: str  # recipient | buyer
    created_at: int
    expires_at: int
    opened: bool  # somebody came by it


class EvidenceStep(msgspec.Struct, frozen=True, kw_only=True):
    status: str
    at: int


class EvidencePhoto(msgspec.Struct, frozen=True, kw_only=True):
    """`what`: bouquet | incident | proof | complaint | rating | message; `by`: role."""

    id: str
    what: str
    at: int
    by: str
    thumb: str = ""
    original: str = ""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """All that bears on a complaint, as one of its two parties sees it."""

    export: OrderExport
    steps: list[EvidenceStep]
    late_minutes: int
    distance_m: float | None  # from where it was handed over to the address; None: not known
    photos: list[EvidencePhoto]
