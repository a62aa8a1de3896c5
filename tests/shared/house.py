"""How the house is measured: which file imports which, in what order rooms may know each other, who speaks SQL."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ORDER: list[str | set[str]] = [
    "paths",
    "records",
    "messages",
    "files",
    "units",
    "formula",
    "reference",
    "variables",
    "rules",
    "coefficients",
    "standards",
    "inputs",
    "account",
    "store",
    "explain",
    "worked",
    {"compare", "certificate", "review", "regional", "space", "compensation", "indicators", "encumbrance", "uncertainty"},
    {"assets", "carbon", "products", "scenario"},
    "tasks",
    "statements",
    {"terminal", "reports"},
    "office",
    "web",
    "commands",
    "cli",
    "__main__",
]
"""Rooms of `gep/`, each above those it may import; rooms of one set do not know each other."""

INSIDE: dict[str, list[str]] = {"space": ["raster", "shapes", "drivers", "soil", "zonal", "routing", "maps", "change", "parcels"]}
"""Rooms inside a room, in their order; files that lie in the room itself come after all of them."""

RANK = {room: at for at, rooms in enumerate(ORDER) for room in (rooms if isinstance(rooms, set) else {rooms})}


@cache
def parse(source: str) -> ast.Module:
    """The tree of a source; kept, since many tests ask every file."""
    return ast.parse(source)


@cache
def nodes_in(source: str) -> tuple[ast.AST, ...]:
    """All nodes of a source, from the outside in."""
    return tuple(ast.walk(parse(source)))


def modules_of(package: Path) -> dict[str, Path]:
    """Every module of a package by its dotted name; a folder goes by the name of its `__init__.py`."""
    return {
        ".".join((package.name, *path.relative_to(package).with_suffix("").parts)).removesuffix(".__init__"): path
        for path in sorted(package.rglob("*.py"))
    }


def imports_of(package: Path) -> dict[str, set[str]]:
    """Module → the modules of the same package that it imports, wherever in the file, those for types only too."""
    modules = modules_of(package)
    found: dict[str, set[str]] = {}
    for name, path in modules.items():
        found[name] = set()
        for node in nodes_in(path.read_text("utf-8")):
            if isinstance(node, ast.Import):
                named = [one.name for one in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{name} imports by dots"
                named = [deepest(f"{node.module}.{one.name}", modules) for one in node.names]
            else:
                continue
            found[name] |= {deepest(one, modules) for one in named if one.split(".")[0] == package.name} & set(modules)
    return found


def deepest(name: str, modules: dict[str, Path]) -> str:
    """The longest beginning of a dotted name that is a module."""
    while name and name not in modules and "." in name:
        name = name.rpartition(".")[0]
    return name


def upward(imports: dict[str, set[str]]) -> list[str]:
    """Imports against the order, between rooms of one rank, or against the order inside a room."""
    found = []
    for module, named in sorted(imports.items()):
        for other in sorted(named):
            if "." not in module:
                continue
            if "." not in other:  # the facade knows every room, so no room may know it
                found.append(f"{module} imports {other}")
                continue
            room, below = module.split(".")[1], other.split(".")[1]
            if room != below and not RANK[below] < RANK[room]:
                found.append(f"{module} imports {other}")
            if room == below and place_inside(other) > place_inside(module):
                found.append(f"{module} imports {other}")
    return found


def place_inside(module: str) -> int:
    """How late a module comes in the order inside its room; 0 where the room has none."""
    room, *inside = module.split(".")[1:]
    order = INSIDE.get(room, [])
    return order.index(inside[0]) if inside and inside[0] in order else len(order)


def circles(imports: dict[str, set[str]]) -> list[list[str]]:
    """Files that import each other, directly or by way of others: the strongly connected parts of more than one file."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(module: str) -> None:
        index[module] = low[module] = len(index)
        stack.append(module)
        for other in sorted(imports[module]):
            if other not in index:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in stack:
                low[module] = min(low[module], index[other])
        if low[module] == index[module]:
            at = stack.index(module)
            if len(stack) - at > 1:
                found.append(sorted(stack[at:]))
            del stack[at:]

    for module in imports:
        if module not in index:
            visit(module)
    return sorted(found)


def importers_of(library: str, package: Path) -> set[str]:
    """Paths of the files that import a foreign library when they run."""
    return {
        path.relative_to(package).as_posix() for path in package.rglob("*.py") if library in libraries_in(path.read_text("utf-8"))
    }


