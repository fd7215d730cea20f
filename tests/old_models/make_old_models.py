"""Model files of TensorFlow 1.15.5's Keras, and of later Keras 2, with what each model predicted.

Run under Python 3.7 with TensorFlow 1.15.5, numpy 1.18.5, protobuf<3.21 and h5py<3, or with any TensorFlow from 2.5 to
2.15 under its own Python:

    python make_old_models.py OUT_FOLDER

Writes for each model NAME.h5 (architecture, weights and, where the model is compiled, the optimizer), NAME.json
(`model.to_json()`), and for all of them `predictions.npz`: the inputs as "NAME/x0", "NAME/x1", ... and what the model
predicted in the process that wrote it as "NAME/y0", ...; of a compiled model also its weights after two more steps of
training, "NAME/after0", .... `versions.json` says what wrote them.
"""

import json
import os
import platform
import sys
import warnings

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402 - after the settings
import tensorflow as tf  # noqa: E402

V1 = tf.__version__.startswith("1.")
tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)
keras = tf.keras
L, I = keras.layers, keras.initializers  # noqa: E741, N806
K = keras.backend

MODELS = {}


def model(function):
    """Registers the maker of a model under its name."""
    MODELS[function.__name__] = function
    return function


# --- The models ------------------------------------------------------------------------------------------------------


@model
def dense():
    """Each initializer that Keras had, in a Sequential whose first layer holds the shape."""
    made = [
        I.VarianceScaling(2.0, "fan_in", "normal" if V1 else "truncated_normal", seed=1),
        I.VarianceScaling(1.0, "fan_avg", "uniform", seed=2),
        I.glorot_uniform(seed=3),
        I.glorot_normal(seed=4),
        I.he_normal(seed=5),
        I.lecun_uniform(seed=6),
        I.RandomNormal(0.0, 0.1, seed=7),
        I.TruncatedNormal(0.0, 0.1, seed=8),
        I.RandomUniform(-0.1, 0.1, seed=9),
        I.Orthogonal(0.5, seed=10),
        I.Identity(0.5),
        I.Constant(0.25),
        I.Ones(),
        I.Zeros(),
    ]
    layers = [L.Dense(4, input_shape=(4,), activation="relu", kernel_initializer=made[0], name="first")]
    for init in made[1:-1]:
        layers.append(L.Dense(4, activation="tanh", kernel_initializer=init, bias_initializer=made[-3]))
    layers.append(L.Dense(2, kernel_initializer=made[0], bias_initializer=made[-1]))
    return keras.Sequential(layers, name="dense_model")


@model
def regularized():
    """Regularizers, constraints, and layers that train nothing."""
    return keras.Sequential(
        [
            L.Dense(
                5,
                input_dim=3,
                kernel_regularizer=keras.regularizers.l2(0.01),
                bias_regularizer=keras.regularizers.l1(0.02),
                activity_regularizer=keras.regularizers.l1_l2(0.01, 0.02),
                kernel_constraint=keras.constraints.MaxNorm(2.0),
                bias_constraint=keras.constraints.NonNeg(),
            ),
            L.LeakyReLU(0.2),
            L.Dense(4, use_bias=False, trainable=False),
            L.PReLU(),
            L.ELU(0.5),
            L.ThresholdedReLU(0.01),
            L.ReLU(max_value=6.0, negative_slope=0.1, threshold=0.01),
            L.GaussianNoise(0.1),
            L.ActivityRegularization(0.1, 0.2),
            L.Dropout(0.5),
            L.Dense(3, activation="softmax"),
        ]
    )


@model
def convolution():
    """Convolutions, pooling and batch normalization."""
    return keras.Sequential(
        [
            L.ZeroPadding2D(1, input_shape=(8, 8, 3)),
            L.Conv2D(4, 3, strides=2, padding="same", use_bias=False, kernel_initializer="he_normal"),
            L.BatchNormalization(),
            L.Activation("relu"),
            L.SeparableConv2D(5, 3, padding="same", activation="relu"),
            L.DepthwiseConv2D(3, depth_multiplier=2, padding="same"),
            L.BatchNormalization(scale=False, momentum=0.9),
            L.MaxPooling2D(),
            L.UpSampling2D(2),
            L.Conv2DTranspose(3, 3),
            L.SpatialDropout2D(0.1),
            L.GlobalAveragePooling2D(),
            L.Reshape((3, 1)),
            L.Conv1D(2, 2, dilation_rate=2, padding="causal"),
            L.Flatten(),
            L.Dense(2, activation="sigmoid"),
        ]
    )


