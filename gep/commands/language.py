"""The language of a call of the program, and commands that help and refuse in it: click's own words and ours."""

from __future__ import annotations

import copy
import inspect
import re
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import IO, TYPE_CHECKING, Any

import click

from gep.commands.outputs import guard_outputs, make_force_option

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

LANGUAGES = ("zh", "en")
_LANGUAGE: ContextVar[str] = ContextVar("gep_language", default="en")
_AS_JSON: ContextVar[bool] = ContextVar("gep_as_json", default=False)


def get_language() -> str:
    """Return the language of this call, `zh` or `en`."""
    return _LANGUAGE.get()


@contextmanager
def speak(lang: str, arguments: Sequence[str] = ()) -> Iterator[None]:
    """Let everything below be said in a language, and refusals of the arguments of the call as JSON where --format asks for it."""
    tokens = _LANGUAGE.set(lang), _AS_JSON.set(_find_option("format", arguments) == "json")
    try:
        yield
    finally:
        _LANGUAGE.reset(tokens[0])
        _AS_JSON.reset(tokens[1])


def read_language(arguments: Sequence[str]) -> str:
    """Return the language that --lang names anywhere among the arguments, else that of the environment."""
    from gep.messages.texts import read_terminal_language

    given = _find_option("lang", arguments)
    return given if given in LANGUAGES else read_terminal_language()


def _find_option(name: str, arguments: Sequence[str]) -> str | None:
    """Return the value of an option anywhere among the arguments; None where it is not there, or has no value, which click tells."""
    found, rest = None, iter(arguments)
    for one in rest:
        if one == "--":
            break
        if one == f"--{name}":
            found = next(rest, None)
        elif one.startswith(f"--{name}="):
            found = one.partition("=")[2]
    return found


def translate_command(command: click.Command, lang: str) -> click.Command:
    """Return a command that takes --lang, and whose help is in a language; the command itself stays as it is."""
    made = copy.copy(command)
    made.params = [_translated(param, command, lang) for param in command.params]
    option = click.Option(
        ["--lang"],
        type=click.Choice(LANGUAGES),
        expose_value=False,
        help=_say("Language of all that is said.  [default: GEP_LANG, else the terminal's]", lang),
    )
    made.params.insert(next((at for at, one in enumerate(made.params) if "--format" in one.opts), len(made.params)), option)
    made.params += make_force_option(made.params, lambda text: _say(text, lang))
    made.context_class = _Context
    made.parse_args = partial(_parse_once, made)  # type: ignore[method-assign]
    if lang == "zh":
        paragraphs = re.split(r"\n\n+", inspect.cleandoc(command.help or ""))
        made.help = "\n\n".join(_say(" ".join(one.split()), lang) for one in paragraphs)
        made.short_help = _cut(made.help.partition("\n")[0])
        if isinstance(made, click.Group):
            made.subcommand_metavar = _say("COMMAND [ARGS]...", lang)
        made.options_metavar = _say("[OPTIONS]", lang)
    if isinstance(made, click.Group):
        made.commands = {name: translate_command(one, lang) for name, one in made.commands.items()}
    return made


def write_commands(formatter: click.HelpFormatter, helps: Mapping[str, str]) -> None:
    """Write the list of commands with the first words of the help of each, in the language of the call."""
    lang, limit = get_language(), formatter.width - 6 - max(map(len, helps))
    with formatter.section(_say("Commands", lang)):
        formatter.write_dl(
            [
                (name, _cut(_say(help_, lang)) if lang == "zh" else click.Command(None, help=help_).get_short_help_str(limit))
                for name, help_ in helps.items()
            ]
        )


def _cut(help_: str) -> str:
    return help_.partition("。")[0].partition("；")[0]


def _parse_once(command: click.Command, ctx: click.Context, args: list[str]) -> list[str]:
    """Parse the arguments of a call; an option of one value that stands twice is refused, where click would take the last."""
    if not ctx.resilient_parsing:
        _, _, order = command.make_parser(ctx).parse_args(list(args))
        options = [one for one in order if isinstance(one, click.Option)]
        for option in options:
            if not (option.multiple or option.count or option.is_flag) and options.count(option) > 1:
                raise click.UsageError(_say("{option} is given twice", get_language()).format(option=option.opts[-1]), ctx)
    return type(command).parse_args(command, ctx, args)


