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


WATER = (
    "inputs:\n  water: {by: party, unit: m3/yr, account: {figure: quantity, of: water_conservation, standard: ndrc-2022, approved: 'true', coverage: any}}\n"
    "constants: {price: {value: '0.01', unit: 元/(m3/yr), mark: D}}\n"
    "rule: [{op: pay, name: a, cases: [{from: province, to: self, amount: water * price}]}]\n"
)


def write_water_scheme(path: Path, name: str, more: str = "") -> Path:
    """Write a scheme that pays 金溪县 by the cubic metre of water conserved that its approved account of the year has."""
    write_scheme(path, WATER + more, id=name)
    text = path.read_text("utf-8")
    start, stop = text.index("parties:"), text.index("accounts:")
    parties = 'parties: {province: {code: "360000"}, jinxi: {code: "361027"}}\nmembers: [jinxi]\n'
    path.write_text(text[:start] + parties + text[stop:], "utf-8")
    return path
