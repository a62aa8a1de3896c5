"""An indicator of a plan, and how its figures are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gep.messages.title import Title

TEXT = "text"


HIGHER, LOWER, NO_DIRECTION = "higher", "lower", "none"


SIGNS = {HIGHER: {">=", ">"}, LOWER: {"<=", "<"}, NO_DIRECTION: set()}


BASE, ASSIGNED = "base", "assigned"


@dataclass(frozen=True)
class Reading:
    """A printed target as it is read: a sign and what a figure is compared with; `text` is for people to judge."""

    sign: str
    operand: str

    @property
    def number(self) -> float | None:
        """The target where it is a number."""
        return float(self.operand) if self.operand.isascii() and self.operand[:1].isdigit() else None

    @property
    def is_text(self) -> bool:
        """Whether only people can judge it."""
        return not self.sign


@dataclass(frozen=True)
class Indicator:
    """One row of the table; figures and targets are in `unit`.

    Attributes
    ----------
    number   : number in the published list; several rows may share one
    printed  : target year → the target as printed
    readings : target year → how it is read
    total    : whether the figure is of the whole region, so that its target is none for a county inside
    base     : the figure of the base year as printed; empty: not printed
    """

    id: str
    number: int
    title: Title
    scope: str
    unit: str
    direction: str
    total: bool
    base_year: int
    base: str
    printed: dict[int, str]
    readings: dict[int, Reading]
    least: float | None
    most: float | None
    locator: str
    mark: str
    note: str
    address: str
    formula: str = ""
    """How it is computed from other indicators of the set, where it is not handed in itself."""

    def name(self, language: str) -> str:
        """Return the name with its scope."""
        return f"{self.title.zh}({self.scope})" if language == "zh" and self.scope else self.title[language]


def print_signs(text: str) -> str:
    """Return a bound or target with its signs as they are printed: ≥ for >=."""
    return text.replace(">=", "≥").replace("<=", "≤")
