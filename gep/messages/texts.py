"""Messages in two languages: an English template with its values, and the catalogue that translates it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Protocol, Self

from gep.messages.catalogue import chinese

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LOCALE = ("GEP_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
"""Variables of the environment that say the language; the first that is set decides."""


class Text(str):
    """An English text made from a template and values; `zh` is the same in Chinese."""

    __slots__ = ("template", "values")
    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, values: dict[str, Any]) -> Self:
        """Fill in the English template."""
        made = super().__new__(cls, template.format(**values))
        made.template, made.values = template, values
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what copies and other processes make the text from."""
        return Text, (self.template, self.values)

    @property
    def zh(self) -> str:
        """The text in Chinese; in English where the catalogue does not have it."""
        values = {name: getattr(value, "zh", value) for name, value in self.values.items()}
        return chinese().get(self.template, self.template).format(**values)


class Name(str):
    """What is called one thing in English and another in Chinese, as a value of a text."""

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
    """A word or a text of our own tables that the catalogue may have; no template."""

    __slots__ = ()

    @property
    def zh(self) -> str:
        """The word in Chinese; as it is where the catalogue does not have it."""
        return chinese().get(self, str(self))


class Titled(Protocol):
    """What has an id and a title in two languages."""

    @property
    def id(self) -> str:
        """What it is called in files."""

    @property
    def title(self) -> Any:
        """What it is called by people, `zh` and `en`."""


def say(template: str, **values: object) -> Text:
    """Return a text from an English template that the catalogue has in Chinese."""
    return Text(template, values)


def word(text: str) -> Word:
    """Return a word of a closed list, as a value of a text."""
    return Word(text)


def named(identity: str, known: Mapping[str, Titled]) -> str:
    """Return an id; said in Chinese, its title goes before it. An unknown one stays as it is."""
    return Name(identity, titled(known[identity]).zh) if identity in known else identity


_WIDE = str.maketrans("()", "（）")


def titled(one: Titled) -> Name:
    """Return what a thing is called in Chinese; said in Chinese, its id stands beside it."""
    return Name(one.title.zh, f"{one.title.zh.translate(_WIDE)}（{one.id}）")


def listed(parts: Iterable[str]) -> Joined:
    """Return a list as each language writes it in a sentence."""
    return Joined(parts, ", ", "、")


def spaced(parts: Iterable[str]) -> Joined:
    """Return names one after the other."""
    return Joined(parts, " ", "")


def translate(lang: str, template: str, **values: object) -> str:
    """Return an English template that the catalogue has in Chinese, filled in, in a language."""
    return in_language(Text(template, values), lang)


def in_language(text: str, lang: str) -> str:
    """Return a text in a language; a plain string is looked up whole, and stays if the catalogue does not have it."""
    if lang != "zh":
        return str(text)
    return text.zh if isinstance(text, Text | Name | Joined | Word) else chinese().get(text, text)


def in_chinese(one: object, fields: Iterable[str]) -> dict[str, str]:
    """Return fields of a value in Chinese, each under its name and `_zh`."""
    return {f"{name}_zh": in_language(getattr(one, name), "zh") for name in fields}


def language(environment: Mapping[str, str] = os.environ) -> str:
    """Return the language of the terminal: Chinese where the environment says so, else English."""
    said = next((value for name in LOCALE if (value := environment.get(name, ""))), "")
    return "zh" if said.lower().startswith("zh") else "en"
