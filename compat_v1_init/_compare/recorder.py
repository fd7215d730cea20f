"""Records the first value of each variable, and each draw, of the program whose process this is.

`_site/sitecustomize.py` loads this file by its path, in any Python from 3.6 on and with any TensorFlow from 1.4 on. So
it needs nothing but the standard library and `_import_hook.py`, and both must stay readable for Python 3.6.

It must not change the program. It adds no op to a graph, takes no seed, and executes nothing but reads of variables.
Whatever fails in here is noted in the record, and the program goes on.

The record is one file for each process. Each of its lines is a JSON object whose "kind" is one of these:
  process  TensorFlow was imported: the process, its program and versions.
  value    a variable got its first value, or was initialised once more.
  draw     a random op was built in a graph or a function, or executed eagerly.
  restored a Session has run ops that read a checkpoint.
  trouble  something could not be recorded.
  end      the process ended in order.
"""

# ruff: noqa: ANN001, ANN002, ANN003, ANN202, ANN204, N807, PLW0603, PTH118, PTH123, RUF005, UP004, UP031 - for Python 3.6
# ruff: noqa: BLE001, SLF001 - no error may stop a program
# mypy: ignore-errors

import atexit
import bisect
import functools
import hashlib
import json
import os
import sys
import threading
import time
import weakref

# Holds, as JSON, the folder of the records and the folders of whose modules the record tells which were imported.
ENVIRONMENT = "COMPAT_V1_INIT_COMPARE"
# A training loop may draw for ever.
MOST_DRAWS = 100000
# How many bytes of variables are read from a Session at once.
MOST_BYTES = 1 << 28

_REF_VARIABLES = ("Variable", "VariableV2")
_KERNELS = {
    "RandomStandardNormal": "random_normal",
    "TruncatedNormal": "truncated_normal",
    "RandomUniform": "random_uniform",
    "RandomUniformInt": "random_uniform_int",
    "StatelessRandomNormalV2": "random_normal",
    "StatelessTruncatedNormalV2": "truncated_normal",
    "StatelessRandomUniformV2": "random_uniform",
    "StatelessRandomUniformIntV2": "random_uniform_int",
}
# The functions by which TensorFlow's Python code makes these and other random ops.
_FUNCTIONS = {
    "gen_random_ops": "random_standard_normal truncated_normal random_uniform random_uniform_int random_shuffle "
    "parameterized_truncated_normal multinomial random_gamma random_poisson_v2",
    "gen_stateless_random_ops_v2": "stateless_random_normal_v2 stateless_truncated_normal_v2 "
    "stateless_random_uniform_v2 stateless_random_uniform_int_v2",
}

_here = threading.local()
_lock = threading.RLock()


def start(after_import):
    """Waits for the import of TensorFlow, and for this package's draws."""
    record = _Record(json.loads(os.environ[ENVIRONMENT]))
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_free_the_lock)
    after_import("tensorflow", functools.partial(_watch_tensorflow, record))
    after_import("compat_v1_init._sampling.seeds", functools.partial(_watch_this_package, record))


def _free_the_lock():
    """In a process that was forked while another thread had the lock."""
    global _lock
    _lock = threading.RLock()


# --- The file --------------------------------------------------------------------------------------------------------


