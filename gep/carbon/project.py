"""Credits of a carbon project as its document declares them: removal, baseline, leakage, buffer, additionality; never part of an account."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING, Any, Literal

from gep.files.no_source import names_no_source
from gep.files.schema import Part
from gep.files.yaml_lines import read_typed_document, validate_document
from gep.formula.nodes import Constant
from gep.messages.texts import say
from gep.worked.calculation import Calculation, describe, give_one, make_leaf, make_rule
from gep.worked.written import Reader, Written

if TYPE_CHECKING:
    from pathlib import Path

_UNIT = "t_CO2"
_LEAVES = {
    "removal": make_leaf("removal", "R", _UNIT, "项目清除量", "removal of the project"),
    "baseline": make_leaf("baseline", "BL", _UNIT, "基准线清除量", "removal of the baseline"),
    "leakage": make_leaf("leakage", "LK", _UNIT, "泄漏", "leakage"),
}
_BUFFER = make_leaf("buffer", "f", "1", "风险缓冲比例", "buffer")
_CREDITS = make_rule(
    "credits",
    "N",
    _UNIT,
    "可签发量",
    "credits",
    (_LEAVES["removal"] - _LEAVES["baseline"] - _LEAVES["leakage"]) * (Constant(1.0, "1", "1") - _BUFFER),
    source="this-project",
    clause="fields as declared; the methodology decides how they are found",
    mark="D",
)


class _Document(Part):
    project: str
    scheme: Literal["ccer", "tan-pu-hui", "other"]
    methodology: str
    vintage: int
    removal: Written
    baseline: Written
    leakage: Written
    buffer: Written
    additionality: str
    source: str


@dataclass(frozen=True)
class Project:
    """A project of one vintage; `issued` whole tonnes of CO2 can be registered."""

    name: str
    scheme: str
    methodology: str
    vintage: int
    additionality: str
    source: str
    calculation: Calculation

    @property
    def issued(self) -> int:
        """Whole tonnes of CO2, the rest of a tonne left out."""
        return floor(round(self.calculation.value("credits"), 6))

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values; t of CO2."""
        return {
            "project": self.name,
            "scheme": self.scheme,
            "methodology": self.methodology,
            "vintage": self.vintage,
            "additionality": self.additionality,
            "source": self.source,
            "credits_t_CO2": self.calculation.value("credits"),
            "whole_tonnes": self.issued,
            "kind": "project credits; not the carbon of a year in GEP, not a carbon stock",
            "explained": describe(self.calculation.explain("credits")),
        }


def read_project(path: Path) -> Project:
    """Return the project in a YAML document.

    Raises
    ------
    Problems : a field that is not declared or no amount of CO2, or credits that come to nothing
    """
    keys = "project, scheme, methodology, vintage, removal, baseline, leakage, buffer, additionality, source"
    document = read_typed_document(path, say("the file holds no carbon project"), say("a map with {keys}", keys=keys))
    model = validate_document(_Document, document)
    reader = Reader()
    for key in ("project", "methodology", "additionality", "source"):
        if not getattr(model, key).strip() or (key == "source" and names_no_source(model.source)):
            reader.tell(document.file, document.line((key,)), say("{key} is missing", key=key), say("a text"))
    figures = {key: reader.amount(document.file, document.line((key,)), key, getattr(model, key), _UNIT) for key in _LEAVES}
    buffer = reader.amount(document.file, document.line(("buffer",)), "buffer", model.buffer, "1", most=1)
    reader.refuse()
    givens = [give_one(_LEAVES[key], one.from_(model.source)) for key, one in figures.items() if one is not None]
    givens += [give_one(_BUFFER, buffer.from_(model.source))] if buffer is not None else []
    found = Project(
        model.project.strip(),
        model.scheme,
        model.methodology,
        model.vintage,
        model.additionality.strip(),
        model.source.strip(),
        Calculation((_CREDITS,), tuple(givens), (model.project,)),
    )
    if found.issued < 1:
        told = say("the project comes to {credits} t of CO2", credits=f"{found.calculation.value('credits'):,.6g}")
        reader.tell(document.file, document.line(("removal",)), told, say("more removal than baseline, leakage and buffer take"))
        reader.refuse()
    return found
