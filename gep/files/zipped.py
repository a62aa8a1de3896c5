"""Makes Office files, which are zip files, the same bytes for the same content."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib

DAMAGED = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, EOFError),
    *(NotImplementedError, RuntimeError, ValueError, LookupError, OSError),
)
"""What a zip file raises that is damaged, locked or packed in a way that is not known."""
DATE = (1980, 1, 1, 0, 0, 0)


def remove_dates(content: bytes) -> bytes:
    """Return a zip file with the same members in the same order, each dated 1980-01-01."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            copy.writestr(info, source.read(name))
    return target.getvalue()
