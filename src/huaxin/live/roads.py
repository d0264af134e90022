"""The city as the live rooms use it: points of the kernel in, views out."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from huaxin.kernel import Point
from huaxin.live.views import PlaceMatch
from huaxin.maps import model as m
from huaxin.maps.library import OpenCity

_RIDES = 20_000  # remembered; 300 bytes each


class City:
    """One imported city: riding, and finding addresses. Also the `Roads` that dispatch and tracking ask."""

    def __init__(self, opened: OpenCity) -> None:
        self._router, self._places = opened.router, opened.places
        self.facts: m.City = opened.city
        self.tiles: Path = opened.pmtiles
        self._ride = lru_cache(maxsize=_RIDES)(self._measure)

    @property
    def middle(self) -> Point:
        """On a street, as near to the centre as there is one."""
        center = self._router.nearest(self.facts.center)
        return Point(center.lat, center.lon)

    def nearest(self, point: Point) -> Point | None:
        """On a road; None off the map."""
        try:
            found = self._router.nearest(m.Point(point.lat, point.lon))
        except m.Unreachable:
            return None
        return Point(found.lat, found.lon)

    def table(self, sources: Sequence[Point], destinations: Sequence[Point]) -> tuple[Any, Any]:
        """Seconds and metres, shape (sources, destinations); inf where there is no way."""
        return self._router.table(_to_map(sources), _to_map(destinations))

    def route(self, points: Sequence[Point]) -> m.Route:
        """Raises maps.model.Unreachable."""
        return self._router.route(_to_map(points))

    def path(self, points: Sequence[Point]) -> list[Point]:
        """The road through these points; empty when there is none."""
        try:
            return [Point(one.lat, one.lon) for one in self.route(points).points]
        except m.Unreachable:
            return []

    def ride(self, start: Point, end: Point) -> tuple[float, float] | None:
        """(seconds, metres), or None when nobody can ride there. People order to the same doors again."""
        return self._ride(start, end)

    def _measure(self, start: Point, end: Point) -> tuple[float, float] | None:
        try:
            found = self.route([start, end])
        except m.Unreachable:
            return None
        return found.duration_s, found.distance_m

    def search(self, text: str, near: Point | None, limit: int = 8, language: str = "") -> list[PlaceMatch]:
        """Best first. `language` of the words; what a sign says beside English words is `local`."""
        spot = m.Point(near.lat, near.lon) if near else None
        found = self._places.search(text, spot, limit=limit)
        if not language.startswith("en"):
            return [_match(one) for one in found]
        signs = {one.place.id: one.place.name for one in found}
        return [_match(one, signs) for one in self._places.search(text, spot, limit=limit, lang="en")]

    def places(self, kind: str) -> list[PlaceMatch]:
        """Every place of a kind (maps.model.PlaceKind), in a fixed order."""
        return [_match(one) for one in self._places.of_kind(cast(m.PlaceKind, kind))]

    def reverse(self, point: Point, language: str = "") -> PlaceMatch | None:
        spot = m.Point(point.lat, point.lon)
        found = self._places.reverse(spot)
        if found is None or not language.startswith("en"):
            return _match(found) if found is not None else None
        english = self._places.reverse(spot, "en")
        return _match(english or found, {found.place.id: found.place.name})


def _to_map(points: Sequence[Point]) -> list[m.Point]:
    return [m.Point(point.lat, point.lon) for point in points]


def _match(found: m.Match, signs: dict[str, str] | None = None) -> PlaceMatch:
    place = found.place
    local = (signs or {}).get(place.id, "")
    return PlaceMatch(
        id=place.id,
        name=place.name,
        address=place.address,
        kind=place.kind,
        point=Point(place.point.lat, place.point.lon),
        detail=found.detail,
        local=local if local != place.name else "",
        gate=Point(place.gate.lat, place.gate.lon) if place.gate else None,
    )
