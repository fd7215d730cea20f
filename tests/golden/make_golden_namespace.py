"""Golden values of TF1's other initializers and of its samplers, in the format of `make_golden.py`.

    python3.7 make_golden_namespace.py OUT_PREFIX     (TF 1.15.5 with numpy<1.19 and protobuf<3.21)

Each case says in "make" what it calls: a class of `init_ops` by its name in `tf.initializers` or, where it has none
there, in `tf.contrib.framework`; or with the kind "sampler" one of `tf.random`. The file of signatures has the
parameters of all of TF1's initializers and samplers.
"""

import inspect
import json
import sys

import make_golden as golden
import tensorflow as tf
from make_golden import case, v1
from tensorflow.python.ops import init_ops
from tensorflow.python.util import tf_decorator

FLOATS = ("float32", "float64", "float16", "bfloat16")


def maker(name):
    return getattr(init_ops, name + "_initializer", None) or getattr(init_ops, name)


def made(args):
    args = dict(args)
    name = args.pop("make")
    if "dtype" in args:
        args["dtype"] = tf.as_dtype(args["dtype"])
    return maker(name)(**args)


golden.PREFIX = "n"
golden.mk = made


def b_sampler(args, call):
    args = dict(args)
    sampler = getattr(tf.random, args.pop("make"))
    args["dtype"] = tf.as_dtype(call["dtype"])
    for name in call.get("tensors", ()):
        args[name] = tf.constant(args[name], args["dtype"])
    return [sampler(call["shape"], **args) for _ in range(call.get("times", 1))], None


def b_variable(args, call):
    x = v1.Variable(b_sampler(args, call)[0][0])
    return [x], v1.global_variables_initializer()


def namespace():
    distributions = {
        "random_normal": (dict(), dict(stddev=0.05), dict(mean=1.5, stddev=2.0), dict(mean=-3, stddev=-1)),
        "truncated_normal": (dict(), dict(stddev=0.1), dict(mean=-0.25, stddev=0.5), dict(mean=2, stddev=-0.5)),
        "random_uniform": (dict(), dict(minval=-0.05, maxval=0.05), dict(minval=0, maxval=2), dict(minval=3, maxval=-1)),
    }
    for name, bounds in distributions.items():
        # 1. bounds, dtypes and shapes
        for bound in bounds:
            for dtype in FLOATS:
                for shape in ([3, 4], [7], []) if bound else ([3, 4], [0, 4], [301, 33]):
                    args = dict(bound, make=name, seed=42)
                    case("call", args, None, golden.b_call, shape=shape, dtype=dtype)
        # 2. seeds
        for graph_seed, seed in [(None, 0), (0, 0), (-3, -7), (2**40 + 3, 2**33 + 5), (5, None), (87654321, 42)]:
            args = dict(make=name) if seed is None else dict(make=name, seed=seed)
            case("call", args, graph_seed, golden.b_call, shape=[4, 5], dtype="float32")
        # 3. the constructor's dtype, variables, shards
        case("call", dict(make=name, seed=3, dtype="float64"), None, golden.b_call, shape=[5, 6])
        for dtype in ("float32", "float64"):
            case("get_variable", dict(make=name, seed=42), None, golden.b_getvar, shape=[3, 4], dtype=dtype)
        case("get_variable", dict(make=name), 1234, golden.b_getvar, shape=[3, 4], dtype="float32", use_resource=True)
        case("get_variable_part", dict(make=name, seed=42), None, golden.b_part, shape=[10, 6], dtype="float32", num_shards=3)
        case("two_ops", dict(make=name, seed=42), 5, golden.b_two, shapes=[[3, 4], [3, 4], [2, 5]], dtype="float32")
    # 4. integers
    for dtype in ("int32", "int64"):
        top = 2**31 - 1 if dtype == "int32" else 2**63 - 1
        for minval, maxval in [(0, 10), (-7, 3), (0, top), (-top - 1, top), (-5, -4)]:
            for shape in ([3, 4], [], [1001]):
                args = dict(make="random_uniform", minval=minval, maxval=maxval, seed=42)
                case("call", args, 87, golden.b_call, shape=shape, dtype=dtype)
        args = dict(make="random_uniform", minval=0, maxval=9)
        case("get_variable", dict(args, seed=1), None, golden.b_getvar, shape=[3, 4], dtype=dtype)
        case("get_variable", args, 1234, golden.b_getvar, shape=[3, 4], dtype=dtype)
        case("two_ops", dict(args, seed=-1), 5, golden.b_two, shapes=[[3, 4], [3, 4], [2, 5]], dtype=dtype)
        case("call", dict(make="random_uniform", minval=0, seed=1), None, golden.b_call, shape=[2], dtype=dtype)
        case("call", dict(make="random_uniform", minval=3, maxval=3, seed=1), None, golden.b_call, shape=[2], dtype=dtype)
    # 5. orthogonal matrices and kernels
    for dtype in ("float32", "float64"):
        for shape in ([3, 4], [4, 3], [2, 3, 5], [1, 1], [20, 12]):
            for gain in (1.0, 1.5):
                case("call", dict(make="orthogonal", gain=gain, seed=42), None, golden.b_call, shape=shape, dtype=dtype)
        case("get_variable", dict(make="orthogonal"), 1234, golden.b_getvar, shape=[3, 4], dtype=dtype)
        for shape in ([3, 2, 4], [3, 3, 2, 4], [3, 3, 3, 2, 2]):
            args = dict(make="convolutional_delta_orthogonal", gain=2.0, seed=42)
            case("call", args, None, golden.b_call, shape=shape, dtype=dtype)
        for n, shapes in {1: ([3, 2, 4], [1, 2, 2]), 2: ([2, 2, 2, 3], [3, 3, 1, 2]), 3: ([2, 2, 2, 1, 2],)}.items():
            for shape in shapes:
                args = dict(make="convolutional_orthogonal_%dd" % n, seed=42, dtype=dtype)
                case("call", args, None, golden.b_call, shape=shape, dtype=dtype)
                case("call", dict(args, gain=0.5), 87, golden.b_call, shape=shape, dtype=dtype)
    # 6. what draws nothing
    for dtype in ("float32", "float64", "float16", "int32"):
        for name in ("zeros", "ones"):
            case("call", dict(make=name), None, golden.b_call, shape=[2, 3], dtype=dtype)
        for value in (3, [1, 2, 3], [[1, 2], [3, 4]], []):
            case("call", dict(make="constant", value=value), None, golden.b_call, shape=[2, 3], dtype=dtype)
        case("get_variable", dict(make="constant", value=[1, 2]), None, golden.b_getvar, shape=[4], dtype=dtype)
        part = dict(shape=[10, 2], dtype=dtype, num_shards=3)
        case("get_variable_part", dict(make="constant", value=2), None, golden.b_part, **part)
    for dtype in ("float32", "float64", "float16"):
        for shape in ([3, 3], [2, 5], [3]):
            case("call", dict(make="identity", gain=1.5), None, golden.b_call, shape=shape, dtype=dtype)
        part = dict(shape=[10, 10], dtype=dtype, num_shards=3)
        case("get_variable_part", dict(make="identity"), None, golden.b_part, **part)
    for verify, shape in [(True, [2, 3]), (True, [3]), (False, [2, 3])]:
        args = dict(make="constant", value=[1.0, 2.0, 3.0], verify_shape=verify)
        case("call", args, None, golden.b_call, shape=shape)
    case("call", dict(make="constant", value=[1.0] * 7), None, golden.b_call, shape=[2, 3])
    case("call", dict(make="constant", value=None), None, golden.b_call, shape=[2, 3])
    # 7. what is refused
    for name, shape in [("orthogonal", [3]), ("convolutional_delta_orthogonal", [3, 3, 4, 2]), ("identity", [3])]:
        case("call", dict(make=name), None, golden.b_call, shape=shape)
    for name in ("random_normal", "truncated_normal", "orthogonal", "identity"):
        case("call", dict(make=name, dtype="int32"), None, golden.b_call, shape=[2, 2])
    # 8. samplers
    samplers = {
        "normal": (dict(), dict(mean=0.5, stddev=0.1), dict(mean=[1.0, 2.0, 3.0, 4.0], stddev=0.5)),
        "truncated_normal": (dict(), dict(stddev=0.1), dict(mean=-1.0, stddev=[0.5, 1.0, 2.0, 4.0])),
        "uniform": (dict(), dict(minval=-1.0), dict(minval=-1, maxval=1), dict(minval=[0.0, 1.0, 2.0, 3.0], maxval=9.0)),
    }
    for name, bounds in samplers.items():
        for bound in bounds:
            for dtype in FLOATS:
                call = dict(shape=[3, 4], dtype=dtype)
                case("sampler", dict(bound, make=name, seed=42), None, b_sampler, **call)
                case("sampler", dict(bound, make=name), 87, b_sampler, times=2, **call)
                case("sampler", dict(bound, make=name, seed=1), 87, b_sampler, tensors=sorted(bound), **call)
            case("variable", dict(bound, make=name, seed=42), 5, b_variable, shape=[3, 4], dtype="float32")
    for dtype in ("int32", "int64"):
        for minval, maxval in [(0, 7), (-1000000, 1000000)]:
            args = dict(make="uniform", minval=minval, maxval=maxval, seed=9)
            case("sampler", args, None, b_sampler, shape=[3, 4], dtype=dtype)
            case("sampler", args, 87, b_sampler, shape=[3, 4], dtype=dtype, tensors=["maxval", "minval"])
        case("sampler", dict(make="uniform", seed=9), None, b_sampler, shape=[3, 4], dtype=dtype)


