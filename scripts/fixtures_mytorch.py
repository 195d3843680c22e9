"""The components of mytorch: PyTorch's answers in the homework's conventions (oracles), and the cases.
Their suspects are in suspects_mytorch.py, suspects_mytorch_models.py and suspects_mytorch_batchnorm.py.

What each operation is given and answers stands in DESIGN.md. Two forms that a table cannot show: in `steps` of
sgd, dLdW, dLdb and the answers W, b, v_W, v_b are lists with one entry a step, each a list with one matrix a layer
(the state after that step); in `train` of batchnorm, Z is a list of batches and every answer is read after the last.
"""

import math

import suspects_mytorch as slips
from fixture_cases import ANY, FB, Case, Component, Dice, after
from suspects_mytorch_batchnorm import BATCHNORM_STEPS
from suspects_mytorch_models import model_steps

try:
    import torch
except ImportError:  # reported by generate_fixtures.py, so that its --help works without it
    torch = None

ALPHA, EPS, LR, MOMENTUM = 0.9, 1e-8, 0.1, 0.0  # the homework's defaults


# ---- Oracles: PyTorch, and its conventions turned into the homework's -------------------------------------------
#
#   homework                                    PyTorch                            turned here
#   dLdW, dLdb: mean over the batch             sum over the batch                 batch_mean
#   activations return dAdZ, entry by entry     a product with the gradient above  derivative
#   MSE = SSE / (2 N C)                         SSE / (N C)                        half_mse
#   dLdA of cross-entropy = softmax - Y         divided by N                       without_batch_mean
#   v := mu v + g, p := p - lr v                the same                           (torch.optim.SGD)
#   alpha: share of the old statistics          momentum: share of the new         running_average
#   biased variance everywhere                  unbiased in the running variance   running_average
#   a batch of one sample is normalised         is refused                         normalise
#   b is (C, 1); BW, Bb, ... are (1, C)         (C,)                               flatten, as_row
#
# Every oracle takes a case's `given` and returns its answers. An answer may show no trace of `before`, so only
# batch normalisation, whose statistics do carry over, replays it.


def batch_mean(gradient, N):
    return gradient / N


def without_batch_mean(gradient, N):
    return gradient * N


def derivative(function, Z):
    """Returns dAdZ (N, C) of an entrywise function: no entry of A depends on another entry of Z."""
    Z = Z.detach().requires_grad_()
    return torch.autograd.grad(function(Z).sum(), Z)[0]


def half_mse(A, Y):
    return torch.nn.MSELoss()(A, Y) / 2


def running_average(alpha, running, batch):
    return alpha * running + (1 - alpha) * batch


def as_row(vector):
    return vector.reshape(1, -1)


def tensor(rows):
    return torch.tensor(rows, dtype=torch.float64)


def leaf(rows):
    """Returns a tensor whose gradient autograd keeps."""
    return tensor(rows).requires_grad_()


def linear_init(given):
    shape = given["out_features"], given["in_features"]
    return {"W": torch.zeros(shape), "b": torch.zeros(shape[0], 1)}


def linear_forward_backward(given):
    A, W, b = leaf(given["A"]), leaf(given["W"]), leaf(given["b"])
    N = len(A)
    Z = torch.nn.functional.linear(A, W, b.flatten())
    Z.backward(tensor(given["dLdZ"]))
    return {"Z": Z, "A": A, "N": N, "dLdA": A.grad, "dLdW": batch_mean(W.grad, N), "dLdb": batch_mean(b.grad, N),
            "W": W, "b": b}


def activation(function):
    def forward_backward(given):
        A = function(tensor(given["Z"]))
        return {"returned": A, "A": A, "dAdZ": derivative(function, tensor(given["Z"]))}
    return {"forward_backward": forward_backward}


def mlp(widths):
    def init(given):
        layers = [linear_init({"in_features": C_in, "out_features": C_out}) for C_in, C_out in zip(widths, widths[1:])]
        return {"W": [layer["W"] for layer in layers], "b": [layer["b"] for layer in layers],
                "activations": ["ReLU"] * len(layers)}
    return {"init": init, "forward_backward": mlp_forward_backward}


