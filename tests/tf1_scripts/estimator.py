"""An Estimator with a function for its model, and feature columns."""

import numpy as np
import tensorflow as tf

tf.logging.set_verbosity(tf.logging.ERROR)


def model_fn(features, labels, mode, params):
    columns = [tf.feature_column.numeric_column("x", shape=[3])]
    net = tf.feature_column.input_layer(features, columns)
    net = tf.layers.dense(net, params["units"], kernel_initializer=tf.variance_scaling_initializer(seed=16), name="net")
    loss = tf.losses.mean_squared_error(labels, net)
    train = tf.train.FtrlOptimizer(0.1).minimize(loss, global_step=tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train, predictions=net)


def input_fn():
    data = {"x": np.ones((8, 3), np.float32)}, np.ones((8, 2), np.float32)
    return tf.data.Dataset.from_tensor_slices(data).repeat().batch(4)


config = tf.estimator.RunConfig(tf_random_seed=5)
tf.estimator.Estimator(model_fn, params={"units": 2}, config=config).train(input_fn, steps=2)
