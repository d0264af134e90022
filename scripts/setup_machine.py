"""What the tests need from the machine itself: PostgreSQL's server, Chromium and a Chinese font; what
`make calls` needs besides: coturn.

On Debian and Ubuntu as root they are installed; anywhere else the exact command is told.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

CHROMIUM_COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_APPS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")


class SetupError(Exception):
    """The set-up cannot go on; the sentence says what to do."""


def has_postgres() -> bool:
    places = [Path("/usr/lib/postgresql"), Path("/opt/homebrew/opt"), Path("/usr/local/opt"), Path("/usr")]
    patterns = ("*/bin/initdb", "postgresql*/bin/initdb", "pgsql-*/bin/initdb")
    return bool(shutil.which("initdb")) or any(
        next(place.glob(pattern), None) for place in places for pattern in patterns if place.is_dir()
    )


def has_chromium() -> bool:
    return any(shutil.which(name) for name in CHROMIUM_COMMANDS) or any(
        Path(app).exists() for app in CHROMIUM_APPS
    )


def has_chinese_font() -> bool:
    if sys.platform == "darwin":
        return True  # PingFang is part of macOS
    if shutil.which("fc-list"):
        shown = subprocess.run(
            ["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False
        )
        return bool(shown.stdout.strip())
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    return any(next(folder.glob("**/*CJK*"), None) for folder in folders if folder.is_dir())


NEEDS: tuple[tuple[str, Callable[[], bool], str, str], ...] = (
    # what, is it there, Debian package, Homebrew words
    ("PostgreSQL's server", has_postgres, "postgresql", "postgresql@17"),
    ("Chromium", has_chromium, "chromium", "--cask chromium"),
    ("a Chinese font", has_chinese_font, "fonts-noto-cjk", ""),
)


CALL_NEEDS = (("coturn", lambda: bool(shutil.which("turnserver")), "coturn", "coturn"),)


def find_missing(calls: bool = False) -> list[tuple[str, str, str]]:
    """(what, Debian package, Homebrew words) of each thing that is not on this machine."""
    needs = (*NEEDS, *CALL_NEEDS) if calls else NEEDS
    return [(what, debian, brew) for what, there, debian, brew in needs if not there()]


def need_test_machine(say: Callable[[str], None], calls: bool = False) -> None:
    """Returns when everything is there; installs it where it may; SetupError with the command otherwise."""
    missing = find_missing(calls)
    if not missing:
        return
    names = ", ".join(what for what, _, _ in missing)
    packages = [debian for _, debian, _ in missing]
    if shutil.which("apt-get") and os.geteuid() == 0:
        say(f"the tests need {names}: installing {' '.join(packages)}")
        env = dict(os.environ) | {"DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
            done = subprocess.run(["apt-get", *words], env=env, stdin=subprocess.DEVNULL, check=False)
            if done.returncode:
                raise SetupError(f"`apt-get {' '.join(words)}` failed with exit code {done.returncode}")
        missing = find_missing(calls)
        if missing:
            raise SetupError(f"still missing after apt-get: {', '.join(what for what, _, _ in missing)}")
        return
    if shutil.which("apt-get"):
        how = f"sudo apt-get install --no-install-recommends {' '.join(packages)}"
    elif sys.platform == "darwin":
        how = " && ".join(f"brew install {brew}" for _, _, brew in missing if brew)
    else:
        how = "your system's package manager has all of it"
    raise SetupError(
        f"the tests need {names}, which this machine lacks. Install it, then run make again:\n  {how}"
    )