@cache
def libraries_in(source: str) -> frozenset[str]:
    """The packages that a source imports when it runs; kept, since every library asks every file."""
    nodes = nodes_in(source)
    typing_only = {
        id(inner)
        for node in nodes
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    found: set[str] = set()
    for node in nodes:
        if id(node) not in typing_only and isinstance(node, ast.Import | ast.ImportFrom):
            named = [one.name for one in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            found |= {name.split(".")[0] for name in named}
    return frozenset(found)


SQL_TEXT = re.compile(r"\s*(SELECT|WITH|INSERT INTO|UPDATE|DELETE FROM|CREATE)\s+[\w(*{\"]")


def text_of(node: ast.Constant | ast.JoinedStr) -> str:
    """The text of a string, with a letter for what an f-string fills in; empty for other constants."""
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(one) if isinstance(one, ast.Constant) else "x" for one in node.values)
    return node.value if isinstance(node.value, str) else ""


def speakers_of_sql(package: Path) -> set[str]:
    """Paths of the files that speak SQL: they call `execute`, `executemany` or `sql` on something, or hold a text that begins as SQL does."""
    found = set()
    for path in package.rglob("*.py"):
        for node in nodes_in(path.read_text("utf-8")):
            runs = isinstance(node, ast.Attribute) and node.attr in {"execute", "executemany", "sql"}
            writes = isinstance(node, ast.Constant | ast.JoinedStr) and SQL_TEXT.match(text_of(node))
            if runs or writes:
                found.add(path.relative_to(package).as_posix())
    return found


TERMINAL = {"builtins", "click", "rich", "sys"}


def terminal_words(path: Path) -> list[str]:
    """What a file has to do with a terminal: it imports click, rich or sys or a part of them, prints, or asks for input."""
    found = []
    for node in nodes_in(path.read_text("utf-8")):
        if isinstance(node, ast.Import):
            found += [one.name for one in node.names if one.name.partition(".")[0] in TERMINAL]
        elif isinstance(node, ast.ImportFrom) and str(node.module).partition(".")[0] in TERMINAL:
            found.append(str(node.module))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"print", "input"}:
            found.append(node.func.id)
    return found


def twice_named(package: Path) -> list[str]:
    """Names that a module or a class gives twice at its top: the first of them is without effect."""
    found = []
    for path in sorted(package.rglob("*.py")):
        for scope in nodes_in(path.read_text("utf-8")):
            if not isinstance(scope, ast.Module | ast.ClassDef):
                continue
            named = Counter(name for node in scope.body for name in names_given(node) if name != "_")
            found += [f"{path.relative_to(package).as_posix()}: {name}" for name, times in named.items() if times > 1]
    return found


def names_given(node: ast.stmt) -> list[str]:
    """Names that a statement gives for good; what is overloaded or a property has a decorator and may come again."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [] if node.decorator_list else [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [
        one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    ]


def silent_refusals(package: Path) -> list[str]:
    """Public functions that raise `Problems` themselves, and do not name it under Raises in their docstring."""
    return [
        f"{path.relative_to(package).as_posix()}: {name}"
        for path in sorted(package.rglob("*.py"))
        for name, function in public_functions(parse(path.read_text("utf-8")).body)
        if any(map(is_refusal, own_nodes(function))) and "Problems" not in section_of(function, "Raises")
    ]


def public_functions(body: list[ast.stmt], inside: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    """The functions and methods of a module whose names, and those of their classes, do not begin with an underscore."""
    for node in body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield inside + node.name, node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public_functions(node.body, f"{node.name}.")


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Everything in the body of a function, but not what functions and classes in it hold."""
    for part in ast.iter_child_nodes(node):
        if not isinstance(part, ast.FunctionDef | ast.ClassDef | ast.Lambda):
            yield part
            yield from own_nodes(part)


def is_refusal(node: ast.AST) -> bool:
    """Whether a node calls `refuse` or `refuse_one`, or raises `Problems` as it stands."""
    names, call = ({"Problems"}, node.exc) if isinstance(node, ast.Raise) else ({"refuse", "refuse_one"}, node)
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in names


def section_of(function: ast.FunctionDef, heading: str) -> str:
    """What stands under a heading of a docstring, up to the next empty line."""
    lines = (ast.get_docstring(function) or "").splitlines()
    if heading not in lines:
        return ""
    below = lines[lines.index(heading) + 2 :]
    return "\n".join(takewhile(bool, below))
