"""Graph files of TensorFlow 1.15.5, and the first values that its own Session gave their variables.

Run under Python 3.7 with TensorFlow 1.15.5, numpy 1.18.5 and protobuf<3.21:

    python3.7 make_meta_graphs.py OUT_FOLDER

Writes the files, and `values.json`:

    {"tensorflow": ..., "git": ..., "numpy": ..., "python": ...,
     "files": {"layers.meta": {"dense/kernel": {"dtype": "float32", "shape": [3, 4], "bytes": "0a1b..."}, ...}, ...}}

The values are those of all variables of numbers and truth values after the first `session.run` of the
initializers in the first Session, with its default options, so with TF1's graph optimizer; as hexadecimal digits of the
little-endian bytes in C order. A partitioned variable is there by its parts' names and by its own. What a layer then
gives for its input is there as "output:NAME". Without any seed there are no values. Of a SavedModel
the key is followed by a tag: "saved_model:train".

Made anew, `values.json` is the same to the byte. The files are the same graphs, but TensorFlow serializes some maps in
their collections in any order.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
import warnings
from pathlib import Path
from typing import Any

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402 - after the settings
import tensorflow as tf  # noqa: E402
from google.protobuf import text_format  # noqa: E402
from tensorflow.contrib import layers as contrib_layers  # noqa: E402
from tensorflow.contrib import rnn as contrib_rnn  # noqa: E402
from tensorflow.contrib import slim  # noqa: E402
from tensorflow.core.protobuf import saved_model_pb2  # noqa: E402
from tensorflow.python.framework import function  # noqa: E402
from tensorflow.python.grappler import tf_optimizer  # noqa: E402

tf.logging.set_verbosity(tf.logging.ERROR)

SAMPLERS = {"truncated": tf.truncated_normal, "normal": tf.random_normal, "uniform": tf.random_uniform}
DTYPES = [tf.float16, tf.bfloat16, tf.float32, tf.float64]


# --- The graphs ------------------------------------------------------------------------------------------------------


def family(dtypes: Any = DTYPES) -> None:
    """TF1's initializers in all dtypes, as variables of both kinds in turn."""
    initializers = {
        "variance_scaling": tf.variance_scaling_initializer(scale=2.0),
        "untruncated": tf.variance_scaling_initializer(distribution="untruncated_normal", mode="fan_out"),
        "glorot_uniform": tf.glorot_uniform_initializer(),
        "truncated_normal": tf.truncated_normal_initializer(mean=0.5, stddev=0.1),
        "random_normal": tf.random_normal_initializer(stddev=0.01),
        "random_uniform": tf.random_uniform_initializer(-0.05, 0.05),
        "unit_uniform": tf.random_uniform_initializer(),
        "odd_uniform": tf.random_uniform_initializer(0.1, 0.3),
    }
    for i, dtype in enumerate(dtypes):
        for j, (name, initializer) in enumerate(initializers.items()):
            tf.get_variable(f"{dtype.name}/{name}", [3, 5], dtype, initializer, use_resource=(i + j) % 2 == 1)


def op_seeds() -> None:
    """Seeds of the ops: zero, negative, more than 31 bits."""
    for number, seed in enumerate([0, 1, -7, 2**31 - 1, 2**31, 2**40 + 7, -(2**62)]):
        for name, sample in SAMPLERS.items():
            tf.Variable(sample([7], seed=seed), name=f"{name}_{number}")


def vanishing() -> None:
    """Products that underflow, whose zeros have the sign that TF1's graph optimizer leaves them."""
    for dtype, stddev in [(tf.float16, 1e-6), (tf.bfloat16, 2e-38), (tf.float32, 2e-38), (tf.float64, 3e-308)]:
        for name, factor in [("small", stddev), ("zero", 0.0), ("subnormal", stddev / 8)]:
            tf.get_variable(f"{dtype.name}/{name}", [6, 8], dtype, tf.random_normal_initializer(stddev=factor))


