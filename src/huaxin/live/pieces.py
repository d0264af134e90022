"""A phone's queue of hours, read in pieces so that messages pass in between."""

import asyncio
from collections.abc import Sequence

from msgspec.structs import replace

from huaxin.tracking.positions import Refusal, in_pieces
from huaxin.tracking.service import Tracker
from huaxin.tracking.views import PositionReport


async def report_all(
    tracker: Tracker, courier: str, fixes: Sequence[PositionReport], sent_at: int
) -> tuple[int, list[Refusal]]:
    """(accepted, refused by their places in the batch) of a batch however long."""
    accepted, refused = 0, list[Refusal]()
    sent_at, pieces = in_pieces(fixes, sent_at)
    for piece in pieces:
        report = tracker.report(courier, [fixes[i] for i in piece], sent_at)
        accepted += report.accepted
        refused += [replace(one, index=piece[one.index]) for one in report.refused]
        if len(pieces) > 1:
            await asyncio.sleep(0)
    return accepted, sorted(refused, key=lambda one: one.index)
