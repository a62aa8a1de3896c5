"""The parts of an ecosystem service: lines with a quantity, a price and a value, in one of three categories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.formula.nodes import Variant
from gep.messages.title import Title
from gep.records import dataclass
from gep.reference.services import SERVICE_TITLES

if TYPE_CHECKING:
    from gep.formula.nodes import Coefficient, Node, Rule

SHOWN = "shown"
"""The variant of figures that a standard only shows, and never counts."""
STATED = "stated"
"""The variant of every service in which a value computed elsewhere is taken over."""


@dataclass(frozen=True, eq=False)
class Line:
    """One line of the account: `quantity × price = value`.

    `quantities` and `prices` go in pairs; where a member can be weighed, measured or counted there are several pairs and
    the first known one is printed. `detail` values single members where `value` is of the line as a whole.
    """

    id: str
    title: Title
    quantities: tuple[Rule, ...]
    prices: tuple[Rule | Coefficient | None, ...]
    value: Rule
    detail: Rule | None = None
    negative: bool = False
    """Whether the line may be below zero: a loss, a cost, a load, a residual."""
    named_only: bool = False
    """Whether the line counts only where a standard names it, as one more way to value what other lines value."""
    instead_of: tuple[str, ...] = ()
    """Lines that value the same thing, so that a standard which counts one of them cannot count this one too."""


@dataclass(frozen=True, eq=False)
class Service:
    """One ecosystem service; a standard chooses which of its lines count and by which variant each rule is computed."""

    id: str
    category: str
    lines: tuple[Line, ...]
    seea: str
    headline: Rule | None = None
    """The quantity the service is known by, where its lines are parts of it: the tonnes of soil retained."""

    @property
    def title(self) -> Title:
        """Return what the service is called."""
        return SERVICE_TITLES[self.id][1]

    @property
    def code(self) -> str:
        """Return the letters that mark the service in symbols."""
        return SERVICE_TITLES[self.id][0]


def declare_variant(formula: Node, source: str, clause: str, mark: str, zh: str, en: str, caution: str = "") -> Variant:
    """Return a published way to compute a rule.

    Parameters
    ----------
    source  : key of `coefficients/sources.yaml`
    clause  : where the formula stands in the source
    mark    : how far it is known that the source says so
    zh, en  : what the way is called
    caution : what a reader is told where it was used, `中文 | English`; may be empty
    """
    return Variant(formula, source, clause, mark, Title(zh, en), caution)
