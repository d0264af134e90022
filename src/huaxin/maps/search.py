"""Finding places by what people type, and naming the place under a pin."""

from __future__ import annotations

import itertools
import sqlite3
import threading
from math import exp
from pathlib import Path
from typing import Literal, NamedTuple

from shapely import wkb
from shapely.geometry import Point as Dot

from .address import Address, english_detail, is_chinese, normalise, parse, pieces
from .index import PLACES_DB, building_number, cells_around
from .model import CityError, Match, Place, PlaceKind, Point
from .routing import metres

Lang = Literal["zh", "en"]

_COLUMNS = (
    "p.id, p.key, p.kind, p.name, p.name_en, p.norm, p.norm_en, p.address, p.address_en, p.number_label,"
    " p.lat, p.lon, p.gate_lat, p.gate_lon, p.street, p.house"
)
_KIND_SCORE: dict[str, float] = {
    "compound": 9,
    "office": 8,
    "hospital": 8,
    "school": 7,
    "mall": 8,
    "park": 5,
    "place": 4,
    "street": 6,
    "poi": 3,
    "building": 2,
}
_CANDIDATES = 200  # best text matches weighed for one search
_WORTH = 0.4  # a match this much weaker than the best is noise
_NEAR_SCALE_M = 2500.0
_MAX_QUERY = 120  # characters read of what was typed

_BUILDING_REACH_M = 45.0
_POI_REACH_M = 40.0
_STREET_REACH_M = 350.0
_INSIDE_KINDS = ("compound", "office", "school", "hospital", "mall", "park")


class _Row(NamedTuple):
    """A place as stored; the fields are ``_COLUMNS`` in order."""

    id: int
    key: str
    kind: PlaceKind
    name: str
    name_en: str
    norm: str
    norm_en: str
    address: str
    address_en: str
    label: str
    lat: float
    lon: float
    gate_lat: float | None
    gate_lon: float | None
    street: str
    house: str

    @property
    def point(self) -> Point:
        return Point(lat=self.lat, lon=self.lon)

    def place(self, lang: Lang, point: Point | None = None) -> Place:
        gate = None
        if self.gate_lat is not None and self.gate_lon is not None:
            gate = Point(lat=self.gate_lat, lon=self.gate_lon)
        name, address = self.name, self.address
        if lang == "en":
            name, address = self.name_en or name, self.address_en or address
        return Place(self.key, name, address, self.kind, point or self.point, gate)


