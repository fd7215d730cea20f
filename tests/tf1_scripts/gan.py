"""A GAN: layers in scopes that are used again, and two optimizers over parts of the variables."""

import tensorflow as tf


def generator(noise):
    with tf.variable_scope("generator"):
        hidden = tf.layers.dense(noise, 12, tf.nn.relu, kernel_initializer=tf.glorot_uniform_initializer(seed=5))
        return tf.layers.dense(hidden, 6, kernel_initializer=tf.random_normal_initializer(stddev=0.02, seed=6))


def discriminator(x, reuse=False):
    with tf.variable_scope("discriminator", reuse=reuse):
        return tf.layers.dense(x, 1, kernel_initializer=tf.truncated_normal_initializer(stddev=0.02, seed=7))


noise = tf.random_uniform([4, 3], -1, 1)
real = tf.placeholder(tf.float32, [4, 6])
fake = generator(noise)
real_loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(logits=discriminator(real), labels=tf.ones([4, 1])))
fake_loss = tf.reduce_mean(discriminator(fake, reuse=True))
variables = {part: [v for v in tf.trainable_variables() if part in v.name] for part in ("generator", "discriminator")}
steps = [
    tf.train.AdamOptimizer(0.1, beta1=0.5).minimize(real_loss + fake_loss, var_list=variables["discriminator"]),
    tf.train.AdamOptimizer(0.1, beta1=0.5).minimize(-fake_loss, var_list=variables["generator"]),
]
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    session.run(steps, {real: [[1.0] * 6] * 4})
