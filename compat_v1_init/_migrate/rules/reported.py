"""What is left for a person, and why."""

from __future__ import annotations

from compat_v1_init._migrate.source.site import Doubt

from .base import unchanged

DOUBTS = {
    Doubt.TF1_OR_TF2: unchanged(
        "CVI201",
        "TensorFlow 1 or 2",
        "A name that TensorFlow 1 and 2 both have with different numbers, in a file that tells neither, or both.",
        "import tensorflow as tf\n\ninit = tf.initializers.he_normal()\n",
    ),
    Doubt.BOUND_OTHERWISE: unchanged(
        "CVI202",
        "bound to several things",
        "A name that may be an initializer or a module of TensorFlow, or something else.",
        "import tensorflow as tf\n\ntf = wrap(tf)\ninit = tf.glorot_uniform_initializer()\n",
    ),
    Doubt.FALLBACK: unchanged(
        "CVI203",
        "import with another fallback",
        "An import whose other branch gives the same name to something else.",
        "try:\n    from tensorflow.contrib.layers import xavier_initializer\nexcept ImportError:\n"
        "    from mine import xavier_initializer\n",
    ),
    Doubt.NOT_FOLLOWED: unchanged(
        "CVI204",
        "through another module",
        "A name of the family that comes from a module or a `*` import which could not be followed.",
        "from .compat import tf\n\ninit = tf.glorot_uniform_initializer()\n",
    ),
    Doubt.COMPUTED: unchanged(
        "CVI205",
        "name known at run time",
        "An initializer that is looked up by a name which only the running program knows, or asked for.",
        'import tensorflow as tf\n\ninit = getattr(tf, "glorot_uniform_initializer", None)\n',
    ),
    Doubt.ASSIGNED: unchanged(
        "CVI206",
        "assigned or deleted",
        "Code that replaces one of TensorFlow's own initializers.",
        "import tensorflow as tf\n\ntf.glorot_uniform_initializer = mine\n",
    ),
    Doubt.TEXT: unchanged(
        "CVI207",
        "in a string",
        "A string that names an initializer of the family.",
        'initializer = "tf.contrib.layers.xavier_initializer"\n',
    ),
    Doubt.KERAS_STRING: unchanged(
        "CVI208",
        "in a string for tf.keras",
        "A string by which a layer of `tf.keras` or `tf.layers` gets TF1's initializer, in a program of TensorFlow 1.",
        "import tensorflow as tf\n\nx = tf.placeholder(tf.float32, [None, 3])\n"
        'y = tf.keras.layers.Dense(4, kernel_initializer="he_normal")(x)\n',
    ),
    Doubt.UNCALLED: unchanged(
        "CVI210",
        "sampler of several uses",
        "`tf.random_normal` or its like handed on as a function, or used for an initial value and otherwise too.",
        "import tensorflow as tf\n\nx = tf.placeholder(tf.float32)\nmodel = build(weights=tf.truncated_normal)\n",
    ),
    Doubt.OTHER_DEFAULTS: unchanged(
        "CVI211",
        "other defaults by Keras' name",
        "`tf.keras.initializers.RandomNormal` or its like in a program of TensorFlow 1, where it is not called.",
        "import tensorflow as tf\n\nx = tf.placeholder(tf.float32)\n"
        "model = build(weights=tf.keras.initializers.RandomNormal)\n",
    ),
}

MARK = unchanged(
    "CVI209",
    "ignore without a rule",
    "A comment `# compat-v1-init: ignore[...]` whose code is no rule's, and which therefore hides nothing.",
    "from mine import glorot_uniform_initializer  # compat-v1-init: ignore[CVI27]\n",
)
RULES = tuple(sorted([*DOUBTS.values(), MARK], key=lambda rule: rule.code))

WHY = {
    Doubt.TF1_OR_TF2: "TensorFlow 1 and 2 both have this name, with different numbers, and this file and its project "
    "do not tell which is meant; if it is 1, write `tf.compat.v1.initializers` before it and run again.",
    Doubt.BOUND_OTHERWISE: "The name may be something other than TensorFlow's; give TensorFlow a name of its own and "
    "run again.",
    Doubt.FALLBACK: "Another branch gives this name to something else; decide which of the two the program needs.",
    Doubt.NOT_FOLLOWED: "It comes from a module or a `*` import that could not be followed; import TensorFlow "
    "directly and run again.",
    Doubt.COMPUTED: "Which initializer it is, or whether there is one, is decided at run time; change it by hand to a "
    "name of `compat_v1_init`.",
    Doubt.ASSIGNED: "The program replaces TensorFlow's own initializer, so every use of the name is the replacement's; "
    "decide by hand whether it is still needed.",
    Doubt.TEXT: "A string names the initializer; find what reads it, and change both by hand.",
    Doubt.KERAS_STRING: "In TensorFlow 1 the layer takes TF1's initializer by this string, in 2 Keras' own, with other "
    "numbers; for TF1's numbers pass the object of `compat_v1_init.initializers` instead.",
    Doubt.UNCALLED: "The command cannot tell whether all that it draws are initial values; `--samplers` moves it, with "
    "the same numbers.",
    Doubt.OTHER_DEFAULTS: "By this name TF1's initializer has different defaults, and there is no call here to write "
    "them in; write them, such as stddev=0.05, where `compat_v1_init`'s is called.",
}
ADVICE = {
    **{DOUBTS[doubt].code: why for doubt, why in WHY.items()},
    MARK.code: "No rule has this code, so the comment hides nothing; correct the code, or remove the comment.",
}
"""For each rule that needs a person, by its code: why, and what to do."""
