"""From a TF1 initializer to the Keras class and arguments that stand for it.

Pure mapping of names and numbers: neither TensorFlow nor Keras is imported here.
"""

from __future__ import annotations

import dataclasses
import math
import numbers
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar, get_args

from compat_v1_init._family import CONTRIB_SCALE, FAMILY, TRUNCATED_STDDEV, full_distribution, twins


class TranslationWarning(UserWarning):
    """Something that a TF1 initializer holds has no place in the Keras object that it was translated to.

    Example:
    >>> import compat_v1_init, warnings
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     init = compat_v1_init.to_keras({"scale": 2.0, "dtype": "float64"})
    >>> print(caught[0].message)
    The default dtype float64 is lost: Keras' initializers have none. Pass dtype="float64" where you call it.
    """


@dataclasses.dataclass(frozen=True)
class Call:
    """A constructor's or function's name, and the arguments that it is called with."""

    name: str
    arguments: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.name}({', '.join(f'{name}={value!r}' for name, value in self.arguments.items())})"


Numbers = Literal["keras", "tf1"]
"""Whose numbers a translated initializer draws."""


def check_numbers(numbers: Any) -> None:
    """Raises ValueError unless `numbers` is one of the allowed values."""
    allowed = get_args(Numbers)
    if numbers not in allowed:
        msg = f"Argument `numbers` must be one of {allowed}. Received: {numbers!r}"
        raise ValueError(msg)


_NUMBERS = frozenset({"scale", "factor", "mean", "stddev", "minval", "maxval", "gain"})
_LARGEST = 2.0**128 - 2.0**104  # Of float32.
_CONTRIB_MODES = ("FAN_IN", "FAN_OUT", "FAN_AVG")


def keras_call(tf1: Call) -> Call:
    """Returns the plain Keras class for a TF1 initializer, and its arguments.

    `to_keras` makes the object of it, and `migrate --to keras` writes its code.

    Args:
      tf1: an initializer by its name in `_family`, and a value for each of its parameters.

    Raises:
      TypeError: if an argument is not a number that can be read.
      ValueError: if no Keras class has this distribution.
    """
    row = FAMILY[tf1.name]
    given = {**row.fixed, **tf1.arguments}
    if row.name in _PLAIN:
        return Call(row.keras, _PLAIN[row.name](tf1))
    if not row.keras:
        msg = f"Keras has no class for {row.name}. Received: {tf1}. Nearest: numbers='tf1', which keeps TF1's numbers."
        raise ValueError(msg)
    seed = keras_seed(given["seed"])
    if row.base == "variance_scaling":
        return Call(row.keras, {"seed": seed})
    if tf1.name == "xavier" and given["uniform"]:
        return Call(row.keras, {"seed": seed})
    scale, mode, distribution = _SCALED[row.base or row.name](given)
    if scale <= 0:
        msg = (
            f"Keras' VarianceScaling takes only a positive scale. Received: {tf1}, whose scale would be {scale!r}. "
            + ("For zeros, use tf.keras.initializers.Zeros()." if scale == 0 else "TF1 fails where it is called.")
        )
        raise ValueError(msg)
    return Call("VarianceScaling", {"scale": scale, "mode": mode, "distribution": distribution, "seed": seed})


def _of_variance_scaling(given: Mapping[str, Any]) -> tuple[Any, str, str]:
    return _plain_number("scale", given["scale"]), given["mode"], full_distribution(given["distribution"])


def _of_unit_scaling(given: Mapping[str, Any]) -> tuple[Any, str, str]:
    factor = _plain_number("factor", given["factor"])
    try:
        return float(factor) ** 2, "fan_in", "uniform"
    except OverflowError:
        msg = f"Argument `factor` must have a square that is a float: it is Keras' scale. Received: factor={factor!r}"
        raise ValueError(msg) from None


def _of_contrib(given: Mapping[str, Any]) -> tuple[Any, str, str]:
    factor, mode = _plain_number("factor", given["factor"]), given["mode"]
    if mode not in _CONTRIB_MODES:
        msg = f"Argument `mode` must be one of {_CONTRIB_MODES}. Received: mode={mode!r}"
        raise ValueError(msg)
    if given["uniform"]:
        return factor, mode.lower(), "uniform"
    return factor * CONTRIB_SCALE * TRUNCATED_STDDEV**2, mode.lower(), "truncated_normal"


# The arguments of Keras' `VarianceScaling` but for the seed.
_SCALED: Mapping[str, Callable[[Mapping[str, Any]], tuple[Any, str, str]]] = {
    "variance_scaling": _of_variance_scaling,
    "uniform_unit_scaling": _of_unit_scaling,
    "contrib_variance_scaling": _of_contrib,
}


def _as_they_are(tf1: Call) -> dict[str, Any]:
    """Returns the arguments of a class that takes TF1's numbers as they are."""
    names = [name for name in FAMILY[tf1.name].parameters if name not in ("seed", "dtype")]
    arguments = {name: _bound(name, tf1.arguments[name]) for name in names}
    if "seed" in FAMILY[tf1.name].parameters:
        arguments["seed"] = keras_seed(tf1.arguments["seed"])
    return arguments


def _of_random_uniform(tf1: Call) -> dict[str, Any]:
    if tf1.arguments["dtype"] in ("int32", "int64"):
        msg = f"Keras' RandomUniform draws floats alone. Received: {tf1}"
        raise ValueError(msg)
    maxval = tf1.arguments["maxval"]
    return _as_they_are(Call(tf1.name, {**tf1.arguments, "maxval": 1.0 if maxval is None else maxval}))


