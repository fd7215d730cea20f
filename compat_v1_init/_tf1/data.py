"""What `tf.contrib.data` had and `tf.data.experimental` has not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def batch_and_drop_remainder(batch_size: Any) -> Callable[[Any], Any]:
    """Returns a transformation, for `Dataset.apply`, that batches and drops a last batch that is smaller."""
    return lambda dataset: dataset.batch(batch_size, drop_remainder=True)