# What the other golden script draws, and contrib's.
SCALING = ("variance_scaling", "uniform_unit_scaling", "glorot_normal", "glorot_uniform")
FUNCTIONS = ("he_normal", "he_uniform", "lecun_normal", "lecun_uniform")
CONTRIB = {"contrib_variance_scaling": "variance_scaling_initializer", "xavier": "xavier_initializer"}


def signatures():
    """Returns the parameters of each class, of its call, and of each function, with their defaults, in their order.

    A dtype is its name.
    """
    names = {c["args"]["make"] for c in golden.cases if c["kind"] not in ("sampler", "variable")}
    makers = {name: maker(name) for name in names.union(SCALING)}
    functions = {name: cls.__init__ for name, cls in makers.items()}
    functions.update({name + ".__call__": cls.__call__ for name, cls in makers.items()})
    functions.update({"random." + name: getattr(tf.random, name) for name in ("normal", "truncated_normal", "uniform")})
    functions.update({name: getattr(tf.initializers, name) for name in FUNCTIONS})
    functions.update({name: getattr(tf.contrib.layers, public) for name, public in CONTRIB.items()})
    found = {}
    for name, function in functions.items():
        parameters = inspect.signature(tf_decorator.unwrap(function)[1]).parameters
        found[name] = [
            [key, getattr(p.default, "name", None if p.default is p.empty else p.default)]
            for key, p in parameters.items()
            if key != "self"
        ]
    return found


if __name__ == "__main__":
    namespace()
    out = sys.argv[1] if len(sys.argv) > 1 else "namespace_tf" + golden.V.replace(".", "_")
    golden.write(out)
    with open(out + "_signatures.json", "w") as f:
        json.dump(signatures(), f, indent=1, sort_keys=True)
        f.write("\n")
