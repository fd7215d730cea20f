"""Compares golden data made anew with what is stored, byte by byte; runs under Python 3.7, as `make_golden.py` does.

python compare_golden.py NEW_PREFIX [STORED_PREFIX]
"""

from __future__ import annotations

import json
import platform
import re
import sys
from pathlib import Path

import numpy as np

STORED = Path(__file__).parent / "golden_tf1_15_5"

# Large float64 normal draws that differ in the last bit between CPUs with and without fused multiply-add.
NEED_FMA = frozenset(
    ["c0014", "c0015", "c0016", "c0017", "c0055", "c0056", "c0074", "c0075", "c0076", "c0077", "n0005", "n0065"]
)
# Matrix products in float32, whose last bits depend on the CPU: TensorFlow 1.15.5 itself gave other bytes on a second
# machine (two virtual ones, each an AMD EPYC with AVX-512).
MULTIPLY_MATRICES = frozenset(["n0234", "n0235", "n0238", "n0239", "n0240", "n0241", "n0242", "n0243"])


def _cpu_has_fma() -> bool:
    try:
        info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.machine().lower() in {"x86_64", "amd64", "arm64", "aarch64"}
    # Every 64-bit Arm CPU has it; there the line is called Features.
    return re.search(r"^(flags\b.*\bfma\b|Features\b)", info, re.MULTILINE) is not None


FMA = _cpu_has_fma()


def differences(made: Path, stored: Path) -> list[str]:
    """Returns a line for each thing in which two sets of golden files differ."""
    found = []
    records = [json.loads(path.with_suffix(".json").read_text(encoding="utf-8")) for path in (made, stored)]
    cases = [{case["id"]: case for case in record.pop("cases")} for record in records]
    for name in sorted({*records[0], *records[1]}):
        values = [record.get(name) for record in records]
        if values[0] != values[1]:
            found.append("{}: {} where {} is stored".format(name, *values))
    arrays = [dict(np.load(str(path.with_suffix(".npz")))) for path in (made, stored)]
    for name in sorted({*cases[0], *cases[1]}):
        if (name in NEED_FMA and not FMA) or name in MULTIPLY_MATRICES:
            continue
        mine = [case.get(name) for case in cases]
        if mine[0] != mine[1]:
            found.append("{}: {} where {} is stored".format(name, *mine))
        keys = [sorted(key for key in each if key.startswith(name + "_")) for each in arrays]
        if keys[0] != keys[1]:
            found.append("{}: arrays {} where {} are stored".format(name, *keys))
        for key in {*keys[0]} & {*keys[1]}:
            bits = [(each[key].dtype, each[key].shape, each[key].tobytes()) for each in arrays]
            if bits[0] != bits[1]:
                found.append(f"{key}: other bytes")
    left_out = f", but for {len(MULTIPLY_MATRICES)} that multiply matrices in float32"
    if not FMA:
        left_out += f", and {len(NEED_FMA)} large float64 normal draws, since this CPU has no FMA"
    print(  # noqa: T201 - the command's own output
        f"{len(cases[0])} cases and {len(arrays[0])} arrays compared{left_out}: {len(found)} differences"
    )
    return found


if __name__ == "__main__":
    lines = differences(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else STORED)
    print(*lines, sep="\n")  # noqa: T201
    sys.exit(bool(lines))
