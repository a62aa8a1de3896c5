"""Short floating numbers of a Parquet table are the decimals that were given, whatever their width."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gep.files.table import read_table

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("kind", [pa.float16(), pa.float32(), pa.float64()])
def test_a_number_is_read_as_it_was_given(tmp_path: Path, kind: pa.DataType) -> None:
    given = [115.75, 0.5, -1024.0] if kind == pa.float16() else [115.77, 0.1, 123456.7, 1e-7, 3.4e38]
    column = pa.array(np.array(given, kind.to_pandas_dtype()), kind)
    pq.write_table(pa.table({"value": column, "unit": ["t"] * len(given)}), tmp_path / "a.parquet")
    table, problems = read_table(tmp_path / "a.parquet", ("value", "unit"), ())
    assert problems == []
    assert table is not None
    assert table.columns["value"].to_pylist() == given


def test_an_empty_cell_stays_empty(tmp_path: Path) -> None:
    pq.write_table(pa.table({"value": pa.array([0.1, None, 2.5], pa.float32()), "unit": ["t"] * 3}), tmp_path / "a.parquet")
    table, _ = read_table(tmp_path / "a.parquet", ("value", "unit"), ())
    assert table is not None
    assert table.columns["value"].to_pylist() == [0.1, None, 2.5]
