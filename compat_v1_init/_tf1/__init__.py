"""`run --tf1`: a program that was written for TensorFlow 1 finds in `tensorflow` what was there then."""
