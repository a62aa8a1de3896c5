"""Numbers what rows hold together, so that what is the same for many rows is looked at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

PLACES_A_ROW = 4
"""Flags a row up to which keys are numbered by a flag for each that there may be, without sorting them."""
FEWEST_PLACES = 1 << 16


def number_keys(keys: NDArray[np.integer[Any]], most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the number of each key among those that occur, in their order, and these keys.

    Parameters
    ----------
    keys : from 0 up to `most` and less, of shape (rows,)
    """
    occurs = _flag_keys(keys, most)
    if occurs is None:
        distinct, numbers = np.unique(keys, return_inverse=True)
        return numbers.reshape(-1), distinct.astype(np.int64)
    return (np.cumsum(occurs) - 1)[keys], np.flatnonzero(occurs)


def list_keys(keys: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return the keys that occur, sorted.

    Parameters
    ----------
    keys : as in `number_keys`
    """
    occurs = _flag_keys(keys, most)
    return np.unique(keys) if occurs is None else np.flatnonzero(occurs)


def has_twice(keys: NDArray[np.int64], most: int) -> bool:
    """Return whether some key stands in two rows.

    Parameters
    ----------
    keys : as in `number_keys`
    """
    return len(list_keys(keys, most)) < len(keys)


def sort_by_number(numbers: NDArray[np.integer[Any]], count: int) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Return the rows in the order of their numbers, those of one number as they stood, and where each number begins and the last ends.

    Parameters
    ----------
    numbers : from 0 up to `count` and less, of shape (rows,)
    """
    if (numbers[1:] >= numbers[:-1]).all():
        return np.arange(len(numbers)), np.searchsorted(numbers, np.arange(count + 1))
    small = np.min_scalar_type(max(count - 1, 0))  # of two bytes or one are sorted without comparing
    bounds = np.append(0, np.cumsum(np.bincount(numbers, minlength=count)))
    return np.argsort(numbers.astype(small, copy=False), kind="stable"), bounds


def _flag_keys(keys: NDArray[np.integer[Any]], most: int) -> NDArray[np.bool_] | None:
    """Return which of all keys occur; None where there may be too many for a flag each."""
    if most > max(PLACES_A_ROW * len(keys), FEWEST_PLACES):
        return None
    occurs = np.zeros(most, dtype=bool)
    occurs[keys] = True
    return occurs
