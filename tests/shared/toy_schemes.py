"""Small schemes and tables of facts for tests of money; figures are invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "indicator,place,period,value,unit,status,source\n"
HEAD = """title: {zh: 示例, en: toy}
kind: vertical
mark: D
legal: [{title: 示例, issuer: this project, date: "2026", locator: tests, mark: D}]
parties: {province: {code: "360000"}, zhi: {code: "360724"}, an: {code: "360725"}, bo: {code: "360726"}}
members: [zhi, an, bo]
accounts: {from: unstated, to: unstated, mark: D}
"""
END = """settlement: {compute: year, netting: gross, due: [{day: "12-31"}], mark: D}
rounding: {unit: fen, method: largest_remainder, tie_break: [remainder_desc, party_code_asc], mark: D}
"""


def write_scheme(
    path: Path, body: str, *, id: str = "toy", effective: str = "{from: 2020-01-01}", end: str = END, version: str = "1"
) -> Path:
    """Write a scheme of three counties and a province; `body` has its funds, inputs, constants, values and rule."""
    path.write_text(f'id: {id}\nversion: "{version}"\neffective: {effective}\n{HEAD}{body}{end}', "utf-8")
    return path


def write_facts(path: Path, *rows: str) -> Path:
    """Write rows `indicator,place,period,value,unit`, all final and from one source, or with a status of their own."""
    path.write_text(HEADER + "".join(f"{row},final,toy\n" if row.count(",") == 4 else f"{row},toy\n" for row in rows), "utf-8")
    return path