@model
def lstm():
    """LSTMs with the v1 defaults: `hard_sigmoid` gates."""
    return keras.Sequential(
        [
            L.Embedding(11, 4, input_length=6, mask_zero=True),
            L.LSTM(5, return_sequences=True, recurrent_activation="hard_sigmoid"),
            L.Bidirectional(L.LSTM(3, return_sequences=True), merge_mode="concat"),
            L.TimeDistributed(L.Dense(3, activation="hard_sigmoid")),
            L.LSTM(4, go_backwards=True, unit_forget_bias=False),
            L.Dense(2),
        ]
    )


@model
def gru():
    """GRUs of both kinds, and simple recurrence."""
    return keras.Sequential(
        [
            L.GRU(5, return_sequences=True, batch_input_shape=(None, 6, 3)),
            L.GRU(4, return_sequences=True, reset_after=not V1),
            L.SimpleRNN(4, return_sequences=True, dropout=0.1, recurrent_dropout=0.1),
            L.RNN([L.LSTMCell(3), L.GRUCell(3)]),
            L.Dense(2),
        ]
    )


@model
def two_inputs():
    """A graph of layers: a shared one, a nested model, merges."""
    a, b = L.Input((4,), name="a"), L.Input((4,), name="b")
    shared = L.Dense(4, activation="elu", name="shared")
    inner_in = L.Input((4,))
    inner_out = L.BatchNormalization()(L.Dense(4, name="inside")(inner_in))
    inner = keras.Model(inner_in, inner_out, name="inner")
    nested = keras.Sequential([L.Dense(4, input_shape=(4,), activation="selu"), L.Dense(3)], name="nested")
    left, right = shared(a), shared(b)
    both = L.concatenate([left, right])
    mixed = L.Add()([left, inner(right)])
    product = L.Multiply()([left, L.Subtract()([right, left])])
    dots = L.Dot(axes=1)([left, right])
    most, mean = L.maximum([left, right]), L.average([left, right])
    end = L.Concatenate(name="end")([both, mixed, product, dots, most, mean, nested(mixed)])
    return keras.Model([a, b], [L.Dense(3, name="one")(end), L.Dense(1, name="two")(nested(left))], name="pair")


@model
def encoder_decoder():
    """States handed from one recurrent layer to another, as translation models do."""
    source, target = L.Input((None, 3), name="source"), L.Input((None, 2), name="target")
    _, h, c = L.LSTM(4, return_state=True, name="encoder")(source)
    decoded, _, _ = L.LSTM(4, return_sequences=True, return_state=True, name="decoder")(target, initial_state=[h, c])
    gru = L.GRU(4, return_sequences=True)(decoded, initial_state=h)
    return keras.Model([source, target], L.Dense(2)(L.concatenate([gru, decoded])))


@model
def nesting():
    """Models in models, frozen ones, one that is the output itself, layers in wrappers, names with slashes."""
    inner = keras.Sequential([L.Dense(4, input_shape=(4,), name="scope/dense"), L.BatchNormalization()], name="inner")
    inner.trainable = False
    leaf_in = L.Input((4,))
    leaf = keras.Model(leaf_in, L.Dense(4)(inner(leaf_in)), name="leaf")
    steps = L.Input((5, 4), name="steps")
    each = L.TimeDistributed(leaf)(steps)
    one = L.GlobalMaxPooling1D(name="pool/max")(each)
    middle_in = L.Input((4,))
    middle = keras.Model(middle_in, leaf(L.BatchNormalization(trainable=False)(middle_in)), name="middle")
    twice = middle(middle(one))
    head = keras.Sequential([L.Dense(3), L.Dense(2, activation="hard_sigmoid")], name="head")
    return keras.Model(steps, head(twice), name="outer")


