"""The workloads of README.md in NumPy, written as courses write them: numpy_peer.py WORKLOAD f64|f32 THREADS"""

import sys
from time import perf_counter

from peer import ELEMENTS, MATRIX, NETS, REAL, WARM_UP, WORKLOAD
from peer import cancer, idx, images, np, os, report, samples, urand, weights


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def neuron(epochs):
    x, y = cancer()
    w, b, loss = np.zeros(30, REAL), REAL(0), 0.0
    start = perf_counter()
    for _ in range(epochs):
        loss = 0.0
        for xi, yi in zip(x, y):
            p = sigmoid(np.dot(w, xi) + b)
            loss -= np.log(p if yi else 1 - p)
            step = REAL(0.01) * (p - yi)
            w = w - step * xi
            b = b - step
    report((perf_counter() - start) / epochs, loss / len(x))


class Net:
    def __init__(self, sizes, activation, loss, rate, adam):
        pairs = list(zip(sizes, sizes[1:]))
        self.w = [weights(layer, k, n, activation == "relu") for layer, (k, n) in enumerate(pairs)]
        self.b = [np.zeros(n, REAL) for _, n in pairs]
        self.relu, self.loss, self.rate, self.adam, self.steps = activation == "relu", loss, rate, adam, 0
        self.mean = [np.zeros_like(p) for p in self.w + self.b]
        self.square = [np.zeros_like(p) for p in self.w + self.b]

    def forward(self, x):
        a = [x]
        for w, b in zip(self.w[:-1], self.b[:-1]):
            z = np.dot(a[-1], w) + b
            a.append(np.maximum(z, 0) if self.relu else sigmoid(z))
        z = np.dot(a[-1], self.w[-1]) + self.b[-1]
        a.append(softmax(z) if self.loss == "cross entropy" else sigmoid(z))
        return a

    def loss_of(self, p, t):
        if self.loss == "cross entropy":
            return -np.sum(t * np.log(p)) / len(t)
        if self.loss == "logistic":
            return -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))
        return np.sum((p - t) ** 2) / 2 / len(t)

    def gradients(self, a, t):
        d = (a[-1] - t) / REAL(len(t))
        if self.loss == "squares":
            d = d * a[-1] * (1 - a[-1])
        dw, db = [], []
        for layer in reversed(range(len(self.w))):
            dw.insert(0, np.dot(a[layer].T, d))
            db.insert(0, d.sum(axis=0))
            if layer:
                d = np.dot(d, self.w[layer].T) * (a[layer] > 0 if self.relu else a[layer] * (1 - a[layer]))
        return dw, db

    def update(self, gradients):
        self.steps += 1
        first, second = 1 - 0.9**self.steps, 1 - 0.999**self.steps
        for p, g, m, v in zip(self.w + self.b, gradients, self.mean, self.square):
            if not self.adam:
                p -= self.rate * g
                continue
            m += 0.1 * (g - m)
            v += 0.001 * (g * g - v)
            p -= self.rate * (m / first) / (np.sqrt(v / second) + 1e-8)

    def step(self, x, t):
        a = self.forward(x)
        dw, db = self.gradients(a, t)
        loss = self.loss_of(a[-1], t)
        self.update(dw + db)
        return loss


def train(name):
    sizes, activation, loss, batch, rate, count, folder = NETS[name]
    x, y = images(folder) if folder else cancer()
    t = np.eye(10, dtype=REAL)[y] if folder else y.reshape(-1, 1)
    rows = samples(count, batch, len(x)) if batch else None
    for turns in (WARM_UP if batch else 1, count):
        net, total = Net(sizes, activation, loss, rate, name == "W7"), 0.0
        start = perf_counter()
        for i in range(turns):
            total += net.step(x[rows[i]], t[rows[i]]) if batch else net.step(x, t)
    report((perf_counter() - start) / count, total / count)


def linalg(op, n):
    a = (urand(MATRIX, n * n) - 0.5).reshape(n, n) + 2 * np.eye(n)
    b = np.arange(1.0, n + 1)
    calls = 100000 if n <= 4 else 200 if n <= 100 else 5 if n <= 1000 else 2
    x = np.linalg.inv(a) if op == "inv" else np.linalg.solve(a, b)
    start = perf_counter()
    for _ in range(calls):
        x = np.linalg.inv(a) if op == "inv" else np.linalg.solve(a, b)
    report((perf_counter() - start) / calls, x.flat[0])


def one_pass(name, turns=10):
    x = (urand(ELEMENTS, 10**7) * 8 - 4).astype(REAL)
    if name == "softmax":
        x = x.reshape(-1, 10)
    f = {"copy": np.copy, "exp": np.exp, "sigmoid": sigmoid, "softmax": softmax}[name]
    y = f(x)
    start = perf_counter()
    for _ in range(turns):
        y = f(x)
    report((perf_counter() - start) / turns, y.ravel()[::1001].sum(dtype=np.float64))


def images_file():
    start = perf_counter()
    x = idx("BENCH_FASHION", "train-images-idx3-ubyte").astype(np.float64) / 255
    report(perf_counter() - start, x.ravel()[::97].sum())


def table_file():
    """The quicker of NumPy and, where it is there, pandas."""
    path = os.environ["BENCH_TABLE"]
    start = perf_counter()
    x = np.loadtxt(path, delimiter=",")
    seconds = perf_counter() - start
    try:
        import pandas
    except ImportError:
        report(seconds, x.sum())
    start = perf_counter()
    x = pandas.read_csv(path, header=None).to_numpy()
    report(min(seconds, perf_counter() - start), x.sum())


name = WORKLOAD[:-1] if WORKLOAD.endswith("h") else WORKLOAD  # by hand it is anyway
if name == "W2":
    neuron(100)
elif name in NETS and NETS[name][0]:
    train(name)
elif name.startswith("W10_"):
    op = name[4:].rstrip("0123456789")
    linalg(op, int(name[4 + len(op) :]))
elif name.startswith("W11_"):
    one_pass(name[4:])
elif name == "W12_idx":
    images_file()
elif name == "W12_csv":
    table_file()
sys.exit(3)
