"""YAML that remembers its lines: every scalar stays the text that was written, so no number ever becomes a float."""

from __future__ import annotations

import re
from contextlib import suppress
from types import NoneType
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, get_args

import yaml

from gep.files.reading import LARGEST_TEXT, read_bounded
from gep.messages.problems import Problem, Problems, refuse_one
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import Name, join_list, mark_word, say
from gep.paths import print_path
from gep.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pydantic import BaseModel, ValidationError


_Model = TypeVar("_Model", bound="BaseModel")
DEEPEST = 60
BEYOND_READING = 1000
"""Levels a document may have; no rule needs more than a few."""


@dataclass(frozen=True)
class Document:
    """What a YAML file says, and on which line each part of it stands.

    Attributes
    ----------
    file    : the path as people see it
    text    : the file as it was read
    content : the outermost map
    lines   : keys from the outermost to the part → line, from 1
    """

    file: str
    text: str
    content: dict[str, Any]
    lines: dict[tuple[str, ...], int]

    def line(self, path: tuple[str, ...]) -> int:
        """Return the line of a part, or of the nearest part around it that has one; 1 where none has."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_document(path: Path) -> Document:
    """Return the document in a YAML file, every scalar as the text that was written.

    Raises
    ------
    Problems : the file cannot be read, is not YAML or not a map, is nested too deeply, or has a key twice
    """
    shown = print_path(path)
    return parse_document(_read(path, shown), shown)


def read_typed_document(path: Path, nothing: str, keys: str) -> Document:
    """Return the document in a YAML file, its scalars as YAML means them: numbers, true and false, nothing.

    Parameters
    ----------
    nothing : what is said of a file that holds no map, such as "the file holds no standard"
    keys    : what is expected there

    Raises
    ------
    Problems : the file cannot be read, is not YAML, or is not a map
    """
    shown = print_path(path)
    return parse_typed_document(_read(path, shown), shown, nothing, keys)


def parse_typed_document(text: str, shown: str, nothing: str, keys: str) -> Document:
    """Return the document in a YAML text, as `read_typed_document` that of a file.

    Parameters
    ----------
    shown : what problems call the text

    Raises
    ------
    Problems : as `read_typed_document`
    """
    try:
        root = compose(text)
        _refuse_repeated(root, shown)
        _refuse_values(root, shown)
        content = load(text)
    except yaml.YAMLError as error:
        _refuse_yaml(error, shown)
    except RecursionError:
        refuse_one(shown, "the document is nested too deeply", say("at most {levels} levels", levels=DEEPEST))
    except (ValueError, TypeError, OverflowError) as error:
        refuse_one(shown, say("not YAML: {error}", error=(str(error).splitlines() or [""])[0][:120]), "a YAML file")
    if not isinstance(content, dict):
        refuse_one(shown, nothing, keys, line=1)
    twice = list(_doubled_keys(root, (), shown))
    if twice:
        raise Problems(twice)
    return Document(shown, text, content, _lines_of_keys(root, ()))


def validate_document(model: type[_Model], document: Document) -> _Model:
    """Return a document as an instance of a pydantic model.

    Raises
    ------
    Problems : every key that is missing, unknown or does not fit the model, each with its line
    """
    from pydantic import ValidationError

    try:
        return model.model_validate(document.content)
    except ValidationError as error:
        raise Problems(describe_mistakes(error, model, document)) from None


def describe_mistakes(error: ValidationError, model: type[BaseModel], document: Document) -> list[Problem]:
    """Return what pydantic found wrong with a document, each with its line; an unknown key is told the keys there are."""
    return [_mistake(one, model, document) for one in error.errors()]


def name_key(path: Sequence[str], content: object) -> str:
    """Return the keys that lead to a part of a document as people read them: what stands in a list by its number, from 1.

    Parameters
    ----------
    path    : keys, and places in lists from 0
    content : of the document
    """
    english, chinese, part, in_list = "", "", content, False
    for key in path:
        if isinstance(part, list) and key.isdigit():
            english, chinese = f"{english} no. {int(key) + 1}", f"{chinese} 第 {int(key) + 1} 项"
            part, in_list = part[int(key)] if int(key) < len(part) else None, True
            continue
        english, chinese = f"{english}{', ' if in_list else '.'}{key}", f"{chinese}{' ' if in_list else '.'}{key}"
        in_list = False
        part = part.get(key) if isinstance(part, dict) else None
    return Name(english.lstrip(". "), chinese.lstrip(". "))


def _mistake(found: Mapping[str, Any], model: type[BaseModel], document: Document) -> Problem:
    path = tuple(str(part) for part in found["loc"])
    if found["type"] == "extra_forbidden":
        known = list_keys(model, path[:-1])
        expected = say("one of {names}", names=join_list(known)) if known else mark_word("no such key")
        said_key = say("{key} is not known here", key=name_key(path, document.content))
        return Problem(document.file, document.line(path), said_key, expected, suggest_nearest(path[-1], known))
    said = {"missing": "{key} is missing"}.get(found["type"])
    of = {"key": name_key(path, document.content), **({} if said else {"input": str(found["input"])[:80]})}
    plain = found["type"] == "string_type" and not isinstance(found["input"], dict | list | NoneType)
    hint = say('in quotes: "{text}"', text=str(found["input"])[:80]) if plain else ""
    return Problem(document.file, document.line(path), say(said or "{key} is {input!r}", **of), describe_expectation(found), hint)


def list_keys(model: type[BaseModel], path: tuple[str, ...]) -> list[str]:
    """Return the keys that the part of a model at a path may have; none where it is no part with keys of its own."""
    from pydantic import BaseModel

    part: Any = model
    for key in path:
        if isinstance(part, type) and issubclass(part, BaseModel):
            field = part.model_fields.get(key)
            part = field.annotation if field is not None else None
        else:
            part = next((one for one in reversed(get_args(_strip(part))) if one is not Ellipsis), None)
    part = _strip(part)
    if not (isinstance(part, type) and issubclass(part, BaseModel)):
        return []
    return [name for name in part.model_fields if not name.endswith("sha256")]  # what the program itself adds is no key


def _strip(annotation: Any) -> Any:
    """Return what an annotation says beside None, such as Choice for `Choice | None`."""
    beside = [one for one in get_args(annotation) if one is not type(None)]
    return beside[0] if len(beside) == 1 and type(None) in get_args(annotation) else annotation


def _read(path: Path, shown: str) -> str:
    try:
        return read_bounded(path, LARGEST_TEXT).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        refuse_one(
            shown, say("the file cannot be read: {why}", why=mark_word(why or "Input/output error")), "a YAML file in UTF-8"
        )


def _refuse_yaml(error: yaml.YAMLError, shown: str) -> NoReturn:
    mark = getattr(error, "problem_mark", None)
    refuse_one(shown, say("not YAML: {error}", error=describe_fault(error)), "a YAML file", line=mark.line + 1 if mark else 0)


def _refuse_repeated(root: Any, shown: str) -> None:
    """Refuse aliases: nine lines of them are a document of a thousand million parts, and people read none."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.ScalarNode) or node is None:
            continue
        if id(node) in seen:
            found = say("{part} repeats a part by an alias", part=mark_word("the document"))
            refuse_one(shown, found, "the part written out", line=node.start_mark.line + 1)
        seen.add(id(node))
        waiting += [one for pair in node.value for one in pair] if isinstance(node, yaml.MappingNode) else node.value


