"""Money and allocation: words, rounding, properties on random pools, and an oracle written independently of the engine."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest
from conftest import tries

from gep.units.allocation import CannotAllocate, allocate, spread
from gep.units.money import LARGEST, format_exact, format_yuan, parse_decimal, round_to_unit_fen, write_decimal, write_in_words

F = Fraction


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "人民币零元整"),
        (1, "人民币壹分"),
        (10, "人民币壹角整"),
        (100, "人民币壹元整"),
        (101, "人民币壹元零壹分"),
        (110, "人民币壹元壹角整"),
        (10_00, "人民币壹拾元整"),
        (105_00, "人民币壹佰零伍元整"),
        (1_0000_00, "人民币壹万元整"),
        (1_0001_00, "人民币壹万零壹元整"),
        (10_0500_00, "人民币壹拾万零伍佰元整"),
        (1_0000_0000_00, "人民币壹亿元整"),
        (1_0000_0001_00, "人民币壹亿零壹元整"),
        (1_0500_0000_00, "人民币壹亿零伍佰万元整"),
        (1_2000_3000_00, "人民币壹亿贰仟万叁仟元整"),
        (1_0000_0000_0000_00, "人民币壹万亿元整"),
        (1_0002_0000_0000_00, "人民币壹万零贰亿元整"),
        (4275138422, "人民币肆仟贰佰柒拾伍万壹仟叁佰捌拾肆元贰角贰分"),
        (1409_50, "人民币壹仟肆佰零玖元伍角整"),
        (6007_14, "人民币陆仟零柒元壹角肆分"),
        (107000_53, "人民币壹拾万柒仟元伍角叁分"),
        (325_04, "人民币叁佰贰拾伍元零肆分"),
        (-255_0000_00, "人民币负贰佰伍拾伍万元整"),
    ],
)
def test_chinese_capital_amounts(fen: int, words: str) -> None:
    assert write_in_words(fen) == words


@pytest.mark.parametrize("text", ["1 240.5", "1,240", "1e3", "NaN", "inf", "", ".5", "１", "٣", "0.７", "0x1", "1.", "1/3"])
def test_only_decimal_strings_are_numbers(text: str) -> None:
    """Digits of other scripts are digits to int() and look like other numbers to people: they are none here."""
    with pytest.raises(ValueError, match="is not a decimal number"):
        parse_decimal(text)


def test_a_number_has_a_sane_length() -> None:
    assert parse_decimal("9" * 60) == 10**60 - 1
    with pytest.raises(ValueError, match="a number of 61 characters is too long"):
        parse_decimal("9" * 61)


def read_back(words: str) -> int:
    """Return the fen that an amount in capital figures says, read from left to right without the program."""
    digits = {word: number for number, word in enumerate("零壹贰叁肆伍陆柒捌玖")}
    sign, text = (-1, words.removeprefix("人民币负")) if "负" in words else (1, words.removeprefix("人民币"))
    whole, section, digit, fen = 0, 0, 0, 0
    for letter in text.removesuffix("整"):
        if letter in digits:
            digit = digits[letter]
        elif letter in "拾佰仟":
            section, digit = section + digit * {"拾": 10, "佰": 100, "仟": 1000}[letter], 0
        elif letter in "万亿元":
            size = {"万": 10**4, "亿": 10**8, "元": 1}[letter]
            section, digit = section + digit, 0
            whole = (whole + section) * size if letter == "亿" or (letter == "万" and not whole) else whole + section * size
            section = 0
        else:
            fen, digit = fen + digit * {"角": 10, "分": 1}[letter], 0
    return sign * (whole * 100 + fen)


def test_capital_amounts_read_back_to_the_fen() -> None:
    import random

    chosen = random.Random(20261121)
    amounts = {0, 5, 10, 1000, 10_000_000_110, 10**14, 10**14 + 1, 123_456_789_012_345_678, 100_000_000_000_000_00, LARGEST}
    for size in range(1, 19):
        amounts |= {10**size - 1, 10**size, 10**size + 1, 10**size + 10 ** (size // 2)}
        amounts |= {chosen.randrange(10**size) for _ in range(200)}
        amounts |= {int("".join(chosen.choice("0005") for _ in range(size))) for _ in range(200)}
    for fen in sorted(amount for amount in amounts if amount <= LARGEST):
        words = write_in_words(fen)
        assert read_back(words) == fen, (fen, words)
        assert read_back(write_in_words(-fen)) == -fen
        for never in ("零零", "零元" if fen >= 100 else "无", "零万", "零亿", "零整", "零角"):
            assert never not in words, (fen, words)


def test_rounding_and_printing() -> None:
    assert [round_to_unit_fen(F(text)) for text in ("0.005", "0.004", "-0.005", "1.015", "2.675")] == [1, 0, -1, 102, 268]
    assert round_to_unit_fen(F("12345.67"), 10_000) == 1_230_000
    assert round_to_unit_fen(F("12350.00"), 10_000) == 1_240_000
    assert format_yuan(-1) == "-0.01"
    assert format_yuan(123456789) == "1,234,567.89"
    assert (format_exact(F(1, 3)), format_exact(F(1, 4)), format_exact(F(100))) == ("≈0.333333", "0.25", "100")
    assert [F(write_decimal(number)) for number in (F(1, 3), F(-7, 8), F(10**20), F(0))] == [F(1, 3), F(-7, 8), F(10**20), F(0)]


def test_hundred_yuan_in_three() -> None:
    assert allocate(100_00, dict.fromkeys("abc", F(1))).amounts == {"a": 3334, "b": 3333, "c": 3333}


def test_worked_example_a() -> None:
    scores = {"A": (90, 70, 80), "B": (75, 85, 60), "C": (82, 60, 95)}  # water, forest, water resources
    share = [{party: F(row[at], sum(one[at] for one in scores.values())) for party, row in scores.items()} for at in range(3)]
    coefficient = {"A": F("1.5"), "B": F("1.0"), "C": F("1.2")}
    weights = {
        party: (F("0.7") * share[0][party] + F("0.2") * share[1][party] + F("0.1") * share[2][party]) * coefficient[party]
        for party in scores
    }
    found = allocate(100_000_000_00, weights)
    assert [format_exact(found.raw[party], 3) for party in "ABC"] == ["≈4275138421.973", "≈2551844652.758", "≈3173016925.269"]
    assert {party: format_yuan(fen) for party, fen in found.amounts.items()} == {
        "A": "42,751,384.22",
        "B": "25,518,446.53",
        "C": "31,730,169.25",
    }
    assert found.extra == {"A": 1, "B": 1}


def test_instalments_close() -> None:
    assert spread(255_0000_00, 10) == [25_5000_00] * 10
    assert spread(20_0000_00, 10) == [2_0000_00] * 10
    assert spread(100, 3) == [33, 33, 34]
    vintages = allocate(14_796, {f"{year}": F(1) for year in range(2020, 2040)}).amounts
    assert sum(vintages.values()) == 14_796
    assert set(vintages.values()) == {739, 740}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"total": -1, "weights": {"a": F(1)}}, "negative: -1 fen"),
        ({"total": 1, "weights": {}}, "nobody"),
        ({"total": 1, "weights": {"a": F(0), "b": F(0)}}, "all zero"),
        ({"total": 1, "weights": {"a": F(-1), "b": F(2)}}, "weight of a is negative"),
        ({"total": 1, "weights": {"a": F(1)}, "floors": {"a": 2}}, "floors sum to 2 fen"),
        ({"total": 9, "weights": {"a": F(1)}, "caps": {"a": 2}}, "caps sum to 2 fen"),
        ({"total": 9, "weights": {"a": F(1)}, "caps": {"b": 2}}, "b has a floor or a cap and no weight"),
        ({"total": 9, "weights": {"a": F(1)}, "floors": {"a": 5}, "caps": {"a": 2}}, "above its cap"),
        ({"total": 900, "weights": {"a": F(1)}, "floors": {"a": 5}, "unit": 100}, "not a multiple"),
        ({"total": 9, "weights": {"a": F(1), "b": F(0)}, "caps": {"a": 2}}, "no share to divide by"),
    ],
)
def test_what_cannot_be_allocated_says_why(arguments: dict[str, object], said: str) -> None:
    with pytest.raises(CannotAllocate, match=said):
        allocate(**arguments)  # type: ignore[arg-type]


def oracle(total: int, weights: dict[str, F], low: dict[str, int], high: dict[str, int]) -> dict[str, int]:
    """By brute force: try every way of holding parties at floor or cap, then every way of giving the last fen."""
    names = sorted(weights)
    for held in itertools.product("lfh", repeat=len(names)):
        fixed = {n: low.get(n, 0) if h == "l" else high.get(n, total) for n, h in zip(names, held, strict=True) if h != "f"}
        free = [n for n, h in zip(names, held, strict=True) if h == "f"]
        mass = sum((weights[n] for n in free), F(0))
        room = total - sum(fixed.values())
        if room < 0 or (mass == 0 and (room or free)):
            continue
        level = F(room) / mass if mass else None
        claim = {n: level * weights[n] for n in free} if level is not None else {}
        if level is None:
            lowest = max((F(fixed[n]) / weights[n] for n in names if weights[n] and fixed[n] == high.get(n, total)), default=F(0))
            if not all(fixed[n] in {low.get(n, 0), high.get(n, total)} for n in names):
                continue
            level = lowest
        claim |= {n: F(fen) for n, fen in fixed.items()}
        if all(min(max(level * weights[n], F(low.get(n, 0))), F(high.get(n, total))) == claim[n] for n in names):
            break
    else:
        raise AssertionError("no level")
    floor = {n: claim[n].numerator // claim[n].denominator for n in names}
    left = total - sum(floor.values())
    candidates = [n for n in names if claim[n] > floor[n]]
    best = max(
        itertools.combinations(candidates, left),
        key=lambda chosen: (sorted((claim[n] - floor[n] for n in chosen), reverse=True), [-names.index(n) for n in chosen]),
    )
    return {n: floor[n] + (n in best) for n in names}


def random_pool(dice: random.Random, *, bounded: bool) -> tuple[int, dict[str, F], dict[str, int], dict[str, int]]:
    count = dice.randint(1, 5)
    weights = {f"{360000 + at}": F(dice.randint(0, 12), dice.choice([1, 2, 3, 7, 10, 100])) for at in range(count)}
    weights["360000"] += F(1, 10)
    total = dice.choice([0, 1, 7, 100, 9_999, dice.randint(0, 10**12)])
    low: dict[str, int] = {}
    high: dict[str, int] = {}
    if bounded:
        for name in weights:
            if dice.random() < 0.4:
                low[name] = dice.randint(0, total // count)
            if dice.random() < 0.4 and name != "360000":
                high[name] = low.get(name, 0) + dice.randint(0, total)
    return total, weights, low, high


def test_random_pools() -> None:
    """The sum holds, the order of input does not count, floors and caps hold, and a higher weight never gets less."""
    dice = random.Random(20240601)
    for at in range(tries(10_000, 100_000)):
        total, weights, low, high = random_pool(dice, bounded=at % 2 == 1)
        found = allocate(total, weights, floors=low, caps=high)
        assert sum(found.amounts.values()) == total
        assert sum(found.raw.values()) == total
        assert all(low.get(name, 0) <= fen <= high.get(name, total) for name, fen in found.amounts.items())
        assert all(abs(found.amounts[name] - found.raw[name]) < 1 for name in weights)
        if at % 5 == 0:
            names = list(weights)
            dice.shuffle(names)
            again = allocate(total, {name: weights[name] for name in names}, floors=low, caps=high)
            assert list(again.amounts.items()) == list(found.amounts.items())
        if at % 5 == 1:
            name = dice.choice(list(weights))
            more = allocate(total, weights | {name: weights[name] + F(1, 3)}, floors=low, caps=high)
            assert more.amounts[name] >= found.amounts[name]
            assert more.raw[name] >= found.raw[name]


def test_the_brute_force_oracle_agrees() -> None:
    dice = random.Random(779)
    for at in range(3_000):
        total, weights, low, high = random_pool(dice, bounded=at % 3 > 0)
        assert allocate(total, weights, floors=low, caps=high).amounts == oracle(total, weights, low, high)


def test_coarse_units_and_ties() -> None:
    found = allocate(1_000_000_33, dict.fromkeys(("b", "a", "c"), F(1)), unit=1_000_000)
    assert sum(found.amounts.values()) == 1_000_000_33
    assert [fen % 1_000_000 for fen in found.amounts.values()] == [0, 33, 0]
    assert allocate(100, dict.fromkeys("abc", F(1)), ties=("remainder_desc", "party_code_desc")).extra == {"c": 1}
    assert allocate(3, {"a": F(1), "b": F(3)}, ties=("weight_desc",)).amounts == {"a": 0, "b": 3}
