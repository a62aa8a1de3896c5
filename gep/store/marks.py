"""Short marks of rows, kept with each link, that tell which row is no longer what it was."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gep.store.digest import BEFORE, TEXT, WAY, fill_text, join_chunks, kind_of, read_codes, read_numbers, split_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Words = NDArray[np.uint64]

MOST_MARKS = 50_000
"""Marks kept of the rows of one link; where it has more rows, a mark stands for several rows in a row."""

ROWS_AT_ONCE = 20_000
"""Rows that are marked together: what is computed on the way stays small and near the processor."""

_ODD = np.uint64(0x9E3779B97F4A7C15)
_MARK = 4
"""Bytes of a mark."""
_SAMPLE = 500
"""Texts that are looked at to see whether most differ."""


def mark_rows(rows: pa.Table) -> bytes:
    """Return a byte for the way and four bytes a row, or for each few rows where there are many, by which a changed row is found.

    They prove nothing; `hash_rows` does.
    """
    return WAY + _mark_now(rows).astype("<u4").tobytes()


def find_way(marks: bytes) -> bytes:
    """Return the way in which the rows of a link were hashed, of the marks that were kept of them."""
    return WAY if len(marks) % _MARK and marks[:1] == WAY else BEFORE


def compare_marks(kept: bytes, rows: pa.Table | None) -> tuple[list[int], list[int]]:
    """Return the marks that were kept of rows, and those of the rows that are there now, made in the same way.

    Parameters
    ----------
    rows : None: none are there
    """
    plain = len(kept) % _MARK == 0  # marks of links of before, without a byte for the way
    now = (_mark_all(rows, _mark_each_before) if plain else _mark_now(rows)).tolist() if rows is not None else []
    return np.frombuffer(kept[len(kept) % _MARK :], dtype="<u4").tolist(), now


def _mark_now(rows: pa.Table) -> NDArray[np.uint32]:
    """Return the marks of rows as links are marked today."""
    of_texts = {
        name: np.append(_find_text_words(rows[name].chunk(0).dictionary), _ODD) * factor
        for factor, name in zip(_list_factors(rows.num_columns), rows.column_names, strict=True)
        if rows[name].num_chunks == 1 and pa.types.is_dictionary(rows[name].type)
    }
    return _mark_all(rows, partial(_mark_each, of_texts=of_texts), mixed=True)


def _mark_all(rows: pa.Table, mark_each: Callable[[pa.Table], Words], *, mixed: bool = False) -> NDArray[np.uint32]:
    parts = [rows.slice(first, ROWS_AT_ONCE) for first in range(0, rows.num_rows, ROWS_AT_ONCE)]
    if len(parts) > 1:
        with ThreadPoolExecutor(os.cpu_count()) as several:
            marks = np.concatenate([*several.map(mark_each, parts)])
    else:
        marks = mark_each(rows)
    step = count_rows_a_mark(rows.num_rows)
    if step > 1:
        marks = np.add.reduceat(_mix(marks + np.arange(len(marks), dtype=np.uint64)), np.arange(0, len(marks), step))
    elif mixed:
        marks = _mix(marks)
    return (marks >> np.uint64(32)).astype(np.uint32)


def _mark_each(rows: pa.Table, of_texts: Mapping[str, Words]) -> Words:
    """Return 64 bits a row: the cells as words, each times an odd number of its column, added up.

    Parameters
    ----------
    of_texts : of coded columns the words of each code, and of an empty cell as the last, times the number of the column
    """
    marks = np.zeros(rows.num_rows, dtype=np.uint64)
    factors = _list_factors(rows.num_columns)
    for factor, name in zip(factors, rows.column_names, strict=True):
        column = join_chunks(rows[name])
        kind = kind_of(column)
        if name in of_texts:
            of_one = len(column.dictionary) == 1 and not column.null_count
            marks += of_texts[name][0] if of_one else of_texts[name].take(read_codes(column))
            continue
        if column.null_count == len(column):
            marks += np.full(1, _ODD) * factor
            continue
        words = _find_words(column) if kind == TEXT else _fold(read_numbers(column, kind).view("<u8"))
        if column.null_count:
            words[column.is_null().to_numpy(zero_copy_only=False)] = _ODD
        words *= factor
        marks += words
    return marks


def _find_words(texts: pa.Array) -> Words:
    """Return 64 bits a text; of texts that stand in many rows they are found once."""
    if not pa.types.is_dictionary(texts.type):
        texts = fill_text(texts)
        sample = texts.slice(0, _SAMPLE)
        if pc.count_distinct(sample).as_py() * 2 > len(sample):
            return _find_text_words(texts)
        texts = texts.dictionary_encode()
    return np.append(_find_text_words(texts.dictionary), _ODD).take(read_codes(texts))


def _find_text_words(texts: pa.Array) -> Words:
    return _fold(_sum_text(texts.cast(pa.large_string())))


def _sum_text(texts: pa.Array) -> Words:
    """Return 64 bits a text: its bytes by eights, each times an odd number of its place, added up with its length."""
    lengths, content = split_text(texts)
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
        column = join_chunks(rows[name])
        kind = kind_of(column)
        words = _text_words(column) if kind == TEXT else read_numbers(column, kind).view("<u8").astype(np.uint64)
        words = words + np.uint64(2)
        if column.null_count:
            words[column.is_null().to_numpy(zero_copy_only=False)] = np.uint64(1)
        marks = _mix(marks ^ _mix(words))
    return marks


def count_rows_a_mark(rows: int) -> int:
    """Return how many rows one mark stands for."""
    return max(1, -(-rows // MOST_MARKS))


def _text_words(column: pa.Array) -> Words:
    """Return 64 bits a text, equal for equal texts, as links were marked before; each distinct text is hashed once."""
    coded = fill_text(column).dictionary_encode()
    lengths, content = split_text(coded.dictionary.cast(pa.large_string()))
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
