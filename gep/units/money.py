"""Money as whole fen: read from decimal strings, rounded once, printed in figures and in Chinese words."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from gep.files.written_numbers import THOUSANDS, narrow_digits
from gep.messages.texts import say

FEN_PER_YUAN = 100
_DECIMAL = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
LONGEST = 60
"""Characters a number may have; no money, share or measurement needs more."""
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_GROUP = 10_000
LARGEST = 10 ** (4 * len(_GROUPS)) * FEN_PER_YUAN - 1
"""The largest amount that can be written in words, in fen."""


@lru_cache(maxsize=100_000)
def parse_decimal(text: str) -> Fraction:
    """Return the exact number that a decimal string means; no exponent, no thousands separator, no float.

    Raises
    ------
    ValueError : the text is not a plain decimal number
    """
    if not isinstance(text, str) or not _DECIMAL.fullmatch(text.strip()):
        msg = say("{text!r} is not a decimal number", text=text)
        raise ValueError(msg)
    if len(text.strip()) > LONGEST:
        msg = say("a number of {count} characters is too long, at most {longest}", count=len(text.strip()), longest=LONGEST)
        raise ValueError(msg)
    return Fraction(text.strip())


def read_amount(text: str) -> Fraction:
    """Return the yuan that somebody wrote: full-width digits, commas between thousands, ¥ before and 元 behind are understood.

    Raises
    ------
    ValueError : the text is no amount; a comma that does not part thousands might be a decimal one
    """
    written = narrow_digits(text)
    plain = written.removeprefix("¥").removeprefix("￥").removesuffix("元").strip()
    if THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    try:
        return parse_decimal(plain)
    except ValueError:
        return parse_decimal(written)  # refused as it was written


def round_to_unit_fen(yuan: Fraction, unit: int = 1) -> int:
    """Return yuan rounded once to a multiple of `unit` fen, halves away from zero."""
    over, under = 2 * FEN_PER_YUAN * abs(yuan.numerator), yuan.denominator * unit
    whole = (over + under) // (2 * under)
    return (whole if yuan.numerator >= 0 else -whole) * unit


def round_to_fen(yuan: float | Fraction) -> int:
    """Return yuan as whole fen, halves to even, as numbers are printed; money that is paid is rounded by `round_to_unit_fen`."""
    return round(Fraction(yuan) * FEN_PER_YUAN)


def format_yuan(fen: int | None, *, signed: bool = False) -> str:
    """Return fen as yuan with two decimals and separators: 4275138422 → 42,751,384.22; a dash for what is not known."""
    if fen is None:
        return "—"
    whole, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{'-' if fen < 0 else '+' if signed else ''}{whole:,}.{rest:02d}"


def format_plain_yuan(fen: int) -> str:
    """Return fen as a decimal string of yuan without separators."""
    return format_yuan(fen).replace(",", "")


def format_exact(number: Fraction, digits: int = 6) -> str:
    """Return an exact number for people: all its decimals if there are at most `digits`, otherwise rounded and marked with ≈."""
    shown = _rounded(number, digits)
    if Fraction(shown) == number:
        return shown.rstrip("0").rstrip(".") if "." in shown else shown
    return f"≈{shown}"


def separate_thousands(number: str) -> str:
    """Return a printed number with separators of thousands."""
    whole, point, rest = number.partition(".")
    sign = whole.rstrip("0123456789")
    return f"{sign}{int(whole.removeprefix(sign)):,}{point}{rest}"


def write_decimal(number: Fraction) -> str:
    """Return an exact number as text that reads back to the same number: a decimal where it ends, otherwise p/q."""
    return _write_ratio(number.numerator, number.denominator)


@lru_cache(maxsize=100_000)
def _write_ratio(over: int, under: int) -> str:
    """Return a fraction in lowest terms as text."""
    rest = under
    if rest == 1:
        return str(over)
    digits = 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest //= prime
            power += 1
        digits = max(digits, power)
    if rest != 1:
        return f"{over}/{under}"
    whole, part = divmod(abs(over) * 10**digits // under, 10**digits)
    return f"{'-' if over < 0 else ''}{whole}.{part:0{digits}d}"


def _rounded(number: Fraction, digits: int) -> str:
    scale = 10**digits
    size = abs(number) * scale
    whole = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    sign = "-" if number < 0 and whole else ""
    return f"{sign}{whole // scale}" + (f".{whole % scale:0{digits}d}" if digits else "")


def write_in_words(fen: int) -> str:
    """Return an amount in Chinese capital figures (人民币大写) as on payment papers: 人民币壹佰元整.

    Raises
    ------
    ValueError : more than sixteen digits of yuan

    Source: 支付结算办法 annex 1 (正确填写票据和结算凭证的基本规定), from memory: one 零 for any run of zeros inside, 整 after yuan
    and jiao, none after fen.
    """
    if abs(fen) > LARGEST:
        msg = say("{fen} fen is too large to be written in words", fen=fen)
        raise ValueError(msg)
    whole, rest = divmod(abs(fen), FEN_PER_YUAN)
    jiao, last = divmod(rest, 10)
    text = "人民币" + ("负" if fen < 0 else "")
    if whole or not rest:
        text += _whole_in_words(whole) + "元"
    if not rest:
        return text + "整"
    if jiao:
        text += _DIGITS[jiao] + "角"
    elif whole:
        text += "零"
    return text + (_DIGITS[last] + "分" if last else "整")


def _whole_in_words(whole: int) -> str:
    if whole == 0:
        return "零"
    groups = []
    while whole:
        whole, group = divmod(whole, _GROUP)
        groups.append(group)
    text, gap = "", False
    for at in range(len(groups) - 1, -1, -1):
        group = groups[at]
        if group == 0:
            gap = gap or bool(text)
            continue
        if text and (gap or group < _GROUP // 10):
            text += "零"
        name = _GROUPS[at]
        if at == len(_GROUPS) - 1 and groups[2]:
            name = "万"  # 壹万零贰亿, not 壹万亿零贰亿
        text += _group_in_words(group) + name
        gap = False
    return text


def _group_in_words(group: int) -> str:
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit == 0:
            gap = gap or bool(text)
            continue
        if gap:
            text += "零"
        text += _DIGITS[digit] + _PLACES[place]
        gap = False
    return text
