"""CVI104: a graph seed, or an initializer that may run again, which Keras' own initializers do not follow."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from migrating import PLAIN, analyze, migrated

from compat_v1_init._migrate.findings import Effect

W = "w = tf.get_variable('w', [3, 4], initializer=tf.uniform_unit_scaling_initializer())\n"
EXACT = "initializer=compat_v1_init.keras.TF1UniformUnitScaling()"
NATIVE = "initializer=tf.keras.initializers.VarianceScaling("
INIT = "init = tf.global_variables_initializer()\n"

RELIES = [
    pytest.param("tf.set_random_seed(87)", id="a graph seed"),
    pytest.param("tf.random.set_random_seed(87)", id="a graph seed by its other name"),
    pytest.param("tf.compat.v1.set_random_seed(FLAGS.seed)", id="a graph seed of compat.v1"),
    pytest.param("def seed():\n    tf.set_random_seed(87)", id="a graph seed in a function"),
    pytest.param("tf.random.set_seed(1)", id="a seed of TensorFlow 2"),
    pytest.param("from tensorflow import set_random_seed as s\ns(1)", id="a graph seed, imported by another name"),
    pytest.param("s = tf.set_random_seed\ns(1)", id="a graph seed, by an alias"),
    pytest.param("partial(tf.set_random_seed, 1)()", id="a graph seed, handed on"),
    pytest.param("tf.get_default_graph().seed = 1", id="the seed of the default graph"),
    pytest.param("g = tf.Graph()\ng.seed = 1", id="the seed of a graph"),
    pytest.param("with tf.Graph().as_default() as g:\n    g.seed = 1", id="the seed of a graph of a with"),
    pytest.param("with tf.Session() as s:\n    s.graph.seed = 1", id="the seed of a session's graph"),
    pytest.param("self.g = tf.Graph()\nself.g.seed, x = 1, 2", id="the seed of an attribute's graph"),
    pytest.param("c = tf.estimator.RunConfig(tf_random_seed=1)", id="a seed of an estimator"),
    pytest.param(INIT + "for i in r: s.run(init)", id="run in a loop"),
    pytest.param(INIT + "while x: init.run()", id="the op runs in a loop"),
    pytest.param(INIT + "for i in r:\n  with tf.Session() as s: s.run([init, other])", id="one of several"),
    pytest.param("for i in r: s.run(tf.global_variables_initializer())", id="made where it is run"),
    pytest.param("for i in r: s.run(tf.initializers.global_variables())", id="by its newer name"),
    pytest.param("for i in r: s.run(tf.initialize_all_variables())", id="by its older name"),
    pytest.param("for i in r: s.run(tf.variables_initializer([w]))", id="of some variables"),
    pytest.param("for i in r: s.run(w.initializer)", id="of one variable"),
    pytest.param("for i in r: s.run([iterator.initializer, w.initializer])", id="of one variable beside an iterator"),
    pytest.param("for v in tf.trainable_variables(): v.initializer.run()", id="of each variable"),
    pytest.param("def reset(s): s.run(tf.global_variables_initializer())", id="in a function that others call"),
    pytest.param(
        "def run(): s.run(tf.global_variables_initializer())\nrun()\nrun()", id="in a function that is called twice"
    ),
    pytest.param(
        "def run(): s.run(tf.global_variables_initializer())\nfor i in r: run()", id="in a function called in a loop"
    ),
    pytest.param(
        "class T:\n    def reset(self): self.s.run(self.init)\n"
        "    def build(self): self.init = tf.global_variables_initializer()",
        id="in a method",
    ),
    pytest.param(INIT + "s.run(init)\ntrain()\ns.run(init)", id="run twice"),
    pytest.param("def build(self): self.init_op = tf.global_variables_initializer()", id="made for another file"),
    pytest.param("def init(): return tf.global_variables_initializer()", id="returned"),
    pytest.param(INIT + "train(init)", id="handed on"),
    pytest.param("e = tf.contrib.learn.Estimator(model_fn=f)", id="an estimator of contrib, whose seed is 1"),
    pytest.param("from tensorflow.contrib import learn\nc = learn.RunConfig()", id="its config"),
    pytest.param("for i in r: s = tf.train.MonitoredTrainingSession()", id="a session that does it"),
]


@pytest.mark.parametrize("use", RELIES)
def test_tf1s_numbers_where_the_file_relies_on_them(use: str) -> None:
    source = f"{PLAIN}{W}{use}\n"
    assert EXACT in migrated(source, "keras")
    (finding,) = analyze(source, to="keras").findings
    assert (finding.code, finding.effect) == ("CVI104", Effect.SAME)


DOES_NOT = [
    pytest.param("tf.no_op()", id="nothing"),
    pytest.param("class A:\n    def f(self, initializer): self.initializer = initializer", id="another initializer"),
    pytest.param("e = tf.estimator.Estimator(model_fn=f)", id="an estimator, whose seed is none"),
    pytest.param("np.random.set_seed(1)", id="a seed of something else"),
    pytest.param("class A:\n    def f(self, graph, seed): self.seed = seed", id="an attribute of the name"),
    pytest.param("g = tf.Graph()\nenv.seed = 1\nprint(g.seed)", id="a seed of something else beside a graph"),
    pytest.param(INIT + "with tf.Session() as s:\n    s.run(init)\n    for i in r: s.run(train)", id="run once"),
    pytest.param(
        INIT + "def main(_):\n    with tf.Session() as s: s.run(init)\nif __name__ == '__main__': tf.app.run(main)",
        id="run once in main",
    ),
    pytest.param(INIT + "def main():\n    s.run(init)\nmain()", id="run once in a function that is called once"),
    pytest.param(INIT + "s.run(init)\nfor i in r: s.run(iterator.initializer)", id="the iterator of a data set"),
]


@pytest.mark.parametrize("use", DOES_NOT)
def test_keras_own_where_it_does_not(use: str) -> None:
    assert NATIVE in migrated(f"{PLAIN}{W}{use}\n", "keras")


def test_the_finding_says_both_losses() -> None:
    (finding,) = analyze(PLAIN + W, to="keras").findings
    assert "graph seed" in finding.message
    assert "each run of the variable's initializer gives the same" in finding.message


@pytest.mark.parametrize("place", ["train.py", "exp/deep/train.py", "a.ipynb"])
def test_the_whole_project_is_asked(tmp_path: Path, place: str) -> None:
    model, other = tmp_path / "model" / "net.py", tmp_path / place
    for file in (model, other):
        file.parent.mkdir(parents=True, exist_ok=True)
    text = f"{PLAIN}tf.set_random_seed(1)\n"
    if other.suffix == ".ipynb":
        text = json.dumps({"cells": [{"cell_type": "code", "source": text}], "nbformat": 4})
    assert NATIVE in migrated(PLAIN + W, "keras", tmp_path / "alone" / "net.py", tmp_path / "alone")
    other.write_text(text)
    assert EXACT in migrated(PLAIN + W, "keras", model, tmp_path)


def test_a_cell_may_run_again(tmp_path: Path) -> None:
    source = f"{PLAIN}{W}{INIT}s.run(init)\n"
    assert NATIVE in migrated(source, "keras", tmp_path / "a.py", tmp_path)
    assert EXACT in migrated(source, "keras", tmp_path / "a.ipynb", tmp_path)
