"""The way in: files people make → validated rows with addresses. Knows no rule."""

from gep.inputs.read import gather, input_files, read_inputs
from gep.inputs.rows import Inputs

__all__ = ["Inputs", "gather", "input_files", "read_inputs"]