def mlp_forward_backward(given):
    """Chains linear layers and ReLU; retain_grad keeps dLdZ and dLdA of every layer."""
    W, b = [leaf(rows) for rows in given["W"]], [leaf(rows) for rows in given["b"]]
    Z, A = [], [leaf(given["A0"])]
    for weight, bias in zip(W, b):
        Z.append(torch.nn.functional.linear(A[-1], weight, bias.flatten()))
        A.append(torch.relu(Z[-1]))
        Z[-1].retain_grad()
        A[-1].retain_grad()
    A[-1].backward(tensor(given["dLdA"]))
    N = len(A[0])
    return {"returned": A[-1], "Z": Z, "A": A, "dAdZ": [derivative(torch.relu, z) for z in Z],
            "dLdZ": [z.grad for z in Z], "dLdA": [a.grad for a in A],
            "dLdW": [batch_mean(weight.grad, N) for weight in W], "dLdb": [batch_mean(bias.grad, N) for bias in b]}


def mse_forward_backward(given):
    A, Y = leaf(given["A"]), tensor(given["Y"])
    L = half_mse(A, Y)
    L.backward()
    return {"L": L, "dLdA": A.grad, "A": A, "Y": Y}


def cross_entropy_forward_backward(given):
    A, Y = leaf(given["A"]), tensor(given["Y"])
    L = torch.nn.CrossEntropyLoss()(A, Y)
    L.backward()
    return {"L": L, "dLdA": without_batch_mean(A.grad, len(A)), "A": A, "Y": Y, "softmax": torch.softmax(A, dim=1)}


def sgd_init(given):
    return {"L": len(given["W"]), "lr": given.get("lr", LR), "mu": given.get("momentum", MOMENTUM),
            "v_W": [torch.zeros_like(tensor(W)) for W in given["W"]],
            "v_b": [torch.zeros_like(tensor(b)) for b in given["b"]]}


def sgd_steps(given):
    """Runs torch.optim.SGD, a step for each entry of dLdW; without momentum velocities are nobody's business."""
    parameters = {"W": [leaf(W) for W in given["W"]], "b": [leaf(b) for b in given["b"]]}
    momentum = given.get("momentum", MOMENTUM)
    optimizer = torch.optim.SGD(parameters["W"] + parameters["b"], lr=given.get("lr", LR), momentum=momentum)
    answers = {"W": [], "b": [], "v_W": [], "v_b": []} if momentum else {"W": [], "b": []}
    for dLdW, dLdb in zip(given["dLdW"], given["dLdb"]):
        for parameter, gradient in zip(parameters["W"] + parameters["b"], dLdW + dLdb):
            parameter.grad = tensor(gradient)
        optimizer.step()
        for name, layers in parameters.items():
            answers[name].append([p.detach().clone() for p in layers])
            if momentum:
                answers[f"v_{name}"].append([optimizer.state[p]["momentum_buffer"].clone() for p in layers])
    return answers


def batchnorm_init(given):
    C = given["num_features"]
    return {"BW": torch.ones(1, C), "Bb": torch.zeros(1, C), "running_M": torch.zeros(1, C),
            "running_V": torch.ones(1, C), "alpha": ALPHA, "eps": EPS}


def batchnorm_call(operation):
    def replay(given):
        """Plays `before` and then the case on one object; `state` holds the object's members."""
        state = batchnorm_init({"num_features": len(given["Z"][0][0] if operation == "train" else given["Z"][0])})
        for call in [*given.get("before", []), {"operation": operation, "given": given}]:
            for name in ("alpha", "BW", "Bb", "running_M", "running_V"):
                if name in call["given"]:
                    state[name] = tensor(call["given"][name]) if name != "alpha" else call["given"][name]
            answers = {"train": batchnorm_train, "eval": batchnorm_eval}[call["operation"]](state, call["given"])
        return answers
    return replay


