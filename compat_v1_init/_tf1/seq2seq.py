"""`tf.contrib.seq2seq.sequence_loss`, the one name of that module that is a plain function of tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from compat_v1_init._tensorflow import tf


def sequence_loss(
    logits: Any,
    targets: Any,
    weights: Any,
    average_across_timesteps: bool = True,
    average_across_batch: bool = True,
    sum_over_timesteps: bool = False,
    sum_over_batch: bool = False,
    softmax_loss_function: Callable[..., Any] | None = None,
    name: str | None = None,
) -> Any:
    """Returns the weighted cross-entropy of sequences, as in TensorFlow 1.15.

    Args:
      logits: of shape [batch, time, classes].
      targets: the classes, of shape [batch, time].
      weights: of shape [batch, time].
      average_across_timesteps: whether to divide by the weights along the time.
      average_across_batch: likewise along the batch.
      sum_over_timesteps: whether to divide by the count of weights that are not zero along the time.
      sum_over_batch: likewise along the batch.
      softmax_loss_function: takes `labels` and `logits`; by default the sparse softmax cross-entropy.
      name: of the scope.

    Raises:
      ValueError: if a shape has another rank, or an axis is to be averaged and summed at once.
    """
    for what, value, rank in (("Logits", logits, 3), ("Targets", targets, 2), ("Weights", weights, 2)):
        if len(value.get_shape()) != rank:
            msg = f"{what} must be a tensor of rank {rank}. Received: shape {value.get_shape()}"
            raise ValueError(msg)
    if (average_across_timesteps and sum_over_timesteps) or (average_across_batch and sum_over_batch):
        raise ValueError("An axis cannot be both averaged and summed.")
    v1 = tf.compat.v1
    with v1.name_scope(name, "sequence_loss", [logits, targets, weights]):
        sizes = tf.shape(logits)
        flat = {"labels": tf.reshape(targets, [-1]), "logits": tf.reshape(logits, [-1, sizes[2]])}
        loss = (softmax_loss_function or v1.nn.sparse_softmax_cross_entropy_with_logits)(**flat)
        loss = tf.reshape(loss * tf.reshape(weights, [-1]), sizes[:2])
        averaged = [axis for axis, asked in ((0, average_across_batch), (1, average_across_timesteps)) if asked]
        summed = [axis for axis, asked in ((0, sum_over_batch), (1, sum_over_timesteps)) if asked]
        axes = averaged or summed
        if not axes:
            return loss
        by = tf.reduce_sum(weights, axes) if averaged else tf.cast(v1.count_nonzero(weights, axes), loss.dtype)
        return tf.math.divide_no_nan(tf.reduce_sum(loss, axes), by)
