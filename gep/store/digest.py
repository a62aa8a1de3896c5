"""The hash of rows of a table, column by column."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

WAY, BEFORE = b"3", b"2"
"""How rows are hashed: by runs of texts, or as before. The byte stands before the marks of a link; the oldest links have none."""

TEXT, FLOAT, WHOLE = "text", "float", "whole"


def choose_expression(column: str, kind: str) -> str:
    """Return the SQL that gives a column as whole numbers, floats or text, the same in every version of DuckDB.

    Parameters
    ----------
    kind : DuckDB's name of the column's type
    """
    name = '"' + column.replace('"', '""') + '"'
    if kind in {"BIGINT", "INTEGER", "SMALLINT", "TINYINT", "BOOLEAN"}:
        return f"CAST({name} AS BIGINT) AS {name}"
    if kind == "DOUBLE":
        return name
    if kind == "TIMESTAMP":
        return _tell_infinite(name, f"epoch_us({name})")
    if kind == "DATE":
        return _tell_infinite(name, f"CAST(datediff('day', DATE '1970-01-01', {name}) AS BIGINT)")
    return name if kind == "VARCHAR" else f"CAST({name} AS VARCHAR) AS {name}"


def _tell_infinite(name: str, number: str) -> str:
    """Return the SQL of a moment as a number: DuckDB's infinities are the largest and smallest there are, and not nothing."""
    ends = f"CASE WHEN {name} > '2000-01-01' THEN 9223372036854775807 ELSE -9223372036854775808 END"
    return f"CASE WHEN isinf({name}) THEN {ends} ELSE {number} END AS {name}"


def hash_rows(rows: pa.Table, way: bytes = WAY) -> str:
    """Return the sha256 of rows: of each column its name, kind, which cells are empty, and the cells.

    Numbers count as 64 bits, little-endian. Texts count as runs of one text: how many runs there are, the row after each, the
    lengths of their texts in bytes, and these in UTF-8. Before, each cell counted with its length and its bytes.

    Parameters
    ----------
    rows : texts may be coded, with each text once in the dictionary; that makes no difference to the hash
    way  : how it is made, as `find_way` gives it of a link
    """
    digest = hashlib.sha256(str(rows.num_rows).encode())
    for name in rows.column_names:
        column = rows[name]
        kind = kind_of(column)
        digest.update(f"\n{name} {kind}\n".encode())
        digest.update(_pack_empty(column))
        if kind != TEXT:
            for part in column.chunks:
                digest.update(read_numbers(part, kind).data)
        elif way == WAY:
            _add_runs(digest, join_chunks(column))
        else:
            parts = [split_text(part.cast(pa.large_string())) for part in column.chunks]
            for lengths, _ in parts:
                digest.update(np.ascontiguousarray(lengths, dtype="<i8").data)
            for _, content in parts:
                digest.update(content)
    return digest.hexdigest()


def _add_runs(digest: Any, texts: pa.Array) -> None:
    """Add the runs of texts to a digest; an empty cell is a text of length 0."""
    if pa.types.is_dictionary(texts.type):
        codes, blank = read_codes(texts), pc.index(texts.dictionary, "").as_py()
        if texts.null_count and blank >= 0:  # they hash alike, and stand in one run
            codes = np.where(codes == blank, codes.dtype.type(-1), codes)
        changes = codes[1:] != codes[:-1]
    else:
        texts = fill_text(texts)
        changes = pc.not_equal(texts.slice(1), texts.slice(0, max(len(texts) - 1, 0))).to_numpy(zero_copy_only=False)
    ends = np.append(np.flatnonzero(changes) + 1, len(texts)) if len(texts) else np.empty(0, np.int64)
    first = texts if len(ends) == len(texts) else texts.take(pa.array(np.append(0, ends[:-1])))
    if pa.types.is_dictionary(first.type):
        first = fill_text(first.dictionary_decode().cast(pa.large_string()))
    lengths, content = split_text(first)
    digest.update(len(ends).to_bytes(8, "little"))
    for numbers in (ends, lengths):
        digest.update(np.ascontiguousarray(numbers, dtype="<i8").data)
    digest.update(content)


def _pack_empty(column: pa.ChunkedArray) -> bytes:
    """Return a bit a row, set where the cell is empty."""
    if not column.null_count:
        return bytes(-(-len(column) // 8))
    return np.packbits(column.is_null().to_numpy()).tobytes()


def join_chunks(column: pa.ChunkedArray) -> pa.Array:
    """Return a column as one array, texts with places of 64 bits."""
    if pa.types.is_string(column.type):
        column = column.cast(pa.large_string())
    joined = column.combine_chunks()
    return joined if isinstance(joined, pa.Array) else pa.concat_arrays(joined.chunks)


def kind_of(column: pa.Array | pa.ChunkedArray) -> str:
    """Return what a column counts as: TEXT, FLOAT or WHOLE."""
    if pa.types.is_dictionary(column.type) or pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return TEXT
    return FLOAT if pa.types.is_floating(column.type) else WHOLE


def read_numbers(column: pa.Array, kind: str) -> NDArray[np.generic]:
    """Return numbers as 64 bits, 0 where a cell is empty.

    Parameters
    ----------
    kind : FLOAT or WHOLE
    """
    filled = column.cast(pa.float64() if kind == FLOAT else pa.int64())
    filled = filled.fill_null(0) if filled.null_count else filled
    return np.ascontiguousarray(filled.to_numpy(zero_copy_only=False), dtype="<f8" if kind == FLOAT else "<i8")


def read_codes(texts: pa.DictionaryArray) -> NDArray[np.signedinteger[Any]]:
    """Return the codes of coded texts, -1 where a cell is empty."""
    indices = texts.indices if pa.types.is_signed_integer(texts.indices.type) else texts.indices.cast(pa.int64())
    codes: NDArray[np.signedinteger[Any]] = (indices.fill_null(-1) if indices.null_count else indices).to_numpy()
    return codes


def split_text(column: pa.Array) -> tuple[NDArray[np.int64], memoryview]:
    """Return the lengths of texts in bytes, and all their bytes one after the other; an empty cell is a text of length 0."""
    filled = fill_text(column)
    _, places, content = filled.buffers()
    ends = np.frombuffer(places, dtype=np.int64)[filled.offset : filled.offset + len(filled) + 1]
    return np.diff(ends), memoryview(content if content is not None else b"")[ends[0] : ends[-1]]


def fill_text(column: pa.Array) -> pa.Array:
    """Return texts with the empty text where a cell is empty."""
    return pc.if_else(column.is_null(), "", column) if column.null_count else column
