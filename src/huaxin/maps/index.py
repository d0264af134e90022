"""Building ``places.db``: what addresses can name, linked (building to compound to gate) and indexed."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from math import cos, radians
from pathlib import Path

from shapely import STRtree
from shapely.geometry import Point as Dot

from .address import normalise, pieces
from .lines import Spot, grouped, sampled
from .scan import RawPlace, Scan, also_known

PLACES_DB = "places.db"
CELL_DEG = 0.002
"""Side of a cell of the position index in degrees, about 200 m."""

SCHEMA = """
CREATE TABLE place (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL, kind TEXT NOT NULL,
  name TEXT NOT NULL, name_en TEXT NOT NULL, norm TEXT NOT NULL, norm_en TEXT NOT NULL,
  address TEXT NOT NULL, address_en TEXT NOT NULL,
  street TEXT NOT NULL, house TEXT NOT NULL,        -- normalised, for 桃花路88号
  parent INTEGER REFERENCES place(id), number TEXT NOT NULL, number_label TEXT NOT NULL,
  lat REAL NOT NULL, lon REAL NOT NULL, gate_lat REAL, gate_lon REAL, cell INTEGER NOT NULL
) STRICT;
CREATE INDEX place_parent ON place(parent, number);
CREATE INDEX place_cell ON place(cell);
CREATE INDEX place_house ON place(street, house);
CREATE TABLE unit (place INTEGER NOT NULL REFERENCES place(id), unit TEXT NOT NULL,
  lat REAL NOT NULL, lon REAL NOT NULL, PRIMARY KEY (place, unit)) STRICT, WITHOUT ROWID;
CREATE TABLE ground (place INTEGER PRIMARY KEY REFERENCES place(id), west REAL NOT NULL, south REAL NOT NULL,
  east REAL NOT NULL, north REAL NOT NULL, size REAL NOT NULL, outline BLOB NOT NULL) STRICT;
CREATE TABLE street_spot (cell INTEGER NOT NULL, place INTEGER NOT NULL REFERENCES place(id),
  lat REAL NOT NULL, lon REAL NOT NULL) STRICT;
