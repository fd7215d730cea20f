"""Times `compat-v1-init migrate --check` against `tf_upgrade_v2` on one generated tree, whole processes side by side.

The tree stands for a legacy repository: of its files, one in eight uses an initializer of the family, half use
TensorFlow 1 otherwise, the others do not use it. Both commands read the tree and write nothing into it; `tf_upgrade_v2`
writes its copy of the tree, since it has no other way to run.

    python benchmarks/migrate.py [--files 500] [--rounds 3]
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent

INITIALIZERS = (
    "tf.variance_scaling_initializer(scale=2.0, mode='fan_out')",
    "tf.compat.v1.variance_scaling_initializer(2.0, 'fan_in', 'normal', seed=SEED)",
    "tf.glorot_uniform_initializer(seed=1)",
    "tf.contrib.layers.xavier_initializer()",
    "tf.contrib.layers.variance_scaling_initializer(factor=1.0, mode='FAN_AVG', uniform=True)",
    "tf.uniform_unit_scaling_initializer(factor=1.43)",
)

LAYER = """
def layer_{i}(inputs, units, training, name="layer_{i}"):
    \"\"\"Builds layer {i}.\"\"\"
    with tf.variable_scope(name, reuse=tf.AUTO_REUSE):
        weights = tf.get_variable("weights", [inputs.shape[-1], units], initializer={initializer})
        biases = tf.get_variable("biases", [units], initializer=tf.zeros_initializer())
        outputs = tf.nn.relu(tf.matmul(inputs, weights) + biases)
        outputs = tf.layers.dropout(outputs, rate=0.1 * {i}, training=training)
        tf.summary.histogram("outputs", outputs)
        return tf.cond(training, lambda: outputs * {i}.0, lambda: outputs)
"""

PLAIN = """
class Reader{i}(object):
    \"\"\"Reads records of kind {i}.\"\"\"

    def __init__(self, path, batch_size={i}, **options):
        self.path, self.batch_size = path, batch_size
        self.options = dict(options, kind={i})

    def records(self):
        with open(self.path) as handle:
            for number, line in enumerate(handle):
                fields = [field.strip() for field in line.split(",")]
                if len(fields) != {i} or not fields[0]:
                    raise ValueError("line %d of %s has %d fields" % (number, self.path, len(fields)))
                yield dict(zip(self.options.get("names", ()), fields))
"""


def make_tree(folder: Path, count: int) -> None:
    """Writes the tree: the same one for the same count."""
    pick = random.Random(0)  # noqa: S311 - no secret
    for number in range(count):
        kind = "family" if number % 8 == 0 else "tensorflow" if number % 8 < 5 else "plain"
        head = (
            "import os\n"
            + ("" if kind == "plain" else "import numpy as np\nimport tensorflow as tf\n")
            + "\nSEED = 1\n"
        )
        parts = [head]
        for i in range(1, pick.randint(4, 20)):
            initializer = "None"
            if kind == "family" and i % 3 == 1:
                initializer = pick.choice(INITIALIZERS)
            parts.append((PLAIN if kind == "plain" else LAYER).format(i=i, initializer=initializer))
        path = folder / f"package_{number % 12}" / f"module_{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(parts), encoding="utf-8")


def seconds(command: list[str]) -> float:
    """Returns how long a process takes from start to end."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    start = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    taken = time.perf_counter() - start
    # 1 says that something would change.
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return taken


def main() -> None:
    """Runs the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    upgrade = shutil.which("tf_upgrade_v2", path=str(Path(sys.executable).parent))
    if upgrade is None:
        sys.exit("tf_upgrade_v2, which TensorFlow installs, is not beside this Python")
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "tree")
        make_tree(tree, options.files)
        size = sum(path.stat().st_size for path in tree.rglob("*.py"))
        print(f"{options.files} files, {size / 2**20:.1f} MiB, {os.cpu_count()} CPUs, {options.rounds} rounds")
        migrate = [sys.executable, "-m", "compat_v1_init", "migrate", "--check", str(tree)]
        times: dict[str, list[float]] = {}
        for number in range(options.rounds):
            copy = ["--intree", str(tree), "--outtree", str(Path(folder, f"copy_{number}"))]
            report = ["--reportfile", str(Path(folder, "report.txt"))]
            for name, command in {
                "migrate --check": migrate,
                "migrate --check --to keras": [*migrate, "--to", "keras"],
                "migrate --help": [*migrate[:4], "--help"],
                "tf_upgrade_v2": [upgrade, *copy, *report],
            }.items():
                times.setdefault(name, []).append(seconds(command))
        slowest = statistics.median(times["tf_upgrade_v2"])
        for name, taken in times.items():
            median = statistics.median(taken)
            rate = f"{options.files / median:8.0f} files/s  {slowest / median:6.1f}x" if "help" not in name else ""
            print(f"{name:28} {median:8.2f} s  {rate}")


if __name__ == "__main__":
    main()
