"""TensorFlow 1's initializers in a program that is not edited: `patch()` and the command `run`."""
