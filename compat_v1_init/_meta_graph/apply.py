"""The first values of an old graph for a Keras model. Variables are matched by name and shape, and never guessed."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from compat_v1_init._output import tables
from compat_v1_init._tensorflow import tf

from . import cells
from .pinned_constant import DTYPES, PinnedConstant


class Stored(NamedTuple):
    """What a graph's file has of first values; the attributes are those of :class:`MetaGraphInitializers`."""

    initializers: Mapping[str, Any]
    left_out: Mapping[str, str]
    forget_biases: Mapping[str, float]

    @property
    def names(self) -> list[str]:
        """The names of all variables."""
        return [*self.initializers, *self.left_out]


@dataclasses.dataclass(frozen=True)
class Applied:
    """What :meth:`MetaGraphInitializers.apply_to` did. Printed, it is a table.

    Attributes:
      matched: pairs of a variable of the model and one of the graph, by their names: these have the graph's values.
      not_in_graph: the name of each other variable of the model, and why it is unchanged.
      not_in_model: the name of each other draw of the graph, and why it is not used.
      how: the name of each variable of the model that has its value from parts of the graph's, and how it was made.

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
    how: tuple[tuple[str, str], ...] = ()

    def _rows(self) -> list[list[str]]:
        how = dict(self.how)
        return [
            *([ours, theirs, how.get(ours, "TF1's first value")] for ours, theirs in self.matched),
            *([ours, "", f"left as it was: {why}"] for ours, why in self.not_in_graph),
            *(["", theirs, f"not used: {why}"] for theirs, why in self.not_in_model),
        ]

    def __str__(self) -> str:
        return tables.text_table([_HEADINGS, *self._rows()])

    def _repr_html_(self) -> str:
        """Returns the table for a notebook."""
        return tables.table(_HEADINGS, self._rows())


_HEADINGS = ["model", "graph", "what"]


def apply(stored: Stored, model: Any, names: Mapping[str, str] | Callable[[str], str | None] | None) -> Applied:
    """Gives a model the first values of a graph; see :meth:`MetaGraphInitializers.apply_to`."""
    if not hasattr(model, "weights"):
        msg = (
            f"Argument `model` must be a Keras model. Received: {model!r}. A v1 graph gets the values where its "
            "variables are made: tf.compat.v1.variable_scope(..., custom_getter=initializers.custom_getter)."
        )
        raise TypeError(msg)
    variables = {_name(variable, model): variable for variable in model.weights} if model.built else {}
    if not variables:
        raise ValueError("The model has no variables yet. Build it, or call it on data, before apply_to.")
    known = stored.names
    given = _all_given(variables, known, names)
    cells = _Cells(stored, variables, given)
    others = {ours: variable for ours, variable in variables.items() if ours not in cells.variables}
    matched, why = _matches(stored, others, given, known)
    for ours, theirs in matched.items():
        variables[ours].assign(_value(stored, theirs, variables[ours]))
    for ours, (value, _, _) in cells.values.items():
        variables[ours].assign(value)
    of_cells = [(ours, name) for ours, (_, _, theirs) in cells.values.items() for name in theirs]
    used = {*matched.values(), *(name for _, name in of_cells)}
    parts = {part for part in stored.initializers if re.sub(r"/part_\d+$", "", part) in used}
    return Applied(
        (*matched.items(), *of_cells),
        (*why.items(), *cells.why.items()),
        tuple(
            (name, "no variable of the model has its name")
            for name, initializer in stored.initializers.items()
            if name not in used | parts and not isinstance(initializer, PinnedConstant)
        ),
        tuple((ours, told) for ours, (_, told, _) in cells.values.items()),
    )


def _all_given(
    variables: Mapping[str, Any], known: list[str], names: Mapping[str, str] | Callable[[str], str | None] | None
) -> dict[str, str | None]:
    """Returns for each variable of the model the name in the graph that the caller gives it, or None."""
    given = {ours: _given(ours, names) for ours in variables}
    unknown = {ours: theirs for ours, theirs in given.items() if theirs is not None and theirs not in set(known)}
    if isinstance(names, Mapping):
        unknown.update({ours: theirs for ours, theirs in names.items() if ours not in variables})
    if unknown:
        msg = f"Argument `names` must lead from variables of the model to variables of the graph. Received: {unknown}"
        raise ValueError(msg)
    return given


class _Cells:
    """The recurrent cells of a model whose weights the graph holds as TF1's cells do.

    Attributes:
      variables: the names of their variables.
      values: of those that the graph has, the value, how it was made, and of which variables of the graph.
      why: the reasons for the others.
    """

    def __init__(self, stored: Stored, variables: Mapping[str, Any], given: Mapping[str, str | None]) -> None:
        known = stored.names
        theirs = cells.graph_cells(known, stored.forget_biases)
        of_cells = {name for each in theirs for name in (*each.kernels, *each.biases)}

        def named(cell: cells.ModelCell) -> set[str]:
            return {name for own in cell.variables if (name := given[f"{cell.name}/{own}"]) is not None}

        # Keras' own cells, in the graph too, have two kernels.
        ours = [
            cell
            for cell in (cells.model_cells(variables) if theirs else ())
            if named(cell) <= of_cells and not _candidates(f"{cell.name}/recurrent_kernel", known)
        ]
        self._stored = stored
        self._shapes = {name: each.shape for name, each in stored.initializers.items()}
        self.variables = {f"{cell.name}/{own}" for cell in ours for own in cell.variables}
        self.values: dict[str, tuple[Any, str, list[str]]] = {}
        self.why: dict[str, str] = {}
        found = {}
        for cell in ours:
            told = [each for each in theirs if named(cell).intersection((*each.kernels, *each.biases))]
            found[cell.name] = told or cells.candidates(cell, theirs, self._shapes)
        taken = [each[0].name for each in found.values() if len(each) == 1]
        for cell in ours:
            self._take(cell, found[cell.name], taken)

    def _take(self, cell: cells.ModelCell, found: list[cells.GraphCell], taken: list[str]) -> None:
        if len(found) > 1:
            found = [each for each in found if each.name not in taken] or found
        if not found:
            why: str | None = "no variable of the graph has its name, and no cell its kind and sizes"
        elif len(found) > 1:
            names = ", ".join(each.name for each in found)
            why = f"several cells of the graph have its sizes: {names}. Argument `names` says which"
        elif taken.count(found[0].name) > 1:
            why = f"several cells of the model have the sizes of {found[0].name}. Argument `names` says which"
        else:
            why = cells.unfit(cell, found[0]) or self._unfit(cell, found[0])
        made = {}
        if why is None:
            arrays = {name: self._stored.initializers[name]() for name in (*found[0].kernels, *found[0].biases)}
            made = cells.values(cell, found[0], {name: np.array(value) for name, value in arrays.items()})
        for own in cell.variables:
            if why is None:
                self.values[f"{cell.name}/{own}"] = made[own]
            else:
                self.why[f"{cell.name}/{own}"] = why

    def _unfit(self, ours: cells.ModelCell, theirs: cells.GraphCell) -> str | None:
        """Returns why the values of a cell cannot be had; None if they can."""
        for name in (*theirs.kernels, *theirs.biases):
            if name not in self._stored.initializers:
                return f"{name}: {self._stored.left_out.get(name, 'the graph does not have it')}"
            dtype = self._stored.initializers[name].dtype.name
            if dtype != _dtype(ours.variables["kernel"]):
                return f"{name} is of {dtype}, it is of {_dtype(ours.variables['kernel'])}"
        gates = sum((self._shapes[name] or (0,))[-1] for name in theirs.biases)
        rows = [list(self._shapes[name] or ()) for name in theirs.kernels]
        inputs = int(ours.variables["kernel"].shape[0])
        if gates != ours.gates * ours.units or any(shape[:-1] != [inputs + ours.units] for shape in rows):
            return f"{theirs.name} has kernels of {rows}; it takes {inputs} inputs and has {ours.units} units"
        return None


def _matches(
    stored: Stored, variables: Mapping[str, Any], given: Mapping[str, str | None], known: list[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Returns the name in the graph for each variable that has one, and the reasons for the others."""
    candidates: dict[str, list[str]] = {}
    for ours in variables:
        theirs = given[ours]
        candidates[ours] = [theirs] if theirs is not None else _candidates(ours, known)
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
            reason = _unfit(stored, found[0], variables[ours])
            if reason is None:
                matched[ours] = found[0]
            else:
                why[ours] = reason
    return matched, why


