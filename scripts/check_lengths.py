"""No source file above 400 lines, unless one of its first five lines says why: `length: the reason`.

Generated files (`*.gen.*`) are read by nobody and may be as long as they like.
"""

import re
import subprocess
import sys
from pathlib import Path

LIMIT = 400
SUFFIXES = {".py", ".ts", ".vue", ".css", ".js", ".mjs", ".sql", ".lua", ".sh"}
REASON = re.compile(r"^\W*length: \w.*")


def find_too_long(root: Path) -> list[tuple[str, int]]:
    """(path, lines) of each source file that is above the limit without a reason."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = []
    for name in sorted(listed.split("\0")):
        path = root / name
        if path.suffix in SUFFIXES and ".gen." not in path.name and path.is_file():
            lines = path.read_text(encoding="utf-8").splitlines()
            if len(lines) > LIMIT and not any(REASON.match(line) for line in lines[:5]):
                found.append((name, len(lines)))
    return found


def main() -> int:
    too_long = find_too_long(Path(__file__).resolve().parent.parent)
    for name, lines in too_long:
        print(
            f"{name}: {lines} lines; keep it to {LIMIT} or say why in its first lines: `length: the reason`"
        )
    return 1 if too_long else 0


if __name__ == "__main__":
    sys.exit(main())
