"""Slips in the losses of two_layer, and in the derivatives of its question 1.4 (d)."""

import math

from suspects import Steps, played, suspect, torch

# ---- Losses -----------------------------------------------------------------------------------------------------

SIZES = {"N": lambda s, g: g.y.shape[0], "K": lambda s, g: g.y.shape[1]}


def loss_slips(J, gradient):
    """Slips that both losses may have. `J`: the sum of all errors; `gradient`: that of `J`."""
    return [
        suspect("J_divided_by_N_only", "J is averaged over the samples, not over the outputs: K is missing in its "
                "denominator.", J=lambda s, g: J(g) / s.N),
        suspect("J_divided_by_K_only", "J is averaged over the outputs, not over the samples: N is missing in its "
                "denominator.", J=lambda s, g: J(g) / s.K),
        suspect("J_has_N_for_K", "J is divided by N twice, once where K belongs.", J=lambda s, g: J(g) / s.N ** 2),
        suspect("J_has_K_for_N", "J is divided by K twice, once where N belongs.", J=lambda s, g: J(g) / s.K ** 2),
        suspect("J_halved", "J is half of what it should be.", J=lambda s, g: J(g) / (2 * s.N * s.K)),
        suspect("J_negated", "J has the wrong sign: a loss is never negative.", J=lambda s, g: -J(g) / (s.N * s.K)),
        suspect("dJdy_hat_reversed", "dJdy_hat has the wrong sign: it points from the prediction to the target.",
                dJdy_hat=lambda s, g: -gradient(g) / (s.N * s.K)),
        suspect("dJdy_hat_divided_by_N_only", "dJdy_hat is divided by N but not by K; J is an average over both.",
                dJdy_hat=lambda s, g: gradient(g) / s.N),
        suspect("dJdy_hat_divided_by_K_only", "dJdy_hat is divided by K but not by N; J is an average over both.",
                dJdy_hat=lambda s, g: gradient(g) / s.K),
        suspect("dJdy_hat_has_N_for_K", "dJdy_hat is divided by N twice, once where K belongs.",
                dJdy_hat=lambda s, g: gradient(g) / s.N ** 2),
        suspect("dJdy_hat_has_K_for_N", "dJdy_hat is divided by K twice, once where N belongs.",
                dJdy_hat=lambda s, g: gradient(g) / s.K ** 2),
        suspect("dJdy_hat_halved", "dJdy_hat is half of what it should be.",
                dJdy_hat=lambda s, g: gradient(g) / (2 * s.N * s.K)),
        suspect("dJdy_hat_doubled", "dJdy_hat is twice what it should be.",
                dJdy_hat=lambda s, g: 2 * gradient(g) / (s.N * s.K)),
    ]


def squared_norm(g):
    return ((g.y_hat - g.y) ** 2).sum()


MSE = {
    **SIZES,
    "J": lambda s, g: squared_norm(g) / (s.N * s.K),
    "dJdy_hat": lambda s, g: 2 * (g.y_hat - g.y) / (s.N * s.K),
}

MSE_SUSPECTS = [
    *loss_slips(squared_norm, lambda g: 2 * (g.y_hat - g.y)),
    suspect("J_is_SSE", "J is the squared norm, a sum: here it is the mean over all entries, of all samples.",
            J=lambda s, g: squared_norm(g)),
    suspect("J_is_root", "J is the root of the mean square; there is no root in it.",
            J=lambda s, g: (squared_norm(g) / (s.N * s.K)).sqrt()),
    suspect("J_of_absolute_values", "J is the mean of the absolute differences; they are squared here.",
            J=lambda s, g: (g.y_hat - g.y).abs().mean()),
    suspect("J_without_squares", "J is the mean of the differences: they are not squared.",
            J=lambda s, g: (g.y_hat - g.y).mean()),
    suspect("J_squares_the_sum", "In J the differences are added before they are squared; each entry is squared first.",
            J=lambda s, g: (g.y_hat - g.y).sum() ** 2 / (s.N * s.K)),
    suspect("J_of_first_sample", "J counts the first sample alone.",
            J=lambda s, g: ((g.y_hat[0] - g.y[0]) ** 2).mean()),
    suspect("dJdy_hat_of_squared_norm", "dJdy_hat is the gradient of the squared norm, 2 (y_hat - y): J is a mean over "
            "all entries, and so it is divided by N K.", dJdy_hat=lambda s, g: 2 * (g.y_hat - g.y)),
    suspect("dJdy_hat_is_difference", "dJdy_hat is the difference y_hat - y alone: the 2 that the square brings down "
            "and the division by N K are missing.", dJdy_hat=lambda s, g: g.y_hat - g.y),
    suspect("dJdy_hat_squared", "dJdy_hat has the squares of the differences; a derivative lowers the power by one.",
            dJdy_hat=lambda s, g: 2 * (g.y_hat - g.y) ** 2 / (s.N * s.K)),
    suspect("dJdy_hat_of_signs", "dJdy_hat has the signs of the differences: that is the derivative of absolute "
            "values.", dJdy_hat=lambda s, g: torch.sign(g.y_hat - g.y) / (s.N * s.K)),
    suspect("dJdy_hat_transposed", "dJdy_hat is the transpose of the gradient; it has the shape of y_hat.",
            dJdy_hat=lambda s, g: 2 * (g.y_hat - g.y).T / (s.N * s.K)),
    suspect("dJdy_hat_without_y", "dJdy_hat depends on y_hat alone: y is not subtracted.",
            dJdy_hat=lambda s, g: 2 * g.y_hat / (s.N * s.K)),
]

