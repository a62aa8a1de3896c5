"""The way in: files people make → validated rows with addresses. Knows no rule."""

from gep.inputs.read import read_inputs
from gep.inputs.rows import Inputs

__all__ = ["Inputs", "read_inputs"]
