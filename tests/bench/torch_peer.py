"""The workloads of README.md in PyTorch: torch_peer.py WORKLOAD f64|f32 THREADS"""

import sys
from time import perf_counter

from peer import DTYPE, ELEMENTS, MATRIX, NETS, REAL, THREADS, WARM_UP, WORKLOAD
from peer import cancer, images, np, report, samples, urand, weights

try:
    import torch
    import torch.nn.functional as F
    from torch import nn
except ImportError:
    sys.exit(3)

torch.set_num_threads(THREADS)
torch.set_default_dtype(torch.float32 if DTYPE == "f32" else torch.float64)


def dense(layer, k, n, relu):
    linear = nn.Linear(k, n)
    with torch.no_grad():
        linear.weight.copy_(torch.from_numpy(weights(layer, k, n, relu).T.copy()))
        linear.bias.zero_()
    return linear


def perceptron(sizes, activation, loss):
    layers = []
    for layer, (k, n) in enumerate(zip(sizes, sizes[1:])):
        layers += [dense(layer, k, n, activation == "relu"), nn.ReLU() if activation == "relu" else nn.Sigmoid()]
    return nn.Sequential(*layers if loss == "squares" else layers[:-1])


def lenet():
    torch.manual_seed(1)
    stages = [nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)]
    stages += [nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()]
    tail = [dense(0, 400, 120, True), nn.ReLU(), dense(1, 120, 84, True), nn.ReLU(), dense(2, 84, 10, True)]
    return nn.Sequential(*stages, *tail)


def half_squares(p, t):
    return F.mse_loss(p, t, reduction="sum") / 2 / len(p)


LOSSES = {"cross entropy": F.cross_entropy, "logistic": F.binary_cross_entropy_with_logits, "squares": half_squares}


def step(net, optimizer, loss_of, x, t):
    optimizer.zero_grad()
    loss = loss_of(net(x), t)
    loss.backward()
    optimizer.step()
    return loss.item()


def train(name):
    sizes, activation, loss, batch, rate, count, folder = NETS[name]
    x, y = (torch.from_numpy(part) for part in (images(folder) if folder else cancer()))
    t = F.one_hot(y, 10).to(x.dtype) if loss == "squares" else y.reshape(-1, 1) if loss == "logistic" else y
    x = x.reshape(-1, 1, 28, 28) if name == "W8" else x
    rows = torch.from_numpy(samples(count, batch, len(x))) if batch else None
    for turns in (WARM_UP if batch else 1, count):
        net, total = perceptron(sizes, activation, loss) if sizes else lenet(), 0.0
        optimizer = (torch.optim.Adam if name == "W7" else torch.optim.SGD)(net.parameters(), lr=rate)
        start = perf_counter()
        for i in range(turns):
            xb, tb = (x[rows[i]], t[rows[i]]) if batch else (x, t)
            total += step(net, optimizer, LOSSES[loss], xb, tb)
    report((perf_counter() - start) / count, total / count)


def neuron(epochs):
    """Few epochs, since they are slow: the time counts, and the loss is that of the last of these."""
    x, y = (torch.from_numpy(part) for part in cancer())
    net, total = nn.Linear(30, 1), 0.0
    nn.init.zeros_(net.weight), nn.init.zeros_(net.bias)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    start = perf_counter()
    for _ in range(epochs):
        total = sum(step(net, optimizer, LOSSES["logistic"], x[i], y[i : i + 1]) for i in range(len(x)))
    report((perf_counter() - start) / epochs, total / len(x))


def linalg(op, n):
    a = torch.from_numpy((urand(MATRIX, n * n) - 0.5).reshape(n, n) + 2 * np.eye(n))
    b = torch.arange(1, n + 1, dtype=torch.float64)
    calls = 100000 if n <= 4 else 200 if n <= 100 else 5 if n <= 1000 else 2
    x = torch.linalg.inv(a) if op == "inv" else torch.linalg.solve(a, b)
    start = perf_counter()
    for _ in range(calls):
        x = torch.linalg.inv(a) if op == "inv" else torch.linalg.solve(a, b)
    report((perf_counter() - start) / calls, x.flatten()[0].item())


def one_pass(name, turns=10):
    x = torch.from_numpy((urand(ELEMENTS, 10**7) * 8 - 4).astype(REAL))
    if name == "softmax":
        x = x.reshape(-1, 10)
    f = {"copy": torch.clone, "exp": torch.exp, "sigmoid": torch.sigmoid, "softmax": lambda x: torch.softmax(x, 1)}[name]
    y = f(x)
    start = perf_counter()
    for _ in range(turns):
        y = f(x)
    report((perf_counter() - start) / turns, y.flatten()[::1001].double().sum().item())


if WORKLOAD == "W2":
    neuron(10)
elif WORKLOAD in NETS:
    train(WORKLOAD)
elif WORKLOAD.startswith("W10_"):
    op = WORKLOAD[4:].rstrip("0123456789")
    linalg(op, int(WORKLOAD[4 + len(op) :]))
elif WORKLOAD.startswith("W11_"):
    one_pass(WORKLOAD[4:])
sys.exit(3)
