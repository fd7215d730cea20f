"""What the soak plays: programs of draws, as data, and how one is played with one family of initializers.

A program is a list of actions. An action makes an initializer draw, in eager mode, in a function, in a Session, ..., or
changes what later ones do. Numbers that name an object (an initializer, a function, a graph, a Session) are taken
modulo how many of them there are, so that any list of actions is a program; an action that finds none is left out.

Only what TensorFlow promises is compared: loops run one iteration at a time, threads start when a kernel has been made,
and what they got is compared in no order.
"""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import itertools
import operator
import pickle
from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any, ClassVar, Literal

import numpy as np
import tensorflow as tf
from crowds import in_threads

import compat_v1_init
from compat_v1_init._tensorflow import VERSION

v1 = tf.compat.v1
# Seconds that a thread, or one run of a Session, may take before it counts as hanging.
TIMEOUT = 20.0

# "same": the original's bytes. "fresh": no two are equal. "shape": shape and dtype are the original's.
Promise = Literal["same", "fresh", "shape"]


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What one value of an action must be, and what it was: one array, or, from threads, several in any order."""

    mode: str
    promise: Promise
    values: tuple[np.ndarray, ...]


# --- Expressions: each gives one tensor, in every mode ----------------------------------------------------------------


class Side:
    """One play of a program: the family that it draws with, and the objects that it has made."""

    def __init__(self, family: Any, graph_seed: int | None, *, original: bool) -> None:
        self.family = family
        self.original = original
        self.seeded = graph_seed is not None
        self.initializers: list[Any] = []
        self.functions: list[Function] = []
        self.graphs: list[GraphOfSites] = []
        self.sessions: list[tuple[Any, GraphOfSites]] = []

    def initializer(self, index: int) -> Any:
        return pick(self.initializers, index)

    def promise(self, seed: int | None) -> Promise:
        return "same" if self.seeded or seed is not None else "fresh"

    @contextlib.contextmanager
    def slices(self) -> Iterator[None]:
        with contextlib.nullcontext() if self.original else compat_v1_init.options(partitions="slices"):
            yield

    @contextlib.contextmanager
    def first(self) -> Iterator[None]:
        with contextlib.nullcontext() if self.original else compat_v1_init.options(stream="first"):
            yield

    def close(self) -> None:
        for session, _ in self.sessions:
            session.close()


def pick(things: Sequence[Any], index: int) -> Any:
    """Returns the thing that a number names."""
    return things[index % len(things)]


class Expression:
    """Something that gives a tensor; `n` is an int or an int32 scalar, which loops, conditions and shapes depend on."""

    @property
    def straight(self) -> bool:
        """Whether threads get its draws in some order: it holds one kernel that runs once, whatever `n` is."""
        return False

    def emit(self, side: Side, n: Any) -> Any:
        raise NotImplementedError

    def promise(self, side: Side) -> Promise:
        raise NotImplementedError


def flat(value: Any) -> Any:
    """Returns a tensor as a vector of one dtype, so that different ones can be joined; no two values become equal."""
    return tf.cast(tf.reshape(value, [-1]), tf.float64)


def joined(promises: Iterator[Promise]) -> Promise:
    return "same" if all(promise == "same" for promise in promises) else "shape"


@dataclasses.dataclass(frozen=True)
class Init:
    """An initializer: its name in `tf.compat.v1` and in `compat_v1_init`, and its arguments; a dtype is named."""

    name: str
    arguments: dict[str, Any]

    def make(self, family: Any) -> Any:
        arguments = dict(self.arguments)
        if "dtype" in arguments:
            arguments["dtype"] = tf.as_dtype(arguments["dtype"])
        return operator.attrgetter(self.name)(family)(**arguments)


@dataclasses.dataclass(frozen=True)
class Draw(Expression):
    """A call of an initializer."""

    init: int
    shape: tuple[int, ...]
    dtype: str | None = None
    shape_as: Literal["list", "tuple", "TensorShape", "array", "int32", "int64"] = "list"

    @property
    def straight(self) -> bool:
        return True

    def emit(self, side: Side, n: Any) -> Any:
        del n
        makers = {
            "list": list,
            "tuple": tuple,
            "TensorShape": tf.TensorShape,
            "array": lambda shape: np.array(shape, np.int32),
            "int32": lambda shape: tf.constant(shape, tf.int32),
            "int64": lambda shape: tf.constant(shape, tf.int64),
        }
        as_tensor = self.shape_as in ("int32", "int64") and not tf.executing_eagerly()
        # Fans need a shape that is known while a graph is built.
        shape = list(self.shape) if as_tensor else makers[self.shape_as](self.shape)
        dtype = None if self.dtype is None else tf.as_dtype(self.dtype)
        return side.initializer(self.init)(shape, dtype)

    def promise(self, side: Side) -> Promise:
        return side.promise(side.initializer(self.init).seed)


@dataclasses.dataclass(frozen=True)
class Shard(Expression):
    """One shard of a partitioned variable, which is a draw of its own; of None rows: of as many as `n` says."""

    init: int
    rows: int | None

    @property
    def straight(self) -> bool:
        return self.rows is not None

    def emit(self, side: Side, n: Any) -> Any:
        rows = tf.math.floormod(n, 4) if self.rows is None else self.rows
        partition = SimpleNamespace(full_shape=[8, 3], var_offset=[2, 0])
        return side.initializer(self.init)(tf.stack([rows, 3]), partition_info=partition)

    def promise(self, side: Side) -> Promise:
        return side.promise(side.initializer(self.init).seed)


@dataclasses.dataclass(frozen=True)
class Slices(Expression):
    """The whole of a variable: joined from its slices, where the original draws it as one."""

    init: int
    shape: tuple[int, ...]
    cuts: tuple[tuple[int, ...], ...]
    """For each axis where it is cut."""

    def emit(self, side: Side, n: Any) -> Any:
        del n
        initializer = side.initializer(self.init)
        return initializer(list(self.shape)) if side.original else joined_slices(initializer, self.shape, self.cuts)

    def promise(self, side: Side) -> Promise:
        return side.promise(side.initializer(self.init).seed)


def joined_slices(initializer: Any, shape: Sequence[int], cuts: Sequence[Sequence[int]]) -> Any:
    """Returns a draw that is joined from its slices, which are drawn alone."""
    sides = [list(zip((0, *inner), (*inner, size))) for size, inner in zip(shape, cuts)]
    with compat_v1_init.options(partitions="slices"):
        pieces = [
            initializer(
                [stop - start for start, stop in box],
                partition_info=SimpleNamespace(full_shape=list(shape), var_offset=[start for start, _ in box]),
            )
            for box in itertools.product(*sides)
        ]
    for axis in reversed(range(len(shape))):
        count = len(sides[axis])
        pieces = [tf.concat(pieces[i : i + count], axis) for i in range(0, len(pieces), count)]
    return pieces[0]


@dataclasses.dataclass(frozen=True)
class Neighbour(Expression):
    """A random op of TensorFlow's own, whose seeds must not move."""

    seed: int | None

    @property
    def straight(self) -> bool:
        return True

    def emit(self, side: Side, n: Any) -> Any:
        del side, n
        return tf.random.normal([2], seed=self.seed)

    def promise(self, side: Side) -> Promise:
        return "same" if side.promise(self.seed) == "same" else "shape"


