"""The one table of TF1's initializers: names, signatures, what each is a special case of, and its twin in Keras.

Neither TensorFlow nor Keras is imported here. The names and signatures are those of TensorFlow 1.15's API, of
`tensorflow/python/ops/init_ops.py`, of `tensorflow/contrib/layers/python/layers/initializers.py` and of tf_slim 1.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

TOP = "tf"
INITIALIZERS = "tf.initializers"
INIT_OPS = "init_ops"
KERAS = "tf.keras.initializers"
CONTRIB = "contrib"
"""`tf.contrib.layers`, `tf.contrib.slim` and `tf_slim`."""
CONTRIB_FRAMEWORK = "contrib.framework"
RANDOM = "tf.random"

TRUNCATED_STDDEV = 0.87962566103423978
"""The standard deviation of a standard normal truncated to [-2, 2], as SciPy's `truncnorm.std` gives it."""
TRUNCATED_STDDEV_IN_CODE = "0.87962566103423978"
"""The same, as code for Keras has it."""
CONTRIB_SCALE = 1.3
"""Contrib's correction of the variance for the truncation."""


_NONE: Mapping[str, Any] = MappingProxyType({})


# No dataclass: to import `dataclasses` takes longer than all of this package.
class Initializer(NamedTuple):
    """One of TF1's initializers."""

    name: str
    """TF1's short name; names from contrib begin with `contrib_`, except xavier."""
    parameters: Mapping[str, Any]
    """Those of the TF1 signature, in order, with their defaults; a dtype is its name."""
    rule: str
    """The rule of the migration that knows it."""
    module: str
    """The private module of this package that holds it."""
    exact: str
    """The class of `compat_v1_init.keras` with TF1's numbers."""
    keras: str
    """Keras' class of the same distribution; empty where Keras has none."""
    cls: str = ""
    """Its class in `init_ops`, and in `module`; empty where `init_ops` has none."""
    maker: str = ""
    """What makes it in `module`, where that is not `cls`."""
    base: str = ""
    """The row that it is a special case of, if it is one."""
    fixed: Mapping[str, Any] = _NONE
    """The arguments with which `base` gives the same initializer. For a parameter that it has itself: the default."""
    names: Mapping[str, tuple[str, ...]] = _NONE
    """Its names in each of TF1's namespaces."""
    keras_defaults: Mapping[str, Any] = _NONE
    """The defaults of its names in TF1's `tf.keras.initializers`, if they differ."""
    keras_names: Mapping[str, str] = _NONE
    """What Keras calls a parameter, where that is another word."""
    decides: tuple[str, ...] = ()
    """The parameters whose values must be known before a call can be translated."""
    written: tuple[str, ...] = ()
    """The arguments of Keras' class that are always written, even if TF1's default is used."""
    spelled: Mapping[str, str] = _NONE
    """The expression for an argument of Keras' class; `{}` stands for TF1's argument."""
    note: str = ""
    """What else a person should know of the change to Keras, as a sentence."""

    def __eq__(self, other: object) -> bool:
        """Returns whether it is the same object: its mappings have no hash."""
        return self is other

    def __hash__(self) -> int:
        """Returns the object's own."""
        return id(self)

    @property
    def long(self) -> str:
        """Its name in `tf`, or what it would be called there."""
        return self.names[INIT_OPS][0]

    @property
    def source(self) -> tuple[str, str]:
        """The module of this package that holds it, and its name there."""
        return self.module, self.maker or self.cls

    @property
    def saved(self) -> str:
        """The name under which Keras saves its class; empty where it has none of its own."""
        return self.cls or ("" if self.base else self.exact.removeprefix("TF1"))


def _parameters(**defaults: Any) -> Mapping[str, Any]:
    return MappingProxyType(defaults)


