"""Prints the formulas of a scheme below its text, as mathematics, and rewritten where they are in the old spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.compensation.formulas import OLD_SPELLING
from gep.compensation.in_numbers import show_formulas
from gep.messages.layout import wrap_text
from gep.messages.texts import read_terminal_language, say_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.compensation.checked import CheckedScheme


def print_formulas(ready: CheckedScheme) -> Iterator[str]:
    """Yield every formula with the place it stands at; a document in the old spelling gets each in the new one too."""
    if ready.old_spelling:
        yield from wrap_text(say_in(OLD_SPELLING, read_terminal_language()), "# ", "# ")
        for path, written, _ in show_formulas(ready):
            yield f"#   {path}: {written}"
    for path, _, shown in show_formulas(ready):
        yield from wrap_text(f"{path.removeprefix('values.')} = {shown}", "# ", "#     ")


def make_formula_values(ready: CheckedScheme) -> list[dict[str, str]]:
    """Return the formulas of a scheme with the places they stand at, as plain values for JSON."""
    return [{"path": path, "written": written, "shown": shown} for path, written, shown in show_formulas(ready)]