@dataclasses.dataclass(frozen=True)
class Cond(Expression):
    """One of two expressions, by whether `n` is even."""

    then: Expression
    otherwise: Expression

    def emit(self, side: Side, n: Any) -> Any:
        even = tf.equal(tf.math.floormod(n, 2), 0)
        return tf.cond(even, lambda: flat(self.then.emit(side, n)), lambda: flat(self.otherwise.emit(side, n)))

    def promise(self, side: Side) -> Promise:
        return joined(branch.promise(side) for branch in (self.then, self.otherwise))


@dataclasses.dataclass(frozen=True)
class Loop(Expression):
    """An expression 1 to 3 times; one at a time, since otherwise the original itself races for the order."""

    body: Expression

    def emit(self, side: Side, n: Any) -> Any:
        def step(i: Any, found: Any) -> Any:
            return i + 1, tf.concat([found, flat(self.body.emit(side, n + i))], 0)

        state = [tf.constant(0), tf.zeros([0], tf.float64)]
        invariants = [tf.TensorShape([]), tf.TensorShape([None])]
        last = tf.math.floormod(n, 3)
        return tf.while_loop(lambda i, _: i <= last, step, state, invariants, parallel_iterations=1)[1]

    def promise(self, side: Side) -> Promise:
        return joined(iter([self.body.promise(side)]))


@dataclasses.dataclass(frozen=True)
class After(Expression):
    """An expression that waits for another one."""

    first: Expression
    then: Expression

    def emit(self, side: Side, n: Any) -> Any:
        first = self.first.emit(side, n)
        with tf.control_dependencies([first]):
            return tf.concat([flat(self.then.emit(side, n)), flat(first)], 0)

    def promise(self, side: Side) -> Promise:
        return joined(part.promise(side) for part in (self.first, self.then))


@dataclasses.dataclass(frozen=True)
class Call(Expression):
    """All values of a call of a function, from within another one say."""

    function: int

    def emit(self, side: Side, n: Any) -> Any:
        if not side.functions:
            return tf.zeros([0], tf.float64)
        function = pick(side.functions, self.function)
        return tf.concat([flat(value) for value in function.call(tf.convert_to_tensor(n, tf.int32))], 0)

    def promise(self, side: Side) -> Promise:
        return joined(iter(pick(side.functions, self.function).promises)) if side.functions else "same"


# --- Objects that live longer than an action --------------------------------------------------------------------------


