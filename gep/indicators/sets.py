"""A set of indicators: a YAML file that says whose targets they are and how they are scored, and a table of the same name."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from gep.explain.wanted_figure import FromAccount, find_wrong_parts
from gep.files.schema import BilingualTitle, Part
from gep.files.table import read_table
from gep.files.written_names import fold_id
from gep.files.yaml_lines import read_typed_document, validate_document
from gep.formula.infix import FormulaError
from gep.indicators.indicator import SIGNS, TEXT, Indicator, Reading
from gep.indicators.own_formula import make_step
from gep.messages.problems import Problem, RuleError, refuse, refuse_one
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, mark_word, say
from gep.messages.title import Title
from gep.paths import COEFFICIENTS, print_path
from gep.reference.marks import MARKS, Mark
from gep.reference.regions import read_regions
from gep.units.registry import UnitError, find_factor, parse_unit, remove_price_year

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = COEFFICIENTS / "indicators"


_READING = re.compile(r"(>=|>|<=|<)(\d+(?:\.\d+)?|base|assigned|target_\d{4})")


_BOUNDED = re.compile(r"(>=|<=|≥|≤|>|<)?\s*([+-]?[0-9]+(?:\.[0-9]+)?)")


class _Origin(Part):
    source: str
    mark: Mark


class _Score(_Origin):
    rule: Literal["attainment", "progress", "met"]
    weights: Literal["equal", "equal_by_number"]


class _Head(Part):
    id: str
    title: BilingualTitle
    source: str
    region: str
    targets: tuple[int, ...]
    readings: _Origin
    score: _Score
    accounts: dict[str, FromAccount] = Field(default_factory=dict)


@dataclass(frozen=True)
class IndicatorSet:
    """Indicators with their targets, the region whose targets they are, and how they become a score."""

    id: str
    title: Title
    source: str
    region: str
    targets: tuple[int, ...]
    reading_mark: str
    score_rule: str
    weights: str
    score_source: str
    score_mark: str
    indicators: tuple[Indicator, ...]
    accounts: Mapping[str, FromAccount]
    """Indicators whose figures are read from approved accounts → which figure."""
    sha256: str
    """Of both files of the set."""

    def weight(self, indicator: Indicator) -> float:
        """Return the weight of an indicator in the score: each row alike, or each number alike and its rows alike within it."""
        if self.weights == "equal":
            return 1.0
        return 1.0 / sum(one.number == indicator.number for one in self.indicators)


def list_shipped_sets() -> list[str]:
    """Return the ids of the shipped sets."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def load_set(name: str) -> IndicatorSet:
    """Return a shipped set, or one of a YAML file with its table beside it.

    Parameters
    ----------
    name : id of a shipped set, or path of a file

    Raises
    ------
    Problems : no such set, or everything that is wrong in its two files
    """
    path = Path(name) if name.endswith((".yaml", ".yml")) else FOLDER / f"{name}.yaml"
    shown = print_path(path)
    if not path.is_file():
        refuse_one(
            "--set",
            say("there is no set of indicators {name!r}", name=name),
            say("one of {names}, or a .yaml file", names=join_list(list_shipped_sets())),
            suggest_nearest(name, list_shipped_sets()),
        )
    document = read_typed_document(
        path, "the file holds no set of indicators", "id, title, source, region, targets, readings and score"
    )
    head = validate_document(_Head, document)
    problems = []
    if path.resolve().parent != FOLDER.resolve() and fold_id(head.id) in map(fold_id, list_shipped_sets()):
        kept = say("{name} is {text}, which is kept for the set that comes with the program", name="id", text=head.id)
        problems.append(Problem(shown, document.line(("id",)), kept, "another one", "give the set a name of its own"))
    if head.region not in read_regions():
        problems.append(Problem(shown, 0, say("region is {region!r}", region=head.region), "a six-digit GB/T 2260 code"))
    if not head.targets or list(head.targets) != sorted(set(head.targets)):
        problems.append(
            Problem(shown, 0, say("targets are {targets}", targets=str(list(head.targets))), "years in ascending order")
        )
    indicators, found = _read_rows(path.with_suffix(".csv"), head)
    problems += found or [
        Problem(shown, document.line(("accounts", name)), *wrong)
        for name, wanted in head.accounts.items()
        for wrong in _wrong_account(name, wanted, indicators)
    ]
    refuse(problems)
    digest = hashlib.sha256(path.read_bytes() + path.with_suffix(".csv").read_bytes()).hexdigest()
    return IndicatorSet(
        head.id,
        Title(head.title.zh, head.title.en),
        head.source,
        head.region,
        head.targets,
        head.readings.mark,
        head.score.rule,
        head.score.weights,
        head.score.source,
        head.score.mark,
        indicators,
        head.accounts,
        digest,
    )