def layers() -> None:
    """Layers of all libraries, an optimizer, averages, a Saver."""
    net = tf.layers.conv2d(tf.ones([2, 8, 8, 3]), 4, 3, kernel_initializer=tf.variance_scaling_initializer())
    net = tf.layers.batch_normalization(net)
    net = contrib_layers.conv2d(net, 4, 3)
    net = slim.separable_conv2d(net, 5, 3, depth_multiplier=1)
    net = tf.keras.layers.Conv2D(3, 3)(net)
    net = tf.keras.layers.Dense(4, kernel_initializer="he_normal")(tf.layers.flatten(net))
    with tf.variable_scope("twice"):
        net = tf.layers.dense(net, 4)
    with tf.variable_scope("twice"):
        net = tf.layers.dense(net, 4, name="other")
    for cell in (tf.nn.rnn_cell.LSTMCell(3), contrib_rnn.LayerNormBasicLSTMCell(2)):
        net, _ = cell(net, cell.zero_state(2, tf.float32))
    table = tf.get_variable("embedding/table", [6, 3])
    loss = tf.reduce_sum(tf.nn.embedding_lookup(table, [1, 2]))
    train = tf.train.AdamOptimizer().minimize(loss, global_step=tf.train.get_or_create_global_step())
    with tf.control_dependencies([train]):
        tf.train.ExponentialMovingAverage(0.9).apply([table])
    tf.train.Saver([table])


def partitioned() -> None:
    """Variables in parts, along either axis, equal and unequal, of both kinds; parts that other scopes share."""
    three = tf.fixed_size_partitioner(3)
    tf.get_variable("unequal", [10, 4], partitioner=three)
    tf.get_variable("equal", [9, 4], partitioner=three, initializer=contrib_layers.xavier_initializer(seed=5))
    columns = tf.fixed_size_partitioner(2, axis=1)
    tf.get_variable("columns", [3, 6], partitioner=columns, initializer=tf.truncated_normal_initializer(stddev=0.1))
    tf.get_variable("single", [3, 2], partitioner=tf.fixed_size_partitioner(1))
    with tf.variable_scope("scope", use_resource=True, partitioner=tf.fixed_size_partitioner(12)):
        tf.get_variable("resource", [25, 2], tf.float64)
    tf.get_variable("zeros", [4], partitioner=three, initializer=tf.zeros_initializer())
    tf.train.Saver()


def partitioned_without_saver() -> None:
    """Of parts of one shape, a GraphDef alone does not tell the axis."""
    tf.get_variable("unequal", [10, 4], partitioner=tf.fixed_size_partitioner(3))
    tf.get_variable("equal", [9, 4], partitioner=tf.fixed_size_partitioner(3))


EXPRESSIONS = {
    "times": lambda shape: tf.random_normal(shape) * 3.3,
    "times_on_the_left": lambda shape: 3.3 * tf.random_normal(shape),
    "minus": lambda shape: tf.random_uniform(shape) - 0.5,
    "minus_times": lambda shape: (tf.random_uniform(shape) - 0.5) * 0.3,
    "times_minus_times": lambda shape: (tf.random_uniform(shape) * 2.0 - 1.0) * 0.3,
    "bounds_times": lambda shape: tf.random_uniform(shape, -1, 1) * 0.3,
    "square_root": lambda shape: tf.random_normal(shape) * tf.sqrt(2.0 / 33),
    "computed_stddev": lambda shape: tf.truncated_normal(shape, stddev=tf.sqrt(tf.constant(2.0) / 7.0)),
    "identity": lambda shape: tf.identity(tf.stop_gradient(tf.truncated_normal(shape))),
    "shape_of_a_tensor": lambda shape: tf.random_normal(tf.shape(tf.placeholder_with_default(tf.zeros(shape), shape))),
    # These are left out: see test_meta_graph.py.
    "scaled_twice": lambda shape: tf.random_normal(shape, stddev=0.1) * 3.3,
    "shifted_twice": lambda shape: tf.random_normal(shape, mean=0.5) + 3.3,
    "divided": lambda shape: tf.random_normal(shape) / 3.3,
    "vector": lambda shape: tf.random_normal(shape) * tf.constant([1.0, 2.0, 3.0, 4.0]),
    "cast": lambda shape: tf.cast(tf.random_normal(shape), tf.float16),
    "reshaped": lambda shape: tf.reshape(tf.random_normal([shape[0] * shape[1]]), shape),
    "sum": lambda shape: tf.random_normal(shape) + tf.random_normal(shape),
}