class Function:
    """A `tf.function` and what its values promise."""

    def __init__(self, side: Side, body: Sequence[Expression], *, inlined: bool) -> None:
        self.promises = [expression.promise(side) for expression in body]
        self.straight = all(expression.straight for expression in body)
        # Before TensorFlow 2.13 nobody can ask for this; there it is inlined.
        attributes = {} if inlined or VERSION < (2, 13) else {"experimental_attributes": {"_noinline": True}}
        traced = frozen(side)
        self.call = tf.function(
            lambda n: [expression.emit(traced, n) for expression in body],
            autograph=False,
            **attributes,
        )


def frozen(side: Side) -> Side:
    """Returns a side that what is made later does not change: a function may be traced again at any time."""
    result = copy.copy(side)
    result.initializers, result.functions = list(side.initializers), list(side.functions)
    return result


class GraphOfSites:
    """A v1 graph, the tensors that can be fetched from it, and its variables."""

    def __init__(self, seed: int | None, control_flow: Literal[1, 2]) -> None:
        self.graph = tf.Graph()
        self.control_flow = control_flow
        self.tensors: list[Any] = []
        self.promises: list[Promise] = []
        self.straight: list[bool] = []
        self.variables: list[tuple[Any, Any, Promise]] = []
        # Whether it is only run as one set of fetches: with another one TensorFlow may name otherwise what it inlines
        # from a call, or from control flow in control flow, and the original's streams go on or begin again by that.
        self.fixed = False
        # Whether it has a call of a function. A second one may differ: calls that TensorFlow does not inline have one
        # kernel, for which the original's race; and it inlines more of the original's.
        self.calls = False
        # What the single-threaded executor refuses, the original's too: control flow, or what may have it, and
        # variables that are references. And whether a Session runs the graph with that executor.
        self.branches = self.references = False
        self.on_single_thread = False
        with self.graph.as_default():
            v1.set_random_seed(seed)
            self.n = v1.placeholder_with_default(0, [])

    @contextlib.contextmanager
    def building(self) -> Iterator[None]:
        (v1.enable_control_flow_v2 if self.control_flow == 2 else v1.disable_control_flow_v2)()
        try:
            with self.graph.as_default():
                yield
        finally:
            v1.enable_control_flow_v2()

    def add(self, tensor: Any, promise: Promise, *, straight: bool) -> None:
        self.tensors.append(tensor)
        self.promises.append(promise)
        self.straight.append(straight)

    def emit(self, side: Side, expression: Expression) -> None:
        calls = depth(expression, (Call,)) > 0
        branches = depth(expression, (Call, Cond, Loop)) > 0
        # In a v1 cond the original's body of a call also runs where its branch is not taken, once it is inlined.
        may_run_always = calls and depth(expression, (Cond,)) > 0 and self.control_flow != 2
        if (calls and self.calls) or (branches and self.on_single_thread) or may_run_always:
            return
        with self.building():
            self.add(expression.emit(side, self.n), expression.promise(side), straight=expression.straight)
        self.calls = self.calls or calls
        self.branches = self.branches or branches
        self.fixed = self.fixed or calls or depth(expression, (Cond, Loop)) > 1


def depth(expression: Expression, kinds: tuple[type[Expression], ...]) -> int:
    """Returns how many expressions of these kinds lie in one another."""
    parts = [getattr(expression, field.name) for field in dataclasses.fields(expression)]
    inner = max((depth(part, kinds) for part in parts if isinstance(part, Expression)), default=0)
    return inner + isinstance(expression, kinds)


# What a Session can be asked to execute its graph with, beside the default.
EXECUTORS: dict[str, Callable[[Any], object]] = {
    "default": lambda _: None,
    "one thread": lambda config: config.MergeFrom(
        v1.ConfigProto(inter_op_parallelism_threads=1, intra_op_parallelism_threads=1)
    ),
    "the caller's thread": lambda config: config.MergeFrom(v1.ConfigProto(inter_op_parallelism_threads=-1)),
    "threads of its own": lambda config: config.MergeFrom(v1.ConfigProto(use_per_session_threads=True)),
    "a named pool": lambda config: config.session_inter_op_thread_pool.add(num_threads=2, global_name="soak"),
    "a pool of its own": lambda config: config.session_inter_op_thread_pool.add(num_threads=3),
    "two processors": lambda config: config.device_count.update({"CPU": 2}),
    "a static graph": lambda config: setattr(config.experimental, "optimize_for_static_graph", True),
    "a pruned graph": lambda config: setattr(config.graph_options, "place_pruned_graph", True),
    "single-threaded": lambda config: setattr(config.experimental, "executor_type", "SINGLE_THREADED_EXECUTOR"),
}


def session_config(*, optimized: bool, executor: str = "default") -> Any:
    """Returns a configuration, also one without any rewriting of the graph, or with another executor."""
    config = v1.ConfigProto(operation_timeout_in_ms=int(1000 * TIMEOUT))
    EXECUTORS[executor](config)
    if optimized:
        return config
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    config.graph_options.optimizer_options.opt_level = v1.OptimizerOptions.L0
    config.graph_options.optimizer_options.do_function_inlining = False
    return config


