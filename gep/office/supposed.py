"""Scenarios that people send to the platform, computed beside an account; nothing of them is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.office.held import hold_files
from gep.office.uploads import clean_name
from gep.tasks.scenario import find_outcomes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.store.keys import AccountKey
    from gep.store.store import Store
    from gep.tasks.scenario import Answer

MOST, LARGEST = 6, 1_000_000
"""Files that are sent together, and bytes of each."""


def suppose(
    store: Store, key: AccountKey, files: Sequence[tuple[str, bytes]], reach: str = "", of: str = "gep", change: int = 0
) -> Answer:
    """Return what the scenarios among files come to beside an account.

    Parameters
    ----------
    files : names and contents: scenarios in .yaml, and the tables of transitions in .csv that they name
    reach, of, change : as of `find_outcomes`

    Raises
    ------
    Problems : as `find_outcomes`; none or too many files, two of one name, one that is too large
    """
    named = [(clean_name(name), content) for name, content in files]
    names = [name for name, _ in named]
    documents = [name for name in names if name.lower().endswith((".yaml", ".yml"))]
    if not documents:
        refuse_one("FILE", "no scenario was chosen", "a file in .yaml, and the table in .csv that it names")
    if len(named) > MOST or len(set(names)) < len(names) or any(len(content) > LARGEST for _, content in named):
        found = say("{count} files", count=len(named))
        refuse_one("FILE", found, say("at most {count}, each once and of at most {size} bytes", count=MOST, size=f"{LARGEST:,}"))
    with hold_files(named) as paths:
        return find_outcomes(
            store, key, [one for one in paths if one.name in documents], reach, of, change, within=paths[0].parent
        )
