"""YAML that remembers its lines: every scalar stays the text that was written, so no number ever becomes a float."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from gep.places import printed_path
from gep.problems import Problem, Problems

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Document:
    """What a file says, and on which line each part of it stands."""

    file: str
    text: str
    content: dict[str, Any]
    lines: dict[tuple[str, ...], int]

    def line(self, path: tuple[str, ...]) -> int:
        """Return the line of a part, or of the nearest part around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_document(path: Path) -> Document:
    """Return the document in a file.

    Raises
    ------
    Problems : the file cannot be read, is no YAML or no map, or has a key twice
    """
    shown = printed_path(path)
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise Problems([Problem(shown, 0, f"the scheme cannot be read: {said}", "a YAML file in UTF-8")]) from None
    return parse_document(text, shown)


def parse_document(text: str, shown: str) -> Document:
    """Return the document in a text; raises `Problems` as `read_document` does."""
    try:
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        raise Problems([Problem(shown, line, f"not YAML: {getattr(error, 'problem', error)}", "a YAML file")]) from None
    problems: list[Problem] = []
    lines: dict[tuple[str, ...], int] = {}
    content = _built(root, (), lines, problems, shown) if root is not None else None
    if problems:
        raise Problems(problems)
    if not isinstance(content, dict):
        raise Problems([Problem(shown, 1, "the file holds no scheme", "a map with id, version, title, legal, rule, ...")])
    return Document(shown, text, content, lines)


def _built(node: Any, path: tuple[str, ...], lines: dict[tuple[str, ...], int], problems: list[Problem], shown: str) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        for at, one in enumerate(node.value):
            lines[*path, str(at)] = one.start_mark.line + 1
        return [_built(one, (*path, str(at)), lines, problems, shown) for at, one in enumerate(node.value)]
    found: dict[str, Any] = {}
    for key, value in node.value:
        name = str(key.value)
        inside = (*path, name)
        if name in found:
            problems.append(
                Problem(
                    shown, key.start_mark.line + 1, f"{'.'.join(inside)} stands twice", f"once; first on line {lines[inside]}"
                )
            )
        lines[inside] = key.start_mark.line + 1
        found[name] = _built(value, inside, lines, problems, shown)
    return found
