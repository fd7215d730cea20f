"""Reinforcement learning: a net, a copy of it as the target, and an op that assigns one to the other."""

import numpy as np
import tensorflow as tf

np.random.seed(1)
tf.set_random_seed(1)


class Agent:
    def __init__(self):
        self.state = tf.placeholder(tf.float32, [None, 4], "state")
        value = self.net("eval")
        target = self.net("target", trainable=False)
        self.loss = tf.reduce_mean(tf.squared_difference(tf.stop_gradient(target), value))
        self.train = tf.train.RMSPropOptimizer(0.01).minimize(self.loss)
        pairs = zip(*(tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope=name) for name in ("target", "eval")))
        self.replace = [tf.assign(theirs, ours) for theirs, ours in pairs if "RMSProp" not in ours.name]
        self.session = tf.Session()
        self.session.run(tf.global_variables_initializer())

    def net(self, name, trainable=True):
        first, bias = tf.random_normal_initializer(0.0, 0.3, seed=11), tf.constant_initializer(0.1)
        with tf.variable_scope(name):
            options = {"kernel_initializer": first, "bias_initializer": bias, "trainable": trainable}
            return tf.layers.dense(
                tf.layers.dense(self.state, 10, tf.nn.relu, name="l1", **options), 2, name="q", **options
            )


agent = Agent()
agent.session.run([agent.train, agent.replace], {agent.state: np.ones((3, 4))})
