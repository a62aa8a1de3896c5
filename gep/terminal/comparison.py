"""Why two accounts differ, on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.layout import pad, wrapped
from gep.messages.texts import in_language
from gep.messages.words import CAUSE_WORDS, STATUS, said
from gep.units.money import yuan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.compare.standards import Contrasts
    from gep.compare.years import Comparison


def comparison_lines(found: Comparison, name: str, lang: str) -> Iterator[str]:
    """Yield what moved an account from one year to another, service by service, in two price bases side by side."""
    from gep.reference.services import SERVICE_TITLES

    zh = lang == "zh"
    at = 0 if zh else 1
    one, other = found.years
    yield f"{found.county} {name}  {one} → {other}  {found.standard}  (run {found.runs[0]} → run {found.runs[1]})"
    heads = ["当年价(元)" if zh else "current prices (CNY)"]
    if found.constant:
        heads.append(f"{found.constant_year} 年不变价(元)" if zh else f"prices of {found.constant_year} (CNY)")
    yield pad("", 26) + "".join(pad(head, 26, right=True) for head in heads)
    constant = {split.name: split for split in found.constant}
    for split in found.current:
        pair = [split, constant[split.name]] if split.name in constant else [split]
        title = ("生态产品总值 GEP" if zh else "GEP") if split.name == "gep" else SERVICE_TITLES[split.name][1][lang]
        yield title
        yield pad(f"  {one}", 26) + "".join(pad(yuan(part.one), 26, right=True) for part in pair)
        for cause, words in CAUSE_WORDS.items():
            if any(part.parts.get(cause) for part in pair):
                yield pad(f"    {words[at]}", 26) + "".join(
                    pad(yuan(part.parts.get(cause, 0), signed=True), 26, right=True) for part in pair
                )
        yield pad(f"  {other}", 26) + "".join(pad(yuan(part.other), 26, right=True) for part in pair)
    if not found.constant:
        yield "没有价格指数,无不变价" if zh else "no constant prices: there is no price index for them"
    if found.neither:
        names = ("、" if zh else ", ").join(SERVICE_TITLES[service][1][lang] for service in found.neither)
        yield ""
        yield from wrapped(f"两年都未核算:{names}" if zh else f"accounted for in neither year: {names}", "", "  ")


def contrast_lines(found: Contrasts, name: str, lang: str) -> Iterator[str]:
    """Yield an account under two standards, service by service, with what each difference comes from."""
    from gep.account.missing import explain_missing
    from gep.reference.services import SERVICE_TITLES

    zh = lang == "zh"
    at = 0 if zh else 1
    yield f"{found.county} {name}  {found.year}  (run {found.runs[0]}, run {found.runs[1]};{' 元' if zh else ' CNY'})"
    yield pad("", 32) + "".join(pad(standard, 24, right=True) for standard in found.standards)
    for one in found.services:
        yield pad(SERVICE_TITLES[one.service][1][lang], 32) + "".join(
            pad(yuan(value) if value is not None else STATUS[status][at], 24, right=True)
            for value, status in zip((one.one, one.other), one.status, strict=True)
        )
        for line, before, after in one.lines:
            if before is None and after is None:
                continue
            yield pad(f"  {line}", 32) + pad(yuan(before), 24, right=True) + pad(yuan(after), 24, right=True)
        yield from _cause_lines(one.parts, at)
        if (one.status[0], one.missing[0]) != (one.status[1], one.missing[1]):
            for standard, status, reason, missing in zip(found.standards, one.status, one.reasons, one.missing, strict=True):
                why = said(reason, lang) or explain_missing(missing, lang, found.year)
                if why:
                    yield from wrapped(f"{standard}: {STATUS[status][at]}, {why}", "    · ", "      ")
        for text in one.because:
            yield from wrapped(in_language(text, lang), "    · ", "      ")
    yield pad("生态产品总值 GEP" if zh else "GEP", 32) + "".join(
        pad(yuan(value), 24, right=True) for value in (found.one, found.other)
    )
    yield from _cause_lines(found.parts, at)


def _cause_lines(parts: dict[str, int], at: int) -> Iterator[str]:
    for cause, words in CAUSE_WORDS.items():
        if parts.get(cause):
            yield pad(f"    {words[at]}", 56) + pad(yuan(parts[cause], signed=True), 24, right=True)
