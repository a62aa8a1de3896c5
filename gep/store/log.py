"""The write-ahead log beside a store: left over where a program was stopped in the middle of writing.

DuckDB reads a whole log back without a word, and as much of a cut one as it can: the run that was cut off would be missing in
silence. So the chain of its entries is walked first: a header, then for each entry its size and checksum (eight bytes each,
little end first) and its content; the last one says that what is before it was committed.
"""

from __future__ import annotations

import struct
from pathlib import Path

HEADER = bytes.fromhex("640062")
"""How a log begins."""
END = b"\xff\xff"
"""What closes the header and every entry."""
FLUSH = bytes.fromhex("640064ffff")
"""The entry that closes a transaction."""
_LONGEST_HEADER = 256
_SIZE = struct.Struct("<QQ")


def find_log(store: Path) -> Path:
    """Return where the log of a store lies if there is one."""
    return Path(f"{store}.wal")


def is_whole(log: bytes) -> bool:
    """Whether a log holds whole entries from its header to its end, and ends with the end of a transaction."""
    if not log.startswith(HEADER):
        return not log
    ends = [at for at in range(len(HEADER), min(_LONGEST_HEADER, len(log)) + 1) if log[at - len(END) : at] == END]
    return bool(ends) and (ends[0] == len(log) or any(_reaches_end(log, at) for at in ends))


def _reaches_end(log: bytes, at: int) -> bool:
    """Whether entries follow one another from a place to the end of a log, the last of which closes a transaction."""
    last = b""
    while at + _SIZE.size <= len(log):
        size, _ = _SIZE.unpack_from(log, at)
        if not 0 < size <= len(log) - at - _SIZE.size:
            return False
        last = log[at + _SIZE.size : at + _SIZE.size + size]
        if not last.startswith(HEADER[:2]):
            return False
        at += _SIZE.size + size
    return at == len(log) and last == FLUSH
