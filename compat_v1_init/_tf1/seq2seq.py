"""What of `tf.contrib.seq2seq` and `tf.contrib.legacy_seq2seq` is a plain function of tensors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


def rnn_decoder(
    decoder_inputs: Sequence[Any],
    initial_state: Any,
    cell: Any,
    loop_function: Callable[[Any, int], Any] | None = None,
    scope: Any = None,
) -> tuple[list[Any], Any]:
    """Returns the outputs of a cell, one for each input, and its last state.

    Args:
      decoder_inputs: tensors of shape [batch, size].
      initial_state: the cell's.
      cell: an `RNNCell`.
      loop_function: takes an output and a number, and returns the next input in place of the given one.
      scope: of the variables; "rnn_decoder" by default.
    """
    v1 = tf.compat.v1
    outputs: list[Any] = []
    state = initial_state
    with v1.variable_scope(scope or "rnn_decoder"):
        for number, given in enumerate(decoder_inputs):
            value = given
            if loop_function is not None and outputs:
                with v1.variable_scope("loop_function", reuse=True):
                    value = loop_function(outputs[-1], number)
            if number:
                v1.get_variable_scope().reuse_variables()
            output, state = cell(value, state)
            outputs.append(output)
    return outputs, state


def sequence_loss_by_example(
    logits: Sequence[Any],
    targets: Sequence[Any],
    weights: Sequence[Any],
    average_across_timesteps: bool = True,
    softmax_loss_function: Callable[..., Any] | None = None,
    name: str | None = None,
) -> Any:
    """Returns the weighted cross-entropy of each sequence of a batch, of shape [batch].

    Args:
      logits: a tensor of shape [batch, symbols] for each step.
      targets: an int tensor of shape [batch] for each step.
      weights: a float tensor of shape [batch] for each step.
      average_across_timesteps: whether to divide by the sum of the weights.
      softmax_loss_function: takes `labels` and `logits`; by default the sparse softmax cross-entropy.
      name: of the scope.

    Raises:
      ValueError: if the three are not of one length.
    """
    lengths = len(logits), len(weights), len(targets)
    if len(set(lengths)) != 1:
        raise ValueError("Lengths of logits, weights, and targets must be the same %d, %d, %d." % lengths)  # noqa: UP031
    v1 = tf.compat.v1
    of_step = softmax_loss_function or v1.nn.sparse_softmax_cross_entropy_with_logits
    with v1.name_scope(name, "sequence_loss_by_example", [*logits, *targets, *weights]):
        losses = []
        for logit, target, weight in zip(logits, targets, weights):
            labels = target if softmax_loss_function else tf.reshape(target, [-1])
            losses.append(of_step(labels=labels, logits=logit) * weight)
        loss = tf.add_n(losses)
        # TensorFlow 1 added this much, for weights that are all 0.
        return loss / (tf.add_n(weights) + 1e-12) if average_across_timesteps else loss


def legacy_sequence_loss(
    logits: Sequence[Any],
    targets: Sequence[Any],
    weights: Sequence[Any],
    average_across_timesteps: bool = True,
    average_across_batch: bool = True,
    softmax_loss_function: Callable[..., Any] | None = None,
    name: str | None = None,
) -> Any:
    """Returns the sum or, with `average_across_batch`, the mean of `sequence_loss_by_example`."""
    with tf.compat.v1.name_scope(name, "sequence_loss", [*logits, *targets, *weights]):
        each = sequence_loss_by_example(logits, targets, weights, average_across_timesteps, softmax_loss_function)
        loss = tf.reduce_sum(each)
        return loss / tf.cast(tf.shape(targets[0])[0], loss.dtype) if average_across_batch else loss
