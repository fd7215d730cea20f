"""Makes a failing program small: whole stretches of actions go first, since playing them is what takes time."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from typing import Any

from soak_programs import Draw, Expression, Program

# What a field may become, most wanted first; a program that is tried must still fail.
_SIMPLE: dict[type, tuple[Any, ...]] = {int: (0, 1), bool: (False,)}


def shrunk(program: Program, fails: Callable[[Program], bool], seconds: float = 120.0) -> Program:
    """Returns a program that fails as well, and fails no more when any single step below is taken.

    Args:
      program: one that fails.
      fails: plays a program.
      seconds: after so long, the smallest found by then is returned.
    """
    end = time.monotonic() + seconds
    found = True
    while found:
        found = False
        for smaller in _smaller(program):
            if time.monotonic() > end:
                return program
            if fails(smaller):
                program, found = smaller, True
                break
    return program


def _smaller(program: Program) -> Iterator[Program]:
    for name in ("actions", "inits"):
        for items in _without_some(getattr(program, name)):
            if items:
                yield dataclasses.replace(program, **{name: items})
    for index, action in enumerate(program.actions):
        for simpler in _simpler(action):
            yield dataclasses.replace(
                program, actions=(*program.actions[:index], simpler, *program.actions[index + 1 :])
            )


def _without_some(items: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Yields the items without a half, a quarter, ..., one of them: the later ones go first."""
    size = len(items) // 2 or len(items)
    while size:
        for start in range(max(len(items) - size, 0), -1, -size):
            yield items[:start] + items[start + size :]
        size //= 2


def _simpler(thing: Any) -> Iterator[Any]:
    """Yields an action or an expression with one field made simpler."""
    for field in dataclasses.fields(thing):
        value = getattr(thing, field.name)
        for simpler in _simpler_values(value):
            yield dataclasses.replace(thing, **{field.name: simpler})


def _simpler_values(value: Any) -> Iterator[Any]:
    if isinstance(value, Expression):
        if not isinstance(value, Draw):
            yield Draw(0, (2, 3))
        yield from _simpler(value)
    elif isinstance(value, tuple) and any(isinstance(part, Expression) for part in value):
        yield from (items for items in _without_some(value) if items)
        for index, part in enumerate(value):
            yield from ((*value[:index], simpler, *value[index + 1 :]) for simpler in _simpler_values(part))
    else:
        # Only what comes before the value itself, or it would never end.
        simple = _SIMPLE.get(type(value), ())
        yield from simple[: simple.index(value)] if value in simple else simple