_SEED_AND_DTYPE = {"seed": None, "dtype": "float32"}
# Contrib's correction for the truncation and the inverse of Keras', written as two numbers so that a reader knows them.
_CONTRIB_CONSTANT = f"{CONTRIB_SCALE} * {TRUNCATED_STDDEV_IN_CODE}**2"


def _of_init_ops(name: str, cls: str, *keras: str) -> Mapping[str, tuple[str, ...]]:
    """Returns the names of a class of `init_ops`, beside those that TF1's `tf.keras.initializers` gives it."""
    long = f"{name}_initializer"
    return {TOP: (long,), INITIALIZERS: (name,), INIT_OPS: (long, cls), KERAS: keras}


def _glorot(name: str, cls: str, distribution: str) -> Initializer:
    return Initializer(
        name,
        _parameters(**_SEED_AND_DTYPE),
        rule="glorot",
        module="initializers._variance_scaling",
        exact="TF1VarianceScaling",
        keras=cls,
        cls=cls,
        base="variance_scaling",
        fixed={"scale": 1.0, "mode": "fan_avg", "distribution": distribution},
        names=_of_init_ops(name, cls, name),
    )


def _he_or_lecun(name: str, keras: str, scale: float, distribution: str) -> Initializer:
    return Initializer(
        name,
        _parameters(seed=None),
        rule="he_lecun",
        module="initializers._variance_scaling",
        exact="TF1VarianceScaling",
        keras=keras,
        maker=name,
        base="variance_scaling",
        fixed={"scale": scale, "mode": "fan_in", "distribution": distribution},
        names={INITIALIZERS: (name,), INIT_OPS: (name,), KERAS: (name,)},
    )


_STDDEV = "Keras' default stddev is 0.05, TF1's 1.0: it is written out."
_SHORT_IN_KERAS = {"random_normal": ("normal",), "random_uniform": ("uniform",)}
_BOUNDS = "Keras' default bounds are -0.05 and 0.05, TF1's 0 and 1: they are written out."


def _distribution(name: str, cls: str, note: str, keras_defaults: Mapping[str, Any], **bounds: Any) -> Initializer:
    return Initializer(
        name,
        _parameters(**bounds, **_SEED_AND_DTYPE),
        rule="distributions",
        module="initializers._distributions",
        exact=f"TF1{cls}",
        keras=cls,
        cls=cls,
        names=_of_init_ops(name, cls, name, cls, *_SHORT_IN_KERAS.get(name, ())),
        keras_defaults=keras_defaults,
        # Keras draws no integers.
        decides=("dtype",) if "maxval" in bounds else (),
        written=tuple(bounds),
        note=note,
    )


def _convolutional(name: str, cls: str) -> Initializer:
    return Initializer(
        name,
        _parameters(gain=1.0, **_SEED_AND_DTYPE),
        rule="convolutional",
        module="initializers._orthogonal",
        exact=f"TF1{cls}",
        keras="",
        cls=cls,
        names={CONTRIB_FRAMEWORK: (name,), INIT_OPS: (name, cls)},
    )


def _constant(name: str, cls: str, parameters: Mapping[str, Any], **more: Any) -> Initializer:
    return Initializer(
        name,
        _parameters(**parameters),
        rule="constants",
        module="initializers._constants",
        exact=f"TF1{cls}",
        keras=cls,
        cls=cls,
        **more,
    )


