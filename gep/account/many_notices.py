"""Notices by the hundred thousand: kept as columns and put in order as numbers, made one by one for whoever looks at them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gep.account.notices import Notice
from gep.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class NoticeColumns:
    """Notices of one code and service: accounts, and a text in each language for each of them."""

    accounts: NDArray[np.int64]
    code: str
    service: str
    text_zh: pa.Array
    text_en: pa.Array


class Notices(Sequence[Notice]):
    """Notices sorted by account, code, service and texts.

    Attributes
    ----------
    table : account, code, service (coded), text_zh, text_en
    """

    def __init__(self, parts: Iterable[Notice | NoticeColumns]) -> None:
        columns = _gather(parts)
        codes, services = (sorted({getattr(one, name) for one in columns}) for name in ("code", "service"))
        lengths = [len(one.accounts) for one in columns]
        code = np.repeat([codes.index(one.code) for one in columns], lengths).astype(np.int64)
        service = np.repeat([services.index(one.service) for one in columns], lengths).astype(np.int64)
        account = np.concatenate([np.zeros(0, np.int64), *(one.accounts for one in columns)])
        text_zh, text_en = (
            pa.concat_arrays([pa.array([], pa.large_string()), *(getattr(one, name) for one in columns)])
            for name in ("text_zh", "text_en")
        )
        key = (account * len(codes) + code) * len(services) + service
        order = np.argsort(key, kind="stable")
        texts = [one.take(pa.array(order)) for one in (text_zh, text_en)]
        if _sort_by_text(order, key[order], *texts):
            texts = [one.take(pa.array(order)) for one in (text_zh, text_en)]
        self.table = pa.table(
            {
                "account": account[order].astype(np.int32),
                "code": pa.DictionaryArray.from_arrays(code[order].astype(np.int32), pa.array(codes, pa.string())),
                "service": pa.DictionaryArray.from_arrays(service[order].astype(np.int32), pa.array(services, pa.string())),
                "text_zh": texts[0],
                "text_en": texts[1],
            }
        )

    def __len__(self) -> int:
        """Return how many notices there are."""
        return int(self.table.num_rows)

    @overload
    def __getitem__(self, at: int) -> Notice: ...
    @overload
    def __getitem__(self, at: slice) -> list[Notice]: ...
    def __getitem__(self, at: int | slice) -> Notice | list[Notice]:
        """Return one, or some as a list."""
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        return Notice(**self.table.slice(range(len(self))[at], 1).to_pylist()[0])

    def __iter__(self) -> Iterator[Notice]:
        """Yield all in their order."""
        return (Notice(**one) for part in self.table.to_batches(max_chunksize=10_000) for one in part.to_pylist())


def _gather(parts: Iterable[Notice | NoticeColumns]) -> list[NoticeColumns]:
    """Return columns of notices; single ones of one code and service are put together."""
    columns, single = [], dict[tuple[str, str], list[Notice]]()
    for one in parts:
        if isinstance(one, NoticeColumns):
            columns.append(one)
        else:
            single.setdefault((one.code, one.service), []).append(one)
    for (code, service), several in single.items():
        accounts = np.array([one.account for one in several], dtype=np.int64)
        texts = (pa.array([getattr(one, name) for one in several], pa.large_string()) for name in ("text_zh", "text_en"))
        columns.append(NoticeColumns(accounts, code, service, *texts))
    return columns


def _sort_by_text(order: NDArray[np.intp], key: NDArray[np.int64], text_zh: pa.Array, text_en: pa.Array) -> bool:
    """Sort those of one key by their texts too, in place, and return whether there was anything to do: most are sorted already.

    Parameters
    ----------
    key, text_zh, text_en : of the notices in this order
    """
    zh, en = ((one.slice(0, max(len(one) - 1, 0)), one.slice(1)) for one in (text_zh, text_en))
    behind = pc.or_(pc.greater(*zh), pc.and_(pc.equal(*zh), pc.greater(*en)))
    wrong = np.flatnonzero(behind.to_numpy(zero_copy_only=False) & (key[1:] == key[:-1]))
    for one in np.unique(key[wrong]):
        begin, end = (int(np.searchsorted(key, one, side)) for side in ("left", "right"))
        written = [*zip(*(texts.slice(begin, end - begin).to_pylist() for texts in (text_zh, text_en)), strict=True)]
        order[begin:end] = order[begin:end][sorted(range(end - begin), key=written.__getitem__)]
    return bool(len(wrong))
