"""A call goes one way through the modules: none is entered again by what it called."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import tensorflow as tf

import compat_v1_init

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

PACKAGE = str(Path(compat_v1_init.__file__).parent)


def climbs(call: Callable[[], Any]) -> tuple[set[str], list[str]]:
    """Returns the modules of a call, and each step back up into one that has not returned yet."""
    seen, found = set(), []

    def watch(frame: FrameType, event: str, _: Any) -> None:
        name = frame.f_code.co_filename
        if event != "call" or not name.startswith(PACKAGE):
            return
        seen.add(name[len(PACKAGE) + 1 :])
        below = []
        caller = frame.f_back
        while caller is not None:
            if caller.f_code.co_filename.startswith(PACKAGE):
                below.append(caller.f_code.co_filename)
            caller = caller.f_back
        if below and below[0] != name and name in below:
            found.append(f"{frame.f_code.co_name} of {name} from {below[0]}")

    sys.setprofile(watch)
    try:
        call()
    finally:
        sys.setprofile(None)
    return seen, found


class _Shard:
    full_shape, var_offset = (4, 6), (1, 0)


def _eager() -> None:
    init = compat_v1_init.variance_scaling_initializer(seed=1)
    for _ in range(2):
        init([2, 3])
    compat_v1_init.random_uniform_initializer(0, 9, dtype=tf.int32)([2])


def _slices() -> None:
    init = compat_v1_init.variance_scaling_initializer(seed=1)
    with compat_v1_init.options(partitions="slices"):
        for size in (6, 4):
            init([2, size], partition_info=_Shard())


def _in_a_graph(call: Callable[[], None]) -> Callable[[], None]:
    def build() -> None:
        with tf.Graph().as_default():
            call()

    return build


def _in_a_function(call: Callable[[], None], **arguments: Any) -> Callable[[], None]:
    return lambda: tf.function(call, autograph=False, **arguments).get_concrete_function()


@pytest.mark.parametrize("draw", [_eager, _slices])
@pytest.mark.parametrize(
    "mode",
    [
        lambda call: call,
        _in_a_graph,
        _in_a_function,
        lambda call: _in_a_function(call, jit_compile=True),
    ],
    ids=["eager", "graph", "function", "xla"],
)
def test_no_module_is_entered_again(draw: Callable[[], None], mode: Callable[..., Any]) -> None:
    mode(draw)()  # Functions that TensorFlow traces once call back into their modules.
    modules, found = climbs(mode(draw))
    assert len(modules) > 8
    assert not found


def test_a_step_back_up_is_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "goes_up.py").write_text("import is_below\ndef go(): is_below.call(back)\ndef back(): ...")
    (tmp_path / "is_below.py").write_text("def call(function): function()")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(globals(), "PACKAGE", str(tmp_path))
    modules, found = climbs(importlib.import_module("goes_up").go)
    assert modules == {"goes_up.py", "is_below.py"}
    assert len(found) == 1