class _Record(object):
    """Writes the lines of this process, and of those that it forks."""

    def __init__(self, given):
        self._folder = given["folder"]
        self._watched = [os.path.join(folder, "") for folder in given["watched"]]
        self._process = None
        self._draws = 0
        self._troubles = set()

    def write(self, lines):
        """Appends lines, each a dict."""
        with _lock:
            if self._process != os.getpid():
                self._process = os.getpid()
                self._draws = 0
                lines = [self._header()] + lines
            text = "".join(json.dumps(line) + "\n" for line in lines)
            # Opened each time: a process may close all files that it has inherited, and end at any time.
            with open(os.path.join(self._folder, "%d.jsonl" % self._process), "a") as file:
                file.write(text)

    def draw(self, drawn):
        """Writes a draw, and returns its number in this process."""
        with _lock:
            self.write([])
            self._draws += 1
            if self._draws == MOST_DRAWS:
                self.write([{"kind": "trouble", "text": "draws after the first %d are not recorded" % MOST_DRAWS}])
            if self._draws < MOST_DRAWS:
                self.write([dict(drawn, kind="draw", number=self._draws)])
            return self._draws

    def trouble(self, error):
        """Notes an error of the recorder's own, which the program must not see."""
        try:
            trace = error.__traceback__
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            where = "" if trace is None else " (%s:%d)" % (trace.tb_frame.f_code.co_name, trace.tb_lineno)
            text = "%s: %s%s" % (type(error).__name__, error, where)
            if text not in self._troubles:
                self._troubles.add(text)
                self.write([{"kind": "trouble", "text": text}])
        except Exception:  # noqa: S110 - the disk may be full
            pass

    def end(self):
        """Notes which modules the process has imported."""
        if self._process == os.getpid():
            self.write([{"kind": "end", "modules": self._modules()}])

    def _header(self):
        tensorflow = sys.modules.get("tensorflow")
        return {
            "kind": "process",
            "process": os.getpid(),
            "parent": os.getppid(),
            "started": time.time(),
            "program": list(getattr(sys, "argv", [])),
            "python": ".".join(str(number) for number in sys.version_info[:3]),
            "tensorflow": str(getattr(tensorflow, "__version__", None) or getattr(tensorflow, "VERSION", "unknown")),
        }

    def _modules(self):
        files = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
        return sorted(
            file
            for file in {os.path.realpath(file) for file in files if isinstance(file, str)}
            if file.startswith(tuple(self._watched)) and "site-packages" not in file
        )


def _safely(record, function, *arguments):
    """Calls a function of the recorder, whose errors the program must not see. Within it nothing is recorded."""
    if getattr(_here, "busy", False):
        return None
    _here.busy = True
    try:
        return function(*arguments)
    except Exception as error:
        record.trouble(error)
        return None
    finally:
        _here.busy = False


def _module(name):
    """Returns a module of TensorFlow's that has been imported, or None. TensorFlow 1.15 has another name for itself."""
    for package in ("tensorflow.", "tensorflow_core."):
        found = sys.modules.get(package + name)
        if found is not None and hasattr(found, "__file__"):
            return found
    return None


def _watch_tensorflow(record):
    _safely(record, record.write, [])
    for watch in (_watch_sessions, _watch_variables, _watch_draws):
        _safely(record, watch, record)
    atexit.register(_safely, record, record.end)


def _replace(owner, name, make):
    """Replaces a function of a module or a class by what `make` makes of it."""
    original = getattr(owner, name, None)
    if original is not None:
        setattr(owner, name, functools.wraps(original)(make(original)))


# --- Graphs and Sessions ---------------------------------------------------------------------------------------------


def _watch_sessions(record):
    base = _module("python.client.session").BaseSession
    graphs = _Graphs(record)

    def make_do_run(original):
        def _do_run(self, handle, target_list, fetch_list, *args, **kwargs):
            result = original(self, handle, target_list, fetch_list, *args, **kwargs)
            _here.runs = getattr(_here, "runs", 0) + 1
            _safely(record, graphs.after_run, self, list(target_list) + list(fetch_list))
            return result

        return _do_run

    def make_make_callable(original):
        def make_callable(self, fetches, *args, **kwargs):
            made = original(self, fetches, *args, **kwargs)

            def call(*args, **kwargs):
                before = getattr(_here, "runs", 0)
                result = made(*args, **kwargs)
                if getattr(_here, "runs", 0) == before:  # Else it has called the method above.
                    _safely(record, graphs.after_run, self, fetches)
                return result

            return call

        return make_callable

    _replace(base, "_do_run", make_do_run)
    _replace(base, "make_callable", make_make_callable)


class _Graphs(object):
    """The graphs of this process, each with what is known of it."""

    def __init__(self, record):
        self._record = record
        self._graphs = weakref.WeakKeyDictionary()
        _Graphs.current = self

    def of(self, graph):
        """Returns what is known of a graph."""
        with _lock:
            known = self._graphs.get(graph)
            if known is None:
                known = self._graphs[graph] = _Graph(self._record, len(self._graphs) + 1)
            return known

    def after_run(self, session, fetches):
        """Records the variables that a run of a Session has initialised."""
        if "tensorflow" not in sys.modules:
            return
        with _lock:
            self.of(session.graph).after_run(session, _ops(session.graph, fetches))


