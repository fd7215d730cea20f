"""A recommender's embedding tables, cut into 1, 3 and 8 shards: the same losses.

Matrix factorisation of ratings, as TF1 programs do it on parameter servers:
``get_variable`` with a partitioner, ``embedding_lookup`` with the "div"
strategy, a Session.  The ratings are made by this script, in the manner of
MovieLens: users and films with hidden tastes, popular films rated more often.
With TF1's own initializer the number of shards changes the first values, and so
the losses.  With ``options(partitions="slices")`` it does not.  Exit code 0: all
losses and weights are the same bytes for any number of shards, 1: they are not.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import tensorflow as tf
from _compare import Array, Check, InitializerClass, digest, parse_options, print_verdict, save_loss_picture

import compat_v1_init

if TYPE_CHECKING:
    from collections.abc import Sequence

v1 = tf.compat.v1

USERS, FILMS, WIDTH = 943, 1682, 16  # As many as in MovieLens 100K.
RATINGS, BATCH = 20_000, 256
SHARDS = (1, 3, 8)
GRAPH_SEED = 12


@dataclass(frozen=True)
class Ratings:
    """One row per rating; ids count from 0, stars are from 1 to 5."""

    users: Array
    films: Array
    stars: Array


def make_ratings() -> Ratings:
    """Make ratings from hidden tastes of three dimensions, the same in every call."""
    random = np.random.default_rng(0)
    popularity = 1 / np.arange(1, FILMS + 1)
    users = random.integers(0, USERS, RATINGS)
    films = random.choice(FILMS, RATINGS, p=popularity / popularity.sum())
    tastes, traits = random.normal(size=(USERS, 3)), random.normal(size=(FILMS, 3))
    liking = (tastes[users] * traits[films]).sum(axis=1) + random.normal(scale=0.3, size=RATINGS)
    stars = np.clip(np.round(3 + liking), 1, 5).astype(np.float32)
    return Ratings(users.astype(np.int32), films.astype(np.int32), stars)


@dataclass(frozen=True)
class Run:
    """What one training run leaves behind."""

    first_weights: list[Array]
    trained_weights: list[Array]
    losses: list[float]


def train(initializer_class: InitializerClass, shards: int, ratings: Ratings, steps: int) -> Run:
    """Train with both tables cut into as many shards along their rows."""
    with tf.Graph().as_default() as graph:
        v1.set_random_seed(GRAPH_SEED)
        users, films = (v1.placeholder(tf.int32, [None]) for _ in range(2))
        stars = v1.placeholder(tf.float32, [None])
        # One object for both tables, with the graph's seed alone: the hardest case.
        initializer = initializer_class(scale=1.0, mode="fan_out")
        partitioner = v1.fixed_size_partitioner(shards)
        tables = [
            v1.get_variable(name, [rows, WIDTH], initializer=initializer, partitioner=partitioner)
            for name, rows in (("users", USERS), ("films", FILMS))
        ]
        user, film = (
            v1.nn.embedding_lookup(table, ids, partition_strategy="div") for table, ids in zip(tables, (users, films))
        )
        loss = tf.reduce_mean(tf.square(3 + tf.reduce_sum(user * film, axis=1) - stars))
        train_op = v1.train.GradientDescentOptimizer(learning_rate=5.0).minimize(loss)
        weights = [tf.convert_to_tensor(table) for table in tables]
        init_op = v1.global_variables_initializer()
    # One thread, so that the order of sums is the same in all runs.
    config = v1.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)
    with v1.Session(graph=graph, config=config) as session:
        session.run(init_op)
        first_weights = session.run(weights)
        losses = []
        for rows in np.random.default_rng(1).integers(0, RATINGS, (steps, BATCH)):
            feed = {users: ratings.users[rows], films: ratings.films[rows], stars: ratings.stars[rows]}
            losses.append(float(session.run([loss, train_op], feed)[0]))
        return Run(first_weights, session.run(weights), losses)


def main(argv: Sequence[str]) -> int:
    """Run the comparison; return 0 if the number of shards changes nothing, else 1."""
    options = parse_options(argv, __doc__, default_steps=300)
    ratings = make_ratings()
    original = {n: train(v1.variance_scaling_initializer, n, ratings, options.steps) for n in SHARDS}
    with compat_v1_init.options(partitions="slices"):
        sliced = {n: train(compat_v1_init.variance_scaling_initializer, n, ratings, options.steps) for n in SHARDS}

    checks = []
    whole = original[1]
    for shards in SHARDS:
        for what, of_whole, of_shards in (
            ("first weights", whole.first_weights, sliced[shards].first_weights),
            ("losses", [np.array(whole.losses)], [np.array(sliced[shards].losses)]),
            ("trained weights", whole.trained_weights, sliced[shards].trained_weights),
        ):
            left, right = digest(of_whole)[:12], digest(of_shards)[:12]
            checks.append(Check(f"{what} in {shards} shard{'s'[: shards > 1]}", left, right, left == right))
    agreed = print_verdict(f"embedding tables in shards, TensorFlow {tf.__version__}, {options.steps} steps", checks)
    for shards in SHARDS:
        print(
            f"  last loss in {shards} shard{'s'[: shards > 1]}: {original[shards].losses[-1]:.6f} with tf.compat.v1, "
            f"{sliced[shards].losses[-1]:.6f} with slices"
        )
    save_loss_picture(
        options.out / "partitioned_embedding.png",
        "Ratings, embedding tables in shards: original whole against slices",
        {f"{n} shard{'s'[: n > 1]}": (whole.losses, sliced[n].losses) for n in SHARDS},
    )
    return 0 if agreed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
