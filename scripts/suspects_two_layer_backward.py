"""Slips in the backward pass and in the clearing of two_layer."""

from types import SimpleNamespace

from fixture_cases import FB
from suspects import Steps, each_call, left, play, played, suspect, torch
from suspects_two_layer import FORWARD, FORWARD_SUSPECTS, GRADIENTS, PARAMETERS, SMOOTH, apply

SLOPES = {  # at z, where the function has the value a
    "identity": lambda z, a: torch.ones_like(z),
    "relu": lambda z, a: (z > 0) * 1.0,
    "sigmoid": lambda z, a: a * (1 - a),
    "tanh": lambda z, a: 1 - a * a,
    "5relu": lambda z, a: (z > 0) * 5.0,
}


def slope(name, z, a, **others):
    return {**SLOPES, **others}[name](z, a)


def slope_at(name, z):
    """Returns the slope at z, from z alone."""
    return slope(name, z, apply(name, z))


def power(name):
    """For a slope that is used twice; where it is 5 twice, another suspect tells."""
    return 2 if name in SMOOTH else 1


def row_sum(gradient):
    return gradient.sum(0, keepdim=True)


# ---- Backward ---------------------------------------------------------------------------------------------------

BACKWARD = {
    **FORWARD,
    "dJdz3": lambda s, g: g.dJdy_hat * slope(g.g_function, s.z3, s.y_hat),
    "dJdW2": lambda s, g: s.dJdz3.T @ s.z2,
    "dJdb2": lambda s, g: row_sum(s.dJdz3),
    "dJdz2": lambda s, g: s.dJdz3 @ g.W2,
    "dJdz1": lambda s, g: s.dJdz2 * slope(g.f_function, s.z1, s.z2),
    "dJdW1": lambda s, g: s.dJdz1.T @ s.x,
    "dJdb1": lambda s, g: row_sum(s.dJdz1),
}


def slope_suspect(slip, sentence, **slopes):
    """A slip in one of the slopes, wherever it stands."""
    others = {name.lstrip("_"): formula for name, formula in slopes.items()}
    return suspect(slip, sentence, dJdz3=lambda s, g: g.dJdy_hat * slope(g.g_function, s.z3, s.y_hat, **others),
                   dJdz1=lambda s, g: s.dJdz2 * slope(g.f_function, s.z1, s.z2, **others))


def gradient_slips(name, right):
    """Slips that any of the four gradients may have; `right` is its step."""
    return [
        suspect(f"{name}_divided_by_N", f"{name} is divided by N; it is a sum over the batch, as dJdy_hat has the "
                "division by N in it already.", **{name: lambda s, g: right(s, g) / len(g.x)}),
        suspect(f"{name}_adds_up", f"{name} still holds what an earlier call of backward left: it is added to, not "
                "replaced.", **{name: lambda s, g: left(s, name, 0) + right(s, g)}),
        suspect(f"{name}_kept_from_first_call", f"{name} is still that of the first call of backward.",
                **{name: lambda s, g: left(s, name, right(s, g))}),
        suspect(f"{name}_reversed", f"{name} has the wrong sign: a gradient points to where J grows.",
                **{name: lambda s, g: -right(s, g)}),
    ]


def weight_slips(name, gradient, cached):
    """Slips in dJdW1 or dJdW2, the product of a gradient with what the layer was given."""
    def transposed(s, g):
        return getattr(s, cached).T @ getattr(s, gradient)

    return [
        suspect(f"{name}_transposed", f"{name} is the transpose of the gradient; it has the shape of {name[3:]}.",
                **{name: transposed}),
        suspect(f"{name}_from_first_sample", f"{name} comes from the first sample alone; it is a sum over the batch.",
                **{name: lambda s, g: getattr(s, gradient)[:1].T @ getattr(s, cached)[:1]}),
    ]


def bias_slips(name, gradient, across):
    return [
        suspect(f"{name}_over_{across}", f"{name} has one entry for each sample: the gradient is summed along its "
                "rows. It needs one for each column, summed over the samples.",
                **{name: lambda s, g: getattr(s, gradient).sum(1, keepdim=True)}),
        suspect(f"{name}_is_column", f"{name} is a column; it has the shape of {name[3:]}, which is a row.",
                **{name: lambda s, g: row_sum(getattr(s, gradient)).T}),
        suspect(f"{name}_not_summed", f"{name} has a row for each sample: the sum over the batch is missing.",
                **{name: lambda s, g: getattr(s, gradient)}),
        suspect(f"{name}_from_first_sample", f"{name} comes from the first sample alone; it is a sum over the batch.",
                **{name: lambda s, g: getattr(s, gradient)[:1]}),
    ]


