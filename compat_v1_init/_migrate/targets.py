"""TF1's names for the initializers of the family, and what each is in this package.

Which names there are was read off TensorFlow 1.15's API, `tensorflow/python/ops/init_ops.py`,
`tensorflow/contrib/layers/python/layers/initializers.py` and tf_slim 1.1, and checked on TensorFlow 2.16 and 2.21.
"""

from __future__ import annotations

from dataclasses import dataclass

SCALING = ("scale", "mode", "distribution", "seed", "dtype")
SEEDED = ("seed", "dtype")
UNIT_SCALING = ("factor", "seed", "dtype")
CONTRIB = ("factor", "mode", "uniform", "seed", "dtype")
XAVIER = ("uniform", "seed", "dtype")

CONSTANT = "0.87962566103423978"
"""The standard deviation of the standard normal distribution cut off at two, as code for Keras has it."""


@dataclass(frozen=True)
class Initializer:
    """One of TF1's initializers."""

    shim: str
    """Its name in `compat_v1_init`."""
    original: str
    """Its canonical name in TF1."""
    parameters: tuple[str, ...]
    """Those of its TF1 signature, in order."""
    family: str
    """The rule that knows what to make of it."""

    @property
    def module(self) -> str:
        """The module that a `from` import takes it from."""
        return ".".join(["compat_v1_init", *self.shim.split(".")[:-1]])

    @property
    def name(self) -> str:
        return self.shim.rpartition(".")[2]


def _table() -> tuple[dict[str, Initializer], ...]:
    """Returns, by name: the initializers of `tf`, `tf.initializers`, `init_ops`, Keras and contrib."""
    top, initializers, init_ops, keras, contrib = {}, {}, {}, {}, {}
    for name, family, parameters, cls in (
        ("variance_scaling", "variance_scaling", SCALING, "VarianceScaling"),
        ("glorot_uniform", "glorot", SEEDED, "GlorotUniform"),
        ("glorot_normal", "glorot", SEEDED, "GlorotNormal"),
        ("uniform_unit_scaling", "unit_scaling", UNIT_SCALING, "UniformUnitScaling"),
    ):
        long = f"{name}_initializer"
        target = Initializer(long, f"tf.compat.v1.{long}", parameters, family)
        top[long] = init_ops[long] = init_ops[cls] = target
        original = f"tf.compat.v1.initializers.{name}"
        initializers[name] = Initializer(f"initializers.{name}", original, parameters, family)
    keras["VarianceScaling"] = init_ops["VarianceScaling"]
    for name in ("glorot_uniform", "glorot_normal"):
        keras[name] = initializers[name]
    for name in ("he_normal", "he_uniform", "lecun_normal", "lecun_uniform"):
        target = Initializer(f"initializers.{name}", f"tf.compat.v1.initializers.{name}", ("seed",), "he_lecun")
        initializers[name] = init_ops[name] = keras[name] = target
    for name, family, parameters in (
        ("variance_scaling_initializer", "contrib", CONTRIB),
        ("xavier_initializer", "xavier", XAVIER),
        ("xavier_initializer_conv2d", "xavier", XAVIER),
    ):
        contrib[name] = Initializer(f"contrib.{name}", f"contrib.{name}", parameters, family)
    return top, initializers, init_ops, keras, contrib


_TOP, _INITIALIZERS, _INIT_OPS, _KERAS, _CONTRIB = _table()
LAST_PARTS = frozenset().union(_TOP, _INITIALIZERS, _INIT_OPS, _KERAS, _CONTRIB)
"""What the last part of every name of the family is one of."""
TELLING = frozenset(name for name in LAST_PARTS if name.endswith(("_initializer", "_conv2d")))
"""Those that no other library's initializers are called by."""
_CONTRIB_PARTS = {"layers", "initializers", "python", "slim", "ops"}


def initializer(dotted: str) -> Initializer | None:
    """Returns the initializer that an absolute dotted name is in TF1; None if it is none of the family.

    Example:
    >>> from compat_v1_init._migrate.targets import initializer
    >>> initializer("tensorflow.contrib.slim.xavier_initializer").shim
    'contrib.xavier_initializer'
    >>> initializer("tensorflow.keras.initializers.HeNormal") is None
    True
    """
    first, *parts = dotted.split(".")
    if not parts or first not in {"tensorflow", "tf_slim"}:
        return None
    *path, last = parts
    if first == "tf_slim":
        return _CONTRIB.get(last) if _CONTRIB_PARTS.issuperset(path) else None
    is_v1 = path[:2] == ["compat", "v1"]
    if is_v1:
        path = path[2:]
    if path[:1] == ["contrib"]:
        if path[1:2] == ["keras"] and path[-1] == "initializers":
            return _KERAS.get(last)
        is_ours = path[1:2] in (["layers"], ["slim"]) and _CONTRIB_PARTS.issuperset(path[1:])
        return _CONTRIB.get(last) if is_ours else None
    tables: dict[tuple[str, ...], dict[str, Initializer]] = {
        (): _TOP,
        ("initializers",): _INITIALIZERS,
        ("python", "ops", "init_ops"): _INIT_OPS,
    }
    # In TF1 these are the same objects as those of `tf.initializers`.
    tables["keras", "initializers"] = tables["python", "keras", "initializers"] = _KERAS
    return tables.get(tuple(path), {}).get(last)


def is_also_keras(dotted: str) -> bool:
    """Returns whether TensorFlow 2 has the name too, for a Keras initializer with other numbers.

    Example:
    >>> from compat_v1_init._migrate.targets import is_also_keras
    >>> is_also_keras("tensorflow.initializers.he_normal"), is_also_keras("tensorflow.compat.v1.initializers.he_normal")
    (True, False)
    """
    return dotted.startswith(_ALSO_KERAS) and not dotted.endswith("uniform_unit_scaling")


_ALSO_KERAS = ("tensorflow.initializers.", "tensorflow.keras.initializers.", "tensorflow.python.keras.initializers.")

KERAS_STRINGS = frozenset(_KERAS) | {"GlorotNormal", "GlorotUniform"}
"""The names by which TF1's `tf.keras.initializers.get` makes an initializer of the family."""