def normalise(Z, weight=None, bias=None):
    """Returns BZ, or NZ without weight and bias; for one sample, which PyTorch refuses, by the definition."""
    if len(Z) > 1:
        return torch.nn.functional.batch_norm(Z, None, None, weight, bias, training=True, eps=EPS)
    V, M = torch.var_mean(Z, dim=0, unbiased=False)
    NZ = (Z - M) / torch.sqrt(V + EPS)
    return NZ if weight is None else weight * NZ + bias


def batchnorm_train(state, given):
    """Trains on every batch, takes the gradient of the last, and leaves the running statistics in `state`."""
    for batch in given["Z"]:
        Z, BW, Bb = leaf(batch), state["BW"].flatten().requires_grad_(), state["Bb"].flatten().requires_grad_()
        V, M = torch.var_mean(Z.detach(), dim=0, unbiased=False, keepdim=True)
        state["running_M"] = running_average(state["alpha"], state["running_M"], M)
        state["running_V"] = running_average(state["alpha"], state["running_V"], V)
    BZ = normalise(Z, BW, Bb)
    dLdZ, dLdBW, dLdBb = torch.autograd.grad(BZ, (Z, BW, Bb), grad_outputs=tensor(given["dLdBZ"]))
    return {"returned": BZ, "Z": Z, "BZ": BZ, "NZ": normalise(Z), "M": M, "V": V, "N": len(Z),
            "running_M": state["running_M"], "running_V": state["running_V"],
            "dLdBW": as_row(dLdBW), "dLdBb": as_row(dLdBb), "dLdZ": dLdZ, "BW": as_row(BW), "Bb": as_row(Bb)}


def batchnorm_eval(state, given):
    def evaluate(weight, bias):
        return torch.nn.functional.batch_norm(tensor(given["Z"]), state["running_M"].flatten(),
                                              state["running_V"].flatten(), weight, bias, training=False, eps=EPS)
    BZ = evaluate(state["BW"].flatten(), state["Bb"].flatten())
    return {"returned": BZ, "BZ": BZ, "NZ": evaluate(None, None),
            "running_M": state["running_M"], "running_V": state["running_V"]}


# ---- Cases ----------------------------------------------------------------------------------------------------------


def linear_given(dice, N, C_in, C_out):
    return {"W": dice.matrix(C_out, C_in), "b": dice.matrix(C_out, 1), "A": dice.matrix(N, C_in),
            "dLdZ": dice.matrix(N, C_out)}


def linear_again(dice):
    N, N_before, C_in, C_out = dice.sizes(ANY, ANY, ANY, ANY)
    return after([linear_given(dice, N_before, C_in, C_out)], linear_given(dice, N, C_in, C_out))


LINEAR = [
    Case("a new layer", "init", lambda dice: dict(zip(("in_features", "out_features"), dice.sizes(ANY, ANY))),
         why="W or b not zero, W transposed, b a row"),
    Case("three different sizes", FB, lambda dice: linear_given(dice, *dice.sizes(ANY, ANY, ANY)),
         why="transposes, axes, N taken from the wrong axis, the bias; /N missing, twice, or also on dLdA; W moved"),
    Case("a single sample", FB, lambda dice: linear_given(dice, *dice.sizes(1, ANY, ANY)),
         why="a batch axis that is dropped, a division by N - 1"),
    Case("a single input feature", FB, lambda dice: linear_given(dice, *dice.sizes(ANY, 1, ANY)),
         why="a feature axis that is dropped or broadcast"),
    Case("a single output feature", FB, lambda dice: linear_given(dice, *dice.sizes(ANY, ANY, 1)),
         why="a bias or dLdb that is dropped to a scalar or broadcast"),
    Case("a second batch of another size", FB, linear_again,
         why="A or N kept from the first call, gradients that add up over calls"),
]


def activation_given(dice, N=ANY):
    return {"Z": dice.matrix(*dice.sizes(N, ANY), -3, 3)}


def activation_again(dice):
    N, C, N_before, C_before = dice.sizes(ANY, ANY, ANY, ANY)
    return after([{"Z": dice.matrix(N_before, C_before, -3, 3)}], {"Z": dice.matrix(N, C, -3, 3)})


