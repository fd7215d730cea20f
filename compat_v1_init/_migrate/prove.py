"""`--prove`: each rewritten site whose arguments are literals is built both ways, and what the two give is compared.

Only literals are evaluated, never the user's code. Names lead to objects through a table of the packages that they may
begin with, not through the user's imports.

* For this package's own classes, the shim's and the exact Keras subclasses, bytes are compared: of two draws each of
  several shapes and dtypes, after the same `tf.random.set_seed`.
* For plain Keras, whose numbers are others by design, the class, the distribution, and for several shapes the standard
  deviation or limit are compared, as the formula of each side gives them; and a draw of each side is measured.

TensorFlow 2 lacks `tf.contrib`. What stands for it is contrib's formula with TensorFlow's own stateful random ops.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from compat_v1_init._quiet import import_tensorflow

if TYPE_CHECKING:
    from .outcomes import Outcome, Site

_DTYPES = ("float16", "bfloat16", "float32", "float64")
# A vector, a matrix, a convolution's kernel; all sides differ, so that no two fans are equal by chance.
_SHAPES = ((7,), (5, 3), (3, 2, 4, 6))
_SEEDS = (0, 1234)
# For the measured draws: 20,000 values, whose standard deviation is then known to about 0.5 %.
_LARGE = (100, 200)
_MEASURED_WITHIN = 0.03
_FORMULA_WITHIN = 1e-9


class NoTensorFlow(Exception):  # noqa: N818 - shown to the user, like bad usage
    """TensorFlow is missing. The message is one sentence."""


class Unprovable(Exception):  # noqa: N818 - an answer, not a fault
    """A site cannot be built. The message says why."""


class Disproved(Exception):  # noqa: N818 - an answer, not a fault
    """A site is not what the migration says it is. The message says how."""


def prove(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Returns the outcomes with a verdict on each rewritten site; a file with one that is disproved has failed.

    Raises:
      NoTensorFlow: if TensorFlow cannot be imported.
    """
    outcomes = list(outcomes)
    if any(site.proof for outcome in outcomes for site in outcome.sites):
        _import_tensorflow()
    return [_proved(outcome) for outcome in outcomes]


def _import_tensorflow() -> None:
    try:
        import_tensorflow()
    except ImportError as error:
        msg = f"--prove builds initializers: {error}"
        raise NoTensorFlow(msg) from None


def _proved(outcome: Outcome) -> Outcome:
    try:
        return dataclasses.replace(outcome, sites=tuple(_with_verdict(site) for site in outcome.sites))
    except Disproved as error:
        return outcome.failed(f"not changed, since --prove found a difference: {error}")


def _with_verdict(site: Site) -> Site:
    proof = site.proof
    if site.finding.after is None:
        return site
    if proof is None:
        # An import, say, builds nothing; where it is used is a site of its own.
        return dataclasses.replace(site, verdict=f"not proved: {site.verdict}") if site.verdict else site
    try:
        found = verdict_of(proof.original, proof.original_arguments, proof.replacement, proof.replacement_arguments)
    except Unprovable as error:
        return dataclasses.replace(site, verdict=f"not proved: {error}")
    except Disproved as error:
        msg = f"at {site.place}, {site.finding.after}: {error}"
        raise Disproved(msg) from None
    except Exception as error:  # noqa: BLE001 - whatever a draw raises says that nothing is proved
        return dataclasses.replace(site, verdict=f"not proved: a draw raises {type(error).__name__}: {error}")
    return dataclasses.replace(site, verdict=f"proved: {found}")


@functools.cache
def verdict_of(original: str, original_arguments: str, replacement: str, replacement_arguments: str) -> str:
    """Returns what was found to agree.

    Raises:
      Unprovable: if one of the two cannot be built.
      Disproved: if the two do not agree.

    Example:
    >>> verdict_of("tf.compat.v1.variance_scaling_initializer", "2.0", "tf.keras.initializers.HeNormal", "")
    'HeNormal, truncated normal, same width for 3 shapes'
    """
    theirs, ours = _Call(original, original_arguments), _Call(replacement, replacement_arguments)
    if replacement.startswith("tf.keras.") and hasattr(theirs.build(), "seed"):
        return _same_distribution(theirs.build(), ours.build())
    return _same_bytes(theirs, ours)


# --- Building --------------------------------------------------------------------------------------------------------