def _refuse_values(root: Any, shown: str) -> None:
    """Refuse scalars that YAML takes for a day or a number which they are not, each with its line."""
    maker: Any = yaml.constructor.SafeConstructor()
    resolver: Any = yaml.resolver.Resolver()
    waiting = [root]
    problems: list[Problem] = []
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.MappingNode):
            waiting += [one for pair in node.value for one in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.ScalarNode):
            plain = resolver.resolve(yaml.ScalarNode, node.value, (True, False))
            tags = {node.tag} if node.style else {node.tag, plain}
            try:
                for tag in tags:
                    maker.construct_object(yaml.ScalarNode(tag, node.value, node.start_mark, node.end_mark))
            except yaml.YAMLError:
                continue  # the reader says so in its words
            except (
                ValueError,
                OverflowError,
                KeyError,
                AttributeError,
            ):  # what PyYAML raises for `!!int x`, `!!bool x`, `!!timestamp x`
                found = say("{text!r} is no day of the calendar and no number", text=node.value[:60])
                hint = "put it in double quotes if it is a text"
                problems.append(Problem(shown, node.start_mark.line + 1, found, "a day, as YYYY-MM-DD, or a number", hint))
    if problems:
        raise Problems(problems)


def _lines_of_keys(node: yaml.Node, path: tuple[str, ...]) -> dict[tuple[str, ...], int]:
    """Return the line on which each key of a map stands, and those inside it."""
    found: dict[tuple[str, ...], int] = {}
    for at, one in enumerate(node.value if isinstance(node, yaml.SequenceNode) else ()):
        found |= {(*path, str(at)): one.start_mark.line + 1, **_lines_of_keys(one, (*path, str(at)))}
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        inside = (*path, str(key.value))
        found |= {inside: key.start_mark.line + 1, **_lines_of_keys(value, inside)}
    return found


