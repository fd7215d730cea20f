"""Eager execution: tensors without copies, the cache of kernels, executors and devices."""

from __future__ import annotations

import functools
import weakref
from typing import Any

import numpy as np

from . import VERSION, eager_context, execute, private, tf

# An eager tensor without the checks and the copy of `tf.constant`, which cost as much as a small draw.
_EagerTensor = private("EagerTensor", "framework.ops")
# The executor of a thread. It runs the eager ops at once or, if it is asynchronous, later.
_new_executor = private("new_executor", "eager.executor")
_get_executor = private("TFE_ContextGetExecutorForThread", "pywrap_tfe")
_set_executor = private("TFE_ContextSetExecutorForThread", "pywrap_tfe")
_executor_is_async = private("TFE_ExecutorIsAsync", "pywrap_tfe")
_wait_for_executor = private("TFE_ExecutorWaitForAllPendingNodes", "pywrap_tfe")
_delete_executor = private("TFE_DeleteExecutor", "pywrap_tfe")
# Whether an eager kernel is the same with and without `tf.device` where both mean the same device. Before TensorFlow
# 2.10 the key of the kernel cache was the requested device.
one_kernel_for_a_device = VERSION >= (2, 10)


def eager_tensor(array: Any, device: str) -> Any:
    """Returns an eager tensor that shares the memory of a NumPy array, which must not be written to any more."""
    return _EagerTensor(array, device or None, None)


class CachedKernel:
    """A kernel in TensorFlow's cache of eager kernels, which can be seen to be dropped without running an op.

    The table belongs to the kernel, and keeps its empty key: a tensor that shares its memory with a NumPy array. So the
    array lives exactly as long as the kernel.
    """

    def __init__(self) -> None:
        context = eager_context()
        context.ensure_initialized()
        self._devices = context._logical_devices  # noqa: SLF001
        memory = np.zeros(16, np.int64)
        aligned = memory[-memory.ctypes.data % 64 // 8 :][:1].reshape(())  # Else TensorFlow makes a copy.
        self._lent = weakref.ref(aligned)
        with tf.device(local_cpu()), at_once():
            keys = {"empty_key": eager_tensor(aligned, ""), "deleted_key": eager_tensor(np.int64(1), "")}
            tf.raw_ops.MutableDenseHashTableV2(value_dtype=tf.int64, initial_num_buckets=4, **keys)
        del aligned, keys
        if self.is_gone():
            msg = (
                f"compat_v1_init builds on how TensorFlow keeps eager kernels, which is different in TensorFlow "
                f"{tf.__version__}. Install a version of TensorFlow from 2.5 to 2.21."
            )
            raise RuntimeError(msg)

    def is_gone(self) -> bool:
        """Returns whether TensorFlow has dropped the kernel, and with it all others, or has other devices now."""
        if not self.has_devices():
            return True
        # TensorFlow gives arrays back when an eager tensor is freed, such as this one.
        _EagerTensor(False, "", None)
        return self._lent() is None

    def has_devices(self) -> bool:
        """Returns whether TensorFlow still has the devices that it had when the kernel was made."""
        return eager_context()._logical_devices is self._devices  # noqa: SLF001


def local_cpu() -> str:
    """Returns the name of this process's own CPU: no `tf.device` around it makes another host's of it."""
    return f"{eager_context().host_address_space()}/device:CPU:0"


def is_local(device: str) -> bool:
    """Returns whether a device, as `tf.device` takes it, is this process's own."""
    own, asked = tf.DeviceSpec.from_string(local_cpu()), tf.DeviceSpec.from_string(device)
    return all(getattr(asked, part) in (None, getattr(own, part)) for part in ("job", "replica", "task"))


def tape_watches() -> bool:
    """Returns whether a gradient tape or a forward accumulator sees the ops of this thread."""
    return bool(execute.must_record_gradient())


@functools.cache
def _synchronous_executor() -> Any:
    return _new_executor(enable_async=False)


class at_once:  # noqa: N801 - a context manager, and faster than one that is a generator
    """Runs the eager ops of a `with` block so that they have run, or failed, when it ends.

    If this thread's executor is asynchronous, a later op raises the error of an op, and every op fails from then on
    until the program clears the error. So it is not used for ops that may fail, or tensors that other threads may use.
    `context.executor_scope` would do the same, but raises an earlier error of the executor at its end.
    """

    __slots__ = ("_executor", "_handle", "_is_async")

    def __enter__(self) -> None:
        context = eager_context()
        self._handle = handle = context._context_handle  # noqa: SLF001
        if handle is None:
            context.ensure_initialized()
            self._handle = handle = context._context_handle  # noqa: SLF001
        self._executor = executor = _get_executor(handle)
        self._is_async = _executor_is_async(executor)
        if self._is_async:
            _set_executor(handle, _synchronous_executor().handle())

    def __exit__(self, *_: object) -> None:
        if self._is_async:
            _set_executor(self._handle, self._executor)
        _delete_executor(self._executor)


def wait_for_pending() -> None:
    """Waits for the ops that this thread's asynchronous executor has not run yet; raises if one has failed."""
    executor = _get_executor(eager_context()._handle)  # noqa: SLF001
    try:
        _wait_for_executor(executor)
    finally:
        _delete_executor(executor)


def requested_device() -> str:
    """Returns the device that `tf.device` sets here; empty where it is not set."""
    return eager_context().device_name or ""


def cpu_of(device: str) -> str:
    """Returns a device if it is a CPU, else the first CPU of its task."""
    spec = tf.DeviceSpec.from_string(device)
    if spec.device_type != "CPU":
        spec = spec.replace(device_type="CPU", device_index=0)
    return str(spec.to_string())
