"""Look for garbage rarely while much is made: what is made is in use until its module is done."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_NEW_OBJECTS = 100_000
"""So many more than there were, before Python looks for objects that only hold each other; 700 is its own number."""


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """Spare what exists already, and look through new objects now and then; both as before when left."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