def with_zeros(dice):
    """A third of the entries, and the first, are exactly 0."""
    Z = activation_given(dice)["Z"]
    return {"Z": [[0.0 if (i + j) % 3 == 0 else z for j, z in enumerate(row)] for i, row in enumerate(Z)]}


def in_columns(dice, *ranges):
    """A column for each (low, high, decimals) of magnitudes, the signs alternating."""
    N, = dice.sizes(ANY, besides=(len(ranges),))
    return {"Z": [[(-1) ** (i + j) * dice.number(*span) for j, span in enumerate(ranges)] for i in range(N)]}


def activation_cases(*special):
    return [
        Case("both signs", FB, activation_given,
             why="another function, a sign; dAdZ from Z, from A alone, or inverted"),
        *special,
        Case("a single sample", FB, lambda dice: activation_given(dice, N=1), why="a batch axis that is dropped"),
        Case("a second batch of another shape", FB, activation_again, why="A kept from the first call"),
    ]


ZEROS = Case("exact zeros", FB, with_zeros, why="the value and the slope at 0: 1/2 and 1/4, 0 and 1; for ReLU 0 and 0")
SATURATED = Case("saturated inputs", FB, lambda dice: in_columns(dice, (3, 6), (15, 25), (250, 300), (6, 12)),
                 why="inputs that are clipped, a branch for one sign that is wrong, infinities that cancel to nan")
SMALL_AND_LARGE = Case("tiny and large inputs", FB,
                       lambda dice: in_columns(dice, (0.0001, 0.0009, 5), (7, 20), (100, 900)),
                       why="a slope for negative inputs, a ceiling as in ReLU6, a threshold other than 0, dAdZ = A")
TANH_ADVICE = Case("advice: inputs of a thousand", FB,
                   lambda dice: in_columns(dice, (1000, 1000), (0.5, 2), (1000, 1000)),
                   why="exp(1000) is infinite: the printed formula gives nan, std::tanh does not", scored=False)


def pre_activations(given):
    """Returns the lists Z and A of the plain forward pass; fsum, because sum() rounds by Python's version."""
    Z, A = [], [given["A0"]]
    for W, b in zip(given["W"], given["b"]):
        Z.append([[math.fsum([bias[0], *(w * a for w, a in zip(row, sample))]) for row, bias in zip(W, b)]
                  for sample in A[-1]])
        A.append([[max(z, 0.0) for z in sample] for sample in Z[-1]])
    return Z, A


def is_alive(given):
    """Tells whether every layer has outputs of both signs, clear of 0, and gradients reach the first layer.

    A sample carries gradients to the first layer if each layer is active somewhere for it: at least half of the
    samples have to, through two units of the first layer unless there is a single sample.
    """
    Z, A = pre_activations(given)
    entries = [[z for sample in layer for z in sample] for layer in Z]
    if any(min(layer) >= 0 or max(layer) <= 0 or any(0 < abs(z) < 0.01 for z in layer) for layer in entries):
        return False
    live = [i for i in range(len(A[0])) if all(any(layer[i]) for layer in A[1:])]
    units = {j for i in live for j, a in enumerate(A[1][i]) if a > 0}
    return 2 * len(live) >= len(A[0]) and len(units) >= min(2, len(A[0]))


def mlp_given(dice, widths, N, zero_units=False):
    """Draws until is_alive. `zero_units`: in each layer one unit whose weights and bias are all 0."""
    for _ in range(10_000):
        W = [dice.matrix(C_out, C_in, -1.5, 1.5) for C_in, C_out in zip(widths, widths[1:])]
        b = [dice.matrix(C_out, 1, -0.8, 0.8) for C_out in widths[1:]]
        for weights, bias in zip(W, b) if zero_units else ():
            unit = dice.index(len(weights))
            weights[unit], bias[unit] = [0.0] * len(weights[unit]), [0.0]
        given = {"W": W, "b": b, "A0": dice.matrix(N, widths[0]), "dLdA": dice.matrix(N, widths[-1])}
        if is_alive(given):
            return given
    raise AssertionError(f"no live network of widths {widths} for a batch of {N}")


