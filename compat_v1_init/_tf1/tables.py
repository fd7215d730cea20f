"""What TensorFlow 1 had under `tf` and `tf.compat.v1` has not: where it is now, or what took its place."""

from __future__ import annotations

from typing import Any

_V1 = "tensorflow.compat.v1"
_CONTRIB = "tensorflow.contrib"

VALUES: dict[str, Any] = {
    # Programs decide by it which names they use.
    "tensorflow.__version__": "1.15.5",
    "tensorflow.VERSION": "1.15.5",
}
"""Names that have a value of their own."""

PLACES: dict[str, tuple[str, ...]] = {
    "tensorflow.python": ("tensorflow.python",),
    f"{_CONTRIB}.framework": ("tf_slim",),
    f"{_CONTRIB}.framework.python.ops": ("tf_slim.ops", "tf_slim"),
    f"{_CONTRIB}.keras": (f"{_V1}:keras",),
    f"{_CONTRIB}.layers": ("compat_v1_init.contrib", "tf_slim.layers"),
    f"{_CONTRIB}.layers.python.layers": ("compat_v1_init.contrib", "tf_slim.layers"),
    f"{_CONTRIB}.layers.python.layers.initializers": ("compat_v1_init.contrib",),
    f"{_CONTRIB}.losses": ("tf_slim.losses",),
    f"{_CONTRIB}.metrics": ("tf_slim.metrics",),
    f"{_CONTRIB}.slim": ("tf_slim",),
    f"{_CONTRIB}.slim.python.slim": ("tf_slim",),
    f"{_CONTRIB}.training": ("tf_slim.training",),
}
"""Modules, each with the modules that hold its names now."""


def _aliases(module: str, place: str, names: str) -> dict[str, str]:
    return {f"{module}.{name}": f"{_V1}:{place}{name}" for name in names.split()}


_CELLS = (
    "BasicLSTMCell BasicRNNCell DeviceWrapper DropoutWrapper GRUCell LSTMCell LSTMStateTuple MultiRNNCell RNNCell "
    "ResidualWrapper"
)