def _of_constant(tf1: Call) -> dict[str, Any]:
    value, verify_shape = tf1.arguments["value"], tf1.arguments["verify_shape"]
    if verify_shape:
        msg = f"Keras' Constant checks no shape. Received: {tf1}"
        raise ValueError(msg)
    if isinstance(value, bool) or not isinstance(value, numbers.Number):
        msg = f"Keras' Constant takes one number; what it does with a list depends on its version. Received: {tf1}"
        raise TypeError(msg)
    return {"value": _bound("value", value)}


def _bound(name: str, value: Any) -> Any:
    """Returns a number that Keras makes a tensor of."""
    number = _plain_number(name, value)
    if math.isfinite(number) and abs(number) > _LARGEST:
        msg = f"Argument `{name}` must fit into float32: Keras fails with a larger one. Received: {name}={value!r}"
        raise ValueError(msg)
    return number


# The arguments of Keras' classes for what is not variance scaling.
_PLAIN: Mapping[str, Callable[[Call], dict[str, Any]]] = {
    "random_normal": _as_they_are,
    "truncated_normal": _as_they_are,
    "random_uniform": _of_random_uniform,
    "orthogonal": _as_they_are,
    "identity": _as_they_are,
    "constant": _of_constant,
    "zeros": _as_they_are,
    "ones": _as_they_are,
}


def exact_call(tf1: Call) -> Call:
    """Returns the class of `compat_v1_init.keras` with TF1's numbers for a TF1 initializer, and its arguments.

    The arguments are the same as for :func:`keras_call`, but for `dtype`, which is kept.
    """
    row = FAMILY[tf1.name]
    given = {**row.fixed, **tf1.arguments}
    for name in _NUMBERS.intersection(given):
        if not (name == "maxval" and given[name] is None):
            given[name] = _exact_number(name, given[name])
    if "seed" in given:
        given["seed"] = exact_seed(given["seed"])
    if "value" in given:
        given["value"] = _exact_value(given["value"])
    return Call(row.exact, given)


def losses(tf1: Call) -> tuple[str, ...]:
    """Returns what a TF1 initializer holds and the plain Keras object cannot, one sentence for each."""
    dtype = tf1.arguments.get("dtype", "float32")
    if dtype == "float32":
        return ()
    return (
        f'The default dtype {dtype} is lost: Keras\' initializers have none. Pass dtype="{dtype}" where you call it.',
    )


def tf1_call(keras_name: str, config: Mapping[str, Any]) -> Call:
    """Returns the TF1 initializer for a Keras class and the result of its `get_config`.

    Raises:
      ValueError: if TF1 cannot express it.
    """
    seed = config.get("seed")
    if isinstance(seed, Mapping):
        # A SeedGenerator gives fresh numbers at each call, as every TF1 initializer does.
        seed = seed["config"]["seed"]
    for axes in ("input_axes", "output_axes"):
        if config.get(axes) is not None:
            msg = (
                f"TF1 takes the fans from fixed axes: the last two, times the others. Received: {axes}={config[axes]}. "
                "Leave it out where these are the axes; otherwise keep the Keras object."
            )
            raise ValueError(msg)
    row = twins()[keras_name]
    given = {name: config[name] for name in row.parameters if name in config}
    value = given.get("value", 0)
    if not isinstance(value, (int, float)):
        msg = (
            "TF1 and Keras order the values of a list differently, so only a single number can be translated back. "
            f"Received: {value!r}"
        )
        raise TypeError(msg)
    return Call(row.name, {**given, "seed": seed} if "seed" in row.parameters else given)


def keras_seed(seed: Any) -> int | None:
    """Returns a seed as Keras takes it: None, or an int that fits into 64 bits.

    TF1 cuts off a fraction, and takes every int modulo 2**31 - 1; the latter is done only where it must.

    Raises:
      TypeError: if it is no number, where TF1 too fails.
    """
    if seed is None:
        return None
    value = _converted(int, "seed", seed)
    return value if -(2**63) <= value < 2**63 else value % (2**31 - 1)


def exact_seed(seed: Any) -> int | float | None:
    """Returns a seed as JSON can hold it and TF1 reads it."""
    value = None if seed is None else _converted(int, "seed", seed)
    # A fraction is kept.
    return float(seed) if isinstance(seed, float) else value


def _plain_number(name: str, value: Any) -> Any:
    """Returns an argument as a Python number that is, or fits into, a float."""
    number = _converted(float, name, value)
    return value if type(value) is int else number


def _exact_number(name: str, value: Any) -> Any:
    """Returns an argument as a number with which the arithmetic of the widths is the same."""
    from compat_v1_init.initializers._public import is_narrow_float

    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, float):  # NumPy's float64 is one.
        return float(value)
    if is_narrow_float(value):  # TF1 computes in its precision.
        return value
    _converted(float, name, value)
    msg = (
        f"Argument `{name}` must be a Python number, or NumPy's scalar, for TF1's exact numbers. "
        f"Received: {name}={value!r}. Nearest: float({name})."
    )
    raise TypeError(msg)


def _exact_value(value: Any) -> Any:
    """Returns the value of a constant as JSON can hold it."""
    return value.tolist() if hasattr(value, "tolist") else value


_Number = TypeVar("_Number", int, float)


def _converted(kind: Callable[[Any], _Number], name: str, value: Any) -> _Number:
    """Returns `kind(value)`, but of no text."""
    try:
        if not isinstance(value, (str, bytes)):
            return kind(value)
    except (TypeError, ValueError, OverflowError):
        pass
    msg = f"Argument `{name}` must be a number. Received: {name}={value!r}"
    raise TypeError(msg) from None