def _doubled_keys(node: yaml.Node, path: tuple[str, ...], shown: str) -> Iterator[Problem]:
    """Yield every key that a map has twice, of which YAML would take the last without a word."""
    seen: dict[str, int] = {}
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        name, line = str(key.value), key.start_mark.line + 1
        if name in seen:
            part = ".".join((*path[:6], name))
            yield Problem(shown, line, say("{part} appears twice", part=part), say("once; first on line {line}", line=seen[name]))
        seen.setdefault(name, line)
        yield from _doubled_keys(value, (*path, name), shown)


def parse_document(text: str, shown: str) -> Document:
    """Return the document in a YAML text, every scalar as the text that was written.

    Parameters
    ----------
    shown : what problems call the text, mostly the path it was read from

    Raises
    ------
    Problems : the text is not YAML or not a map, is nested too deeply, or has a key twice
    """
    try:
        root = compose(text)
    except yaml.YAMLError as error:
        _refuse_yaml(error, shown)
    except RecursionError:
        refuse_one(shown, "the document is nested too deeply", say("at most {levels} levels", levels=DEEPEST))
    problems: list[Problem] = []
    lines: dict[tuple[str, ...], int] = {}
    content = _Builder(shown, lines, problems, set()).built(root, ()) if root is not None else None
    if problems:
        raise Problems(problems)
    if not isinstance(content, dict):
        refuse_one(shown, "the file holds no scheme", "a map with id, version, title, legal, rule, ...", line=1)
    return Document(shown, text, content, lines)


def load(text: str) -> Any:
    """Return what a YAML text holds, as `yaml.safe_load` does but ten times as fast where PyYAML has libyaml.

    Raises
    ------
    yaml.YAMLError : the text is not YAML, said in the words of the reader in Python
    RecursionError : it is nested beyond reading
    """
    if _is_for_libyaml(text):
        with suppress(yaml.YAMLError):
            return yaml.load(text, Loader=yaml.CSafeLoader)
    return yaml.safe_load(text)


def compose(text: str) -> Any:
    """Return the root node of a YAML text, None for an empty one.

    Raises
    ------
    yaml.YAMLError : as `load`
    """
    if _is_for_libyaml(text):
        with suppress(yaml.YAMLError):
            return yaml.compose(text, Loader=yaml.CBaseLoader)
    return yaml.compose(text, Loader=yaml.BaseLoader)


def _is_for_libyaml(text: str) -> bool:
    """Whether PyYAML has libyaml, and the text is whole and flat enough for its recursion in C."""
    if not hasattr(yaml, "CBaseLoader"):
        return False
    with suppress(yaml.YAMLError):
        return _depth(text, yaml.CBaseLoader) <= DEEPEST
    return False


def _depth(text: str, loader: Any) -> int:
    """Return how many levels a text has.

    Raises
    ------
    RecursionError : more than anybody could read; the reader in Python would take minutes to find that out
    """
    level = deepest = 0
    for event in yaml.parse(text, Loader=loader):
        level += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        deepest = max(deepest, level)
        if deepest > BEYOND_READING:
            raise RecursionError
    return deepest


