"""What every command with an output shares: --force, and the guard of what stands where the output is to go."""

from __future__ import annotations

import re
import unicodedata
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gep.messages.problems import Problem

OUTPUTS = ("output", "report", "excel", "official", "notices", "export")
"""Options that name a file or folder to write."""
_NO_FILES = frozenset({*OUTPUTS, "county", "folder", "reason", "format"})
"""Parameters that never name a file that is read."""
_FORCE = "gep.force"
_BEHIND = re.compile(r"(\|layername=.*|(\*[-+.0-9eE]+)?(\[[^\]]*\])?)$")
"""What may stand behind a file: the layer that is meant, a factor, a unit."""


def make_force_option(params: Sequence[click.Parameter], say: Callable[[str], str]) -> list[click.Option]:
    """Return the option --force of a command that has an output, else nothing.

    Parameters
    ----------
    say : gives a text in the language of the call
    """
    if not any(isinstance(one, click.Option) and one.name in OUTPUTS for one in params):
        return []
    about = say("Write over a file that this command did not make (never over a store or an input).")
    return [click.Option(["--force"], is_flag=True, expose_value=False, callback=_keep_force, help=about)]


@contextmanager
def guard_outputs(ctx: click.Context) -> Iterator[None]:
    """Let a command write over its own files only; what its outputs would destroy is refused before anything is computed or stored.

    Raises
    ------
    Problems : a file, store, input or device stands where an output is to go
    """
    outputs = {name: Path(ctx.params[name]) for name in OUTPUTS if ctx.params.get(name)}
    if not ctx.params:
        yield
        return
    from gep.files.overwriting import Call, begin_call, find_overwriting

    with begin_call(Call(bool(ctx.meta.get(_FORCE)), tuple(_list_inputs(ctx.params)))):
        if outputs:
            from gep.messages.problems import refuse

            store = ctx.params.get("store")
            refuse(_find_twins(outputs, Path(store) if isinstance(store, str | Path) else None))
            refuse(filter(None, (find_overwriting(one, None) for one in outputs.values() if not one.is_dir())))
        yield


def _find_twins(outputs: dict[str, Path], store: Path | None) -> Iterator[Problem]:
    """Yield the outputs of one call that name one file, or the file of a store that is yet to be made: the later would destroy the first."""
    from gep.messages.problems import Problem
    from gep.messages.texts import say

    taken = {_find_place(store): "--store"} if store is not None else {}
    for name, path in outputs.items():
        option = "-o" if name == "output" else f"--{name}"
        other = taken.setdefault(_find_place(path), option)
        if other != option and not (other == "--store" and path.exists()):  # a store that is there is told as one
            found = say("{option} names the file that {other} names too", option=option, other=other)
            yield Problem(str(path), 0, found, "a file of its own for each", "name another file")


def _find_place(path: Path) -> str:
    """Return where a file stands or will stand, the same for names that a file system may hold to be one."""
    try:
        return unicodedata.normalize("NFC", str(path.resolve())).casefold()
    except (OSError, ValueError, RuntimeError):
        return str(path)


def _keep_force(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001, FBT001 - click calls it so
    """Keep --force for the guard."""
    ctx.meta[_FORCE] = value


def _list_inputs(params: dict[str, Any]) -> Iterator[Path]:
    """Yield the files and folders that arguments and options name: PATH, or NAME=PATH."""
    for name, given in params.items():
        for value in given if isinstance(given, tuple) else (given,):
            if name in _NO_FILES or not isinstance(value, str | Path):
                continue
            text = str(value)
            file = text.partition("=")[2]
            bare = _BEHIND.sub("", file or text)
            several = [part for part in re.split(r"[,()|]", bare) if part]
            yield from (Path(one) for one in dict.fromkeys((text, file, bare, *several)) if one and _exists(one))
            yield from (found for part in several if "*" in part and not Path(part).is_absolute() for found in Path().glob(part))


def _exists(text: str) -> bool:
    try:
        return Path(text).exists()
    except (OSError, ValueError):
        return False
