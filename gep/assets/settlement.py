"""Settlement of a damage case: what each liable party pays, exact to the fen.

Source: the total as a public case-handling program computes it: (clean-up + restoration + interim + survey) times the degree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gep.files.no_source import names_no_source
from gep.files.schema import Part
from gep.files.yaml_lines import name_key, read_typed_document, validate_document
from gep.formula.exact import Column, evaluate, make_constant
from gep.formula.infix import parse
from gep.formula.nodes import Coefficient
from gep.formula.written import write
from gep.messages.texts import say
from gep.messages.title import Title
from gep.units.allocation import allocate
from gep.units.money import parse_decimal, round_to_unit_fen
from gep.worked.written import Reader, Written

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction
    from pathlib import Path

    from gep.files.yaml_lines import Document
    from gep.formula.nodes import Node

ITEMS = ("clean_up", "restoration", "interim", "survey")
FORMULA = "(clean_up + restoration + interim + survey) * degree"


class _Item(Part):
    amount: Written
    source: str


class _Party(Part):
    name: str
    share: Written


class _Document(Part):
    case: str
    clean_up: _Item
    restoration: _Item
    interim: _Item
    survey: _Item
    degree: Written
    degree_source: str
    parties: tuple[_Party, ...]


@dataclass(frozen=True)
class Settlement:
    """What a case comes to in fen, and what each party pays: the shares sum to the total.

    Attributes
    ----------
    items : item → yuan, exact, with line and source
    """

    case: str
    items: dict[str, tuple[Fraction, str, str]]
    degree: Fraction
    total: int
    parties: dict[str, int]
    shares: dict[str, Fraction]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values; money in fen, amounts as written."""
        return {
            "case": self.case,
            "formula": FORMULA,
            "items": {
                name: {"yuan": float(value), "address": at, "source": source} for name, (value, at, source) in self.items.items()
            },
            "degree": float(self.degree),
            "total_fen": self.total,
            "parties": self.parties,
        }


class _Named:
    """What the names of the formula mean, exactly."""

    def __init__(self, values: dict[str, Fraction]) -> None:
        self.values = values

    def named(self, name: str, year: int, /) -> Column:  # noqa: ARG002 - a case has no years
        return make_constant(self.values[name])

    def members(self, over: str, /) -> Sequence[str]:  # noqa: ARG002 - a case has no axes
        return ()

    def belongs_to(self, member: str, over: str, by: str, /) -> str:  # noqa: ARG002 - a case has no axes
        return member

    def spread(self, column: Column, node: Node, year: int, /) -> Column:  # noqa: ARG002 - a case has no axes
        return column

    def refused(self, node: Node, found: str, expected: str, hint: str = "", /) -> Exception:  # noqa: ARG002 - one signature
        return ValueError(write(node))


def read_settlement(path: Path) -> Settlement:
    """Return the settlement of a YAML document: items in yuan as exact decimals (0 where there is none), degree, parties.

    Raises
    ------
    Problems : an item that is no decimal or has no source, a degree above 100 %, shares that do not sum to 100 %
    """
    keys = "case, clean_up, restoration, interim, survey, degree, degree_source, parties"
    document = read_typed_document(path, say("the file holds no settlement"), say("a map with {keys}", keys=keys))
    model = validate_document(_Document, document)
    reader = Reader()
    items = {}
    for name in ITEMS:
        item: _Item = getattr(model, name)
        value = _read_exact(reader, document, (name, "amount"), item.amount, "")
        if names_no_source(item.source) and (value != 0 or not item.source.strip()):  # what did not arise has no paper
            reader.tell(document.file, document.line((name,)), say("{key} is missing", key=f"{name}.source"), say("a text"))
        if value is not None:
            items[name] = (value, f"{document.file}:{document.line((name, 'amount'))}", item.source)
    degree = _read_exact(reader, document, ("degree",), model.degree, "%")
    if degree is not None and degree > 1:
        reader.tell(
            document.file,
            document.line(("degree",)),
            say("{name} is {text!r}", name="degree", text=model.degree),
            say("at most 100 %"),
        )
    if names_no_source(model.degree_source):
        reader.tell(document.file, document.line(("degree_source",)), say("{key} is missing", key="degree_source"), say("a text"))
    shares: dict[str, Fraction] = {}
    for at, party in enumerate(model.parties):
        share = _read_exact(reader, document, ("parties", str(at), "share"), party.share, "%")
        if party.name in shares:
            reader.tell(
                document.file,
                document.line(("parties", str(at))),
                say("{what} stands twice", what=party.name),
                say("each party once"),
            )
        if share is not None:
            shares[party.name] = share
    reader.refuse()
    if degree is None or sum(shares.values()) != 1:
        found = say("the shares of the parties sum to {share} %", share=f"{float(sum(shares.values()) * 100):g}")
        reader.tell(document.file, document.line(("parties",)), found, say("exactly 100 %"))
        reader.refuse()
        raise AssertionError
    values = {**{name: value for name, (value, _, _) in items.items()}, "degree": degree}
    names = {name: Coefficient(name, name, "1" if name == "degree" else "CNY", (), Title(name, name)) for name in values}
    whole = evaluate(parse(FORMULA, names), 0, _Named(values)).scalar
    total = round_to_unit_fen(whole)
    paid = allocate(total, shares).amounts if len(shares) > 1 else dict.fromkeys(shares, total)
    return Settlement(model.case, items, degree, total, paid, shares)


def _read_exact(reader: Reader, document: Document, path: tuple[str, ...], text: str, sign: str) -> Fraction | None:
    """Return an exact decimal, a percentage as a share; None where it is none, which is kept."""
    plain = text.strip().removesuffix(sign).strip() if sign else text.strip()
    name, line = name_key(path, document.content), document.line(path)
    try:
        value = parse_decimal(plain)
    except ValueError:
        value = None
    if value is None or value < 0 or (sign and not text.strip().endswith(sign)):
        expected = say("a percentage with its sign, such as 3 %") if sign else say("yuan as a decimal, 0 where there is none")
        reader.tell(document.file, line, say("{name} is {text!r}", name=name, text=text), expected)
        return None
    return value / 100 if sign else value