BACKWARD_SUSPECTS = [
    *FORWARD_SUSPECTS,
    suspect("without_slope_of_g", "dJdW2 is built from dJdy_hat as it was given: the slope of g at z3 is left out.",
            dJdz3=lambda s, g: g.dJdy_hat),
    suspect("slope_of_g_at_y_hat", "dJdW2 has the slope of g at y_hat in it; it has to be taken at z3.",
            dJdz3=lambda s, g: g.dJdy_hat * slope_at(g.g_function, s.y_hat)),
    suspect("slope_of_f_for_g", "dJdW2 has the slope of f in it, where that of g belongs.",
            dJdz3=lambda s, g: g.dJdy_hat * slope_at(g.f_function, s.z3)),
    suspect("g_for_its_slope", "dJdW2 has y_hat itself in it, where the slope of g belongs.",
            dJdz3=lambda s, g: g.dJdy_hat * s.y_hat),
    suspect("slope_of_g_twice", "dJdW2 has the slope of g in it twice.",
            dJdz3=lambda s, g: g.dJdy_hat * slope(g.g_function, s.z3, s.y_hat) ** power(g.g_function)),
    suspect("dJdW2_from_z1", "dJdW2 is built from z1; the input of Linear 2 is z2.",
            dJdW2=lambda s, g: s.dJdz3.T @ s.z1),
    suspect("dJdW2_from_z3", "dJdW2 is built from z3, the output of Linear 2; it takes the layer's input, z2.",
            dJdW2=lambda s, g: s.dJdz3.T @ s.z3),
    suspect("dJdb2_without_slope_of_g", "dJdb2 is the sum of dJdy_hat: the slope of g is left out.",
            dJdb2=lambda s, g: row_sum(g.dJdy_hat)),
    suspect("dJdW1_without_slope_of_g", "dJdW2 is right, but dJdW1 is built from a gradient without the slope of g: "
            "what goes back through Linear 2 is dJdz3, not dJdy_hat.", dJdz2=lambda s, g: g.dJdy_hat @ g.W2),
    suspect("without_slope_of_f", "dJdW1 is built from dJdz2 as it comes out of Linear 2: the slope of f at z1 is left "
            "out.", dJdz1=lambda s, g: s.dJdz2),
    suspect("slope_of_f_at_z2", "dJdW1 has the slope of f at z2 in it; it has to be taken at z1.",
            dJdz1=lambda s, g: s.dJdz2 * slope_at(g.f_function, s.z2)),
    suspect("slope_of_g_for_f", "dJdW1 has the slope of g in it, where that of f belongs.",
            dJdz1=lambda s, g: s.dJdz2 * slope_at(g.g_function, s.z1)),
    suspect("z2_for_slope_of_f", "dJdW1 has z2 itself in it, where the slope of f belongs.",
            dJdz1=lambda s, g: s.dJdz2 * s.z2),
    suspect("slope_of_f_twice", "dJdW1 has the slope of f in it twice.",
            dJdz1=lambda s, g: s.dJdz2 * slope(g.f_function, s.z1, s.z2) ** power(g.f_function)),
    suspect("dJdW1_from_z1", "dJdW1 is built from z1, the output of Linear 1; it takes the layer's input, x.",
            dJdW1=lambda s, g: s.dJdz1.T @ s.z1),
    suspect("dJdb1_without_slope_of_f", "dJdb1 is the sum of dJdz2: the slope of f is left out.",
            dJdb1=lambda s, g: row_sum(s.dJdz2)),
    *weight_slips("dJdW2", "dJdz3", "z2"), *bias_slips("dJdb2", "dJdz3", "outputs"),
    *weight_slips("dJdW1", "dJdz1", "x"), *bias_slips("dJdb1", "dJdz1", "units"),
    *[slip for name in GRADIENTS for slip in gradient_slips(name, BACKWARD[name])],
    slope_suspect("slope_of_relu_one_at_zero", "The slope of relu is 1 where its input is exactly 0; the homework "
                  "decides otherwise there.", relu=lambda z, a: (z >= 0) * 1.0),
    slope_suspect("slope_of_5relu_five_at_zero", "The slope of 5relu is 5 where its input is exactly 0; the homework "
                  "decides otherwise there.", _5relu=lambda z, a: (z >= 0) * 5.0),
    slope_suspect("slope_of_relu_inverted", "The slope of relu is 1 where its input is negative: the branches are "
                  "swapped.", relu=lambda z, a: (z <= 0) * 1.0),
    slope_suspect("slope_without_five", "The slope of 5relu is that of relu: its factor 5 is left out.",
                  _5relu=lambda z, a: (z > 0) * 1.0),
    slope_suspect("slope_with_twenty_five", "The slope of 5relu has its factor 5 in it twice.",
                  _5relu=lambda z, a: (z > 0) * 25.0),
    slope_suspect("slope_of_sigmoid_without_a", "The slope of sigmoid is 1 - a: a factor a, its value, is missing.",
                  sigmoid=lambda z, a: 1 - a),
    slope_suspect("slope_of_sigmoid_of_z", "The slope of sigmoid is z (1 - z): it is written with its value, not with "
                  "its input.", sigmoid=lambda z, a: z * (1 - z)),
    slope_suspect("slope_of_sigmoid_is_that_of_tanh", "The slope of sigmoid follows the rule for tanh.",
                  sigmoid=lambda z, a: 1 - a * a),
    slope_suspect("slope_of_sigmoid_plus", "The slope of sigmoid has a plus for the minus.",
                  sigmoid=lambda z, a: a * (1 + a)),
    slope_suspect("slope_of_tanh_without_square", "The slope of tanh is 1 - a: the square is missing.",
                  tanh=lambda z, a: 1 - a),
    slope_suspect("slope_of_tanh_of_z", "The slope of tanh has z where its value belongs.",
                  tanh=lambda z, a: 1 - z * z),
    slope_suspect("slope_of_tanh_is_that_of_sigmoid", "The slope of tanh follows the rule for the sigmoid.",
                  tanh=lambda z, a: a * (1 - a)),
    slope_suspect("slope_of_tanh_plus", "The slope of tanh has a plus for the minus.", tanh=lambda z, a: 1 + a * a),
    slope_suspect("slope_of_identity_is_zero", "The slope of identity is 0: no gradient passes it.",
                  identity=lambda z, a: torch.zeros_like(z)),
]

