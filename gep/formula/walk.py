"""Walks formulas: the leaves and the rules that one names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.formula import nodes
from gep.formula.nodes import Coefficient, Leaf, Node, Observed, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def list_leaves(node: Node) -> list[Observed | Coefficient]:
    """Return the leaves of a formula in the order met, each once; leaves of rules it names are not among them."""
    found: dict[str, Observed | Coefficient] = {}
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Observed | Coefficient):
            found.setdefault(part.id, part)
        waiting.extend(reversed(nodes.children(part)))
    return list(found.values())


def list_names(node: Node) -> list[Leaf | Rule]:
    """Return the leaves and then the rules that a formula names, each once."""
    return [*list_leaves(node), *list_rules_named(node)]


def walk_parts(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it."""
    yield node
    for part in nodes.children(node):
        yield from walk_parts(part)


def list_rules_named(node: Node) -> list[Rule]:
    """Return the rules that a formula names, in the order met, each once; rules that those name are not among them."""
    found: dict[str, Rule] = {}
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Rule):
            found.setdefault(part.id, part)
        waiting.extend(reversed(nodes.children(part)))
    return list(found.values())
