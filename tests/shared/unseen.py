"""Schemes written from the page with figures that look drawn by chance, and what the parties have at the end by fractions."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import NamedTuple

from toy_schemes import END

MONTHS = [f"{month:02d}" for month in range(1, 13)]
DAYS = dict(zip(MONTHS, (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), strict=True))


def draw(*key: object, low: int = 0, high: int = 100, of: int = 100) -> Fraction:
    """A figure that looks drawn by chance and is the same each time: between low/of and high/of."""
    seed = 7
    for letter in " ".join(map(str, key)):
        seed = (seed * 131 + ord(letter)) % 1_000_003
    return Fraction(low + seed % (high - low + 1), of)


def text(number: Fraction) -> str:
    return f"{float(number):.6f}"


def fen(yuan: Fraction) -> int:
    return math.floor(abs(yuan) * 100 + Fraction(1, 2)) * (1 if yuan >= 0 else -1)


class Unseen(NamedTuple):
    """A scheme, its facts, and what the parties have at the end in fen, computed apart."""

    body: str
    facts: list[str]
    net: dict[str, int]
    end: str = END


def pay(*moves: tuple[str, str, int]) -> dict[str, int]:
    net: dict[str, int] = {}
    for source, target, amount in moves:
        net[source], net[target] = net.get(source, 0) - amount, net.get(target, 0) + amount
    return {name: amount for name, amount in net.items() if amount}


PAIRS = "sections: {hk: {name: 河口, upstream: zhi, downstream: an}, sk: {name: 石口, upstream: an, downstream: bo}}\n"
