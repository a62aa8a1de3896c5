"""Makes pages of the shipped templates; everything that is filled in is escaped. The frontier to Jinja below the reports."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from gep.paths import TEMPLATES

if TYPE_CHECKING:
    from jinja2 import Environment


def render_page(template: str, **values: object) -> str:
    """Return a shipped template filled in with values.

    Parameters
    ----------
    template : name of a file in `templates/`
    values   : what the template asks for, by name; escaped for HTML

    Raises
    ------
    jinja2.UndefinedError : the template asks for a name that is not among the values; a mistake of ours
    """
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