def in_any_order(mode: str, promises: Sequence[Promise], rows: Sequence[Sequence[np.ndarray]]) -> Iterator[Outcome]:
    """Yields an outcome for each place in the rows; the order of the rows says nothing."""
    for promise, column in zip(promises, zip(*rows)):
        yield Outcome(mode, promise, tuple(sorted(column, key=lambda value: value.tobytes())))


# --- Actions ----------------------------------------------------------------------------------------------------------


class Action:
    """One step of a program."""

    needs: ClassVar[str | None] = None
    """The objects, of a side, without which the action is left out."""

    def play(self, side: Side) -> Iterator[Outcome]:
        raise NotImplementedError


@dataclasses.dataclass(frozen=True)
class Eager(Action):
    """An expression, eagerly."""

    expression: Expression
    n: int = 0
    device: int | None = None

    def play(self, side: Side) -> Iterator[Outcome]:
        with on_device(self.device):
            value = self.expression.emit(side, self.n)
        mode = "slices" if isinstance(self.expression, Slices) else "eager"
        yield Outcome(mode, self.expression.promise(side), (value.numpy(),))


@contextlib.contextmanager
def on_device(device: int | None) -> Iterator[None]:
    """Places ops on one of the logical CPUs, of which a process may have one."""
    if device is None:
        yield
        return
    devices = tf.config.list_logical_devices("CPU")
    with tf.device(devices[device % len(devices)].name):
        yield


@dataclasses.dataclass(frozen=True)
class Reset(Action):
    """What begins all streams again."""

    how: Literal["set_seed", "set_random_seed", "clear_session"]
    seed: int = 0

    def play(self, side: Side) -> Iterator[Outcome]:
        if self.how == "clear_session":
            tf.keras.backend.clear_session()
        else:
            set_seed = tf.random.set_seed if self.how == "set_seed" else v1.set_random_seed
            set_seed(self.seed if side.seeded else None)
        yield from ()


@dataclasses.dataclass(frozen=True)
class Copy(Action):
    """One more initializer, made from another one."""

    init: int
    how: Literal["pickle", "copy", "deepcopy", "config"]

    def play(self, side: Side) -> Iterator[Outcome]:
        makers: dict[str, Callable[[Any], Any]] = {
            "pickle": lambda initializer: pickle.loads(pickle.dumps(initializer)),  # noqa: S301 - its own
            "copy": copy.copy,
            "deepcopy": copy.deepcopy,
            "config": lambda initializer: type(initializer).from_config(initializer.get_config()),
        }
        side.initializers.append(makers[self.how](side.initializer(self.init)))
        yield from ()


@dataclasses.dataclass(frozen=True)
class Define(Action):
    """A `tf.function`, which earlier ones may be called by."""

    body: tuple[Expression, ...]
    inlined: bool = True

    def play(self, side: Side) -> Iterator[Outcome]:
        side.functions.append(Function(side, self.body, inlined=self.inlined))
        yield from ()


@dataclasses.dataclass(frozen=True)
class CallFunction(Action):
    """Calls of a function; with a Python int, which is traced again for each value, or with a tensor."""

    function: int
    n: int = 0
    times: int = 1
    as_tensor: bool = True
    device: int | None = None

    needs = "functions"

    def play(self, side: Side) -> Iterator[Outcome]:
        function = pick(side.functions, self.function)
        for _ in range(self.times):
            with on_device(self.device):
                values = function.call(tf.constant(self.n) if self.as_tensor else self.n)
            for promise, value in zip(function.promises, values):
                yield Outcome("function", promise, (value.numpy(),))


@dataclasses.dataclass(frozen=True)
class Lifted(Action):
    """A function that makes variables, whose first values TensorFlow lifts out of it."""

    init: int
    shape: tuple[int, ...]

    def play(self, side: Side) -> Iterator[Outcome]:
        initializer, shape = side.initializer(self.init), list(self.shape)
        variables: list[Any] = []

        @tf.function(autograph=False)
        def call() -> Any:
            if not variables:
                variables.extend([tf.Variable(lambda: initializer(shape)), tf.Variable(initializer(shape))])
            return [*(variable + 0 for variable in variables), initializer(shape)]

        for _ in range(2):
            for value in call():
                # The second call reads the same variables.
                promise = side.promise(initializer.seed)
                yield Outcome("function", "shape" if promise == "fresh" else promise, (value.numpy(),))