class _Call:
    """A call of an initializer's class or function with literals."""

    def __init__(self, name: str, arguments: str) -> None:
        self.name = name
        self._make = _object(name)
        self._positional, self._named = _literals(arguments)

    def build(self) -> Any:
        """Returns a new initializer."""
        try:
            return self._make(*self._positional, **self._named)
        except Exception as error:  # noqa: BLE001 - whatever it raises is the answer
            msg = f"{self.name} raises {type(error).__name__}: {error}"
            raise Unprovable(msg) from None

    def draws(self, seed: int, dtype: str | None) -> list[Any]:
        """Returns what a new initializer draws after a global seed is set: twice each shape."""
        from compat_v1_init._tensorflow import tf

        options = {} if dtype is None else {"dtype": tf.as_dtype(dtype)}
        tf.random.set_seed(seed)
        draw = self.build()
        if tf.is_tensor(draw):  # Of a sampler.
            return [draw.numpy(), self.build().numpy()]
        return [_drawn(draw, shape, options) for shape in _SHAPES for _ in range(2)]


def _drawn(draw: Any, shape: Any, options: Any) -> Any:
    """Returns a draw, or what it raises: an orthogonal initializer takes no vector, say."""
    try:
        return draw(shape, **options).numpy()
    except Exception as error:  # noqa: BLE001 - of both sides the same is expected
        return error


def _object(name: str) -> Callable[..., Any]:
    """Returns what a canonical name stands for."""
    import compat_v1_init
    from compat_v1_init._tensorflow import tf

    package, _, path = name.partition(".")
    if package == "contrib":
        originals: dict[str, Callable[..., Any]] = {
            "variance_scaling_initializer": _Contrib,
            "xavier_initializer": _contrib_xavier,
            "xavier_initializer_conv2d": _contrib_xavier,
        }
        return originals[path]
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
    positional = [_literal(argument) for argument in call.args]
    named = {argument.arg: _literal(argument.value) for argument in call.keywords if argument.arg is not None}
    if len(named) < len(call.keywords):
        raise Unprovable("it unpacks a dictionary")
    return positional, named


def _literal(node: ast.expr) -> Any:
    from compat_v1_init._tensorflow import tf

    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)
    if name in (*_DTYPES, "half", "double"):
        return tf.as_dtype(name)
    try:
        return ast.literal_eval(node)
    except ValueError:
        msg = f"{ast.unparse(node)} is not a literal"
        raise Unprovable(msg) from None


class _Contrib:
    """`tf.contrib.layers.variance_scaling_initializer`, as TF1 computes it, with TensorFlow's stateful ops."""

    def __init__(
        self,
        factor: float = 2.0,
        mode: str = "FAN_IN",
        uniform: bool = False,
        seed: int | None = None,
        dtype: Any = "float32",
    ) -> None:
        self.factor, self.mode, self.uniform, self.seed, self.dtype = factor, mode, uniform, seed, dtype

    def __call__(self, shape: Any, dtype: Any = None) -> Any:
        from compat_v1_init._tensorflow import tf

        kind, width = self.form(shape)
        dtype = tf.as_dtype(self.dtype if dtype is None else dtype)
        if kind == "uniform":
            return tf.compat.v1.random_uniform(shape, -width, width, dtype, seed=self.seed)
        return tf.compat.v1.truncated_normal(shape, 0.0, width, dtype, seed=self.seed)

    def form(self, shape: Any) -> tuple[str, float]:
        """Returns the distribution and its limit or its standard deviation before truncation."""
        from compat_v1_init._fans import contrib_limit, contrib_n, contrib_stddev

        n = contrib_n(self.mode, shape)
        if self.uniform:
            return "uniform", contrib_limit(self.factor, n)
        return "truncated normal", contrib_stddev(self.factor, n)


def _contrib_xavier(uniform: bool = True, seed: int | None = None, dtype: Any = "float32") -> _Contrib:
    return _Contrib(1.0, "FAN_AVG", uniform, seed, dtype)


# --- The same bytes --------------------------------------------------------------------------------------------------


