"""Reading the settings from every source, and making the data folder."""

import argparse
import dataclasses
import difflib
import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from huaxin.config.checks import Invalid, check_secret, convert
from huaxin.config.table import ENV_PREFIX, SETTINGS, Config, ConfigError, Problem, mask

FILE_NAME = "huaxin.toml"
SECRET_FILE = "secret"


@dataclass(slots=True)
class Loaded:
    """The settings in force and where each value came from."""

    config: Config
    sources: dict[str, str] = field(default_factory=dict)


def add_flags(parser: argparse.ArgumentParser, *names: str) -> None:
    """Adds `--config` and a flag for each named setting (all of them without names)."""
    group = parser.add_argument_group("settings (see `huaxin config --help`)")
    group.add_argument(
        "--config", metavar="FILE", help=f"settings file instead of {FILE_NAME} in the data folder"
    )
    for name in names or SETTINGS:
        row = SETTINGS[name]
        if row.about.secret:
            continue  # other users of the machine could read it from the list of processes
        help_text = row.about.help.replace("%", "%%")
        if row.kind is bool:
            group.add_argument(
                row.flag, dest=f"set_{name}", action=argparse.BooleanOptionalAction, help=help_text
            )
        else:
            group.add_argument(row.flag, dest=f"set_{name}", metavar="VALUE", help=help_text)


def load_config(
    args: argparse.Namespace | None = None,
    env: Mapping[str, str] | None = None,
    *,
    database_name: str = "huaxin.db",
) -> Loaded:
    """Reads and checks every source. Writes nothing.

    `args` has what `add_flags` put there; `env` is the process's own when not given; `database_name` is the
    file in the data folder that is used when no database is set.

    Raises ConfigError naming every wrong value at once.
    """
    env = os.environ if env is None else env
    flags = {
        name.removeprefix("set_"): value
        for name, value in vars(args or argparse.Namespace()).items()
        if name.startswith("set_") and value is not None
    }
    problems: list[Problem] = []
    # (setting, value, where it came from); later ones win.
    given = _from_file(getattr(args, "config", None), flags, env, problems)
    given += _from_env(env, problems)
    given += [(name, value, SETTINGS[name].flag) for name, value in flags.items()]

    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name, raw, source in given:
        row = SETTINGS[name]
        try:
            value = convert(raw, row.kind)
            values[name] = row.about.check(value) if row.about.check else value
            sources[name] = source
        except Invalid as error:
            problems.append(Problem(source, mask(row, raw), str(error)))
    if problems:
        raise ConfigError(problems)
    return Loaded(_complete(Config(**values), database_name), sources)


def _from_file(
    named: str | None, flags: Mapping[str, Any], env: Mapping[str, str], problems: list[Problem]
) -> list[tuple[str, Any, str]]:
    """The file's values. A file that was named must be there; the one in the data folder may be missing."""
    data = flags.get("data") or env.get(SETTINGS["data"].env) or SETTINGS["data"].default
    path = Path(named) if named else Path(data).expanduser() / FILE_NAME
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        if named:
            problems.append(Problem("--config", named, "there is no such file"))
        return []
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problems.append(Problem(str(path), "", f"cannot be read as TOML: {error}"))
        return []
    given = []
    for name, value in table.items():
        source = f"{path}: {name}"
        if name not in SETTINGS:
            problems.append(
                Problem(source, str(value), f"no such setting{_did_you_mean(name, list(SETTINGS))}")
            )
        elif name == "data" and not named:
            problems.append(
                Problem(source, str(value), "the file stands in the data folder, so it cannot move it")
            )
        else:
            given.append((name, value, source))
    return given


def _from_env(env: Mapping[str, str], problems: list[Problem]) -> list[tuple[str, Any, str]]:
    given = []
    by_env = {row.env: name for name, row in SETTINGS.items()}
    for variable, value in env.items():
        if not value:
            continue  # `HUAXIN_PORT=` in a compose file means: not given
        if variable in by_env:
            given.append((by_env[variable], value, variable))
        elif variable.startswith(ENV_PREFIX):
            # Only near misses: container platforms add HUAXIN_* variables of their own, tests have a few too.
            hint = _did_you_mean(
                variable.removeprefix(ENV_PREFIX), [key.removeprefix(ENV_PREFIX) for key in by_env]
            )
            if hint:
                problems.append(
                    Problem(variable, value, f"no such setting{hint.replace('mean ', 'mean ' + ENV_PREFIX)}")
                )
    return given


def _did_you_mean(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.7)
    return f"; did you mean {near[0]}?" if near else ""


def _complete(config: Config, database_name: str) -> Config:
    """Fills in what is worked out from other settings; paths become absolute (from the caller's folder)."""
    data = config.data.expanduser().absolute()
    database = config.database or f"sqlite:///{quote(str(data / database_name))}"
    return dataclasses.replace(config, data=data, database=database)


def prepare_data(config: Config) -> Config:
    """Makes the data folder, and the secret when none is given; the config with the secret in it.

    Raises ConfigError when the folder or the secret's file cannot be used.
    """
    path = config.data / SECRET_FILE
    try:
        # Phone numbers and addresses live here: for the server's user alone.
        config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if config.secret:
            return config
        if not path.exists():
            _write_once(path, secrets.token_hex(32) + "\n")
        secret = path.read_text(encoding="ascii").strip()
        return dataclasses.replace(config, secret=check_secret(secret))
    except (Invalid, UnicodeDecodeError) as error:
        sentence = f"{error}; remove the file to get a new secret (it signs everyone out)"
        raise ConfigError([Problem(str(path), "***", sentence)]) from error
    except OSError as error:
        sentence = f"cannot be written: {error.strerror}; name another folder with --data"
        raise ConfigError([Problem("data", str(config.data), sentence)]) from error


def _write_once(path: Path, text: str) -> None:
    """Writes a file for this user alone, unless it is there. Whole or not at all; of two servers that start
    at once only one writes, and both then read the same."""
    part = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()
