"""A certificate held against a store and a printed head: whether that store has this account, these sign-offs and this head."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gep.messages.problems import Problems
from gep.messages.texts import say
from gep.store.keys import find_account
from gep.store.results import list_events
from gep.store.signing import hash_account
from gep.store.store import Store
from gep.store.walk import FEWEST_DIGITS, walk_chain

if TYPE_CHECKING:
    from pathlib import Path

    from gep.certificate.verify import Verification

UNCHECKED = (
    "who signed: names are texts of the file, and whoever has the program can write any",
    "whether a store has this account, these sign-offs and this head: --store FILE asks it",
    "whether the head is the one that was printed: --head compares it",
    "whether the figures given are true, and the documents they name exist",
)
"""What a certificate alone cannot show: signatures, a store, paper, the world."""


@dataclass(frozen=True)
class Against:
    """What a certificate was held against: `checked` agrees, `unchecked` was not asked, `differences` do not agree."""

    checked: tuple[str, ...]
    unchecked: tuple[str, ...]
    differences: tuple[str, ...]


def hold_against(found: Verification, store: Path | None, head: str) -> Against:
    """Return what a verified certificate agrees with beyond itself.

    Parameters
    ----------
    store : file of a store that should have the account; None: not asked
    head  : a head of the chain that stands on paper; empty: not asked

    Raises
    ------
    Problems : there is no such store, or it cannot be read
    """
    differences: list[str] = []
    checked: list[str] = []
    unchecked = [*UNCHECKED[:1], *(UNCHECKED[1:2] if store is None else ()), *(() if head else UNCHECKED[2:3]), *UNCHECKED[3:]]
    own = str(found.about.get("chain_sha256") or "")
    if head:
        wanted = "".join(head.split()).lower()
        if len(wanted) >= FEWEST_DIGITS and own.startswith(wanted):
            checked.append(say("the head is the one given"))
        else:
            differences.append(say("the head of the certificate is {own}, not {head}", own=own or say("missing"), head=head))
    if store is not None:
        differences += _hold_against_store(found, store, own)
        if not differences:
            checked.append(say("{store} follows its chain and has this account, these sign-offs and this head", store=str(store)))
    return Against(tuple(checked), tuple(unchecked), tuple(differences))


def _hold_against_store(found: Verification, store: Path, own: str) -> list[str]:
    about = found.about
    walk = walk_chain(store, own)
    differences: list[str] = (
        [] if not walk.broken else [say("{store} does not follow its chain: gep verify --store says where", store=str(store))]
    )
    if walk.printed is None or walk.printed.link is None:
        differences.append(say("the chain of {store} never had the head of the certificate", store=str(store)))
    with Store(store) as connection:
        try:
            place = find_account(connection, about["county"], about["year"], about["standard"], about["run"])
        except Problems:
            return [*differences, say("{store} has no such account", store=str(store))]
        if hash_account(connection, place.run, place.account) != found.account_sha256:
            differences.append(say("{store} has other results for this account", store=str(store)))
        stored = [_event(one) for one in list_events(connection, place)]
        missing = [one for one in found.events if _event(one) not in stored]
        differences += [
            say("{store} has no such sign-off: {kind} by {who}", store=str(store), kind=one["kind"], who=one["who"])
            for one in missing
        ]
        later = stored[len(found.events) :] if not missing else []
        if later:
            differences.append(say("{store} has later sign-offs of this account", store=str(store)))
        return differences


def _event(one: dict[str, Any]) -> tuple[str, ...]:
    at = one["happened_at"]
    moment = at if isinstance(at, str) else at.isoformat()
    return (str(one["event"]), moment.replace("T", " ")[:19], one["kind"], one["account_sha256"], one["who"], one["note"] or "")