def expressions() -> None:
    """What programs make of a draw."""
    for name, make in EXPRESSIONS.items():
        tf.Variable(make([5, 4]), name=name, use_resource=True)


def others() -> None:
    """First values that are no draws, or none that a file tells."""
    tf.get_variable("zeros", [300], initializer=tf.zeros_initializer())
    tf.get_variable("ones", [3], initializer=tf.ones_initializer())
    tf.get_variable("constant", [3], initializer=tf.constant_initializer(0.1))
    tf.get_variable("array", initializer=np.arange(4, dtype=np.float32))
    tf.get_variable("orthogonal", [3, 3], initializer=tf.orthogonal_initializer())
    tf.get_variable("whole_numbers", initializer=tf.random_uniform([3], 0, 9, tf.int32))
    drawn = tf.get_variable("drawn", [3, 2])
    tf.get_variable("copy", initializer=drawn.initialized_value())
    resource = tf.get_variable("resource", [3, 2], use_resource=True)
    tf.get_variable("read", initializer=resource.read_value() * 2.0, use_resource=True)
    tf.get_variable("gamma", initializer=tf.random_gamma([3], 1.0))
    tf.get_variable("python", initializer=tf.py_func(lambda: np.float32(1.0), [], tf.float32), validate_shape=False)

    @function.Defun(func_name="draw")
    def draw() -> Any:
        return tf.random_normal([3], seed=8)

    drawn_by_function = draw()
    drawn_by_function.set_shape([3])
    tf.Variable(drawn_by_function, name="function")
    tf.Variable(tf.cond(tf.constant(value=True), lambda: tf.random_normal([3]), lambda: tf.zeros([3])), name="cond")
    tf.assign(drawn, tf.random_normal([3, 2]))
    tf.Variable(1, name="count", dtype=tf.int64, collections=[tf.GraphKeys.LOCAL_VARIABLES])


