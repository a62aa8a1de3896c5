"""Compound files (.xls, .et), as far as it takes to see that one is cut short: sectors that its table names and the file lacks.

Source: [MS-CFB], Compound File Binary File Format, 2.2 (header) and 2.3 (table of sectors).
"""

from __future__ import annotations

from struct import error, unpack_from

_HEADER = 512
_SECTORS = {9: 512, 12: 4096}
"""Power of two that the header states → bytes of a sector."""
_FREE = 0xFFFFFFFF
_LAST = 0xFFFFFFFA
"""The largest number of a sector; above it stand marks."""
_LISTED = 109
"""Sectors of the table that the header itself lists."""


def is_cut_short(content: bytes) -> bool:
    """Return whether a compound file lacks sectors that its own table counts as used, or cannot be followed at all."""
    try:
        size = _SECTORS.get(unpack_from("<H", content, 30)[0], 0)
        if not size:
            return True
        listed = [one for one in unpack_from(f"<{_LISTED}I", content, 76) if one <= _LAST]
        after, count = unpack_from("<II", content, 68)
        listed += _list_further(content, after, min(count, len(content) // size), size)
        used = 0
        for at, sector in enumerate(listed):
            entries = unpack_from(f"<{size // 4}I", content, _HEADER + sector * size)
            last = max((place for place, entry in enumerate(entries) if entry != _FREE), default=-1)
            used = max(used, at * (size // 4) + last + 1) if last >= 0 else used
    except error:
        return True
    return not listed or _HEADER + used * size > len(content)


def _list_further(content: bytes, sector: int, count: int, size: int) -> list[int]:
    """Return the sectors of the table that do not fit into the header: each list ends with the number of the next."""
    found: list[int] = []
    for _ in range(count):
        if sector > _LAST:
            break
        *numbers, sector = unpack_from(f"<{size // 4}I", content, _HEADER + sector * size)
        found += [one for one in numbers if one <= _LAST]
    return found
