"""`explain`: what changes when a TF1 initializer is translated to Keras."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, Literal, overload

from compat_v1_init._family import CONTRIB, CONTRIB_FRAMEWORK, FAMILY
from compat_v1_init._output import density, tables
from compat_v1_init.initializers._call import distribution_of

from ._convert import DRAWS_WITH_STATEFUL_OPS, translate
from ._models import configuration, keras_of, sites
from ._read import MAKERS
from ._translate import Call, Numbers, check_numbers, keras_seed, losses

Verdict = Literal["same numbers", "same distribution, different numbers", "cannot"]


@dataclasses.dataclass(frozen=True)
class Explanation:
    """What :func:`explain` returns; printed, it is a short text.

    Attributes:
      verdict: `"same numbers"`, `"same distribution, different numbers"` or `"cannot"`.
      before: the TF1 initializer as a call, or its `repr` where there is none.
      after: the Keras initializer as a call; None for `"cannot"`.
      changes: what is different afterwards, one sentence or more for each thing; for `"cannot"` the reason.
      density: `"truncated_normal"`, `"untruncated_normal"` or `"uniform"`; empty for `"cannot"`.

    Example:
    >>> import compat_v1_init
    >>> compat_v1_init.explain("he_normal").after
    'tf.keras.initializers.HeNormal(seed=None)'
    """

    verdict: Verdict
    before: str
    after: str | None
    changes: tuple[str, ...]
    density: str = ""

    def __str__(self) -> str:
        to = self.before if self.after is None else f"{self.before}\n  -> {self.after}"
        drawn = density.line(self.density)
        picture = [f"  {drawn} {density.words(self.density)}"] if drawn else []
        return "\n".join([f"{self.verdict}: {to}", *picture, *(f"  * {change}" for change in self.changes)])

    def _repr_html_(self) -> str:
        """Returns the same as a table for a notebook."""
        rows = [["before", self.before], ["after", self.after or "nothing"], ["numbers", self.verdict]]
        if self.density:
            rows.append(["density", tables.picture(self.density)])
        return tables.table(["", ""], rows) + tables.items(self.changes)


@dataclasses.dataclass(frozen=True)
class ModelExplanation:
    """What :func:`explain` returns for a Keras model; printed, it is a table.

    Attributes:
      rows: for each TF1 initializer in the model the name of the layer, what of it is initialized, for example
        `"kernel"`, and an :class:`Explanation`.

    Example:
    >>> import compat_v1_init, tensorflow as tf
    >>> init = compat_v1_init.glorot_uniform_initializer(seed=1)
    >>> dense = tf.keras.layers.Dense(3, kernel_initializer=init, name="dense")
    >>> found = compat_v1_init.explain(tf.keras.Sequential([tf.keras.layers.InputLayer((4,)), dense]))
    >>> [(layer, weight, each.after) for layer, weight, each in found.rows]
    [('dense', 'kernel', 'tf.keras.initializers.GlorotUniform(seed=1)')]
    """

    rows: tuple[tuple[str, str, Explanation], ...]

    def __str__(self) -> str:
        return tables.text_table([_HEADINGS, *(_cells(row) for row in self.rows)]) + "\n" + "\n".join(self._footnotes())

    def _repr_html_(self) -> str:
        """Returns the table for a notebook."""
        return tables.table(_HEADINGS, [_cells(row) for row in self.rows]) + tables.items(self._footnotes())

    def _footnotes(self) -> list[str]:
        """Returns what changes, each sentence once."""
        said = dict.fromkeys(change for _, _, each in self.rows for change in each.changes)
        return [*said] if self.rows else ["No initializer of TF1 is in this model."]


_HEADINGS = ["layer", "weight", "before", "after", "numbers"]


def _cells(row: tuple[str, str, Explanation]) -> list[str]:
    layer, weight, each = row
    return [layer, weight, each.before, each.after or "", each.verdict]


def _explain_model(model: Any, numbers: Numbers) -> ModelExplanation:
    found = sites(configuration(model))
    return ModelExplanation(tuple((site.layer, site.weight, explain(dict(site.found), numbers)) for site in found))


@overload
def explain(initializer: str | Mapping[str, Any], numbers: Numbers = "keras") -> Explanation: ...
@overload
def explain(initializer: Any, numbers: Numbers = "keras") -> Explanation | ModelExplanation: ...
def explain(initializer: Any, numbers: Numbers = "keras") -> Explanation | ModelExplanation:
    """Returns what `to_keras(initializer, numbers)` changes.

    Args:
      initializer: whatever `to_keras` takes, a model included; what it refuses has the verdict `"cannot"`.
      numbers: as for `to_keras`.

    Returns:
      An :class:`Explanation`, to be printed or read by its attributes; for a model a :class:`ModelExplanation`.

    Raises:
      TypeError: if a model's layers are in its code alone.
      ValueError: if `numbers` is neither `"keras"` nor `"tf1"`.

    Example:
    >>> import compat_v1_init
    >>> init = compat_v1_init.initializers.he_normal(seed=1)
    >>> print(compat_v1_init.explain(init, numbers="tf1"))
    same numbers: tf.initializers.he_normal(seed=1)
      -> compat_v1_init.keras.TF1VarianceScaling(scale=2.0, mode='fan_in', ..., seed=1, dtype='float32')
      * A saved model that holds it needs `import compat_v1_init` where it is loaded.
    """
    check_numbers(numbers)
    if keras_of(initializer) is not None:
        return _explain_model(initializer, numbers)
    try:
        tf1, keras, _ = translate(initializer, numbers)
    except (TypeError, ValueError) as error:
        return Explanation("cannot", repr(initializer), None, (str(error),))
    before = str(_as_written(tf1))
    distribution = _distribution(tf1)
    if numbers == "tf1":
        after = f"compat_v1_init.keras.{keras}"
        need = "A saved model that holds it needs `import compat_v1_init` where it is loaded."
        return Explanation("same numbers", before, after, (need,), distribution)
    after = f"tf.keras.initializers.{keras}"
    if "seed" not in tf1.arguments:
        return Explanation("same numbers", before, after, _changes_of_fixed(tf1), distribution)
    return Explanation("same distribution, different numbers", before, after, _changes(tf1), distribution)


def _distribution(tf1: Call) -> str:
    """Returns the distribution that a TF1 initializer draws from, by the names of `density`; empty for no draw."""
    row = FAMILY[tf1.name]
    return distribution_of(MAKERS[row.base or row.name], SimpleNamespace(**{**row.fixed, **tf1.arguments}))  # type: ignore[arg-type]


def _as_written(tf1: Call) -> Call:
    """Returns the call of TF1's public name that makes an initializer, without the default dtype."""
    row = FAMILY[tf1.name]
    given = {name: value for name, value in tf1.arguments.items() if (name, value) != ("dtype", "float32")}
    namespace = next(iter(row.names))
    module = {CONTRIB: "tf.contrib.layers", CONTRIB_FRAMEWORK: "tf.contrib.framework"}.get(namespace, namespace)
    return Call(f"{module}.{row.names[namespace][0]}", given)


