"""Problems of input rows: a text that many rows hold is judged once, and every row that has it is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gep.messages.problems import SHOWN, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import pandas as pd
    from numpy.typing import NDArray


class RowProblems:
    """Collects problems of rows; a unique value is judged once and every row that has it is named."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows = rows
        self.problems: list[Problem] = []
        self.bad = np.zeros(len(rows), dtype=bool)
        self.file_names: list[str] = [str(name) for name in rows["file"].astype("category").cat.categories]
        self.file_codes = rows["file"].astype("category").cat.codes.to_numpy()
        self.lines = rows["line"].to_numpy()

    def add(
        self, positions: Iterable[int], found: Callable[[int], str], expected: str = "", hint: str = "", column: str = "cell"
    ) -> None:
        """Note a problem of rows; `column` says which of a row's cells it is about."""
        for position in positions:
            self.bad[position] = True
            cell = str(self.rows[column].iloc[position]) if column in self.rows else ""
            self.problems.append(
                Problem(self.file(position), int(self.lines[position]), found(int(position)), expected, hint, cell)
            )

    def guess(self, make: Callable[..., str], *of: object) -> str:
        """Return a hint; none once there are more mistakes than are printed: guessing takes longer than checking."""
        return make(*of) if len(self.problems) < SHOWN else ""

    def of_tables(self, positions: NDArray[np.intp]) -> NDArray[np.intp]:
        """Leave out rows of workbooks, marked as bad: what is wrong on a cover was said there, once."""
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
    """Yield every text of a column with the positions of the rows that hold it."""
    categories = finder.rows[column].cat
    codes = categories.codes.to_numpy()
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(len(categories.categories) + 1))
    for code, text in enumerate(categories.categories):
        positions = order[bounds[code] : bounds[code + 1]]
        if len(positions):
            yield text, positions


def say_always(text: str) -> Callable[[int], str]:
    """Return what says the same of every row."""
    return lambda _: text


def find_cell(row: Mapping[Any, Any] | pd.Series) -> str:
    """Return the cell of a row, empty for a row of a table."""
    return str(row["cell"]) if "cell" in row else ""


def place_of(row: Mapping[Any, Any] | pd.Series) -> str:
    """Return where a row stands: `file!sheet!cell` or `file:line`."""
    return f"{row['file']}!{row['cell']}" if find_cell(row) else f"{row['file']}:{row['line']}"
