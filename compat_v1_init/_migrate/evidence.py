"""Whether a file is written for TensorFlow 1 or 2, for the names that both have with different numbers."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .findings import CannotAnalyze
from .names import Names
from .tree import Tree

# What `tf.compat.v1` has and `tf` has not, in TensorFlow 2.16, with `contrib`, which is in neither.
_ONLY_TF1 = """
AUTO_REUSE AttrValue COMPILER_VERSION ConditionalAccumulator ConditionalAccumulatorBase ConfigProto Dimension
Event FIFOQueue FixedLenFeature FixedLenSequenceFeature FixedLengthRecordReader GIT_VERSION GPUOptions GraphDef
GraphKeys GraphOptions HistogramProto IdentityReader InteractiveSession LMDBReader LogMessage MONOLITHIC_BUILD
MetaGraphDef NameAttrList NoGradient NodeDef NotDifferentiable OpError OptimizerOptions PaddingFIFOQueue Print
PriorityQueue QUANTIZED_DTYPES QueueBase RandomShuffleQueue ReaderBase RunMetadata RunOptions Session SessionLog
SparseConditionalAccumulator SparseFeature SparseTensorValue Summary SummaryMetadata TFRecordReader TensorInfo
TextLineReader VERSION VarLenFeature VariableScope WholeFileReader accumulate_n add_check_numerics_ops
add_to_collection add_to_collections all_variables angle app arg_max arg_min assert_greater_equal assert_integer
assert_less_equal assert_near assert_negative assert_non_negative assert_non_positive assert_none_equal
assert_positive assert_proper_iterable assert_rank_at_least assert_rank_in assert_same_float_dtype assert_scalar
assert_type assert_variables_initialized assign assign_add assign_sub batch_gather batch_scatter_update
batch_to_space_nd betainc bincount ceil check_numerics cholesky cholesky_solve clip_by_average_norm
colocate_with confusion_matrix conj container contrib control_flow_v2_enabled
convert_to_tensor_or_indexed_slices convert_to_tensor_or_sparse_tensor count_nonzero count_up_to
create_partitioned_variables cross cumprod decode_base64 decode_compressed decode_csv decode_json_example
decode_raw delete_session_tensor depth_to_space dequantize deserialize_many_sparse diag diag_part digamma
disable_v2_behavior enable_eager_execution enable_v2_behavior dimension_at_index dimension_value
disable_control_flow_v2 disable_resource_variables disable_tensor_equality distributions div div_no_nan
enable_control_flow_v2 enable_resource_variables enable_tensor_equality encode_base64 erf erfc
executing_eagerly_outside_functions expm1 extract_image_patches fft fft2d fft3d fixed_size_partitioner flags
floor_div floordiv floormod get_collection get_collection_ref get_default_graph get_default_session
get_local_variable get_seed get_session_handle get_session_tensor get_variable get_variable_scope gfile
global_norm global_variables global_variables_initializer glorot_normal_initializer glorot_uniform_initializer
ifft ifft2d ifft3d igamma igammac imag initialize_all_tables initialize_all_variables initialize_local_variables
initialize_variables invert_permutation is_finite is_inf is_nan is_non_decreasing is_numeric_tensor
is_strictly_increasing is_variable_initialized layers lbeta lgamma lin_space load_file_system_library
local_variables local_variables_initializer log log1p log_sigmoid logging logical_xor losses make_template manip
matching_files matrix_band_part matrix_determinant matrix_diag matrix_diag_part matrix_inverse matrix_set_diag
matrix_solve matrix_solve_ls matrix_transpose matrix_triangular_solve min_max_variable_partitioner mod
model_variables moving_average_variables multinomial no_regularizer op_scope orthogonal_initializer
parse_example parse_single_example parse_single_sequence_example parse_tensor placeholder
placeholder_with_default polygamma py_func python_io qr quantize quantize_v2 random_crop random_gamma
random_normal random_poisson random_shuffle random_uniform read_file real reciprocal reduce_join regex_replace
report_uninitialized_variables reset_default_graph resource_loader resource_variables_enabled reverse_v2 rint
rsqrt scatter_add scatter_div scatter_max scatter_min scatter_mul scatter_nd_add scatter_nd_sub
scatter_nd_update scatter_sub scatter_update segment_max segment_mean segment_min segment_prod segment_sum
self_adjoint_eig self_adjoint_eigvals serialize_many_sparse serialize_sparse serialize_tensor set_random_seed
setdiff1d space_to_depth sparse_add sparse_concat sparse_fill_empty_rows sparse_mask sparse_matmul
sparse_maximum sparse_merge sparse_minimum sparse_placeholder sparse_reduce_max sparse_reduce_max_sparse
sparse_reduce_sum sparse_reduce_sum_sparse sparse_reorder sparse_reset_shape sparse_reshape sparse_retain
sparse_segment_mean sparse_segment_sqrt_n sparse_segment_sum sparse_slice sparse_softmax sparse_split
sparse_tensor_dense_matmul sparse_tensor_to_dense sparse_to_dense sparse_to_indicator sparse_transpose spectral
squared_difference string_join string_split string_strip string_to_hash_bucket string_to_hash_bucket_fast
string_to_hash_bucket_strong string_to_number substr svd tables_initializer tensor_scatter_add
tensor_scatter_sub tensor_scatter_update to_bfloat16 to_complex128 to_complex64 to_double to_float to_int32
to_int64 trace trainable_variables truncated_normal truncated_normal_initializer
uniform_unit_scaling_initializer unsorted_segment_max unsorted_segment_mean unsorted_segment_min
unsorted_segment_prod unsorted_segment_sqrt_n unsorted_segment_sum user_ops variable_axis_size_partitioner
variable_op_scope variable_scope variables_initializer variance_scaling_initializer verify_tensor_all_finite
wrap_function write_file zeta
"""
_ONLY_TF1_INSIDE = {
    "train": """
        AdadeltaOptimizer AdagradDAOptimizer AdagradOptimizer AdamOptimizer CheckpointSaverHook CheckpointSaverListener
        ChiefSessionCreator FeedFnHook FinalOpsHook FtrlOptimizer GlobalStepWaiterHook GradientDescentOptimizer
        LoggingTensorHook LooperThread MomentumOptimizer MonitoredSession MonitoredTrainingSession
        NanLossDuringTrainingError NanTensorHook NewCheckpointReader Optimizer ProfilerHook ProximalAdagradOptimizer
        ProximalGradientDescentOptimizer QueueRunner RMSPropOptimizer Saver SaverDef Scaffold SecondOrStepTimer Server
        SessionCreator SessionManager SessionRunArgs SessionRunContext SessionRunHook SessionRunValues
        SingularMonitoredSession StepCounterHook StopAtStepHook SummarySaverHook Supervisor SyncReplicasOptimizer
        VocabInfo WorkerSessionCreator add_queue_runner assert_global_step basic_train_loop batch batch_join
        checkpoint_exists cosine_decay cosine_decay_restarts create_global_step do_quantize_training_on_graphdef
        exponential_decay export_meta_graph generate_checkpoint_state_proto get_checkpoint_mtimes get_global_step
        get_or_create_global_step global_step import_meta_graph init_from_checkpoint input_producer inverse_time_decay
        limit_epochs linear_cosine_decay match_filenames_once maybe_batch maybe_batch_join maybe_shuffle_batch
        maybe_shuffle_batch_join natural_exp_decay noisy_linear_cosine_decay piecewise_constant piecewise_constant_decay
        polynomial_decay queue_runner range_input_producer remove_checkpoint replica_device_setter sdca_fprint
        sdca_optimizer sdca_shrink_l1 shuffle_batch shuffle_batch_join slice_input_producer start_queue_runners
        string_input_producer summary_iterator update_checkpoint_state warm_start write_graph
    """,
    "nn": """
        bidirectional_dynamic_rnn conv2d_backprop_filter conv2d_backprop_input conv3d_backprop_filter
        depthwise_conv2d_native depthwise_conv2d_native_backprop_filter depthwise_conv2d_native_backprop_input
        dynamic_rnn fused_batch_norm log_uniform_candidate_sampler quantized_avg_pool quantized_conv2d
        quantized_max_pool quantized_relu_x raw_rnn relu_layer rnn_cell softmax_cross_entropy_with_logits_v2
        static_bidirectional_rnn static_rnn static_state_saving_rnn uniform_candidate_sampler xw_plus_b
    """,
    "summary": """
        Event FileWriter FileWriterCache SessionLog Summary SummaryDescription TaggedRunMetadata all_v2_summary_ops
        get_summary_description initialize merge merge_all tensor_summary
    """,
    "metrics": """
        accuracy auc average_precision_at_k false_negatives false_negatives_at_thresholds false_positives
        false_positives_at_thresholds mean mean_absolute_error mean_cosine_distance mean_iou mean_per_class_accuracy
        mean_relative_error mean_squared_error mean_tensor percentage_below precision precision_at_k
        precision_at_thresholds precision_at_top_k recall recall_at_k recall_at_thresholds recall_at_top_k
        root_mean_squared_error sensitivity_at_specificity sparse_average_precision_at_k sparse_precision_at_k
        specificity_at_sensitivity true_negatives true_negatives_at_thresholds true_positives
        true_positives_at_thresholds
    """,
    "data": """
        get_output_classes get_output_shapes get_output_types make_initializable_iterator make_one_shot_iterator
    """,
    "image": """
        extract_image_patches resize_area resize_bicubic resize_bilinear resize_image_with_crop_or_pad
        resize_image_with_pad resize_images resize_nearest_neighbor transpose_image
    """,
    "random": """
        get_seed multinomial set_random_seed stateless_multinomial
    """,
}
_TOP = frozenset(_ONLY_TF1.split())
_INSIDE = {module: frozenset(names.split()) for module, names in _ONLY_TF1_INSIDE.items()}
_ONLY_TF2 = frozenset({"GradientTape", "Module", "function", "optimizers"})
_REQUIRED = re.compile(rb"\btensorflow(?:[-_](?:gpu|cpu))?\s*(==|~=|>=|>|<=|<)\s*([12])\b")
# What makes a neighbour worth parsing.
_TELLING = re.compile(
    rb"\btf\.(?:placeholder|Session|get_variable|variable_scope|layers|contrib|app|train|GradientTape|function)\b"
)
_MOST_FILES = 50
_LARGEST = 300_000


@dataclass(frozen=True)
class Project:
    """Where a file is, for its neighbours to tell what it does not."""

    path: Path | None = None
    root: Path | None = None

    def is_tf1(self) -> bool | None:
        """Returns what the nearest folder with any evidence says, from the file's own up to the root's."""
        if self.path is None:
            return None
        folder = self.path.resolve().parent
        top = self.root.resolve() if self.root is not None else folder
        folders = [folder, *folder.parents]
        for each in folders[: folders.index(top) + 1] if top in folders else [folder]:
            found = _is_tf1_folder(str(each))
            if found is not None:
                return found
        return None


@lru_cache(maxsize=4096)
def _is_tf1_folder(folder: str) -> bool | None:
    """Returns what the programs of a folder, or else its requirements, say with one voice."""
    programs: set[bool | None] = set()
    required: set[bool] = set()
    try:
        files = [*Path(folder).glob("*.py"), *Path(folder).glob("requirements*.txt")]
        for file in sorted(files)[:_MOST_FILES]:
            if not file.is_file() or file.stat().st_size > _LARGEST:
                continue
            text = file.read_bytes()
            required |= {match.group(1) == b"<" or match.group(2) == b"1" for match in _REQUIRED.finditer(text)}
            if file.suffix == ".py" and _TELLING.search(text):
                programs.add(_is_tf1_program(text.decode("utf-8-sig", "replace")))
    except OSError:
        return None
    for voices in (programs - {None}, required):
        if voices:
            return voices.pop() if len(voices) == 1 else None
    return None


def _is_tf1_program(source: str) -> bool | None:
    try:
        tree = Tree(source)
    except CannotAnalyze:
        return None
    return _own_evidence(tree, Names(tree))[0]


def is_tf1(tree: Tree, names: Names, project: Project | None = None) -> bool | None:
    """Returns True for TensorFlow 1, False for 2, and None where neither the file nor its project tells.

    What TensorFlow 2 does not have decides, then what 1 does not have or use, then the other files of the folder. A
    file without any of these that uses `tf.keras` has Keras' initializers by other names.

    Example:
    >>> from compat_v1_init._migrate.names import Names
    >>> from compat_v1_init._migrate.tree import Tree
    >>> tree = Tree("import tensorflow as tf; x = tf.placeholder(tf.float32)")
    >>> is_tf1(tree, Names(tree))
    True
    """
    told, keras = _own_evidence(tree, names)
    if told is None and project is not None:
        told = project.is_tf1()
    return told if told is not None or not keras else False


def _own_evidence(tree: Tree, names: Names) -> tuple[bool | None, bool]:
    """Returns what a file's own use of the API says, and whether it uses Keras."""
    newer = keras = False
    for node in tree.nodes:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tensorflow.contrib"):
            return True, keras
        if not isinstance(node, ast.Attribute):
            continue
        for name in names.meaning(node).names:
            first, *parts = name.split(".")
            if first != "tensorflow" or not parts:
                continue
            if parts[0] in _TOP or (len(parts) > 1 and parts[1] in _INSIDE.get(parts[0], ())):
                return True, keras
            newer = newer or parts[0] in _ONLY_TF2
            keras = keras or parts[0] == "keras"
    return (False if newer else None), keras
