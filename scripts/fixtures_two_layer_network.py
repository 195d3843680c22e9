"""The network of two_layer: PyTorch's answers (oracles), and the cases.

Every operation on a network is given its parameters, the names of f and g, and x. PyTorch's conventions are the
homework's: gradients are sums over the batch, losses are means over all entries, biases are added to rows. Only b is a
row (1, h) here and (h,) there.
"""

import math

from fixture_cases import ANY, FB, Case, after

try:
    import torch
except ImportError:  # reported by generate_fixtures.py, so that its --help works without it
    torch = None

FUNCTIONS = {  # the lambdas look torch up late: see above
    "identity": lambda z: torch.nn.Identity()(z),
    "relu": lambda z: torch.relu(z),
    "sigmoid": lambda z: torch.sigmoid(z),
    "tanh": lambda z: torch.tanh(z),
    "5relu": lambda z: 5 * torch.relu(z),
}
KINKED = ("relu", "5relu")
PARAMETERS = ("W1", "b1", "W2", "b2")


# ---- Oracles ----------------------------------------------------------------------------------------------------
# Each takes a case's `given` and returns its answers. An answer may show no trace of `before`.


def tensor(rows):
    return torch.tensor(rows, dtype=torch.float64)


def leaf(rows):
    """Returns a tensor whose gradient autograd keeps."""
    return tensor(rows).requires_grad_()


def init(given):
    if not {given["f_function"], given["g_function"]} <= set(FUNCTIONS):
        return {"thrown": "std::invalid_argument", "names_listed": True}
    n, h = given["linear_1_in_features"], given["linear_1_out_features"]
    K = given["linear_2_out_features"]
    return {"thrown": "nothing", "W1": torch.zeros(h, n), "b1": torch.zeros(1, h), "W2": torch.zeros(K, h),
            "b2": torch.zeros(1, K), "not_empty": "none"}


def run(given):
    """Returns parameters and cache of a forward pass, as tensors that autograd connects."""
    s = {name: leaf(given[name]) for name in PARAMETERS}
    s["x"] = tensor(given["x"])
    s["z1"] = torch.nn.functional.linear(s["x"], s["W1"], s["b1"].flatten())
    s["z2"] = FUNCTIONS[given["f_function"]](s["z1"])
    s["z3"] = torch.nn.functional.linear(s["z2"], s["W2"], s["b2"].flatten())
    s["y_hat"] = FUNCTIONS[given["g_function"]](s["z3"])
    return s


def gradients(s):
    return {f"dJd{name}": s[name].grad for name in PARAMETERS}


def forward(given):
    s = run(given)
    return {**s, "returned": s["y_hat"]}


def forward_backward(given):
    s = run(given)
    s["y_hat"].backward(tensor(given["dJdy_hat"]))
    return {**s, **gradients(s)}


def forward_backward_clear(given):
    return {**{name: tensor(given[name]) for name in PARAMETERS}, "not_empty": "none"}


# ---- A new network ----------------------------------------------------------------------------------------------


def new_given(dice, f="relu", g="sigmoid"):
    n, h, K = dice.sizes(ANY, ANY, ANY)
    return {"linear_1_in_features": n, "linear_1_out_features": h, "f_function": f, "linear_2_in_features": h,
            "linear_2_out_features": K, "g_function": g}


NEW_NETWORK = [
    Case("three different sizes", "init", new_given,
         why="a shape transposed or of the wrong sizes, b a column, parameters not zero, gradients not empty"),
    *[Case(f"f is {f}, g is {g}", "init", lambda dice, f=f, g=g: new_given(dice, f, g), why="a name that is refused")
      for f, g in (("identity", "5relu"), ("5relu", "tanh"), ("tanh", "relu"), ("sigmoid", "identity"))],
    *[Case(f"{place} is {name or 'an empty name'}, which is no function here", "init",
           lambda dice, place=place, name=name: new_given(dice, **{place: name}),
           why="a name that is not checked, or not as a whole; a message that does not say which names there are")
      for place, name in (("f", "softmax"), ("g", "softmax"), ("f", "ReLU"), ("g", "relu6"), ("f", "5"), ("g", ""))],
]


# ---- Networks and batches ---------------------------------------------------------------------------------------

