"""The names of the question types, apart from the model: a command line lists them without loading it."""

from __future__ import annotations

QUESTION_TYPES = (
    *("single", "multiple", "truefalse", "number", "text", "order", "match"),
    *("gap", "table", "survey", "hotspot", "essay", "upload"),
)
"""All question types; how each is read stands in ``parser/questions/``, how it is scored in ``scoring/``."""
