"""Many texts made from one template: values that all share, and columns of values, filled in when somebody wants to read them."""

from __future__ import annotations

from collections.abc import Sequence
from string import Formatter
from typing import Any, overload

from gep.messages.texts import Text, find_template, name_period, say_in


class Texts(Sequence[str]):
    """Texts that are made from a template when they are asked for; each is what `say` makes of its row.

    Attributes
    ----------
    template : as in `say`
    values   : what is the same in all texts, by name
    columns  : what each text has for itself, by name; all of one length, at least one
    """

    def __init__(self, template: str, values: dict[str, Any], columns: dict[str, Sequence[Any]]) -> None:
        self.template, self.values, self.columns = template, values, columns
        self.length = len(next(iter(columns.values())))

    def __len__(self) -> int:
        return self.length

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        if isinstance(at, slice):
            return Texts(self.template, self.values, {name: column[at] for name, column in self.columns.items()})
        return Text(self.template, {**self.values, **{name: column[at] for name, column in self.columns.items()}})

    def write(self, lang: str) -> list[str]:
        """Return all texts in a language, `zh` or `en`."""
        own: list[Sequence[Any]] = []
        pieces: list[str] = []
        for literal, name, form, _ in Formatter().parse(find_template(self.template, lang)):
            pieces.append(_escape(literal))
            if name is None:
                continue
            if name in self.columns:
                column = self.columns[name]
                pieces.append(f"{{{len(own)}{':' if form else ''}{form}}}")
                own.append(
                    column if name != "year" and _are_plain(column, lang) else [_turn(name, value, lang) for value in column]
                )
            else:
                pieces.append(_escape(format(_turn(name, self.values[name], lang), form or "")))
        filled = "".join(pieces)
        if not own:
            return [filled.format()] * self.length
        return list(map(filled.format, *own))


def say_each(template: str, columns: dict[str, Sequence[Any]], **values: object) -> Texts:
    """Return many messages from one template; see `say`.

    Parameters
    ----------
    columns : what each message has for itself, by name; all of one length, at least one
    values  : what all share
    """
    return Texts(template, values, columns)


def write_all(texts: str | Sequence[str], count: int, lang: str) -> list[str]:
    """Return texts in a language, one for each of a number of rows.

    Parameters
    ----------
    texts : one for all, or one for each
    """
    if isinstance(texts, str):
        return [say_in(texts, lang)] * count
    if isinstance(texts, Texts):
        return texts.write(lang)
    written = {number: say_in(one, lang) for number, one in {id(one): one for one in texts}.items()}
    return [written[id(one)] for one in texts]


def _turn(name: str, value: Any, lang: str) -> Any:
    if name == "year":
        value = name_period(value)
    return getattr(value, "zh", value) if lang == "zh" and type(value) not in _PLAIN else value


def _are_plain(column: Sequence[Any], lang: str) -> bool:
    """Return whether values are filled in as they are."""
    return lang != "zh" or set(map(type, column)) <= _PLAIN


_PLAIN = frozenset({str, float, int})


def _escape(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
