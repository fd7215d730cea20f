"""A variational autoencoder in a class, with the graph's seed alone."""

import tensorflow as tf
from tensorflow.python.framework import ops

ops.reset_default_graph()
tf.set_random_seed(87)


class Autoencoder(object):
    def __init__(self, size, code):
        self.x = tf.placeholder(tf.float32, [None, size])
        with tf.name_scope("encoder"):
            mean, log_variance = (self.dense(self.x, code, name) for name in ("mean", "log_variance"))
        sample = mean + tf.exp(log_variance / 2) * tf.random_normal(tf.shape(mean))
        self.loss = tf.reduce_sum(tf.square(self.dense(sample, size, "decoder") - self.x))
        self.train = tf.train.RMSPropOptimizer(0.01).minimize(self.loss)

    def dense(self, x, size, name):
        weights = tf.Variable(tf.random_normal([x.get_shape()[1].value, size], stddev=0.1), name=name)
        return tf.add(tf.matmul(x, weights), tf.Variable(tf.constant(0.1, shape=[size])))


model = Autoencoder(8, 2)
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    session.run(model.train, {model.x: [[0.5] * 8]})