def constants() -> None:
    """Constants as TF1's initializers, optimizers and programs make them, in all dtypes that hold numbers."""
    names = ["float16", "bfloat16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "bool"]
    for i, dtype in enumerate(map(tf.as_dtype, names)):
        values = {
            "splat": (3, [7]),
            "array": ([[1, 2, 0], [3, 4, 5]], [2, 3]),
            "tail": ([1, 0, 0, 0], [4]),
            "scalar": (1, []),
        }
        with tf.variable_scope(dtype.name, use_resource=i % 2 == 1):
            tf.get_variable("zeros", [3, 5], dtype, tf.zeros_initializer())
            tf.get_variable("ones", [30, 4], dtype, tf.ones_initializer())
            tf.get_variable("empty", [0, 3], dtype, tf.zeros_initializer())
            for name, (value, shape) in values.items():
                plain = np.array(value, np.bool_ if dtype == tf.bool else np.int64).tolist()
                tf.get_variable(name, shape, dtype, tf.constant_initializer(plain))
    tf.get_variable("tenth", [3], initializer=tf.constant_initializer(0.1))
    tf.get_variable("odd", [5], initializer=tf.constant_initializer([0.1, -0.0, np.inf, -np.inf, np.nan]))
    tf.get_variable("identity", initializer=tf.initializers.identity(gain=1.5)([3, 4]))
    tf.get_variable("large", [300, 2], initializer=tf.constant_initializer(-2.5))
    tf.get_variable("three", [9, 2], initializer=tf.ones_initializer(), partitioner=tf.fixed_size_partitioner(3))
    tf.get_variable("complex", [2], tf.complex64, tf.zeros_initializer())
    tf.get_variable("text", [2], tf.string, tf.constant_initializer("a"))
    tf.Variable(tf.fill([2, 3], 0.5), name="fill")
    tf.Variable(tf.zeros([40, 30]) + 1.0, name="computed")
    tf.Variable(7, name="step", dtype=tf.int64, collections=[tf.GraphKeys.LOCAL_VARIABLES])


def orthogonals() -> None:
    """Orthogonal matrices: wide, tall and square ones, kernels, of each dtype that can be factorized."""
    for i, dtype in enumerate([tf.float32, tf.float64]):
        for j, shape in enumerate([[3, 5], [5, 3], [4, 4], [3, 3, 2, 7], [1, 6], [6, 1], [2, 2, 1, 3, 2], [40, 24]]):
            for gain in (1.0, 1.1):
                name = "{}/{}/{}".format(dtype.name, "x".join(map(str, shape)), "one" if gain == 1.0 else "gain")
                initializer = tf.orthogonal_initializer(gain, seed=None if j % 2 else 5 * j)
                tf.get_variable(name, shape, dtype, initializer, use_resource=(i + j) % 2 == 1)
    tf.get_variable("parts", [9, 4], initializer=tf.orthogonal_initializer(), partitioner=tf.fixed_size_partitioner(2))
    tf.get_variable("keras", initializer=tf.keras.initializers.Orthogonal(0.5)([4, 3]))
    # These are left out: see test_meta_graph.py.
    tf.get_variable("scaled", initializer=0.3 * tf.orthogonal_initializer(1.1)([4, 3]))
    tf.get_variable("q_alone", initializer=tf.linalg.qr(tf.random_normal([4, 3]))[0])
    q, r = tf.linalg.qr(tf.random_normal([4, 4]))
    tf.get_variable("r_alone", initializer=r)
    tf.get_variable("other_signs", initializer=q * tf.sign(tf.diag_part(tf.transpose(r) + 1.0)))
    tf.get_variable("full", initializer=tf.linalg.qr(tf.random_normal([4, 3]), full_matrices=True)[0])
    tf.get_variable("delta", [3, 3, 2, 4], initializer=tf.contrib.framework.convolutional_delta_orthogonal())
    tf.global_variables_initializer()


def cells() -> Any:
    """Recurrent cells as programs unroll them; what each gives for one input is returned too."""
    x = tf.constant(np.sin(np.arange(12)).reshape(2, 2, 3), tf.float32)
    rnn, found = tf.nn.rnn_cell, {}

    def unrolled(name: str, cell: Any) -> None:
        with tf.variable_scope(name):
            found[name], _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)

    unrolled("lstm", rnn.LSTMCell(4, forget_bias=0.5))
    unrolled("basic", rnn.BasicLSTMCell(4))
    unrolled("no_forget_bias", rnn.LSTMCell(4, forget_bias=0.0))
    unrolled("gru", rnn.GRUCell(4))
    unrolled("simple", rnn.BasicRNNCell(4))
    unrolled("stack", rnn.MultiRNNCell([rnn.LSTMCell(4), rnn.DropoutWrapper(rnn.LSTMCell(5))]))
    with tf.variable_scope(tf.get_variable_scope(), use_resource=True):
        unrolled("resource", rnn.LSTMCell(4, forget_bias=0.25))
        unrolled("gru_resource", rnn.GRUCell(4))
    unrolled("block", contrib_rnn.LSTMBlockCell(4, forget_bias=2.0))
    unrolled("gru_block", contrib_rnn.GRUBlockCellV2(4))
    unrolled("peepholes", rnn.LSTMCell(4, use_peepholes=True))
    unrolled("projected", rnn.LSTMCell(4, num_proj=2))
    with tf.variable_scope("static"):
        outputs, _ = tf.nn.static_rnn(rnn.LSTMCell(4), tf.unstack(x, axis=1), dtype=tf.float32)
        found["static"] = tf.stack(outputs, axis=1)
    with tf.variable_scope("both"):
        two = [rnn.LSTMCell(4, forget_bias=bias) for bias in (0.5, 1.5)]
        outputs, _ = tf.nn.bidirectional_dynamic_rnn(two[0], two[1], x, dtype=tf.float32)
        found["both"] = tf.concat(outputs, -1)
    with tf.variable_scope("fused"):
        outputs, _ = contrib_rnn.LSTMBlockFusedCell(4, forget_bias=0.75)(tf.transpose(x, [1, 0, 2]), dtype=tf.float32)
        found["fused"] = tf.transpose(outputs, [1, 0, 2])
    return found


