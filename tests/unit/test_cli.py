"""The command line: help that teaches, one-line errors, exit codes, commands on a real store."""

import argparse
import errno
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from huaxin import __version__
from huaxin.cli import build_parser, main, report_error
from huaxin.commands.city import read_city_id
from huaxin.commands.common import Progress
from huaxin.journal.model import Rejected

ROOT = Path(__file__).resolve().parents[2]
type Capture = pytest.CaptureFixture[str]


def find_parsers(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    found = [parser]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                found += find_parsers(child)
    return found


def huaxin(data: Path, *words: str) -> int:
    return main([*words, "--data", str(data)])


def test_every_command_teaches() -> None:
    parsers = find_parsers(build_parser())
    names = {parser.prog for parser in parsers}
    wanted = {
        "serve",
        "demo",
        "city",
        "story",
        "bench",
        "gateway",
        "user",
        "shop",
        "backup",
        "config",
        "search",
    }
    assert {f"huaxin {name}" for name in wanted} <= names
    for parser in parsers[1:]:
        text = parser.format_help()
        assert "examples:\n  " in text, f"{parser.prog} shows no example"
        assert any("一" <= char <= "鿿" for char in text), f"{parser.prog} says nothing in Chinese"
        for action in parser._actions:
            assert action.help or isinstance(action, argparse._SubParsersAction), (parser.prog, action.dest)


def test_examples_can_be_typed() -> None:
    """The words of every example are understood."""
    parser = build_parser()
    examples = [
        line.split()
        for found in find_parsers(parser)
        for line in (found.epilog or "").partition("examples:\n")[2].splitlines()
    ]
    assert len(examples) > 20
    for words in examples:
        words = words[words.index("huaxin") + 1 :]
        if words[0] != "gateway":  # its flags are loaded only when it runs
            parser.parse_args(words[: words.index(">")] if ">" in words else words)


def test_help_loads_no_implementation() -> None:
    """`--help` answers at once: nothing heavy is imported for it."""
    program = (
        "import sys, huaxin.cli\n"
        "try: huaxin.cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'litestar', 'numpy', 'picows', 'asyncpg', 'apsw', 'osrm', 'msgspec', 'huaxin.compose'}\n"
        "print(*(heavy & set(sys.modules)), end='', file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT / "src", capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "huaxin city import" in done.stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["demo", "--speed", "70"], 2, "error: usage: argument --speed: '70': give a number from 1 to 60; "),
        (["nonsense"], 2, "error: usage: "),
        (["serve", "--port", "70000"], 2, "error: config: --port is '70000': give a number from 0 to 65535"),
        (
            ["config", "--config", "none.toml"],
            2,
            "error: config: --config is 'none.toml': there is no such file",
        ),
        (
            ["shop", "add", "x", "--owner", "1", "--at", "200,1"],
            2,
            "error: usage: argument --at: '200,1': give",
        ),
    ],
)
def test_wrong_words_are_one_line(words: list[str], code: int, said: str, capsys: Capture) -> None:
    try:
        result: object = main(words)
    except SystemExit as stopped:
        result = stopped.code
    out = capsys.readouterr()
    assert result == code
    assert out.err.startswith(said)
    assert out.err.count("\n") == 1
    assert out.out == ""


def test_a_group_alone_shows_its_help(capsys: Capture) -> None:
    assert main(["shop"]) == 2
    assert "huaxin shop staff add" in capsys.readouterr().out
    assert main([]) == 2
    assert "first steps" in capsys.readouterr().out


def test_errors_by_kind(capsys: Capture) -> None:
    assert report_error(Rejected("order.late", "Too\nlate.", "15:00")) == 1
    assert report_error(FileNotFoundError(2, "No such file", "x.pbf")) == 1
    assert report_error(OSError(errno.EADDRINUSE, "address already in use")) == 1
    assert report_error(ZeroDivisionError("division by zero")) == 70
    assert capsys.readouterr().err.splitlines() == [
        "error: order.late: Too late. (15:00)",
        "error: system: No such file (x.pbf)",
        "error: port.taken: Another program listens on this port; choose one with --port.",
        "error: internal: ZeroDivisionError: division by zero; the same command with --debug shows the trace",
    ]


