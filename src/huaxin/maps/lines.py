"""Lines of streets: sampling them, and telling apart different streets of one name."""

from __future__ import annotations

from collections.abc import Iterator

Spot = tuple[float, float]
"""A position as (lon, lat) degrees."""

_STREET_JOIN_DEG = 0.012  # pieces of one name closer than about 1.2 km are one street
_SPOT_DEG = 0.0005  # a street is sampled about every 50 m


def sampled(line: list[Spot]) -> Iterator[Spot]:
    """Points along a line, at most about 50 m apart, its own vertices thinned to the same distance."""
    last: Spot | None = None
    for lon, lat in line:
        if last is None:
            yield lon, lat
            last = (lon, lat)
            continue
        parts = int(max(abs(lon - last[0]), abs(lat - last[1])) / _SPOT_DEG)
        for k in range(1, parts + 1):
            yield last[0] + (lon - last[0]) * k / parts, last[1] + (lat - last[1]) * k / parts
        if parts:
            last = (lon, lat)


def grouped(lines: list[tuple[int, list[Spot]]]) -> list[list[tuple[int, list[Spot]]]]:
    """Ways of one name split into streets: far pieces of the same name are different streets."""
    groups: list[tuple[list[float], list[tuple[int, list[Spot]]]]] = []
    for line in lines:
        lons, lats = [s[0] for s in line[1]], [s[1] for s in line[1]]
        box = [
            min(lons) - _STREET_JOIN_DEG,
            min(lats) - _STREET_JOIN_DEG,
            max(lons) + _STREET_JOIN_DEG,
            max(lats) + _STREET_JOIN_DEG,
        ]
        members = [line]
        apart = []
        for other, found in groups:
            if box[0] <= other[2] and other[0] <= box[2] and box[1] <= other[3] and other[1] <= box[3]:
                box = [
                    min(box[0], other[0]),
                    min(box[1], other[1]),
                    max(box[2], other[2]),
                    max(box[3], other[3]),
                ]
                members = found + members
            else:
                apart.append((other, found))
        groups = [*apart, (box, members)]
    return [members for _, members in groups]
