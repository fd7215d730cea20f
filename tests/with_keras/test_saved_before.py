"""What was saved before the package's modules moved into folders is loaded: pickles, and what Keras 3 writes."""

from __future__ import annotations

import base64
import json
import pickle
from typing import Any

import pytest
import tensorflow as tf
from running import TESTS
from saved_before.make_saved import digest

from compat_v1_init.keras._which import is_keras_3

SAVED = json.loads((TESTS / "saved_before" / "saved.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", SAVED)
def test_a_pickle_is_loaded(name: str) -> None:
    _is_as_it_was(name, pickle.loads(base64.b64decode(SAVED[name]["pickle"])))  # noqa: S301 - this project's own


@pytest.mark.skipif(not is_keras_3(tf.keras), reason="Keras 3 wrote these")
@pytest.mark.parametrize("name", SAVED)
def test_what_keras_saved_is_loaded(name: str) -> None:
    _is_as_it_was(name, tf.keras.initializers.deserialize(SAVED[name]["keras"]))


def _is_as_it_was(name: str, initializer: Any) -> None:
    assert type(initializer).__module__.startswith("compat_v1_init")
    assert type(initializer).__name__ == SAVED[name]["keras"]["class_name"]
    assert digest(name, initializer) == SAVED[name]["sha256"]
