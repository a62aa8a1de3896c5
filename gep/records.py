"""Frozen dataclasses as Python makes them, in a tenth of the time: a command makes over a hundred before it does anything.

Python writes and compiles five functions for each of them. Here one is written, and that when the first instance is made; the
others are the same for all.
"""

from __future__ import annotations

import dataclasses
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    Kind = TypeVar("Kind", bound=type)

_MISSING = dataclasses.MISSING


def make_frozen(kind: Kind, *, eq: bool) -> Kind:
    """Return a class as a frozen dataclass; what it says itself of equality, hash and print stays.

    Parameters
    ----------
    eq : whether instances with the same figures are equal, else each is only itself

    Raises
    ------
    TypeError : a field that is given by its name only, is no argument, or has a say in the hash alone
    """
    dataclasses.dataclass(init=False, repr=False, eq=False)(kind)
    fields = dataclasses.fields(kind)
    if odd := [one.name for one in fields if one.kw_only or not one.init or one.hash is not None]:
        msg = f"{kind.__name__}: a field like {odd[0]} is made by dataclasses.dataclass alone"
        raise TypeError(msg)

    def __init__(self: object, *given: object, **named: object) -> None:  # noqa: N807 - becomes the method
        written = kind.__init__ = _write_init(kind)  # type: ignore[misc]  # once for the class
        written(self, *given, **named)

    made: dict[str, object] = {"__repr__": _show, "__setattr__": _refuse_change, "__delattr__": _refuse_change}
    if "__init__" not in vars(kind):
        made["__init__"] = __init__
    if eq:
        made |= _make_equality([one.name for one in fields if one.compare])
    for name, function in made.items():
        if vars(kind).get(name) is None:
            setattr(kind, name, function)
    return kind


if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - those who check types know Python's own
else:

    def dataclass(kind: type | None = None, /, *, frozen: bool = False, eq: bool = True, **more: bool) -> Any:
        """Return a class as a dataclass: frozen and without more said of it quickly, else by Python's own."""
        if not frozen or more:
            return dataclasses.dataclass(kind, frozen=frozen, eq=eq, **more)
        return (lambda kind: make_frozen(kind, eq=eq)) if kind is None else make_frozen(kind, eq=eq)


def _make_equality(names: list[str]) -> dict[str, object]:
    get: Callable[[object], object] = (
        attrgetter(*names) if len(names) > 1 else lambda one: tuple(getattr(one, name) for name in names)
    )

    def __eq__(self: object, other: object) -> bool:  # noqa: N807 - becomes the method
        return get(self) == get(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: object) -> int:  # noqa: N807 - becomes the method
        return hash(get(self))

    return {"__eq__": __eq__, "__hash__": __hash__}


def _write_init(kind: type) -> Callable[..., None]:
    """Return the function that makes an instance, written as Python writes it."""
    known: dict[str, Any] = {"_set": object.__setattr__, "_MADE": _MISSING}
    heads, lines = [], []
    for one in dataclasses.fields(kind):
        head, value = one.name, one.name
        if one.default_factory is not _MISSING:
            known[f"_make_{one.name}"] = one.default_factory
            head, value = f"{one.name}=_MADE", f"_make_{one.name}() if {one.name} is _MADE else {one.name}"
        elif one.default is not _MISSING:
            known[f"_default_{one.name}"] = one.default
            head = f"{one.name}=_default_{one.name}"
        heads.append(head)
        lines.append(f" _set(self, {one.name!r}, {value})\n")
    if hasattr(kind, "__post_init__"):
        lines.append(" self.__post_init__()\n")
    text = f"def __init__(self, {', '.join(heads)}):\n{''.join(lines) or ' pass'}"
    exec(text, known)  # noqa: S102 - names of fields and nothing else
    written: Callable[..., None] = known["__init__"]
    written.__qualname__ = f"{kind.__qualname__}.__init__"
    return written


@recursive_repr()
def _show(self: Any) -> str:
    shown = (f"{one.name}={getattr(self, one.name)!r}" for one in dataclasses.fields(self) if one.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse_change(_: object, name: str, __: object = None) -> NoReturn:
    msg = f"cannot assign to field {name!r}"
    raise dataclasses.FrozenInstanceError(msg)