@dataclasses.dataclass(frozen=True)
class Mapped(Action):
    """`Dataset.map`, once through or twice; in parallel only what can be compared in no order."""

    body: tuple[Expression, ...]
    elements: int
    parallel: bool = False
    twice: bool = False

    def play(self, side: Side) -> Iterator[Outcome]:
        parallel = self.parallel and all(expression.straight for expression in self.body)
        promises = [expression.promise(side) for expression in self.body]

        @tf.autograph.experimental.do_not_convert
        def body(n: Any) -> Any:
            return tuple(expression.emit(side, tf.cast(n, tf.int32)) for expression in self.body)

        dataset = tf.data.Dataset.range(self.elements).map(body, num_parallel_calls=4 if parallel else None)
        for _ in range(1 + self.twice):
            rows = list(dataset.as_numpy_iterator())
            if parallel:
                yield from in_any_order("parallel map", promises, rows)
            else:
                for row in rows:
                    for promise, value in zip(promises, row):
                        yield Outcome("map", promise, (value,))


@dataclasses.dataclass(frozen=True)
class Threads(Action):
    """An initializer's eager draws of one shape, by several threads."""

    init: int
    shape: tuple[int, ...]
    threads: int
    times: int

    def play(self, side: Side) -> Iterator[Outcome]:
        initializer, shape = side.initializer(self.init), list(self.shape)
        if initializer.seed is None:
            return  # Each call takes a seed of its own.
        draw = lambda: [initializer(shape).numpy()]  # noqa: E731
        yield Outcome("eager", "same", tuple(draw()))  # Threads that miss the kernel cache at once race.
        yield from in_any_order("threads", ["same"], in_threads(draw, self.threads, self.times, TIMEOUT))


@dataclasses.dataclass(frozen=True)
class FunctionInThreads(Action):
    """Calls of one function by several threads."""

    function: int
    threads: int
    times: int

    needs = "functions"

    def play(self, side: Side) -> Iterator[Outcome]:
        function, n = pick(side.functions, self.function), tf.constant(3)
        if function.straight:
            call = lambda: [value.numpy() for value in function.call(n)]  # noqa: E731
            # The original's kernels race where threads make them, up to TensorFlow 2.15.
            for promise, value in zip(function.promises, call()):
                yield Outcome("function", promise, (value,))
            yield from in_any_order("threads", function.promises, in_threads(call, self.threads, self.times, TIMEOUT))


@dataclasses.dataclass(frozen=True)
class NewGraph(Action):
    """A v1 graph with its first Session."""

    seed: int
    sites: tuple[Expression, ...]
    control_flow: Literal[1, 2] = 2
    optimized: bool = True

    def play(self, side: Side) -> Iterator[Outcome]:
        graph = GraphOfSites(self.seed if side.seeded else None, self.control_flow)
        for site in self.sites:
            graph.emit(side, site)
        side.graphs.append(graph)
        return NewSession(-1, self.optimized).play(side)


@dataclasses.dataclass(frozen=True)
class Grow(Action):
    """One more site in a graph, which Sessions may have run already."""

    graph: int
    site: Expression

    needs = "graphs"

    def play(self, side: Side) -> Iterator[Outcome]:
        graph = pick(side.graphs, self.graph)
        if not graph.fixed:
            graph.emit(side, self.site)
        yield from ()


PARTITIONERS: dict[str, Callable[[], Any]] = {
    "none": lambda: None,
    "fixed_size": lambda: v1.fixed_size_partitioner(3),
    "fixed_size_axis_1": lambda: v1.fixed_size_partitioner(2, axis=1),
    "min_max": lambda: v1.min_max_variable_partitioner(max_partitions=4, min_slice_size=64),
    "axis_size": lambda: v1.variable_axis_size_partitioner(80),
}


@dataclasses.dataclass(frozen=True)
class Variable(Action):
    """A variable by `get_variable`; as slices, it is joined and compared with one that is not partitioned."""

    graph: int
    init: int
    shape: tuple[int, int]
    partitioner: str = "none"
    slices: bool = False
    resource: bool = True

    needs = "graphs"

    def play(self, side: Side) -> Iterator[Outcome]:
        yield from ()
        graph = pick(side.graphs, self.graph)
        if graph.fixed:
            return
        initializer = side.initializer(self.init)
        partitioner = None if self.slices and side.original else PARTITIONERS[self.partitioner]()
        promise = side.promise(initializer.seed)
        resource = self.resource or graph.on_single_thread
        graph.references = graph.references or not resource
        with graph.building(), side.slices() if self.slices else contextlib.nullcontext():
            variable = v1.get_variable(
                f"v{len(graph.variables)}",
                list(self.shape),
                initializer.dtype,
                initializer,
                partitioner=partitioner,
                use_resource=resource,
            )
            parts = [variable] if partitioner is None else list(variable)
            initial = [part.initial_value for part in parts]
            read: Any = parts
            if self.slices:
                # All slices are of one place in the stream, which moves on when any of them runs.
                axis = int(np.argmin([a == b for a, b in zip(parts[0].shape, self.shape)]))
                initial = [tf.concat(initial, axis) if len(parts) > 1 else initial[0]]
                read = [tf.convert_to_tensor(variable)]
            init_op = tf.group(*(part.initializer for part in parts))
            for tensor in initial:
                graph.add(tensor, promise, straight=True)
            graph.variables.append((init_op, [tf.identity(value) for value in read], promise))


