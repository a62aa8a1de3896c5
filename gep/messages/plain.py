"""Turns values into what JSON can hold."""

from __future__ import annotations

import json
import math
from typing import Any


def make_plain(found: Any) -> Any:
    """Return a value as JSON has it: NaN and infinity become null, times become text, inside lists and maps too."""
    match found:
        case dict():
            return {key: make_plain(value) for key, value in found.items()}
        case list() | tuple():
            return [make_plain(value) for value in found]
        case float():
            return found if math.isfinite(found) else None
        case int() if type(found) not in {int, bool}:  # a period of several years, or another number with a text of its own
            return str(found)
        case None | bool() | int() | str():
            return found
    return str(found)


def write_json_text(found: object) -> str:
    """Return any value as a JSON text."""
    return json.dumps(make_plain(found), ensure_ascii=False, indent=1, allow_nan=False)
