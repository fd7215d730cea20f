"""The graph of TensorFlow 1.15.5's ResNet-50, and a digest of each variable's first value.

Run under Python 3.7 with TensorFlow 1.15.5, numpy 1.18.5, protobuf<3.21 and h5py<3:

    python make_resnet50.py OUT_FOLDER

Writes `resnet50.pb`, a GraphDef with the ops that make the first values and no others, and `resnet50.json`: for each
variable the SHA-256 of the bytes that the first Session gave it.
"""

import hashlib
import json
import os
import sys
import warnings

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
warnings.filterwarnings("ignore")

import tensorflow as tf  # noqa: E402 - after the settings

tf.logging.set_verbosity(tf.logging.ERROR)


def main(folder):
    """Writes both files."""
    with tf.Graph().as_default() as graph, tf.Session() as session:
        tf.set_random_seed(87)
        tf.keras.applications.ResNet50(weights=None)
        session.run(tf.global_variables_initializer())
        variables = tf.global_variables()
        digests = {v.op.name: hashlib.sha256(value.tobytes()).hexdigest()
                   for v, value in zip(variables, session.run(variables))}
        first = tf.graph_util.extract_sub_graph(graph.as_graph_def(), [v.initializer.name for v in variables])
    with open(os.path.join(folder, "resnet50.pb"), "wb") as file:
        file.write(first.SerializeToString())
    with open(os.path.join(folder, "resnet50.json"), "w") as file:
        file.write(json.dumps({"tensorflow": tf.__version__, "sha256": digests}, indent=0, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
