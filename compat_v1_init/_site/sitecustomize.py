"""What Python runs when it starts under `compat-v1-init run`, which puts this folder on PYTHONPATH.

Every Python that a program starts inherits it, so this file is written for all of them, Python 2 included; only one
that can load the package has its TensorFlow changed.
"""

# ruff: noqa: BLE001, F401, INP001, PTH100, PTH118, PTH120 - Python 2 has no pathlib; no error may stop a program
# mypy: ignore-errors

import os
import sys

_folder = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != _folder]

try:
    import importlib.util

    if "compat_v1_init" not in sys.modules:
        # The one that runs the program, wherever it lies; nothing is put on sys.path for it.
        _package = os.path.dirname(_folder)
        _spec = importlib.util.spec_from_file_location(
            "compat_v1_init", os.path.join(_package, "__init__.py"), submodule_search_locations=[_package]
        )
        sys.modules["compat_v1_init"] = importlib.util.module_from_spec(_spec)
        _spec.loader.exec_module(sys.modules["compat_v1_init"])
    from compat_v1_init._run import start

    start()
except Exception as _error:
    sys.modules.pop("compat_v1_init", None)
    _text = "compat-v1-init: TensorFlow's initializers stay as they are in process %d: %s: %s\n"
    sys.stderr.write(_text % (os.getpid(), type(_error).__name__, _error))

# The environment's own file of this name, which this one has hidden.
_this = sys.modules.pop("sitecustomize")
try:
    import sitecustomize
except ImportError:
    if getattr(sys.exc_info()[1], "name", "sitecustomize") != "sitecustomize":
        raise
finally:
    # Python's import system looks for what it has just imported.
    sys.modules.setdefault("sitecustomize", _this)
