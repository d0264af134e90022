"""Addresses to deliver to, found on whatever city is open: real buildings where there are, else streets."""

from random import Random
from typing import Any, Protocol

import msgspec
import numpy as np

from huaxin.kernel import Point
from huaxin.live.views import PlaceMatch

NEAREST_M, FARTHEST_M = 350.0, 5_200.0
_ASKED = 600  # places weighed at once: one matrix
_KEPT = 160
_HOME_KINDS = ("building", "compound")
_WORK_KINDS = ("office", "school", "hospital", "mall", "poi")
_ANY_KINDS = ("street", "place")
ENOUGH = 40


class Streets(Protocol):
    """As much of the city as is needed (live/roads.py)."""

    def places(self, kind: str) -> list[PlaceMatch]: ...

    def table(self, sources: list[Point], destinations: list[Point]) -> tuple[Any, Any]: ...


class Searching(Protocol):
    def search(self, text: str, near: Point | None, limit: int = 8) -> list[PlaceMatch]: ...


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """Somewhere flowers can be sent to."""

    text: str
    point: Point
    home: bool
    gate: Point | None = None


def find_spots(city: Streets, shop: Point, seed: int) -> list[Spot]:
    """Up to 160 reachable addresses within an e-bike's ride of the shop; the same for the same seed.

    Empty only on a city where nothing can be ridden to.
    """
    homes = _reachable(city, shop, _gather(city, _HOME_KINDS, seed), seed, home=True)
    works = _reachable(city, shop, _gather(city, _WORK_KINDS, seed), seed, home=False)
    found = homes[: _KEPT // 2] + works[: _KEPT // 2]
    if len(found) < ENOUGH:
        # A map of roads alone: people then live on streets.
        found += _reachable(city, shop, _gather(city, _ANY_KINDS, seed), seed, home=True)
    return found[:_KEPT]


def find_spot(city: Searching, text: str, name: str) -> Spot | None:
    """The address that the stories speak of, where the city has it."""
    for match in city.search(text, None, 1):
        if match.name == name and match.detail:
            return Spot(
                text=match.name + match.detail, point=match.point, home=True,
                gate=match.gate,
            )  # fmt: skip
    return None


def _gather(city: Streets, kinds: tuple[str, ...], seed: int) -> list[PlaceMatch]:
    chance = Random(f"spots/{seed}/{kinds[0]}")
    found = [match for kind in kinds for match in city.places(kind) if match.name]
    return chance.sample(found, min(len(found), _ASKED))


def _reachable(city: Streets, shop: Point, matches: list[PlaceMatch], seed: int, *, home: bool) -> list[Spot]:
    if not matches:
        return []
    points = [match.point for match in matches]
    there = np.asarray(city.table([shop], points)[1])[0]
    back = np.asarray(city.table(points, [shop])[1])[:, 0]
    chance = Random(f"doors/{seed}/{home}")
    spots = []
    for match, out_m, back_m in zip(matches, there, back, strict=True):
        if NEAREST_M <= out_m <= FARTHEST_M and back_m <= 2 * FARTHEST_M:
            spots.append(_spot(match, chance, home))
    return spots


def _spot(match: PlaceMatch, chance: Random, home: bool) -> Spot:
    detail = ""
    if match.kind == "building" and match.detail:
        room = f"{chance.randint(1, 11)}{chance.randint(1, 4):02d}"
        detail = f"{match.detail}{chance.randint(1, 3)}单元{room}"
    elif match.kind == "compound":
        unit, room = chance.randint(1, 3), f"{chance.randint(2, 6)}0{chance.randint(1, 4)}"
        detail = f"{chance.randint(1, 9)}号楼{unit}单元{room}"
    elif match.kind == "office":
        detail = f"{chance.randint(3, 22)}层"
    elif match.kind == "street":
        detail = f"{chance.randint(2, 480)}号"
    return Spot(text=match.name + detail, point=match.point, home=home, gate=match.gate)