def _changes_of_fixed(tf1: Call) -> tuple[str, ...]:
    """Returns what a Keras object that draws nothing does differently."""
    changes = ["Nothing is drawn: the values are the same."]
    if tf1.name == "identity":
        changes.append("partition_info has no place: each shard becomes an identity matrix of its own.")
    return (*changes, *losses(tf1))


def _changes(tf1: Call) -> tuple[str, ...]:
    """Returns what a plain Keras object does differently, the most important first."""
    given = tf1.arguments
    seed = given["seed"]
    changes = ["Keras draws different numbers of the same distribution; numbers='tf1' keeps TF1's."]
    shared = "layers that share it start equal where their shapes are. Make one for each layer."
    if seed is None:
        changes += [
            f"One object called twice gives new numbers in TF1; in Keras the same again, although unseeded: {shared}",
            "tf.random.set_seed no longer decides the numbers; tf.keras.utils.set_random_seed does.",
        ]
    else:
        changes += [
            f"One object called twice goes on in its stream in TF1; in Keras it repeats itself: {shared}",
            "TF1 mixes the seed with that of tf.random.set_seed; Keras takes it alone.",
        ]
    if keras_seed(seed) != seed:
        changes.append(f"The seed {seed!r} becomes {keras_seed(seed)!r}, which is how TF1 reads it.")
    changes += losses(tf1)
    if tf1.name == "uniform_unit_scaling":
        changes.append("For a vector TF1 takes n = 1, Keras its length: the limit is smaller. Matrices and more agree.")
    if tf1.name == "contrib_variance_scaling":
        if not given["uniform"]:
            changes.append("contrib's constant 1.3 is kept: it is in the scale, as factor * 1.3 * 0.8796...**2.")
    elif FAMILY[tf1.name].rule == "distributions":
        changes.append(FAMILY[tf1.name].note)
    elif tf1.name != "orthogonal":
        changes.append("Keras takes no partition_info: the fans are those of the shape that is asked for.")
    if DRAWS_WITH_STATEFUL_OPS:
        changes.append("All of this is true from Keras 2.10 on. The installed Keras is older and may draw as TF1 does.")
    return tuple(changes)