@model
def compiled():
    """A compiled optimizer, trained two steps, in the file."""
    net = keras.Sequential([L.Dense(6, activation="relu", input_shape=(4,)), L.Dense(3, activation="softmax")])
    net.compile(
        keras.optimizers.Adam(0.01, **({"decay": 1e-4} if V1 else {})), "categorical_crossentropy", metrics=["accuracy"]
    )
    return net


@model
def compiled_classes():
    """Loss and metrics as objects, and SGD with momentum."""
    net = keras.Sequential([L.Dense(6, activation="tanh", input_shape=(4,)), L.Dense(3)])
    net.compile(
        keras.optimizers.SGD(0.01, momentum=0.9, nesterov=True),
        keras.losses.CategoricalCrossentropy(from_logits=True),
        metrics=[keras.metrics.CategoricalAccuracy(name="acc"), "mse"],
    )
    return net


@model
def compiled_rms():
    """RMSprop, and losses by output."""
    a = L.Input((4,), name="a")
    net = keras.Model(a, [L.Dense(2, name="one")(a), L.Dense(1, name="two")(a)])
    net.compile(
        keras.optimizers.RMSprop(0.01, rho=0.8),
        {"one": "mse", "two": "mae"},
        metrics={"one": ["mae"]},
        loss_weights={"one": 0.7, "two": 0.3},
    )
    return net


# --- Writing ---------------------------------------------------------------------------------------------------------


def inputs(net, random):
    """Returns random inputs for a model."""
    made = []
    for tensor in net.inputs:
        shape = [3, *[size or 5 for size in tensor.shape.as_list()[1:]]]
        if net.layers and isinstance(net.layers[0], L.Embedding):
            made.append(random.randint(0, 11, [3, 6]).astype("float32"))
        else:
            made.append(random.normal(size=shape).astype("float32"))
    return made


def train(net, x, random):
    """Trains two steps, so that the optimizer has a state."""
    outputs = [random.uniform(size=[3, *tensor.shape.as_list()[1:]]).astype("float32") for tensor in net.outputs]
    for _ in range(2):
        net.train_on_batch(x, outputs if len(outputs) > 1 else outputs[0])


def main(folder):
    """Writes all files."""
    os.makedirs(folder, exist_ok=True)
    arrays = {}
    for number, (name, make) in enumerate(sorted(MODELS.items())):
        K.clear_session()
        tf.compat.v1.set_random_seed(number + 1)
        random = np.random.RandomState(number)
        net = make()
        # Weights that tell one mistake from another: no zeros, no ones.
        net.set_weights(
            [
                random.uniform(0.1, 0.6, w.shape).astype(w.dtype) * random.choice([-1, 1], w.shape)
                if "variance" not in v.name
                else random.uniform(0.5, 1.5, w.shape).astype(w.dtype)
                for w, v in zip(net.get_weights(), net.weights)
            ]
        )
        x = inputs(net, random)
        if name.startswith("compiled"):
            train(net, x, random)
        y = net.predict(x if len(x) > 1 else x[0])
        net.save(os.path.join(folder, name + ".h5"), save_format="h5")
        with open(os.path.join(folder, name + ".json"), "w") as file:
            file.write(net.to_json())
        if name.startswith("compiled"):
            train(net, x, np.random.RandomState(99))  # As a loaded model can go on.
            arrays.update({"{}/after{}".format(name, at): value for at, value in enumerate(net.get_weights())})
        arrays.update({"{}/x{}".format(name, at): value for at, value in enumerate(x)})
        arrays.update({"{}/y{}".format(name, at): value for at, value in enumerate(y if isinstance(y, list) else [y])})
    np.savez_compressed(os.path.join(folder, "predictions.npz"), **arrays)
    versions = {
        "tensorflow": tf.__version__,
        "keras": getattr(keras, "__version__", "of this TensorFlow"),
        "numpy": np.__version__,
        "python": platform.python_version(),
    }
    with open(os.path.join(folder, "versions.json"), "w") as file:
        file.write(json.dumps(versions, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
