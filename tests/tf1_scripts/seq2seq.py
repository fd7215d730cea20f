"""An encoder and a decoder of contrib's cells, and an embedding."""

import tensorflow as tf
from tensorflow.contrib import rnn

tf.set_random_seed(3)
words = tf.placeholder(tf.int32, [2, 5])
embedding = tf.get_variable("embedding", [9, 4], initializer=tf.random_uniform_initializer(-0.1, 0.1, seed=8))
inputs = tf.nn.embedding_lookup(embedding, words)
with tf.variable_scope("encoder", initializer=tf.orthogonal_initializer(seed=9)):
    cells = [rnn.DropoutWrapper(rnn.BasicLSTMCell(6), output_keep_prob=0.9) for _ in range(2)]
    _, state = tf.nn.dynamic_rnn(rnn.MultiRNNCell(cells), inputs, dtype=tf.float32)
with tf.variable_scope("decoder", initializer=tf.glorot_normal_initializer(seed=10)):
    cell = tf.nn.rnn_cell.GRUCell(6)
    outputs, _ = rnn.static_rnn(cell, tf.unstack(inputs, axis=1), state[-1].h)
logits = tf.layers.dense(tf.stack(outputs, 1), 9, name="words", kernel_initializer=tf.zeros_initializer())
loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=words, logits=logits))
gradients, _ = tf.clip_by_global_norm(tf.gradients(loss, tf.trainable_variables()), 5.0)
train = tf.train.GradientDescentOptimizer(0.1).apply_gradients(zip(gradients, tf.trainable_variables()))
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    session.run(train, {words: [[1, 2, 3, 4, 5]] * 2})
