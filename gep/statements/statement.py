"""What is told of a calculation, in one language and the same on a terminal and on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.messages.layout import get_colon, get_comma
from gep.messages.tables import MONEY, NUMBER, SHARE, Cell, Column, Row, Table
from gep.messages.texts import translate
from gep.units.registry import print_unit_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gep.explain.explain import Explained


@dataclass(frozen=True)
class Statement:
    """A calculation as it is told.

    Attributes
    ----------
    title  : what it is, of whom and when
    about  : names and texts: what is meant, what was chosen, by whom and on what grounds
    tables : with numbers unrounded; a note has one sentence a line
    notes  : what has to be known to read the numbers
    steps  : how they came about: formulas, numbers, cells
    """

    lang: str
    title: str
    about: tuple[tuple[str, str], ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    steps: tuple[Explained, ...] = ()


class Teller:
    """Makes the parts of a statement in one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    @property
    def colon(self) -> str:
        """The sign after what a text is about."""
        return get_colon(self.lang)

    @property
    def semicolon(self) -> str:
        """The sign between two parts of a text."""
        return "；" if self.lang == "zh" else "; "

    def say(self, message: str, /, **values: object) -> str:
        """Return a text of the catalogue with its values."""
        return translate(self.lang, message, **values)

    def join(self, names: Iterable[str]) -> str:
        """Return names as a list of words."""
        return get_comma(self.lang).join(names)

    def unit(self, text: str) -> str:
        """Return a unit in the words of the language."""
        return print_unit_in(text, self.lang)

    def name(self, head: str) -> Column:
        """Return a column of words."""
        return Column(head, self.say(head))

    def percent(self, head: str) -> Column:
        """Return a column of shares of 1."""
        return Column(head, self.say(head), SHARE)

    def number(self, head: str, unit: str = "", decimals: int | None = None, title: str = "") -> Column:
        """Return a column of numbers.

        Parameters
        ----------
        unit  : as the program writes it; empty: none
        title : in the language; empty: of the head
        """
        return Column(head, title or self.say(head), NUMBER, self.unit(unit) if unit else "", decimals)

    def yuan(self, head: str, title: str = "") -> Column:
        """Return a column of money in yuan, to the fen."""
        return Column(head, title or self.say(head), MONEY, self.unit("CNY"), 2)

    def table(
        self,
        title: str,
        columns: Iterable[Column],
        rows: Iterable[Row | Iterable[Cell]],
        note: Iterable[str] = (),
        identity: str = "",
    ) -> Table:
        """Return a table; a row that is no `Row` is a plain one."""
        made = tuple(one if isinstance(one, Row) else Row(tuple(one)) for one in rows)
        return Table(identity, "", title, tuple(columns), made, "\n".join(note))
