"""The values of coefficients that the file of a standard gives, as rows of a coefficient table with their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.coefficients.tables import OWN, make_rows
from gep.formula.nodes import ECOSYSTEM, Coefficient
from gep.reference.members import is_ecosystem, read_pollutants
from gep.rules.catalogue import COEFFICIENTS
from gep.standards.own import OwnValue
from gep.standards.own_leaves import make_members_leaf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gep.coefficients.tables import Row
    from gep.files.yaml_lines import Document
    from gep.formula.nodes import Leaf
    from gep.messages.problems import Problem
    from gep.standards.own import OwnParts

_NUMBERS = ("value", "low", "high", "applies_from", "applies_to")


def make_own_rows(standard: OwnParts, leaves: Mapping[str, Leaf], document: Document) -> tuple[tuple[Row, ...], list[Problem]]:
    """Return the values that the file of a standard itself gives, and what is wrong with them; not those it takes over.

    Parameters
    ----------
    leaves   : what the standard declares
    document : the file, for the lines of its parts
    """
    own = {name: leaf for name, leaf in leaves.items() if isinstance(leaf, Coefficient)}
    declared = {**COEFFICIENTS, **own}
    return make_rows(_write(standard, document, declared), document.file, declared)


def _write(standard: OwnParts, document: Document, declared: dict[str, Coefficient]) -> Iterator[tuple[dict[str, str], int]]:
    for kind in ("coefficients", "values"):
        here = document.content.get(kind) or {}
        for name in here:
            if name not in getattr(standard, kind):  # refused with its mistake
                continue
            values = standard.coefficients[name].values if kind == "coefficients" else standard.values[name]
            for at, one in enumerate(values):
                if name in declared:
                    path = (kind, name, *(("values",) if kind == "coefficients" else ()), str(at))
                    yield _row(name, one, declared[name].unit), document.line(path)
    of_lines = document.content.get("lines") or {}
    for owner, axes in standard.limits.items():
        if owner in standard.lines and owner not in of_lines:
            continue  # of the standard it extends, with that one's rows
        for axis, members in axes.items():
            place = ("lines" if owner in of_lines else "services", owner, f"{axis}s")
            leaf = make_members_leaf(owner, axis)
            known = is_ecosystem if axis == ECOSYSTEM else read_pollutants().__contains__  # what is not is told with the line
            for member in ("", *filter(known, dict.fromkeys(members))):
                counts = OwnValue(value=float(bool(member)), source=standard.source, mark=standard.mark)
                row = _row(leaf.id, counts, leaf.unit) | {axis: member, "locator": ".".join(place)}
                yield row | ({"mark": "K"} if standard.mark == "K-" else {}), document.line(place)


def _row(name: str, one: OwnValue, unit: str) -> dict[str, str]:
    """Return a value as the columns of a coefficient table, all texts."""
    texts = {key: str(getattr(one, key)) for key in ("year", "region", "ecosystem", "pollutant", "product", "source", "note")}
    numbers = {key: "" if (found := getattr(one, key)) is None else f"{found:.17g}" for key in _NUMBERS}
    return {"id": name, "set": OWN, **numbers, **texts, "unit": one.unit or unit, "locator": one.locator or "-", "mark": one.mark}