MSE_STEPS = Steps({"loss": played(MSE)}, {*MSE}, {"loss": MSE_SUSPECTS})


def cross_entropies(g, guard=0.0):
    return -(g.y * torch.log(g.y_hat + guard) + (1 - g.y) * torch.log(1 - g.y_hat + guard))


def bounded(g, log):
    """As PyTorch computes it, which matters where a prediction is exactly 0 or 1."""
    return torch.clamp(log, min=-100)


def bce_sum(g):
    return -(g.y * bounded(g, torch.log(g.y_hat)) + (1 - g.y) * bounded(g, torch.log(1 - g.y_hat))).sum()


def bce_gradient(g):
    return (g.y_hat - g.y) / torch.clamp(g.y_hat * (1 - g.y_hat), min=1e-12)


BCE = {
    **SIZES,
    "J": lambda s, g: bce_sum(g) / (s.N * s.K),
    "dJdy_hat": lambda s, g: bce_gradient(g) / (s.N * s.K),
}


def guarded(digits):
    return suspect(f"log_guarded_1e_{digits}",
                   "A small constant is added inside the logarithms, so a prediction that is sure and wrong costs too "
                   "little. Scored cases need no such guard.",
                   J=lambda s, g: cross_entropies(g, 10.0 ** -digits).mean())


def clipped(digits):
    return suspect(f"predictions_clipped_1e_{digits}",
                   "Predictions are clipped before the logarithm, so one that is sure and wrong costs too little. "
                   "Scored cases need no such guard.",
                   J=lambda s, g: cross_entropies(type(g)(y=g.y, y_hat=torch.clamp(g.y_hat, 10.0 ** -digits,
                                                                                   1 - 10.0 ** -digits))).mean())


