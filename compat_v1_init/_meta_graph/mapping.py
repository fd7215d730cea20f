"""`from_meta_graph`: from a file to a mapping of initializers."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from compat_v1_init._tensorflow import tf

from .apply import Applied, Stored, apply
from .cells import forget_biases
from .constants import Graph
from .files import MetaGraph, read_graph_file
from .first_value import ROW
from .graph import LeftOut, Variable, has_variables
from .match import first_value
from .parts import wholes

if TYPE_CHECKING:
    from .partitioned import PartitionedInitializer, Pinned


class MetaGraphInitializers(Mapping[str, "Pinned | PartitionedInitializer"]):
    """What :func:`from_meta_graph` returns: a read-only mapping from variable names to initializers.

    Names are TF1's, without `:0`, in the order of the file. The parts of a partitioned variable have entries of their
    own. The whole variable comes after all others, under its full name.

    Attributes:
      left_out: the names of all other variables, each with the reason.
      kind: what the file is: "MetaGraph", "GraphDef" or "SavedModel".
      parts: for each partitioned variable the names of its parts, in their order.
      forget_biases: for the kernel of each LSTM cell what the graph adds to its forget gate, beside the bias.

    Example:
    >>> import compat_v1_init, tempfile, tensorflow as tf
    >>> v1, path = tf.compat.v1, tempfile.mkdtemp() + "/model.meta"
    >>> with tf.Graph().as_default():
    ...     _ = v1.get_variable("dense/bias", [3], initializer=v1.zeros_initializer())
    ...     _ = v1.get_variable("dense/kernel", [3, 3], initializer=v1.glorot_uniform_initializer())
    ...     _ = v1.train.export_meta_graph(path)
    >>> initializers = compat_v1_init.from_meta_graph(path)
    >>> initializers["dense/bias"].value, dict(initializers.left_out)
    (0.0, {'dense/kernel': 'it has no seed: TF1 drew different numbers in every run'})
    """

    def __init__(
        self,
        kind: str,
        drawn: Mapping[str, Any],
        left_out: Mapping[str, str],
        parts: Mapping[str, Sequence[str]] = MappingProxyType({}),
        forget_biases: Mapping[str, float] = MappingProxyType({}),
    ) -> None:
        self.kind = kind
        self.parts = MappingProxyType({whole: tuple(names) for whole, names in parts.items()})
        self.forget_biases = MappingProxyType(dict(forget_biases))
        self.left_out: Mapping[str, str] = MappingProxyType(dict(left_out))
        self._drawn = dict(drawn)

    def __getitem__(self, name: str) -> Pinned | PartitionedInitializer:
        """Returns the initializer of a variable.

        Raises:
          KeyError: if there is none. The message says why, or names the most similar variable.
        """
        if name in self._drawn:
            found: Pinned | PartitionedInitializer = self._drawn[name]
            return found
        if name in self.left_out:
            msg = f"{name} is left out: {self.left_out[name]}"
            raise KeyError(msg)
        near = difflib.get_close_matches(str(name), [*self._drawn, *self.left_out], n=1)
        msg = f"No variable of the graph is named {name!r}." + (f" Did you mean {near[0]!r}?" if near else "")
        raise KeyError(msg)

    def __contains__(self, name: object) -> bool:
        """Returns whether a variable's first value is known."""
        return name in self._drawn

    def __iter__(self) -> Iterator[str]:
        """Yields the names."""
        return iter(self._drawn)

    def __len__(self) -> int:
        """Returns the number of initializers."""
        return len(self._drawn)

    def apply_to(self, model: Any, names: Mapping[str, str] | Callable[[str], str | None] | None = None) -> Applied:
        """Gives the variables of a Keras model the first values that TF1 gave the graph's.

        A variable of the model and one of the graph belong together if their shapes and dtypes are equal, and their
        names are equal or differ only in the scopes before them; a slash may have become `_`, and slim's `weights` are
        a kernel. A cell of TF1 (LSTM, GRU, plain) is cut into the two kernels of Keras' cell of its sizes, with the
        gates in Keras' order and the forget bias in the bias. If two variables on one side would fit, neither is
        used. Constants count too, so that a whole layer starts as it did. Nothing else of the model changes.

        Args:
          model: a built model of Keras 3, on any backend, or of Keras 2.
          names: for variables that have other names now: a mapping from the model's names (`"predictions/kernel"`) to
            the graph's (`"probs/kernel"`), or a function that returns the graph's name or None.

        Returns:
          A report of what was matched and what was not. Print it, or read its attributes.

        Raises:
          TypeError: if `model` is no Keras model.
          ValueError: if the model is not built, or `names` holds a name that is not there.

        Example:
        >>> import compat_v1_init, tempfile, tensorflow as tf
        >>> v1, path = tf.compat.v1, tempfile.mkdtemp() + "/model.meta"
        >>> with tf.Graph().as_default():
        ...     v1.set_random_seed(87)
        ...     _ = v1.get_variable("net/dense/kernel", [3, 4], initializer=v1.glorot_uniform_initializer())
        ...     _ = v1.train.export_meta_graph(path)
        >>> dense = tf.keras.layers.Dense(4, name="dense", use_bias=False)
        >>> model = tf.keras.Sequential([tf.keras.layers.InputLayer((3,)), dense])
        >>> report = compat_v1_init.from_meta_graph(path).apply_to(model)
        >>> [theirs for _, theirs in report.matched], report.not_in_graph, report.not_in_model
        (['net/dense/kernel'], (), ())
        """
        return apply(Stored(self, self.left_out, self.forget_biases), model, names)

    def custom_getter(self, getter: Callable[..., Any], name: str, *args: Any, **kwargs: Any) -> Any:
        """Gives the variables of a new v1 graph the first values of the old one's, by their names.

        It is to be the `custom_getter` of a `tf.compat.v1.variable_scope`. A variable whose name the old graph does not
        have, or whose first value cannot be made again, keeps its own initializer.

        Args:
          getter: TensorFlow's own getter.
          name: the name of the variable, with its scopes.
          *args: what else `get_variable` was given.
          **kwargs: the same.

        Returns:
          The variable.

        Raises:
          ValueError: if the variable has another shape or dtype than the old one.

        Example:
        >>> import compat_v1_init, tempfile, tensorflow as tf
        >>> v1, path = tf.compat.v1, tempfile.mkdtemp() + "/model.meta"
        >>> with tf.Graph().as_default():
        ...     _ = v1.get_variable("net/scale", [3], initializer=v1.constant_initializer(0.5))
        ...     _ = v1.train.export_meta_graph(path)
        >>> old = compat_v1_init.from_meta_graph(path)
        >>> with tf.Graph().as_default(), v1.Session() as session:
        ...     with v1.variable_scope("net", custom_getter=old.custom_getter):
        ...         scale = v1.get_variable("scale", [3])
        ...     session.run(v1.global_variables_initializer())
        ...     session.run(scale).tolist()
        [0.5, 0.5, 0.5]
        """
        if name not in self:
            return getter(name, *args, **kwargs)
        stored, whole = self[name], not args and kwargs.get("shape") is None

        def first(shape: Any, dtype: Any = None, partition_info: Any = None) -> Any:
            if partition_info is None:
                return stored(shape, dtype)
            return tf.slice(stored(partition_info.full_shape, dtype), partition_info.var_offset, shape)

        # Where the shape is not given, it is that of a value.
        initializer = stored() if whole else first
        if len(args) > 2:  # noqa: PLR2004 - shape, dtype, initializer
            return getter(name, *args[:2], initializer, *args[3:], **kwargs)
        return getter(name, *args, **{**kwargs, "initializer": initializer})

    def _repr_html_(self) -> str:
        """Returns a table of the initializers and a list of what is left out, for a notebook."""
        from compat_v1_init._output import tables

        rows = [[*each.row(name), tables.picture(each.distribution)] for name, each in self.items()]
        drawn = tables.table([*ROW, "density"], rows) if rows else ""
        return drawn + tables.items(f"{name}: {reason}" for name, reason in self.left_out.items())

    def __repr__(self) -> str:
        """Returns the counts; `dict(...)` shows the initializers."""
        return f"<{type(self).__name__} of a {self.kind}: {len(self)} variables, {len(self.left_out)} left out>"


