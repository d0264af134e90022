"""What travels about runs: suggestions, batches, handovers, the room on bikes."""

import msgspec

from huaxin.kernel import Point, Text


class SuggestionView(msgspec.Struct, frozen=True, kw_only=True):
    """One courier for an order, best first; `reason` is one line."""

    courier: str
    name: str
    reason: Text
    extra_minutes: int
    late_orders: list[str]
    eta_at: int
    reachable: bool = True


class ShareView(msgspec.Struct, frozen=True, kw_only=True):
    courier: str
    name: str
    orders: list[str]  # in visiting order
    trips: int
    finish_at: int


class UnkeptView(msgspec.Struct, frozen=True, kw_only=True):
    order: str
    courier: str  # "": nobody can take it
    reason: Text


class FailedAssign(msgspec.Struct, frozen=True, kw_only=True):
    order: str
    code: str
    sentence: Text


class BatchView(msgspec.Struct, frozen=True, kw_only=True):
    """Many orders shared out at once. `state`: planning | proposed | applying | applied | failed."""

    job: str
    state: str
    progress: float  # 0–1 of what the state says
    orders: int
    kept: int = 0
    late: int = 0
    shares: list[ShareView] = []
    unkept: list[UnkeptView] = []
    applied: int = 0
    failed: list[FailedAssign] = []  # order by order: the others were applied
    sentence: Text | None = None  # when the state is failed


class HandoverLeg(msgspec.Struct, frozen=True, kw_only=True):
    """Who takes one order over. `courier` "": nobody can; `reason` says why. No `meet`: it is at the shop."""

    order: str
    courier: str
    name: str
    reason: Text
    meet: Point | None = None
    meet_name: str = ""
    meet_at: int = 0
    eta_at: int = 0
    kept: bool = False


class HandoverView(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing is changed until it is applied."""

    shop: str
    courier: str
    legs: list[HandoverLeg]
    failed: list[FailedAssign] = []


class BikeView(msgspec.Struct, frozen=True, kw_only=True):
    """The room on a courier's bike; `courier` "": what the shop's bikes usually have."""

    courier: str
    places: int
    tall: int


class AssignmentView(msgspec.Struct, frozen=True, kw_only=True):
    automatic: bool
    bikes: list[BikeView]
