"""Keras as it was in TensorFlow 1: a model in a graph, its session, its initializers."""

import numpy as np
import tensorflow as tf
from tensorflow.keras import backend as K
from tensorflow.keras.layers import Dense, Input

K.set_session(tf.Session(config=tf.ConfigProto(allow_soft_placement=True)))
x = Input(shape=(5,))
hidden = Dense(7, activation="tanh", kernel_initializer=tf.keras.initializers.glorot_normal(seed=14))(x)
y = Dense(2, kernel_initializer=tf.keras.initializers.RandomUniform(-0.05, 0.05, seed=15))(hidden)
model = tf.keras.Model(inputs=x, outputs=y)
model.compile(optimizer=tf.train.AdamOptimizer(0.01), loss="mse")
K.get_session().run(tf.global_variables_initializer())
model.fit(np.ones((4, 5)), np.ones((4, 2)), epochs=1, verbose=0)
