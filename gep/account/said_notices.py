"""Stored notices in the words of a reader: titles in place of the ids that their English texts and figures nobody read are stored with.

The stored texts are part of what the hash of a run stands for, so they stay as they are.
"""

from __future__ import annotations

import re
from functools import cache

from gep.messages.punctuation import widen_punctuation
from gep.reference.services import SERVICE_TITLES
from gep.rules.catalogue import COEFFICIENTS, RULES
from gep.variables.catalogue import VARIABLES

_WAY = re.compile(r"\b([a-z_]+\.[a-z_]+)(?: by (\w+)| \((\w+)\))")
_FIGURE_EN = re.compile(r"^([a-z0-9_]+): ")
_FIGURE_ZH = re.compile(r"^(\S+) ([a-z0-9_]+)(?=[:：])")


def say_notice(text_zh: str, text_en: str, lang: str) -> str:
    """Return a stored notice in a language, with titles in place of the ids of rules, variants, services and figures."""
    if lang == "zh":
        return widen_punctuation(_FIGURE_ZH.sub(lambda found: found[1] if _find_figure(found[2]) else found[0], text_zh))
    text = _WAY.sub(_say_way, text_en)
    text = _FIGURE_EN.sub(lambda found: f"{_find_figure(found[1]) or found[1]}: ", text)
    return _match_services().sub(lambda found: SERVICE_TITLES[found[0]][1].en.lower(), text)


def _say_way(found: re.Match[str]) -> str:
    rule, variant = RULES.get(found[1]), found[2] or found[3]
    if rule is None or variant not in rule.variants:
        return found[0]
    way = rule.variants[variant].title.en
    named = rule.title.en if rule.title.en[1:2].isupper() else rule.title.en[:1].lower() + rule.title.en[1:]  # CO2 stays CO2
    return f"{named} by “{way}”" if found[2] else f"{named} (“{way}”)"


def _find_figure(identity: str) -> str:
    leaf = VARIABLES[identity] if identity in VARIABLES else COEFFICIENTS.get(identity)
    return leaf.title.en if leaf is not None else ""


@cache
def _match_services() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(SERVICE_TITLES, key=len, reverse=True))})\b")
