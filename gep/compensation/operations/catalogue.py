"""The money operations of schemes, one file a family; each moves money in a ledger and writes down how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.compensation.operations.award import deduct
from gep.compensation.operations.contract import pay_contract
from gep.compensation.operations.load import charge
from gep.compensation.operations.multilateral import clear
from gep.compensation.operations.pair import pay
from gep.compensation.operations.pool import allocate_fund, split
from gep.compensation.operations.subpools import share_subpools

if TYPE_CHECKING:
    from collections.abc import Callable

OPERATIONS: dict[str, Callable[..., None]] = {
    "allocate": allocate_fund,
    "subpools": share_subpools,
    "split": split,
    "pay": pay,
    "charge": charge,
    "deduct": deduct,
    "contract": pay_contract,
    "clear": clear,
}
"""Operation → what carries it out: (operation, path, ledger)."""
