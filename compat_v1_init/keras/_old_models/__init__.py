"""Model files that the Keras of TensorFlow 1, and Keras 2, wrote: read into Keras 3."""