def _translated(param: click.Parameter, command: click.Command, lang: str) -> click.Parameter:
    made = copy.copy(param)
    kind = made.type
    if isinstance(kind, click.Path):  # click names it when the option is made, in the language of that moment
        made.type = copy.copy(kind)
        made.type.name = _say(_kind_of(kind), lang)
    if lang != "zh":
        return made
    if isinstance(made, click.Option):
        made.help = _say(made.help, lang) if made.help else made.help
        if made.is_flag or made.count:
            return made
    shown = param.make_metavar(click.Context(command))
    made.metavar = re.sub(r"[A-Z][A-Z0-9_]+(?: RANGE)?", lambda found: _say(found[0], lang), shown)
    return made


def _kind_of(path: click.Path) -> str:
    if path.file_okay == path.dir_okay:
        return "path"
    return "file" if path.file_okay else "directory"


def _say(text: str, lang: str) -> str:
    if lang != "zh":
        return text
    from gep.messages.texts import say_in

    return say_in(text, lang)


class _Formatter(click.HelpFormatter):
    """Help in columns of a terminal, where a Chinese character takes two."""

    def write_heading(self, heading: str) -> None:
        """Write a heading."""
        self.write(f"{'':{self.current_indent}}{heading}{'：' if get_language() == 'zh' else ':'}\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs."""
        if get_language() != "zh":
            super().write_text(text)
            return
        from gep.messages.layout import wrap_text

        indent = " " * self.current_indent
        self.write("\n\n".join("\n".join(wrap_text(" ".join(one.split()), indent, indent)) for one in text.split("\n\n")) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write terms with what they mean beside them."""
        if get_language() != "zh":
            super().write_dl(list(rows), col_max, col_spacing)
            return
        from gep.messages.layout import measure_width, pad, wrap_text

        several = list(rows)
        column = min(max(measure_width(first) for first, _ in several), col_max) + col_spacing
        indent = " " * self.current_indent
        for first, second in several:
            begin = indent + pad(first, column)
            if measure_width(first) > column - col_spacing and second:
                self.write(f"{indent}{first}\n")
                begin = indent + " " * column
            self.write("\n".join(wrap_text(second, begin, indent + " " * column)) + "\n")


class _Context(click.Context):
    formatter_class = _Formatter

    def invoke(self, callback: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Run a command, with what it may write over."""
        with guard_outputs(self):
            return super().invoke(callback, *args, **kwargs)


def teach_click() -> None:
    """Let click say its own texts in the language of the call; it asks `_` and `ngettext` of each of its modules for them."""
    from click import core, decorators, exceptions, formatting, parser, types

    for module in (core, decorators, exceptions, formatting, parser, types):
        for name, said in (("_", _say_of_click), ("ngettext", _say_several)):
            if hasattr(module, name):
                setattr(module, name, said)
    exceptions.UsageError.show = _show_refusal  # type: ignore[method-assign]


_SHOW_OF_CLICK = click.UsageError.show


def _show_refusal(self: click.UsageError, file: IO[Any] | None = None) -> None:
    """Print what click refuses of a call: with a Chinese stop in Chinese, as JSON where --format json was asked for."""
    said = self.format_message()
    if get_language() == "zh":
        said = re.sub(r"\.$", "。", said)
    if not _AS_JSON.get():
        self.format_message = lambda: said  # type: ignore[method-assign]
        _SHOW_OF_CLICK(self, file)
        return
    import json

    from gep.messages.problems import Problem, Problems

    where = self.ctx.command_path if self.ctx else "gep"
    click.echo(
        json.dumps(Problems([Problem(where, 0, said)]).as_dict(), ensure_ascii=False, indent=1), file=file, err=file is None
    )


def _say_of_click(text: str) -> str:
    return _say(text, get_language())


def _say_several(one: str, several: str, count: Any) -> str:
    return _say_of_click(one if count == 1 else several)
