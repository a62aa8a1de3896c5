"""Short floating numbers of a Parquet table are the decimals that were given, whatever their width."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from gep.files.table import read_table
from gep.inputs.read import gather
from gep.rules.catalogue import COEFFICIENTS

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


ROWS = [
    ("361027", 2022, "land_area", 1358.0, "km^2", "年鉴", None),
    ("361027", 2022, "population", 25.0, "10000 person", "年鉴", " 注 "),
    ("360724", 2022, "land_area", 2208.0, "km^2", "公报", ""),
    ("361027", 2023, "land_area", 1358.0, "km^2", "", "nan"),
    ("999999", 2022, "gdp", 1.0, "CNY", "年鉴", "x"),
]
"""County, year, variable, value, unit, source, note: the last county is none, one figure has no source."""


@pytest.mark.parametrize("form", ["coded", "coded otherwise", "many groups of rows", "short numbers"])
def test_texts_of_a_table_are_the_same_figures_and_problems_however_the_file_holds_them(tmp_path: Path, form: str) -> None:
    names = ("county", "year", "variable", "value", "unit", "source", "note")
    table = pa.table(dict(zip(names, map(list, zip(*ROWS, strict=True)), strict=True)))
    pq.write_table(table, tmp_path / "plain.parquet", use_dictionary=False)
    plain, problems = gather([tmp_path / "plain.parquet"], COEFFICIENTS, frozenset())
    for name in names:
        kind = table.schema.field(name).type
        if form == "short numbers" and name == "year":
            table = table.set_column(1, name, table[name].cast(pa.int16()))
        elif form == "coded otherwise" and pa.types.is_string(kind):  # in another order, with a text that no row has
            texts = pa.array(sorted({*table[name].to_pylist(), "other"} - {None}, reverse=True))
            codes = pc.index_in(table[name].combine_chunks(), texts).cast(pa.uint8())
            table = table.set_column(names.index(name), name, pa.DictionaryArray.from_arrays(codes, texts))
        elif form == "coded" and pa.types.is_string(kind):
            table = table.set_column(names.index(name), name, table[name].dictionary_encode())
    pq.write_table(table, tmp_path / "plain.parquet", row_group_size=2 if form == "many groups of rows" else None)
    found, again = gather([tmp_path / "plain.parquet"], COEFFICIENTS, frozenset())
    assert again == problems
    assert len(problems) == 2
    assert found.accounts.equals(plain.accounts)
    assert found.rows.astype(str).equals(plain.rows.astype(str))
    assert [*found.rows["variable"].cat.categories] == [*plain.rows["variable"].cat.categories]
