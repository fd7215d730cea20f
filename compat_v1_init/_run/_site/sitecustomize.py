"""What Python runs when it starts under `compat-v1-init run` or `compare`, which put this folder on PYTHONPATH.

Every Python that a program starts inherits it, so this file is written for all of them, Python 2 included. Only one
that can load the package has its TensorFlow changed. The recorder of `compare` needs Python 3.6, and nothing of the
package but its import hook.
"""

# ruff: noqa: ANN001, ANN002, ANN003, ANN202, BLE001, F401, INP001, PTH100, PTH118, PTH120 - Python 2 has no pathlib; no error may stop a program
# mypy: ignore-errors

import os
import sys

_folder = os.path.dirname(os.path.abspath(__file__))
_package = os.path.dirname(os.path.dirname(_folder))
sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != _folder]


def _load(name, *path, **options):
    """Loads a module by its path; nothing is put on sys.path for it."""
    import importlib.util

    spec = importlib.util.spec_from_file_location(name, os.path.join(_package, *path), **options)
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _record():
    hook = _load("_compat_v1_init_import_hook", "_import_hook.py")
    _load("_compat_v1_init_recorder", "_compare", "recorder.py").start(hook.after_import)


def _patch():
    if "compat_v1_init" not in sys.modules:
        # The one that runs the program, wherever it lies.
        _load("compat_v1_init", "__init__.py", submodule_search_locations=[_package])
    from compat_v1_init._run.command import start

    start()


def _try(call, without):
    try:
        call()
    except Exception as error:
        text = "compat-v1-init: %s in process %d: %s: %s\n"
        sys.stderr.write(text % (without, os.getpid(), type(error).__name__, error))
        return False
    return True


if "COMPAT_V1_INIT_COMPARE" in os.environ:
    _try(_record, "nothing is recorded")
if "COMPAT_V1_INIT_RUN" in os.environ and not _try(_patch, "TensorFlow's initializers stay as they are"):
    sys.modules.pop("compat_v1_init", None)

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