TARGETS: dict[str, str] = {
    "tensorflow.compat": "tensorflow.compat",
    "tensorflow.core": "tensorflow.core",
    "tensorflow.examples.tutorials.mnist.input_data": "compat_v1_init._tf1.mnist",
    "tensorflow.tools": "tensorflow.tools",
    "tensorflow.python.pywrap_tensorflow.NewCheckpointReader": f"{_V1}:train.NewCheckpointReader",
    **_aliases("tensorflow.python.ops.rnn_cell", "nn.rnn_cell.", _CELLS),
    **_aliases("tensorflow.python.ops.rnn_cell_impl", "nn.rnn_cell.", _CELLS),
    **_aliases(f"{_CONTRIB}.rnn", "nn.rnn_cell.", _CELLS),
    **_aliases(f"{_CONTRIB}.rnn", "nn.", "static_bidirectional_rnn static_rnn static_state_saving_rnn"),
    **_aliases(f"{_CONTRIB}.rnn.python.ops.rnn_cell", "nn.rnn_cell.", _CELLS),
    **_aliases(f"{_CONTRIB}.rnn.python.ops.core_rnn_cell", "nn.rnn_cell.", _CELLS),
    f"{_CONTRIB}.framework.nest": f"{_V1}:nest",
    f"{_CONTRIB}.framework.python.ops.variables": "tf_slim.ops.variables",
    **_aliases(
        f"{_CONTRIB}.framework",
        "train.",
        "assert_global_step create_global_step get_global_step get_or_create_global_step init_from_checkpoint "
        "list_variables load_checkpoint load_variable",
    ),
    **_aliases(
        f"{_CONTRIB}.framework",
        "",
        "CriticalSection TensorSpec argsort assert_same_float_dtype assert_scalar convert_to_tensor_or_sparse_tensor "
        "is_tensor sort",
    ),
    f"{_CONTRIB}.layers.python.layers.layers": "tf_slim.layers.layers",
    f"{_CONTRIB}.layers.safe_embedding_lookup_sparse": f"{_V1}:nn.safe_embedding_lookup_sparse",
    f"{_CONTRIB}.training.HParams": "compat_v1_init._tf1.hparams:HParams",
    f"{_CONTRIB}.training.python.training.hparam.HParams": "compat_v1_init._tf1.hparams:HParams",
    f"{_CONTRIB}.training.bucket_by_sequence_length": f"{_V1}:data.experimental.bucket_by_sequence_length",
    f"{_CONTRIB}.training.checkpoints_iterator": f"{_V1}:train.checkpoints_iterator",
    f"{_CONTRIB}.learn.datasets.mnist": "compat_v1_init._tf1.mnist",
    f"{_CONTRIB}.learn.python.learn.datasets.mnist": "compat_v1_init._tf1.mnist",
    **_aliases(f"{_CONTRIB}.learn", "estimator.", "RunConfig ModeKeys Estimator"),
    **_aliases(
        f"{_CONTRIB}.data",
        "data.experimental.",
        "AUTOTUNE Counter CsvDataset Optional RandomDataset SqlDataset TFRecordWriter bucket_by_sequence_length "
        "choose_from_datasets copy_to_device dense_to_sparse_batch enumerate_dataset get_next_as_optional "
        "get_single_element group_by_reducer group_by_window ignore_errors make_batched_features_dataset "
        "make_csv_dataset make_saveable_from_iterator map_and_batch parallel_interleave parse_example_dataset "
        "prefetch_to_device rejection_resample sample_from_datasets scan shuffle_and_repeat unbatch unique",
    ),
    f"{_CONTRIB}.data.batch_and_drop_remainder": "compat_v1_init._tf1.data:batch_and_drop_remainder",
    **_aliases(
        f"{_CONTRIB}.distributions",
        "distributions.",
        "Bernoulli Beta Categorical Dirichlet DirichletMultinomial Distribution Exponential FULLY_REPARAMETERIZED "
        "Gamma Laplace Multinomial NOT_REPARAMETERIZED Normal RegisterKL ReparameterizationType StudentT Uniform "
        "kl_divergence",
    ),
    **_aliases(
        f"{_CONTRIB}.eager",
        "",
        "GradientTape TensorSpec Variable custom_gradient enable_eager_execution executing_eagerly function "
        "make_template",
    ),
    f"{_CONTRIB}.eager.Checkpoint": f"{_V1}:train.Checkpoint",
    f"{_CONTRIB}.eager.Saver": f"{_V1}:train.Saver",
    f"{_CONTRIB}.eager.defun": f"{_V1}:function",
    f"{_CONTRIB}.eager.py_func": f"{_V1}:py_function",
    **_aliases(f"{_CONTRIB}.metrics", "sets.", "set_difference set_intersection set_size set_union"),
    **_aliases(f"{_CONTRIB}.util", "", "make_ndarray make_tensor_proto"),
    f"{_CONTRIB}.util.constant_value": f"{_V1}:get_static_value",
    **_aliases(
        f"{_CONTRIB}.cluster_resolver",
        "distribute.cluster_resolver.",
        "ClusterResolver GCEClusterResolver KubernetesClusterResolver SimpleClusterResolver SlurmClusterResolver "
        "TFConfigClusterResolver TPUClusterResolver UnionClusterResolver",
    ),
    f"{_CONTRIB}.cluster_resolver.UnionClusterResolver": f"{_V1}:distribute.cluster_resolver.UnionResolver",
    **_aliases(
        f"{_CONTRIB}.distribute",
        "distribute.",
        "CrossDeviceOps MirroredStrategy OneDeviceStrategy ReplicaContext get_loss_reduction get_replica_context "
        "get_strategy has_strategy in_cross_replica_context",
    ),
    **_aliases(f"{_CONTRIB}.distribute", "distribute.experimental.", "ParameterServerStrategy TPUStrategy"),
    **_aliases(
        f"{_CONTRIB}.tpu",
        "tpu.",
        "CrossShardOptimizer batch_parallel bfloat16_scope core cross_replica_sum initialize_system "
        "outside_compilation replicate rewrite shard shutdown_system",
    ),
    **_aliases(
        f"{_CONTRIB}.tpu",
        "estimator.tpu.",
        "InputPipelineConfig RunConfig TPUConfig TPUEstimator TPUEstimatorSpec",
    ),
    **_aliases(
        f"{_CONTRIB}.feature_column",
        "feature_column.",
        "sequence_categorical_column_with_hash_bucket sequence_categorical_column_with_identity "
        "sequence_categorical_column_with_vocabulary_file sequence_categorical_column_with_vocabulary_list "
        "sequence_numeric_column",
    ),
    **_aliases(f"{_CONTRIB}.lookup", "lookup.", "KeyValueTensorInitializer TextFileIndex TextFileInitializer"),
    f"{_CONTRIB}.lookup.HashTable": f"{_V1}:lookup.StaticHashTable",
    f"{_CONTRIB}.lookup.MutableHashTable": f"{_V1}:lookup.experimental.MutableHashTable",
    f"{_CONTRIB}.lookup.index_table_from_file": "tensorflow.python.ops.lookup_ops:index_table_from_file",
    f"{_CONTRIB}.lookup.index_table_from_tensor": "tensorflow.python.ops.lookup_ops:index_table_from_tensor",
    f"{_CONTRIB}.lookup.index_to_string_table_from_file": (
        "tensorflow.python.ops.lookup_ops:index_to_string_table_from_file"
    ),
    f"{_CONTRIB}.lookup.index_to_string_table_from_tensor": (
        "tensorflow.python.ops.lookup_ops:index_to_string_table_from_tensor"
    ),
    f"{_CONTRIB}.compiler.jit.experimental_jit_scope": f"{_V1}:xla.experimental.jit_scope",
    f"{_CONTRIB}.compiler.xla.compile": f"{_V1}:xla.experimental.compile",
    f"{_CONTRIB}.factorization.KMeans": "compat_v1_init._tf1.factorization:KMeans",
    **{
        f"{_CONTRIB}.factorization.{name}": f"tensorflow.python.ops.clustering_ops:{name}"
        for name in ("COSINE_DISTANCE", "KMEANS_PLUS_PLUS_INIT", "RANDOM_INIT", "SQUARED_EUCLIDEAN_DISTANCE")
    },
    **{
        f"{_CONTRIB}.learn.{place}.{name}": f"compat_v1_init._tf1.vocabulary:{name}"
        for place in ("preprocessing", "python.learn.preprocessing", "python.learn.preprocessing.text")
        for name in ("CategoricalVocabulary", "VocabularyProcessor", "tokenizer")
    },
    f"{_CONTRIB}.legacy_seq2seq.rnn_decoder": "compat_v1_init._tf1.seq2seq:rnn_decoder",
    f"{_CONTRIB}.legacy_seq2seq.sequence_loss": "compat_v1_init._tf1.seq2seq:legacy_sequence_loss",
    f"{_CONTRIB}.legacy_seq2seq.sequence_loss_by_example": "compat_v1_init._tf1.seq2seq:sequence_loss_by_example",
    f"{_CONTRIB}.seq2seq.sequence_loss": "compat_v1_init._tf1.seq2seq:sequence_loss",
    f"{_CONTRIB}.staging.StagingArea": "tensorflow.python.ops.data_flow_ops:StagingArea",
    f"{_CONTRIB}.stateless.stateless_multinomial": f"{_V1}:random.stateless_multinomial",
    f"{_CONTRIB}.stateless.stateless_truncated_normal": f"{_V1}:random.stateless_truncated_normal",
    f"{_CONTRIB}.stateless.stateless_random_normal": f"{_V1}:random.stateless_normal",
    f"{_CONTRIB}.stateless.stateless_random_uniform": f"{_V1}:random.stateless_uniform",
    f"{_CONTRIB}.tensorboard.plugins.projector": "tensorboard.plugins.projector",
    f"{_CONTRIB}.nn.conv1d_transpose": f"{_V1}:nn.conv1d_transpose",
}
"""Names, each with the module and, behind a colon, the attribute that it is now."""

