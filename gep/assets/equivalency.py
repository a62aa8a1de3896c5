"""Interim loss by equivalency (HEA of habitat, REA of a resource): lost service-years are made good by gained ones.

Source: annex B of GB/T 39791.1-2020, not seen; formulas as in Visual_HEA, with the crediting inside the year stated.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from gep.files.no_source import names_no_source
from gep.files.schema import Part
from gep.files.yaml_lines import name_key, read_typed_document, validate_document
from gep.formula.nodes import AtLeastZero, Constant, Smaller, Total
from gep.messages.texts import say
from gep.units.money import round_to_fen
from gep.units.registry import UnitError, parse_unit
from gep.worked.calculation import Calculation, Figure, describe, give_members, give_one, make_leaf, make_rule
from gep.worked.written import Reader, Written

if TYPE_CHECKING:
    from pathlib import Path

    from gep.files.yaml_lines import Document
    from gep.formula.nodes import Node, Rule
    from gep.worked.calculation import Given

CREDITING = {"start-of-year": 0.0, "mid-year": 0.5, "end-of-year": 1.0}
"""When a year's service counts, as a part of the year."""
MOST_YEARS = 1000
KEYS = "kind, injured, loss, recovery, restoration, crediting, rate, author, basis, source"
ONE, YEAR = Constant(1.0, "1", "1"), Constant(1.0, "yr", "1")
_make = partial(make_rule, source="equivalency-method", clause="lost service-years = gained service-years", mark="K")


class _Recovery(Part):
    form: Literal["linear", "none"]
    years: Written


class _Restoration(Part):
    start: Written
    maturity: Written
    life: Written
    uplift: Written


class _Document(Part):
    kind: Literal["habitat", "resource"]
    injured: Written
    loss: Written
    recovery: _Recovery
    restoration: _Restoration
    crediting: Literal["start-of-year", "mid-year", "end-of-year"]
    rate: Written
    author: str
    basis: str
    source: str
    unit_cost: Written | None = None


