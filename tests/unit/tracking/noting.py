"""Counts how notes are read: `python -m tests.unit.tracking.noting` prints the table."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from huaxin.orders.model import Promise
from huaxin.tracking.notes import Reading, read_note

TZ = ZoneInfo("Asia/Shanghai")
NOW = datetime(2027, 1, 15, 10, 0, tzinfo=TZ)  # a Friday
LIST = Path(__file__).with_name("notes.tsv")


class Note(NamedTuple):
    meant: str
    said: str

    @property
    def kind(self) -> str:
        return {"?": "asked", "-": "nothing"}.get(self.meant[0], "a time")


def notes() -> list[Note]:
    lines = LIST.read_text("utf-8").splitlines()
    return [Note(*line.split("\t")) for line in lines if line and not line.startswith("#")]


def words(promise: Promise | None) -> str:
    """'15 -15:00' by, '16 09:00-11:00' between; '-' none."""
    if promise is None:
        return "-"
    end = datetime.fromtimestamp(promise.end / 1000, TZ)
    day = f"{end.day}" if (end.year, end.month) == (2027, 1) else f"{end.year}-{end.month}-{end.day}"
    start = datetime.fromtimestamp(promise.start / 1000, TZ).strftime("%H:%M") if promise.start else ""
    return f"{day} {start}-{end:%H:%M}"


def read(note: str, now: datetime = NOW) -> str:
    """A reading in the words of the list."""
    found: Reading = read_note(note, round(now.timestamp() * 1000), TZ)
    if found.doubt:
        return "?" + " | ".join(words(choice) for choice in found.choices)
    return words(found.promise)


def main() -> None:
    print(f"{'meant':10}{'notes':>6}{'right':>7}{'asked instead':>15}{'left to the shop':>18}{'wrong':>7}")
    wrong: list[str] = []
    for kind in ("a time", "asked", "nothing"):
        some = [(note, read(note.said)) for note in notes() if note.kind == kind]
        missed = [(note, got) for note, got in some if got != note.meant]
        asked = sum(got.startswith("?") for _, got in missed)
        left = sum(got == "-" for _, got in missed)
        falsely = len(missed) - asked - left
        print(f"{kind:10}{len(some):6}{len(some) - len(missed):7}{asked:15}{left:18}{falsely:7}")
        wrong += [f"{note.said}: {got}, not {note.meant}" for note, got in missed]
    print("\n".join(wrong) or "every note was read as it was meant")


if __name__ == "__main__":
    main()
