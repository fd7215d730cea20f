"""Partitioned variables: which variables are their parts, and along which axis these lie."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .graph import LeftOut, Part, Variable
from .partitioned import PartitionedInitializer


def wholes(variables: Iterable[Variable], drawn: Mapping[str, Any]) -> dict[str, tuple[list[str], Any]]:
    """Returns, for each partitioned variable, the names of its parts, and its initializer or why there is none.

    Args:
      variables: all variables of a graph.
      drawn: the initializers of those that are draws, by name.
    """
    groups: dict[str, list[tuple[Variable, Part]]] = {}
    unplaced: dict[str, list[Variable]] = {}
    for variable in variables:
        if variable.part is not None and variable.part.whole != variable.name:
            groups.setdefault(variable.part.whole, []).append((variable, variable.part))
            continue
        named = re.fullmatch(r"(.+)/part_\d+", variable.name)
        if named:
            unplaced.setdefault(named[1], []).append(variable)
    found: dict[str, tuple[list[str], PartitionedInitializer | LeftOut]] = {}
    for whole, unplaced_parts in unplaced.items():
        if whole not in groups:
            found[whole] = _answer(_by_shapes, unplaced_parts, drawn)
    for whole, parts in groups.items():
        found[whole] = _answer(_by_places, parts, drawn)
    return found


def _answer(
    find: Callable[..., tuple[list[str], PartitionedInitializer]], *arguments: Any
) -> tuple[list[str], PartitionedInitializer | LeftOut]:
    try:
        return find(*arguments)
    except LeftOut as reason:
        return [], reason
    except ValueError:
        return [], LeftOut("its parts do not fit together")


def _by_places(
    parts: list[tuple[Variable, Part]], drawn: Mapping[str, Any]
) -> tuple[list[str], PartitionedInitializer]:
    """Returns the whole of parts whose places are known."""
    full_shape = parts[0][1].full_shape
    if any(place.full_shape != full_shape for _, place in parts):
        raise LeftOut("its parts do not fit together")
    axes = [axis for axis in range(len(full_shape)) if len({part.offset[axis : axis + 1] for _, part in parts}) > 1]
    if len(axes) > 1:
        raise LeftOut("it is cut along more than one axis, which TF1's partitioners do not do")
    axis = axes[0] if axes else 0
    parts = sorted(parts, key=lambda part: part[1].offset[axis : axis + 1])
    initializer = PartitionedInitializer(tuple(_drawn(variable, drawn) for variable, _ in parts), axis)
    end = 0
    for part, (_, place) in zip(initializer.parts, parts):
        if place.shape != part.shape or place.offset != (*(0,) * axis, end, *(0,) * (len(full_shape) - axis - 1)):
            raise LeftOut("its parts do not fit together")
        end += place.shape[axis]
    if initializer.shape != full_shape:
        msg = f"the file holds {len(parts)} of its parts, which do not make {list(full_shape)}"
        raise LeftOut(msg)
    return [variable.name for variable, _ in parts], initializer


def _by_shapes(parts: list[Variable], drawn: Mapping[str, Any]) -> tuple[list[str], PartitionedInitializer]:
    """Returns the whole of parts for which the file has only the numbers in their names, and their shapes."""
    numbered = {int(part.name.rpartition("_")[2]): part for part in parts}
    if sorted(numbered) != list(range(len(parts))):
        raise LeftOut("some of its parts are not in the file")
    ordered = [numbered[number] for number in range(len(parts))]
    shapes = [part.shape or () for part in ordered]
    axes = [axis for axis, sizes in enumerate(zip(*shapes)) if len(set(sizes)) > 1]
    if len(axes) != 1 and len(parts) > 1:
        raise LeftOut("the file does not say along which axis its parts lie; a .meta file does")
    initializer = PartitionedInitializer(tuple(_drawn(part, drawn) for part in ordered), axes[0] if axes else 0)
    return [part.name for part in ordered], initializer


def _drawn(variable: Variable, drawn: Mapping[str, Any]) -> Any:
    if variable.name not in drawn:
        msg = f"its part {variable.name!r} is left out"
        raise LeftOut(msg)
    return drawn[variable.name]
