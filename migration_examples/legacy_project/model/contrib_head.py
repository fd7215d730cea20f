"""An output layer from the days of tf.contrib, which no TensorFlow 2 has: this module cannot even be imported there."""

import tensorflow as tf
from tensorflow.contrib.layers import xavier_initializer

INITIALIZER = xavier_initializer(seed=3)
WIDE = tf.contrib.layers.variance_scaling_initializer(factor=1.0, mode="FAN_AVG", uniform=True, seed=5)


if __name__ == "__main__":
    for initializer in (INITIALIZER, WIDE):
        print(initializer([2, 3]).shape)
