"""Building OSRM routing data for the e-bike out of a ``.osm.pbf``."""

from __future__ import annotations

from pathlib import Path

from .tools import osrm_program, run_tool

PROFILE = Path(__file__).parent / "profiles" / "ebike.lua"
OSRM_BASE = "osrm/city.osrm"
"""Path inside a city's folder that OSRM opens; the real files add suffixes to it."""


def build_routing(pbf: Path, city_dir: Path) -> None:
    """Write ``osrm/city.osrm.*`` (contraction hierarchy) into ``city_dir``. Raises CityError."""
    base = city_dir / OSRM_BASE
    base.parent.mkdir(parents=True, exist_ok=True)
    run_tool(
        "roads",
        [
            osrm_program("osrm-extract"),
            "-p",
            str(PROFILE),
            "-o",
            str(base),
            "-l",
            "ERROR",
            str(pbf.resolve()),
        ],
        base.parent,
    )
    run_tool("shortcuts", [osrm_program("osrm-contract"), "-l", "ERROR", str(base)], base.parent)