def mlp_cases(widths):
    def batch_sizes(dice, count):
        return dice.sizes(*[ANY] * count, low=4, high=7, besides=set(widths))

    def again(dice):
        N, N_before = batch_sizes(dice, 2)
        return after([mlp_given(dice, widths, N_before)], mlp_given(dice, widths, N))

    return [
        Case("a new model", "init", lambda dice: {}, why="another topology, parameters not zero, no ReLU at the end"),
        Case("both signs in every layer", FB, lambda dice: mlp_given(dice, widths, *batch_sizes(dice, 1)),
             why="an activation that is left out, Z returned for A, lists shifted, reversed or too short; dLdZ without "
                 "dAdZ or with another layer's; /N on dLdZ or once a layer"),
        Case("a single sample", FB, lambda dice: mlp_given(dice, widths, 1), why="a batch axis that is dropped"),
        Case("units that are exactly zero", FB,
             lambda dice: mlp_given(dice, widths, *batch_sizes(dice, 1), zero_units=True),
             why="the slope of ReLU at 0, inside and at the output"),
        Case("a second batch of another size", FB, again,
             why="lists that grow over calls, dAdZ or dLdA kept from the first call, gradients that add up"),
    ]


def loss_given(dice, N, C, targets=None):
    """`targets`: the method of Dice that draws Y; without it Y is any matrix."""
    return {"A": dice.matrix(N, C), "Y": targets(dice, N, C) if targets else dice.matrix(N, C)}


def loss_again(dice, targets=None):
    """The first batch is the smaller one both ways: N C may not come out the same."""
    earlier = loss_given(dice, *dice.sizes(ANY, ANY, high=4), targets)
    return after([earlier], loss_given(dice, *dice.sizes(ANY, ANY, low=5, high=8), targets))


MSE = [
    Case("more features than samples", FB,
         lambda dice: loss_given(dice, *dice.sizes(ANY, high=4), *dice.sizes(ANY, low=5)),
         why="N, C or N C as the divisor, the factor 2, a sum, the sign of the gradient, A and Y swapped"),
    Case("more samples than features", FB,
         lambda dice: loss_given(dice, *dice.sizes(ANY, low=5), *dice.sizes(ANY, high=4)),
         why="N and C swapped, where the other order hides it"),
    Case("a single sample", FB, lambda dice: loss_given(dice, *dice.sizes(1, ANY)), why="/C missing, alone"),
    Case("a single feature", FB, lambda dice: loss_given(dice, *dice.sizes(ANY, 1)), why="/N missing, alone"),
    Case("a second batch of another shape", FB, loss_again, why="A, Y, N or C kept from the first call"),
]


def large_logits(dice):
    """Logits within 30 of 0: the first sample is sure of class 0, and wrong; those of the second are all near -30."""
    N, C = dice.sizes(ANY, ANY, low=3)
    A, Y = dice.matrix(N, C, -30, 30, 2), dice.one_hot(N, C)
    A[0][:2], A[1] = [dice.number(25, 30, 2), dice.number(-30, -25, 2)], dice.matrix(1, C, -30, -27, 2)[0]
    Y[0] = [1.0 if j == 1 else 0.0 for j in range(C)]
    return {"A": A, "Y": Y}


def huge_logits(dice):
    """Logits near -1000, 0 and 1000 in every row."""
    N, C = dice.sizes(ANY, ANY, low=3)
    A = [[round(1000 * ((i + j) % 3 - 1) + dice.number(-2, 2), 3) for j in range(C)] for i in range(N)]
    return {"A": A, "Y": dice.one_hot(N, C)}


CROSS_ENTROPY = [
    Case("one-hot targets", FB,
         lambda dice: loss_given(dice, *dice.sizes(ANY, ANY, low=3), Dice.one_hot),
         why="softmax over the other axis or over everything, the sum for the mean, dLdA divided by N, signs"),
    Case("targets spread over the classes", FB,
         lambda dice: loss_given(dice, *dice.sizes(ANY, ANY, low=3), Dice.distributions),
         why="only the likeliest class counted, Y made one-hot, Y and softmax swapped"),
    Case("a single sample", FB, lambda dice: loss_given(dice, *dice.sizes(1, ANY), Dice.distributions),
         why="softmax over a single row along the wrong axis is all ones"),
    Case("large logits, one sample sure and wrong", FB, large_logits,
         why="a small number added in the logarithm or under the fraction, probabilities or logits clipped"),
    Case("a second batch of another shape", FB, lambda dice: loss_again(dice, Dice.distributions),
         why="softmax, A, Y or N kept from the first call"),
    Case("advice: logits of a thousand", FB, huge_logits,
         why="exp(1000) is infinite: subtract the largest logit of the row first", scored=False),
]