@dataclasses.dataclass(frozen=True)
class Import(Action):
    """A copy of a graph inside a new one, with a Session."""

    graph: int
    how: Literal["graph_def", "meta_graph"]

    needs = "graphs"

    def play(self, side: Side) -> Iterator[Outcome]:
        source = pick(side.graphs, self.graph)
        if source.control_flow == 1:
            return  # Two copies of one v1 loop would be one frame.
        target = GraphOfSites(1 if side.seeded else None, 2)
        names = [tensor.name for tensor in source.tensors]
        with source.building():
            meta = v1.train.export_meta_graph(graph=source.graph)
        with target.building():
            if self.how == "meta_graph":
                v1.train.import_meta_graph(meta, import_scope="copy")
            else:
                tf.graph_util.import_graph_def(meta.graph_def, name="copy")
            for name, promise, straight in zip(names, source.promises, source.straight):
                target.add(target.graph.get_tensor_by_name(f"copy/{name}"), promise, straight=straight)
            target.n = target.graph.get_tensor_by_name(f"copy/{source.n.name}")
        target.fixed, target.calls = source.fixed, source.calls
        target.branches, target.references = source.branches, source.references
        side.graphs.append(target)
        yield from NewSession(-1).play(side)


@dataclasses.dataclass(frozen=True)
class NewSession(Action):
    """One more Session of a graph."""

    graph: int
    optimized: bool = True
    executor: str = "default"

    needs = "graphs"

    def play(self, side: Side) -> Iterator[Outcome]:
        graph = pick(side.graphs, self.graph)
        executor = self.executor
        if executor == "single-threaded" and (graph.branches or graph.references):
            executor = "one thread"
        graph.on_single_thread = graph.on_single_thread or executor == "single-threaded"
        config = session_config(optimized=self.optimized, executor=executor)
        session = v1.Session(graph=graph.graph, config=config)
        side.sessions.append((session, graph))
        yield from ()


@dataclasses.dataclass(frozen=True)
class Run(Action):
    """Runs of a Session: all of its graph's sites, or some of them in any order."""

    session: int
    sites: tuple[int, ...] | None = None
    n: int = 0
    times: int = 1

    needs = "sessions"

    def play(self, side: Side) -> Iterator[Outcome]:
        session, graph = pick(side.sessions, self.session)
        wanted = range(len(graph.tensors)) if self.sites is None or graph.fixed else self.sites
        sites = list(dict.fromkeys(i % len(graph.tensors) for i in wanted))
        for _ in range(self.times):
            values = session.run([graph.tensors[i] for i in sites], {graph.n: self.n})
            for i, value in zip(sites, values):
                yield Outcome("session", graph.promises[i], (value,))


@dataclasses.dataclass(frozen=True)
class SessionInThreads(Action):
    """Runs of one site by several threads."""

    session: int
    site: int
    threads: int
    times: int

    needs = "sessions"

    def play(self, side: Side) -> Iterator[Outcome]:
        session, graph = pick(side.sessions, self.session)
        site = pick(range(len(graph.tensors)), self.site)
        if not graph.straight[site]:
            return
        run = lambda: [session.run(graph.tensors[site], {graph.n: 3})]  # noqa: E731
        yield Outcome("session", graph.promises[site], tuple(run()))
        yield from in_any_order("threads", [graph.promises[site]], in_threads(run, self.threads, self.times, TIMEOUT))


@dataclasses.dataclass(frozen=True)
class Initialize(Action):
    """Runs the init op of all variables, then reads them."""

    session: int
    times: int = 1

    needs = "sessions"

    def play(self, side: Side) -> Iterator[Outcome]:
        session, graph = pick(side.sessions, self.session)
        if not graph.variables:
            return
        for _ in range(self.times):
            session.run([init_op for init_op, _, _ in graph.variables])
            for (_, _, promise), values in zip(graph.variables, session.run([read for _, read, _ in graph.variables])):
                for value in values:
                    yield Outcome("variable", promise, (value,))


