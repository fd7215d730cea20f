"""Makes `compat_v1_init/_migrate/source/tensorflow_names.py`: the names that only TensorFlow 1, or only 2, has.

Run it once in each environment, and then once with all the lists, that of TensorFlow 1 first:

    python tests/make_tensorflow_names.py list > tf1.txt      # TensorFlow 1.15.5 on Python 3.7
    python tests/make_tensorflow_names.py list > tf2_5.txt    # TensorFlow 2.5.3: the Keras inside TensorFlow
    python tests/make_tensorflow_names.py list > tf2.txt      # TensorFlow 2.21.0: Keras 3
    TF_USE_LEGACY_KERAS=1 python tests/make_tensorflow_names.py list > tf2_legacy.txt  # with tf-keras
    python tests/make_tensorflow_names.py write tf1.txt tf2_5.txt tf2.txt tf2_legacy.txt

A name is only TensorFlow 1's where none of the lists of TensorFlow 2 has it, and the other way round. Below a name that
one side lacks, nothing more is listed.
"""

import os
import pkgutil
import sys
import types

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

TARGET = os.path.join(os.path.dirname(__file__), "..", "compat_v1_init", "_migrate", "source", "tensorflow_names.py")
# What is there only because of how the package is built, what has both versions in it, and what no program draws with.
SKIPPED = set("absolute_import compat compiler core division include print_function python raw_ops security".split())
SKIPPED |= set("pywrap_tensorflow tools tsl types v1 v2 xla".split())
API = ("_api.", "api._v", "keras._tf_keras", "tensorflow.keras", "tensorflow_estimator")

HEAD = '''"""The names of `tensorflow` that only TensorFlow 1, or only TensorFlow 2, has.

Made by tests/make_tensorflow_names.py from {versions}. Do not edit it.
"""

'''


def walk(module, path, found):
    """Adds the public names of a module and of the modules below it."""
    for name in sorted(set(dir(module)) | set(getattr(module, "__all__", ()))):
        if name.startswith("_") or (not path and name in SKIPPED):
            continue
        full = path + (name,)
        # Only its name: TensorFlow 1 cannot import some of it, and TensorFlow 2 has none of it.
        if full == ("contrib",):
            found.add("contrib")
            continue
        try:
            value = getattr(module, name)
        except Exception:  # noqa: BLE001, S112 - what cannot be imported is no name that a program uses
            continue
        if isinstance(value, types.ModuleType):
            # Not a module that a module of the API happens to import, such as `sys`.
            if any(part in value.__name__ for part in API):
                walk(value, full, found)
            elif path or not value.__name__.startswith("tensorflow"):
                continue
        found.add(".".join(full))


def names():
    """Returns the version and every public dotted name, without `tensorflow.` before it."""
    import tensorflow as tf

    found = set()
    walk(tf, (), found)
    # Packages that can be imported, though nothing of the API leads to them.
    for module in pkgutil.iter_modules(tf.__path__):
        if not module.name.startswith("_") and module.name not in SKIPPED:
            found.add(module.name)
    return tf.__version__, found


def outermost(here, there):
    """Returns the names that are here and not there, without those below another one of them."""
    missing = here - there
    result = []
    for name in sorted(missing):
        parts = name.split(".")
        if not any(".".join(parts[:length]) in missing for length in range(1, len(parts))):
            result.append(name)
    return result


def block(variable, names_):
    """Returns the assignment of a frozenset, a few names a line."""
    lines, line = [], ""
    for name in names_:
        if len(line) + len(name) + 1 > 116:
            lines.append(line.strip())
            line = ""
        line += name + " "
    lines.append(line.strip())
    return '_{0} = """\n{1}\n"""\n{0} = frozenset(_{0}.split())\n'.format(variable, "\n".join(lines))


def main():
    """Lists the names of the installed TensorFlow, or writes the data from such lists."""
    if sys.argv[1:] == ["list"]:
        version, found = names()
        sys.stdout.write("\n".join([version] + sorted(found)) + "\n")
        return
    lists = []
    for path in sys.argv[2:]:
        with open(path) as file:
            version, *found = file.read().split()
        lists.append((version, set(found)))
    (first, tf1), others = lists[0], lists[1:]
    tf2 = set().union(*(found for _, found in others))
    versions = "TensorFlow {} and {}".format(first, ", ".join(sorted({version for version, _ in others})))
    text = HEAD.format(versions=versions)
    text += block("ONLY_TF1", outermost(tf1, tf2)) + block("ONLY_TF2", outermost(tf2, tf1))
    with open(TARGET, "w") as file:
        file.write(text)


if __name__ == "__main__":
    main()
