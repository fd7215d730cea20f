"""MNIST by hand: variables from samplers, each with a seed of its own."""

import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 784])
weights = tf.Variable(tf.truncated_normal([784, 16], stddev=0.1, seed=1), name="weights")
head = tf.Variable(tf.random_uniform([16, 10], -1.0, 1.0, seed=2), name="head")
bias = tf.Variable(tf.zeros([10]), name="bias")
logits = tf.matmul(tf.nn.relu(tf.matmul(x, weights)), head) + bias
loss = tf.reduce_mean(tf.square(logits), reduction_indices=[0, 1])
train = tf.train.AdamOptimizer(0.01).minimize(loss)
with tf.Session() as session:
    session.run(tf.initialize_all_variables())
    for _ in range(2):
        session.run(train, {x: [[0.5] * 784]})
