"""Counts how questions are read: `python -m tests.unit.answers.counting` prints the table."""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from huaxin.answers.model import Question
from huaxin.answers.reading import read_question

HERE = Path(__file__).parent
CLASSES = (*(one.value for one in Question), "person")


class Way(NamedTuple):
    said: str
    meant: str  # a Question's name, or "person"
    read: str


class Count(NamedTuple):
    right: list[Way]
    handed: list[Way]  # a question the facts answer, left to a person: slower, not wrong
    wrong: list[Way]  # answered although a person was meant, or another question answered

    @property
    def asked(self) -> int:
        return sum(way.meant != "person" for way in [*self.right, *self.handed, *self.wrong])


def read_ways(name: str) -> list[Way]:
    ways = []
    for line in (HERE / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            meant, said = line.split("\t")
            assert meant in CLASSES, line
            question = read_question(said)
            ways.append(Way(said, meant, question.value if question else "person"))
    return ways


def count(ways: list[Way]) -> Count:
    right = [way for way in ways if way.read == way.meant]
    handed = [way for way in ways if way.read == "person" != way.meant]
    wrong = [way for way in ways if way.read not in ("person", way.meant)]
    return Count(right, handed, wrong)


def table(name: str) -> str:
    ways = read_ways(name)
    lines = [f"{'meant':10}{'ways':>6}{'right':>7}{'handed to a person':>20}{'wrong':>7}"]
    for meant in CLASSES:
        some = [way for way in ways if way.meant == meant]
        found = count(some)
        handed = "" if meant == "person" else str(len(found.handed))
        lines.append(f"{meant:10}{len(some):6}{len(found.right):7}{handed:>20}{len(found.wrong):7}")
    all_of = count(ways)
    lines.append(f"{'all':10}{len(ways):6}{len(all_of.right):7}{len(all_of.handed):>20}{len(all_of.wrong):7}")
    read = Counter(way.read for way in ways)
    lines.append("read as: " + ", ".join(f"{name} {read[name]}" for name in CLASSES))
    return "\n".join(lines)


def main() -> None:
    for name, about in (
        ("asking.tsv", "the list"),
        ("unseen.tsv", "written after the rules were done; what was wrong at first reading was mended"),
    ):
        if (HERE / name).exists():
            print(f"{name}: {about}\n{table(name)}\n")
            found = count(read_ways(name))
            print("handed to a person:", " · ".join(way.said for way in found.handed) or "none")
            print("wrong:", " · ".join(f"{way.said} ({way.read})" for way in found.wrong) or "none", "\n")


if __name__ == "__main__":
    main()
