"""The catalogue of ecological products: what, where, how much, how good, when, who answers for it, and by what evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gep.messages.texts import say
from gep.messages.title import Title
from gep.units.registry import UnitError, parse_unit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gep.worked.calculation import Figure
    from gep.worked.written import Reader, WrittenRow

COLUMNS = ("product", "kind", "place", "amount", "unit", "quality", "season", "department", "evidence")
HEADINGS = {
    "product": "产品",
    "kind": "类别",
    "place": "地点",
    "amount": "数量",
    "unit": "单位",
    "quality": "质量等级",
    "season": "季节（月）",
    "department": "责任部门",
    "evidence": "依据",
}
KINDS = {
    "material": Title("物质供给", "material"),
    "regulating": Title("调节服务", "regulating"),
    "cultural": Title("文化服务", "cultural"),
    "negative": Title("负面产品", "negative"),
}
ALL_YEAR = ("全年", "all year")
_SEASON = re.compile(r"(\d{1,2})-(\d{1,2})")
LAST_MONTH = 12


@dataclass(frozen=True)
class Product:
    """One entry of the catalogue; `amount` as observed, in its own unit, never turned into a year's.

    Attributes
    ----------
    months : months of the season in their order; a season may run over the turn of the year
    """

    name: str
    kind: str
    place: str
    amount: Figure
    unit: str
    quality: str
    months: tuple[int, ...]
    department: str
    evidence: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "product": self.name,
            "kind": self.kind,
            "place": self.place,
            "amount": self.amount.value,
            "unit": self.unit,
            "given": self.amount.given,
            "quality": self.quality,
            "months": list(self.months),
            "department": self.department,
            "evidence": self.evidence,
            "address": self.amount.address,
        }


def read_catalogue(path: Path, reader: Reader) -> list[Product]:
    """Return the products of a form or table; what is wrong with its rows is kept by the reader.

    Parameters
    ----------
    path : workbook or table with the columns of `COLUMNS`, or their Chinese headings
    """
    rows = reader.rows(path, COLUMNS)
    reader.once(rows, ("product", "place", "season"))
    return [one for row in rows if (one := _read_row(row, reader)) is not None]


def _read_row(row: WrittenRow, reader: Reader) -> Product | None:
    before = len(reader.problems)
    for column in ("product", "place", "quality", "department", "evidence"):
        reader.text(row, column)
    by_title = {one.zh: name for name, one in KINDS.items()}
    kind = by_title.get(row["kind"]) or reader.word(row, "kind", KINDS)
    months = _read_season(row, reader)
    unit = row["unit"]
    try:
        parse_unit(unit or "1")
    except UnitError as error:
        found = say("unit of {name} is {unit!r}: {error}", name="amount", unit=unit, error=error.args[0])
        reader.tell(*row.where("unit"), found, say("a unit this program knows; gep variables lists some"))
        return None
    if not unit:
        reader.tell(*row.where("unit"), say("{key} is missing", key="unit"), say("the unit of the amount"))
        return None
    amount = reader.number(row, "amount", unit, unit)
    if len(reader.problems) > before or amount is None:
        return None
    return Product(
        row["product"],
        kind,
        row["place"],
        amount.from_(row["evidence"]),
        unit,
        row["quality"],
        months,
        row["department"],
        row["evidence"],
    )


def _read_season(row: WrittenRow, reader: Reader) -> tuple[int, ...]:
    text = row["season"]
    if text in ALL_YEAR:
        return tuple(range(1, LAST_MONTH + 1))
    found = _SEASON.fullmatch(text)
    first, last = (int(found[1]), int(found[2])) if found else (0, 0)
    if not (1 <= first <= LAST_MONTH and 1 <= last <= LAST_MONTH):
        reader.tell(
            *row.where("season"), say("{name} is {text!r}", name="season", text=text), say("months such as 3-5 or 11-2, or 全年")
        )
        return ()
    return tuple(range(first, last + 1)) if first <= last else (*range(first, LAST_MONTH + 1), *range(1, last + 1))


def sum_by_department(products: Sequence[Product]) -> dict[str, int]:
    """Return how many entries each department answers for."""
    found: dict[str, int] = {}
    for one in products:
        found[one.department] = found.get(one.department, 0) + 1
    return found