def _ops(graph, fetches):
    """Returns the ops of what is fetched: tensors, ops, variables, names, and structures of these."""
    if isinstance(fetches, dict):
        fetches = list(fetches.values())
    if isinstance(fetches, (list, tuple)):
        return [op for each in fetches for op in _ops(graph, each)]
    if isinstance(fetches, bytes):
        fetches = fetches.decode()
    if isinstance(fetches, str):
        fetches = graph.as_graph_element(fetches)
    found = getattr(fetches, "op", fetches)
    return [found] if hasattr(found, "control_inputs") else []


class _Variable(object):
    """A variable of a graph: the ops that it is initialised and read by."""

    def __init__(self, op):
        self.name = op.name
        # The value of a ref variable is what its op returns; that of a resource is what an op reads.
        self.read = op.outputs[0] if op.type in _REF_VARIABLES else None
        self.initializer = None
        self.draws = None
        self.times = 0


class _Graph(object):
    """What is known of one graph."""

    def __init__(self, record, number):
        self.number = number
        self._record = record
        self._variables = {}
        self._by_initializer = {}
        self._randoms = {}  # For each random op its place among all ops.
        self._told = set()  # Those whose draws are in the record.
        self._seen = 0
        self._reached = {}
        self._ours = []  # This package's draws: how many ops there were before, and what is drawn.

    def add_ours(self, ops, drawn):
        """Remembers a draw of this package, whose op will be the next of its kind after so many ops."""
        self._ours.append((ops, drawn))

    def after_run(self, session, ops):
        graph = session.graph
        if graph.version != self._seen:
            self._look_at(graph)
        key = tuple(sorted({op.name for op in ops}))
        initialised = self._reached.get(key)
        if initialised is None:
            reached = _reach(ops)
            initialised = [self._by_initializer[op.name] for op in reached if op.name in self._by_initializer]
            if any(op.type in ("RestoreV2", "Restore", "RestoreSlice") for op in reached):
                self._record.write([{"kind": "restored"}])
            order = {name: index for index, name in enumerate(self._variables)}
            initialised.sort(key=lambda variable: order[variable.name])
            if len(self._reached) > 10000:  # noqa: PLR2004 - a program that fetches something new each time
                self._reached.clear()
            self._reached[key] = initialised
        if initialised:
            self._record_values(session, initialised)
            self._record_draws()

    def _look_at(self, graph):
        """Finds the variables and the random ops among the ops that are new."""
        ops = graph.get_operations()
        for index, op in enumerate(ops[self._seen :], self._seen):
            kind = op.type
            if kind == "VarHandleOp" or kind in _REF_VARIABLES:
                self._variables[op.name] = _Variable(op)
            elif kind in ("Assign", "AssignVariableOp"):
                variable = self._variables.get(op.inputs[0].op.name)
                # The first one is the initializer: TensorFlow makes it together with the variable.
                if variable is not None and variable.initializer is None:
                    variable.initializer = op
                    self._by_initializer[op.name] = variable
            elif kind == "ReadVariableOp" and not op.control_inputs:
                variable = self._variables.get(op.inputs[0].op.name)
                if variable is not None and variable.read is None:
                    variable.read = op.outputs[0]
            elif kind in _KERNELS or _attribute(op, "seed2") is not None:
                # The number of ops that were made before. TensorFlow also counts those that it could not make.
                self._randoms[op.name] = (getattr(op, "_id", index + 1) - 1, op)
        self._seen = len(ops)

    def _record_values(self, session, variables):
        lines = []
        for group in _groups(variables):
            values = _read(session, group)
            for variable, described in zip(group, values):
                if described is not None:
                    variable.times += 1
                    lines.append(
                        dict(
                            described,
                            kind="value",
                            variable="%d/%s" % (self.number, variable.name),
                            name=variable.name,
                            time=variable.times,
                            draws=self._draws_of(variable),
                        )
                    )
        self._record.write(lines)

    def _draws_of(self, variable):
        if variable.draws is None:
            ops = _reach([variable.initializer.inputs[1].op])
            drawing = sorted(self._randoms[op.name][0] for op in ops if op.name in self._randoms)
            by_index = dict(self._randoms.values())
            variable.draws = [self._drawn(index, by_index[index]) for index in drawing]
            # With `--first-weights-from`, the value that the program itself was to assign.
            was = getattr(variable.initializer, "compat_v1_init_was", None)
            self._told.update(op.name for op in ops + _reach([was] if was is not None else []))
        return variable.draws

    def _record_draws(self):
        """Records the draws that are not of a variable's initial value."""
        for variable in self._variables.values():
            if variable.initializer is not None:
                self._draws_of(variable)
        for name, (index, op) in list(self._randoms.items()):
            if name not in self._told:
                self._told.add(name)
                self._record.draw(dict(self._drawn(index, op), op=name))

    def _drawn(self, index, op):
        """Returns what an op draws."""
        stateless = op.type.startswith("Stateless")
        if stateless:
            place = bisect.bisect_right([ops for ops, _ in self._ours], index) - 1
            if place >= 0 and self._ours[place][1]["kernel"] == _KERNELS.get(op.type):
                return self._ours[place][1]
            seeds = [number for tensor in list(op.inputs)[1:3] for number in _numbers(_value_of(tensor)) or ()]
        else:
            seeds = [_attribute(op, "seed"), _attribute(op, "seed2")]
        shape = op.outputs[0].get_shape()
        return {
            "kernel": _KERNELS.get(op.type, op.type),
            "seeds": None if seeds in ([0, 0], [None, None], []) else seeds,
            "bounds": _bounds_in_graph(op),
            "shape": shape.as_list() if shape.ndims is not None else None,
            "dtype": op.outputs[0].dtype.base_dtype.name,
            "stateless": stateless,
        }


