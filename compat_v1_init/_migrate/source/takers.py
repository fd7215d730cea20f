"""Who takes an initializer in TensorFlow 1: functions and their parameters, in order.

The signatures are those of TensorFlow 1.15's `variable_scope.py`, `template.py` and `layers`.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import NamedTuple


class Bound(NamedTuple):
    """The arguments of a call, by parameter."""

    given: dict[str, ast.expr]
    is_open: bool
    """Whether `*` or `**` may give any other parameter too."""


def bind(call: ast.Call, parameters: Sequence[str]) -> Bound:
    """Returns which parameter each argument of a call is for. The items of a literal behind `**` are arguments.

    Example:
    >>> import ast
    >>> from compat_v1_init._migrate.source.takers import GET_VARIABLE, bind
    >>> call = ast.parse('f("w", s, **{"initializer": i})', mode="eval").body
    >>> sorted(bind(call, GET_VARIABLE).given), bind(call, GET_VARIABLE).is_open
    (['initializer', 'name', 'shape'], False)
    >>> bind(ast.parse("f(*a)", mode="eval").body, GET_VARIABLE).is_open
    True
    """
    given: dict[str, ast.expr] = {}
    is_open = False
    for position, value in enumerate(call.args):
        if isinstance(value, ast.Starred):
            is_open = True
            break
        if position < len(parameters):
            given[parameters[position]] = value
    for keyword in call.keywords:
        if keyword.arg is not None:
            given[keyword.arg] = keyword.value
        elif isinstance(keyword.value, ast.Dict):
            for key, value in zip(keyword.value.keys, keyword.value.values):
                if isinstance(key, ast.Constant):
                    given[str(key.value)] = value
                else:
                    is_open = True
        else:
            is_open = True
    return Bound(given, is_open)


def is_none(node: ast.expr | None) -> bool:
    """Returns whether an argument is missing, or is None."""
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def last_name(node: ast.AST) -> str:
    """Returns the last name of a chain of attributes; for a call, that of its function."""
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


GET_VARIABLE = (
    "name", "shape", "dtype", "initializer", "regularizer", "trainable", "collections", "caching_device", "partitioner",
    "validate_shape", "use_resource", "custom_getter", "constraint", "synchronization", "aggregation",
)  # fmt: skip

_SCOPE = ("initializer", "regularizer", "caching_device", "partitioner", "custom_getter")
_REST = ("reuse", "dtype", "use_resource", "constraint")
SCOPES = {
    "variable_scope": ("name_or_scope", "default_name", "values", *_SCOPE, *_REST, "auxiliary_name_scope"),
    "variable_op_scope": ("values", "name_or_scope", "default_name", *_SCOPE, *_REST),
    "VariableScope": ("reuse", "name", *_SCOPE, "name_scope", "dtype", "use_resource", "constraint"),
    "make_template": ("name_", "func_", "create_scope_now_", "unique_name_", "custom_getter_"),
}
"""What makes a variable scope, which decides for every `get_variable` that runs in it."""


def _layer(*parameters: str) -> tuple[str, ...]:
    return ("inputs", *parameters)


_KERNEL = "kernel_initializer"
_CONVOLUTION = ("filters", "kernel_size", "strides", "padding", "data_format")
_CONV = _layer(*_CONVOLUTION, "dilation_rate", "activation", "use_bias", _KERNEL)
_TRANSPOSED = _layer(*_CONVOLUTION, "activation", "use_bias", _KERNEL)
_SEPARABLE = _layer(
    *_CONVOLUTION, "dilation_rate", "depth_multiplier", "activation", "use_bias",
    "depthwise_initializer", "pointwise_initializer",
)  # fmt: skip
_FUNCTIONS = {
    "dense": ("Dense", _layer("units", "activation", "use_bias", _KERNEL)),
    "conv1d": ("Conv1D", _CONV),
    "conv2d": ("Conv2D", _CONV),
    "conv3d": ("Conv3D", _CONV),
    "conv2d_transpose": ("Conv2DTranspose", _TRANSPOSED),
    "conv3d_transpose": ("Conv3DTranspose", _TRANSPOSED),
    "separable_conv1d": ("SeparableConv1D", _SEPARABLE),
    "separable_conv2d": ("SeparableConv2D", _SEPARABLE),
}
TF_LAYERS = {
    **{name: parameters for name, (_, parameters) in _FUNCTIONS.items()},
    # The classes do not take the inputs.
    **{cls: parameters[1:] for cls, parameters in _FUNCTIONS.values()},
}
"""The functions of `tf.layers` and their classes, up to the last initializer of weights."""
WEIGHTS = frozenset({_KERNEL, "depthwise_initializer", "pointwise_initializer"})

SLIM_LAYERS = frozenset(
    {
        "conv1d", "conv2d", "conv2d_in_plane", "conv2d_transpose", "conv3d", "conv3d_transpose", "convolution",
        "convolution1d", "convolution2d", "convolution2d_transpose", "convolution3d", "convolution3d_transpose",
        "fully_connected", "linear", "relu", "relu6", "separable_conv2d", "separable_convolution2d",
    }
)  # fmt: skip
"""Those of contrib's `layers` and `slim`, and of `tf_slim`, by keyword alone."""

METHODS = frozenset({"add_variable", "add_weight"})
ONE_VARIABLE = frozenset(
    {
        *METHODS,
        *("get_variable", "get_local_variable", "model_variable", "variable"),
        *("dense", "Dense", "fully_connected", "linear", "relu", "embed_sequence", "Embedding"),
        *("conv1d", "conv2d", "conv3d", "Conv1D", "Conv2D", "Conv3D", "convolution", "convolution2d", "convolution1d"),
        *("conv2d_transpose", "conv3d_transpose", "convolution2d_transpose", "Conv2DTranspose", "Conv3DTranspose"),
        *("DepthwiseConv2D", "depthwise_conv2d", "SeparableConv1D", "SeparableConv2D", "Convolution2D"),
    }
)
"""What uses each of its initializers for one variable."""
