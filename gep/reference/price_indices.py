"""The price indices that a standard may carry prices by, and what offices call them."""

from __future__ import annotations

from gep.messages.texts import Name
from gep.messages.title import Title

INDICES = {
    "cpi": Title("居民消费价格指数", "consumer price index"),
    "cpi-1978": Title("居民消费价格指数", "consumer price index"),
    "ppi": Title("工业生产者出厂价格指数", "producer price index"),
    "deflator": Title("国内生产总值平减指数", "deflator of the gross domestic product"),
}
"""Shipped indices by id; each is chained with rows of its own kind only."""


def name_index(index: str) -> str:
    """Return the id of an index with what it is an index of, in both languages; one that is not known as it is."""
    title = INDICES.get(index)
    return Name(f"{index} ({title.en})", f"{title.zh}（{index}）") if title else index
