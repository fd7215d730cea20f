"""tf.data as it was in TensorFlow 1: iterators that are made, initialised and asked for the next element."""

import numpy as np
import tensorflow as tf

features = np.arange(24, dtype=np.float32).reshape(8, 3)
placeholder = tf.placeholder(tf.float32, [None, 3])
dataset = tf.data.Dataset.from_tensor_slices(placeholder).map(lambda x: x / 10).shuffle(8, seed=1).repeat()
dataset = dataset.apply(tf.contrib.data.batch_and_drop_remainder(4))
iterator = dataset.make_initializable_iterator()
once = tf.data.Dataset.range(5).make_one_shot_iterator().get_next()
print(dataset.output_types, dataset.output_shapes)
hidden = tf.layers.dense(iterator.get_next(), 4, kernel_initializer=tf.variance_scaling_initializer(2.0, seed=13))
train = tf.train.AdagradOptimizer(0.1).minimize(tf.reduce_mean(hidden))
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    session.run(iterator.initializer, {placeholder: features})
    session.run([train, once])