def test_debug_shows_the_trace(tmp_path: Path) -> None:
    with pytest.raises(Rejected):
        huaxin(tmp_path, "user", "add", "12", "--debug")


def test_people_and_shops(tmp_path: Path, capsys: Capture) -> None:
    assert huaxin(tmp_path, "user", "add", "13800000009", "--name", "李女士") == 0
    shop = ["shop", "add", "花信花店", "--id", "flowers", "--owner", "13800000001", "--owner-name", "王店长"]
    assert huaxin(tmp_path, *shop, "--at", "30.25,120.00") == 0
    assert (
        huaxin(tmp_path, "shop", "staff", "add", "flowers", "13800000002", "courier", "--name", "小张") == 0
    )
    capsys.readouterr()
    assert huaxin(tmp_path, "user", "list") == 0
    listed = capsys.readouterr().out
    assert {"13800000001", "13800000002", "13800000009"} <= set(listed.split())
    assert huaxin(tmp_path, "shop", "list") == 0
    assert "30.25000,120.00000" in capsys.readouterr().out
    assert huaxin(tmp_path, "shop", "staff", "list", "flowers") == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()[1:]] == [
        ["owner", "王店长", "13800000001"],
        ["courier", "小张", "13800000002"],
    ]
    assert huaxin(tmp_path, "shop", "staff", "remove", "flowers", "13800000002") == 0
    assert huaxin(tmp_path, "shop", "staff", "remove", "flowers", "13800000002") == 1
    assert capsys.readouterr().err.startswith("error: staff.unknown: ")


def test_the_search_index_is_made_anew(tmp_path: Path, capsys: Capture) -> None:
    """SRC-9."""
    assert huaxin(tmp_path, "shop", "add", "小店", "--owner", "13800000001", "--at", "30.25,120.0") == 0
    assert huaxin(tmp_path, "search", "rebuild") == 0
    assert "0 events read" in capsys.readouterr().out
    assert huaxin(tmp_path, "search", "rebuild", "nowhere") == 1


def test_backup_is_a_whole_database(tmp_path: Path, capsys: Capture) -> None:
    assert huaxin(tmp_path / "a", "user", "add", "13800000009", "--name", "李女士") == 0
    copy = tmp_path / "b" / "huaxin.db"
    copy.parent.mkdir()
    assert huaxin(tmp_path / "a", "backup", str(copy)) == 0
    capsys.readouterr()
    assert huaxin(tmp_path / "b", "user", "list") == 0
    assert "李女士" in capsys.readouterr().out


def test_nothing_is_written_outside_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["user", "add", "13800000009"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["var"]


def test_city_ids_come_from_file_names() -> None:
    assert read_city_id(Path("/maps/Shanghai Center.osm.pbf")) == "shanghai_center"
    assert read_city_id(Path("上海.osm.pbf")) == "city"


def test_progress_says_each_stage_once(capsys: Capture) -> None:
    progress = Progress()
    for stage, fraction in [("roads", 0.0), ("roads", 0.5), ("roads", 1.0), ("tiles", 0.0), ("done", 1.0)]:
        progress(stage, fraction)
    assert capsys.readouterr().err == "  roads …\n  tiles …\n"
    progress.live = True
    for stage, fraction in [("roads", 0.0), ("tiles", 0.5), ("done", 1.0)]:
        progress(stage, fraction)
    drawn = [line.split("\r")[-1] for line in capsys.readouterr().err.split("\n")]
    assert drawn == ["  roads …   0%", "  tiles … 100%", ""]


def test_the_version_is_the_projects_own(capsys: Capture) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == __version__
    assert main(["version"]) == 0
    assert f"huaxin {__version__}" in capsys.readouterr().out
