"""`gep assets`: what lies behind a stored account's yearly flows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gep.assets.present_value import FACTOR, VALUE, Flow, make_calculation
from gep.assets.valuation import Valuation, read_valuation
from gep.explain.explain import explain_service
from gep.explain.rebuild import rebuild
from gep.messages.problems import refuse_one
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, say
from gep.reference.services import SERVICE_TITLES
from gep.worked.calculation import Calculation, Figure, describe

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gep.store.keys import AccountKey
    from gep.store.store import Store


@dataclass(frozen=True)
class ValuedAssets:
    """Present values of the flows of an account or a document; `key` None: of the document alone.

    Attributes
    ----------
    lacking : services that the standard counts and the account has no value of
    """

    key: AccountKey | None
    valuation: Valuation
    flows: tuple[Flow, ...]
    calculation: Calculation
    lacking: tuple[str, ...] = ()

    @property
    def values(self) -> list[float]:
        """The asset value of each flow, yuan."""
        return [self.calculation.value(VALUE, case) for case in range(len(self.flows))]

    @property
    def factor(self) -> float:
        """What a yuan a year is worth, in years."""
        return self.calculation.value(FACTOR)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values; money in yuan."""
        how = self.valuation
        key = self.key
        return {
            "county": key.county if key else None,
            "year": key.year if key else None,
            "standard": key.standard if key else None,
            "run": key.run if key else None,
            "valuation": how.file,
            "convention": how.convention.id,
            "convention_mark": how.convention.mark,
            "convention_source": how.convention.source,
            "timing": how.convention.timing,
            "discounting": how.convention.discounting,
            "horizon": how.convention.horizon,
            "rates": [
                {"rate": one.rate.value, "years": None if one.years is None else int(one.years.value)} for one in how.blocks
            ],
            "growth": how.growth.value,
            "author": how.author,
            "basis": how.basis,
            "present_value_factor": self.factor,
            "flows": [
                {
                    "id": one.id,
                    "title_zh": one.zh,
                    "title_en": one.en,
                    "yearly": one.rent.value,
                    "asset_value": value,
                    "origin": one.rent.address,
                    "source": one.rent.source,
                    "cells": list(one.cells),
                    "marks": list(one.marks),
                }
                for one, value in zip(self.flows, self.values, strict=True)
            ],
            "total": sum(self.values),
            "not_accounted": list(self.lacking),
            "explained": describe(self.calculation.explain(VALUE)),
        }


def value_assets(store: Store | None, key: AccountKey | None, document: Path, services: Sequence[str] = ()) -> ValuedAssets:
    """Return the present values of the services of a stored account, or of the rents that the document itself states.

    Parameters
    ----------
    store, key : None: only the rents of the document
    document   : the valuation, YAML
    services   : ids; none: all that have a value

    Raises
    ------
    Problems : what is wrong in the document, a service without a value, or nothing to value
    """
    how = read_valuation(document)
    flows = [Flow(one.id, one.title, one.title, one.value, (one.value.address,), (one.value.mark,)) for one in how.rents]
    lacking: tuple[str, ...] = ()
    if store is not None and key is not None:
        of_account, lacking = list_flows(store, key, services)
        flows = [*of_account, *flows]
    if not flows:
        refuse_one(how.file, say("there is nothing to value"), say("a county and a year, or rents in the document"))
    return ValuedAssets(key, how, tuple(flows), make_calculation(how, flows), lacking)


def list_flows(store: Store, key: AccountKey, services: Sequence[str]) -> tuple[list[Flow], tuple[str, ...]]:
    """Return the values of an account's services as yearly flows, and the services it counts and has no value of.

    Parameters
    ----------
    services : ids; none: all that have a value

    Raises
    ------
    Problems : a service that the account has no value of
    """
    with store:
        results = {one.service: one for one in store.read(key).results}
        account = rebuild(store, key.run, key.account)
    known = [name for name, one in results.items() if one.value is not None and one.status == "accounted"]
    for name in services:
        if name not in known:
            refuse_one(
                "--service",
                say(
                    "the account of {county} for {year} has no value of {service}", county=key.county, year=key.year, service=name
                ),
                say("one of {names}", names=join_list(known)),
                suggest_nearest(name, known),
            )
    if not known:
        refuse_one("COUNTY", say("the account of {county} for {year} has no value", county=key.county, year=key.year))
    flows = []
    for name in services or known:
        parts = explain_service(account, name)
        cells = dict.fromkeys(origin.address for part in parts for origin in part.origins)
        marks = dict.fromkeys(mark for part in parts for mark in (part.mark, *(one.mark for one in part.origins)) if mark)
        value = float(results[name].value or 0.0)
        rent = Figure(value, f"{value!r} CNY/yr", f"run {key.run}: {name}", f"gep trace {key.county} {key.year} {name}")
        title = SERVICE_TITLES[name][1] if name in SERVICE_TITLES else None
        flows.append(Flow(name, title.zh if title else name, title.en if title else name, rent, tuple(cells), tuple(marks)))
    lacking = () if services else tuple(name for name, one in results.items() if one.status == "no data")
    return flows, lacking
