"""What XLA compiles, and what is kept out of its clusters."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

from . import VERSION, AttrValue, private, tf

# True while the graph, or one around it, is traced to be compiled by XLA.
graph_or_parents_in_xla_context = private("GraphOrParentsInXlaContext", "ops.control_flow_util")
_in_xla_context = private("InXlaContext", "ops.control_flow_util")
_control_flow_bodies = tuple(
    private(name, "ops.control_flow_v2_func_graphs")
    for name in ("CondBranchFuncGraph", "WhileCondFuncGraph", "WhileBodyFuncGraph")
)
# XLA has the stateless ops in float16 from TensorFlow 2.12 on.
xla_draws_float16 = VERSION >= (2, 12)
# Whether XLA compiles eager ops too, one by one. It draws different numbers; a function can keep its ops out of it.
# The variable has the flags, or the name of a file with the flags.
_xla_flags = os.environ.get("TF_XLA_FLAGS", "").strip()
if _xla_flags[:1] != "-":
    with contextlib.suppress(OSError):
        _xla_flags = Path(_xla_flags).read_text(errors="replace")


xla_compiles_eager_ops = "tf_xla_auto_jit" in _xla_flags


def compiled_by_xla(graph: Any) -> bool:
    """Returns whether XLA compiles `graph` itself, and not only a function that calls it."""
    while isinstance(graph, _control_flow_bodies):
        graph = graph.outer_graph
    # While a `jit_compile=True` function is traced, the context is that of the graph around it.
    return bool(_in_xla_context(getattr(graph, "outer_graph", graph)))


def keep_out_of_clusters(value: Any) -> Any:
    """Returns `value`, and keeps its op out of XLA's auto-clustering.

    TensorFlow never clusters the original's stateful op, and XLA draws different numbers with a stateless one.
    Clusters are made by a Session's `global_jit_level` and `tf.config.optimizer.set_jit`. A function with
    `jit_compile=True` is still compiled as a whole.
    """
    value.op._set_attr("_XlaCompile", AttrValue(b=False))  # noqa: SLF001
    return value


def not_clustered() -> contextlib.AbstractContextManager[Any]:
    """Keeps all ops added inside, in a graph, out of XLA's clusters."""
    scope: contextlib.AbstractContextManager[Any] = tf.xla.experimental.jit_scope(compile_ops=False)
    return scope


def outside_jit_scope(graph: Any) -> contextlib.AbstractContextManager[Any]:
    """Keeps the ops added inside out of XLA's clusters where `tf.xla.experimental.jit_scope` is in force."""
    return not_clustered() if "_XlaCompile" in graph._attr_scope_map else contextlib.nullcontext()  # noqa: SLF001