class Places:
    """Address search of one imported city. Thread-safe: every thread has its own read-only connection."""

    def __init__(self, city_dir: Path) -> None:
        self._path = city_dir / PLACES_DB
        if not self._path.is_file():
            raise CityError(
                "city.not_found", "This city has no address index; import it again.", str(city_dir)
            )
        self._local = threading.local()

    def search(self, text: str, near: Point | None = None, limit: int = 8, lang: Lang = "zh") -> list[Match]:
        """Places for a typed text, best first, at most ``limit``; empty for an empty or unknown text.

        Understands names (whole or part, Chinese or English, any case or width), street numbers, and a tail
        of building, unit and room, which resolves to the building (and its unit's door) and comes back as
        ``detail``. ``near`` prefers places close by. ``lang`` chooses the language of names and detail.
        """
        address = parse(text[:_MAX_QUERY])
        if not address.head:
            return []
        scored = [(self._score(row, address, near), row) for row in self._candidates(address.head)]
        scored.sort(key=lambda pair: (-pair[0], pair[1].key))
        matches: list[Match] = []
        seen: set[tuple[str, str, int, int]] = set()
        for score, row in scored:
            for match in self._resolve(row, address, score, lang):
                # The four exits of a station are one place to a person: same name, a few hundred metres.
                at = match.place.point
                what = (match.place.name, match.detail, round(at.lat / 0.004), round(at.lon / 0.004))
                if what not in seen:
                    seen.add(what)
                    matches.append(match)
        matches.sort(key=lambda match: -match.score)
        floor = matches[0].score * _WORTH if matches else 0.0
        return [match for match in matches[:limit] if match.score >= floor]

    def reverse(self, point: Point, lang: Lang = "zh") -> Match | None:
        """What is at a dropped pin: a numbered building, grounds, a named place, or a street nearby.

        ``detail`` is the building's number, or 「附近」 when only the street is known. None off the map.
        """
        return (
            self._building_at(point, lang)
            or self._grounds_at(point, lang)
            or self._named_near(point, lang)
            or self._street_near(point, lang)
        )

    def of_kind(self, kind: PlaceKind, lang: Lang = "zh") -> list[Match]:
        """Every place of a kind, in the order of their ids: for choosing some, as a simulation does.

        ``detail`` is the number of a numbered building, else empty.
        """
        rows = self._base().execute(
            f"SELECT {_COLUMNS} FROM place p WHERE p.kind = ? ORDER BY p.key", (kind,)
        )
        return [self._labelled(_Row(*row), lang, 0.0) for row in rows]

    # -- search -------------------------------------------------------------------------------------------

    def _candidates(self, head: str) -> list[_Row]:
        """Rows whose words match: as a phrase, else all words anywhere, else most of them."""
        words = pieces(head)
        if not words:
            return []
        phrase = '"' + " ".join(words) + '"'
        for query in (f"name : {phrase} *", _all_of(words), _most_of(words)):
            if query:
                rows = self._words(query)
                if rows:
                    return rows
        return []

    def _words(self, query: str) -> list[_Row]:
        rows = self._base().execute(
            f"SELECT {_COLUMNS} FROM place p JOIN (SELECT rowid FROM words WHERE words MATCH ?"
            " ORDER BY bm25(words, 8.0, 1.0) LIMIT ?) w ON p.id = w.rowid",
            (query, _CANDIDATES),
        )
        return [_Row(*row) for row in rows]

    def _score(self, row: _Row, address: Address, near: Point | None) -> float:
        head = address.head
        names = [name for name in (row.norm, row.norm_en) if name]
        score = _KIND_SCORE[row.kind]
        if head in names:
            score += 100.0
        elif any(name.startswith(head) for name in names):
            score += 60.0
        elif any(name and name in head for name in names):
            # 「云溪市阳光小区」: more was typed than the name; the longer the name, the surer.
            score += 40.0 + max(len(name) for name in names if name in head)
        elif any(head in name for name in names):
            score += 40.0
        if names:
            score -= min(10.0, 0.4 * max(0, min(len(name) for name in names) - len(head)))
        if near is not None:
            score += 20.0 * exp(-metres(near, row.point) / _NEAR_SCALE_M)
        return score

    def _resolve(self, row: _Row, address: Address, score: float, lang: Lang) -> list[Match]:
        if address.building:
            found = self._child(row, address)
            if found is not None:
                return [self._building_match(found, address, score + 30.0, lang)]
            return [Match(place=row.place(lang), detail=_detail(address, lang), score=score - 5.0)]
        if address.house and row.kind == "street":
            return self._house_matches(row, address, score, lang)
        if address.house and address.house == row.house:
            score += 10.0
        return [Match(place=row.place(lang), detail=_detail(address, lang), score=score)]

    def _child(self, row: _Row, address: Address) -> _Row | None:
        """The numbered building of a compound; prefers the same word (号楼, 座) when two share a number."""
        rows = self._base().execute(
            f"SELECT {_COLUMNS} FROM place p WHERE p.parent = ? AND p.number = ?"
            " ORDER BY p.number_label <> ?, p.id",
            (row.id, building_number(address.building), address.building_label),
        )
        first = rows.fetchone()
        return _Row(*first) if first else None

    def _building_match(self, row: _Row, address: Address, score: float, lang: Lang) -> Match:
        door: Point | None = None
        if address.unit:
            found = (
                self._base()
                .execute("SELECT lat, lon FROM unit WHERE place = ? AND unit = ?", (row.id, address.unit))
                .fetchone()
            )
            if found:
                door, score = Point(lat=found[0], lon=found[1]), score + 5.0
        detail = english_detail(address) if lang == "en" else row.label + address.rest
        return Match(place=row.place(lang, door), detail=detail, score=score)

    def _house_matches(self, street: _Row, address: Address, score: float, lang: Lang) -> list[Match]:
        """Places with that number on the street; the nearest number when nobody has it."""
        rows = [
            _Row(*row)
            for row in self._base().execute(
                f"SELECT {_COLUMNS} FROM place p WHERE p.street = ? AND p.house <> ''"
                " AND p.parent IS NULL AND p.kind <> 'street'",
                (street.norm,),
            )
        ]
        exact = [row for row in rows if row.house == address.house]
        if exact:
            return [
                Match(place=row.place(lang), detail=_detail(address, lang), score=score + 20.0)
                for row in exact[:3]
            ]
        detail = f"{address.house}号" if lang == "zh" else address.house
        numbers = [row for row in rows if row.house.isdigit() and address.house.isdigit()]
        best = min(numbers, key=lambda row: _apart(row.house, address.house), default=None)
        point = best.point if best is not None and _apart(best.house, address.house) <= 20 else None
        return [Match(place=street.place(lang, point), detail=detail + _detail(address, lang), score=score)]

    # -- reverse ------------------------------------------------------------------------------------------

    def _around(self, point: Point, where: str) -> list[tuple[float, _Row]]:
        cells = cells_around(point.lon, point.lat)
        marks = ",".join("?" * len(cells))
        rows = self._base().execute(
            f"SELECT {_COLUMNS} FROM place p WHERE p.cell IN ({marks}) AND {where}", cells
        )
        found = [_Row(*row) for row in rows]
        return sorted(((metres(point, row.point), row) for row in found), key=lambda pair: pair[0])

    def _building_at(self, point: Point, lang: Lang) -> Match | None:
        near = self._around(point, "p.number <> ''")
        if not near or near[0][0] > _BUILDING_REACH_M:
            return None
        return self._labelled(near[0][1], lang, 100.0 - near[0][0])

    @staticmethod
    def _labelled(row: _Row, lang: Lang, score: float) -> Match:
        label = row.label
        if label and lang == "en":
            label = f"Building {building_number(label).upper()}"
        return Match(place=row.place(lang), detail=label, score=score)

    def _grounds_at(self, point: Point, lang: Lang) -> Match | None:
        rows = self._base().execute(
            f"SELECT {_COLUMNS}, g.outline FROM ground g JOIN place p ON p.id = g.place"
            " WHERE g.west <= ? AND g.east >= ? AND g.south <= ? AND g.north >= ? ORDER BY g.size",
            (point.lon, point.lon, point.lat, point.lat),
        )
        dot = Dot(point.lon, point.lat)
        for row in rows:
            if wkb.loads(row[-1]).contains(dot):
                return Match(place=_Row(*row[:-1]).place(lang), detail="", score=60.0)
        return None

    def _named_near(self, point: Point, lang: Lang) -> Match | None:
        near = self._around(point, "p.kind NOT IN ('street', 'place')")
        if not near or near[0][0] > _POI_REACH_M:
            return None
        return Match(place=near[0][1].place(lang), detail="", score=50.0 - near[0][0] / 10.0)

    def _street_near(self, point: Point, lang: Lang) -> Match | None:
        cells = cells_around(point.lon, point.lat, rings=2)
        marks = ",".join("?" * len(cells))
        spots = (
            self._base()
            .execute(f"SELECT lat, lon, place FROM street_spot WHERE cell IN ({marks})", cells)
            .fetchall()
        )
        if not spots:
            return None
        away, place = min((metres(point, Point(lat=lat, lon=lon)), number) for lat, lon, number in spots)
        if away > _STREET_REACH_M:
            return None
        row = _Row(
            *self._base().execute(f"SELECT {_COLUMNS} FROM place p WHERE p.id = ?", (place,)).fetchone()
        )
        return Match(
            place=row.place(lang, point),
            detail="附近" if lang == "zh" else "nearby",
            score=20.0 - away / 100.0,
        )

    def _base(self) -> sqlite3.Connection:
        base: sqlite3.Connection | None = getattr(self._local, "base", None)
        if base is None:
            base = sqlite3.connect(f"{self._path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
            self._local.base = base
        return base


def _detail(address: Address, lang: Lang) -> str:
    return english_detail(address) if lang == "en" else address.detail


def _apart(a: str, b: str) -> int:
    return abs(int(a) - int(b))


def _all_of(words: list[str]) -> str:
    """Every word, in any column and order; the last Latin word may be unfinished."""
    parts = [f'"{word}"' + (" *" if not is_chinese(word) else "") for word in words]
    return " AND ".join(parts)


def _most_of(words: list[str]) -> str:
    """Any pair of neighbouring Chinese characters, any longer Latin word: for slips and extra words."""
    if len(words) < 3:
        return ""
    pairs = [f'"{a} {b}"' for a, b in itertools.pairwise(words) if is_chinese(a) and is_chinese(b)]
    latin = [f'"{normalise(word)}"' for word in words if not is_chinese(word) and len(word) > 2]
    return " OR ".join(pairs + latin)
