"""What a standard takes from last year's stored account: which figure, and which service's or line's quantity it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.formula.nodes import Observed
from gep.messages.problems import Problem
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import say
from gep.units.registry import UnitError, find_factor
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.files.yaml_lines import Document
    from gep.formula.nodes import Rule
    from gep.standards.model import Standard


def list_quantities(standard: Standard) -> dict[str, Rule]:
    """Return what `earlier` may name: services with one quantity, and lines, each with the rule of its quantity."""
    found: dict[str, Rule] = {}
    for name, service in standard.known_services.items():
        if service.headline is not None:
            found[name] = service.headline
        found.update({line.id: line.quantities[0] for line in service.lines if len(line.quantities) == 1})
    return found


def check_earlier(standard: Standard, document: Document) -> Iterator[Problem]:
    """Yield what is wrong with the figures that are read from last year's account."""
    known = {**VARIABLES, **standard.known_leaves}
    quantities = list_quantities(standard)
    for figure, name in standard.earlier.items():
        line = document.line(("earlier", figure))
        leaf = known.get(figure)
        if not isinstance(leaf, Observed):
            expected = say("a figure: gep variables lists them")
            yield Problem(
                document.file, line, say("earlier names {name!r}", name=figure), expected, suggest_nearest(figure, VARIABLES)
            )
            continue
        if name not in quantities:
            expected = say("a service with one quantity, or a line")
            yield Problem(
                document.file, line, say("earlier names {name!r}", name=name), expected, suggest_nearest(name, quantities)
            )
            continue
        try:
            find_factor(quantities[name].unit, leaf.unit)
        except UnitError as error:
            yield Problem(
                document.file,
                line,
                say("{figure} is not {name}: {error}", figure=figure, name=name, error=error.args[0]),
                say("one unit"),
            )
