"""Says of an account under a code that is gone today which division it is since."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gep.messages.texts import say
from gep.reference.regions import describe_retired, find_retired, read_retired_divisions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.inputs.checks.figures import Figures
    from gep.messages.findings import Finding


def check_codes(figures: Figures) -> Iterator[Finding]:
    """Yield a finding (D) for each account of a division that is gone today; its code was right for the account's year."""
    gone = read_retired_divisions()
    old = np.flatnonzero([code in gone for code in figures.county])
    for row in figures.rows[figures.rows["account"].isin(old)].drop_duplicates("account").to_dict("records"):
        code = str(figures.county[int(row["account"])])
        found = say("{code} was its code in {year}", code=code, year=int(figures.year[int(row["account"])]))
        for one in find_retired(code)[:1]:
            yield figures.doubt(row, "D", "code", found, "the code of the accounting year", describe_retired(one))
