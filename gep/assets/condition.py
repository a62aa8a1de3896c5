"""The condition account: indices of types against reference levels, and water sections by grade; opening, change, closing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gep.formula.nodes import AtLeastZero, Constant, Smaller, Total
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, mark_word, say
from gep.messages.title import Title
from gep.worked.calculation import Calculation, Figure, Given, describe, give_cases, make_leaf, make_rule

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gep.worked.written import Reader, WrittenRow

Areas = tuple[dict[str, Figure], dict[str, Figure]]
"""Type → its area in hm2, at opening and closing."""
ONE = Constant(1.0, "1", "1")
ENDS = ("opening", "closing")
PARAMETERS = {"LAI": ("1", 20.0), "FVC": ("1", 1.0), "GPP": ("gC/m^2/yr", 10_000.0)}
"""Parameter of HJ 1172 → its unit and what it cannot exceed."""
QUALITY_COLUMNS = ("type", "parameter", "opening", "closing", "unit", "reference", "source")
AREA_COLUMNS = ("type", "opening", "closing", "unit", "source")
OWN_COLUMNS = ("type", "indicator", "opening", "closing", "unit", "poor", "reference", "source")
WATER_COLUMNS = ("section", "opening", "closing", "source")
GRADES = {"I": "Ⅰ", "II": "Ⅱ", "III": "Ⅲ", "IV": "Ⅳ", "V": "Ⅴ", "worse": "劣Ⅴ"}
"""Grade of surface water → as it is written in Chinese; the first three are good."""
GOOD = 3
QUALITY = {75.0: Title("优", "excellent"), 55.0: Title("良", "good"), 35.0: Title("中", "medium"), 20.0: Title("低", "low")}
POOR = Title("差", "poor")
EQI, INDEX, DENSITY, SCORE = "ecosystem_quality", "condition_index", "relative_density", "condition_score"
BY_AREA, COVERED, HECTARE = "condition_of_unit", "area_covered", "hm^2"

_PARTS = {
    name: make_leaf(f"density_{name}", f"D_{name}", "1", f"{name} 相对密度", f"relative density of {name}") for name in PARAMETERS
}
_VALUE = make_leaf("value", "F", "1", "指标值", "value of the indicator")
_REFERENCE = make_leaf("reference", "F_ref", "1", "参照值", "reference value")
_POOR = make_leaf("poor", "F_poor", "1", "最差值", "value of the poorest condition")
_RELATIVE = make_rule(
    DENSITY, "D", "1", "相对密度", "relative density", _VALUE / _REFERENCE, source="hj1172-2021", clause="formula (1)", mark="K"
)
_QUALITY = make_rule(
    EQI,
    "EQI",
    "1",
    "生态系统质量指数",
    "ecosystem quality index",
    (_PARTS["LAI"] + _PARTS["FVC"] + _PARTS["GPP"]) / Constant(3.0, "1", "3") * Constant(100.0, "1", "100"),
    source="hj1172-2021",
    clause="formula (3)",
    mark="V",
)
_SCORE = make_rule(
    SCORE,
    "I",
    "1",
    "状况得分",
    "condition score",
    Smaller(AtLeastZero((_VALUE - _POOR) / (_REFERENCE - _POOR)), ONE),
    source="seea-ea-program",
    clause="condition indicators between reference levels",
    mark="K",
)
_WEIGHT = make_leaf("weight", "w", "1", "权重", "weight", ("type",))
_SCORES = make_leaf("score", "I", "1", "状况得分", "condition score", ("type",))
_INDEX = make_rule(
    INDEX,
    "C",
    "1",
    "状况指数",
    "condition index",
    Total(_WEIGHT * _SCORES, "type") / Total(_WEIGHT, "type"),
    source="seea-ea-program",
    clause="weighted mean of condition indicators",
    mark="K",
)
_AREA = make_leaf("area", "A", HECTARE, "面积", "area", ("type",))
_REST = make_leaf("area_without", "A_0", HECTARE, "没有指数的面积", "area without an index", ("type",))
_OF_TYPE = make_leaf("index", "I", "1", "类型指数", "index of the type", ("type",))
_BY_AREA = make_rule(
    BY_AREA,
    "I_u",
    "1",
    "单元状况指数",
    "condition index of the unit",
    Total(_AREA * _OF_TYPE, "type") / Total(_AREA, "type"),
    source="seea-ea-program",
    clause="mean of indices by area",
    mark="K",
)
_COVERED = make_rule(
    COVERED,
    "c",
    "1",
    "有指数面积占比",
    "share of the area with an index",
    Total(_AREA, "type") / (Total(_AREA, "type") + Total(_REST, "type")),
    source="this-project",
    clause="what the index of a unit covers",
    mark="D",
)


@dataclass(frozen=True)
class Measured:
    """An indicator of a type: its figures at both ends, between the levels that stand for the poorest and the reference condition."""

    type: str
    name: str
    ends: tuple[Figure, Figure]
    poor: Figure | None
    reference: Figure
    weight: Figure | None
    row: WrittenRow


@dataclass(frozen=True)
class Index:
    """An index of a type at opening and closing, with what it was made of; `scale` is its highest value.

    Attributes
    ----------
    parts : indicator → its share or score at opening and closing
    explained : of both ends
    """

    type: str
    scale: float
    ends: tuple[float, float]
    parts: dict[str, tuple[float, float]]
    explained: tuple[dict[str, Any], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        one, other = self.ends
        shown: dict[str, Any] = {"type": self.type, "opening": one, "change": other - one, "closing": other}
        if self.scale == 100:  # noqa: PLR2004 - HJ 1172 alone has grades
            shown |= {
                f"{end}_grade_{lang}": name_quality(value)[lang]
                for end, value in zip(ENDS, self.ends, strict=True)
                for lang in ("zh", "en")
            }
        parts = {name: {"opening": pair[0], "change": pair[1] - pair[0], "closing": pair[1]} for name, pair in self.parts.items()}
        return {**shown, "parts": parts, "explained": list(self.explained)}


@dataclass(frozen=True)
class Whole:
    """The index of a unit: the mean of its types' indices by area, each end with its own areas.

    Attributes
    ----------
    covered : share of the unit's area whose types have an index, at opening and closing
    """

    index: Index
    covered: tuple[float, float]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        shown = self.index.as_dict()
        del shown["type"], shown["parts"]
        return {**shown, "covered_opening": self.covered[0], "covered_closing": self.covered[1]}


@dataclass(frozen=True)
class Section:
    """A monitored section of water: its grade at both ends, empty where none was determined, and its row."""

    name: str
    ends: tuple[str, str]
    address: str
    source: str

    @property
    def step(self) -> int | None:
        """Grades by which it got better (above 0) or worse; None where one is not known."""
        if not all(self.ends):
            return None
        names = list(GRADES)
        return names.index(self.ends[0]) - names.index(self.ends[1])


@dataclass(frozen=True)
class Condition:
    """A condition account: quality by HJ 1172, water by grade, and own indicators; each empty where nobody gave it.

    Attributes
    ----------
    quality_whole, own_whole : of the unit; None: nobody gave the areas, or there is no index
    lacking : types with an index of which the stored accounts do not state the area at both ends, so that the unit
              has no index of their kind
    """

    quality: tuple[Index, ...]
    water: tuple[Section, ...]
    own: tuple[Index, ...]
    quality_whole: Whole | None = None
    own_whole: Whole | None = None
    lacking: tuple[str, ...] = ()

    def count(self, end: int) -> dict[str, int]:
        """Return how many sections have each grade at the opening (0) or closing (1); `not stated` last."""
        found = dict.fromkeys((*GRADES, ""), 0)
        for one in self.water:
            found[one.ends[end]] += 1
        return found

    def share_good(self, end: int) -> float | None:
        """Return the share of good sections (I to III) among those with a grade at both ends; None where there is none."""
        known = [one for one in self.water if one.step is not None]
        good = list(GRADES)[:GOOD]
        return sum(one.ends[end] in good for one in known) / len(known) if known else None

    def as_dict(self) -> dict[str, Any]:
        """Return the account as plain values."""
        before, after = self.count(0), self.count(1)
        grades = [
            {"grade": name or None, "opening": before[name], "change": after[name] - before[name], "closing": after[name]}
            for name in before
        ]
        sections = [
            {
                "section": one.name,
                "opening": one.ends[0] or None,
                "closing": one.ends[1] or None,
                "step": one.step,
                "address": one.address,
                "source": one.source,
            }
            for one in self.water
        ]
        water = {"grades": grades, "good": [self.share_good(0), self.share_good(1)], "sections": sections}
        return {
            "quality": [one.as_dict() for one in self.quality],
            "water": water if self.water else None,
            "own": [one.as_dict() for one in self.own],
            "quality_of_unit": None if self.quality_whole is None else self.quality_whole.as_dict(),
            "own_of_unit": None if self.own_whole is None else self.own_whole.as_dict(),
        }


def name_quality(value: float) -> Title:
    """Return the grade of an index of ecosystem quality, 0 to 100."""
    return next((title for least, title in QUALITY.items() if value >= least), POOR)


def read_quality(path: Path, reader: Reader) -> list[Measured]:
    """Return parameters of types by HJ 1172; what is wrong with them is kept by the reader.

    Parameters
    ----------
    path : table with the columns type, parameter (LAI, FVC, GPP), opening, closing, unit, reference, source
    """
    rows = reader.rows(path, QUALITY_COLUMNS)
    reader.once(rows, ("type", "parameter"))
    found = []
    for row in rows:
        name = reader.word(row, "parameter", PARAMETERS)
        reader.text(row, "type")
        reader.text(row, "source")
        if not name:
            continue
        unit, most = PARAMETERS[name]
        figures = [reader.number(row, column, row["unit"], unit, most=most) for column in ENDS]
        reference = reader.number(row, "reference", row["unit"], unit, least=None, above=0, most=most)
        if reference is None or figures[0] is None or figures[1] is None:
            continue
        for column, one in zip(ENDS, figures, strict=True):
            if one is not None and one.value > reference.value:
                told = say(
                    "{name} is {text}, above its reference {reference}", name=column, text=one.given, reference=reference.given
                )
                hint = say("the reference is the highest value of the type in its region, over all years that are compared")
                reader.tell(*row.where(column), told, say("at most the reference"), hint)
        ends = (figures[0].from_(row["source"]), figures[1].from_(row["source"]))
        found.append(Measured(row["type"], name, ends, None, reference.from_(row["source"]), None, row))
    by_type: dict[str, list[Measured]] = {}
    for measured in found:
        by_type.setdefault(measured.type, []).append(measured)
    for name, several in by_type.items():
        lacking = [one for one in PARAMETERS if one not in {part.name for part in several}]
        if lacking and not reader.problems:
            told = say("{type} lacks {names}", type=name, names=join_list(lacking))
            reader.tell(*several[0].row.where("type"), told, say("LAI, FVC and GPP of every type: the index is of all three"))
    return found


def read_own(path: Path, reader: Reader) -> list[Measured]:
    """Return own indicators with the levels they are judged by; what is wrong with them is kept by the reader.

    Parameters
    ----------
    path : table with the columns type, indicator, opening, closing, unit, poor, reference, source and, if need be, weight
    """
    rows = reader.rows(path, OWN_COLUMNS, ("weight",))
    reader.once(rows, ("type", "indicator"))
    found = []
    for row in rows:
        for column in ("type", "indicator", "source"):
            reader.text(row, column)
        unit = row["unit"] or "1"
        figures = [reader.number(row, column, row["unit"], unit, least=None) for column in (*ENDS, "poor", "reference")]
        weight = reader.number(row, "weight", "1", "1", above=0, least=None) if row["weight"] else None
        one, other, poor, reference = figures
        if one is None or other is None or poor is None or reference is None or (row["weight"] and weight is None):
            continue
        if poor.value == reference.value:
            told = say("the poorest level and the reference are both {text}", text=poor.given)
            reader.tell(*row.where("reference"), told, say("two different levels"))
        ends = (one.from_(row["source"]), other.from_(row["source"]))
        found.append(Measured(row["type"], row["indicator"], ends, poor, reference, weight, row))
    of_type: dict[str, set[bool]] = {}
    for measured in found:
        if len(of_type.setdefault(measured.type, set()) | {measured.weight is None}) > 1:
            told = say("{type}: some indicators have a weight and some have none", type=measured.type)
            reader.tell(*measured.row.where("weight"), told, say("a weight for all, or for none: then they count alike"))
        of_type[measured.type].add(measured.weight is None)
    return found


def read_water(path: Path, reader: Reader) -> list[Section]:
    """Return the grades of water sections; what is wrong with them is kept by the reader.

    Parameters
    ----------
    path : table with the columns section, opening, closing, source; an empty grade was not determined
    """
    rows = reader.rows(path, WATER_COLUMNS)
    reader.once(rows, ("section",))
    found = []
    for row in rows:
        reader.text(row, "section")
        reader.text(row, "source")
        ends = tuple(_read_grade(row, column, reader) for column in ENDS)
        found.append(Section(row["section"], (ends[0], ends[1]), row.at, row["source"]))
    return found


def _read_grade(row: WrittenRow, column: str, reader: Reader) -> str:
    text = row[column].replace(" ", "").removesuffix("类")
    for roman, plain in zip("ⅠⅡⅢⅣⅤ", ("I", "II", "III", "IV", "V"), strict=True):
        text = text.replace(roman, plain)
    name = {"劣V": "worse", ">V": "worse"}.get(text, text)
    if text and name not in GRADES:
        told = say("{name} is {text!r}", name=column, text=row[column])
        reader.tell(*row.where(column), told, say("one of {names}", names=join_list(("I", "II", "III", "IV", "V", "劣V"))))
        return ""
    return name


def read_condition_areas(path: Path, reader: Reader) -> Areas:
    """Return the areas of types, or of assets, at both ends, in hm2; what is wrong with them is kept by the reader.

    Parameters
    ----------
    path : table with the columns type, opening, closing, unit, source
    """
    rows = reader.rows(path, AREA_COLUMNS)
    reader.once(rows, ("type",))
    found: Areas = ({}, {})
    for row in rows:
        reader.text(row, "type")
        reader.text(row, "source")
        for side, column in zip(found, ENDS, strict=True):
            figure = reader.number(row, column, row["unit"], HECTARE)
            if figure is not None:
                side[row["type"]] = figure.from_(row["source"])
    return found


def check_areas(several: Sequence[Measured], areas: Areas, reader: Reader) -> None:
    """Keep every type with an index whose area is not stated at both ends, and ends at which no type has any."""
    for name, rows in _by_type(several).items():
        if not all(name in side for side in areas):
            known = [one for one in areas[0] if one in areas[1]]
            found = say("the area of {type} is not stated", type=name)
            reader.tell(
                *rows[0].row.where("type"), found, say("one of {names}", names=join_list(known)), suggest_nearest(name, known)
            )
    names = {one.type for one in several}
    for end, side in zip(ENDS, areas, strict=True):
        if several and names <= set(side) and not sum(side[name].value for name in names):
            found = say("no type with an index has an area at the {side}", side=mark_word(end))
            reader.tell(several[0].row.file, 0, found, say("an area above 0"))


def make_condition(
    quality: Sequence[Measured], water: Sequence[Section], own: Sequence[Measured], areas: Areas | None = None
) -> Condition:
    """Return the account of what was read.

    Parameters
    ----------
    areas : of every type with an index, at least one above 0 at each end; None: there is no index of the unit
    """
    by_hj = tuple(_make_quality(name, several) for name, several in _by_type(quality).items())
    by_own = tuple(_make_own(name, several) for name, several in _by_type(own).items())
    wholes = [_make_whole(several, areas) if areas and several else None for several in (by_hj, by_own)]
    return Condition(by_hj, tuple(water), by_own, wholes[0], wholes[1])


def _make_whole(several: Sequence[Index], areas: Areas) -> Whole:
    names = [one.type for one in several]
    rest = [name for name in dict.fromkeys((*areas[0], *areas[1])) if name not in names]
    none = Figure(0.0, "", "")
    givens = (
        Given(_AREA, tuple(tuple(side[name] for name in names) for side in areas)),
        Given(_REST, tuple(tuple(side.get(name, none) for name in rest) or (none,) for side in areas)),
        Given(
            _OF_TYPE,
            tuple(
                tuple(Figure(one.ends[end], f"{one.ends[end]:.12g}", str(one.explained[0].get("address", ""))) for one in several)
                for end in (0, 1)
            ),
        ),
    )
    mean = Calculation((_BY_AREA,), (givens[0], givens[2]), ENDS, tuple(names))
    share = Calculation((_COVERED,), givens[:2], ENDS)
    explained = [part for end in (0, 1) for part in describe(mean.explain(BY_AREA, end))]
    ends = (mean.value(BY_AREA, 0), mean.value(BY_AREA, 1))
    index = Index("", several[0].scale, ends, {}, tuple(explained))
    return Whole(index, (share.value(COVERED, 0), share.value(COVERED, 1)))


def _by_type(rows: Sequence[Measured]) -> dict[str, list[Measured]]:
    found: dict[str, list[Measured]] = {}
    for one in rows:
        found.setdefault(one.type, []).append(one)
    return found


def _make_quality(name: str, rows: Sequence[Measured]) -> Index:
    """Return the index of a type: relative densities first, then the index over them, both ends as cases."""
    parts: dict[str, tuple[float, float]] = {}
    explained: list[dict[str, Any]] = []
    givens = []
    for one in rows:
        givens_of = (give_cases(_VALUE, one.ends), give_cases(_REFERENCE, (one.reference, one.reference)))
        made = Calculation((_RELATIVE,), givens_of, tuple(f"{one.name} {end}" for end in ENDS))
        parts[one.name] = (made.value(DENSITY, 0), made.value(DENSITY, 1))
        explained += [part for case in (0, 1) for part in describe(made.explain(DENSITY, case))]
        address = one.row.at
        givens.append(give_cases(_PARTS[one.name], [Figure(value, f"{value:.12g}", address) for value in parts[one.name]]))
    whole = Calculation((_QUALITY,), tuple(givens), tuple(f"{name} {end}" for end in ENDS))
    explained = [part for case in (0, 1) for part in describe(whole.explain(EQI, case))] + explained
    return Index(name, 100.0, (whole.value(EQI, 0), whole.value(EQI, 1)), parts, tuple(explained))


def _make_own(name: str, rows: Sequence[Measured]) -> Index:
    """Return the index of a type over its own indicators, 0 (poorest) to 1 (reference)."""
    parts: dict[str, tuple[float, float]] = {}
    explained: list[dict[str, Any]] = []
    for one in rows:
        levels = (give_cases(_POOR, (one.poor, one.poor)), give_cases(_REFERENCE, (one.reference, one.reference)))
        made = Calculation((_SCORE,), (give_cases(_VALUE, one.ends), *levels), tuple(f"{one.name} {end}" for end in ENDS))
        parts[one.name] = (made.value(SCORE, 0), made.value(SCORE, 1))
        explained += [part for case in (0, 1) for part in describe(made.explain(SCORE, case))]
    alike = Figure(1.0, "1", "")
    weights = tuple(one.weight or alike for one in rows)
    scores = tuple(
        tuple(Figure(parts[one.name][case], f"{parts[one.name][case]:.12g}", one.row.at) for one in rows) for case in (0, 1)
    )
    names = tuple(one.name for one in rows)
    whole = Calculation(
        (_INDEX,), (Given(_WEIGHT, (weights,)), Given(_SCORES, scores)), tuple(f"{name} {end}" for end in ENDS), names
    )
    explained = [part for case in (0, 1) for part in describe(whole.explain(INDEX, case))] + explained
    return Index(name, 1.0, (whole.value(INDEX, 0), whole.value(INDEX, 1)), parts, tuple(explained))
