"""The modules outside of TensorFlow's core that draw initial values, and how."""

from __future__ import annotations

from typing import NamedTuple


class Module(NamedTuple):
    """A module outside of TensorFlow's core that draws initial values by TensorFlow's samplers."""

    samplers: str
    """Its name for the module of the samplers: `random_ops`, or `tf`, of which it takes `tf.random`."""
    with_fans: bool = False
    """Whether it computes the bounds of a draw from the fans of the shape."""
    generator: str | None = None
    """The class that draws, where later versions of the module draw by stateless ops: then it has `RNG_STATELESS`."""


# Any of them may be imported before the patch or while it is in force.
MODULES = {
    "tf_slim.layers.initializers": Module("random_ops", with_fans=True),
    # Keras' own initializers, of which one is the default of `tf.compat.v1.layers`: in TensorFlow 2.5, 2.6 and 2.7, and
    # 2.8 and 2.9. Those of later versions draw by stateless ops anyway, or are TF1's.
    "tensorflow.python.keras.initializers.initializers_v2": Module("random_ops"),
    "keras.initializers.initializers_v2": Module("tf", generator="_RandomGenerator"),
    "keras.backend": Module("tf", generator="RandomGenerator"),
}
