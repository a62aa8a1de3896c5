"""Tables of what land classes do to soil and nutrients: a row a class (`lucode`), columns named as in the biophysical tables of InVEST."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gep.files.table import read_table
from gep.messages.problems import Problem, refuse
from gep.messages.texts import join_list, mark_word, say
from gep.paths import print_path
from gep.reference.crosswalk import read_class_number
from gep.space.raster.sources import hash_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

CODE = "lucode"
SOIL = {"usle_c": (0.0, 1.0), "usle_p": (0.0, 1.0)}
LARGEST_LOAD, LARGEST_LENGTH = 1e4, 1e5
NUTRIENT = {"load": (0.0, LARGEST_LOAD), "eff": (0.0, 1.0), "crit_len": (0.0, LARGEST_LENGTH)}
"""Columns of a nutrient, each with _n or _p after it → least and most; loads in kg/ha/yr, lengths in metres."""
BELOW = "proportion_subsurface_n"
APPLIED, MEASURED = "application-rate", "measured-runoff"
DESCRIBING = ("description", "lulc_desc", "lulc_name", "source", "note")


@dataclass(frozen=True)
class ClassValues:
    """Figures and words of land classes.

    Attributes
    ----------
    figures : column → class number → figure
    words   : column → class number → word
    cited   : file and hash
    """

    figures: Mapping[str, Mapping[int, float]]
    words: Mapping[str, Mapping[int, str]]
    cited: str

    def spread(self, column: str, places: NDArray[np.int16], numbers: Sequence[int]) -> NDArray[np.float64]:
        """Return a figure pixel by pixel; NaN where the class is not known.

        Parameters
        ----------
        places  : position of the class of each pixel; negative where it has none
        numbers : class number by position
        """
        of = self.figures[column]
        table = np.array([*(of.get(number, np.nan) for number in numbers), np.nan])
        return np.asarray(table[np.where(places < 0, len(numbers), places)])


def read_class_values(
    path: Path, figures: Mapping[str, tuple[float, float]], words: Mapping[str, Sequence[str]], present: Iterable[int]
) -> ClassValues:
    """Return the figures of a table.

    Parameters
    ----------
    figures : column → least and most
    words   : column → what may stand there
    present : numbers of the classes that occur; each needs a row

    Raises
    ------
    Problems : columns that are not there, cells that are no such figures or words, classes twice or without a row
    """
    others = [*SOIL, *(f"{name}_{of}" for name in (*NUTRIENT, "load_type") for of in "np"), BELOW, *DESCRIBING]
    wanted = (CODE, *figures, *words)
    table, problems = read_table(path, wanted, tuple(name for name in others if name not in wanted))
    refuse(problems if table is None or problems else [])
    assert table is not None  # noqa: S101 - refuse has raised otherwise
    shown = print_path(path)
    found: dict[str, dict[int, float]] = {name: {} for name in figures}
    said: dict[str, dict[int, str]] = {name: {} for name in words}
    lines: dict[int, int] = {}
    for row, line in zip(table.columns.to_pylist(), table.lines.to_pylist(), strict=True):
        cells = {name: str(row[name] or "").strip() for name in wanted}
        number = read_class_number(cells[CODE])
        if number is None or number in lines:
            told = (
                say("the class is {text!r}", text=cells[CODE])
                if number is None
                else say("class {code} stands already in line {line}", code=number, line=lines[number])
            )
            problems.append(Problem(shown, line, told, say("a number of the land cover, each once")))
            continue
        lines[number] = line
        for name, (least, most) in figures.items():
            figure = _read(cells[name])
            if figure is None or not least <= figure <= most:
                told = say("{column} of class {code} is {text!r}", column=name, code=number, text=cells[name])
                problems.append(
                    Problem(shown, line, told, say("between {least} and {most}", least=f"{least:g}", most=f"{most:g}"))
                )
            found[name][number] = figure if figure is not None else np.nan
        for name, allowed in words.items():
            if cells[name] not in allowed:
                told = say("{column} of class {code} is {text!r}", column=name, code=number, text=cells[name])
                problems.append(Problem(shown, line, told, say("one of {names}", names=join_list(map(mark_word, allowed)))))
            said[name][number] = cells[name]
    lacking = sorted(set(present) - set(lines))
    if lacking and not problems:
        told = say("there is no row for the classes {codes}, which occur", codes=join_list(map(str, lacking)))
        problems.append(Problem(shown, 0, told, "a row for every class that occurs"))
    refuse(problems)
    return ClassValues(found, said, f"{path.name} sha256:{hash_file(str(path))[:16]}")


def _read(text: str) -> float | None:
    try:
        figure = float(text)
    except ValueError:
        return None
    return figure if np.isfinite(figure) else None
