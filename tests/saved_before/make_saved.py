"""Writes saved.json: what pickle and Keras 3 save of each class, and what it draws.

    PYTHONPATH=a/checkout python make_saved.py

The stored file was made by this package as it was before its modules were put into folders, under TensorFlow 2.21.0. A
saved object names a public module, so it is loaded wherever the code has moved to.
"""

from __future__ import annotations

import base64
import hashlib
import json
import pickle
from pathlib import Path
from typing import Any

import tensorflow as tf

import compat_v1_init as c

# By the end of the name, in whose spelling a class and a function differ.
SHAPES = {"1d": (3, 2, 4), "2d": (3, 3, 2, 4), "3d": (3, 3, 3, 2, 4), "deltaorthogonal": (3, 3, 2, 4)}
WITHOUT_SEED = ("constant", "identity", "ones", "zeros")


def made() -> dict[str, Any]:
    """Returns an initializer of each class, by a name."""
    found = {
        name: getattr(c.initializers, name)(**({} if name in WITHOUT_SEED else {"seed": 3}))
        for name in c.initializers.__all__
    }
    found["contrib"] = c.contrib.variance_scaling_initializer(1.5, "FAN_AVG", uniform=True, seed=3)
    found.update(
        {name: getattr(c.keras, name)() for name in c.keras.__all__ if name.startswith("TF1") and name != "TF1"}
    )
    draw = c.PinnedInitializer("untruncated_normal", (87, 12), (4, 2), "float32", ((0.5, -0.25), (2.0, None)))
    half = c.PinnedInitializer("uniform", (87, 12), (2, 2))
    found["PinnedInitializer"] = draw
    found["PinnedConstant"] = c.PinnedConstant([0.1, 0.2], (4, 2))
    found["PinnedOrthogonal"] = c.PinnedOrthogonal(draw, (4, 2), 3.0)
    found["PartitionedInitializer"] = c.PartitionedInitializer((half, c.PinnedConstant([0.1], (2, 2))), 0)
    return found


def digest(name: str, initializer: Any) -> str:
    """Returns the SHA-256 of the first value."""
    if hasattr(initializer, "seed") and initializer.seed is None:
        initializer.seed = 3
    tf.random.set_seed(21)
    ends = name.lower().replace("_", "")
    shape = next((shape for end, shape in SHAPES.items() if ends.endswith(end)), (4, 2))
    return hashlib.sha256(initializer(shape).numpy().tobytes()).hexdigest()


def main() -> None:
    """Writes the file."""
    saved = {}
    for name, initializer in made().items():
        saved[name] = {
            "pickle": base64.b64encode(pickle.dumps(initializer, protocol=2)).decode(),
            "keras": tf.keras.initializers.serialize(initializer),
            "sha256": digest(name, initializer),
        }
    path = Path(__file__).with_name("saved.json")
    path.write_text(json.dumps(saved, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