def sgd_given(dice, widths, **settings):
    shapes = [(C_out, C_in) for C_in, C_out in zip(widths, widths[1:])]
    return {"W": [dice.matrix(*shape) for shape in shapes], "b": [dice.matrix(C_out, 1) for C_out, _ in shapes],
            **settings}


def sgd_run(dice, widths, steps, **settings):
    moves = [sgd_given(dice, widths) for _ in range(steps)]
    return {**sgd_given(dice, widths, **settings), "dLdW": [move["W"] for move in moves],
            "dLdb": [move["b"] for move in moves]}


def several(dice):
    return dice.sizes(ANY, low=3, high=5)[0]


def coasting(dice):
    """A gradient at the first step, none at the two after it."""
    given = sgd_run(dice, dice.sizes(ANY, ANY, ANY), 3, **rates(dice))
    for gradients in (given["dLdW"], given["dLdb"]):
        gradients[1:] = [[[[0.0] * len(row) for row in layer] for layer in gradients[0]]] * 2
    return given


def rates(dice):
    """Neither the defaults nor 1, and a momentum that no one takes for 1 - momentum."""
    return {"lr": dice.number(0.2, 0.7), "momentum": dice.number(0.6, 0.9)}


def rate_only(dice):
    return {"lr": dice.number(0.2, 0.7), "momentum": 0.0}


SGD = [
    Case("defaults of a new optimizer", "init", lambda dice: sgd_given(dice, dice.sizes(ANY, ANY, ANY)),
         why="other defaults, velocities that start as the weights, b's of another shape, L off by one"),
    Case("a new optimizer with a learning rate", "init",
         lambda dice: sgd_given(dice, dice.sizes(ANY, ANY, ANY, ANY), **rate_only(dice)), why="lr hard-coded"),
    Case("several steps on several layers", "steps",
         lambda dice: sgd_run(dice, dice.sizes(ANY, ANY, ANY, ANY), several(dice), **rate_only(dice)),
         why="the sign, lr missing or hard-coded, b or a layer not stepped, a gradient that adds up over the steps"),
    Case("learning rate and momentum left out", "steps",
         lambda dice: sgd_run(dice, dice.sizes(ANY, ANY, ANY), several(dice)), why="defaults other than 0.1 and 0"),
    Case("a single layer", "steps", lambda dice: sgd_run(dice, dice.sizes(ANY, ANY), 2, **rate_only(dice)),
         why="a loop that leaves out the first or the last layer"),
]

SGD_MOMENTUM = [
    Case("a new optimizer with momentum", "init",
         lambda dice: sgd_given(dice, dice.sizes(ANY, ANY, ANY), **rates(dice)), why="lr and mu swapped or hard-coded"),
    Case("several steps on several layers", "steps",
         lambda dice: sgd_run(dice, dice.sizes(ANY, ANY, ANY, ANY), several(dice), **rates(dice)),
         why="(1 - mu) g, lr inside the velocity, Nesterov, the old velocity applied, v_b or a layer left out"),
    Case("layers of the same shape", "steps",
         lambda dice: sgd_run(dice, dice.sizes(ANY) * 4, several(dice), **rates(dice)),
         why="one velocity for all layers, the velocity or the gradient of a neighbour"),
    Case("no gradient after the first step", "steps", coasting,
         why="velocities that are reset at each step, or that do not decay"),
    Case("learning rate left out", "steps",
         lambda dice: sgd_run(dice, dice.sizes(ANY, ANY, ANY), several(dice), momentum=rates(dice)["momentum"]),
         why="a default of lr other than 0.1"),
    Case("a learning rate of zero", "steps",
         lambda dice: sgd_run(dice, dice.sizes(ANY, ANY, ANY, ANY), several(dice), lr=0.0, momentum=0.5),
         why="velocities that go on only where parameters move, lr or mu tested instead of the other"),
]


