"""The cases computed by hand in tests/cases/by_hand: their figures as rows of inputs, their choices as standards."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from gep.reference.members import read_ecosystems, read_pollutants

if TYPE_CHECKING:
    from collections.abc import Iterable

FOLDER = Path(__file__).parent.parent / "cases" / "by_hand"
YEAR = 2023
INLAND, BY_THE_SEA = "360725", "330225"  # 崇义县; 象山县, since a county without a coast has no coastal protection
COLUMNS = ("county", "year", "variable", "ecosystem", "pollutant", "product", "value", "unit", "source", "note")
INPUT = re.compile(r"(\w+)(?:\[(.+)\])? = (\S+) (.+)")


def read_rows(paths: Iterable[Path]) -> list[tuple[str, int, dict[str, str]]]:
    """Service, line and cells of every case."""
    return [
        (path.stem, at, row)
        for path in sorted(paths)
        for at, row in enumerate(csv.DictReader(path.read_text("utf-8").splitlines()), start=2)
    ]


CASES = read_rows(FOLDER.glob("*.csv"))
ROWS = [(service, row) for service, _, row in CASES]


def listed(cell: str) -> list[str]:
    """The parts of a cell, separated by semicolons."""
    return [part.strip() for part in cell.split(";") if part.strip()]


@dataclass(frozen=True)
class Figure:
    """A figure of a case; `number` is its value as written."""

    variable: str
    ecosystem: str
    pollutant: str
    product: str
    number: str
    unit: str

    @property
    def value(self) -> float:
        """The figure as a number."""
        return float(self.number)

    @property
    def member(self) -> str:
        """What it is of."""
        return " ".join(filter(None, (self.ecosystem, self.pollutant, self.product)))

    def with_(self, **changed: Any) -> Figure:
        """The same figure with something else in it; `value` is a number."""
        if "value" in changed:
            changed["number"] = repr(float(changed.pop("value")))
        return replace(self, **changed)

    def row(self, county: str) -> tuple[object, ...]:
        """The figure as a row of inputs."""
        return (county, YEAR, self.variable, self.ecosystem, self.pollutant, self.product, self.number, self.unit, "invented", "")


def read_figures(cell: str) -> tuple[Figure, ...]:
    """The figures of a cell: `slope_factor[shrub] = 8 1; …`."""
    return tuple(map(_read_figure, listed(cell)))


def _read_figure(written: str) -> Figure:
    found = INPUT.fullmatch(written)
    assert found, f"{written!r} is not `variable[member] = number unit`"
    variable, member, value, unit = found.groups()
    columns = {"ecosystem": "", "pollutant": "", "product": ""}
    for one in (member or "").split(", "):
        columns["ecosystem" if one in read_ecosystems() else "pollutant" if one in read_pollutants() else "product"] = one
    return Figure(variable, columns["ecosystem"], columns["pollutant"], columns["product"], value, unit)


def write_standard(service: str, row: dict[str, str], path: Path) -> Path:
    """A standard that counts one service, computed in the way a row chooses."""
    counted = {name: members.split(", ") for name, _, members in (part.partition(": ") for part in listed(row["counted"]))}
    choice = dict(part.split(" = ") for part in listed(row["choice"]))
    text = {
        "id": "by-hand",
        "title": {"zh": "手算", "en": "By hand"},
        "source": "this-project",
        "mark": "K",
        "services": {service: {"mark": "K", "variants": choice, **counted}},
    }
    path.write_text(yaml.safe_dump(text, allow_unicode=True), "utf-8")
    return path
