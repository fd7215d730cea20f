"""The only package that touches TensorFlow's private API, and the one that imports TensorFlow.

It is checked on every release from TensorFlow 2.5 to 2.21: the matrix of `.ci/matrix.py` fails where a name is missing.
`private` raises an error that names it and says what to do.
"""

from __future__ import annotations

import contextlib
import importlib
from typing import Any

from compat_v1_init._lazy import NO_TENSORFLOW

OLDEST = (2, 5)


try:
    import tensorflow  # noqa: ICN001 - `tf` is the untyped name below
except ModuleNotFoundError as error:
    if error.name != "tensorflow":
        raise
    raise ModuleNotFoundError(NO_TENSORFLOW, name="tensorflow") from None


tf: Any = tensorflow  # published without types
VERSION = tuple(int(part) for part in tf.__version__.split(".")[:2])


if VERSION < OLDEST:
    msg = (
        f"compat_v1_init needs TensorFlow 2.5 or newer. Received: TensorFlow {tf.__version__}. "
        "Install a newer one, for example: pip install --upgrade tensorflow"
    )
    raise ImportError(msg)


def private(name: str, *modules: str) -> Any:
    """Returns `name` of the first of TensorFlow's `modules` that has it: private names move between versions."""
    for module in modules:
        with contextlib.suppress(ImportError, AttributeError):
            return getattr(importlib.import_module(f"tensorflow.python.{module}"), name)
    msg = (
        f"compat_v1_init builds on `{name}` of {' or '.join(modules)} in TensorFlow, which TensorFlow "
        f"{tf.__version__} does not have. Install a version of TensorFlow from 2.5 to 2.21."
    )
    raise ImportError(msg)


# How TF1's samplers convert a shape, and keep it static in a graph. In `tensor_util` before TensorFlow 2.16.
shape_tensor = private("shape_tensor", "ops.shape_util", "framework.tensor_util")
maybe_set_static_shape = private("maybe_set_static_shape", "ops.shape_util", "framework.tensor_util")
# Whether TensorFlow behaves as version 2: Keras 2 chooses its classes by this.
tf2_enabled = private("enabled", "tf2")
eager_context = private("context", "eager.context")
# The modules of TF1's initializers, of those of TensorFlow 2, and of the samplers that both draw by.
init_ops = private("init_ops", "ops")
init_ops_v2 = private("init_ops_v2", "ops")
random_ops = private("random_ops", "ops")
# Its `get_seed` is looked up for each draw: `DeterministicRandomTestTool` of legacy Keras replaces it there.
random_seed = private("random_seed", "framework")
# Whether a gradient tape, or a debugger, is to see each op that is added to a graph.
execute = private("execute", "eager")
# The protobuf classes that TensorFlow has no public names for.
saved_model_class = private("saved_model_pb2", "saved_model.loader_impl").SavedModel
variable_def_class = private("variable_pb2", "ops.variables").VariableDef
AttrValue: Any = tf.compat.v1.AttrValue
