"""When something was last typed in each county's year, kept in memory: savings are only ever added, so that only the new ones are read."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gep.office.database import Office


class Touched:
    """The newest saving of each county and year."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read_to = 0
        self._found: dict[tuple[str, int], str] = {}

    def read(self, office: Office) -> Mapping[tuple[str, int], str]:
        """Return county and year → when something was last typed (UTC)."""
        with self._lock:
            upto = int(office.rows("SELECT coalesce(max(version), 0) FROM cell")[0][0])
            if upto > self._read_to:
                rows = office.rows(
                    "SELECT county, year, max(at) FROM cell WHERE version > ? AND version <= ? GROUP BY county, year",
                    (self._read_to, upto),
                )
                self._found = {**self._found, **{(county, year): at for county, year, at in rows}}
                self._read_to = upto
            return self._found