def spread(dice, N, centre, reach, decimals=3):
    """Returns N values within `reach` of the centre; the first two lie well apart, so that no feature hardly varies."""
    reaches = [(0.5, 1), (-1, -0.5), *[(-1, 1)] * N]
    return [dice.number(centre + low * reach, centre + high * reach, decimals) for low, high in reaches[:N]]


def rows(features):
    return [list(row) for row in zip(*features)]


def ordinary_features(dice, N, C):
    """Returns C lists of N values, each with a mean of its own, away from 0 and within few deviations of it."""
    return [spread(dice, N, dice.signed(0.5, 3), 2) for _ in range(C)]


def ordinary_batch(dice, N, C):
    return rows(ordinary_features(dice, N, C))


def delicate_batch(dice, N, C):
    """Feature 0 is constant, features 1 and 2 have a variance about eps, the others are ordinary."""
    constant = dice.signed(1, 3, 0) / 4  # an exact binary fraction: its variance is 0 in every order of summation
    tiny = [spread(dice, N, 0.003, 0.00015, 6) for _ in range(2)]
    return rows([[constant] * N, *tiny, *ordinary_features(dice, N, C - 3)])


def members(dice, C, **settings):
    """What a case may set before it runs: nothing at its default, no BW that hides its feature."""
    return {"alpha": dice.number(0.6, 0.8), "BW": [[dice.signed(0.4, 2) for _ in range(C)]], "Bb": dice.matrix(1, C),
            "running_M": dice.matrix(1, C), "running_V": dice.matrix(1, C, 0.3, 3), **settings}


def train_given(dice, sizes, C, batch=ordinary_batch, **settings):
    """`sizes`: a batch size for each batch in a row."""
    return {**settings, "Z": [batch(dice, N, C) for N in sizes], "dLdBZ": dice.matrix(sizes[-1], C)}


def train(batches=1, named=True, batch=ordinary_batch, low=4, high=8, N=ANY, C=ANY):
    def draw(dice):
        *sizes, features = dice.sizes(*[N] * batches, C, low=low, high=high)
        return train_given(dice, sizes, features, batch, **(members(dice, features) if named else {}))
    return draw


def train_again(dice):
    N, N_before, N_eval, C = dice.sizes(ANY, ANY, ANY, ANY, low=4, high=8)
    settings = members(dice, C)
    alpha = settings.pop("alpha")
    before = [{"operation": "train", "given": train_given(dice, [N_before], C, **settings)},
              {"operation": "eval", "given": {"Z": ordinary_batch(dice, N_eval, C)}}]
    return {"before": before, **train_given(dice, [N], C, alpha=alpha)}


def eval_given(dice, N, C, **settings):
    return {**members(dice, C, **settings), "Z": ordinary_batch(dice, N, C)}


def eval_at_eps(dice):
    N, C = dice.sizes(ANY, ANY, low=4, high=8)
    return eval_given(dice, N, C, running_V=[[0.0, dice.number(0.7e-8, 1.5e-8, 10), *dice.matrix(1, C - 2, 0.3, 3)[0]]])


def eval_after_train(dice):
    N, N_first, N_second, C = dice.sizes(ANY, ANY, ANY, ANY, low=4, high=8)
    return after([train_given(dice, [N_first, N_second], C, **members(dice, C))],
                 {"Z": ordinary_batch(dice, N, C)}, operation="train")


def eval_after_delicate_train(dice):
    N, N_before, C = dice.sizes(ANY, ANY, ANY, low=4, high=8)
    settings = members(dice, C, alpha=dice.number(0.2, 0.4), running_M=[[0.0] * C], running_V=[[0.0] * C])
    return after([train_given(dice, [N_before], C, delicate_batch, **settings)],
                 {"Z": delicate_batch(dice, N, C)}, operation="train")


