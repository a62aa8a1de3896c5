"""Collects problems of input rows: a text that many rows hold is judged once, and every row that has it is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gep.inputs.row_numbers import sort_by_number
from gep.messages.problems import SHOWN, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray


class RowProblems:
    """Collects the problems of input rows.

    Attributes
    ----------
    bad : flags of shape (rows,): the row has a problem
    """

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows = rows
        self.problems: list[Problem] = []
        self.bad = np.zeros(len(rows), dtype=bool)
        self.file_names: list[str] = [str(name) for name in rows["file"].astype("category").cat.categories]
        self.file_codes = rows["file"].astype("category").cat.codes.to_numpy()
        self.lines = rows["line"].to_numpy()
        self._sorted: tuple[str, NDArray[np.intp], NDArray[np.int64]] | None = None

    def sort_by(self, column: str) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        """Return rows sorted by a column of categories, and where each begins; those of the last column asked for are at hand."""
        if self._sorted is None or self._sorted[0] != column:
            categories = self.rows[column].cat
            self._sorted = (column, *sort_by_number(categories.codes.to_numpy(), len(categories.categories)))
        return self._sorted[1:]

    def add(
        self, positions: Iterable[int], found: Callable[[int], str], expected: str = "", hint: str = "", column: str = "cell"
    ) -> None:
        """Note a problem of several rows.

        Parameters
        ----------
        positions : of the rows
        found     : position → the sentence about that row
        column    : the column that holds the address of the cell it is about, in rows of workbooks
        """
        for position in positions:
            self.bad[position] = True
            cell = str(self.rows[column].iloc[position]) if column in self.rows else ""
            self.problems.append(
                Problem(self.file(position), int(self.lines[position]), found(int(position)), expected, hint, cell)
            )

    def guess(self, make: Callable[..., str], *of: object) -> str:
        """Return the hint that a function makes; empty once there are more problems than are printed.

        Guessing takes longer than checking.
        """
        return make(*of) if len(self.problems) < SHOWN else ""

    def of_tables(self, positions: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the positions of those rows that are not from workbooks; the others are marked as bad.

        What is wrong on the cover of a workbook was said there, once.
        """
        if "cell" not in self.rows:
            return positions
        of_books = self.rows["cell"].iloc[positions].to_numpy() != ""
        self.bad[positions[of_books]] = True
        kept: NDArray[np.intp] = positions[~of_books]
        return kept

    def file(self, position: int) -> str:
        """Return the file of a row."""
        return self.file_names[int(self.file_codes[position])]


def group_unique(finder: RowProblems, column: str) -> Iterable[tuple[str, NDArray[np.intp]]]:
    """Yield every text of a column that stores categories, with the positions of the rows that hold it."""
    order, bounds = finder.sort_by(column)
    for code, text in enumerate(finder.rows[column].cat.categories):
        positions = order[bounds[code] : bounds[code + 1]]
        if len(positions):
            yield text, positions


def say_always(text: str) -> Callable[[int], str]:
    """Return a function that says the same sentence of every row."""
    return lambda _: text


def list_values(column: pd.Series, places: NDArray[np.intp]) -> list[Any]:
    """Return the values of a column at some positions; equal texts of few are one and the same text."""
    if isinstance(column.dtype, pd.CategoricalDtype) and len(column.cat.categories) <= len(places):
        texts = np.array([*column.cat.categories], dtype=object)
        return list(texts[column.cat.codes.to_numpy()[places]])
    return column.iloc[places].tolist()


def find_cell(row: Mapping[Any, Any] | pd.Series) -> str:
    """Return the sheet and cell of a row, `sheet!E7`; empty for a row of a table."""
    return str(row["cell"]) if "cell" in row else ""


def place_of(row: Mapping[Any, Any] | pd.Series) -> str:
    """Return where a row stands, `file!sheet!cell` or `file:line`."""
    return (
        f"{row['file']}!{row['cell']}" if find_cell(row) else f"{row['file']}:{row['line']}" if row["line"] else str(row["file"])
    )


def list_places(rows: pd.DataFrame, places: NDArray[np.intp]) -> list[str]:
    """Return where the rows at some positions stand, as `place_of` says it."""
    files, lines = list_values(rows["file"], places), list_values(rows["line"], places)
    cells = list_values(rows["cell"], places) if "cell" in rows else [""] * len(lines)
    return [
        f"{file}!{cell}" if cell else f"{file}:{line}" if line else str(file)
        for file, line, cell in zip(files, lines, cells, strict=True)
    ]
