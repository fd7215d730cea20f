"""Flags, `tf.app.run`, a global step, hyperparameters and a monitored session."""

import tensorflow as tf

flags = tf.app.flags
flags.DEFINE_integer("steps", 2, "How many steps.")
flags.DEFINE_string("name", "flags", "A name.")
FLAGS = flags.FLAGS
hparams = tf.contrib.training.HParams(rate=0.1, units=[6, 3]).parse("rate=0.2,units=[5,3]")


def main(_):
    net = tf.constant([[1.0, 2.0]])
    step = tf.contrib.framework.get_or_create_global_step()
    for number, units in enumerate(hparams.units):
        initializer = tf.contrib.layers.variance_scaling_initializer(factor=1.0, seed=20 + number)
        net = tf.contrib.layers.fully_connected(net, units, weights_initializer=initializer, scope="layer%d" % number)
    rate = tf.train.exponential_decay(hparams.rate, step, 10, 0.9, staircase=True)
    train = tf.contrib.layers.optimize_loss(tf.reduce_sum(net), step, rate, "SGD")
    with tf.train.MonitoredTrainingSession() as session:
        for _ in range(FLAGS.steps):
            session.run(train)
    tf.logging.info(FLAGS.name)


if __name__ == "__main__":
    tf.app.run()
