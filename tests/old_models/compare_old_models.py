"""Compares what old models predict when they are made anew with what is stored: `python compare_old_models.py FOLDER`.

Runs under any Python that has NumPy, that of TensorFlow 1.15.5 too.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

STORED = Path(__file__).parent / "tf1_15_5" / "predictions.npz"


def main(folder: str) -> None:
    """Ends with an error at the first array that differs."""
    with np.load(str(STORED)) as stored, np.load(str(Path(folder, "predictions.npz"))) as made:
        assert sorted(stored.files) == sorted(made.files)
        for name in stored.files:
            np.testing.assert_allclose(made[name], stored[name], rtol=1e-5, atol=1e-6, err_msg=name)
        sys.stdout.write(f"{len(stored.files)} arrays are the same.\n")


if __name__ == "__main__":
    main(sys.argv[1])