PYTHON_FUNCTIONS = {
    "identity": lambda z: z,
    "relu": lambda z: max(z, 0.0),
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
    "5relu": lambda z: 5 * max(z, 0.0),
}


def layer(inputs, W, b):
    """fsum, because sum() rounds by Python's version."""
    return [[math.fsum([bias, *(w * a for w, a in zip(row, sample))]) for row, bias in zip(W, b[0])]
            for sample in inputs]


def is_clear(function, z, largest):
    """Tells whether the slope of the function can be seen at the entries of z (N, C).

    Of a function with a kink: both signs, none near 0, and in half of the samples a unit that lets something through,
    of the units two unless there is a single sample. Of any other: no entry beyond `largest`, where a slope would be
    too small to see.
    """
    entries = [entry for sample in z for entry in sample]
    if function not in KINKED:
        return all(abs(entry) <= largest for entry in entries)
    if any(0 < abs(entry) < 0.01 for entry in entries) or len(entries) > 1 and min(entries) >= 0:
        return False
    active = [[entry > 0 for entry in sample] for sample in z]
    units = sum(any(unit) for unit in zip(*active))
    wanted = min(2, len(z), sum(any(unit) for unit in zip(*z)))
    return 2 * sum(any(sample) for sample in active) >= len(z) and units >= wanted


def network_given(dice, f, g, sizes, zero_units=False, scale=1.0):
    """Draws parameters and a batch until both slopes can be seen. `sizes`: N, n, h, K. `scale`: of W1.

    `zero_units`: one hidden unit and one output whose weights and bias are all 0.
    """
    N, n, h, K = sizes
    reach = 1.2 / max(1, h / 4) ** 0.5 / (4 if f == "5relu" else 1)
    for _ in range(10_000):
        W1, b1 = dice.matrix(h, n, -1.2 * scale, 1.2 * scale), dice.matrix(1, h, -0.8, 0.8)
        W2, b2 = dice.matrix(K, h, -reach, reach), dice.matrix(1, K, -0.8, 0.8)
        for W, b in ((W1, b1), (W2, b2)) if zero_units else ():
            unit = dice.index(len(W))
            W[unit], b[0][unit] = [0.0] * len(W[unit]), 0.0
        given = {"f_function": f, "g_function": g, "W1": W1, "b1": b1, "W2": W2, "b2": b2, "x": dice.matrix(N, n)}
        z1 = layer(given["x"], W1, b1)
        z2 = [[PYTHON_FUNCTIONS[f](entry) for entry in sample] for sample in z1]
        z3 = layer(z2, W2, b2)
        if is_clear(f, z1, 5 * scale) and is_clear(g, z3, 5 * scale):
            return given
    raise AssertionError(f"no network with {f} and {g} of sizes {sizes} whose slopes can be seen")


def with_gradient(dice, given):
    return {**given, "dJdy_hat": dice.matrix(len(given["x"]), len(given["W2"]))}


class Passes:
    """The cases of one direction. `operation`: forward or forward_backward."""

    def __init__(self, operation):
        self.operation = operation

    def draw(self, dice, *network, **settings):
        given = network_given(dice, *network, **settings)
        return with_gradient(dice, given) if self.operation == FB else given

    def case(self, name, f, g, *sizes, why, **settings):
        """`sizes`: N, n, h, K, of which any may be ANY."""
        return Case(name, self.operation, lambda dice: self.draw(dice, f, g, dice.sizes(*sizes), **settings), why=why)

    def again(self, f, g, why):
        def draw(dice):
            N, N_before, n, h, K = dice.sizes(ANY, ANY, ANY, ANY, ANY, low=2, high=8)
            return after([self.draw(dice, f, g, (N_before, n, h, K))], self.draw(dice, f, g, (N, n, h, K)),
                         operation=self.operation)
        return Case(f"{f}, then {g}: a second batch of another size", self.operation, draw, why=why)

    def pairs(self, functions, known=()):
        """A case for every f and g of the functions, but those of which both are known; batches of 1, 10 and more.

        First those whose g is identity, the last of the functions: of a slip in a function's slope they show least.
        """
        pairs = [(f, g) for g in reversed(functions) for f in functions if not {f, g} <= set(known)]
        for i, (f, g) in enumerate(pairs):
            N = (10, ANY, 1, 12, ANY)[i % 5]
            batch = {ANY: "a small batch", 1: "a single sample"}.get(N, f"a batch of {N}")
            yield self.case(f"{f}, then {g}: {batch}", f, g, N, ANY, ANY, ANY,
                            why=f"{f} and {g} as another function, one for the other, or left out; f and g swapped")