BCE_SUSPECTS = [
    *loss_slips(bce_sum, bce_gradient),
    suspect("J_is_sum", "J is the sum of all cross-entropies: here it is their mean over all entries, of all samples.",
            J=lambda s, g: bce_sum(g)),
    suspect("J_without_second_term", "J counts only the entries whose target is 1: the term with 1 - y is missing.",
            J=lambda s, g: -(g.y * torch.log(g.y_hat)).mean()),
    suspect("J_without_first_term", "J counts only the entries whose target is 0: the term with y is missing.",
            J=lambda s, g: -((1 - g.y) * torch.log(1 - g.y_hat)).mean()),
    suspect("J_with_targets_swapped", "In J the two targets are the wrong way round: y weighs the logarithm of y_hat.",
            J=lambda s, g: -((1 - g.y) * torch.log(g.y_hat) + g.y * torch.log(1 - g.y_hat)).mean()),
    suspect("J_second_term_sign", "In J the two terms have different signs.",
            J=lambda s, g: -(g.y * torch.log(g.y_hat) - (1 - g.y) * torch.log(1 - g.y_hat)).mean()),
    suspect("J_with_y_and_y_hat_swapped", "In J the logarithms are taken of y and weighed with y_hat; it is the other "
            "way round.", J=lambda s, g: -(g.y_hat * torch.log(g.y) + (1 - g.y_hat) * torch.log(1 - g.y)).mean()),
    suspect("J_in_bits", "J is measured with logarithms to base 2; here they are the natural ones.",
            J=lambda s, g: bce_sum(g) / (s.N * s.K * math.log(2))),
    suspect("J_of_first_sample", "J counts the first sample alone.", J=lambda s, g: cross_entropies(g)[0].mean()),
    *[guarded(digits) for digits in (7, 8, 9, 10, 12)], *[clipped(digits) for digits in (5, 6, 7, 8, 9)],
    suspect("dJdy_hat_not_divided", "dJdy_hat is not divided by N K; J is a mean over all entries.",
            dJdy_hat=lambda s, g: bce_gradient(g)),
    suspect("dJdy_hat_at_z3", "dJdy_hat is (y_hat - y) / (N K): that is the gradient at z3 where g is the sigmoid. The "
            "gradient at y_hat is divided by y_hat (1 - y_hat) too.",
            dJdy_hat=lambda s, g: (g.y_hat - g.y) / (s.N * s.K)),
    suspect("dJdy_hat_is_difference", "dJdy_hat is the difference y_hat - y: that belongs to z3, where g is the "
            "sigmoid, and the division by N K is missing.", dJdy_hat=lambda s, g: g.y_hat - g.y),
    suspect("dJdy_hat_without_second_term", "dJdy_hat is that of the first term, with y, alone.",
            dJdy_hat=lambda s, g: -g.y / g.y_hat / (s.N * s.K)),
    suspect("dJdy_hat_second_term_sign", "dJdy_hat has the wrong sign in its second term: the derivative of "
            "log(1 - y_hat) has a minus.",
            dJdy_hat=lambda s, g: (-g.y / g.y_hat - (1 - g.y) / (1 - g.y_hat)) / (s.N * s.K)),
    suspect("dJdy_hat_times_variance", "dJdy_hat is multiplied by y_hat (1 - y_hat) where it should be divided by it.",
            dJdy_hat=lambda s, g: (g.y_hat - g.y) * g.y_hat * (1 - g.y_hat) / (s.N * s.K)),
]

BCE_STEPS = Steps({"loss": played(BCE)}, {*BCE}, {"loss": BCE_SUSPECTS})


# ---- Derivatives ------------------------------------------------------------------------------------------------


def derivative(right, *suspects):
    return Steps({"derivative": played({"derivative": lambda s, g: right(g.z)})}, {"derivative"},
                 {"derivative": suspects})


def slip(identity, sentence, formula):
    return suspect(identity, sentence, derivative=lambda s, g: formula(g.z))


IS_FUNCTION = "This is the function itself, not its derivative."

RELU_STEPS = derivative(
    lambda z: (z > 0) * 1.0,
    slip("one_at_zero", "The slope at exactly 0 is 1; the homework decides for 0 there.", lambda z: (z >= 0) * 1.0),
    slip("half_at_zero", "The slope at exactly 0 is 1/2; the homework decides for 0 there.",
         lambda z: (torch.sign(z) + 1) / 2),
    slip("is_function", IS_FUNCTION, lambda z: torch.relu(z)),
    slip("inverted", "The slope is 1 where z is negative, and 0 where it is positive: the branches are swapped.",
         lambda z: (z < 0) * 1.0),
    slip("inverted_at_zero", "The slope is 1 where z is not positive: the branches are swapped.",
         lambda z: (z <= 0) * 1.0),
    slip("is_sign", "The slope is -1 where z is negative; what ReLU stops has no slope.", lambda z: torch.sign(z)),
    slip("all_ones", "The slope is 1 everywhere, as of the identity.", lambda z: torch.ones_like(z)),
    slip("slope_of_leaky_relu", "The slope is 0.01 where z is negative: that is LeakyReLU.",
         lambda z: torch.where(z > 0, 1.0, 0.01)))

LEAKY_RELU_STEPS = derivative(
    lambda z: torch.where(z > 0, 1.0, 0.01),
    slip("one_at_zero", "The slope at exactly 0 is 1; the homework decides for 0.01 there.",
         lambda z: torch.where(z >= 0, 1.0, 0.01)),
    slip("zero_at_zero", "The slope at exactly 0 is 0; the homework decides for 0.01 there.",
         lambda z: torch.where(z > 0, 1.0, 0.01) * (z != 0)),
    slip("slope_of_relu", "The slope is 0 where z is not positive: that is ReLU, not LeakyReLU.",
         lambda z: (z > 0) * 1.0),
    slip("is_function", IS_FUNCTION, lambda z: torch.where(z > 0, z, 0.01 * z)),
    slip("slope_tenth", "The slope for negative inputs is 0.1; it is 0.01.", lambda z: torch.where(z > 0, 1.0, 0.1)),
    slip("slope_negative", "The slope for negative inputs is -0.01: the line through 0 still rises there.",
         lambda z: torch.where(z > 0, 1.0, -0.01)),
    slip("slope_times_z", "For negative inputs this is 0.01 z, the function; its slope does not depend on z.",
         lambda z: torch.where(z > 0, torch.ones_like(z), 0.01 * z)),
    slip("inverted", "The slope is 0.01 where z is positive: the branches are swapped.",
         lambda z: torch.where(z > 0, 0.01, 1.0)))

