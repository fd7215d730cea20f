#!/usr/bin/env python2
"""Prints how wide the initializers draw. Python 2: run it where that still is."""

import tensorflow as tf

for units in xrange(1, 4):
    kernel = tf.get_variable("kernel_%d" % units, [100, units], initializer=tf.variance_scaling_initializer(seed=units))
    print "units:", units, "kernel:", kernel