@dataclasses.dataclass(frozen=True)
class First(Action):
    """`options(stream="first")`: every execution gives what a new function, or a new Session, of the original gives."""

    where: Literal["function", "session"]
    draws: tuple[Draw, ...]
    times: int
    seed: int = 0

    def play(self, side: Side) -> Iterator[Outcome]:
        promises = [draw.promise(side) for draw in self.draws]
        for values in self._in_functions(side) if self.where == "function" else self._in_sessions(side):
            for promise, value in zip(promises, values):
                # TensorFlow's optimizer may make a constant of the draw, and then adds the mean of 0.0 that it leaves
                # out of the original: which shows in the sign of a zero.
                yield Outcome("first", promise, (value + np.zeros_like(value),))

    def _emit(self, side: Side) -> list[Any]:
        with side.first():
            return [draw.emit(side, 0) for draw in self.draws]

    def _in_functions(self, side: Side) -> Iterator[list[np.ndarray]]:
        function = tf.function(lambda: self._emit(side), autograph=False)
        for _ in range(self.times):
            if side.original:
                function = tf.function(lambda: self._emit(side), autograph=False)
            yield [value.numpy() for value in function()]

    def _in_sessions(self, side: Side) -> Iterator[list[np.ndarray]]:
        with tf.Graph().as_default() as graph:
            v1.set_random_seed(self.seed if side.seeded else None)
            fetches = self._emit(side)
        with contextlib.ExitStack() as stack:
            session = stack.enter_context(v1.Session(graph=graph))
            for _ in range(self.times):
                if side.original:
                    session = stack.enter_context(v1.Session(graph=graph))
                yield session.run(fetches)


@dataclasses.dataclass(frozen=True)
class Join(Action):
    """A law without the original: the slices of a draw join to the whole of it. Eager and, for numbers, first draws."""

    init: int
    shape: tuple[int, ...]
    cuts: tuple[tuple[int, ...], ...]

    def play(self, side: Side) -> Iterator[Outcome]:
        yield from ()
        initializer = side.initializer(self.init)
        if side.original or initializer.seed is None:
            return
        with side.first():
            whole = initializer(list(self.shape)).numpy()
            slices = joined_slices(initializer, self.shape, self.cuts).numpy()
        if whole.tobytes() != slices.tobytes():
            msg = "the slices do not join to the whole"
            raise AssertionError(msg)


@dataclasses.dataclass(frozen=True)
class Async(Action):
    """Eager draws on an asynchronous executor, all of them asked for before any is looked at."""

    draws: tuple[Draw, ...]
    times: int

    def play(self, side: Side) -> Iterator[Outcome]:
        tf.config.experimental.set_synchronous_execution(False)
        try:
            tensors = [draw.emit(side, 0) for _ in range(self.times) for draw in self.draws]
            values = [tensor.numpy() for tensor in tensors]
        finally:
            tf.config.experimental.set_synchronous_execution(True)
        for draw, value in zip(itertools.cycle(self.draws), values):
            yield Outcome("async eager", draw.promise(side), (value,))


@dataclasses.dataclass(frozen=True)
class LoopAtOnce(Action):
    """A draw in a loop whose iterations run at once, as many as TensorFlow likes: what they get is in no order."""

    where: Literal["function", "session"]
    draw: Draw
    iterations: int
    times: int
    seed: int = 0

    def _emit(self, side: Side) -> Any:
        def step(i: Any, found: Any) -> Any:
            return i + 1, found.write(i, flat(self.draw.emit(side, i)))

        found = tf.TensorArray(tf.float64, self.iterations, element_shape=[int(np.prod(self.draw.shape))])
        return tf.while_loop(lambda i, _: i < self.iterations, step, [tf.constant(0), found])[1].stack()

    def play(self, side: Side) -> Iterator[Outcome]:
        promise = joined(iter([self.draw.promise(side)]))
        for rows in self._in_function(side) if self.where == "function" else self._in_session(side):
            yield from in_any_order("loop at once", [promise], [[row] for row in rows])

    def _in_function(self, side: Side) -> Iterator[np.ndarray]:
        function = tf.function(lambda: self._emit(side), autograph=False)
        for _ in range(self.times):
            yield function().numpy()

    def _in_session(self, side: Side) -> Iterator[np.ndarray]:
        with tf.Graph().as_default() as graph:
            v1.set_random_seed(self.seed if side.seeded else None)
            fetch = self._emit(side)
        with v1.Session(graph=graph, config=session_config(optimized=True)) as session:
            for _ in range(self.times):
                yield session.run(fetch)


@dataclasses.dataclass(frozen=True)
class Placed(Action):
    """Variables on several devices in one graph: their values, and the device of each."""

    draws: tuple[tuple[Draw, str], ...]
    """Each with the device of its variable; "first": where the first variable is."""
    resource: bool
    times: int
    seed: int = 0

    def play(self, side: Side) -> Iterator[Outcome]:
        config = session_config(optimized=True)
        config.device_count["CPU"], config.allow_soft_placement = 2, True
        with tf.Graph().as_default() as graph:
            v1.set_random_seed(self.seed if side.seeded else None)
            variables: list[Any] = []
            for draw, device in self.draws:
                with (
                    v1.colocate_with(variables[0].op)
                    if device == "first" and variables
                    else v1.device(device.replace("first", ""))
                ):
                    initializer, name = side.initializer(draw.init), f"v{len(variables)}"
                    dtype = initializer.dtype if draw.dtype is None else tf.as_dtype(draw.dtype)
                    arguments = {"initializer": initializer, "use_resource": self.resource}
                    variables.append(v1.get_variable(name, list(draw.shape), dtype, **arguments))
            init = v1.global_variables_initializer()
        with v1.Session(graph=graph, config=config) as session:
            for _ in range(self.times):
                metadata = v1.RunMetadata()
                session.run(init, options=v1.RunOptions(output_partition_graphs=True), run_metadata=metadata)
                for (draw, _), value in zip(self.draws, session.run(variables)):
                    yield Outcome("placed variables", draw.promise(side), (value,))
            nodes = {node.name: node.device for part in metadata.partition_graphs for node in part.node}
            yield Outcome("places", "same", (np.array([nodes[variable.op.name] for variable in variables]),))


