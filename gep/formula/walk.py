"""Walks formulas: the leaves and the rules that one names."""

from __future__ import annotations

from gep.formula import nodes
from gep.formula.nodes import Coefficient, Node, Observed, Rule


def leaves(node: Node) -> list[Observed | Coefficient]:
    """Return the leaves of a formula in the order met, each once; leaves of rules it names are not among them."""
    found: dict[str, Observed | Coefficient] = {}
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Observed | Coefficient):
            found.setdefault(part.id, part)
        waiting.extend(reversed(nodes.children(part)))
    return list(found.values())


def rules_named(node: Node) -> list[Rule]:
    """Return the rules that a formula names, in the order met."""
    found: dict[str, Rule] = {}
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Rule):
            found.setdefault(part.id, part)
        waiting.extend(reversed(nodes.children(part)))
    return list(found.values())
