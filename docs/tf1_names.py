"""Makes docs/tf1_names.md: what has changed under the same name between TensorFlow 1.15 and `tf.compat.v1`.

python3.7 docs/tf1_names.py list 1.15.json                           # under TensorFlow 1.15.5
compat-v1-init run --tf1 docs/tf1_names.py list 2.21.json 1.15.json  # under a later one, and likewise for others
python docs/tf1_names.py page 1.15.json 2.16.json 2.21.json > docs/tf1_names.md
"""

import inspect
import json
import re
import sys
import types

_PUBLIC = re.compile(r"\._api\.|\.api\._v1|^tensorflow\.compat\.v1|\.lite\b|^tensorflow$|^tensorflow\.[a-z_.]+$")
# No part of the API, or of another version of it; and contrib, which is listed by itself.
_OUTSIDE = {"compat", "contrib", "core", "examples", "include", "python", "tools", "raw_ops"}


def listed(root):
    """Returns the kind and the signature of each public name below a module, by its dotted name."""
    found, waiting, seen = {}, [("", root)], set()
    while waiting:
        path, module = waiting.pop()
        for name in sorted(set(dir(module))):
            dotted = (path + "." + name).lstrip(".")
            if name.startswith("_") or dotted in _OUTSIDE:
                continue
            try:
                value = getattr(module, name)
            except Exception:
                continue  # A name whose module cannot be imported is not there.
            if isinstance(value, types.ModuleType):
                if _PUBLIC.search(getattr(value, "__name__", "")) and id(value) not in seen:
                    seen.add(id(value))
                    waiting.append((dotted, value))
                    found[dotted] = ["module", ""]
            else:
                found[dotted] = [_kind(value), _signature(value)]
    return found


def contrib_names(contrib):
    """Returns the public names of each module of contrib."""
    found = {}
    for name in sorted(set(dir(contrib))):
        if not name.startswith("_"):
            try:
                module = getattr(contrib, name)
            except Exception:
                continue
            if isinstance(module, types.ModuleType):
                ignored = ("absolute_import", "division", "print_function")
                found[name] = [each for each in sorted(set(dir(module))) if each[0] != "_" and each not in ignored]
    return found


def contrib_answers(contrib, names):
    """Returns for each name of contrib the empty text, if it can be had, else what is said instead."""
    answers = {}
    for module, inside in names.items():
        for name in inside:
            try:
                getattr(getattr(contrib, module), name)
                answers[module + "." + name] = ""
            except Exception as error:
                answers[module + "." + name] = str(error)
    return answers


def _kind(value):
    return "class" if inspect.isclass(value) else "function" if callable(value) else "value"


def _signature(value):
    """Returns the parameters with their defaults, without annotations; of a class, those of its constructor."""
    if not callable(value):
        return repr(value) if isinstance(value, (int, float, str)) else ""
    try:
        parameters = inspect.signature(value.__init__ if inspect.isclass(value) else value).parameters.values()
    except (TypeError, ValueError):
        return ""
    return ", ".join(_parameter(each) for each in parameters if each.name not in ("self", "cls"))


def _parameter(parameter):
    prefix = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
    if parameter.default is parameter.empty:
        return prefix + parameter.name
    value = parameter.default
    if isinstance(value, (int, float, str, bool, tuple, list, type(None))):
        return "%s=%r" % (parameter.name, value)
    name = getattr(value, "name", None) or getattr(value, "__name__", None) or type(value).__name__
    return "%s=<%s>" % (parameter.name, name)


# What modules of the API have imported for themselves.
_FOREIGN = re.compile(r"\b(absolute_import|division|print_function|tf_decorator|tf_export|tf_inspect)\b")

# --- The page --------------------------------------------------------------------------------------------------------

_HEAD = """\
# The names of TensorFlow 1

What has changed under the same name between TensorFlow 1.15.5 and the `tf` that a program finds under
[`run --tf1`](tf1_scripts.md), in TensorFlow {releases}. `docs/tf1_names.py` makes this page from the releases' own modules: it
compares names, kinds and signatures. Behind an equal signature a function may still do another thing; that is not seen here.

{same:,} of {all:,} names are the same. `tf.raw_ops` is not listed: its ops are TensorFlow's own.
"""


def _arguments(signature):
    """Returns the parameters of a signature, split at the commas that are in no bracket or text."""
    return [each for each in re.findall(r"(?:'[^']*'|\"[^\"]*\"|\([^)]*\)|\[[^\]]*\]|[^,(\['\"])+", signature) if each.strip()]


_ANY = ["*args", "**kwargs"]


