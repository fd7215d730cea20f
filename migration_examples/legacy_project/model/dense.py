"""Dense layers, written on Windows."""

import tensorflow as tf

tf1 = tf.compat.v1

INITIALIZERS = {
    "glorot": tf1.glorot_normal_initializer,
    "he": tf1.initializers.he_normal,
}


def linear(inputs, units, name, initializer=tf1.variance_scaling_initializer(seed=11)):
	with tf1.variable_scope(name):
		shape = [int(inputs.shape[-1]), units]
		weights = tf1.get_variable("weights", shape, initializer=initializer)
		biases = tf1.get_variable("biases", [units], initializer=tf1.zeros_initializer())
		return tf.matmul(inputs, weights) + biases
