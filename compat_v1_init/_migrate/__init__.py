"""The migration of source code away from TF1's initializers. Nothing in here imports TensorFlow."""
