"""Tables of texts that are ready to print, as papers about money hold them; one rule sets the widths of all columns on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.messages.tables import NUMBER, PLAIN, SUM, TEXT, Column, Row, Table
from gep.reports.layout import lay_out

if TYPE_CHECKING:
    from gep.reports.layout import Layout


@dataclass(frozen=True)
class Grid:
    """A table of texts.

    Attributes
    ----------
    columns : heads
    rows    : cells, as they are printed
    numbers : columns that hold numbers; they stand at the right and never wrap
    sums    : rows that are sums
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    sums: frozenset[int] = frozenset()

    def lay(self, *, turned: bool = False) -> tuple[Layout, ...]:
        """Return the table laid out: as one part that fits the page, or as several.

        Parameters
        ----------
        turned : whether the page lies
        """
        heads = tuple(Column(str(at), title, NUMBER if at in self.numbers else TEXT) for at, title in enumerate(self.columns))
        lines = tuple(Row(row, SUM if at in self.sums else PLAIN) for at, row in enumerate(self.rows))
        return lay_out(Table("", "", "", heads, lines), turned=turned)
