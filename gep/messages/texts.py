"""Messages in two languages: an English template with its values, and the catalogue that translates it."""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LOCALE = ("GEP_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
"""Variables of the environment that say the language; the first that is set decides."""


@cache
def _chinese() -> dict[str, str]:
    """Return the Chinese templates; the catalogue is loaded when it is first asked for."""
    from gep.messages.catalogue import list_chinese

    return list_chinese()


_PLAIN = frozenset({str, float, int})
"""Types of values that are the same in both languages; a run says a million of them."""
_CHINESE = re.compile("[\u4e00-\u9fff]")
_BOTH = re.compile(r"(.*?[\u4e00-\u9fff].*?) \(([^\u4e00-\u9fff]*[A-Za-z][^\u4e00-\u9fff]*)\)", re.DOTALL)
"""A text in Chinese, and in brackets behind it the same in English."""


class Text(str):
    """An English text made from a template and values; its `zh` is the same text in Chinese."""

    __slots__ = ("template", "values")
    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, values: dict[str, Any]) -> Self:
        """Fill in the English template."""
        if "year" in values:
            values = {**values, "year": name_period(values["year"])}
        made = str.__new__(cls, template.format_map(values))
        made.template, made.values = template, values
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what copies and other processes make the text from."""
        return Text, (self.template, self.values)

    @property
    def zh(self) -> str:
        """The text in Chinese; in English where the catalogue does not have it."""
        values = {name: value if type(value) in _PLAIN else getattr(value, "zh", value) for name, value in self.values.items()}
        return find_template(self.template, "zh").format_map(values)


class Name(str):
    """A name that differs in English and in Chinese, to be filled into a text."""

    __slots__ = ("zh",)
    zh: str

    def __new__(cls, english: str, zh: str) -> Self:
        """Keep both."""
        made = super().__new__(cls, english)
        made.zh = zh
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what copies and other processes make the name from."""
        return Name, (str(self), self.zh)


class Joined(str):
    """Several texts as one, each language with its own sign between them."""

    __slots__ = ("between", "parts")
    parts: tuple[str, ...]
    between: tuple[str, str]

    def __new__(cls, parts: Iterable[str], english: str, chinese: str) -> Self:
        """Join the English texts."""
        several = tuple(parts)
        made = super().__new__(cls, english.join(several))
        made.parts, made.between = several, (english, chinese)
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what copies and other processes make it from."""
        return Joined, (self.parts, *self.between)

    @property
    def zh(self) -> str:
        """The texts in Chinese."""
        return self.between[1].join(getattr(part, "zh", part) for part in self.parts)


class Word(str):
    """A word of a closed list, or a text of our own tables, that is translated whole."""

    __slots__ = ()

    @property
    def zh(self) -> str:
        """The word in Chinese; as it is where the catalogue does not have it."""
        return _chinese().get(self, str(self))


class Titled(Protocol):
    """What has an id and a title in two languages."""

    @property
    def id(self) -> str:
        """What it is called in files."""

    @property
    def title(self) -> Any:
        """What it is called by people, `zh` and `en`."""


_PERIODS_FROM = 10_000


def name_period(year: Any) -> Any:
    """Return a number that stands for a period of several years (20162020) as it is printed (2016-2020); a year as it is."""
    if isinstance(year, str) or not hasattr(year, "__index__") or int(year) < _PERIODS_FROM:
        return year
    return f"{int(year) // _PERIODS_FROM}-{int(year) % _PERIODS_FROM}"


def say(template: str, **values: object) -> Text:
    """Return a message as a string in English that also knows itself in Chinese.

    Parameters
    ----------
    template : an English sentence as it stands in the catalogue, with {names} in braces
    values   : what the braces are filled with; a `Text`, `Name` or `Word` among them is translated too
    """
    return Text(template, values)


def mark_word(text: str) -> Word:
    """Return a word of a closed list as a string that also knows itself in Chinese."""
    return Word(text)


def name_id(identity: str, known: Mapping[str, Titled]) -> str:
    """Return an id as a string; in Chinese its title stands before it. An id that is not known stays as it is."""
    return Name(identity, name_title(known[identity]).zh) if identity in known else identity


_WIDE = str.maketrans("()", "（）")


def name_title(one: Titled) -> Name:
    """Return the Chinese title of a thing as a string; in Chinese its id stands behind it in brackets."""
    return Name(one.title.zh, f"{one.title.zh.translate(_WIDE)}（{one.id}）")


def read_both(text: str) -> str:
    """Return a text that somebody wrote in both languages, `中文 (English)`, as one that knows itself in each.

    A text in one language alone is looked up whole in the catalogue, and stays as it is where that does not have it.
    """
    found = _BOTH.fullmatch(text)
    return Name(found[2], found[1]) if found else Word(text)


def holds_chinese(text: str) -> bool:
    """Return whether a text has a Chinese character."""
    return _CHINESE.search(text) is not None


def join_list(parts: Iterable[str]) -> Joined:
    """Return several texts as one, divided by commas in English and by 、 in Chinese."""
    return Joined(parts, ", ", "、")


def join_names(parts: Iterable[str]) -> Joined:
    """Return several texts as one, divided by spaces in English and by nothing in Chinese."""
    return Joined(parts, " ", "")


def find_template(template: str, lang: str) -> str:
    """Return a template in a language (`zh` or `en`); in English where the catalogue does not have it."""
    return _chinese().get(template, template) if lang == "zh" else template


def translate(lang: str, template: str, **values: object) -> str:
    """Return an English template filled in, in a language (`zh` or `en`); in English where the catalogue does not have it."""
    return say_in(Text(template, values), lang)


def say_in(text: str, lang: str) -> str:
    """Return a text in a language (`zh` or `en`); a plain string is looked up whole, and stays if it is not in the catalogue."""
    if lang != "zh":
        return str(text)
    return text.zh if isinstance(text, Text | Name | Joined | Word) else _chinese().get(text, text)


def say_fields_in_chinese(one: object, fields: Iterable[str]) -> dict[str, str]:
    """Return fields of an object in Chinese: the field's name with `_zh` → its text."""
    return {f"{name}_zh": say_in(getattr(one, name), "zh") for name in fields}


def read_terminal_language(environment: Mapping[str, str] = os.environ) -> str:
    """Return the language of the terminal, `zh` or `en`, from the variables of the environment."""
    said = next((value for name in LOCALE if (value := environment.get(name, ""))), "")
    return "zh" if said.lower().startswith("zh") else "en"