SOFTPLUS_STEPS = derivative(
    lambda z: torch.sigmoid(z),
    slip("is_function", IS_FUNCTION, lambda z: torch.log(1 + torch.exp(z))),
    slip("exponent_sign", "This is 1 / (1 + exp(z)), which falls where it should rise: the sign in the exponent is "
         "wrong, or the derivative of exp(z) is left out.", lambda z: torch.sigmoid(-z)),
    slip("slope_of_sigmoid", "This is the derivative of the sigmoid, so the second derivative of Softplus.",
         lambda z: torch.sigmoid(z) * torch.sigmoid(-z)),
    slip("is_tanh", "This is tanh; the derivative of Softplus lies between 0 and 1.", lambda z: torch.tanh(z)),
    slip("is_exponential", "This is exp(z): the denominator is left out.", lambda z: torch.exp(z)),
    slip("denominator_minus", "The denominator has a minus for the plus.", lambda z: 1 / (1 - torch.exp(-z))))


def distribution(z):
    return (1 + torch.erf(z / math.sqrt(2))) / 2


def density(z):
    return torch.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def of_tanh_approximation(z):
    c = math.sqrt(2 / math.pi)
    t = torch.tanh(c * (z + 0.044715 * z ** 3))
    return (1 + t) / 2 + z * (1 - t * t) * c * (1 + 3 * 0.044715 * z * z) / 2


def of_sigmoid_approximation(z):
    a = torch.sigmoid(1.702 * z)
    return a + 1.702 * z * a * (1 - a)


GELU_STEPS = derivative(
    lambda z: distribution(z) + z * density(z),
    slip("without_density", "This is Phi(z) alone: the product rule gives a second term, z times the density.",
         distribution),
    slip("is_function", IS_FUNCTION, lambda z: z * distribution(z)),
    slip("without_distribution", "This is z times the density alone: the product rule gives Phi(z) as well.",
         lambda z: z * density(z)),
    slip("density_without_z", "The density is added without its factor z.", lambda z: distribution(z) + density(z)),
    slip("density_subtracted", "The term with the density is subtracted; it is added.",
         lambda z: distribution(z) - z * density(z)),
    slip("is_density", "This is the density of the normal distribution, the derivative of Phi(z), not of z Phi(z).",
         density),
    slip("erf_of_z", "In Phi(z) the error function is taken of z; it is taken of z / sqrt(2).",
         lambda z: (1 + torch.erf(z)) / 2 + z * density(z)),
    slip("erf_without_one", "Phi(z) is erf(z / sqrt(2)) / 2 here: the 1 is missing.",
         lambda z: torch.erf(z / math.sqrt(2)) / 2 + z * density(z)),
    slip("density_not_normalised", "The density lacks its factor 1 / sqrt(2 pi).",
         lambda z: distribution(z) + z * torch.exp(-z * z / 2)),
    slip("density_exponent_without_half", "The density has exp(-z z) where exp(-z z / 2) belongs.",
         lambda z: distribution(z) + z * torch.exp(-z * z) / math.sqrt(2 * math.pi)),
    slip("density_exponent_sign", "The density has exp(z z / 2), which grows; the exponent is negative.",
         lambda z: distribution(z) + z * torch.exp(z * z / 2) / math.sqrt(2 * math.pi)),
    slip("density_by_pi", "The density is divided by sqrt(pi) where sqrt(2 pi) belongs.",
         lambda z: distribution(z) + z * torch.exp(-z * z / 2) / math.sqrt(math.pi)),
    slip("density_by_two_pi", "The density is divided by 2 pi where its root belongs.",
         lambda z: distribution(z) + z * torch.exp(-z * z / 2) / (2 * math.pi)),
    slip("tanh_approximation", "This is the derivative of GELU's approximation by tanh; the exact one, with the error "
         "function, is asked for.", of_tanh_approximation),
    slip("sigmoid_approximation", "This is the derivative of GELU's approximation by the sigmoid, z / (1 + "
         "exp(-1.702 z)); the exact one, with the error function, is asked for.", of_sigmoid_approximation))
