"""`--prove`: each changed call with literals as arguments is built as it was and as it is, and the two are compared.

What is proved is the initializer alone, and not what else the claim for its place rests on: that the program is of
TensorFlow 1, or that no scope sets another. The verdict names that.

Only literals are evaluated, never the user's code. Names become objects by a table of two packages, not by the user's
imports.

* For the drop-in and for Keras classes with TF1's numbers, bytes are compared: of two draws for each of several shapes
  and dtypes, after the same `tf.random.set_seed`; with a seed, also of two runs of a graph.
* Plain Keras draws different numbers by design. There the distribution is compared: its kind, for several shapes its
  limits or its mean and standard deviation, and the seed.

The original is TensorFlow's own class, or a class of `originals`, which shares no formula with this package.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from compat_v1_init._cli.quiet import import_tensorflow
from compat_v1_init._cli.usage import UsageError
from compat_v1_init._sampling.dtypes import DRAWN_NAMES, FLOATS

if TYPE_CHECKING:
    from .originals import Form
    from .outcomes import Outcome, Place

# The sides of each shape differ, so that no two fans are equal by chance. One fan is 1, the smallest that can matter.
_SHAPES = ((7,), (5, 3), (3, 2, 4, 6), (1, 9), (10, 11, 12))
# For kernels of convolutions in one, two and three dimensions, with equal sides, and no more inputs than outputs.
_KERNELS = ((3, 2, 3), (1, 4, 4), (2, 2, 3, 4), (2, 2, 2, 1, 2))
# Shapes without sides or without elements: a formula may fail for them.
_EDGES = ((), (0, 4), (4, 0))
# The second of three shards of a variable, as `get_variable` asks for it.
_SHARD = (2, 5)
_OF_VARIABLE = SimpleNamespace(full_shape=(6, 5), var_offset=(2, 0))
_SEEDS = (0, 1234)
# Original and replacement may compute a width in different orders; each step rounds by 1.1e-16 at most.
_ROUNDING = 2e-15


class Unprovable(Exception):  # noqa: N818 - an answer, not a fault
    """A call cannot be built. The message says why."""


class Disproved(Exception):  # noqa: N818 - an answer, not a fault
    """The replacement differs from the original. The message says how."""


def prove(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Returns the outcomes with a verdict on each changed place. A file with a difference becomes a failure.

    Raises:
      UsageError: if TensorFlow cannot be imported.
    """
    outcomes = list(outcomes)
    if any(place.pair for outcome in outcomes for place in outcome.places):
        try:
            import_tensorflow()
        except ImportError as error:
            raise UsageError(f"--prove builds initializers: {error}") from None
    return [_proved(outcome) for outcome in outcomes]


def _proved(outcome: Outcome) -> Outcome:
    try:
        return dataclasses.replace(outcome, places=tuple(_with_verdict(place) for place in outcome.places))
    except Disproved as error:
        return outcome.failed(f"not changed, since --prove found a difference: {error}")


def _with_verdict(place: Place) -> Place:
    pair = place.pair
    if place.finding.after is None:
        return place
    if pair is None:
        reason = place.verdict or "an import draws nothing; where its name is used is a place of its own"
        return dataclasses.replace(place, verdict=f"not proved: {reason}")
    try:
        found = verdict_of(pair.original, pair.original_arguments, pair.replacement, pair.replacement_arguments)
        unseen = f"; not looked at: {pair.rests_on}" if pair.rests_on else ""
        verdict = f"proved: the initializer alone, {found}{unseen}"
    except Unprovable as error:
        verdict = f"not proved: {error}"
    except Disproved as error:
        raise Disproved(f"at {place.position}, {place.finding.after}: {error}") from None
    except Exception as error:  # noqa: BLE001 - whatever a draw raises says that nothing is proved
        verdict = f"not proved: a draw raises {type(error).__name__}: {error}"
    return dataclasses.replace(place, verdict=verdict)


@functools.cache
def verdict_of(original: str, original_arguments: str, replacement: str, replacement_arguments: str) -> str:
    """Returns in words what is equal.

    Raises:
      Unprovable: if one of the two cannot be built.
      Disproved: if the two differ.

    Example:
    >>> verdict_of("tf.compat.v1.variance_scaling_initializer", "2.0", "tf.keras.initializers.HeNormal", "")
    'HeNormal, truncated normal, same width for 5 shapes'
    """
    if original == _BY_DEFAULT:
        return _same_variables(_Call(replacement, replacement_arguments))
    theirs, ours = _Call(original, original_arguments), _Call(replacement, replacement_arguments)
    # An initializer that draws nothing, such as zeros, has the same bytes in Keras.
    if ours.is_keras and hasattr(theirs.build(), "seed"):
        return _same_distribution(theirs, ours)
    return _same_bytes(theirs, ours)