_ADDONS = "tensorflow_addons, which is no longer maintained,"
_PROBABILITY = "the package tensorflow_probability"

# For each place the modules of contrib whose names are there, or are not had in any other way.
_BY_PLACE = {
    _ADDONS: "crf image legacy_seq2seq opt rnn seq2seq",
    _PROBABILITY: "bayesflow distributions",
    "tf.feature_column": "feature_column layers",
    "tf_slim": "framework losses metrics slim",
    "tf.estimator": "estimator learn tpu",
    "tf.data": "data input_pipeline",
    "tf.distribute": "cluster_resolver distribute",
    "tf.keras.layers.LSTM": "cudnn_rnn",
    "tf.lookup": "lookup",
    "tf.saved_model": "predictor saved_model",
    "tf.summary": "summary",
    "tf.random": "stateless",
    "tf.signal": "signal",
    "tf.compat.v1 with enable_eager_execution()": "eager",
    "tf.xla": "compiler",
    "tf.mixed_precision": "mixed_precision",
    "tf.train.Checkpoint": "checkpoint",
    "the package tensorflow_model_optimization": "model_pruning quantize",
    "the package tensorflow_decision_forests": "boosted_trees tensor_forest",
    "the package tensorboard": "tensorboard",
    "": "autograph batching cloud constrained_optimization copy_graph deprecated factorization graph_editor grid_rnn "
    "hadoop integrate kafka keras kernel_methods labeled_tensor linear_optimizer memory_stats nccl nn "
    "periodic_resample proto quantization receptive_field recurrent reduce_slice_ops remote_fused_graph resampler rpc "
    "solvers sparsemax specs staging stat_summarizer tensorrt testing text tfprof timeseries training util",
}

