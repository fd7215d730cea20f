"""The first weights of the programs in tests/tf1_scripts, one after the other in one process.

python3.7 make_tf1_scripts.py OUT.json [NAME ...]                               under TensorFlow 1.15.5
compat-v1-init run --tf1 make_tf1_scripts.py OUT.json [NAME ...]                under a later one

JSON: {NAME: {"variables": {VARIABLE: [SHAPE, DTYPE, SHA-256]}, "steps": how many times a session ran after that,
"error": what ended the program, or null}}. Under TensorFlow 1 the graph of the initializers is written beside it.
"""

import hashlib
import json
import os
import runpy
import sys
import traceback

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
import numpy as np
import tensorflow as tf
from tensorflow.python.client import session as sessions
from tensorflow.python.framework import ops

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tf1_scripts")
original_run = sessions.BaseSession.run
found = {}


def first_values(session):
    """Returns the variables of a session's graph, or None if they are not all initialised."""
    variables = {v.op.name: v for v in session.graph.get_collection("variables")}
    reads = {name: getattr(v, "_graph_element", getattr(v, "_snapshot", None)) for name, v in variables.items()}
    try:
        return original_run(session, reads) if reads else None
    except tf.errors.FailedPreconditionError:
        return None


def run(self, *args, **kwargs):
    result = original_run(self, *args, **kwargs)
    if "variables" in found:
        found["steps"] += 1
        return result
    values = first_values(self)
    if values is not None:
        found["graph"] = self.graph
        found["variables"] = {
            name: [
                list(np.shape(value)),
                str(np.asarray(value).dtype),
                hashlib.sha256(np.asarray(value).tobytes()).hexdigest(),
            ]
            for name, value in sorted(values.items())
        }
    return result


def record(name):
    """Runs a program and returns what is known of it."""
    ops.reset_default_graph()
    tf.keras.backend.clear_session()
    found.clear()
    found.update(steps=0, error=None)
    sys.argv = [name]
    try:
        runpy.run_path(os.path.join(FOLDER, name + ".py"), run_name="__main__")
    except SystemExit as error:
        if error.code:
            found["error"] = "exit %r" % error.code
    except Exception as error:
        traceback.print_exc()
        found["error"] = "%s: %s" % (type(error).__name__, error)
    return dict(found)


def main(out, names):
    sessions.BaseSession.run = run
    results = {}
    for name in names or sorted(file[:-3] for file in os.listdir(FOLDER) if file.endswith(".py")):
        results[name] = record(name)
        graph = results[name].pop("graph", None)
        if graph is not None and tf.VERSION == "1.15.5" and "COMPAT_V1_INIT_TF1" not in os.environ:
            initializers = [v.initializer.name for v in graph.get_collection("variables")]
            small = tf.graph_util.extract_sub_graph(graph.as_graph_def(), initializers)
            with open("%s_%s.pb" % (out[:-5], name), "wb") as file:
                file.write(small.SerializeToString())
    with open(out, "w") as file:
        json.dump(results, file, indent=1, sort_keys=True)
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
