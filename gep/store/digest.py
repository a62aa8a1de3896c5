"""The hash of rows of a table, column by column, and short marks that tell which row is no longer what it was."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Words = NDArray[np.uint64]

MOST_MARKS = 50_000
"""Marks kept of the rows of one link; where it has more rows, a mark stands for several rows in a row."""

ROWS_AT_ONCE = 20_000
"""Rows that are marked together: what is computed on the way stays small and near the processor."""

_ODD = np.uint64(0x9E3779B97F4A7C15)
_MARK, _WAY = 4, b"2"
"""Bytes of a mark, and the byte before the marks of a link that says how they are made."""
_TEXT, _FLOAT, _WHOLE = "text", "float", "whole"


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


def hash_rows(rows: pa.Table) -> str:
    """Return the sha256 of rows: of each column its name, kind, which cells are empty, and the cells.

    Numbers count as 64 bits, little-endian; texts as their lengths in bytes and their bytes in UTF-8.
    """
    digest = hashlib.sha256(str(rows.num_rows).encode())
    for name in rows.column_names:
        column = rows[name]
        kind = _kind_of(column)
        digest.update(f"\n{name} {kind}\n".encode())
        digest.update(_pack_empty(column))
        if kind == _TEXT:
            parts = [_split_text(part.cast(pa.large_string())) for part in column.chunks]
            for lengths, _ in parts:
                digest.update(np.ascontiguousarray(lengths, dtype="<i8").data)
            for _, content in parts:
                digest.update(content)
        else:
            for part in column.chunks:
                digest.update(_numbers(part, kind).data)
    return digest.hexdigest()


def _pack_empty(column: pa.ChunkedArray) -> bytes:
    """Return a bit a row, set where the cell is empty."""
    if not column.null_count:
        return bytes(-(-len(column) // 8))
    return np.packbits(column.is_null().to_numpy()).tobytes()


def mark_rows(rows: pa.Table) -> bytes:
    """Return a byte for the way and four bytes a row, or for each few rows where there are many, by which a changed row is found.

    They prove nothing; `hash_rows` does.
    """
    return _WAY + _mark_all(rows, _mark_each).astype("<u4").tobytes()


def compare_marks(kept: bytes, rows: pa.Table | None) -> tuple[list[int], list[int]]:
    """Return the marks that were kept of rows, and those of the rows that are there now, made in the same way.

    Parameters
    ----------
    rows : None: none are there
    """
    plain = len(kept) % _MARK == 0  # marks of links of before, without a byte for the way
    now = _mark_all(rows, _mark_each_before if plain else _mark_each).tolist() if rows is not None else []
    return np.frombuffer(kept[len(kept) % _MARK :], dtype="<u4").tolist(), now


def _mark_all(rows: pa.Table, mark_each: Callable[[pa.Table], Words]) -> NDArray[np.uint32]:
    parts = [rows.slice(first, ROWS_AT_ONCE) for first in range(0, rows.num_rows, ROWS_AT_ONCE)]
    if len(parts) > 1:
        with ThreadPoolExecutor(os.cpu_count()) as several:
            marks = np.concatenate([*several.map(mark_each, parts)])
    else:
        marks = mark_each(rows)
    step = count_rows_a_mark(rows.num_rows)
    if step > 1:
        marks = np.add.reduceat(_mix(marks + np.arange(len(marks), dtype=np.uint64)), np.arange(0, len(marks), step))
    elif mark_each is _mark_each:
        marks = _mix(marks)
    return (marks >> np.uint64(32)).astype(np.uint32)


def _mark_each(rows: pa.Table) -> Words:
    """Return 64 bits a row: the cells as words, each times an odd number of its column, added up."""
    marks = np.zeros(rows.num_rows, dtype=np.uint64)
    factors = _list_factors(rows.num_columns)
    for factor, name in zip(factors, rows.column_names, strict=True):
        column = _join(rows[name])
        kind = _kind_of(column)
        if kind == _TEXT:
            coded = _fill_text(column).dictionary_encode()
            of_text = _fold(_sum_text(coded.dictionary.cast(pa.large_string())))
            words = of_text.take(coded.indices.to_numpy(zero_copy_only=False))
        else:
            words = _fold(_numbers(column, kind).view("<u8"))
        if column.null_count:
            words[column.is_null().to_numpy(zero_copy_only=False)] = _ODD
        words *= factor
        marks += words
    return marks


def _sum_text(texts: pa.Array) -> Words:
    """Return 64 bits a text: its bytes by eights, each times an odd number of its place, added up with its length."""
    lengths, content = _split_text(texts)
    starts = np.cumsum(lengths) - lengths
    eights = (lengths + 7) >> 3
    first = np.cumsum(eights) - eights
    place = np.arange(int(eights.sum())) - np.repeat(first, eights)
    padded = np.zeros(len(content) + 8, dtype=np.uint8)
    padded[: len(content)] = np.frombuffer(content, dtype=np.uint8)
    anywhere = np.ndarray((len(content) + 1,), dtype="<u8", buffer=padded, strides=(1,))
    words = _fold(anywhere[np.repeat(starts, eights) + 8 * place], (first + eights - 1)[eights > 0], lengths[eights > 0])
    words *= _list_factors(1 << int(eights.max(initial=0)).bit_length())[place]
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(words, dtype=np.uint64)])
    return np.asarray(sums[first + eights] - sums[first] + lengths.astype(np.uint64) * _ODD, dtype=np.uint64)


def _fold(words: Words, last: NDArray[np.int64] | None = None, lengths: NDArray[np.int64] | None = None) -> Words:
    """Return words whose upper halves tell in the lower ones too: of two signs that change neither undoes the other.

    Parameters
    ----------
    last, lengths : which words are the last of a text, and the bytes of that text: what lies behind its end does not count
    """
    folded = words.astype(np.uint64)
    if last is not None and lengths is not None:
        behind = (-lengths % 8 * 8).astype(np.uint64)
        folded[last] = folded[last] << behind >> behind
    folded ^= folded >> np.uint64(32)
    return folded


@lru_cache(maxsize=16)
def _list_factors(count: int) -> Words:
    """Return odd numbers of 64 bits, the same for ever."""
    return _mix(np.arange(count, dtype=np.uint64)) | np.uint64(1)


def _mark_each_before(rows: pa.Table) -> Words:
    """Return 64 bits a row as links were marked before."""
    marks = np.zeros(rows.num_rows, dtype=np.uint64)
    for name in rows.column_names:
        column = _join(rows[name])
        kind = _kind_of(column)
        words = _text_words(column) if kind == _TEXT else _numbers(column, kind).view("<u8").astype(np.uint64)
        words = words + np.uint64(2)
        if column.null_count:
            words[column.is_null().to_numpy(zero_copy_only=False)] = np.uint64(1)
        marks = _mix(marks ^ _mix(words))
    return marks


def count_rows_a_mark(rows: int) -> int:
    """Return how many rows one mark stands for."""
    return max(1, -(-rows // MOST_MARKS))


def _join(column: pa.ChunkedArray) -> pa.Array:
    if pa.types.is_string(column.type):
        column = column.cast(pa.large_string())
    joined = column.combine_chunks()
    return joined if isinstance(joined, pa.Array) else pa.concat_arrays(joined.chunks)


def _kind_of(column: pa.Array | pa.ChunkedArray) -> str:
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return _TEXT
    return _FLOAT if pa.types.is_floating(column.type) else _WHOLE


def _numbers(column: pa.Array, kind: str) -> NDArray[np.generic]:
    filled = column.cast(pa.float64() if kind == _FLOAT else pa.int64())
    filled = filled.fill_null(0) if filled.null_count else filled
    return np.ascontiguousarray(filled.to_numpy(zero_copy_only=False), dtype="<f8" if kind == _FLOAT else "<i8")


def _split_text(column: pa.Array) -> tuple[NDArray[np.int64], memoryview]:
    """Return the lengths of texts in bytes, and all their bytes one after the other; an empty cell is a text of length 0."""
    filled = _fill_text(column)
    _, places, content = filled.buffers()
    ends = np.frombuffer(places, dtype=np.int64)[filled.offset : filled.offset + len(filled) + 1]
    return np.diff(ends), memoryview(content if content is not None else b"")[ends[0] : ends[-1]]


def _fill_text(column: pa.Array) -> pa.Array:
    return pc.if_else(column.is_null(), "", column) if column.null_count else column


def _text_words(column: pa.Array) -> Words:
    """Return 64 bits a text, equal for equal texts, as links were marked before; each distinct text is hashed once."""
    coded = _fill_text(column).dictionary_encode()
    lengths, content = _split_text(coded.dictionary.cast(pa.large_string()))
    ends = np.concatenate([[0], np.cumsum(lengths)])
    placed = np.arange(len(content)) - np.repeat(ends[:-1], lengths)
    placed <<= 8
    placed += np.frombuffer(content, dtype=np.uint8)
    known = 1 << int(lengths.max(initial=0)).bit_length()
    mixed = _mix_letters(known).take(placed) if len(placed) > known << 8 else _mix(placed.view(np.uint64))
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(mixed, dtype=np.uint64)])
    words = sums[ends[1:]] - sums[ends[:-1]]
    return np.asarray(words[coded.indices.to_numpy(zero_copy_only=False)], dtype=np.uint64)


@lru_cache(maxsize=1)
def _mix_letters(length: int) -> Words:
    """Return what `_mix` makes of each byte at each place of texts up to a length, by byte and 256 times the place."""
    return _mix(np.arange(length << 8, dtype=np.uint64))


def _mix(words: Words) -> Words:
    """Return words whose bits depend on all bits of those given (the last steps of splitmix64)."""
    mixed = words + _ODD
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed ^= mixed >> np.uint64(shift)
        mixed *= np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    return mixed
