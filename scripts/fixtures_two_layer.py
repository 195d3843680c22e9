"""The components of two_layer, and PyTorch's answers and cases of losses, training steps and derivatives. Those of the
network are in fixtures_two_layer_network.py, the suspects in suspects_two_layer*.py.
"""

import suspects_two_layer as slips
import suspects_two_layer_backward as backward_slips
import suspects_two_layer_losses as losses
from fixture_cases import ANY, FB, Case, Component, after
from fixtures_two_layer_network import (NEW_NETWORK, Passes, clear_cases, forward, forward_backward,
                                        forward_backward_clear, gradients, identity_cases, init, leaf, network_given,
                                        relu_sigmoid_cases, run, tanh_5relu_cases, tensor)

try:
    import torch
except ImportError:  # reported by generate_fixtures.py, so that its --help works without it
    torch = None

# PyTorch and a hand-in differ in the order of their sums at most.
SAME_AS_PYTORCH = {"rtol": 1e-10, "atol": 1e-10}


# ---- Oracles ----------------------------------------------------------------------------------------------------

LOSSES = {"mse_loss": lambda *both: torch.nn.MSELoss()(*both), "bce_loss": lambda *both: torch.nn.BCELoss()(*both)}


def loss(name):
    def answers(given):
        y_hat = leaf(given["y_hat"])
        J = LOSSES[name](y_hat, tensor(given["y"]))
        J.backward()
        return {"J": J, "dJdy_hat": y_hat.grad}
    return {"loss": answers}


def training_step(given):
    s = run(given)
    s["y_hat"].retain_grad()
    J = LOSSES[given["loss"]](s["y_hat"], tensor(given["y"]))
    J.backward()
    return {"y_hat": s["y_hat"], "J": J, "dJdy_hat": s["y_hat"].grad, **gradients(s)}


def derivative(function):
    def answers(given):
        z = leaf(given["z"])
        return {"derivative": torch.autograd.grad(function(z).sum(), z)[0]}
    return {"derivative": answers}


# ---- Losses -----------------------------------------------------------------------------------------------------


def probabilities(dice, rows, columns):
    return [[dice.number(0.03, 0.97) for _ in range(columns)] for _ in range(rows)]


def binary(dice, rows, columns):
    """Returns zeros and ones, the first two entries different."""
    first = dice.index(2)
    bits = [first, 1 - first] + [dice.index(2) for _ in range(rows * columns)]
    return [[float(bits[i * columns + j]) for j in range(columns)] for i in range(rows)]


def mse_given(dice, N, K):
    return {"y": dice.matrix(N, K), "y_hat": dice.matrix(N, K)}


def bce_given(dice, N, K, targets=binary):
    return {"y": targets(dice, N, K), "y_hat": probabilities(dice, N, K)}


def loss_cases(given):
    def again(dice):
        """The first batch is the smaller one both ways: N K may not come out the same."""
        earlier = given(dice, *dice.sizes(ANY, ANY, high=4))
        return after([earlier], given(dice, *dice.sizes(ANY, ANY, low=5, high=8)), operation="loss")

    return [
        Case("more outputs than samples", "loss",
             lambda dice: given(dice, *dice.sizes(ANY, high=4), *dice.sizes(ANY, low=5)),
             why="N, K or N K as the divisor, a sum, a factor, the sign of the gradient, y and y_hat swapped"),
        Case("a batch of 10", "loss", lambda dice: given(dice, 10, *dice.sizes(ANY, high=5)),
             why="N and K swapped, where the other order hides it"),
        Case("a single sample", "loss", lambda dice: given(dice, *dice.sizes(1, ANY)), why="/K missing, alone"),
        Case("a single output", "loss", lambda dice: given(dice, *dice.sizes(ANY, 1)), why="/N missing, alone"),
        Case("a second batch of another shape", "loss", again, why="anything kept from the first call"),
    ]


