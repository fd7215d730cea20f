"""The dtypes of floats that TF1's random kernels draw, by name; neither TensorFlow nor NumPy is imported here."""

FLOATS = ("float16", "bfloat16", "float32", "float64")
"""In the order in which messages list them."""

FLOAT_NAMES = frozenset({*FLOATS, "half", "double"})
"""All of TensorFlow's names for them."""

DRAWN_NAMES = FLOAT_NAMES | {"int32", "int64"}
"""These, and those of the integers that the uniform kernel draws."""