def convolutions() -> Any:
    """Normalized, separable, transposed and depthwise layers, of `tf.layers` and of slim."""
    x = tf.constant(np.sin(np.arange(96)).reshape(1, 4, 8, 3), tf.float32)
    found = {}
    with tf.variable_scope("net"):
        y = tf.layers.separable_conv2d(x, 4, 3, depth_multiplier=2, name="separable")
        y = tf.layers.batch_normalization(y, name="normed")
        found["layers"] = tf.layers.conv2d_transpose(y, 2, 3, name="transposed")
    with tf.variable_scope("slim"):
        y = slim.separable_conv2d(x, 4, 3, depth_multiplier=2, scope="separable")
        y = slim.conv2d(y, 5, 3, normalizer_fn=slim.batch_norm, scope="conv")
        y = slim.conv2d_transpose(y, 2, 3, scope="transposed")
        found["slim"] = slim.fully_connected(slim.flatten(y), 3, scope="dense")
    return found


def restored(checkpoint: str) -> None:
    """One variable whose initializer restores it from a checkpoint."""
    tf.get_variable("drawn", [3, 2])
    tf.get_variable("restored", [3, 2])
    tf.train.init_from_checkpoint(checkpoint, {"restored": "restored"})


# --- The files -------------------------------------------------------------------------------------------------------


def values_of_session(outputs: Any = None) -> Any:
    """Returns the first values of all variables that may be draws, as the file has them, and of other tensors."""
    variables = tf.global_variables() + tf.local_variables()
    parts = {}
    for variable in variables:
        info = variable._get_save_slice_info()
        if info is not None:
            parts.setdefault(info.full_name, []).append((info.var_offset, variable.op.name))
    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        found = dict(zip([variable.op.name for variable in variables], session.run(variables)))
        found.update({"output:" + name: value for name, value in session.run(outputs or {}).items()})
    for whole, places in parts.items():
        axis = int(np.argmax(np.max([offset for offset, _ in places], axis=0)))
        found[whole] = np.concatenate([found[name] for _, name in sorted(places)], axis)
    return {
        name: {"dtype": value.dtype.name, "shape": list(value.shape), "bytes": value.tobytes().hex()}
        for name, value in sorted(found.items())
        if isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind not in "OSU"
    }


def built(build: Any, graph_seed: Any, *arguments: Any) -> Any:
    """Returns the MetaGraphDef of a graph, and the first values."""
    with tf.Graph().as_default():
        tf.set_random_seed(graph_seed)
        outputs = build(*arguments)
        meta_graph = tf.train.export_meta_graph()
        return meta_graph, values_of_session(outputs)


def folded(meta_graph: Any) -> Any:
    """Returns the graph as TF1's graph optimizer leaves it, which has folded the constants."""
    meta_graph.collection_def["train_op"].node_list.value.append("init")
    return tf_optimizer.OptimizeGraph(tf.ConfigProto(), meta_graph)


