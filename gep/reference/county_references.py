"""Reference values of single counties (参考值): offered beside a cell, never filled in, taken over where somebody writes 参考 there."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from gep.files.lists import read_list
from gep.messages.texts import Name, say
from gep.messages.title import Title
from gep.paths import LISTS
from gep.records import dataclass
from gep.units.registry import print_unit

if TYPE_CHECKING:
    from collections.abc import Iterable

WORD = "参考"
"""What stands in a cell that takes the reference value over, and at the beginning of the source of such a figure."""
WORDS = frozenset({WORD, "参考值", "reference"})
_OF_MONTH = {"month_temperature": "air_temperature_2m", "month_precipitation": "precipitation", "monthly_rain": "precipitation"}
_PERIODS = {"long-term mean": "多年平均"}


@dataclass(frozen=True)
class CountyReference:
    """A figure that is known of a county from elsewhere; `value` and `unit` as listed, `source` a key of the sources."""

    value: str
    unit: str
    period: str
    source: str
    mark: str
    note: Title

    def describe(self) -> str:
        """Return the figure with its source, period and mark, as one sentence."""
        return say(
            "reference value {value} {unit} ({source}, {period}, [{mark}]: {note})",
            value=self.value,
            unit=print_unit(self.unit),
            source=self.source,
            period=Name(self.period, _PERIODS.get(self.period, self.period)),
            mark=self.mark,
            note=Name(self.note.en, self.note.zh),
        )

    @property
    def stated_source(self) -> str:
        """Return the source of a figure that was taken over, in Chinese as forms are."""
        return f"{WORD}:{self.source},{_PERIODS.get(self.period, self.period)} [{self.mark}] {self.note.zh}"


def is_reference_word(text: str) -> bool:
    """Whether the text of a cell takes the reference value over."""
    return text.strip().lower() in WORDS


def is_taken_over(source: str) -> bool:
    """Whether the source of a figure says that it is a reference value that was taken over."""
    return source.startswith(f"{WORD}:")


def find_county_reference(county: str, variable: str, members: Iterable[str]) -> CountyReference | None:
    """Return the reference value of a figure of a county; None where there is none.

    Parameters
    ----------
    county   : six-digit code
    variable : id
    members  : ecosystem, pollutant and product of the row, empty where it names none
    """
    named = [member for member in members if member]
    if variable in _OF_MONTH:
        month = named[0].removesuffix("月").removesuffix("m").strip() if len(named) == 1 else ""
        return _read_months().get((county, _OF_MONTH[variable], month))
    return None if named else _read_figures().get((county, variable))


@cache
def _read_figures() -> dict[tuple[str, str], CountyReference]:
    return {
        (row["county"], row["variable"]): CountyReference(
            row["value"], row["unit"], row["period"], row["source"], row["mark"], Title(row["note_zh"], row["note_en"])
        )
        for row in read_list(LISTS / "county_references.csv")
    }


@cache
def _read_months() -> dict[tuple[str, str, str], CountyReference]:
    note = Title("格网县域均值,非核算年", "county mean of a grid, not of the accounting year")
    return {
        (row["county"], row["quantity"], str(month)): CountyReference(
            row[str(month)], row["unit"], "long-term mean", row["source"], row["mark"], note
        )
        for row in read_list(LISTS / "county_normals.csv")
        for month in range(1, 13)
    }
