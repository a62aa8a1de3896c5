"""Lots for trading platforms: certified quantities with their state in the register, and sales that come back."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from gep.assets.proof import HASH, hash_content, read_sealed
from gep.encumbrance.entries import name_line
from gep.messages.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from gep.encumbrance.entries import Subject
    from gep.worked.written import Reader

KIND = "lots"
SHORTEST = 8
"""Letters of a hash that a row names a lot by, at least."""
COLUMNS = ("lot", "sale", "buyer", "quantity", "unit", "day", "document")


@dataclass(frozen=True)
class Lot:
    """A line of an approved account that may be sold: how much there is, is held and is free, in `unit`, and what proves it.

    Attributes
    ----------
    entries : numbers of the register's entries of it
    account_sha256, head_sha256 : of what was approved, and of the head of the store's chain when the lot was made
    """

    subject: Subject
    amount: Decimal
    held: Decimal
    entries: tuple[int, ...]
    account_sha256: str
    head_sha256: str

    @property
    def free(self) -> Decimal:
        """What may still be sold; never below zero."""
        return max(self.amount - self.held, Decimal(0))

    @property
    def name(self) -> str:
        """Its line for people."""
        one = self.subject
        return name_line(one.service or "", one.line or "", one.pollutant or "", one.item or "")

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values with its hash; quantities as decimal texts."""
        one = self.subject
        content = {
            "county": one.county,
            "vintage": one.year,
            "year": one.year,
            "standard": one.standard,
            "run": one.run,
            "service": one.service,
            "line": one.line,
            "pollutant": one.pollutant,
            "item": one.item,
            "unit": one.quantity_unit,
            "amount": f"{self.amount:f}",
            "held": f"{self.held:f}",
            "free": f"{self.free:f}",
            "state": "free" if not self.held else "partly held" if self.free else "held",
            "entries": list(self.entries),
            "evidence": {
                "account_sha256": self.account_sha256,
                "head_sha256": self.head_sha256,
                "standard": one.standard,
                "run": one.run,
            },
        }
        return {**content, HASH: hash_content(content)}


@dataclass(frozen=True)
class LotSale:
    """A sale of a lot as the platform reports it."""

    lot: Mapping[str, Any]
    number: str
    buyer: str
    quantity: tuple[str, str]
    day: date
    paper: str
    row: tuple[str, int]

    @property
    def note(self) -> str:
        """What the register keeps of it: the platform's number and the lot's hash."""
        return f"sale {self.number}, lot {self.lot[HASH]}"


def make_lot(subject: Subject, held: Decimal | None, entries: Sequence[int], account: str, head: str) -> Lot:
    """Return the lot of a line of an account.

    Parameters
    ----------
    held : the largest sum held on any day, in the line's unit; None: nothing
    """
    amount = Decimal(repr(subject.account_quantity))
    return Lot(subject, amount, held or Decimal(0), tuple(entries), account, head)


def read_lots(path: Path) -> dict[str, dict[str, Any]]:
    """Return the lots of a file by their hash.

    Raises
    ------
    Problems : no file of lots, or one that was changed
    """
    return {str(one[HASH]): one for one in read_sealed(path, KIND)["lots"]}


def read_sales(path: Path, lots: Mapping[str, dict[str, Any]], reader: Reader) -> list[LotSale]:
    """Return the sales of a table; what is wrong with its rows is kept by the reader.

    Parameters
    ----------
    lots : by hash; a row may name a lot by the first eight letters of it
    """
    rows = reader.rows(path, COLUMNS)
    reader.once(rows, ("sale",))
    found = []
    for row in rows:
        named = [lot for sha256, lot in lots.items() if len(row["lot"]) >= SHORTEST and sha256.startswith(row["lot"])]
        for column in ("sale", "buyer", "document"):
            reader.text(row, column)
        day = reader.past_day(row, "day")
        if len(named) != 1:
            reader.tell(
                row.file,
                row.line,
                say("there is no lot {name!r}", name=row["lot"]),
                say("the hash of a lot of the file, at least eight letters"),
            )
        elif day is not None:
            quantity = (row["quantity"], row["unit"])
            found.append(LotSale(named[0], row["sale"], row["buyer"], quantity, day, row["document"], (row.file, row.line)))
    return found
