"""`tf.contrib.factorization.KMeans`, which TensorFlow has kept in a private module."""

from __future__ import annotations

from typing import Any

from .libraries import import_tensorflow

_clustering: Any = import_tensorflow("tensorflow.python.ops.clustering_ops")


class KMeans(_clustering.KMeans):  # type: ignore[misc]
    """Builds the graph of k-means. Its arguments are those of TensorFlow 1."""

    def __init__(
        self,
        inputs: Any,
        num_clusters: Any,
        initial_clusters: Any = _clustering.RANDOM_INIT,
        distance_metric: Any = _clustering.SQUARED_EUCLIDEAN_DISTANCE,
        use_mini_batch: bool = False,
        mini_batch_steps_per_iteration: int = 1,
        random_seed: int = 0,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        given = (initial_clusters, distance_metric, use_mini_batch, mini_batch_steps_per_iteration, random_seed)
        super().__init__(inputs, num_clusters, *given, *args, **kwargs)
        # The installed one takes the graph's seed in its place.
        self._seed = random_seed
