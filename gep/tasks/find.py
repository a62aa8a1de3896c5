"""Finds the account that is meant, and shows what stands in a place: an account, or a sum of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.problems import Problems, refuse_one
from gep.messages.texts import join_list, say
from gep.reference.regions import find_retired, read_regions
from gep.reference.retired import list_codes_over_time
from gep.regional.coverage import describe_unapproved, find_wider_place, is_shown_by_its_own
from gep.standards.model import OWN_KEY as OWN
from gep.standards.standard import list_shipped_standards, load_standard
from gep.store.newest import list_standards

if TYPE_CHECKING:
    from pathlib import Path

    from gep.regional.rollup import RollUp
    from gep.store.accounts import StoredAccount
    from gep.store.keys import AccountKey
    from gep.store.store import Store


def find_account(store: Store, county: str, year: int, standard: str | None = None, run: int | None = None) -> AccountKey:
    """Return where the newest account of a county and year stands, or that of a run.

    Parameters
    ----------
    county   : six-digit code, or a name in Chinese or English
    standard : id, or the file of a standard; None: the default one, or the only one there is
    run      : number of a run, superseded or not; None: the newest

    Raises
    ------
    Problems : unknown county, several counties of that name, no such account, or a standard that cannot be read
    """
    return store.find(county, year, resolve_standard(store, standard), run)


def resolve_standard(store: Store, standard: str | None) -> str | None:
    """Return the key that accounts under a standard are kept by; None where none is asked for.

    Parameters
    ----------
    standard : id, key, or the file of a standard

    Raises
    ------
    Problems : a standard that cannot be read, or several of the user's own of one id
    """
    if standard is None or standard in list_shipped_standards():
        return standard
    if standard.lower().endswith((".yaml", ".yml")):
        return load_standard(standard).key
    with store:
        keys = list_standards(store)
    found = [key for key in keys if key.startswith(f"{standard}{OWN}")]
    if standard in keys or not found:
        return standard
    if len(found) > 1:
        said = say("{name} is several standards: {names}", name=standard, names=join_list(found))
        refuse_one("--standard", said, "one of them", "give the name with its hash, or the file")
    return found[0]


def show(
    store: Store,
    place: str,
    year: int,
    standard: str | None = None,
    shared: Path | None = None,
    *,
    approved: bool = False,
    hierarchy: str | None = None,
    together: bool = False,
) -> StoredAccount | RollUp:
    """Return the account of a unit, or the sum over its parts.

    A county, township or village is shown by its own account where it has one. A wider unit is shown by the sum of its parts,
    its own account beside it; by its own account where none of its parts has one.

    Parameters
    ----------
    place    : code or name of any accounting unit; CN and 全国 are the nation
    standard : id, or the file of a standard; None: the default one, or the only one there is
    shared   : table of the shares of waters and areas that several counties report
    approved : only approved accounts
    hierarchy : along which its parts are added up; None: the administrative one, or the only one
    together : the sum of its parts also where it has an account of its own

    Returns
    -------
    StoredAccount or RollUp; values in CNY/yr of the year, None where there is no data

    Raises
    ------
    Problems : unknown place, no account of the year, several standards to choose from, nothing approved, or parts that may overlap
    """
    standard = resolve_standard(store, standard)
    with store:
        wider = find_wider_place(place, year)
        if wider and (together or hierarchy or not is_shown_by_its_own(store, wider, year, standard)):
            from gep.inputs.shared_waters import read_shares
            from gep.regional.rollup import roll_up

            return roll_up(store, wider, year, standard, read_shares(shared, year), approved=approved, hierarchy=hierarchy)
        key = find_account(store, place, year, standard)
        found = store.read(key)
    if approved and found.state != "approved":
        raise Problems([describe_unapproved(read_regions()[key.county], year, key.standard, 1)])
    return found


def follow_code(text: str) -> str:
    """Return the code of today of the one division that an old code or name means, so that both years of a comparison are found; else the text."""
    newest = {list_codes_over_time(one.code)[-1] for one in find_retired(text)}
    return newest.pop() if len(newest) == 1 else text