def parse_bound(text: str) -> tuple[str, float] | None:
    """Return the bound (`>=`, `<=` or empty) and number of a figure such as `≥95`; None if it is not a number."""
    found = _BOUNDED.fullmatch(text.strip().replace("＞", ">").replace("＜", "<"))
    if not found:
        return None
    sign = {"≥": ">=", ">": ">=", "≤": "<=", "<": "<="}.get(found[1] or "", found[1] or "")
    return sign, float(found[2])


def _read_rows(path: Path, head: _Head) -> tuple[tuple[Indicator, ...], list[Problem]]:
    years = [f"{part}_{year}" for part in ("target", "reading") for year in head.targets]
    columns = (
        "id",
        "number",
        "title_zh",
        "title_en",
        "scope",
        "unit",
        "unit_printed",
        "base_year",
        "base",
        *years,
        "direction",
        "total",
        "least",
        "most",
        "locator",
        "mark",
        "note",
    )
    if not path.is_file():
        return (), [Problem(print_path(path), 0, "there is no such table", "the indicators of the set, beside its YAML file")]
    table, problems = read_table(path, columns, ("formula",))
    found: list[Indicator] = []
    if table is None:
        return (), problems
    for line, row in zip(table.lines.to_pylist(), table.columns.to_pylist(), strict=True):
        here = [Problem(table.file, line, *wrong) for wrong in _wrong(row, head)]
        if any(row["id"] == one.id for one in found):
            here.append(Problem(table.file, line, say("{id} appears twice", id=row["id"]), "one row an indicator"))
        problems += here
        if here:
            continue
        readings = {year: _reading(row[f"reading_{year}"]) for year in head.targets}
        found.append(
            Indicator(
                row["id"],
                int(row["number"]),
                Title(row["title_zh"], row["title_en"]),
                row["scope"],
                row["unit"],
                row["direction"],
                row["total"] == "yes",
                int(row["base_year"]),
                row["base"],
                {year: row[f"target_{year}"] for year in head.targets},
                readings,
                float(row["least"]) if row["least"] else None,
                float(row["most"]) if row["most"] else None,
                row["locator"],
                row["mark"],
                row["note"],
                f"{table.file}:{line}",
                row["formula"],
            )
        )
    return tuple(found), [*problems, *_wrong_formulas(found, table.file, head.source)]


def _wrong_account(name: str, wanted: FromAccount, indicators: tuple[Indicator, ...]) -> list[tuple[str, str, str]]:
    """Return what is wrong with an indicator that is read from accounts: found, expected, hint."""
    one = next((one for one in indicators if one.id == name), None)
    if one is None:
        return [
            (
                say("accounts names {name!r}, which is no indicator of the set", name=name),
                say("one of {names}", names=join_list(other.id for other in indicators)),
                "",
            )
        ]
    found: list[tuple[str, str, str]] = [
        (say("{name} {found}", name=name, found=found), expected, hint) for found, expected, hint in find_wrong_parts(wanted)
    ]
    if one.formula:
        found.append((say("{name} is read from accounts and has a formula", name=name), "one of the two", ""))
    if wanted.comparable:
        found.append((say("{name} is comparable, and an indicator is of one year", name=name), "figure: growth", ""))
    try:
        if wanted.figure != "quantity":
            find_factor("CNY", remove_price_year(one.unit))
    except UnitError as error:
        found.append(
            (
                say("unit of {variable} is {text!r}: {error}", variable=name, text=one.unit, error=error.args[0]),
                "a unit of money",
                "",
            )
        )
    return found