def sure_and_wrong(dice):
    """Two predictions that are nearly 0 and nearly 1, where the other was wanted."""
    return {"y": [[1.0, 0.0]], "y_hat": [[dice.number(1, 9) * 1e-11, 1 - dice.number(1, 9) * 1e-9]]}


def sure(dice):
    """Predictions that are exactly 0 and 1, right and wrong."""
    return {"y": [[0.0, 1.0, 1.0], [0.0, 1.0, 0.0]], "y_hat": [[0.0, 1.0, 0.0], [1.0, *probabilities(dice, 1, 2)[0]]]}


BCE = [
    *loss_cases(bce_given),
    Case("targets between 0 and 1", "loss",
         lambda dice: bce_given(dice, *dice.sizes(ANY, ANY, low=3), targets=probabilities),
         why="one of the two terms alone, targets that are rounded"),
    Case("sure and wrong", "loss", sure_and_wrong,
         why="a small number added in the logarithm or under the fraction, predictions that are clipped"),
    Case("advice: predictions of exactly 0 and 1", "loss", sure,
         why="0 times infinity is nan: PyTorch bounds the logarithms at -100 and the denominator at 1e-12",
         scored=False),
]


# ---- Training steps ---------------------------------------------------------------------------------------------


def step_given(dice, f, g, name, sizes):
    N, _, _, K = sizes
    targets = binary(dice, N, K) if name == "bce_loss" else dice.matrix(N, K)
    return {**network_given(dice, f, g, sizes), "y": targets, "loss": name}


def step_again(dice):
    N, N_before, n, h, K = dice.sizes(ANY, ANY, ANY, ANY, ANY, low=2, high=8)
    return after([step_given(dice, "tanh", "sigmoid", "bce_loss", (N_before, n, h, K))],
                 step_given(dice, "tanh", "sigmoid", "bce_loss", (N, n, h, K)), operation="training_step")


TRAINING_STEP = [
    *[Case(f"example {i + 1}: 2-20-{K}, {f} and {g}, {name}", "training_step",
           lambda dice, f=f, g=g, name=name, K=K: step_given(dice, f, g, name, (10, 2, 20, K)), **SAME_AS_PYTORCH,
           why="the example networks of the original homework: functions that do not work together; single precision")
      for i, (f, g, name, K) in enumerate((("relu", "identity", "mse_loss", 5), ("sigmoid", "sigmoid", "bce_loss", 5),
                                           ("relu", "relu", "mse_loss", 22)))],
    Case("5relu and identity, mse_loss, a single sample", "training_step",
         lambda dice: step_given(dice, "5relu", "identity", "mse_loss", dice.sizes(1, ANY, ANY, ANY)),
         why="the regression of the autumn variant, its 5 counted once"),
    Case("tanh and sigmoid, bce_loss, a second step", "training_step", step_again,
         why="the classification of the autumn variant; gradients that add up in spite of clear_grad_and_cache"),
]


# ---- Derivatives ------------------------------------------------------------------------------------------------


def z_given(dice, *sizes, low=-3, high=3):
    return {"z": dice.matrix(*dice.sizes(*sizes), low, high)}


def with_zeros(dice):
    """A third of the entries, and the first, are exactly 0."""
    z = z_given(dice, ANY, ANY)["z"]
    return {"z": [[0.0 if (i + j) % 3 == 0 else entry for j, entry in enumerate(row)] for i, row in enumerate(z)]}


def in_columns(*ranges):
    """A column for each (low, high, decimals) of magnitudes, the signs alternating."""
    def draw(dice):
        N, = dice.sizes(ANY, besides=(len(ranges),))
        return {"z": [[(-1) ** (i + j) * dice.number(*span) for j, span in enumerate(ranges)] for i in range(N)]}
    return draw


