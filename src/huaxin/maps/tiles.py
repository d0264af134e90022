"""Building the vector basemap (PMTiles) with tippecanoe."""

from __future__ import annotations

from pathlib import Path

from .tools import run_tool, tippecanoe_program

MIN_ZOOM, MAX_ZOOM = 10, 16
BASEMAP = "basemap.pmtiles"
_MARGIN_DEG = 0.014  # drawn beyond the bounding box, so that panning to the edge shows no cut


def build_tiles(
    features: Path, city_dir: Path, box: tuple[float, float, float, float], name: str, attribution: str
) -> None:
    """Turn the features file (one GeoJSON feature per line) into ``basemap.pmtiles``. Raises CityError."""
    west, south, east, north = box
    clip = f"{west - _MARGIN_DEG},{south - _MARGIN_DEG},{east + _MARGIN_DEG},{north + _MARGIN_DEG}"
    command = [
        tippecanoe_program(),
        "-o",
        str(city_dir / BASEMAP),
        "--force",
        "--quiet",
        f"--minimum-zoom={MIN_ZOOM}",
        f"--maximum-zoom={MAX_ZOOM}",
        f"--clip-bounding-box={clip}",
        "--read-parallel",
        "--drop-rate=1",
        "--no-feature-limit",
        "--no-tile-size-limit",
        "--no-tiny-polygon-reduction",
        "--no-simplification-of-shared-nodes",
        "--simplification=3",
        "--buffer=16",
        "--preserve-input-order",
        f"--name={name}",
        f"--attribution={attribution}",
        f"--temporary-directory={city_dir}",
        str(features),
    ]
    run_tool("basemap", command, city_dir)