class _Call:
    """A call of an initializer's class or function with literals."""

    def __init__(self, name: str, arguments: str) -> None:
        self.name = name
        self.is_keras = name.startswith("tf.keras.")
        self._make = _object(name)
        self._positional, self._named = _literals(arguments)
        self._shapes = _KERNELS if "onvolution" in name else _SHAPES

    def build(self) -> Any:
        """Returns a new initializer."""
        try:
            return self._make(*self._positional, **self._named)
        except Exception as error:  # noqa: BLE001 - whatever it raises is the answer
            raise Unprovable(f"{self.name} raises {type(error).__name__}: {error}") from None

    def draws(self, seed: int, dtype: str | None, *, with_shard: bool) -> list[Any]:
        """Returns what a new initializer draws after a global seed is set: each draw twice, or the error it raises."""
        from compat_v1_init._tensorflow import tf

        options = {} if dtype is None else {"dtype": tf.as_dtype(dtype)}
        tf.random.set_seed(seed)
        initializer = self.build()
        if tf.is_tensor(initializer):  # It is a sampler, which draws at once.
            return [initializer.numpy(), self.build().numpy()]
        calls = [(shape, options) for shape in self._shapes + _EDGES]
        if with_shard:
            calls.append((_SHARD, {**options, "partition_info": _OF_VARIABLE}))
        return [_draw(initializer, *call) for call in calls for _ in range(2)]

    def draws_in_a_graph(self) -> list[Any]:
        """Returns what a new initializer with a seed draws in a graph, in two runs of each shape that it takes."""
        from compat_v1_init._tensorflow import tf

        initializer = self.build()
        if getattr(initializer, "seed", None) is None:
            return []  # The seed would come from the number of ops in the graph, which differs.
        with tf.Graph().as_default():
            values = [_draw(initializer, shape, {}) for shape in self._shapes]
            values = [value for value in values if tf.is_tensor(value)]
            with tf.compat.v1.Session() as session:
                return [value for _ in range(2) for value in session.run(values)]


def _draw(initializer: Any, shape: tuple[int, ...], options: dict[str, Any]) -> Any:
    try:
        value = initializer(shape, **options)
        return value.numpy() if hasattr(value, "numpy") else value
    except Exception as error:  # noqa: BLE001 - the original may raise it too
        return error


def _object(name: str) -> Callable[..., Any]:
    """Returns the class or function of a canonical name."""
    import compat_v1_init
    from compat_v1_init._tensorflow import tf

    package, _, path = name.partition(".")
    if package == "contrib":
        from .originals import CONTRIB

        return CONTRIB[path]
    found: Any = {"tf": tf, "compat_v1_init": compat_v1_init}[package]
    try:
        for part in path.split("."):
            found = getattr(found, part)
    except AttributeError:
        msg = f"TensorFlow {tf.__version__} has no {name}" if package == "tf" else f"there is no {name}"
        raise Unprovable(msg) from None
    made: Callable[..., Any] = found
    return made


def _literals(arguments: str) -> tuple[list[Any], dict[str, Any]]:
    """Returns the positional and the named arguments of a call, which are literals or the names of dtypes."""
    call = ast.parse(f"f({arguments}\n)", mode="eval").body
    if not isinstance(call, ast.Call):
        raise Unprovable("its arguments are not literals")
    if any(argument.arg is None for argument in call.keywords):
        raise Unprovable("it unpacks a dictionary")
    return list(map(_literal, call.args)), {str(each.arg): _literal(each.value) for each in call.keywords}


def _literal(node: ast.expr) -> Any:
    from compat_v1_init._tensorflow import tf

    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)
    if name in DRAWN_NAMES:
        return tf.as_dtype(name)
    try:
        return ast.literal_eval(node)
    except ValueError:
        raise Unprovable(f"{ast.unparse(node)} is not a literal") from None


def _same_bytes(theirs: _Call, ours: _Call) -> str:
    with_shard = not ours.is_keras
    count, errors = 0, []
    for seed in _SEEDS:
        for dtype in (None, *FLOATS):
            originals, replacements = (call.draws(seed, dtype, with_shard=with_shard) for call in (theirs, ours))
            count += _count_of_same(theirs, originals, replacements, f"global seed {seed}")
            errors += [draw for draw in originals if isinstance(draw, Exception)]
    if not count:
        raise Unprovable(f"a draw raises {_result(errors[0])}")
    count += _count_of_same(theirs, theirs.draws_in_a_graph(), ours.draws_in_a_graph(), "in a graph")
    return f"the same bytes in {count} draws"


