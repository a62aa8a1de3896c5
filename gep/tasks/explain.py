"""Explains a stored value down to the cells it came from, and proves an account elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gep.certificate.against import Against
    from gep.certificate.verify import Verification
    from gep.explain.trace import Trace
    from gep.store.keys import AccountKey
    from gep.store.store import Store
    from gep.store.walk import Walk


def trace(store: Store, key: AccountKey, service: str | None = None, cell: str | None = None) -> Trace:
    """Return the explanation of a service, or of the total: each formula, the formula in numbers, and the origin of each number.

    Parameters
    ----------
    key     : where the account stands, as `Store.find` returns it
    service : id or Chinese name; None: the total
    cell    : id or Chinese name of an ecosystem type; None: all

    Returns
    -------
    Trace whose `steps` are the rules, the asked one first, each cell with `value` in its `unit`; none where there is no value

    Raises
    ------
    Problems : the account's standard counts no such service, or there is no such ecosystem type

    Examples
    --------
    >>> store = gep.open_store("outputs/gep.duckdb")
    >>> found = gep.trace(store, store.find("崇义县", 2022), "water_conservation")
    >>> found.steps[0].numbers, found.steps[0].value, found.steps[0].unit
    """
    from gep.explain.trace import make_trace

    with store:
        return make_trace(store, key, service, cell)


def verify(file: Path | str) -> Verification:
    """Compute a certificate again, without the store and the coefficient tables, and return where it differs.

    Returns
    -------
    Verification whose `differences` name every value that is not what was written, or does not follow from the rest of the file;
    none: the account is proved

    Raises
    ------
    Problems : the file cannot be read, or is not a certificate

    Examples
    --------
    >>> gep.verify("outputs/361027-2022-ndrc-2022.certificate.json").differences
    ()
    """
    from gep.certificate.verify import read_certificate
    from gep.certificate.verify import verify as compare

    return compare(read_certificate(Path(file)))


def verify_against(found: Verification, store: Path | str | None = None, head: str = "") -> Against:
    """Return what a verified certificate agrees with beyond itself: a store, and a head that stands on paper.

    Raises
    ------
    Problems : there is no such store, or it cannot be read; what was typed is no head
    """
    from gep.certificate.against import hold_against
    from gep.store.walk import read_typed_head

    return hold_against(found, None if store is None else Path(store), read_typed_head(head))


def verify_store(store: Path | str, head: str = "") -> Walk:
    """Walk the chain of a store and return whether all rows follow it, and whether a printed head is one of its links.

    Returns
    -------
    Walk whose `broken` names the first row of each table that does not follow, and whose `holds` says whether all does

    Raises
    ------
    Problems : there is no such store, or it cannot be read; what was typed is no head
    """
    from gep.store.walk import read_typed_head, walk_chain

    return walk_chain(Path(store), read_typed_head(head))