def from_meta_graph(path: str | os.PathLike[str], *, tags: Collection[str] | None = None) -> MetaGraphInitializers:
    """Returns, for each variable of a TF1 graph, the initializer that gives its first value again, bit for bit.

    With a graph seed alone, TF1 took the seed of each random op from its place in the graph. Only the file holds these
    seeds. Nothing of the graph is run or imported, so it may hold ops that TensorFlow 2 does not have. Of an orthogonal
    matrix of more than 128 rows the last bits may be those of the installed TensorFlow.

    Args:
      path: a MetaGraph (`.meta`), a GraphDef (`.pb`), either as text (`.pbtxt`), or a SavedModel's folder or file.
        The content decides which of these it is.
      tags: which graph of a SavedModel, for example `["train"]`. By default the only one that has variables, else the
        one for training.

    Returns:
      A mapping from names to a :class:`PinnedInitializer` for a draw, a :class:`PinnedConstant`, a
      :class:`PinnedOrthogonal`, or a :class:`PartitionedInitializer`. Its `left_out` has, for each other variable, the
      reason why its first value cannot be made again.

    Raises:
      OSError: if the file cannot be read.
      ValueError: if it is no such file, is damaged, or holds no variables; if `tags` are of no graph in it, or needed.

    Example:
    >>> import compat_v1_init, tempfile, tensorflow as tf
    >>> v1, path = tf.compat.v1, tempfile.mkdtemp() + "/model.meta"
    >>> with tf.Graph().as_default(), v1.Session() as session:
    ...     v1.set_random_seed(87)
    ...     kernel = v1.get_variable("dense/kernel", [3, 4], initializer=v1.glorot_uniform_initializer())
    ...     session.run(v1.global_variables_initializer())
    ...     expected = session.run(kernel)
    ...     _ = v1.train.export_meta_graph(path)
    >>> init = compat_v1_init.from_meta_graph(path)["dense/kernel"]
    >>> init.distribution, init.shape, init.seeds.seed
    ('uniform', (3, 4), 87)
    >>> init().numpy().tobytes() == expected.tobytes()
    True
    """
    file = read_graph_file(path)
    if tags is not None and (isinstance(tags, str) or not all(isinstance(tag, str) for tag in tags)):
        msg = f"Argument `tags` must be a collection of strings, for example ['train']. Received: {tags!r}"
        raise ValueError(msg)
    try:
        found = _initializers(_chosen(file.meta_graphs, tags))
    except ValueError as error:
        msg = f"{path} is a {file.kind}, but {error}."
        raise ValueError(msg) from None
    return MetaGraphInitializers(file.kind, *found)


