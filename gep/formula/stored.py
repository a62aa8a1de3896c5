"""A formula as JSON and back: a run keeps the rules it used, so that it can be explained when the rules have moved on."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from gep.formula import nodes
from gep.formula.nodes import Node, Rule
from gep.messages.title import Title

if TYPE_CHECKING:
    from collections.abc import Mapping

_KINDS: dict[str, type[Node]] = {
    kind.__name__: kind
    for kind in vars(nodes).values()
    if isinstance(kind, type) and issubclass(kind, Node) and kind not in {Node, nodes.Leaf}
}


def write(node: Node) -> dict[str, Any]:
    """Return a node as plain values for JSON; a rule named in it is written by its id, declared elsewhere in the same run."""
    if isinstance(node, Rule):
        return {"kind": "Rule", "id": node.id}
    written: dict[str, Any] = {"kind": type(node).__name__}
    for name in (part.name for part in fields(node)):
        written[name] = _write_value(getattr(node, name))
    return written


def read(written: Mapping[str, Any], rules: Mapping[str, Rule]) -> Node:
    """Return the node that `write` wrote.

    Parameters
    ----------
    rules : the rules of the run by id, from which those that are named are taken

    Raises
    ------
    KeyError : a kind of node that is not known, or a rule that is not among `rules`
    """
    if written["kind"] == "Rule":
        return rules[written["id"]]
    values = {name: _read_value(value, rules) for name, value in written.items() if name != "kind"}
    return _KINDS[written["kind"]](**values)


def write_rule(rule: Rule) -> dict[str, Any]:
    """Return a rule without its variants as plain values for JSON."""
    return {
        "id": rule.id,
        "symbol": rule.symbol,
        "unit": rule.unit,
        "axes": list(rule.axes),
        "title": {"zh": rule.title.zh, "en": rule.title.en},
    }


def read_rule(written: Mapping[str, Any]) -> Rule:
    """Return the rule that `write_rule` wrote, without variants."""
    title = Title(**written["title"])
    return Rule(written["id"], written["symbol"], written["unit"], tuple(written["axes"]), title, {})


def _write_value(value: object) -> Any:
    match value:
        case Node():
            return write(value)
        case Title(zh=zh, en=en):
            return {"zh": zh, "en": en}
        case tuple():
            return [_write_value(part) for part in value]
    return value


def _read_value(value: Any, rules: Mapping[str, Rule]) -> Any:
    match value:
        case {"kind": _}:
            return read(value, rules)
        case {"zh": zh, "en": en}:
            return Title(zh, en)
        case list():
            return tuple(_read_value(part, rules) for part in value)
    return value