def _reach(ops):
    """Returns all ops on which some ops depend, these included."""
    found, waiting = {}, list(ops)
    while waiting:
        op = waiting.pop()
        if op.name not in found:
            found[op.name] = op
            waiting.extend(tensor.op for tensor in op.inputs)
            waiting.extend(op.control_inputs)
    return list(found.values())


def _attribute(op, name):
    try:
        return op.get_attr(name)
    except ValueError:
        return None


def _bounds_in_graph(op):
    """Returns the two numbers that describe the distribution, of the ops that TF1's samplers make; None if unknown."""
    try:
        if op.type == "RandomUniformInt":
            return [_constant(op.inputs[1]), _constant(op.inputs[2])]
        (scaled,) = [use for use in op.outputs[0].consumers() if use.type == "Mul"]
        (moved,) = [use for use in scaled.outputs[0].consumers() if use.type in ("Add", "AddV2")]
        width, low = scaled.inputs[1], _constant(moved.inputs[1])
        if op.type != "RandomUniform":
            return [low, _constant(width)]
        return [low, _constant(width.op.inputs[0])]
    except Exception:
        return None


def _value_of(tensor):
    """Returns the value of a tensor of a graph; None if only a Session can know it."""
    return _module("python.framework.tensor_util").constant_value(tensor)


def _constant(tensor):
    value = _value_of(tensor)
    return None if value is None else _number(value)


def _groups(variables):
    """Returns the variables in groups, so that not all values must be in memory at once."""
    groups, size = [], 0
    for variable in variables:
        if variable.read is not None:
            count = variable.read.get_shape().num_elements() or 0
            size += count * (getattr(variable.read.dtype.base_dtype, "size", None) or 1)
        if size > MOST_BYTES or not groups:
            groups.append([])
            size = 0
        groups[-1].append(variable)
    return groups


def _read(session, variables):
    """Returns what is recorded of the values of variables; None for one that is not initialised after all."""
    known = [variable for variable in variables if variable.read is not None]
    try:
        # Not by a method of a derived class, which may count its calls.
        run = _module("python.client.session").BaseSession.run
        values = run(session, [variable.read for variable in known]) if known else []
        found = {variable.name: _described(value) for variable, value in zip(known, values)}
        missing = _unread("the graph has no op that reads it")
        return [found.get(variable.name, missing) for variable in variables]
    except Exception as error:
        if len(variables) == 1:
            # Its initializer stands behind a condition, or what it depends on was fed.
            uninitialised = type(error).__name__ == "FailedPreconditionError"
            return [None if uninitialised else _unread(error)]
    return [_read(session, [variable])[0] for variable in variables]


# --- Eager variables -------------------------------------------------------------------------------------------------


