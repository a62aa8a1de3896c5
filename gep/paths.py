"""Where the shipped files are: in the source tree, or inside the installed package."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_SHIPPED = _PACKAGE / "shipped"
_ROOT = _SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parent

COEFFICIENTS = _ROOT / "coefficients"
LISTS = COEFFICIENTS / "lists"
TEMPLATES = _ROOT / "templates"
STANDARDS = _PACKAGE / "standards"


def print_path(path: Path) -> str:
    """Return a path as people see it: relative to the project or to the working folder where it lies below, with slashes."""
    for base in (_ROOT, Path.cwd()):
        if path.is_absolute() and path.is_relative_to(base):
            return path.relative_to(base).as_posix()
    return path.as_posix()
