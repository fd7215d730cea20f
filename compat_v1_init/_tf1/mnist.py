"""`tensorflow.examples.tutorials.mnist.input_data`: MNIST from its four files, in batches that are shuffled by NumPy.

Nothing is downloaded. The files may have their old names, with or without `.gz`.
"""

from __future__ import annotations

import collections
import gzip
import os
from pathlib import Path
from typing import Any

import numpy as np

Datasets = collections.namedtuple("Datasets", ["train", "validation", "test"])  # noqa: PYI024 - TF1's own

_FILES = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}


def _read(folder: str | os.PathLike[str], name: str) -> Any:
    """Returns the array of a file in the IDX format."""
    path = Path(folder) / name
    packed = path.with_name(f"{name}.gz")
    if packed.exists():
        content = gzip.decompress(packed.read_bytes())
    elif path.exists():
        content = path.read_bytes()
    else:
        msg = f"MNIST is not downloaded: put the file {name}.gz into the folder {os.fspath(folder)}"
        raise FileNotFoundError(msg)
    rank = content[3]
    shape = np.frombuffer(content, ">u4", rank, 4).astype(int)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape)


class DataSet:
    """Images and labels, batch by batch.

    Args:
      images: an array of bytes of shape [count, height, width, 1].
      labels: an array of `count` labels.
      fake_data: whether to return fixed values instead.
      one_hot: of the fake labels, whether they are one-hot.
      dtype: `float32` for images of numbers from 0 to 1, `uint8` for their bytes.
      reshape: whether to make a row of each image.
      seed: the seed of NumPy's own generator of the process, or None.
    """

    def __init__(
        self,
        images: Any,
        labels: Any,
        fake_data: bool = False,
        one_hot: bool = False,
        dtype: Any = "float32",
        reshape: bool = True,
        seed: int | None = None,
    ) -> None:
        # As TF1: both seeds of the graph decide, or chance.
        from compat_v1_init._tensorflow import tf

        first, second = tf.compat.v1.get_seed(seed)
        np.random.seed(first if seed is None else second)  # noqa: NPY002 - the generator that TF1 used
        self._fake = fake_data
        self._one_hot = one_hot
        if fake_data:
            images, labels = np.zeros([10000, 28, 28, 1], np.uint8), np.zeros([10000], np.uint8)
        elif len(images) != len(labels):
            msg = f"images.shape: {images.shape} labels.shape: {labels.shape}"
            raise AssertionError(msg)
        if reshape:
            images = images.reshape(len(images), -1)
        if tf.as_dtype(dtype) == tf.float32:
            images = np.multiply(images.astype(np.float32), 1.0 / 255.0)
        self._images, self._labels = images, labels
        self._epochs_completed = 0
        self._index_in_epoch = 0

    images = property(lambda self: self._images)
    labels = property(lambda self: self._labels)
    num_examples = property(lambda self: len(self._images))
    epochs_completed = property(lambda self: self._epochs_completed)

    def next_batch(self, batch_size: int, fake_data: bool = False, shuffle: bool = True) -> tuple[Any, Any]:
        """Returns the next images and labels. After the last ones all are shuffled and begin again."""
        if fake_data:
            label: Any = [1] + [0] * 9 if self._one_hot else 0
            return [[1] * 784 for _ in range(batch_size)], [label for _ in range(batch_size)]
        start = self._index_in_epoch
        if self._epochs_completed == 0 and start == 0 and shuffle:
            self._shuffle()
        self._index_in_epoch = start + batch_size
        if self._index_in_epoch <= self.num_examples:
            return self._images[start : self._index_in_epoch], self._labels[start : self._index_in_epoch]
        self._epochs_completed += 1
        rest = self._images[start:], self._labels[start:]
        if shuffle:
            self._shuffle()
        self._index_in_epoch = batch_size - len(rest[0])
        first = self._images[: self._index_in_epoch], self._labels[: self._index_in_epoch]
        return np.concatenate((rest[0], first[0])), np.concatenate((rest[1], first[1]))

    def _shuffle(self) -> None:
        order = np.arange(self.num_examples)
        np.random.shuffle(order)  # noqa: NPY002 - as above
        self._images, self._labels = self._images[order], self._labels[order]


def dense_to_one_hot(labels_dense: Any, num_classes: int) -> Any:
    """Returns labels as rows with a one in the place of the label."""
    return np.eye(num_classes)[np.asarray(labels_dense).ravel()]


def read_data_sets(
    train_dir: str | os.PathLike[str],
    fake_data: bool = False,
    one_hot: bool = False,
    dtype: Any = "float32",
    reshape: bool = True,
    validation_size: int = 5000,
    seed: int | None = None,
    source_url: str = "",  # noqa: ARG001 - nothing is downloaded
) -> Any:
    """Returns MNIST, in three parts.

    Args:
      train_dir: the folder with the four files.
      fake_data: whether to return fixed values, without any file.
      one_hot: whether labels are one-hot.
      dtype: `float32` or `uint8`, of the images.
      reshape: whether to make a row of each image.
      validation_size: how many of the first images are for validation.
      seed: as in `DataSet`.
      source_url: not used.

    Raises:
      FileNotFoundError: if a file is missing.
      ValueError: if `validation_size` is no number of images in the file.
    """
    options = {"dtype": dtype, "reshape": reshape, "seed": seed}
    if fake_data:
        fakes = [DataSet([], [], fake_data=True, one_hot=one_hot, dtype=dtype, seed=seed) for _ in range(3)]
        return Datasets(*fakes)
    parts = {}
    for part, (images, labels) in _FILES.items():
        found = _read(train_dir, labels)
        parts[part] = _read(train_dir, images)[..., None], dense_to_one_hot(found, 10) if one_hot else found
    (images, labels), test = parts["train"], parts["test"]
    if not 0 <= validation_size <= len(images):
        msg = f"Validation size should be between 0 and {len(images)}. Received: {validation_size}."
        raise ValueError(msg)
    first = slice(None, validation_size), slice(validation_size, None)
    validation, train = ((images[part], labels[part]) for part in first)
    return Datasets(*(DataSet(*part, **options) for part in (train, validation, test)))


def load_mnist(train_dir: str | os.PathLike[str] = "MNIST-data") -> Any:
    """Returns MNIST of a folder."""
    return read_data_sets(train_dir)