_TABLE = (
    Initializer(
        "variance_scaling",
        _parameters(scale=1.0, mode="fan_in", distribution="truncated_normal", **_SEED_AND_DTYPE),
        rule="variance_scaling",
        module="initializers._variance_scaling",
        exact="TF1VarianceScaling",
        keras="VarianceScaling",
        cls="VarianceScaling",
        names=_of_init_ops("variance_scaling", "VarianceScaling", "VarianceScaling"),
    ),
    _glorot("glorot_normal", "GlorotNormal", "truncated_normal"),
    _glorot("glorot_uniform", "GlorotUniform", "uniform"),
    _he_or_lecun("he_normal", "HeNormal", 2.0, "truncated_normal"),
    _he_or_lecun("he_uniform", "HeUniform", 2.0, "uniform"),
    _he_or_lecun("lecun_normal", "LecunNormal", 1.0, "truncated_normal"),
    _he_or_lecun("lecun_uniform", "LecunUniform", 1.0, "uniform"),
    Initializer(
        "uniform_unit_scaling",
        _parameters(factor=1.0, **_SEED_AND_DTYPE),
        rule="unit_scaling",
        module="initializers._variance_scaling",
        exact="TF1UniformUnitScaling",
        keras="VarianceScaling",
        cls="UniformUnitScaling",
        names=_of_init_ops("uniform_unit_scaling", "UniformUnitScaling"),
        keras_names={"factor": "scale"},
        written=("mode", "distribution"),
        spelled={"scale": "{} ** 2"},
        note="A vector's width differs: TF1 takes one input unit there.",
    ),
    Initializer(
        "contrib_variance_scaling",
        _parameters(factor=2.0, mode="FAN_IN", uniform=False, **_SEED_AND_DTYPE),
        rule="contrib",
        module="initializers._contrib",
        exact="TF1ContribVarianceScaling",
        keras="VarianceScaling",
        maker="VarianceScaling",
        names={CONTRIB: ("variance_scaling_initializer",)},
        keras_names={"factor": "scale", "uniform": "distribution"},
        decides=("mode", "uniform"),
        written=("scale", "mode", "distribution"),
        spelled={"scale": f"{{}} * {_CONTRIB_CONSTANT}"},
    ),
    Initializer(
        "xavier",
        _parameters(uniform=True, **_SEED_AND_DTYPE),
        rule="xavier",
        module="initializers._contrib",
        exact="TF1ContribVarianceScaling",
        keras="GlorotUniform",
        maker="xavier_initializer",
        base="contrib_variance_scaling",
        fixed={"factor": 1.0, "mode": "FAN_AVG", "uniform": True},
        names={CONTRIB: ("xavier_initializer", "xavier_initializer_conv2d")},
        keras_names={"uniform": "distribution"},
        decides=("uniform",),
        written=("scale", "mode"),
        spelled={"scale": _CONTRIB_CONSTANT},
    ),
    _distribution("random_normal", "RandomNormal", _STDDEV, {"stddev": 0.05}, mean=0.0, stddev=1.0),
    _distribution("truncated_normal", "TruncatedNormal", _STDDEV, {"stddev": 0.05}, mean=0.0, stddev=1.0),
    _distribution(
        "random_uniform", "RandomUniform", _BOUNDS, {"minval": -0.05, "maxval": 0.05}, minval=0.0, maxval=None
    ),
    Initializer(
        "orthogonal",
        _parameters(gain=1.0, **_SEED_AND_DTYPE),
        rule="orthogonal",
        module="initializers._orthogonal",
        exact="TF1Orthogonal",
        keras="Orthogonal",
        cls="Orthogonal",
        names=_of_init_ops("orthogonal", "Orthogonal", "orthogonal", "Orthogonal"),
    ),
    _convolutional("convolutional_delta_orthogonal", "ConvolutionDeltaOrthogonal"),
    _convolutional("convolutional_orthogonal_1d", "ConvolutionOrthogonal1D"),
    _convolutional("convolutional_orthogonal_2d", "ConvolutionOrthogonal2D"),
    _convolutional("convolutional_orthogonal_3d", "ConvolutionOrthogonal3D"),
    _constant(
        "identity",
        "Identity",
        {"gain": 1.0, "dtype": "float32"},
        names={INITIALIZERS: ("identity",), INIT_OPS: ("identity_initializer", "Identity")},
    ),
    _constant(
        "constant",
        "Constant",
        {"value": 0, "dtype": "float32", "verify_shape": False},
        names=_of_init_ops("constant", "Constant"),
        decides=("value", "verify_shape"),
        written=("value",),
    ),
    _constant("zeros", "Zeros", {"dtype": "float32"}, names=_of_init_ops("zeros", "Zeros")),
    _constant("ones", "Ones", {"dtype": "float32"}, names=_of_init_ops("ones", "Ones")),
)

