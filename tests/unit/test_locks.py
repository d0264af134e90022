"""Lock files: every download is pinned by hash, and none says where from: that is the user's setting."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON_LOCKS = sorted(ROOT.glob("requirements*.lock"))
NODE_LOCKS = [
    path
    for folder in ("web", "tests")
    for path in sorted((ROOT / folder).glob("**/package-lock.json"))
    if "node_modules" not in path.parts
]


def read_pins(lock: Path) -> dict[str, str]:
    """Package → the whole entry: pin, marker and hashes."""
    entries = lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    return {re.split(r"[=\s;]", entry, maxsplit=1)[0]: entry for entry in entries if entry.strip()}


@pytest.mark.parametrize("lock", PYTHON_LOCKS + NODE_LOCKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_address_in_a_lock_file(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if "://" in line] == []
    assert not re.search(r"--(index|extra-index|find-links|trusted-host)", text)


@pytest.mark.parametrize("lock", PYTHON_LOCKS, ids=lambda path: path.name)
def test_every_python_package_is_pinned_by_hash(lock: Path) -> None:
    pins = read_pins(lock)
    assert len(pins) > 30
    for name, entry in pins.items():
        assert re.match(r"[\w.\-]+==[\w.]+( ;.*?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*$", entry), name


@pytest.mark.parametrize("lock", NODE_LOCKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_node_package_is_pinned_by_hash(lock: Path) -> None:
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    for path, package in packages.items():
        ours = not path.startswith("node_modules/") or package.get("link")
        nested = package.get("inBundle", False)
        assert ours or nested or package.get("integrity", "").startswith("sha"), path


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    run = project["dependencies"] + extras["setup"] + extras["node"]
    for lock, wanted in [("requirements.lock", run), ("requirements-dev.lock", run + extras["dev"])]:
        pins = read_pins(ROOT / lock)
        for requirement in wanted:
            name, exact, version = requirement.partition("==")
            name = re.split(r"[<>=~\[]", name)[0]
            assert name in pins, f"{lock} lacks {name}: run `make lock`"
            assert not exact or pins[name].startswith(f"{name}=={version} "), f"{name}: run `make lock`"


def test_both_locks_agree() -> None:
    """The same version with the same hashes; a package of the tests may need it on more platforms."""
    run, dev = read_pins(ROOT / "requirements.lock"), read_pins(ROOT / "requirements-dev.lock")
    assert {name: _anywhere(dev.get(name, "")) for name in run} == {
        name: _anywhere(run[name]) for name in run
    }


def _anywhere(pin: str) -> str:
    return re.sub(r" ;.*?(?=\s+--hash)", "", pin)
