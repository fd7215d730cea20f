"""Prints a command line of the README as it stands: `python3 .ci/readme.py run`, or `test`.

They are the only line of the first two blocks of `sh` that install something: the one that runs the main job, and the
one that runs the tests.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"


def lines() -> dict[str, str]:
    """Returns the two lines."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    run, test = [block.strip() for block in blocks if "pip install" in block][:2]
    return {"run": run, "test": test}


if __name__ == "__main__":
    print(lines()[sys.argv[1]])
