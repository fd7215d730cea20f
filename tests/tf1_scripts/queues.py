"""Queues that threads fill, records of a file, and a moving average of the weights."""

import os
import tempfile

import tensorflow as tf

path = os.path.join(tempfile.mkdtemp(), "data.csv")
with open(path, "w") as file:
    file.write("1.0,2.0,3.0\n" * 8)
_, line = tf.TextLineReader().read(tf.train.string_input_producer([path], seed=1))
columns = tf.decode_csv(line, record_defaults=[[0.0]] * 3)
x, y = tf.train.shuffle_batch([tf.stack(columns[:2]), columns[2]], 4, 16, 4, seed=2)
weights = tf.get_variable("weights", [2, 1], initializer=tf.uniform_unit_scaling_initializer(seed=12))
loss = tf.reduce_mean(tf.square(tf.matmul(x, weights) - tf.expand_dims(y, 1)))
average = tf.train.ExponentialMovingAverage(0.9)
with tf.control_dependencies([tf.train.GradientDescentOptimizer(0.01).minimize(loss)]):
    train = average.apply([weights])
with tf.Session() as session:
    session.run(tf.group(tf.global_variables_initializer(), tf.local_variables_initializer()))
    coordinator = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(session, coordinator)
    session.run(train)
    coordinator.request_stop()
    coordinator.join(threads)
