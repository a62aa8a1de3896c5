"""A scheme that was read and checked, ready to be computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gep.compensation.scheme import Scheme
    from gep.files.yaml_lines import Document
    from gep.formula.check import Meaning
    from gep.formula.nodes import Node


@dataclass(frozen=True)
class CheckedScheme:
    """A scheme that can be computed: checked, its formulas as trees by the path they stand at."""

    scheme: Scheme
    document: Document
    trees: dict[tuple[str, ...], Node]
    order: tuple[str, ...]
    """Values in an order in which each comes after those it uses."""
    sha256: str
    """Of the whole text of the document, and of those it extends."""
    meanings: dict[str, Meaning]
    """Unit and axes of every input, constant and value."""
    units: dict[str, str]
    """The unit that each value is printed in; empty for plain numbers."""
    old_spelling: bool = False
    """Whether a formula is a map such as {sum: [a, b]}, which is read for one release."""

    def tree(self, *path: str) -> Node | None:
        """Return the formula at a path, None where the document states none."""
        return self.trees.get(path)
