"""Rows of the store for programs: accounts, services, lines, inputs, products, series, alerts and postings of the places that somebody sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from gep.store.store import Store

EXTRACTS = {
    "accounts": ("gep_account", ("county",)),
    "services": ("gep_service", ("county",)),
    "lines": ("gep_service_item", ("county",)),
    "inputs": ("gep_input", ("county",)),
    "coefficients": ("gep_coefficient_used", ("county",)),
    "products": ("product_catalogue", ("county",)),
    "alerts": ("alert_state", ("county",)),
    "series": ("series_state", ("county",)),
    "postings": ("transfer_standing", ("payer", "payee")),
}
"""Name → the view, and its columns with codes of places."""


def read_extract(
    store: Store, name: str, prefix: str, *, county: str = "", year: int | None = None, limit: int = 1000, offset: int = 0
) -> pa.Table:
    """Return rows of one of EXTRACTS in a fixed order, of places whose codes begin with a prefix.

    Parameters
    ----------
    county : six-digit code, or id of a party; empty: all
    year   : None: all
    """
    view, places = EXTRACTS[name]
    where, values = [], []
    if prefix:
        where.append("(" + " OR ".join(f"starts_with({column}, ?)" for column in places) + ")")
        values += [prefix] * len(places)
    if county:
        where.append("(" + " OR ".join(f"{column} = ?" for column in places) + ")")
        values += [county] * len(places)
    if year is not None:
        where.append(f"year = {int(year)}")
    condition = f" WHERE {' AND '.join(where)}" if where else ""
    query = f"SELECT * FROM {view}{condition} ORDER BY ALL LIMIT {int(limit)} OFFSET {int(offset)}"  # noqa: S608 - our own names, numbers
    with store:
        return store.connection.sql(query, params=values).to_arrow_table()
