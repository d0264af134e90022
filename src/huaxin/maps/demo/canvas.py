"""Collects nodes, ways and relations, and writes them as a valid ``.osm.pbf``.

Ids are given in the order things are drawn, so the same drawing always has the same ids and bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import osmium
import osmium.osm.mutable as mutable

from .plane import to_lonlat, warp

Tags = Mapping[str, str]
Spot = tuple[float, float]

GENERATOR = "huaxin fictional city"
_NODE_BASE, _WAY_BASE, _RELATION_BASE = 1_000_000, 2_000_000, 3_000_000


class Canvas:
    """A map being drawn. Grid positions (u, v) that are equal to a centimetre are one node."""

    def __init__(self) -> None:
        self._nodes: list[tuple[float, float]] = []
        self._node_tags: dict[int, dict[str, str]] = {}
        self._by_spot: dict[tuple[int, int], int] = {}
        self._ways: list[tuple[list[int], dict[str, str]]] = []
        self._relations: list[tuple[list[tuple[int, str]], dict[str, str]]] = []

    def node(self, u: float, v: float, tags: Tags | None = None) -> int:
        """The shared node at a grid position; ``tags`` are added to it."""
        key = (round(u * 100), round(v * 100))
        found = self._by_spot.get(key)
        if found is None:
            found = self._by_spot[key] = self.free_node(*warp(u, v))
        if tags:
            self._node_tags.setdefault(found, {}).update(tags)
        return found

    def free_node(self, x: float, y: float, tags: Tags | None = None) -> int:
        """A node of its own at city metres (x, y)."""
        self._nodes.append(to_lonlat(x, y))
        number = _NODE_BASE + len(self._nodes)
        if tags:
            self._node_tags[number] = dict(tags)
        return number

    def way(self, nodes: Sequence[int], tags: Tags) -> int:
        """A way through nodes already drawn."""
        self._ways.append((list(nodes), dict(tags)))
        return _WAY_BASE + len(self._ways)

    def line(self, spots: Iterable[Spot], tags: Tags) -> int:
        """An open way through grid positions."""
        return self.way([self.node(u, v) for u, v in spots], tags)

    def area(self, spots: Sequence[Spot], tags: Tags) -> int:
        """A closed way through grid positions; its nodes are its own, so areas never join streets."""
        return self.polygon([warp(u, v) for u, v in spots], tags)

    def polygon(self, corners: Sequence[Spot], tags: Tags) -> int:
        """A closed way through city metres."""
        ring = [self.free_node(x, y) for x, y in corners]
        return self.way([*ring, ring[0]], tags)

    def multipolygon(self, outer: int, inner: Sequence[int], tags: Tags) -> None:
        """A multipolygon relation over closed ways already drawn."""
        members = [(outer, "outer"), *((way, "inner") for way in inner)]
        self._relations.append((members, {"type": "multipolygon", **tags}))

    def write(self, path: Path, box: tuple[float, float, float, float]) -> None:
        """Write everything to ``path`` (replaced when present); ``box`` is west, south, east, north."""
        header = osmium.io.Header()
        header.set("generator", GENERATOR)
        west, south, east, north = box
        header.add_box(osmium.osm.Box(west, south, east, north))
        writer = osmium.SimpleWriter(str(path), header=header, overwrite=True)
        try:
            self._write_all(writer)
        finally:
            writer.close()

    def _write_all(self, writer: osmium.SimpleWriter) -> None:
        for index, spot in enumerate(self._nodes, 1):
            number = _NODE_BASE + index
            writer.add_node(
                mutable.Node(id=number, version=1, location=spot, tags=self._node_tags.get(number, {}))
            )
        for index, (refs, tags) in enumerate(self._ways, 1):
            writer.add_way(mutable.Way(id=_WAY_BASE + index, version=1, nodes=refs, tags=tags))
        for index, (members, tags) in enumerate(self._relations, 1):
            refs_roles = [("w", way, role) for way, role in members]
            writer.add_relation(
                mutable.Relation(id=_RELATION_BASE + index, version=1, members=refs_roles, tags=tags)
            )