def _given(name: str, names: Mapping[str, str] | Callable[[str], str | None] | None) -> str | None:
    if names is None:
        return None
    return names.get(name) if isinstance(names, Mapping) else names(name)


# What Keras calls a variable, and what TF1's layers, slim's and Keras' of that time call it beside that.
_ALSO = {
    "kernel": ("weights", "depthwise_kernel", "depthwise_weights"),
    "bias": ("biases",),
    "depthwise_kernel": ("depthwise_weights",),
    "pointwise_kernel": ("pointwise_weights",),
}


def _candidates(name: str, known: list[str]) -> list[str]:
    """Returns the graph's variables for a name: the same name or, without one, names with more or fewer scopes.

    The last word may be another one for the same. Keras gives a cell a scope of its own, and allows no slash in the
    name of a layer: "conv_bn" may be TF1's "conv/bn".
    """
    scope, slash, own = cells.without_own_name(name).rpartition("/")
    for spelling in (name, *(f"{scope}{slash}{word}" for word in (own, *_ALSO.get(own, ())))):
        if spelling in known:
            return [spelling]
        found = [each for each in known if each.endswith(f"/{spelling}") or spelling.endswith(f"/{each}")]
        found = found or [
            each for each in known if _flat(spelling) in _endings(each) or _flat(each) in _endings(spelling)
        ]
        if found:
            return found
    return []


