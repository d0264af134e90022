"""What may be wished of tracker apps and of the ring. They make no event."""

from typing import Annotated

import msgspec
from msgspec import Meta

from huaxin.orders.commands import Id


class CreateTracker(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="create_tracker"):
    """A tracker app for a courier of the shop, or for oneself. The password is in the answer, once."""

    shop: Id
    courier: Id = ""  # "": the one who asks
    name: Annotated[str, Meta(max_length=60)] = ""


class RevokeTracker(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="revoke_tracker"):
    """Its password is worth nothing from now on."""

    shop: Id
    tracker: Id


class SetRing(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="set_ring"):
    """When "almost there" is said: `metres` from the door, or `minutes` of riding before it (0: metres)."""

    shop: Id
    metres: Annotated[int, Meta(ge=100, le=3000)] = 500
    minutes: Annotated[int, Meta(ge=0, le=15)] = 0


TRACKER_WISHES = (CreateTracker, RevokeTracker, SetRing)
