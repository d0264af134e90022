"""The settings: sources and their order, all mistakes at once, the secret, the generated page."""

import argparse
import stat
from pathlib import Path

import pytest

from huaxin.config import SETTINGS, ConfigError, add_flags, load_config, prepare_data
from huaxin.config.show import render_effective, render_markdown

ROOT = Path(__file__).resolve().parents[2]


def parse_flags(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_flags(parser)
    return parser.parse_args(words)


def find_problems(args: argparse.Namespace | None = None, **env: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_config(args, env)
    return [str(problem) for problem in caught.value.problems]


def test_defaults_need_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = load_config(None, {}).config
    assert config.data == tmp_path / "var"
    assert config.database == f"sqlite:///{tmp_path}/var/huaxin.db"
    assert config.public_url == "", "known only once the port is bound"
    assert list(tmp_path.iterdir()) == [], "reading the settings writes nothing"


def test_later_sources_win(tmp_path: Path) -> None:
    (tmp_path / "huaxin.toml").write_text('port = 1\nhost = "127.0.0.1"\nlanguage = "en"\n')
    args = parse_flags("--data", str(tmp_path), "--port", "3")
    loaded = load_config(args, {"HUAXIN_PORT": "2", "HUAXIN_LANGUAGE": "zh-CN"})
    assert (loaded.config.port, loaded.config.language, loaded.config.host) == (3, "zh-CN", "127.0.0.1")
    assert loaded.sources["port"] == "--port"
    assert loaded.sources["language"] == "HUAXIN_LANGUAGE"
    assert loaded.sources["host"] == f"{tmp_path}/huaxin.toml: host"


def test_a_named_file_is_read_instead(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        f'data = "{tmp_path}/elsewhere"\nallowed_origins = ["https://a.example", "http://B.example/"]\n'
    )
    config = load_config(parse_flags("--config", str(file)), {}).config
    assert config.data == tmp_path / "elsewhere"
    assert config.allowed_origins == ("https://a.example", "http://b.example")


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    missing = str(tmp_path / "none.toml")
    assert find_problems(parse_flags("--config", missing)) == [
        f"--config is {missing!r}: there is no such file"
    ]


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "huaxin.toml").write_text('prot = 1\ndata = "x"\nhost = 5\n')
    problems = find_problems(
        parse_flags("--data", str(tmp_path), "--port", "70000"),
        HUAXIN_LOG_LEVEL="loud",
        HUAXIN_DATABASE="mysql://me:hunter2@host/x",
        HUAXIN_PUBLIC_URL="flowers.example",
        HUAXIN_TIMEZONE="Mars/Olympus",
        HUAXIN_DEV_CODE_SENDER="perhaps",
        HUAXIN_SECRET="short-and-secret",
        HUAXIN_LANGAUGE="en",
    )
    file = tmp_path / "huaxin.toml"
    assert set(problems) == {
        f"{file}: prot is '1': no such setting; did you mean port?",
        f"{file}: data is 'x': the file stands in the data folder, so it cannot move it",
        f"{file}: host is '5': give a text in quotes",
        "--port is '70000': give a number from 0 to 65535",
        "HUAXIN_LOG_LEVEL is 'loud': give one of debug, info, warning, error",
        "HUAXIN_DATABASE is 'mysql://me:***@host/x': "
        "give sqlite:///path/to/file.db or postgresql://user@host/name",
        "HUAXIN_PUBLIC_URL is 'flowers.example': give scheme and host alone, like https://flowers.example",
        "HUAXIN_TIMEZONE is 'Mars/Olympus': give a time zone by its name, like Asia/Shanghai",
        "HUAXIN_DEV_CODE_SENDER is 'perhaps': give true or false",
        "HUAXIN_SECRET is '***': give at least 32 characters, for example from `openssl rand -hex 32`",
        "HUAXIN_LANGAUGE is 'en': no such setting; did you mean HUAXIN_LANGUAGE?",
    }


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("host", ["127.0.0.1", "::1", "flowers.example"], ["http://x", "a b", ""]),
        (
            "database",
            ["sqlite:////srv/x.db", "postgresql://h/x"],
            ["sqlite://", "x.db", "postgresql://host", "postgresql://"],
        ),
        (
            "public_url",
            ["https://a.example", "http://10.0.0.2:80"],
            ["https://a.example/x", "a", "http://a:b"],
        ),
        ("allowed_origins", ["https://a.example, http://b:1", " "], ["*", "https://a.example/x"]),
        ("timezone", ["Asia/Shanghai", "UTC"], ["", "../etc", "Asia"]),
        ("port", ["0", " 80 "], ["8o", "-1", "1.5"]),
    ],
)
def test_what_a_setting_takes(name: str, good: list[str], bad: list[str]) -> None:
    flag = SETTINGS[name].flag
    for value in good:
        load_config(parse_flags(f"{flag}={value}"), {})
    for value in bad:
        assert len(find_problems(parse_flags(f"{flag}={value}"))) == 1, value


def test_foreign_and_empty_variables_are_left_alone() -> None:
    """Container platforms set HUAXIN_* variables after a service's name; compose files leave empty ones."""
    env = {"HUAXIN_PORT_8765_TCP": "tcp://10.0.0.1", "HUAXIN_SERVICE_HOST": "10.0.0.1", "HUAXIN_PORT": ""}
    assert load_config(None, env).config.port == 8765


def test_broken_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "huaxin.toml").write_text("port =\n")
    (problem,) = find_problems(HUAXIN_DATA=str(tmp_path))
    assert problem.startswith(f"{tmp_path}/huaxin.toml: cannot be read as TOML")


def test_the_secret_is_made_once_for_the_owner_alone(tmp_path: Path) -> None:
    config = load_config(parse_flags("--data", str(tmp_path / "deep" / "data")), {}).config
    first = prepare_data(config).secret
    assert len(first) == 64
    assert prepare_data(config).secret == first
    assert stat.S_IMODE((config.data / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE(config.data.stat().st_mode) == 0o700
    assert [path.name for path in config.data.iterdir()] == ["secret"]


def test_a_given_secret_is_not_written(tmp_path: Path) -> None:
    env = {"HUAXIN_SECRET": "s" * 40, "HUAXIN_DATA": str(tmp_path)}
    assert prepare_data(load_config(None, env).config).secret == "s" * 40
    assert list(tmp_path.iterdir()) == []


def test_unusable_data_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "secret").write_text("tiny\n")
    with pytest.raises(ConfigError, match="name another folder with --data"):
        prepare_data(load_config(None, {"HUAXIN_DATA": str(tmp_path / "file")}).config)
    with pytest.raises(ConfigError, match="remove the file to get a new secret"):
        prepare_data(load_config(None, {"HUAXIN_DATA": str(tmp_path)}).config)


def test_shown_settings_hide_secrets() -> None:
    env = {"HUAXIN_SECRET": "s" * 40, "HUAXIN_DATABASE": "postgresql://me:hunter2@host/x"}
    shown = render_effective(load_config(None, env))
    assert "ssss" not in shown
    assert "hunter2" not in shown
    assert "postgresql://me:***@host/x" in shown
    assert "secret" not in vars(parse_flags()), "a flag would show in the list of processes"


def test_the_page_is_current() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert page == render_markdown(), "run `make docs`"