def _watch_variables(record):
    """Watches the variables that eager code makes, and those that a `tf.function` makes for it."""
    module = _module("python.ops.resource_variable_ops")
    eager = _Eager(record)

    def make_init(original):
        def __init__(self, *args, **kwargs):
            before = len(_recent())
            original(self, *args, **kwargs)
            _safely(record, eager.after_creation, self, before)

        return __init__

    def make_flush(original):
        def initialise(*args, **kwargs):
            result = original(*args, **kwargs)
            if eager.waiting:
                _safely(record, eager.flush)
            return result

        return initialise

    if not hasattr(module.ResourceVariable, "numpy"):
        return  # TensorFlow 1.4 has no eager variables.
    _replace(module.ResourceVariable, "__init__", make_init)
    for name in ("python.eager.polymorphic_function.polymorphic_function", "python.eager.def_function"):
        function = _module(name)
        if function is not None and hasattr(function, "UnliftedInitializerVariable"):
            _replace(function.UnliftedInitializerVariable, "__init__", make_init)
            _replace(function.Function, "_initialize_uninitialized_variables", make_flush)
            _replace(function.Function, "__call__", make_flush)
            break


class _Eager(object):
    """The variables of eager code."""

    def __init__(self, record):
        self._record = record
        self._count = 0
        self._made = {}
        self.waiting = []  # Variables of a function, which get their values after it is traced.

    def after_creation(self, variable, before):
        made = self._made.get(id(variable))
        if made is not None and made() is variable:
            return  # The constructor of one class has called that of another.
        with _module("python.framework.ops").init_scope():
            if not _module("python.eager.context").executing_eagerly():
                return  # A variable of a graph has its value in a Session.
        recent = _recent()
        drawn = recent[before:]
        if not drawn:
            shape = variable.shape.as_list() if variable.shape.ndims is not None else None
            drawn = [(number, draw) for number, draw in recent if draw["shape"] == shape][-1:]
        del recent[:]
        with _lock:
            self._count += 1
            name = _path(sys._getframe(3)) or variable.name.split(":")[0]
            waiting = (
                weakref.ref(variable),
                {
                    "kind": "value",
                    "variable": "eager/%d" % self._count,
                    "name": name,
                    "time": 1,
                    "draws": [draw for _, draw in drawn],
                    "numbers": [number for number, _ in drawn],
                },
            )
            self._made[id(variable)] = weakref.ref(variable, functools.partial(self._forget, id(variable)))
            if not self._write(*waiting):
                self.waiting.append(waiting)

    def _forget(self, key, reference):
        if self._made.get(key) is reference:
            del self._made[key]

    def flush(self):
        with _lock:
            self.waiting = [waiting for waiting in self.waiting if not self._write(*waiting)]

    def _write(self, reference, line):
        """Writes a variable if it has a value; returns whether nothing more is to come."""
        variable = reference()
        if variable is None:
            return True
        recording = _module("python.eager.record") or _module("python.eager.tape")
        try:
            with _module("python.framework.ops").init_scope(), recording.stop_recording():
                resources = _module("python.ops.gen_resource_variable_ops")
                if not resources.var_is_initialized_op(variable.handle).numpy():
                    return False
                value = resources.read_variable_op(variable.handle, variable.dtype.base_dtype).numpy()
        except Exception as error:
            self._record.write([dict(_unread(error), **line)])
            return True
        self._record.write([dict(_described(value), **line)])
        return True


def _path(frame):
    """Returns the path of the variable of Keras 3 that is being made: the name of TensorFlow's own is only the last."""
    for _ in range(30):
        if frame is None:
            return None
        owner = frame.f_locals.get("self")
        if "_path" in getattr(owner, "__dict__", ()) and hasattr(owner, "_initializer"):
            return owner._path
        frame = frame.f_back
    return None


# --- Draws -----------------------------------------------------------------------------------------------------------


def _watch_draws(record):
    """Watches the random ops that are executed eagerly, or built in a function. Those of graphs are found there."""

    def make(kernel, stateless):
        def make_function(original):
            def draw(*args, **kwargs):
                result = original(*args, **kwargs)
                _safely(record, _after_draw, record, kernel, stateless, result, kwargs, sys._getframe(1))
                return result

            return draw

        return make_function

    for name, functions in _FUNCTIONS.items():
        module = _module("python.ops." + name)
        for function in functions.split():
            op = "".join(word.capitalize() for word in function.split("_"))
            _replace(module, function, make(_KERNELS.get(op, op), op.startswith("Stateless")))


def _recent():
    """Returns the draws of this thread since it last made a variable, as pairs of number and draw."""
    if not hasattr(_here, "recent"):
        _here.recent = []
    return _here.recent