_FAULTS = (
    (r"character '\\t'", "a tab cannot stand here"),
    (r"character '(?P<sign>.+)' that cannot start", "{sign} cannot stand here"),
    (r"another document", "a second document begins here"),
    (r"mapping values are not allowed", "a colon stands where no key is"),
    (r"could not find expected ':'", "a key has no colon"),
    (r"expected .*but (?:got|found) (?P<sign>.+)", "{sign} cannot stand here"),
    (r"(?:unacceptable|special) character", "a control character cannot stand here"),
    (r"unexpected end of stream", "a quotation mark is not closed"),
    (r"undefined alias", "an alias has no part it stands for"),
)
"""What the YAML parser says → what it comes to."""


def describe_fault(error: yaml.YAMLError) -> str:
    """Return what is wrong with a text that is not YAML, in our words where the fault is a known one, else the parser's."""
    theirs = str(getattr(error, "problem", error)).splitlines()[0]
    for pattern, ours in _FAULTS:
        if found := re.search(pattern, theirs):
            return say(ours, **found.groupdict())
    return theirs


_EXPECTED = {
    "string": "a text",
    "dict": "a map of keys and values",
    "model": "a map of keys and values",
    "dataclass": "a map of keys and values",
    "list": "a list",
    "tuple": "a list",
    "int": "a whole number",
    "float": "a number",
    "finite_number": "a finite number",
    "bool": "yes or no",
    "date": "a day of the calendar, as YYYY-MM-DD",
    "too_short": "at least one",
    "missing": "a value",
    "extra": "no such key",
}
"""Beginning of pydantic's name for a mistake → what it asks for."""
_BOUNDS = {
    "greater_than": ("gt", "more than {bound}"),
    "greater_than_equal": ("ge", "at least {bound}"),
    "less_than": ("lt", "less than {bound}"),
    "less_than_equal": ("le", "at most {bound}"),
    "string_too_short": ("min_length", "a text of at least {bound} characters"),
    "string_too_long": ("max_length", "a text of at most {bound} characters"),
    "too_long": ("max_length", "at most {bound} of them"),
}
"""Pydantic's name for a mistake → which bound it tells, and how we say it."""


def describe_expectation(found: Mapping[str, Any]) -> str:
    """Return what was expected where pydantic found a mistake; in its own words where we have none.

    Parameters
    ----------
    found : one entry of `ValidationError.errors()`
    """
    if found["type"] == "literal_error":
        names = re.findall(r"'([^']*)'", found["ctx"]["expected"])
        return say("one of {names}", names=join_list(names)) if len(names) > 1 else names[0]
    if found["type"] in _BOUNDS:
        bound = found["ctx"][_BOUNDS[found["type"]][0]]
        return say(_BOUNDS[found["type"]][1], bound=bound)
    ours = next((text for kind, text in _EXPECTED.items() if found["type"].startswith(kind)), None)
    return mark_word(ours or str(found["msg"]))


@dataclass(frozen=True)
class _Builder:
    """Makes texts, lists and maps of YAML nodes; every part stands once, so that a small file is a small document."""

    shown: str
    lines: dict[tuple[str, ...], int]
    problems: list[Problem]
    seen: set[int]

    def built(self, node: Any, path: tuple[str, ...]) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return node.value
        if id(node) in self.seen:
            self._tell(path, node, "{part} repeats a part by an alias", "the part written out; a scheme is read by people")
            return None
        if len(path) > DEEPEST:
            self._tell(path, node, "{part} is nested too deeply", say("at most {levels} levels", levels=DEEPEST))
            return None
        self.seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            for at, one in enumerate(node.value):
                self.lines[*path, str(at)] = one.start_mark.line + 1
            return [self.built(one, (*path, str(at))) for at, one in enumerate(node.value)]
        return self._map(node, path)

    def _map(self, node: Any, path: tuple[str, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._tell(path, key, "{part} has a key that is not text", "a word as key")
                continue
            name = str(key.value)
            inside = (*path, name)
            if name in found:
                self._tell(inside, key, "{part} appears twice", say("once; first on line {line}", line=self.lines[inside]))
            self.lines[inside] = key.start_mark.line + 1
            found[name] = self.built(value, inside)
        return found

    def _tell(self, path: tuple[str, ...], node: Any, found: str, expected: str) -> None:
        part = ".".join(path[:6]) or mark_word("the document")
        self.problems.append(Problem(self.shown, node.start_mark.line + 1, say(found, part=part), expected))