def small_family() -> None:
    """The family in one dtype, and one node that runs all initializers, for the optimizer to keep."""
    family([tf.float32])
    tf.global_variables_initializer()


def write(path: Path, message: Any, as_text: bool = False) -> None:
    """Writes a protobuf message, with its maps in order."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = text_format.MessageToString(message).encode() if as_text else message.SerializeToString(deterministic=True)
    path.write_bytes(data)


def main(folder: Path) -> None:
    """Writes everything."""
    files = {}

    def meta_graph_file(name: str, build: Any, graph_seed: Any, *arguments: Any) -> Any:
        meta_graph, files[name] = built(build, graph_seed, *arguments)
        write(folder / name, meta_graph, name.endswith("txt"))
        return meta_graph

    meta_graph_file("family.meta", family, 87)
    meta_graph_file("op_seeds.meta", op_seeds, None)
    meta_graph_file("both_seeds.meta", op_seeds, -3)
    meta_graph_file("unseeded.meta", small_family, None)
    files["unseeded.meta"] = {}
    meta_graph_file("vanishing.meta", vanishing, 77)
    meta_graph_file("layers.meta", layers, 1234)
    parts = meta_graph_file("partitioned.meta", partitioned, 5)
    meta_graph_file("expressions.meta", expressions, 9)
    meta_graph_file("others.meta", others, 3)

    meta_graph_file("constants.meta", constants, 3)
    meta_graph_file("orthogonals.meta", orthogonals, 11)
    meta_graph, files["cells.pb"] = built(cells, 21)
    for node in meta_graph.graph_def.node:
        node.attr.pop("_output_shapes", None)  # They make most of the file.
    write(folder / "cells.pb", meta_graph.graph_def)
    meta_graph_file("convolutions.meta", convolutions, 22)
    meta_graph, files["orthogonals.pb"] = built(orthogonals, 11)
    write(folder / "orthogonals.pb", folded(meta_graph))

    # A relative path, since the graph holds it.
    checkpoint = Path("checkpoint_of_make_meta_graphs")
    checkpoint.mkdir()
    with tf.Graph().as_default(), tf.Session() as session:
        tf.get_variable("restored", [3, 2], initializer=tf.ones_initializer())
        session.run(tf.global_variables_initializer())
        tf.train.Saver().save(session, str(checkpoint / "model.ckpt"))
    meta_graph = meta_graph_file("restored.pbtxt", restored, 3, str(checkpoint / "model.ckpt"))
    write(folder / "restored.pb", meta_graph.graph_def)
    files["restored.pb"] = files["restored.pbtxt"]
    shutil.rmtree(str(checkpoint))

    write(folder / "partitioned.pb", parts.graph_def)
    files["partitioned.pb"] = files["partitioned.meta"]
    without_saver, files["partitioned_without_saver.pb"] = built(partitioned_without_saver, 5)
    write(folder / "partitioned_without_saver.pb", without_saver.graph_def)
    meta_graph, files["plain.pb"] = built(small_family, 87)
    write(folder / "plain.pb", meta_graph.graph_def)
    write(folder / "plain.pbtxt", meta_graph.graph_def, as_text=True)
    files["folded.pb"] = files["plain.pbtxt"] = files["plain.pb"]
    write(folder / "folded.pb", folded(meta_graph))

    saved_model = saved_model_pb2.SavedModel(saved_model_schema_version=1)
    for tags, seed in [(["serve"], 21), (["train"], 22)]:
        meta_graph, files["saved_model:" + tags[0]] = built(small_family, seed)
        meta_graph.meta_info_def.tags.extend(tags)
        saved_model.meta_graphs.add().CopyFrom(meta_graph)
    write(folder / "saved_model" / "saved_model.pb", saved_model)

    record = {
        "tensorflow": tf.__version__,
        "git": str(tf.version.GIT_VERSION),
        "numpy": np.__version__,
        "python": platform.python_version(),
        "files": files,
    }
    (folder / "values.json").write_text(json.dumps(record, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
