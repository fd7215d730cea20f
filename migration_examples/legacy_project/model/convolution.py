# -*- coding: latin-1 -*-
"""Faltung für die ersten Schichten (in der Kodierung von damals)."""

from tensorflow.compat.v1 import get_variable, nn, variance_scaling_initializer as vs


def stem(images, channels):
    # Größe des Kerns: drei mal drei.
    kernel = get_variable("stem/kernel", [3, 3, 1, channels], initializer=vs(2.0, "fan_in", "normal", seed=7))
    return nn.relu(nn.conv2d(images, kernel, [1, 1, 1, 1], "SAME"))
