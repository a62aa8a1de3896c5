"""Reads files and folders of input tables and says everything that is wrong with them at once."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from gep.inputs.check import check_rows
from gep.inputs.rows import COLUMNS, OPTIONAL, Inputs
from gep.places import printed_path
from gep.problems import Problem, refuse
from gep.tables import Table, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gep.formula.nodes import Coefficient

SUFFIXES = (".csv", ".parquet")
MEANT = ("county", "year", "variable", "ecosystem", "pollutant", "product", "value", "unit", "source", "note")


def read_inputs(paths: Iterable[Path], coefficients: dict[str, Coefficient], applicable: frozenset[str]) -> Inputs:
    """Return the validated rows of files and folders.

    Parameters
    ----------
    paths : CSV and Parquet files, or folders that hold them
    coefficients : coefficients that may be entered as local values, by id
    applicable : ids of services and lines that a row may state not to apply

    Raises
    ------
    Problems : everything that is wrong in all files
    """
    files, problems = _files(paths)
    tables: list[Table] = []
    for path in files:
        table, found = read_table(path, COLUMNS, OPTIONAL)
        problems += found
        if table is not None:
            tables.append(table)
    inputs, found = check_rows(_joined(tables), coefficients, applicable)
    refuse([*problems, *found])
    inputs.files.update({printed_path(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files})
    return inputs


def _files(paths: Iterable[Path]) -> tuple[list[Path], list[Problem]]:
    files: list[Path] = []
    problems: list[Problem] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(one for one in path.iterdir() if one.suffix.lower() in SUFFIXES and one.is_file())
            if not inside:
                problems.append(Problem(printed_path(path), 0, "the folder holds no input table", "files in .csv or .parquet"))
            files += inside
        elif not path.exists():
            problems.append(Problem(printed_path(path), 0, "there is no such file or folder", "an input file or a folder"))
        elif path.suffix.lower() not in SUFFIXES:
            problems.append(
                Problem(printed_path(path), 0, f"files in {path.suffix or 'no format'} are not read", ".csv or .parquet")
            )
        else:
            files.append(path)
    return list(dict.fromkeys(file.resolve() for file in files)), problems


def _joined(tables: list[Table]) -> pd.DataFrame:
    """Return the rows of all tables; text columns as categories, the value as given."""
    frames = []
    for table in tables:
        columns: dict[str, Any] = {}
        for name in MEANT:
            column = table.columns[name]
            if name == "value":
                columns[name] = column.to_pandas()
            else:
                text = column.cast(pa.string()) if not pa.types.is_string(column.type) else column
                columns[name] = text.dictionary_encode().to_pandas()
        frame = pd.DataFrame(columns)
        frame["line"] = table.lines.to_numpy()
        frame["file"] = pd.Categorical.from_codes(np.zeros(len(frame), dtype=np.int8), categories=pd.Index([table.file]))
        frames.append(frame)
    if not frames:
        return pd.DataFrame({name: [] for name in (*MEANT, "line", "file")})
    if len(frames) == 1:
        return frames[0]
    for name in (*(name for name in MEANT if name != "value"), "file"):
        united = pd.api.types.union_categoricals([frame[name].astype("category") for frame in frames])
        start = 0
        for frame in frames:
            frame[name] = pd.Categorical.from_codes(united.codes[start : start + len(frame)], dtype=united.dtype)
            start += len(frame)
    mixed = len({frame["value"].dtype for frame in frames}) > 1
    if mixed:
        for frame in frames:
            frame["value"] = frame["value"].map(lambda value: value if isinstance(value, str) else repr(float(value)))
    return pd.concat(frames, ignore_index=True)