def _wrong_formulas(found: list[Indicator], file: str, source: str) -> list[Problem]:
    known = {one.id: one for one in found}
    problems = []
    for one in found:
        try:
            if one.formula:
                make_step(one, known, source)
        except FormulaError as error:
            wrong = error.problem(file, int(one.address.rpartition(":")[2]))
            problems.append(replace(wrong, found=say("formula of {id}: {found}", id=one.id, found=wrong.found)))
        except RuleError as error:
            found_ = say("formula of {id}: {found}", id=one.id, found=" ".join(str(error).split()))
            expected = say("a formula of other ids that gives {unit}", unit=one.unit)
            problems.append(Problem(file, int(one.address.rpartition(":")[2]), found_, expected))
    return problems


def _reading(text: str) -> Reading:
    found = _READING.fullmatch(text)
    return Reading(found[1], found[2]) if found else Reading("", "")


def _wrong(row: dict[str, str], head: _Head) -> list[tuple[str, str]]:
    """Return what is wrong with a row: (found, expected)."""
    problems: list[tuple[str, str]] = []
    if not re.fullmatch(r"[a-z][a-z0-9_]*", row["id"]):
        problems.append((say("id is {id!r}", id=row["id"]), "small letters, digits and underscores"))
    for name, pattern, expected in (
        ("number", r"\d+", "a whole number"),
        ("base_year", r"\d{4}", "a year"),
        ("direction", "higher|lower|none", "higher, lower or none"),
        ("total", "yes|no", "yes or no"),
        ("least", r"(-?\d+(\.\d+)?)?", "a number or nothing"),
        ("most", r"(-?\d+(\.\d+)?)?", "a number or nothing"),
        ("mark", "|".join(MARKS), f"one of {', '.join(MARKS)}"),
        ("title_zh", ".+", "a name"),
        ("title_en", ".+", "a name"),
        ("locator", ".+", "page, table or number"),
    ):
        if not re.fullmatch(pattern, row[name]):
            problems.append((say("{name} of {id} is {text!r}", name=name, id=row["id"], text=row[name]), expected))
    if row["unit"] != TEXT:
        try:
            parse_unit(row["unit"])
        except UnitError as error:
            problems.append(
                (
                    say("unit of {variable} is {text!r}: {error}", variable=row["id"], text=row["unit"], error=error.args[0]),
                    "a unit, or text",
                )
            )
        if row["base"] and parse_bound(row["base"]) is None:
            problems.append(
                (
                    say("base of {id} is {base!r}", id=row["id"], base=row["base"]),
                    say("a number in {unit}, or nothing", unit=row["unit"]),
                )
            )
    earlier: list[int] = []
    for year in head.targets:
        text = row[f"reading_{year}"]
        reading = _reading(text)
        signs = SIGNS.get(row["direction"], set())
        if text != TEXT and reading.is_text:
            problems.append(
                (
                    say("reading_{year} of {id} is {text!r}", year=year, id=row["id"], text=text),
                    "a sign and a number, base, assigned or an earlier target; or text",
                )
            )
        elif not reading.is_text and reading.sign not in signs:
            problems.append(
                (
                    say(
                        "reading_{year} of {id} is {text!r}, its direction is {direction}",
                        year=year,
                        id=row["id"],
                        text=text,
                        direction=row["direction"],
                    ),
                    say("a sign of {signs}", signs=" ".join(sorted(signs)) or mark_word("none: text")),
                )
            )
        elif reading.operand.startswith("target_") and int(reading.operand[-4:]) not in earlier:
            problems.append(
                (
                    say("reading_{year} of {id} is {text!r}", year=year, id=row["id"], text=text),
                    "an earlier target that is not text",
                )
            )
        elif not reading.is_text:
            earlier.append(year)
        if row["unit"] == TEXT and not reading.is_text:
            problems.append((say("{id} has no unit and a target {text!r}", id=row["id"], text=text), "text"))
    return problems
