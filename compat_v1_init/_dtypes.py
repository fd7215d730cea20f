"""The dtypes of floats that TF1's random kernels draw, by name; neither TensorFlow nor NumPy is imported here."""

FLOATS = ("float16", "bfloat16", "float32", "float64")
"""In the order in which messages list them."""

FLOAT_NAMES = frozenset({*FLOATS, "half", "double"})
"""All of TensorFlow's names for them."""
