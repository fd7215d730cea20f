"""A slim net with an argument scope, by contrib's names."""

import tensorflow as tf
import tensorflow.contrib.slim as slim
from tensorflow.contrib.layers import xavier_initializer

x = tf.placeholder(tf.float32, [2, 16, 16, 3])
with slim.arg_scope(
    [slim.conv2d, slim.fully_connected],
    weights_initializer=xavier_initializer(uniform=False, seed=4),
    weights_regularizer=slim.l2_regularizer(0.01),
):
    net = slim.conv2d(x, 8, [3, 3], normalizer_fn=slim.batch_norm, scope="conv")
    net = slim.flatten(slim.max_pool2d(net, [2, 2]))
    logits = slim.fully_connected(net, 5, activation_fn=None, scope="logits")
loss = tf.losses.sparse_softmax_cross_entropy([0, 1], logits)
train = slim.learning.create_train_op(tf.losses.get_total_loss(), tf.train.MomentumOptimizer(0.1, 0.9))
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    session.run(train, {x: [[[[0.1] * 3] * 16] * 16] * 2})