BATCHNORM = [
    Case("a new layer", "init", lambda dice: {"num_features": dice.sizes(ANY)[0]},
         why="BW and Bb or running_M and running_V swapped, alpha or eps other than 0.9 and 1e-8, columns for rows"),
    Case("one batch", "train", train(),
         why="axes, the unbiased variance, BW or Bb ignored, running statistics used, alpha swapped, a term of dLdZ"),
    Case("one batch with every default", "train", train(named=False),
         why="starting values or alpha other than the homework's, at work"),
    Case("three batches in a row", "train", train(batches=3, low=3, high=9),
         why="running statistics overwritten or updated once; N, M or V kept from the first batch"),
    Case("a constant feature, and two that hardly vary", "train", train(batch=delicate_batch),
         why="eps missing, outside the root, twice or 1e-5, forward and in each place of backward"),
    Case("a single sample", "train", train(N=1),
         why="a division by N - 1; the normalised sample is 0 and no gradient goes on to Z"),
    Case("a single feature", "train", train(C=1), why="a feature axis that is dropped"),
    Case("training after training and inference", "train", train_again,
         why="gradients that add up over calls, N, M or V kept from the first, inference that moves the statistics"),
    Case("inference", "eval", lambda dice: eval_given(dice, *dice.sizes(ANY, ANY)),
         why="the batch's statistics used, the running ones updated, BW or Bb left out"),
    Case("inference on a single sample", "eval", lambda dice: eval_given(dice, *dice.sizes(1, ANY)),
         why="the batch's statistics used: they would make everything 0"),
    Case("inference with a running variance of zero and one about eps", "eval", eval_at_eps,
         why="eps missing, outside the root, twice or 1e-5 in inference"),
    Case("inference before any training", "eval", lambda dice: {"Z": ordinary_batch(dice, *dice.sizes(ANY, ANY))},
         why="the starting values of the running statistics, at work"),
    Case("inference after training", "eval", eval_after_train,
         why="the last batch's statistics used for the running ones, or statistics that training did not leave"),
    Case("inference after training on features that hardly vary", "eval", eval_after_delicate_train,
         why="V stored with eps in it, which the tolerance hides in V itself"),
]


def mlp_component(*widths):
    return Component(mlp(widths), mlp_cases(widths), model_steps(*widths))


COMPONENTS = {  # the lambdas look torch up late: see above
    "linear": Component({"init": linear_init, FB: linear_forward_backward}, LINEAR, slips.LINEAR_STEPS),
    "identity": Component(activation(lambda Z: torch.nn.Identity()(Z)), activation_cases(), slips.IDENTITY_STEPS),
    "sigmoid": Component(activation(lambda Z: torch.sigmoid(Z)), activation_cases(ZEROS, SATURATED),
                         slips.SIGMOID_STEPS),
    "tanh": Component(activation(lambda Z: torch.tanh(Z)), [*activation_cases(ZEROS, SATURATED), TANH_ADVICE],
                      slips.TANH_STEPS),
    "relu": Component(activation(lambda Z: torch.relu(Z)), activation_cases(ZEROS, SMALL_AND_LARGE),
                      slips.RELU_STEPS),
    "mlp0": mlp_component(2, 3),
    "mlp1": mlp_component(2, 3, 2),
    "mlp4": mlp_component(2, 4, 8, 8, 4, 2),
    "mseloss": Component({FB: mse_forward_backward}, MSE, slips.MSE_STEPS),
    "crossentropyloss": Component({FB: cross_entropy_forward_backward}, CROSS_ENTROPY, slips.CROSS_ENTROPY_STEPS),
    "sgd": Component({"init": sgd_init, "steps": sgd_steps}, SGD, slips.SGD_STEPS),
    "sgd_momentum": Component({"init": sgd_init, "steps": sgd_steps}, SGD_MOMENTUM, slips.SGD_MOMENTUM_STEPS),
    "batchnorm": Component({"init": batchnorm_init, "train": batchnorm_call("train"),
                            "eval": batchnorm_call("eval")}, BATCHNORM, BATCHNORM_STEPS),
}
