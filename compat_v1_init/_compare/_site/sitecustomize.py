"""What Python runs when it starts under `compat-v1-init compare`, which puts this folder on PYTHONPATH.

Every Python that a program starts inherits it, Python 2 included. The recorder is loaded by its path, since this
package need not be installed for the Python that runs the program.
"""

# ruff: noqa: BLE001, F401, INP001, PTH100, PTH118, PTH120 - Python 2 has no pathlib; no error may stop a program
# mypy: ignore-errors

import os
import sys

_folder = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != _folder]

try:
    import importlib.util

    _spec = importlib.util.spec_from_file_location(
        "_compat_v1_init_recorder", os.path.join(os.path.dirname(_folder), "recorder.py")
    )
    _recorder = importlib.util.module_from_spec(_spec)
    _spec.loader.exec_module(_recorder)
    _recorder.start()
except Exception as _error:
    _text = "compat-v1-init: process %d is not recorded: %s\n"
    sys.stderr.write(_text % (os.getpid(), _error))

# The next file of this name, which this one has hidden: that of `run`, or the environment's own.
_this = sys.modules.pop("sitecustomize")
try:
    import sitecustomize
except ImportError:
    if getattr(sys.exc_info()[1], "name", "sitecustomize") != "sitecustomize":
        raise
finally:
    # Python's import system looks for what it has just imported.
    sys.modules.setdefault("sitecustomize", _this)
