"""The change of asset values between two accounts by its causes, exactly additive: nothing is a residual.

Source: lines of the asset account as in SEEA EA; causes by Shapley's value over mixed accounts, as in `gep.compare`, where areas
and the physical flow a hectare form one block: together they are the quantity that `gep compare` prints.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from gep.compare.counterfactual import Counterfactuals, Mix, find_value
from gep.compare.shapley import compute_owen_shares, list_block_states
from gep.messages.title import Title
from gep.reference.services import SERVICE_TITLES
from gep.store.record import read_record
from gep.units.allocation import round_parts_to_fen
from gep.units.money import round_to_fen

if TYPE_CHECKING:
    from gep.formula.evaluate import Evaluation
    from gep.store.keys import AccountKey
    from gep.store.rows import Connection

GAINED, LOST, INTENSITY, PRICE, COEFFICIENT, COVERAGE, RULES, RATE = (
    "conversions_gained",
    "conversions_lost",
    "intensity",
    "revaluation_price",
    "reappraisal_coefficients",
    "coverage",
    "reappraisal_rules",
    "revaluation_rate",
)
CAUSES = (GAINED, LOST, INTENSITY, PRICE, COEFFICIENT, COVERAGE, RULES, RATE)
QUANTITY = (GAINED, LOST, INTENSITY)
ENHANCEMENT, DEGRADATION = "enhancement", "degradation"
LINES = {
    ENHANCEMENT: Title("改善：单位面积实物量增加", "enhancement: more a hectare"),
    DEGRADATION: Title("退化：单位面积实物量减少", "degradation: less a hectare"),
    GAINED: Title("转换：面积增加的类型", "conversions: types that gained area"),
    LOST: Title("转换：面积减少的类型", "conversions: types that lost area"),
    PRICE: Title("重估：价格", "revaluation: prices"),
    RATE: Title("重估：折现率与年期", "revaluation: rate and horizon"),
    COEFFICIENT: Title("重新评价：系数", "reappraisal: coefficients"),
    RULES: Title("重新评价：核算规则", "reappraisal: rules"),
    COVERAGE: Title("核算范围变化", "coverage: accounted in one year only"),
}
"""The lines between opening and closing, in their order."""


@dataclass(frozen=True)
class AssetChange:
    """The asset value of a service at two dates and what moved it, whole fen: opening + all lines = closing. None: not accounted."""

    service: str
    opening: int | None
    closing: int | None
    lines: dict[str, int]

    @property
    def change(self) -> int:
        """The net change, fen."""
        return (self.closing or 0) - (self.opening or 0)


def split_assets(
    connection: Connection, one: AccountKey, other: AccountKey, factors: tuple[float, float]
) -> tuple[AssetChange, ...]:
    """Return what moved the asset value of every service between two accounts of a county, in whole fen.

    An asset is worth its yearly flow times the present value factor of its date. The flow moves by areas, by physical flow
    a hectare, by prices, coefficients, coverage and rules, the factor by the rate; each cause gets Shapley's share.

    Parameters
    ----------
    one, other : opening and closing account
    factors    : years that a yuan a year is worth at the opening and the closing date
    """
    pair = Counterfactuals(read_record(connection, one.run, one.account), read_record(connection, other.run, other.account))
    causes = [
        name for name in CAUSES if not (name == RULES and pair.same_rules) and not (name == RATE and factors[0] == factors[1])
    ]
    mixed: dict[tuple[int, ...], Evaluation] = {}
    blocks = _find_blocks(causes)
    for state in list_block_states(blocks):
        of = dict(zip(causes, state, strict=True))
        key = tuple(value for name, value in of.items() if name != RATE)
        if key not in mixed:
            mix = Mix(of[INTENSITY], of[PRICE], of[COEFFICIENT], of[COVERAGE], of.get(RULES, 1), 0, of[GAINED], of[LOST])
            mixed[key] = pair.evaluate(mix)
    exact = (Fraction(factors[0]), Fraction(factors[1]))
    found = []
    for name in SERVICE_TITLES:
        if any(name in standard.choices for standard in pair.standards):
            flows = {key: find_value(evaluation, f"{name}.value") for key, evaluation in mixed.items()}
            split = _split(name, flows, causes, exact)
            if split is not None:
                found.append(split)
    return tuple(found)


def _find_blocks(causes: list[str]) -> list[int]:
    """Return the block of each cause: areas and intensity are the quantity, every other cause stands alone."""
    return [0 if name in QUANTITY else at for at, name in enumerate(causes)]


def _split(
    name: str, flows: dict[tuple[int, ...], Fraction | None], causes: list[str], factors: tuple[Fraction, Fraction]
) -> AssetChange | None:
    values: dict[tuple[int, ...], Fraction | None] = {}
    at = causes.index(RATE) if RATE in causes else None
    blocks = _find_blocks(causes)
    for state in list_block_states(blocks):
        flow = flows[state if at is None else (*state[:at], *state[at + 1 :])]
        values[state] = None if flow is None else flow * factors[0 if at is None else state[at]]
    first, last = values[(0,) * len(causes)], values[(1,) * len(causes)]
    if first is None and last is None:
        return None
    opening, closing = (None if value is None else round_to_fen(value) for value in (first, last))
    change = (closing or 0) - (opening or 0)
    known = {state: value for state, value in values.items() if value is not None}
    if len(known) < len(values):
        own = RULES if first is not None and last is not None else COVERAGE
        return AssetChange(name, opening, closing, {own: change} if change else {})
    shares = round_parts_to_fen(compute_owen_shares(known, blocks), change)
    lines = dict(zip(causes, shares, strict=True))
    intensity = lines.pop(INTENSITY)
    lines[ENHANCEMENT if intensity > 0 else DEGRADATION] = intensity
    return AssetChange(name, opening, closing, {line: lines[line] for line in LINES if lines.get(line)})