def _after_draw(record, kernel, stateless, result, given, frame):
    if not _in_a_graph():
        seeds = [given.get("seed"), given.get("seed2")]
        bounds = [frame.f_locals.get(name) for name in ("mean", "stddev")]
        if kernel.startswith("random_uniform"):
            bounds = [frame.f_locals.get(name) for name in ("minval", "maxval")]
        if stateless:
            seeds = _numbers(frame.f_locals.get("seed"))
        elif not any(seeds):
            seeds = None
        drawn = {
            "kernel": kernel,
            "seeds": seeds,
            "bounds": [None if bound is None else _rounded(bound, result.dtype) for bound in bounds],
            "shape": result.shape.as_list() if result.shape.ndims is not None else None,
            "dtype": result.dtype.base_dtype.name,
        }
        if stateless:
            drawn["stateless"] = True
        _remember(record.draw(drawn), drawn)


def _remember(number, drawn):
    recent = _recent()
    recent.append((number, drawn))
    del recent[:-1000]


def _watch_this_package(record):
    seeds = sys.modules["compat_v1_init._sampling.seeds"]
    before = seeds.observer

    def observe(request, found):
        # Another observer, such as that of `run --report`, must have been set before or call this one.
        if before is not None:
            before(request, found)
        _safely(record, _after_our_draw, record, request, found)

    seeds.observer = observe


def _after_our_draw(record, request, seeds):
    ops = _module("python.framework.ops")
    dtype = _module("python.framework.dtypes").as_dtype(request.dtype)
    drawn = {
        "kernel": request.kernel,
        "seeds": None if seeds is None else list(seeds),
        "bounds": [_rounded(bound, dtype) for bound in request.bounds],
        "shape": _numbers(request.extent.shape),
        "dtype": dtype.name,
    }
    if _in_a_graph():
        graph = ops.get_default_graph()
        _Graphs.current.of(graph).add_ours(graph.version, drawn)
    else:
        _remember(record.draw(drawn), drawn)


def _in_a_graph():
    """Returns whether ops are built in a graph that a Session runs: not eagerly, and not in a function."""
    context = _module("python.eager.context")
    if getattr(context, "executing_eagerly", bool)():
        return False
    return not getattr(_module("python.framework.ops").get_default_graph(), "building_function", False)


# --- Values ----------------------------------------------------------------------------------------------------------


def _described(value):
    """Returns what is recorded of a value, which is NumPy's or Python's own."""
    patch = sys.modules.get("compat_v1_init._run.patch")
    shape = [int(size) for size in getattr(value, "shape", ())]
    dtype = getattr(value, "dtype", None)
    if dtype is None or dtype.kind in "OSU":  # Texts, whose bytes are not in the array.
        data, first = repr(value.tolist() if hasattr(value, "tolist") else value).encode("utf-8", "replace"), []
        name = "string"
    else:
        if dtype.byteorder == ">":
            value = value.astype(dtype.newbyteorder("<"))
        # A view, since a variable may take half of the memory.
        data, first = value.ravel().view("u1"), value.ravel()[:3].tolist()
        name = dtype.name
    return {
        "patched": getattr(patch, "_depth", 0) > 0,
        "shape": shape,
        "dtype": name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "first": [each if isinstance(each, int) else str(each) for each in first],
    }


def _unread(why):
    """Returns what is recorded of a value that cannot be read."""
    if isinstance(why, Exception):
        why = "%s: %s" % (type(why).__name__, str(why).split("\n")[0])
    return {"shape": None, "dtype": None, "sha256": None, "first": [], "unread": why}


def _number(value):
    """Returns a number of NumPy's as Python's."""
    return value.item() if hasattr(value, "item") else value


def _rounded(bound, dtype):
    """Returns a bound as its dtype holds it; None where it is not one number that is known."""
    try:
        if hasattr(bound, "graph") and not hasattr(bound, "numpy"):
            return _constant(bound)
        return float(dtype.as_numpy_dtype(bound.numpy() if hasattr(bound, "numpy") else bound))
    except Exception:
        return None


def _numbers(values):
    """Returns a shape or seeds as a list of Python's numbers; None where they are not known."""
    try:
        if hasattr(values, "as_list"):
            return values.as_list()
        if hasattr(values, "numpy"):
            values = values.numpy()
        if hasattr(values, "tolist"):
            values = values.tolist()
        return [int(getattr(value, "value", value)) for value in values]
    except Exception:
        return None
