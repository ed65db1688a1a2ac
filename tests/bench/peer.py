"""What the Python programs share: arguments, numbers, data, and the line they print."""

import gzip
import os
import re
import sys

if len(sys.argv) != 4:
    sys.exit("usage: " + sys.argv[0] + " WORKLOAD f64|f32 THREADS")
WORKLOAD, DTYPE, THREADS = sys.argv[1], sys.argv[2], int(sys.argv[3])
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):  # read when NumPy is loaded
    os.environ[name] = str(THREADS)

try:
    import numpy as np
except ImportError:
    sys.exit(3)

REAL = np.float32 if DTYPE == "f32" else np.float64
SAMPLES, MATRIX, ELEMENTS, WEIGHTS = 7, 9, 11, 100  # streams of urand; layer l has WEIGHTS + l
WARM_UP = 5  # steps

# name: sizes, activation, loss, batch (0: all rows), rate, steps or epochs, folder of images
NETS = {
    "W3": ((30, 10, 1), "sigmoid", "logistic", 0, 1.0, 1000, None),
    "W4": ((784, 50, 10), "sigmoid", "cross entropy", 100, 0.1, 2000, "BENCH_MNIST"),
    "W5": ((784, 100, 10), "sigmoid", "cross entropy", 0, 0.5, 5, "BENCH_FASHION"),
    "W6": ((784, 392, 196, 10), "sigmoid", "squares", 10, 3.0, 2000, "BENCH_MNIST"),
    "W7": ((784, 1024, 1024, 10), "relu", "cross entropy", 128, 1e-3, 100, "BENCH_MNIST"),
    "W8": (None, None, "cross entropy", 64, 0.01, 50, "BENCH_MNIST"),
}


def urand(stream, count):
    """The first numbers of a stream, uniform in [0, 1): SplitMix64."""
    z = (np.uint64(stream << 32) + np.arange(1, count + 1, dtype=np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ z >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ z >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return ((z ^ z >> np.uint64(31)) >> np.uint64(11)) * 2.0**-53


def weights(layer, inputs, outputs, relu):
    bound = (6 / (inputs if relu else inputs + outputs)) ** 0.5
    return ((2 * urand(WEIGHTS + layer, inputs * outputs) - 1) * bound).reshape(inputs, outputs).astype(REAL)


def samples(steps, batch, rows):
    return (urand(SAMPLES, steps * batch) * rows).astype(np.int64).reshape(steps, batch)


def idx(folder, file):
    path = os.environ[folder] + "/" + file
    opener = open if os.path.exists(path) else gzip.open
    with opener(path if opener is open else path + ".gz", "rb") as f:
        data = f.read()
    axes = data[3]
    sizes = np.frombuffer(data, ">u4", axes, 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * axes).reshape(sizes[0], -1)


def images(folder):
    x = idx(folder, "train-images-idx3-ubyte").astype(REAL) / REAL(255)
    return x, idx(folder, "train-labels-idx1-ubyte").ravel().astype(np.int64)


def cancer():
    numbers = np.fromfile(os.environ["BENCH_CANCER"])
    rows = len(numbers) // 31
    return numbers[: 30 * rows].reshape(rows, 30).astype(REAL), numbers[30 * rows :].astype(REAL)


def report(seconds, loss):
    with open("/proc/self/status") as f:
        kilobytes = int(re.search(r"VmHWM:\s*(\d+)", f.read())[1])
    print("%.9g %.12g %.1f" % (seconds, loss, kilobytes / 1024))
    sys.exit(0)
