"""Why a place cannot be moved without a person: each is a rule that reports, and changes nothing."""

from __future__ import annotations

import enum


def _texts(*texts: str) -> tuple[str, ...]:
    return texts


class Doubt(enum.Enum):
    """The code, the title and the summary of the rule, the message of its findings, and an example."""

    TF1_OR_TF2 = _texts(
        "CVI201",
        "TensorFlow 1 or 2",
        "A name that TensorFlow 1 and 2 both have with different numbers, in a file that tells neither, or both.",
        "TensorFlow 1 and 2 both have this name, with different numbers, and this file and its project do not "
        "tell which is meant; if it is 1, write `tf.compat.v1.initializers` before it and run again.",
        "import tensorflow as tf\n\ninit = tf.initializers.he_normal()\n",
    )
    BOUND_OTHERWISE = _texts(
        "CVI202",
        "bound to several things",
        "A name that may be an initializer or a module of TensorFlow, or something else.",
        "The name may be something other than TensorFlow's; give TensorFlow a name of its own and run again.",
        "import tensorflow as tf\n\ntf = wrap(tf)\ninit = tf.glorot_uniform_initializer()\n",
    )
    NOT_FOLLOWED = _texts(
        "CVI204",
        "through another module",
        "A name of the family that comes from a module or a `*` import which could not be followed.",
        "It comes from a module or a `*` import that could not be followed; import TensorFlow directly and run again.",
        "from .compat import tf\n\ninit = tf.glorot_uniform_initializer()\n",
    )
    ASSIGNED = _texts(
        "CVI206",
        "assigned or deleted",
        "Code that replaces one of TensorFlow's own initializers.",
        "The program replaces TensorFlow's own initializer, so every use of the name is the replacement's; decide "
        "by hand whether it is still needed.",
        "import tensorflow as tf\n\ntf.glorot_uniform_initializer = mine\n",
    )
    FALLBACK = _texts(
        "CVI203",
        "import with another fallback",
        "An import whose other branch gives the same name to something else.",
        "Another branch gives this name to something else; decide which of the two the program needs.",
        "try:\n    from tensorflow.contrib.layers import xavier_initializer\nexcept ImportError:\n"
        "    from mine import xavier_initializer\n",
    )
    COMPUTED = _texts(
        "CVI205",
        "name known at run time",
        "An initializer that is looked up by a name which only the running program knows, or asked for.",
        "Which initializer it is, or whether there is one, is decided at run time; change it by hand to a name of "
        "`compat_v1_init`.",
        'import tensorflow as tf\n\ninit = getattr(tf, "glorot_uniform_initializer", None)\n',
    )
    TEXT = _texts(
        "CVI207",
        "in a string",
        "A string that names an initializer of the family.",
        "A string names the initializer; find what reads it, and change both by hand.",
        'initializer = "tf.contrib.layers.xavier_initializer"\n',
    )
    KERAS_STRING = _texts(
        "CVI208",
        "in a string for tf.keras",
        "A string by which a layer of `tf.keras` or `tf.layers` gets TF1's initializer, in a program of TensorFlow 1.",
        "In TensorFlow 1 the layer takes TF1's initializer by this string, in 2 Keras' own, with different numbers; "
        "for TF1's numbers pass the object of `compat_v1_init.initializers` instead.",
        "import tensorflow as tf\n\nx = tf.placeholder(tf.float32, [None, 3])\n"
        'y = tf.keras.layers.Dense(4, kernel_initializer="he_normal")(x)\n',
    )
    UNCALLED = _texts(
        "CVI210",
        "sampler of several uses",
        "`tf.random_normal` or its like handed on as a function, or used for an initial value and otherwise too.",
        "The command cannot tell whether all that it draws are initial values; `--samplers` moves it, with the same "
        "numbers.",
        "import tensorflow as tf\n\nx = tf.placeholder(tf.float32)\nmodel = build(weights=tf.truncated_normal)\n",
    )
    OTHER_DEFAULTS = _texts(
        "CVI211",
        "other defaults by Keras' name",
        "`tf.keras.initializers.RandomNormal` or its like in a program of TensorFlow 1, where it is not called.",
        "By this name TF1's initializer has different defaults, and there is no call here to write them in; write "
        "them, such as stddev=0.05, where `compat_v1_init`'s is called.",
        "import tensorflow as tf\n\nx = tf.placeholder(tf.float32)\n"
        "model = build(weights=tf.keras.initializers.RandomNormal)\n",
    )

    def __init__(self, code: str, title: str, summary: str, why: str, example: str) -> None:
        self.code, self.title, self.summary, self.why, self.example = code, title, summary, why, example