CREATE INDEX street_spot_cell ON street_spot(cell);
CREATE VIRTUAL TABLE words USING fts5(name, address, content='', tokenize='unicode61 remove_diacritics 2');
"""

_GROUND_KINDS = ("compound", "office", "school", "hospital", "mall", "park")
_CONTAINER_KINDS = ("compound", "office", "school", "hospital", "mall")
_GATE_REACH_DEG = 0.00025  # a gate within about 25 m of the outline belongs to the grounds
_STREET_REACH_DEG = 0.0025


def cell_of(lon: float, lat: float) -> int:
    """Number of the index cell a position is in."""
    return int((lat + 90.0) / CELL_DEG) * 1_000_000 + int((lon + 180.0) / CELL_DEG)


def cells_around(lon: float, lat: float, rings: int = 1) -> list[int]:
    """Numbers of the cells around a position, ``rings`` cells in each direction."""
    middle = cell_of(lon, lat)
    return [
        middle + dy * 1_000_000 + dx for dy in range(-rings, rings + 1) for dx in range(-rings, rings + 1)
    ]


def build_index(scan: Scan, city_dir: Path, city: str, city_en: str) -> int:
    """Write ``places.db`` into ``city_dir``; returns the number of places. Raises sqlite3.Error, OSError."""
    base = sqlite3.connect(city_dir / PLACES_DB)
    try:
        base.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + SCHEMA)
        count = _Indexer(scan, base, city, city_en).fill()
        base.commit()
        base.execute("ANALYZE")
        base.commit()
    finally:
        base.close()
    return count


class _Indexer:
    def __init__(self, scan: Scan, base: sqlite3.Connection, city: str, city_en: str) -> None:
        self._scan, self._base, self._city, self._city_en = scan, base, city, city_en
        self._next = 0
        self._spots: dict[int, list[tuple[float, float, str]]] = defaultdict(list)
        self._containers = [
            p for p in scan.places if p.outline is not None and p.kind in _CONTAINER_KINDS and p.name
        ]
        self._containers.sort(key=lambda p: p.outline.area if p.outline is not None else 0.0)
        self._tree = STRtree([p.outline for p in self._containers])
        self._gates: dict[str, list[tuple[float, float, bool]]] = {}
        self._ids: dict[str, int] = {}

    def fill(self) -> int:
        for name, pieces_of in self._scan.streets.items():
            for group in grouped(pieces_of):
                self._street(name, group)
        self._assign_gates()
        grounds = [p for p in self._scan.places if p.name and not (p.is_building and _numbered(p))]
        numbered = [p for p in self._scan.places if p.is_building and _numbered(p)]
        for place in grounds:
            self._named(place)
        for place in numbered:
            self._numbered(place)
        self._addresses()
        return self._next

    def _street(self, name: str, group: list[tuple[int, list[Spot]]]) -> None:
        spots = [spot for _, line in group for spot in sampled(line)]
        middle_lon = sum(lon for lon, _ in spots) / len(spots)
        middle_lat = sum(lat for _, lat in spots) / len(spots)
        lon, lat = min(spots, key=lambda s: (s[0] - middle_lon) ** 2 + (s[1] - middle_lat) ** 2)
        english = self._scan.street_en.get(name, "")
        number = self._insert(
            key=f"s{min(way for way, _ in group)}",
            kind="street",
            name=name,
            name_en=english,
            address=self._city + name,
            address_en=_english(english or name, self._city_en),
            lon=lon,
            lat=lat,
            words=[name, english],
        )
        for lon, lat in spots:
            self._spots[cell_of(lon, lat)].append((lon, lat, name))
        self._base.executemany(
            "INSERT INTO street_spot VALUES (?,?,?,?)",
            [(cell_of(lon, lat), number, lat, lon) for lon, lat in spots],
        )

    def _assign_gates(self) -> None:
        if not self._containers:
            return
        for gate in self._scan.gates:
            dot = Dot(gate[0], gate[1])
            for index in self._tree.query(dot.buffer(_GATE_REACH_DEG)):
                owner = self._containers[int(index)]
                if owner.outline is not None and owner.outline.boundary.distance(dot) < _GATE_REACH_DEG:
                    self._gates.setdefault(owner.key, []).append(gate)

    def _container(self, place: RawPlace) -> RawPlace | None:
        """The smallest named grounds a building stands on; a stated ``addr:place`` is preferred."""
        dot = Dot(place.lon, place.lat)
        inside = [
            owner
            for owner in (self._containers[int(i)] for i in sorted(self._tree.query(dot)))
            if owner.key != place.key and owner.outline is not None and owner.outline.contains(dot)
        ]
        stated = place.tags.get("addr:place")
        return next((owner for owner in inside if owner.name == stated), inside[0] if inside else None)

    def _named(self, place: RawPlace) -> None:
        # A shop with a street number of its own is entered from the street, wherever its grounds are.
        inside = place.kind == "building" or (place.kind == "poi" and not _house(place))
        owner = self._container(place) if inside else None
        gate = self._gate(place) or (self._gate_near(owner, place.lon, place.lat) if owner else None)
        zh, en = self._where(place, owner)
        number = self._insert(
            key=place.key,
            kind=place.kind,
            name=place.name,
            name_en=place.name_en,
            address=zh,
            address_en=en,
            lon=place.lon,
            lat=place.lat,
            gate=gate,
            street=self._street_of(place, owner),
            house=_house(place),
            words=[place.name, place.name_en, *also_known(place.tags)],
        )
        if place.outline is not None and place.kind in _GROUND_KINDS:
            west, south, east, north = place.outline.bounds
            outline = place.outline.simplify(0.00002)
            self._base.execute(
                "INSERT INTO ground VALUES (?,?,?,?,?,?,?)",
                (number, west, south, east, north, place.outline.area, outline.wkb),
            )

    def _numbered(self, place: RawPlace) -> None:
        """A numbered building: the child of its grounds, found through them and named after them."""
        owner = self._container(place)
        if owner is None and not place.name:
            return
        label = _number_label(place)
        named = owner or place
        zh, en = self._where(place, owner)
        gate = self._gate_near(owner, place.lon, place.lat) if owner else None
        number = self._insert(
            key=place.key,
            kind="building",
            name=named.name,
            name_en=named.name_en,
            address=zh + (label if owner else ""),
            address_en=en,
            lon=place.lon,
            lat=place.lat,
            gate=gate,
            parent=self._ids.get(owner.key) if owner else None,
            number=building_number(label),
            label=label,
            street=self._street_of(place, owner),
            house=_house(owner or place),
            words=[] if owner else [place.name],
        )
        units = [(number, normalise(unit), lat, lon) for unit, (lon, lat) in sorted(place.units.items())]
        self._base.executemany("INSERT OR IGNORE INTO unit VALUES (?,?,?,?)", units)

    def _addresses(self) -> None:
        """Points that are only a street number: 「成府路28号」."""
        for place in self._scan.places:
            street, house = place.tags.get("addr:street"), place.tags.get("addr:housenumber")
            if place.name or not street or not house or (place.is_building and _numbered(place)):
                continue
            label = house if house.endswith("号") else f"{house}号"
            self._insert(
                key=place.key,
                kind="building",
                name=f"{street}{label}",
                name_en="",
                address=f"{self._city}{street}{label}",
                address_en="",
                lon=place.lon,
                lat=place.lat,
                street=street,
                house=_house(place),
                words=[],
            )

    def _gate(self, place: RawPlace) -> Spot | None:
        gates = self._gates.get(place.key)
        if not gates:
            return None
        lon, lat, _ = max(gates, key=lambda gate: gate[2])
        return lon, lat

    def _gate_near(self, owner: RawPlace, lon: float, lat: float) -> Spot | None:
        gates = self._gates.get(owner.key)
        if not gates:
            return None
        near = min(gates, key=lambda gate: _square(gate[0], gate[1], lon, lat))
        return near[0], near[1]

    def _street_of(self, place: RawPlace, owner: RawPlace | None) -> str:
        stated = place.tags.get("addr:street") or (owner.tags.get("addr:street") if owner else None)
        return stated or self._nearest_street(place.lon, place.lat)

    def _nearest_street(self, lon: float, lat: float) -> str:
        near = [spot for cell in cells_around(lon, lat) for spot in self._spots.get(cell, ())]
        if not near:
            return ""
        best = min(near, key=lambda spot: _square(spot[0], spot[1], lon, lat))
        return best[2] if _square(best[0], best[1], lon, lat) < _STREET_REACH_DEG**2 else ""

    def _where(self, place: RawPlace, owner: RawPlace | None) -> tuple[str, str]:
        """Address in Chinese and English: city, street and number, grounds."""
        street, house = self._street_of(place, owner), _house(place) or (_house(owner) if owner else "")
        zh = self._city + street + (f"{house}号" if house and street else "")
        street_en = self._scan.street_en.get(street, street)
        en = f"{house} {street_en}" if house and street else street_en
        if owner:
            zh += owner.name
            en = f"{owner.name_en or owner.name}, {en}" if en else owner.name_en or owner.name
        return zh, _english(en, self._city_en)

    def _insert(
        self,
        *,
        key: str,
        kind: str,
        name: str,
        name_en: str,
        address: str,
        address_en: str,
        lon: float,
        lat: float,
        words: Iterable[str],
        gate: Spot | None = None,
        parent: int | None = None,
        number: str = "",
        label: str = "",
        street: str = "",
        house: str = "",
    ) -> int:
        self._next += 1
        self._ids[key] = self._next
        gate_lon, gate_lat = gate or (None, None)
        self._base.execute(
            "INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                self._next,
                key,
                kind,
                name,
                name_en,
                normalise(name),
                normalise(name_en),
                address,
                address_en,
                normalise(street),
                house,
                parent,
                number,
                label,
                lat,
                lon,
                gate_lat,
                gate_lon,
                cell_of(lon, lat),
            ),
        )
        text = _tokens(words)
        if text:
            self._base.execute(
                "INSERT INTO words(rowid, name, address) VALUES (?,?,?)",
                (self._next, text, _tokens([address, address_en])),
            )
        return self._next


def building_number(label: str) -> str:
    """The bare number or letter of a building's label: ``5`` of 5号楼, ``a`` of A座."""
    flat = normalise(label)
    for word in ("号楼", "栋", "幢", "座", "#楼", "#", "号", "楼"):
        flat = flat.removesuffix(word)
    return flat


def _number_label(place: RawPlace) -> str:
    label = place.tags.get("addr:housenumber") or place.name
    if place.name and building_number(place.name) == building_number(label):
        label = place.name
    return f"{label}号楼" if label.isdigit() else label


def _numbered(place: RawPlace) -> bool:
    """True for a building known by a number inside grounds rather than by a name of its own."""
    name = normalise(place.name)
    bare = building_number(name)
    if name and bare != name and len(bare) <= 4 and bare.isalnum() and bare.isascii():
        return True
    return not name and "addr:housenumber" in place.tags and "addr:street" not in place.tags


def _house(place: RawPlace) -> str:
    """The street number, bare; empty when the number is a building's within its grounds."""
    number = normalise(place.tags.get("addr:housenumber", ""))
    return "" if number.endswith(("号楼", "座", "栋", "幢")) else number.removesuffix("号")


def _tokens(words: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(" ".join(pieces(word)) for word in words if word))


def _english(text: str, city_en: str) -> str:
    return ", ".join(part for part in (text, city_en) if part)


def _square(lon: float, lat: float, to_lon: float, to_lat: float) -> float:
    dx = (lon - to_lon) * cos(radians(to_lat))
    return dx * dx + (lat - to_lat) ** 2