def identity_cases(passes):
    return [
        passes.case("four different sizes", "identity", "identity", 10, ANY, ANY, ANY,
                    why="transposes, axes, a bias, a matrix of the other layer; a division by N, K or h"),
        passes.case("a single sample", "identity", "identity", 1, ANY, ANY, ANY, why="a batch axis that is dropped"),
        passes.case("a single input feature", "identity", "identity", ANY, 1, ANY, ANY, why="an axis that is dropped"),
        passes.case("a single hidden unit", "identity", "identity", ANY, ANY, 1, ANY,
                    why="a bias that is dropped to a scalar or broadcast"),
        passes.case("a single output", "identity", "identity", ANY, ANY, ANY, 1,
                    why="a bias or its gradient that is dropped to a scalar or broadcast"),
        passes.case("a large batch", "identity", "identity", 25, 3, 4, 2, why="a loop that ends early"),
        passes.again("identity", "identity", why="a cache kept from the first call, gradients that add up over calls"),
    ]


def relu_sigmoid_cases(passes):
    special = [
        passes.case("relu, then relu: units that are exactly zero", "relu", "relu", ANY, ANY, ANY, ANY,
                    zero_units=True, why="the slope of ReLU at 0, in either place"),
        passes.case("relu, then identity: large inputs", "relu", "identity", ANY, ANY, ANY, ANY, scale=15.0,
                    why="a ceiling, as of ReLU6"),
        passes.case("sigmoid, then identity: saturated units", "sigmoid", "identity", ANY, ANY, ANY, ANY, scale=15.0,
                    why="inputs that are clipped; infinities that cancel to nan"),
    ]
    return [*passes.pairs(("relu", "sigmoid", "identity"), known=("identity",)), *special,
            passes.again("relu", "sigmoid", why="z1 or z3 kept from the first call, gradients that add up"),
            passes.again("sigmoid", "sigmoid", why="z2 or y_hat kept from the first call")]


def tanh_5relu_cases(passes):
    special = [
        passes.case("5relu, then 5relu: units that are exactly zero", "5relu", "5relu", ANY, ANY, ANY, ANY,
                    zero_units=True, why="the slope of 5 ReLU at 0, in either place"),
        passes.case("5relu, then identity: large inputs", "5relu", "identity", ANY, ANY, ANY, ANY, scale=15.0,
                    why="5 as a ceiling or as a threshold"),
        passes.case("tanh, then identity: saturated units", "tanh", "identity", ANY, ANY, ANY, ANY, scale=15.0,
                    why="inputs that are clipped; infinities that cancel to nan"),
    ]
    return [*passes.pairs(("tanh", "5relu", "relu", "sigmoid", "identity"), known=("identity", "relu", "sigmoid")),
            *special, passes.again("tanh", "5relu", why="anything kept from the first call")]


def clear_cases():
    def given(dice, f, g, N=ANY):
        return with_gradient(dice, network_given(dice, f, g, dice.sizes(N, ANY, ANY, ANY)))

    def then_another(dice):
        N, N_before, n, h, K = dice.sizes(ANY, ANY, ANY, ANY, ANY, low=2, high=8)
        return after([with_gradient(dice, network_given(dice, "tanh", "identity", (N_before, n, h, K)))],
                     with_gradient(dice, network_given(dice, "tanh", "identity", (N, n, h, K))),
                     operation="forward_backward_clear")

    return [
        Case("cleared after a backward pass", "forward_backward_clear", lambda dice: given(dice, "relu", "sigmoid"),
             why="a gradient or a part of the cache that stays, zeros that are not empty, parameters that are lost"),
        Case("cleared after a single sample", "forward_backward_clear",
             lambda dice: given(dice, "identity", "5relu", 1), why="the same for matrices of one row"),
        Case("used again after it was cleared", FB, then_another, why="a network that cannot be used after it"),
    ]
