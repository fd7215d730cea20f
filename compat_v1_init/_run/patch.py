"""The patch: inside a `with` block TensorFlow's own initializers draw by this package's stateless ops.

It replaces methods in the classes, and not the names of the classes. So it does not matter by which name a program
knows a class, whether it imported the name before, or holds an object made before.
"""

from __future__ import annotations

import contextlib
from _thread import allocate_lock  # `threading` is slower to import.
from collections.abc import Iterator
from typing import Any

from compat_v1_init._import_hook import after_import, is_ready

from .modules import MODULES

_AWAITED = ("tensorflow", "tensorflow.compat.v1", "tensorflow.compat.v2", *MODULES)

_lock = allocate_lock()
_depth = 0
# Owner, attribute and original value of all that is replaced.
_replaced: list[tuple[Any, str, Any]] = []


@contextlib.contextmanager
def patch() -> Iterator[None]:
    """Makes TensorFlow's TF1 initializers and samplers draw the same numbers by stateless ops, inside a `with` block.

    It acts on `tf.compat.v1.variance_scaling_initializer`, its family and `uniform_unit_scaling_initializer`, on
    `random_normal_initializer`, `truncated_normal_initializer`, `random_uniform_initializer` and all else that draws in
    TensorFlow's modules `init_ops` and `init_ops_v2`, and on tf_slim's initializers. It acts on them by all their
    names, in their subclasses, and in defaults such as `get_variable`'s. Objects keep their classes.
    `tf.random.normal`, `tf.random.truncated_normal` and `tf.random.uniform` are replaced by their public names, also
    those of `tf.compat.v1`. A name that a program has imported before the block still draws by a stateful op.
    TensorFlow or tf_slim may be imported before the block or in it. The block itself imports neither.

    The patch is for the whole process, all threads. Blocks may be nested and overlap; the last one that ends restores
    everything, also when an exception ends it.

    Yields:
      None.

    Raises:
      ImportError: if the installed TensorFlow is one that this package cannot work with; from the `import tensorflow`
        where that is in the block.

    Example:
    >>> import compat_v1_init, tensorflow as tf
    >>> with compat_v1_init.patch(), tf.Graph().as_default() as graph:
    ...     weight = tf.compat.v1.get_variable("weight", [3, 4])
    >>> [op.type for op in graph.get_operations() if "Random" in op.type]
    ['StatelessRandomUniformV2']
    """
    begin()
    try:
        yield
    finally:
        end()


def begin() -> None:
    """Enters the patch, for good unless `end` is called."""
    global _depth  # noqa: PLW0603 - the patch is the process's
    for name in _AWAITED:
        after_import(name, _replace)
    with _lock:
        _depth += 1
    try:
        _replace()
    except BaseException:
        end()
        raise


def end() -> None:
    """Leaves the patch once; the last to leave restores everything."""
    global _depth  # noqa: PLW0603 - as above
    with _lock:
        _depth -= 1
        while _depth == 0 and _replaced:
            owner, name, original = _replaced.pop()
            setattr(owner, name, original)


def _replace() -> None:
    """Replaces, while a patch is in force, all that has been imported and is not replaced yet."""
    if _depth == 0 or not is_ready("tensorflow"):
        return
    # Before the lock is taken: an import may have to wait for another thread's, which may be in here too.
    from .replacements import replacements

    with _lock:
        for owner, name, replacement in replacements(MODULES) if _depth else ():
            original = vars(owner)[name]
            if original is not replacement:
                _replaced.append((owner, name, original))
                setattr(owner, name, replacement)
