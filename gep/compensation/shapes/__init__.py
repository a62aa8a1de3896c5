"""The money operations of schemes, one file a family; each moves money in a ledger and writes down how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.compensation.shapes.award import deduct
from gep.compensation.shapes.contract import contract
from gep.compensation.shapes.load import charge
from gep.compensation.shapes.multilateral import clear
from gep.compensation.shapes.pair import pay
from gep.compensation.shapes.pool import allocate_fund, split
from gep.compensation.shapes.subpools import subpools

if TYPE_CHECKING:
    from collections.abc import Callable

OPERATIONS: dict[str, Callable[..., None]] = {
    "allocate": allocate_fund, "subpools": subpools, "split": split, "pay": pay, "charge": charge, "deduct": deduct,
    "contract": contract, "clear": clear,
}  # fmt: skip
"""Operation → what carries it out: (operation, path, ledger)."""