def _count_of_same(theirs: _Call, originals: list[Any], replacements: list[Any], where: str) -> int:
    """Returns how many draws have the same bytes. If both raise errors, that is no draw, and no difference either."""
    count = 0
    for a, b in zip(originals, replacements):
        if isinstance(a, Exception) != isinstance(b, Exception):
            raise Disproved(f"{_result(b)} instead of {_result(a)}, {where}")
        if not isinstance(a, Exception):
            count += 1
            _check_same(a, b, theirs.name, where)
    return count


def _check_same(theirs: Any, ours: Any, name: str, where: str) -> None:
    if theirs.dtype != ours.dtype or theirs.tobytes() != ours.tobytes():
        raise Disproved(f"other bytes than {name} for shape {theirs.shape}, {theirs.dtype}, {where}")


def _result(draw: Any) -> str:
    return f"{type(draw).__name__}: {draw}" if isinstance(draw, Exception) else f"a draw of shape {draw.shape}"


# All that draws by default gets its variables from this function, the layers of `tf.layers` too.
_BY_DEFAULT = "tf.compat.v1.get_variable"


def _same_variables(ours: _Call) -> str:
    """Compares the variables that TF1's own default makes with those that an initializer makes."""
    settings = [(seed, dtype) for seed in _SEEDS for dtype in FLOATS]
    for seed, dtype in settings:
        for a, b in zip(_variables(seed, dtype, lambda: None), _variables(seed, dtype, ours.build)):
            _check_same(a, b, "get_variable's default", f"graph seed {seed}")
    return f"the same bytes in {len(settings) * len(_SHAPES)} variables of a graph"


def _variables(seed: int, dtype: str, initializer: Callable[[], Any]) -> list[Any]:
    """Returns the first values of a graph's variables, one for each shape."""
    from compat_v1_init._tensorflow import tf

    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as session:
        v1.set_random_seed(seed)
        made = [
            v1.get_variable(f"w{i}", shape, tf.as_dtype(dtype), initializer=initializer())
            for i, shape in enumerate(_SHAPES)
        ]
        session.run(v1.global_variables_initializer())
        values: list[Any] = session.run(made)
    return values


def _same_distribution(theirs: _Call, ours: _Call) -> str:
    from compat_v1_init._tensorflow import tf

    from .originals import form

    original, replacement = theirs.build(), ours.build()
    name = type(replacement).__name__
    if not isinstance(replacement, tf.keras.initializers.Initializer):
        raise Disproved(f"{name} is no Keras initializer")
    seeds = [_seed_of_op(initializer.get_config().get("seed")) for initializer in (original, replacement)]
    if seeds[0] != seeds[1]:
        raise Disproved(f"seed {seeds[1]} instead of {seeds[0]}")
    # For a vector, only uniform_unit_scaling has one input unit. Its rule says that the width differs there.
    is_unit_scaling = hasattr(original, "factor") and not hasattr(original, "mode")
    is_matrix = "rthogonal" in theirs.name
    shapes = [shape for shape in _SHAPES if len(shape) > 1 or not (is_unit_scaling or is_matrix)]
    for shape in shapes:
        # New ones each time: Keras 2 warns where one without a seed is called twice.
        try:
            expected, found = form(theirs.build(), shape), form(ours.build(), shape)
        except ValueError as error:
            raise Unprovable(str(error)) from None
        if not _agree(expected, found):
            theirs_, ours_ = (f"{each.kind} of width {each.width!r}" for each in (expected, found))
            raise Disproved(f"{ours_} instead of {theirs_} for shape {shape}")
    return f"{name}, {found.kind}, same width for {len(shapes)} shapes"


def _seed_of_op(seed: Any) -> Any:
    """Returns a seed as TensorFlow reads it: modulo 2**31 - 1."""
    from compat_v1_init._tensorflow import tf

    return None if seed is None else tf.compat.v1.get_seed(seed)[1]


def _agree(expected: Form, found: Form) -> bool:
    largest = max(abs(expected.at_zero), abs(expected.at_one))
    limits = zip(expected[1:], found[1:])
    return expected.kind == found.kind and all(_is_near(one, other, _ROUNDING * largest) for one, other in limits)


def _is_near(expected: float, found: float, slack: float) -> bool:
    """Returns whether two numbers differ by rounding alone: Keras 3 rounds the limits to float32 for every dtype."""
    import numpy as np  # It comes with TensorFlow, which may be missing.

    low, high = expected - slack, expected + slack
    return low <= found <= high or float(np.float32(low)) - slack <= found <= float(np.float32(high)) + slack