def _change(old, new):
    """Returns how a signature differs, and whether a call that fitted the old one means the same; None if it does not."""
    before, after = ([_same(each.strip()) for each in _arguments(text)] for text in (old, new))
    if before == after:
        return None
    if _ANY in (before, after):
        return "told in one release only", None
    if before[-1:] == after[-1:] == ["**kwargs"]:  # What comes before it does not move a parameter.
        before, after = before[:-1], after[:-1]
    at_once = zip(before, after[: len(before)])
    if len(after) >= len(before) and all(was == now or (now.startswith(was + "=") and "=" not in was) for was, now in at_once):
        extra = after[len(before) :] or [now for was, now in zip(before, after) if was != now]
        return "new: " + ", ".join("`%s`" % each for each in extra), True
    gone = [each for each in before if each not in after]
    added = [each for each in after if each not in before]
    parts = [(word, each) for word, each in (("was", gone), ("is", added)) if each]
    text = "; ".join(word + " " + ", ".join("`%s`" % each for each in names) for word, names in parts)
    return text or "another order", False


def _same(parameter):
    """Returns a parameter as it is compared: some releases say the same thing in another way."""
    return re.sub(r"=(-?\d+)\.0$", r"=\1", parameter.replace("**kwds", "**kwargs"))


def page(old, releases):
    """Returns the page as Markdown."""
    names = {name: told for name, told in old["names"].items() if not _FOREIGN.search(name)}
    gone = {n for n in names if any(n not in new["names"] for new in releases.values())}
    latest = list(releases.values())[-1]
    changes = {n: _change(names[n][1], latest["names"][n][1]) for n in names if n not in gone}
    changed = {n: change for n, change in changes.items() if change is not None}
    untold = sorted(n for n, (_, same) in changed.items() if same is None)
    lines = [_HEAD.format(releases=" and ".join(releases), same=len(names) - len(gone) - len(changed), all=len(names))]
    lines += ["## Names that are gone", "", "| name | under `run --tf1` |", "|---|---|"]
    for name in sorted(gone):
        where = [release for release, new in releases.items() if name not in new["names"]]
        told = latest["refused"].get(name) or "refused: an `AttributeError` of Python's own text"
        only = "" if len(where) == len(releases) else " (only in %s)" % ", ".join(where)
        lines.append("| `tf.%s` | %s%s |" % (name, told, only))
    for title, fits, text in (
        ("Signatures that take what they took", True, "same"),
        ("Signatures that differ", False, "as in TensorFlow 2"),
    ):
        lines += ["", "## " + title, "", "| name | change | under `run --tf1` |", "|---|---|---|"]
        lines += ["| `tf.%s` | %s | %s |" % (n, c, text) for n, (c, same) in sorted(changed.items()) if same is fits]
    lines += ["", "## Signatures that cannot be compared", ""]
    lines.append("One of the releases tells only `*args, **kwargs`. A program gets those of TensorFlow 2: " + _list(untold) + ".")
    lines += ["", "## Contrib", "", "| module | names | had | refused |", "|---|---|---|---|"]
    for module, inside in old["contrib"].items():
        answers = {name: latest["contrib"][module + "." + name] for name in inside}
        had = [name for name in inside if not answers[name]]
        why = sorted({re.sub(r"^tf\.\S+ is not in TensorFlow 2; ", "", text) for text in answers.values() if text})
        lines.append("| `tf.contrib.%s` | %d | %s | %s |" % (module, len(inside), _list(had), "; ".join(why)))
    return "\n".join(lines) + "\n"


def _list(names):
    return ", ".join("`%s`" % name for name in names) or "none"


def main(command, *files):
    if command == "list":
        import tensorflow as tf

        found = {"names": listed(tf), "contrib": contrib_names(tf.contrib)}
        if len(files) > 1:
            with open(files[1]) as file:
                old = json.load(file)
            found["contrib"] = contrib_answers(tf.contrib, old["contrib"])
            found["refused"] = {}
            for name in set(old["names"]) - set(found["names"]):
                value = tf
                try:
                    for part in name.split("."):
                        value = getattr(value, part)
                except Exception as error:
                    if not str(error).startswith("module "):
                        found["refused"][name] = "refused: " + re.sub(r"^tf\.\S+ is not in TensorFlow 2; ", "", str(error))
        with open(files[0], "w") as file:
            json.dump(found, file, indent=0, sort_keys=True)
    else:
        tables = {}
        for name in files:
            with open(name) as file:
                tables[re.search(r"(\d+\.\d+)\.json", name).group(1)] = json.load(file)
        sys.stdout.write(page(tables.pop("1.15"), tables))


if __name__ == "__main__":
    main(*sys.argv[1:])