@dataclass(frozen=True)
class Equivalency:
    """How much has to be restored for an interim loss; rules `lost`, `gained` a unit, `needed`, and `cost` in yuan if a unit cost is stated.

    Attributes
    ----------
    unit : of what was injured, such as hm^2 or head
    """

    kind: str
    unit: str
    crediting: str
    rate: str
    author: str
    basis: str
    calculation: Calculation

    @property
    def has_cost(self) -> bool:
        """Whether the document states what a unit of restoration costs."""
        return "cost" in self.calculation.evaluation.results

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values; money in fen."""
        found = self.calculation
        return {
            "kind": self.kind,
            "unit": self.unit,
            "crediting": self.crediting,
            "rate": self.rate,
            "author": self.author,
            "basis": self.basis,
            "lost": found.value("lost"),
            "gained_per_unit": found.value("gained"),
            "needed": found.value("needed"),
            "cost_fen": round_to_fen(found.value("cost")) if self.has_cost else None,
            "explained": describe(found.explain("cost" if self.has_cost else "needed")),
        }


def read_equivalency(path: Path) -> Equivalency:
    """Return the equivalency of a YAML document, computed.

    Raises
    ------
    Problems : unknown keys, shares without %, years that are no whole number, a restoration that gains nothing
    """
    document = read_typed_document(path, say("the file holds no equivalency"), say("a map with {keys}", keys=KEYS))
    model = validate_document(_Document, document)
    reader = Reader()
    for key in ("author", "basis", "source"):
        if not getattr(model, key).strip() or (key == "source" and names_no_source(model.source)):
            reader.tell(document.file, document.line((key,)), say("{key} is missing", key=key), say("a text"))
    unit = _read_unit(reader, document, model.injured)
    injured = (
        reader.amount(document.file, document.line(("injured",)), "injured", model.injured, unit, above=0, least=None)
        if unit
        else None
    )
    loss, uplift, rate = (
        _read_share(reader, document, path_, text)
        for path_, text in (
            (("loss",), model.loss),
            (("restoration", "uplift"), model.restoration.uplift),
            (("rate",), model.rate),
        )
    )
    years = {
        name: _read_years(reader, document, path_, text, least)
        for name, path_, text, least in (
            ("recovery", ("recovery", "years"), model.recovery.years, 1),
            ("start", ("restoration", "start"), model.restoration.start, 0),
            ("maturity", ("restoration", "maturity"), model.restoration.maturity, 1),
            ("life", ("restoration", "life"), model.restoration.life, 1),
        )
    }
    cost = None
    if model.unit_cost is not None and unit:
        cost = reader.amount(
            document.file, document.line(("unit_cost",)), "unit_cost", model.unit_cost, f"CNY/{unit}", above=0, least=None
        )
    mature, life = years["maturity"], years["life"]
    if mature is not None and life is not None and mature.value > life.value:
        found = say("the restoration matures in year {maturity} and lives {life} years", maturity=mature.given, life=life.given)
        reader.tell(document.file, document.line(("restoration", "maturity")), found, say("years to maturity within its life"))
    if unit and model.kind == "habitat" and not _is_area(unit):
        found = say("{name} is {text!r}", name="injured", text=model.injured)
        hint = say("individuals or amounts are of the kind resource")
        reader.tell(document.file, document.line(("injured",)), found, say("an area, such as 100 hm2"), hint)
    reader.refuse()
    figures = {"injured": injured, "loss": loss, "uplift": uplift, "rate": rate, **years, "cost": cost}
    known = {name: one.from_(model.source) for name, one in figures.items() if one is not None}
    calculation = _make_calculation(unit, known, CREDITING[model.crediting], linear=model.recovery.form == "linear")
    if calculation.value("gained") <= 0:
        found = say("the restoration gains nothing")
        reader.tell(document.file, document.line(("restoration",)), found, say("an uplift above 0"))
        reader.refuse()
    return Equivalency(model.kind, unit, model.crediting, model.rate, model.author, model.basis, calculation)


def _read_unit(reader: Reader, document: Document, text: str) -> str:
    """Return the unit of what was injured; empty where there is none, which is kept."""
    unit = text.strip().lstrip("0123456789.+-").strip()
    try:
        if unit and parse_unit(unit).measure.dimensions and not parse_unit(unit).is_money:
            return unit
    except UnitError:
        pass
    expected = say("an amount with its unit, such as 100 hm2 or 500 head")
    reader.tell(document.file, document.line(("injured",)), say("{name} is {text!r}", name="injured", text=text), expected)
    return ""


def _is_area(unit: str) -> bool:
    return parse_unit(unit).measure.dimensions == parse_unit("hm2").measure.dimensions


def _read_share(reader: Reader, document: Document, path: tuple[str, ...], text: str) -> Figure | None:
    line = document.line(path)
    if "%" not in text and "％" not in text:
        found = say("{name} is {text!r}", name=path[-1], text=text)
        reader.tell(document.file, line, found, say("a percentage with its sign, such as 3 %"))
        return None
    return reader.amount(document.file, line, path[-1], text, "1", most=1)


def _read_years(reader: Reader, document: Document, path: tuple[str, ...], text: str, least: int) -> Figure | None:
    line = document.line(path)
    if text.isascii() and text.isdigit() and least <= int(text) <= MOST_YEARS:
        return Figure(float(text), text, f"{document.file}:{line}")
    expected = say("a whole number from {least} to {most}", least=least, most=MOST_YEARS)
    reader.tell(document.file, line, say("{name} is {text!r}", name=name_key(path, document.content), text=text), expected)
    return None


def _make_calculation(unit: str, known: dict[str, Figure], credited: float, *, linear: bool) -> Calculation:
    injured = make_leaf("injured", "Q", unit, "受损数量", "injured")
    loss = make_leaf("loss", "s", "1", "服务损失比例", "share of service lost")
    uplift = make_leaf("uplift", "u", "1", "修复后服务提升比例", "service gained when mature")
    rate = make_leaf("rate", "r", "1", "折现率", "discount rate")
    recovery = make_leaf("recovery", "N", "1", "自然恢复年数", "years of recovery")
    start = make_leaf("start", "a", "1", "修复开始年", "year the restoration starts")
    maturity = make_leaf("maturity", "M", "1", "修复成熟年数", "years to maturity")
    lost_year = make_leaf("lost_year", "t", "1", "损害后第几年", "year after the damage", ("year",))
    gained_year = make_leaf("gained_year", "k", "1", "修复后第几年", "year of the restoration", ("year",))
    part: Node = Constant(credited, "1", {0.0: "0", 0.5: "1/2", 1.0: "1"}[credited])
    at, then = lost_year + part, gained_year + part
    remaining: Node = AtLeastZero(ONE - at / recovery) if linear else ONE
    lost = _make(
        "lost",
        "L",
        f"{unit}*yr",
        "期间损害（折现服务年）",
        "interim loss, discounted service-years",
        YEAR * Total(injured * loss * remaining / (ONE + rate) ** at, "year"),
    )
    gained = _make(
        "gained",
        "G",
        "yr",
        "单位修复量增益（折现服务年）",
        "gain of a unit restored, discounted service-years",
        YEAR * Total(uplift * Smaller(ONE, then / maturity) / (ONE + rate) ** (start + then), "year"),
    )
    needed = _make("needed", "X", unit, "应修复数量", "to be restored", lost / gained)
    rules: list[Rule] = [lost, gained, needed]
    givens: list[Given] = [
        *(give_one(leaf, known[leaf.id]) for leaf in (injured, loss, uplift, rate, start, maturity)),
        give_members(lost_year, [Figure(float(year), "", "") for year in range(int(known["recovery"].value))]),
        give_members(gained_year, [Figure(float(year), "", "") for year in range(int(known["life"].value))]),
    ]
    if linear:
        givens.append(give_one(recovery, known["recovery"]))
    if "cost" in known:
        unit_cost = make_leaf("unit_cost", "c", f"CNY/{unit}", "单位修复费用", "cost of a unit restored")
        givens.append(give_one(unit_cost, known["cost"]))
        rules.append(_make("cost", "D", "CNY", "修复费用", "cost of the restoration", needed * unit_cost))
    return Calculation(tuple(rules), tuple(givens))