BECAME: dict[str, str] = {
    "tensorflow.config.experimental_list_devices": "tf.config.list_logical_devices",
    "tensorflow.data.experimental.CheckpointInputPipelineHook": "",
    "tensorflow.data.experimental.MapVectorizationOptions": "",
    "tensorflow.data.experimental.StatsAggregator": "tf.profiler",
    "tensorflow.data.experimental.StatsOptions": "tf.profiler",
    "tensorflow.data.experimental.bytes_produced_stats": "tf.profiler",
    "tensorflow.data.experimental.latency_stats": "tf.profiler",
    "tensorflow.tpu.experimental.AdagradParameters": "tf.compat.v2.tpu.experimental.embedding.Adagrad",
    "tensorflow.tpu.experimental.AdamParameters": "tf.compat.v2.tpu.experimental.embedding.Adam",
    "tensorflow.tpu.experimental.StochasticGradientDescentParameters": "tf.compat.v2.tpu.experimental.embedding.SGD",
    "tensorflow.raw_ops.CompareAndBitpack": "",
    "tensorflow.examples": "",
    _CONTRIB: "",
    **{f"{_CONTRIB}.{module}": became for became, modules in _BY_PLACE.items() for module in modules.split()},
    f"{_CONTRIB}.factorization.KMeansClustering": "tf.estimator.experimental.KMeans",
    f"{_CONTRIB}.learn.datasets": "tf.keras.datasets",
    f"{_CONTRIB}.rnn.LSTMBlockCell": "tf.nn.rnn_cell.LSTMCell",
    f"{_CONTRIB}.rnn.LSTMBlockFusedCell": "tf.nn.rnn_cell.LSTMCell",
    f"{_CONTRIB}.rnn.GRUBlockCell": "tf.nn.rnn_cell.GRUCell",
    f"{_CONTRIB}.rnn.GRUBlockCellV2": "tf.nn.rnn_cell.GRUCell",
    f"{_CONTRIB}.rnn.stack_bidirectional_dynamic_rnn": "tf.nn.bidirectional_dynamic_rnn, called for each layer,",
}
"""Names that cannot be had, and what took their place; empty where nothing did. It holds for all names below, too."""