FAMILY: Mapping[str, Initializer] = MappingProxyType({row.name: row for row in _TABLE})
"""Each of TF1's initializers by its short name."""


def _sampler(name: str, long: str, **bounds: Any) -> Initializer:
    parameters = {"shape": None, **bounds, "dtype": "float32", "seed": None, "name": None}
    return Initializer(
        name,
        _parameters(**parameters),
        rule="samplers",
        module="initializers._samplers",
        exact="",
        keras="",
        maker=name,
        names={TOP: (long,), RANDOM: (name,)},
    )


_SAMPLERS = (
    _sampler("normal", "random_normal", mean=0.0, stddev=1.0),
    _sampler("truncated_normal", "truncated_normal", mean=0.0, stddev=1.0),
    _sampler("uniform", "random_uniform", minval=0, maxval=None),
)

SAMPLERS: Mapping[str, Initializer] = MappingProxyType({row.name: row for row in _SAMPLERS})
"""The functions of `tf.random` that draw initial values, by their names there."""

FIRST_VALUES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "PartitionedInitializer": ("_meta_graph.partitioned", "PartitionedInitializer"),
        "PinnedConstant": ("_meta_graph.pinned_constant", "PinnedConstant"),
        "PinnedInitializer": ("_meta_graph.pinned", "PinnedInitializer"),
        "PinnedOrthogonal": ("_meta_graph.pinned_orthogonal", "PinnedOrthogonal"),
    }
)
"""The classes that `from_meta_graph` makes objects of: the module that holds each, and its name there."""

# --- Questions that have one answer ----------------------------------------------------------------------------------


def full_distribution(name: Any) -> str:
    """Returns the distribution that TF1 and Keras mean by a name: `normal` is an old name of `truncated_normal`."""
    lower = str(name).lower()
    return "truncated_normal" if lower == "normal" else lower


def names_in(namespace: str) -> Iterator[tuple[str, Initializer]]:
    """Yields the names of one of TF1's namespaces, each with what it names.

    Example:
    >>> from compat_v1_init._family import CONTRIB, names_in
    >>> [name for name, row in names_in(CONTRIB) if row.name == "xavier"]
    ['xavier_initializer', 'xavier_initializer_conv2d']
    """
    for row in FAMILY.values():
        for name in row.names.get(namespace, ()):
            yield name, row


def sampler_names_in(namespace: str) -> Iterator[tuple[str, Initializer]]:
    """Yields the same of the samplers."""
    for row in SAMPLERS.values():
        for name in row.names.get(namespace, ()):
            yield name, row


def twins() -> dict[str, Initializer]:
    """Returns by Keras' name the initializers whose arguments are called the same there."""
    return {row.keras: row for row in FAMILY.values() if row.keras and not row.keras_names}


def drop_ins() -> dict[str, tuple[str, str]]:
    """Returns by the name under which Keras saves it the module of each class of TF1's, and its name there.

    Example:
    >>> from compat_v1_init._family import drop_ins
    >>> drop_ins()["ContribVarianceScaling"]
    ('initializers._contrib', 'VarianceScaling')
    """
    return {row.saved: row.source for row in FAMILY.values() if row.saved}


def exact_names() -> list[str]:
    """Returns the names of the classes in `compat_v1_init.keras`, each of which derives from a class of Keras."""
    return list(dict.fromkeys(row.exact for row in FAMILY.values()))


def registered_names() -> list[str]:
    """Returns all names under which Keras saves a class of this package."""
    return [*drop_ins(), *FIRST_VALUES, *exact_names()]