def _chosen(meta_graphs: Sequence[MetaGraph], tags: Collection[str] | None) -> Graph:
    """Returns one graph of a file."""
    candidates = [meta_graph for meta_graph in meta_graphs if tags is None or meta_graph.tags == set(tags)]
    if not candidates:
        msg = f"no graph in it has the tags {sorted(tags or ())}; there are {_tags(meta_graphs)}"
        raise ValueError(msg)
    if len(candidates) > 1:
        candidates = [candidate for candidate in candidates if has_variables(candidate)]
        for_training = [candidate for candidate in candidates if "train" in candidate.tags]
        candidates = for_training if len(candidates) > 1 and for_training else candidates
    if len(candidates) > 1:
        msg = f"{len(candidates)} graphs in it have variables; name one by its tags: {_tags(candidates)}"
        raise ValueError(msg)
    if not candidates or not has_variables(candidates[0]):
        raise ValueError("there are no variables in it: it may be frozen, or be of TensorFlow 2")
    return Graph(candidates[0])


def _tags(meta_graphs: Sequence[MetaGraph]) -> str:
    return ", ".join(str(sorted(meta_graph.tags)) for meta_graph in meta_graphs)


def _initializers(graph: Graph) -> tuple[dict[str, Any], dict[str, str], dict[str, list[str]], dict[str, float]]:
    """Returns what :class:`MetaGraphInitializers` holds of a graph."""
    drawn: dict[str, Any] = {}
    left_out: dict[str, str] = {}
    variables = list(graph.variables())

    def add(name: str, answer: Any) -> None:
        if isinstance(answer, LeftOut):
            left_out[name] = str(answer)
        else:
            drawn[name] = answer

    for variable in variables:
        add(variable.name, _value_of(variable, graph))
    parts: dict[str, list[str]] = {}
    for name, (names, answer) in wholes(variables, drawn).items():
        if name not in drawn and name not in left_out:
            parts[name] = names
            add(name, answer)
    return drawn, left_out, parts, forget_biases(graph)


def _value_of(variable: Variable, graph: Graph) -> Pinned | LeftOut:
    try:
        return first_value(graph, variable)
    except LeftOut as reason:
        return reason
    except ValueError as error:
        return LeftOut(f"what the file says of it does not fit together ({error})")
