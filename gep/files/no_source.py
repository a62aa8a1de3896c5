"""Texts that stand where a source should and name none: a dash, 无, N/A, 待补; one judgement for everything that has a source."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NONE = re.compile(
    r"无|無|没有|暂无|空白?|缺|略|从略|后?补|另补|待(?:补充?|定|查|核实?|填写?|完善|确认|提供|更新)|见后|不[明详清]|不清楚|不知道|不适用|未[知详填]|未注明|未提供"
    r"|[无無](?:数据)?来源|无出处|(?:数据)?来源(?:不[明详]|待补)?|某某?"
    r"|na|nil|no|none|null|nan|tb[dac]|todo|fixme|unknown|missing|undefined|not(?:available|applicable|known)|nosource|x{2,}|0+"
)


@lru_cache(maxsize=4096)
def names_no_source(text: str) -> bool:
    """Return whether a text names no source: it is empty, holds marks alone, or says that there is none (yet)."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())
    return not plain or bool(_NONE.fullmatch(plain))
