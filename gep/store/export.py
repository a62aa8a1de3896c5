"""Writes the store's views as Parquet in folders of province and year, which any engine reads; whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gep.files.writing import write_whole_folder
from gep.messages.problems import refuse_one
from gep.messages.texts import mark_word
from gep.reference.regions import NATION, find_province
from gep.store.chain import read_head
from gep.store.comments import COMMENTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import duckdb

    from gep.store.chain import Head

VIEWS = {
    "gep_account": "one row a county, year and standard: totals, what they cover, ratios",
    "gep_service": "one row a service",
    "gep_service_ecosystem": "value by service and ecosystem type",
    "gep_shown": "figures that the standard only shows, in no total",
    "gep_input": "every input with its source and address",
    "gep_coefficient_used": "every coefficient used, its source and what it beat",
}
"""View → what it holds; each becomes a folder."""

MARK, PART_NAME = "README.txt", "part-0.parquet"
PARTS = 4
"""Names in a path: view, province, year, file."""


@dataclass(frozen=True)
class Exported:
    """A folder that was written: view → rows, files and bytes."""

    folder: str
    rows: dict[str, int]
    files: int
    bytes: int


def write_export(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    *,
    replace: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Exported:
    """Write all views to FOLDER/VIEW/province=360000/year=2022/part-0.parquet, and README.txt with the schema.

    One year of one view is in memory at a time. Rows are in the order of all columns' values from the left, so the same
    store gives the same bytes. Everything is written beside the folder and renamed at the end.

    Parameters
    ----------
    replace  : whether an earlier export in the folder is written anew
    progress : is told each year and view, and an empty text at the end

    Raises
    ------
    Problems : the folder is there and not to be replaced, or is not an export; the store is empty; no room, no right to write
    """
    _check_target(folder, replace=replace)
    years = [int(row[0]) for row in connection.execute("SELECT DISTINCT year FROM latest ORDER BY 1").fetchall()]
    if not years:
        refuse_one(mark_word("store"), "there is no account to export", "gep run makes some")
    with write_whole_folder(folder, "export") as temporary:
        rows, schemas = dict.fromkeys(VIEWS, 0), {}
        for year in years:
            for view in VIEWS:
                progress(f"{year} {view}")
                table = connection.sql(f"SELECT * FROM {view} WHERE year = {year} ORDER BY ALL").to_arrow_table()  # noqa: S608 - our own names
                rows[view] += table.num_rows
                schemas[view] = table.schema
                _write(table, temporary / view, year)
        (temporary / MARK).write_text(_readme(rows, schemas, years, read_head(connection)), "utf-8")
        files = [path for path in temporary.rglob("*") if path.is_file()]
        found = Exported(str(folder), rows, len(files), sum(path.stat().st_size for path in files))
    progress("")
    return found


def _write(table: pa.Table, folder: Path, year: int) -> None:
    codes = pc.dictionary_encode(table["county"].combine_chunks())
    names = pa.array([f"{find_province(code)}0000" if find_province(code) else NATION for code in codes.dictionary.to_pylist()])
    provinces = names.take(codes.indices)
    for province in sorted(pc.unique(provinces).to_pylist()):
        part = table.filter(pc.equal(provinces, province)).drop_columns(["year"])
        target = folder / f"province={province}" / f"year={year}"
        target.mkdir(parents=True)
        pq.write_table(part, target / PART_NAME, compression="zstd", row_group_size=1 << 18)


def _check_target(folder: Path, *, replace: bool) -> None:
    if not folder.exists():
        return
    name = str(folder)
    if not folder.is_dir():
        refuse_one(name, "there is a file of this name", "a folder that does not exist yet")
    inside = {path.name for path in folder.iterdir()}
    if not inside:
        return
    if MARK not in inside or any(one.is_file() and not _is_of_export(one.relative_to(folder)) for one in folder.rglob("*")):
        refuse_one(name, "the folder is not empty and holds other things than an export", "a new or an empty folder")
    if not replace:
        refuse_one(name, "the folder holds an export already", "a new or an empty folder", "--replace writes it anew")


def _is_of_export(path: Path) -> bool:
    """Whether a file of an export has a name that exports write."""
    return str(path) == MARK or (len(path.parts) == PARTS and path.parts[0] in VIEWS and path.name == PART_NAME)


def _readme(rows: dict[str, int], schemas: dict[str, Any], years: list[int], head: Head) -> str:
    lines = [
        "Accounts of Gross Ecosystem Product (GEP), exported by gep export.",
        "",
        f"Years {years[0]} to {years[-1]}. A view is a folder; in it Parquet files (zstd) in folders of province and year,",
        "VIEW/province=360000/year=2022/part-0.parquet. province and year stand in the path only (Hive partitions), both are",
        "whole numbers; province is the first two digits of county and four zeros. county is text.",
        "Empty (null) means missing, never zero. Money is in yuan of the account's year unless the column says otherwise.",
        "Only the newest run of a county, year and standard is here; `run` is its number in the store.",
        f"Head of the store's chain when it was exported: {head.sha256} (link {head.link}); gep verify --store FILE --head finds it.",
        "",
        "DuckDB      SELECT * FROM read_parquet('FOLDER/gep_service/**/*.parquet', hive_partitioning = true)",
        "Polars      pl.scan_parquet('FOLDER/gep_service/**/*.parquet', hive_partitioning=True)",
        "Spark       spark.read.parquet('FOLDER/gep_service')",
        "ClickHouse  SELECT * FROM file('gep_service/**/*.parquet') SETTINGS use_hive_partitioning = 1",
        "Trino       an external table of the Hive connector with partitioned_by = ARRAY['province', 'year']",
        "Reading back equal is tested with DuckDB and Polars; the others go by the same layout of folders and are not tested.",
    ]
    for view, about in VIEWS.items():
        lines += ["", f"{view}: {about}; {rows[view]:,} rows"]
        width = max(len(name) for name in schemas[view].names)
        for field in schemas[view]:
            place = " (in the path)" if field.name == "year" else ""
            lines.append(f"  {field.name:<{width}}  {field.type!s:<7} {COMMENTS.get(field.name, '')}{place}")
        lines.append(f"  {'province':<{width}}  {'int64':<7} first two digits of county, with four zeros (in the path)")
    return "\n".join(lines) + "\n"
