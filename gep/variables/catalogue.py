"""The glossary: every quantity observed in a county, with its symbol, unit, axes and the department that has it."""

from gep.formula.nodes import Observed
from gep.messages.problems import RuleError
from gep.variables import base, cultural, material, regulating, stated

_DECLARED = [leaf for module in (base, material, regulating, cultural, stated) for leaf in module.ALL]
VARIABLES: dict[str, Observed] = {leaf.id: leaf for leaf in _DECLARED}
"""All variables by id, in the order of the report."""
if len(VARIABLES) < len(_DECLARED):
    raise RuleError(
        "two variables have one id: " + ", ".join(sorted({leaf.id for leaf in _DECLARED if leaf not in VARIABLES.values()}))
    )
