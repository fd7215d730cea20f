"""Trains a denoising autoencoder with a classifier on top on scikit-learn's digits.

    python train_autoencoder.py --steps 40 --out weights.npz
"""

from __future__ import print_function

import argparse

import numpy as np
import tensorflow.compat.v1 as tf
from sklearn.datasets import load_digits
from tensorflow.compat.v1 import truncated_normal

tf.disable_v2_behavior()

flags = argparse.ArgumentParser()
flags.add_argument("--steps", type=int, default=40)
flags.add_argument("--out", required=True)

N_INPUT, N_HIDDEN, N_CODE, N_CLASSES = 64, 48, 16, 10


def weight_variable(shape, name):
    initial = truncated_normal(shape, stddev=0.1)
    return tf.Variable(initial, name=name)


def bias_variable(shape, name):
    return tf.Variable(tf.constant(0.1, shape=shape), name=name)


def autoencoder(x, keep_noise):
    weights = {
        "encoder": weight_variable([N_INPUT, N_HIDDEN], "encoder_w"),
        "code": tf.Variable(0.05 * tf.random_normal([N_HIDDEN, N_CODE]), name="code_w"),
        "decoder": tf.Variable(tf.random_uniform([N_CODE, N_INPUT], -0.25, 0.25, seed=3), name="decoder_w"),
    }
    biases = {
        "encoder": bias_variable([N_HIDDEN], "encoder_b"),
        "decoder": tf.Variable(tf.random_normal([N_INPUT], stddev=0.01), name="decoder_b"),
    }
    corrupted = x + keep_noise * tf.random_normal(tf.shape(x), stddev=0.1, seed=5)
    hidden = tf.nn.sigmoid(tf.matmul(corrupted, weights["encoder"]) + biases["encoder"])
    code = tf.nn.tanh(tf.matmul(hidden, weights["code"]))
    return code, tf.matmul(code, weights["decoder"]) + biases["decoder"]


def classifier(code):
    with tf.variable_scope("classifier"):
        dense = tf.get_variable("dense", [N_CODE, 32], initializer=tf.random_normal_initializer(stddev=0.2))
        mixer = tf.get_variable("mixer", [32, 32], initializer=tf.orthogonal_initializer(gain=1.1))
        logits = tf.get_variable("logits", [32, N_CLASSES])
        bias = tf.get_variable("bias", [N_CLASSES], initializer=tf.zeros_initializer())
        return tf.matmul(tf.nn.relu(tf.matmul(tf.nn.relu(tf.matmul(code, dense)), mixer)), logits) + bias


def main(options):
    tf.set_random_seed(42)
    data = load_digits()
    x = tf.placeholder(tf.float32, [None, N_INPUT])
    y = tf.placeholder(tf.int32, [None])
    noise = tf.placeholder(tf.float32, [])
    code, decoded = autoencoder(x, noise)
    loss = tf.reduce_mean(tf.square(x - decoded))
    loss += tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=classifier(code)))
    step = tf.train.AdamOptimizer(0.01).minimize(loss)
    variables = {v.op.name: v for v in tf.global_variables()}
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        first = session.run(variables)
        feed = {x: data.data / 16.0, y: data.target, noise: 1.0}
        for _ in range(options.steps):
            value, _ = session.run([loss, step], feed)
        trained = session.run(variables)
    print("loss after %d steps: %.4f" % (options.steps, value))
    kinds = {op.type for op in tf.get_default_graph().get_operations() if "Random" in op.type or "Normal" in op.type}
    print("random ops: " + ", ".join(sorted(kinds)))
    arrays = {"first/" + name: array for name, array in first.items()}
    arrays.update({"trained/" + name: array for name, array in trained.items()})
    np.savez(options.out, **arrays)


if __name__ == "__main__":
    main(flags.parse_args())