def derivative_cases(*special):
    def again(dice):
        N, C, N_before, C_before = dice.sizes(ANY, ANY, ANY, ANY)
        return after([{"z": dice.matrix(N_before, C_before, -3, 3)}], {"z": dice.matrix(N, C, -3, 3)},
                     operation="derivative")

    return [
        Case("both signs", "derivative", lambda dice: z_given(dice, ANY, ANY), why="another function, a sign, a term"),
        Case("exact zeros", "derivative", with_zeros, why="the slope at 0"),
        *special,
        Case("a single sample", "derivative", lambda dice: z_given(dice, 1, ANY), why="an axis that is dropped"),
        Case("a second matrix of another shape", "derivative", again, why="anything kept from the first call"),
    ]


SMALL_AND_LARGE = Case("tiny and large inputs", "derivative",
                       in_columns((0.0001, 0.0009, 5), (7, 20), (100, 900)),
                       why="a threshold other than 0, a ceiling, the function in the place of its derivative")
SATURATED = Case("saturated inputs", "derivative", in_columns((3, 6), (15, 25), (250, 300), (6, 12)),
                 why="inputs that are clipped, a branch for one sign that is wrong, infinities that cancel to nan")
BELOW_ZERO = Case("between -2 and 0, where GELU turns", "derivative", in_columns((0.6, 0.9), (1.2, 2)),
                  why="the approximations by tanh and by the sigmoid; the term with the density")
ADVICE = Case("advice: inputs of a thousand", "derivative", in_columns((1000, 1000), (0.5, 2), (1000, 1000)),
              why="exp(1000) is infinite: exp(z) / (1 + exp(z)) gives nan, 1 / (1 + exp(-z)) does not", scored=False)

FORWARD, BACKWARD = Passes("forward"), Passes(FB)
PASS_STEPS = {FORWARD: slips.FORWARD_STEPS, BACKWARD: backward_slips.BACKWARD_STEPS}
ORACLES = {FORWARD: {"forward": forward}, BACKWARD: {FB: forward_backward}}


def passes_of(kind, cases):
    return Component(ORACLES[kind], list(cases(kind)), PASS_STEPS[kind])


COMPONENTS = {
    "new_network": Component({"init": init}, NEW_NETWORK, slips.NEW_NETWORK_STEPS),
    "forward_identity": passes_of(FORWARD, identity_cases),
    "forward_relu_sigmoid": passes_of(FORWARD, relu_sigmoid_cases),
    "forward_tanh_5relu": passes_of(FORWARD, tanh_5relu_cases),
    "backward_identity": passes_of(BACKWARD, identity_cases),
    "backward_relu_sigmoid": passes_of(BACKWARD, relu_sigmoid_cases),
    "backward_tanh_5relu": passes_of(BACKWARD, tanh_5relu_cases),
    "clear_grad_and_cache": Component({"forward_backward_clear": forward_backward_clear, FB: forward_backward},
                                      clear_cases(), backward_slips.CLEAR_STEPS),
    "training_step": Component({"training_step": training_step}, TRAINING_STEP),
    "mse_loss": Component(loss("mse_loss"), loss_cases(mse_given), losses.MSE_STEPS),
    "bce_loss": Component(loss("bce_loss"), BCE, losses.BCE_STEPS),
    "relu_derivative": Component(derivative(lambda z: torch.relu(z)), derivative_cases(SMALL_AND_LARGE),
                                 losses.RELU_STEPS),
    "leaky_relu_derivative": Component(derivative(lambda z: torch.nn.LeakyReLU(0.01)(z)),
                                       derivative_cases(SMALL_AND_LARGE), losses.LEAKY_RELU_STEPS),
    "softplus_derivative": Component(derivative(lambda z: torch.nn.Softplus(beta=1)(z)),
                                     derivative_cases(SATURATED, ADVICE), losses.SOFTPLUS_STEPS),
    "gelu_derivative": Component(derivative(lambda z: torch.nn.GELU()(z)), derivative_cases(SATURATED, BELOW_ZERO),
                                 losses.GELU_STEPS),
}