BACKWARD_STEPS = Steps({FB: played(BACKWARD)}, {*BACKWARD}, {FB: BACKWARD_SUSPECTS})

# ---- Clearing ---------------------------------------------------------------------------------------------------

CLEAR = {
    **{name: lambda s, g, name=name: getattr(g, name) for name in PARAMETERS},
    "not_empty": lambda s, g: "none",
}


def cleared(given, slips):
    return play(CLEAR, slips, SimpleNamespace(), each_call(given)[-1])


def stays(names):
    return {"not_empty": lambda s, g: names}


CLEAR_SUSPECTS = [
    suspect("nothing_cleared", "clear_grad_and_cache leaves all as it is, or leaves zeros, which are not empty: "
            "Matrix() is.", **stays("x, z1, z2, z3, y_hat, dJdW1, dJdb1, dJdW2, dJdb2")),
    suspect("cache_stays", "clear_grad_and_cache clears the gradients only; the cache has to be empty too.",
            **stays("x, z1, z2, z3, y_hat")),
    suspect("gradients_stay", "clear_grad_and_cache clears the cache only; the gradients have to be empty too. Zeros "
            "are not empty: Matrix() is.", **stays("dJdW1, dJdb1, dJdW2, dJdb2")),
    suspect("y_hat_stays", "clear_grad_and_cache forgets y_hat, which belongs to the cache.", **stays("y_hat")),
    suspect("x_stays", "clear_grad_and_cache forgets x, which belongs to the cache.", **stays("x")),
    suspect("bias_gradients_stay", "clear_grad_and_cache forgets the gradients of the biases.",
            **stays("dJdb1, dJdb2")),
    suspect("parameters_cleared", "clear_grad_and_cache takes the parameters away too; only gradients and cache are "
            "cleared.", **{name: lambda s, g: [] for name in PARAMETERS}),
    suspect("parameters_are_zeros", "clear_grad_and_cache sets the parameters to zero; only gradients and cache are "
            "cleared.", **{name: lambda s, g, name=name: torch.zeros_like(getattr(g, name)) for name in PARAMETERS}),
]

CLEAR_STEPS = Steps({"forward_backward_clear": cleared, FB: played(BACKWARD)}, {*CLEAR, *BACKWARD},
                    {"forward_backward_clear": CLEAR_SUSPECTS})
