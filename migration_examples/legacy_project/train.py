"""Trains the digits classifier, as it was written for TensorFlow 1.

    python train.py --steps 50 --out weights.npz
"""

from __future__ import print_function

import argparse

import numpy as np
import tensorflow.compat.v1 as tf
from sklearn.datasets import load_digits

from model import convolution, dense

flags = argparse.ArgumentParser()
flags.add_argument("--steps", type=int, default=50)
flags.add_argument("--out", required=True)


def build(images):
    net = convolution.stem(images, 8)
    net = tf.reshape(net, [-1, 8 * 8 * 8])
    # One object for both layers: each draws its own numbers.
    shared = tf.variance_scaling_initializer(scale=2.0, mode="fan_avg", distribution="uniform")
    net = tf.nn.relu(dense.linear(net, 64, "hidden_1", shared))
    net = tf.nn.relu(dense.linear(net, 64, "hidden_2", shared))
    table = tf.get_variable("output", [64, 10], initializer=tf.glorot_uniform_initializer())
    return tf.matmul(net, table)


def main(options):
    tf.disable_eager_execution()
    tf.set_random_seed(20)
    data = load_digits()
    images = tf.placeholder(tf.float32, [None, 8, 8, 1])
    labels = tf.placeholder(tf.int32, [None])
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=build(images)))
    step = tf.train.GradientDescentOptimizer(0.05).minimize(loss)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        weights = {v.op.name: v for v in tf.trainable_variables()}
        first = session.run(weights)
        feed = {images: data.images[..., np.newaxis] / 16.0, labels: data.target}
        for _ in range(options.steps):
            value, _ = session.run([loss, step], feed)
        trained = session.run(weights)
    print("loss after %d steps: %.4f" % (options.steps, value))
    arrays = {"first/" + name: array for name, array in first.items()}
    arrays.update({"trained/" + name: array for name, array in trained.items()})
    np.savez(options.out, **arrays)


if __name__ == "__main__":
    main(flags.parse_args())