def _flat(name: str) -> str:
    return name.replace("/", "_")


def _endings(name: str) -> set[str]:
    """Returns a name without its first scopes, of each number of them, with no slashes."""
    scopes = name.split("/")
    return {"_".join(scopes[at:]) for at in range(len(scopes) - 1)}


def _unfit(stored: Stored, name: str, variable: Any) -> str | None:
    """Returns why a variable cannot get the graph's first value of this name; None if it can."""
    reason = stored.left_out.get(name)
    if reason is not None:
        return f"{name}: {reason}"
    initializer = stored.initializers[name]
    shape, dtype = tuple(variable.shape), _dtype(variable)
    if initializer.shape is not None and tuple(initializer.shape) != shape:
        return f"{name} has the shape {list(initializer.shape)}, it has {list(shape)}"
    if initializer.dtype.name != dtype and not _is_number_of(initializer, dtype):
        return f"{name} is of {initializer.dtype.name}, it is of {dtype}"
    return None


def _is_number_of(initializer: Any, dtype: str) -> bool:
    """Returns whether all of a constant is one number, which another dtype holds as well."""
    value = getattr(initializer, "value", None)
    if value is None or dtype not in {each.name for each in DTYPES}:
        return False
    return bool(tf.as_dtype(dtype).as_numpy_dtype(value) == value)


def _value(stored: Stored, name: str, variable: Any) -> Any:
    value = np.asarray(stored.initializers[name](tuple(variable.shape)))
    return value if stored.initializers[name].dtype.name == _dtype(variable) else value.astype(np.float64)


def _name(variable: Any, model: Any) -> str:
    """Returns a variable's name with its layer's, but without the model's: `path` in Keras 3, `name` before."""
    name = str(getattr(variable, "path", variable.name)).partition(":")[0]
    return name[len(model.name) + 1 :] if name.startswith(f"{model.name}/") else name


def _dtype(variable: Any) -> str:
    return str(getattr(variable.dtype, "name", variable.dtype))
