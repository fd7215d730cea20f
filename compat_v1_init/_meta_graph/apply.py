"""The first values of an old graph for a Keras model. Variables are matched by name and shape, and never guessed."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from compat_v1_init import _tables

if TYPE_CHECKING:
    from .mapping import MetaGraphInitializers

# Variables that are no draws, but whose first value is known: the first word of the reason, and the value.
_CONSTANTS = {"zeros": 0.0, "ones": 1.0}


@dataclasses.dataclass(frozen=True)
class Applied:
    """What :meth:`MetaGraphInitializers.apply_to` did. Printed, it is a table.

    Attributes:
      matched: pairs of a variable of the model and one of the graph, by their names: these have the graph's values.
      not_in_graph: the name of each other variable of the model, and why it is unchanged.
      not_in_model: the name of each other draw of the graph, and why it is not used.

    Example:
    >>> import compat_v1_init
    >>> from compat_v1_init._meta_graph.apply import Applied
    >>> print(Applied((("dense/kernel", "dense/kernel"),), (("dense/bias", "no variable of this name"),), ()))
    model         graph         what
    dense/kernel  dense/kernel  TF1's first value
    dense/bias                  left as it was: no variable of this name
    """

    matched: tuple[tuple[str, str], ...]
    not_in_graph: tuple[tuple[str, str], ...]
    not_in_model: tuple[tuple[str, str], ...]

    def _rows(self) -> list[list[str]]:
        return [
            *([ours, theirs, "TF1's first value"] for ours, theirs in self.matched),
            *([ours, "", f"left as it was: {why}"] for ours, why in self.not_in_graph),
            *(["", theirs, f"not used: {why}"] for theirs, why in self.not_in_model),
        ]

    def __str__(self) -> str:
        return _tables.text_table([_HEADINGS, *self._rows()])

    def _repr_html_(self) -> str:
        """Returns the table for a notebook."""
        return _tables.table(_HEADINGS, self._rows())


_HEADINGS = ["model", "graph", "what"]


def apply(
    initializers: MetaGraphInitializers, model: Any, names: Mapping[str, str] | Callable[[str], str | None] | None
) -> Applied:
    """Gives a model the first values of a graph; see :meth:`MetaGraphInitializers.apply_to`."""
    variables = {_name(variable, model): variable for variable in model.weights} if model.built else {}
    if not variables:
        raise ValueError("The model has no variables yet. Build it, or call it on data, before apply_to.")
    matched, why = _matches(initializers, variables, names)
    for ours, theirs in matched.items():
        variables[ours].assign(_value(initializers, theirs, tuple(variables[ours].shape)))
    used = set(matched.values())
    parts = {part for name in used for part in initializers if re.fullmatch(re.escape(name) + r"/part_\d+", part)}
    return Applied(
        tuple(matched.items()),
        tuple(why.items()),
        tuple((name, "no variable of the model has its name") for name in initializers if name not in used | parts),
    )


def _matches(
    initializers: MetaGraphInitializers,
    variables: Mapping[str, Any],
    names: Mapping[str, str] | Callable[[str], str | None] | None,
) -> tuple[dict[str, str], dict[str, str]]:
    """Returns the name in the graph for each variable that has one, and the reasons for the others."""
    known = [*initializers, *initializers.left_out]
    given = {ours: _given(ours, names) for ours in variables}
    unknown = {ours: theirs for ours, theirs in given.items() if theirs is not None and theirs not in set(known)}
    if isinstance(names, Mapping):
        unknown.update({ours: theirs for ours, theirs in names.items() if ours not in variables})
    if unknown:
        msg = f"Argument `names` must lead from variables of the model to variables of the graph. Received: {unknown}"
        raise ValueError(msg)
    candidates = {ours: [theirs] if theirs is not None else _candidates(ours, known) for ours, theirs in given.items()}
    takers: dict[str, list[str]] = {}
    for ours, found in candidates.items():
        for theirs in found:
            takers.setdefault(theirs, []).append(ours)
    matched: dict[str, str] = {}
    why: dict[str, str] = {}
    for ours, found in candidates.items():
        if not found:
            why[ours] = "no variable of the graph has its name"
        elif len(found) > 1:
            why[ours] = f"several variables of the graph have its name: {', '.join(found)}"
        elif len(takers[found[0]]) > 1:
            why[ours] = f"several variables of the model have the name of {found[0]}: {', '.join(takers[found[0]])}"
        else:
            reason = _unfit(initializers, found[0], variables[ours])
            if reason is None:
                matched[ours] = found[0]
            else:
                why[ours] = reason
    return matched, why


def _given(name: str, names: Mapping[str, str] | Callable[[str], str | None] | None) -> str | None:
    if names is None:
        return None
    return names.get(name) if isinstance(names, Mapping) else names(name)


def _candidates(name: str, known: list[str]) -> list[str]:
    """Returns the graph's variables for a name: the same name or, without one, names with more or fewer scopes."""
    if name in known:
        return [name]
    return [each for each in known if each.endswith(f"/{name}") or name.endswith(f"/{each}")]


def _unfit(initializers: MetaGraphInitializers, name: str, variable: Any) -> str | None:
    """Returns why a variable cannot get the graph's first value of this name; None if it can."""
    reason = initializers.left_out.get(name)
    if reason is not None:
        return None if reason.partition(",")[0] in _CONSTANTS else f"{name}: {reason}"
    initializer = initializers[name]
    shape, dtype = tuple(variable.shape), _dtype(variable)
    if initializer.shape is not None and tuple(initializer.shape) != shape:
        return f"{name} has the shape {list(initializer.shape)}, it has {list(shape)}"
    if initializer.dtype.name != dtype:
        return f"{name} is of {initializer.dtype.name}, it is of {dtype}"
    return None


def _value(initializers: MetaGraphInitializers, name: str, shape: tuple[int, ...]) -> np.ndarray:
    if name in initializers:
        return np.asarray(initializers[name](shape))
    return np.full(shape, _CONSTANTS[initializers.left_out[name].partition(",")[0]], np.float32)


def _name(variable: Any, model: Any) -> str:
    """Returns a variable's name with its layer's, but without the model's: `path` in Keras 3, `name` before."""
    name = str(getattr(variable, "path", variable.name)).partition(":")[0]
    return name[len(model.name) + 1 :] if name.startswith(f"{model.name}/") else name


def _dtype(variable: Any) -> str:
    return str(getattr(variable.dtype, "name", variable.dtype))
