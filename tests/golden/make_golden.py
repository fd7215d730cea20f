"""Golden values of the original `variance_scaling_initializer` (stateful Philox ops).

Run under TF 1.15.5 (it also runs, unchanged, under TF 1.4 ... 2.21, to compare):

    python3.7 make_golden.py OUT_PREFIX     (TF 1.15.5 with numpy<1.19 and protobuf<3.21)

Writes OUT_PREFIX.npz and OUT_PREFIX.json.

JSON: {"tf":..., "numpy":..., "cases":[{
   "id": "c0007", "kind": call|call_pinfo|get_variable|get_variable_part|contrib|two_ops|other_ops_first,
   "args": kwargs of the constructor, "call": shape / dtype / full_shape ..., "graph_seed": int|null, "op_seed": int|null,
   "ops": [[op type, seed attr, seed2 attr, op name], ...]  in creation order,
   "outs": [{"shape":[...], "dtype":"float32", "full":bool, "runs":{"s1r1":{"key":..., "sha256":...}, "s1r2":..., "s2r1":...}}, ...]
   "error": "Type: message" where the case does not exist in that version }]}
Runs: s1r1 and s1r2 are the first and second session.run in the first Session, s2r1 the first one in a second Session of
the same graph.  Arrays of more than MAXFULL elements are stored as flat[sample_idx(n)], with the sha256 of all bytes.
bfloat16 is stored as its uint16 bit pattern.  sha256 is of the little-endian C-order bytes.  Key of a stored array: id_outindex_run
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
import sys, json, hashlib, warnings

warnings.filterwarnings("ignore")
import numpy as np
import tensorflow as tf

V = tf.__version__
v1 = tf.compat.v1 if hasattr(getattr(tf, "compat", None), "v1") else tf
try:
    v1.logging.set_verbosity(v1.logging.ERROR)
except Exception:
    pass
from tensorflow.python.ops import variable_scope as _vs

MAXFULL = 400
PREFIX = "c"  # Of the names of cases.


def sample_idx(n):
    """Which flat elements of a big array are stored."""
    return np.unique(
        np.concatenate(
            [np.arange(min(n, 48)), np.linspace(0, n - 1, 65).astype(np.int64), np.arange(max(0, n - 16), n)]
        )
    )


def bits(a):
    a = np.ascontiguousarray(a)
    return a.view(np.uint16) if a.dtype.name == "bfloat16" else a


arrays, cases = {}, []


def seeds_of(graph):
    r = []
    for o in graph.get_operations():
        if o.type in ("TruncatedNormal", "RandomStandardNormal", "RandomUniform", "RandomUniformInt"):
            r.append([o.type, int(o.get_attr("seed")), int(o.get_attr("seed2")), o.name])
    return r


def case(kind, args, graph_seed, build, **call):
    c = dict(id=PREFIX + "%04d" % len(cases), kind=kind, args=args, graph_seed=graph_seed, op_seed=args.get("seed"), call=call)
    cases.append(c)
    try:
        with tf.Graph().as_default() as g:
            if graph_seed is not None:
                v1.set_random_seed(graph_seed)
            outs, init = build(args, call)
            c["ops"] = seeds_of(g)
            c["outs"] = [dict(shape=None, dtype=o.dtype.base_dtype.name, runs={}) for o in outs]
            for s in (1, 2):
                with v1.Session(
                    config=v1.ConfigProto(intra_op_parallelism_threads=2, inter_op_parallelism_threads=1)
                ) as sess:
                    for r in (1, 2) if s == 1 else (1,):
                        if init is not None:
                            sess.run(init)
                        for k, a in enumerate(sess.run(outs)):
                            a = np.asarray(a)
                            o = c["outs"][k]
                            o["shape"] = list(a.shape)
                            b = bits(a)
                            o["full"] = bool(a.size <= MAXFULL)
                            key = "%s_%d_s%dr%d" % (c["id"], k, s, r)
                            if s == 1:  # s2r1 must equal s1r1 where seeded; only its hash is kept
                                arrays[key] = b if o["full"] else b.ravel()[sample_idx(b.size)]
                            o["runs"]["s%dr%d" % (s, r)] = dict(
                                key=key if s == 1 else None, sha256=hashlib.sha256(b.tobytes()).hexdigest()
                            )
    except Exception as e:
        c["error"] = "%s: %s" % (type(e).__name__, str(e).split("\n")[0][:300])


def mk(args):
    a = dict(args)
    if "dtype" in a:
        a["dtype"] = tf.as_dtype(a["dtype"])
    return v1.variance_scaling_initializer(**a)


def b_call(args, call):
    kw = {}
    if call.get("dtype"):
        kw["dtype"] = tf.as_dtype(call["dtype"])
    return [mk(args)(call["shape"], **kw)], None


def b_pinfo(args, call):
    pi = _vs._PartitionInfo(full_shape=call["full_shape"], var_offset=call["var_offset"])
    return [mk(args)(call["shape"], dtype=tf.as_dtype(call["dtype"]), partition_info=pi)], None


def b_getvar(args, call):
    x = v1.get_variable(
        "v",
        shape=call["shape"],
        dtype=tf.as_dtype(call["dtype"]),
        initializer=mk(args),
        use_resource=call.get("use_resource"),
    )
    return [x.read_value() if hasattr(x, "read_value") else x], v1.global_variables_initializer()


def b_part(args, call):
    x = v1.get_variable(
        "v",
        shape=call["shape"],
        dtype=tf.as_dtype(call["dtype"]),
        initializer=mk(args),
        partitioner=v1.fixed_size_partitioner(call["num_shards"], axis=call.get("axis", 0)),
    )
    return [w.read_value() if hasattr(w, "read_value") else w for w in list(x)], v1.global_variables_initializer()


def b_two(args, call):  # several initializers, same constructor args, one graph
    d = tf.as_dtype(call["dtype"])
    i = mk(args)
    return [i(s, dtype=d) for s in call["shapes"]] + [mk(args)(call["shapes"][0], dtype=d)], None


def b_other(args, call):  # non-random ops first: moves TF1's op seed, not TF2's
    for k in range(call["n_other"]):
        tf.constant(k)
    return [mk(args)(call["shape"], dtype=tf.as_dtype(call["dtype"]))], None


def b_contrib(args, call):
    a = dict(args)
    if "dtype" in a:
        a["dtype"] = tf.as_dtype(a["dtype"])
    i = tf.contrib.layers.variance_scaling_initializer(**a)
    kw = {}
    if call.get("dtype"):
        kw["dtype"] = tf.as_dtype(call["dtype"])
    return [i(call["shape"], **kw)], None


SHAPES = [[3, 4], [3, 3, 16, 32], [1000, 257], [7], [], [0, 4]]
DISTS = ["truncated_normal", "normal", "untruncated_normal", "uniform"]
DTYPES = ["float32", "float64", "float16", "bfloat16"]
def family():
    """Makes the cases."""
    # 1. every distribution x dtype x shape x (graph seed set / not), op seed set
    for dist in DISTS:
        for dt in DTYPES:
            for sh in SHAPES:
                for gs in (None, 1234):
                    if dist == "normal" and (dt not in ("float32", "float64") or gs is not None):
                        continue
                    case("call", dict(distribution=dist, seed=42), gs, b_call, shape=sh, dtype=dt)
    # 2. default constructor (no distribution argument), dtype from the constructor
    for dt in ("float32", "float64", "float16"):
        case("call", dict(seed=3, dtype=dt), None, b_call, shape=[5, 6])
    case("call", dict(seed=3), None, b_call, shape=[5, 6])
    # 3. modes and scales
    for dist in DISTS:
        for mode in ("fan_in", "fan_out", "fan_avg"):
            for scale in (1.0, 2.0, 0.1, 1e-6, 3):
                if scale in (1e-6, 3) and mode != "fan_avg":
                    continue
                case(
                    "call",
                    dict(scale=scale, mode=mode, distribution=dist, seed=7),
                    None,
                    b_call,
                    shape=[2, 3, 5],
                    dtype="float32",
                )
    # 4. seeds: zero, negative, at and past 2**31-1; graph seed likewise; only the graph seed
    for gs, s in [
        (None, 0),
        (0, 0),
        (0, 1),
        (1, 0),
        (None, -7),
        (-3, -7),
        (None, 2**31 - 1),
        (None, 2**31 - 2),
        (None, 2**31),
        (2**31 - 1, 2**31 - 1),
        (2**40 + 3, 2**33 + 5),
        (5, None),
        (0, None),
        (87654321, 42),
    ]:
        for dist in ("truncated_normal", "untruncated_normal", "uniform"):
            a = dict(distribution=dist)
            if s is not None:
                a["seed"] = s
            case("call", a, gs, b_call, shape=[4, 5], dtype="float32")
    # 5. several initializers in a graph, and other ops before them
    for gs, s in [(None, 42), (5, 42), (5, None)]:
        for dist in ("truncated_normal", "uniform"):
            a = dict(distribution=dist)
            if s is not None:
                a["seed"] = s
            case("two_ops", a, gs, b_two, shapes=[[3, 4], [3, 4], [2, 5]], dtype="float32")
            case("other_ops_first", a, gs, b_other, shape=[3, 4], dtype="float32", n_other=10)
    # 6. partition_info, get_variable, partitioned get_variable
    for dist in ("truncated_normal", "untruncated_normal", "uniform"):
        case(
            "call_pinfo",
            dict(distribution=dist, seed=42),
            None,
            b_pinfo,
            shape=[4, 6],
            full_shape=[10, 6],
            var_offset=[4, 0],
            dtype="float32",
        )
        case(
            "call_pinfo",
            dict(distribution=dist, seed=42, mode="fan_out"),
            None,
            b_pinfo,
            shape=[10, 2],
            full_shape=[10, 6],
            var_offset=[0, 4],
            dtype="float64",
        )
        for dt in ("float32", "float64", "float16"):
            case("get_variable", dict(distribution=dist, seed=42), None, b_getvar, shape=[3, 4], dtype=dt)
        case(
            "get_variable",
            dict(distribution=dist, seed=42),
            1234,
            b_getvar,
            shape=[3, 4],
            dtype="float32",
            use_resource=True,
        )
        case("get_variable", dict(distribution=dist), 1234, b_getvar, shape=[3, 4], dtype="float32")
        case(
            "get_variable_part",
            dict(distribution=dist, seed=42),
            None,
            b_part,
            shape=[10, 6],
            dtype="float32",
            num_shards=3,
        )
        case(
            "get_variable_part", dict(distribution=dist, seed=42), None, b_part, shape=[9, 6], dtype="float32", num_shards=3
        )
        case("get_variable_part", dict(distribution=dist), 1234, b_part, shape=[10, 6], dtype="float32", num_shards=3)
        case(
            "get_variable_part",
            dict(distribution=dist, seed=42),
            1234,
            b_part,
            shape=[4, 10],
            dtype="float32",
            num_shards=3,
            axis=1,
        )
    # 7. the contrib one (absent from TF 2)
    for uni in (False, True):
        for dt in ("float32", "float64", "float16"):
            for sh in ([3, 4], [3, 3, 4, 8], [7], []):
                case("contrib", dict(uniform=uni, seed=42), None, b_contrib, shape=sh, dtype=dt)
        for mode in ("FAN_IN", "FAN_OUT", "FAN_AVG"):
            for f in (1.0, 2.0):
                case(
                    "contrib",
                    dict(factor=f, mode=mode, uniform=uni, seed=42),
                    1234,
                    b_contrib,
                    shape=[3, 4],
                    dtype="float32",
                )
    # 8. errors
    for a, call in [
        (dict(scale=0.0), dict(shape=[2, 2])),
        (dict(scale=-1.0), dict(shape=[2, 2])),
        (dict(mode="x"), dict(shape=[2, 2])),
        (dict(distribution="x"), dict(shape=[2, 2])),
        (dict(distribution="UNIFORM", seed=1), dict(shape=[2, 2])),
        (dict(dtype="int32"), dict(shape=[2, 2])),
        (dict(seed=1), dict(shape=[2, 2], dtype="int32")),
        (dict(seed=1.5), dict(shape=[2, 2])),
    ]:
        case("call", a, None, b_call, **call)


def write(out):
    """Writes the cases that have been made."""
    np.savez_compressed(out + ".npz", **arrays)
    with open(out + ".json", "w") as f:
        f.write(
            '{"tf": %s, "git": %s, "numpy": %s, "python": %s, "maxfull": %d, "cases": [\n'
            % (
                json.dumps(V),
                json.dumps(str(getattr(tf, "__git_version__", None) or tf.version.GIT_VERSION)),
                json.dumps(np.__version__),
                json.dumps(sys.version.split()[0]),
                MAXFULL,
            )
        )
        f.write(",\n".join(json.dumps(c, sort_keys=True) for c in cases))
        f.write("\n]}\n")
    err = [c for c in cases if "error" in c]
    print(
        V,
        "cases",
        len(cases),
        "errors",
        len(err),
        "npz bytes",
        os.path.getsize(out + ".npz"),
        "json bytes",
        os.path.getsize(out + ".json"),
    )
    seen = {}
    for c in err:
        seen.setdefault((c["kind"], c["error"]), []).append(c["id"])
    for k, v in seen.items():
        print("  ", k, len(v), v[0])


if __name__ == "__main__":
    family()
    write(sys.argv[1] if len(sys.argv) > 1 else "golden_tf" + V.replace(".", "_"))