def _same_bytes(theirs: _Call, ours: _Call) -> str:
    settings = [(seed, dtype) for seed in _SEEDS for dtype in (None, *_DTYPES)]
    count = 0
    for seed, dtype in settings:
        for a, b in zip(theirs.draws(seed, dtype), ours.draws(seed, dtype)):
            if isinstance(a, Exception):
                failure = a
                continue
            if isinstance(b, Exception):
                msg = f"{ours.name} raises {type(b).__name__}: {b}"
                raise Disproved(msg)
            count += 1
            if a.dtype != b.dtype or a.tobytes() != b.tobytes():
                msg = f"other bytes than {theirs.name} for shape {a.shape}, {a.dtype}, global seed {seed}"
                raise Disproved(msg)
    if not count:
        raise failure
    return f"the same bytes in {count} draws"


# --- The same distribution -------------------------------------------------------------------------------------------


def _same_distribution(theirs: Any, ours: Any) -> str:
    from compat_v1_init._tensorflow import tf

    if not isinstance(ours, tf.keras.initializers.Initializer):
        msg = f"{type(ours).__name__} is no Keras initializer"
        raise Disproved(msg)
    # The fans of a vector are not defined by uniform_unit_scaling, which takes all sides but the last.
    shapes = [shape for shape in _SHAPES if len(shape) > 1 or not hasattr(theirs, "factor") or hasattr(theirs, "mode")]
    for shape in shapes:
        (kind, width), (our_kind, our_width) = _form(theirs, shape), _form(ours, shape)
        if _mean(theirs) != _mean(ours):
            msg = f"mean {_mean(ours)!r} instead of {_mean(theirs)!r}"
            raise Disproved(msg)
        if kind != our_kind or not math.isclose(width, our_width, rel_tol=_FORMULA_WITHIN):
            msg = f"{our_kind} of width {our_width!r} instead of {kind} of width {width!r} for shape {shape}"
            raise Disproved(msg)
    for initializer in (theirs, ours):
        _measure(initializer, *_form(theirs, _LARGE), _mean(theirs))
    return f"{type(ours).__name__}, {_form(ours, _LARGE)[0]}, same width for {len(shapes)} shapes"


def _form_without_fans(initializer: Any) -> tuple[str, float]:
    if hasattr(initializer, "stddev"):
        return _NORMALS[type(initializer).__name__], float(initializer.stddev)
    if hasattr(initializer, "maxval"):
        return "uniform", float(_maxval(initializer) - initializer.minval) / 2
    msg = f"{type(initializer).__name__} has no width to compare"
    raise Unprovable(msg)


def _maxval(initializer: Any) -> float:
    return 1.0 if initializer.maxval is None else float(initializer.maxval)


_NORMALS = {"RandomNormal": "normal", "TruncatedNormal": "truncated normal"}


def _mean(initializer: Any) -> float:
    """Returns the mean of a distribution."""
    if hasattr(initializer, "maxval"):
        return float(initializer.minval + _maxval(initializer)) / 2
    return float(getattr(initializer, "mean", 0.0))


def _form(initializer: Any, shape: Any) -> tuple[str, float]:
    """Returns the distribution and its width: the limit, or the standard deviation before truncation."""
    from compat_v1_init import _fans

    if isinstance(initializer, _Contrib):
        return initializer.form(shape)
    if not hasattr(initializer, "factor") and not hasattr(initializer, "mode"):
        return _form_without_fans(initializer)
    if not hasattr(initializer, "mode"):
        return "uniform", float(_fans.unit_scaling_limit(initializer.factor, shape))
    variance = _fans.scale_over_fan(float(initializer.scale), initializer.mode, shape)
    if initializer.distribution == "uniform":
        return "uniform", _fans.uniform_limit(variance)
    if initializer.distribution == "untruncated_normal":
        return "normal", _fans.normal_stddev(variance)
    return "truncated normal", _fans.truncated_normal_stddev(variance)


def _measure(initializer: Any, kind: str, width: float, mean: float) -> None:
    """Checks a large draw against the distribution that the formula says."""
    from compat_v1_init._family import TRUNCATED_STDDEV
    from compat_v1_init._tensorflow import tf

    values = tf.cast(initializer(_LARGE), tf.float64).numpy() - mean
    width = abs(width)
    stddev = {"uniform": width / math.sqrt(3.0), "normal": width, "truncated normal": width * TRUNCATED_STDDEV}[kind]
    bound = {"uniform": width, "normal": math.inf, "truncated normal": 2 * width}[kind]
    if not math.isclose(values.std(), stddev, rel_tol=_MEASURED_WITHIN) or abs(values).max() > bound * 1.01:
        msg = f"a draw of {type(initializer).__name__} has stddev {values.std():.4g}, not {stddev:.4g}"
        raise Disproved(msg)