@dataclasses.dataclass(frozen=True)
class Many(Action):
    """Hundreds of draws in one function or one run."""

    where: Literal["function", "session"]
    init: int
    count: int
    times: int
    seed: int = 0

    def _emit(self, side: Side) -> list[Any]:
        return [side.initializer(self.init + index)([1 + index % 3, 2]) for index in range(self.count)]

    def play(self, side: Side) -> Iterator[Outcome]:
        seeds = [side.initializer(self.init + index).seed for index in range(self.count)]
        for values in self._in_function(side) if self.where == "function" else self._in_session(side):
            for seed, value in zip(seeds, values):
                yield Outcome("many draws", side.promise(seed), (value,))

    def _in_function(self, side: Side) -> Iterator[list[np.ndarray]]:
        function = tf.function(lambda: self._emit(side), autograph=False)
        for _ in range(self.times):
            yield [value.numpy() for value in function()]

    def _in_session(self, side: Side) -> Iterator[list[np.ndarray]]:
        with tf.Graph().as_default() as graph:
            v1.set_random_seed(self.seed if side.seeded else None)
            fetches = self._emit(side)
        with v1.Session(graph=graph, config=session_config(optimized=True)) as session:
            for _ in range(self.times):
                yield session.run(fetches)


@dataclasses.dataclass(frozen=True)
class Fails(Action):
    """A step that fails, then the same step without the failure: the draws go on behind it.

    The op that fails waits for the draw, or, in "beside", runs beside it.
    """

    where: Literal["eager", "function", "session", "beside"]
    draw: Draw
    times: int
    seed: int = 0

    def _emit(self, side: Side, fails: Any) -> Any:
        value = self.draw.emit(side, 0)
        with tf.control_dependencies([] if self.where == "beside" else [value]):
            check = tf.raw_ops.Assert(condition=tf.logical_not(fails), data=["it fails"])
        with tf.control_dependencies([] if check is None else [check]):
            return tf.identity(value)

    def play(self, side: Side) -> Iterator[Outcome]:
        promise = self.draw.promise(side)
        with self._step(side) as step:
            for _ in range(self.times):
                with contextlib.suppress(tf.errors.InvalidArgumentError):
                    step(True)
                    raise AssertionError("the step has not failed")
                yield Outcome("failing step", promise, (step(False),))

    @contextlib.contextmanager
    def _step(self, side: Side) -> Iterator[Callable[[bool], np.ndarray]]:
        if self.where == "eager":
            yield lambda fails: self._emit(side, tf.constant(fails)).numpy()
        elif self.where == "function":
            function = tf.function(lambda fails: self._emit(side, fails), autograph=False)
            yield lambda fails: function(tf.constant(fails)).numpy()
        else:
            with tf.Graph().as_default() as graph:
                v1.set_random_seed(self.seed if side.seeded else None)
                given = v1.placeholder(tf.bool, [])
                fetch = self._emit(side, given)
            with v1.Session(graph=graph, config=session_config(optimized=True)) as session:
                yield lambda fails: session.run(fetch, {given: fails})


@dataclasses.dataclass(frozen=True)
class Vectorized(Action):
    """A draw in `tf.vectorized_map`."""

    draw: Draw
    elements: int
    times: int

    def play(self, side: Side) -> Iterator[Outcome]:
        function = tf.function(
            lambda: tf.vectorized_map(lambda _: self.draw.emit(side, 0), tf.range(self.elements)), autograph=False
        )
        for _ in range(self.times):
            yield Outcome("vectorized map", self.draw.promise(side), (function().numpy(),))


# --- Programs ---------------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Program:
    """Initializers and what is done with them; without a graph seed, none of the program has one."""

    graph_seed: int | None
    inits: tuple[Init, ...]
    actions: tuple[Action, ...]

    def play(self, family: Any, *, original: bool) -> Iterator[list[Outcome] | None]:
        """Plays the program from a reset state and yields the outcomes of each action, None where it is left out."""
        tf.random.set_seed(self.graph_seed)
        side = Side(family, self.graph_seed, original=original)
        side.initializers = [init.make(family) for init in self.inits]
        try:
            for action in self.actions:
                left_out = action.needs is not None and not getattr(side, action.needs)
                yield None if left_out else list(action.play(side))
        finally:
            side.close()
            tf.random.set_seed(None)
