"""Slips in the constructor and in the forward pass of two_layer. The backward pass, and losses and derivatives, have
files of their own.

`s` is the network that a student would write, with what earlier steps and calls have left there; `g` is what is given.
A sentence says what the output is and where to look, and stays true for whoever gets that output in another way.
"""

from types import SimpleNamespace

from suspects import Steps, left, play, played, suspect, torch

PARAMETERS = ("W1", "b1", "W2", "b2")
GRADIENTS = ("dJdW2", "dJdb2", "dJdW1", "dJdb1")  # as they are computed

FUNCTIONS = {
    "identity": lambda z: z,
    "relu": lambda z: torch.clamp(z, min=0),
    "sigmoid": lambda z: 1 / (1 + torch.exp(-z)),
    "tanh": lambda z: torch.tanh(z),
    "5relu": lambda z: 5 * torch.clamp(z, min=0),
}
SMOOTH = ("sigmoid", "tanh")


def apply(name, z, **others):
    """Returns the function of that name at z; `others` are functions that a slip takes instead."""
    return {**FUNCTIONS, **others}[name](z)


# ---- A new network ----------------------------------------------------------------------------------------------


def new_network_plays(given, slips):
    g = SimpleNamespace(**given)
    known = {g.f_function, g.g_function} <= set(FUNCTIONS)
    return play(NEW if known else UNKNOWN, slips, SimpleNamespace(), g)


NEW = {
    "thrown": lambda s, g: "nothing",
    "W1": lambda s, g: torch.zeros(g.linear_1_out_features, g.linear_1_in_features),
    "b1": lambda s, g: torch.zeros(1, g.linear_1_out_features),
    "W2": lambda s, g: torch.zeros(g.linear_2_out_features, g.linear_2_in_features),
    "b2": lambda s, g: torch.zeros(1, g.linear_2_out_features),
    "not_empty": lambda s, g: "none",
}
UNKNOWN = {
    "refused": lambda s, g: "std::invalid_argument",
    "names_listed": lambda s, g: True,
    "thrown": lambda s, g: s.refused,
}

NEW_NETWORK_SUSPECTS = [
    suspect("unknown_name_accepted", "A name that is none of the five is accepted: the constructor has to compare "
            "f_function and g_function with each name as a whole, and to throw std::invalid_argument for any other.",
            refused=lambda s, g: "nothing", names_listed=lambda s, g: False),
    suspect("names_not_listed", "The message for an unknown name does not name all five functions, so its reader does "
            "not learn what to write.", names_listed=lambda s, g: False),
    suspect("W1_shape_swapped", "W1 has a row for each input feature; here it has one for each hidden unit, W1 (h, n).",
            W1=lambda s, g: torch.zeros(g.linear_1_in_features, g.linear_1_out_features)),
    suspect("W2_shape_swapped", "W2 has a row for each hidden unit; here it has one for each output, W2 (K, h).",
            W2=lambda s, g: torch.zeros(g.linear_2_in_features, g.linear_2_out_features)),
    suspect("b1_is_column", "b1 is a column; here biases are rows, which can be added to each row of a batch.",
            b1=lambda s, g: torch.zeros(g.linear_1_out_features, 1)),
    suspect("b2_is_column", "b2 is a column; here biases are rows, which can be added to each row of a batch.",
            b2=lambda s, g: torch.zeros(g.linear_2_out_features, 1)),
    suspect("b1_as_wide_as_input", "b1 has an entry for each input feature; it is added to z1, which has h columns.",
            b1=lambda s, g: torch.zeros(1, g.linear_1_in_features)),
    suspect("b2_as_wide_as_hidden", "b2 has an entry for each hidden unit; it is added to z3, which has K columns.",
            b2=lambda s, g: torch.zeros(1, g.linear_2_in_features)),
    suspect("W1_starts_at_one", "W1 starts with ones; a new network has only zeros.",
            W1=lambda s, g: torch.ones(g.linear_1_out_features, g.linear_1_in_features)),
    suspect("W2_starts_at_one", "W2 starts with ones; a new network has only zeros.",
            W2=lambda s, g: torch.ones(g.linear_2_out_features, g.linear_2_in_features)),
    suspect("gradients_not_empty", "The gradients of a new network hold entries; before the first backward pass they "
            "are empty, which zeros are not.", not_empty=lambda s, g: "dJdW1, dJdb1, dJdW2, dJdb2"),
]

NEW_NETWORK_STEPS = Steps({"init": new_network_plays}, {*NEW, *UNKNOWN},
                          {"init": NEW_NETWORK_SUSPECTS})

# ---- Forward ----------------------------------------------------------------------------------------------------

FORWARD = {
    **{name: lambda s, g, name=name: getattr(g, name) for name in PARAMETERS},
    "x": lambda s, g: g.x,
    "z1": lambda s, g: g.x @ g.W1.T + g.b1,
    "z2": lambda s, g: apply(g.f_function, s.z1),
    "z3": lambda s, g: s.z2 @ g.W2.T + g.b2,
    "y_hat": lambda s, g: apply(g.g_function, s.z3),
    "returned": lambda s, g: s.y_hat,
}


def function_suspect(slip, sentence, **functions):
    """A slip in one of the functions, wherever it stands; `functions` by name, with "_5relu" for 5relu."""
    others = {name.lstrip("_"): function for name, function in functions.items()}
    return suspect(slip, sentence, z2=lambda s, g: apply(g.f_function, s.z1, **others),
                   y_hat=lambda s, g: apply(g.g_function, s.z3, **others))


def in_first_row(row, rows):
    return torch.cat([row, torch.zeros(rows - 1, row.shape[1])])


FORWARD_SUSPECTS = [
    suspect("x_kept_from_first_call", "The member x is still that of the first batch: every forward has to keep its "
            "own.",
            x=lambda s, g: left(s, "x", g.x)),
    suspect("z1_without_b1", "z1 is only the product of x with the weights: b1 is not added.",
            z1=lambda s, g: g.x @ g.W1.T),
    suspect("z1_minus_b1", "z1 is what comes out when b1 is subtracted.", z1=lambda s, g: g.x @ g.W1.T - g.b1),
    suspect("z1_b1_in_first_row_only", "Only the first row of z1 has its bias; b1 belongs to every sample.",
            z1=lambda s, g: g.x @ g.W1.T + in_first_row(g.b1, len(g.x))),
    suspect("z1_with_W1_reshaped", "z1 is made with W1 reshaped, which keeps its numbers in their order; the transpose "
            "swaps rows and columns.", z1=lambda s, g: g.x @ g.W1.reshape(g.W1.T.shape) + g.b1),
    suspect("z1_holds_z2", "The member z1 holds what f made of it; backward needs the input of f there.",
            z1=lambda s, g: apply(g.f_function, g.x @ g.W1.T + g.b1), z2=lambda s, g: s.z1),
    suspect("z2_is_z1", "z2 is z1: f is not applied.", z2=lambda s, g: s.z1),
    suspect("z2_by_g", "z2 is made with the function whose name is g_function; after Linear 1 stands f.",
            z2=lambda s, g: apply(g.g_function, s.z1)),
    suspect("z2_is_f_twice", "z2 is f of f of z1: f is applied twice.",
            z2=lambda s, g: apply(g.f_function, apply(g.f_function, s.z1)) if g.f_function in SMOOTH else
            apply(g.f_function, s.z1)),
    suspect("z3_without_b2", "z3 is only the product of z2 with the weights: b2 is not added.",
            z3=lambda s, g: s.z2 @ g.W2.T),
    suspect("z3_minus_b2", "z3 is what comes out when b2 is subtracted.", z3=lambda s, g: s.z2 @ g.W2.T - g.b2),
    suspect("z3_b2_in_first_row_only", "Only the first row of z3 has its bias; b2 belongs to every sample.",
            z3=lambda s, g: s.z2 @ g.W2.T + in_first_row(g.b2, len(g.x))),
    suspect("z3_with_W2_reshaped", "z3 is made with W2 reshaped, which keeps its numbers in their order; the transpose "
            "swaps rows and columns.", z3=lambda s, g: s.z2 @ g.W2.reshape(g.W2.T.shape) + g.b2),
    suspect("z3_from_z1", "z3 is made from z1, so f has no part in it: the input of Linear 2 is z2.",
            z3=lambda s, g: s.z1 @ g.W2.T + g.b2),
    suspect("z3_holds_y_hat", "The member z3 holds what g made of it; backward needs the input of g there.",
            z3=lambda s, g: apply(g.g_function, s.z2 @ g.W2.T + g.b2), y_hat=lambda s, g: s.z3),
    suspect("y_hat_is_z3", "y_hat is z3: g is not applied.", y_hat=lambda s, g: s.z3),
    suspect("y_hat_by_f", "y_hat is made with the function whose name is f_function; after Linear 2 stands g.",
            y_hat=lambda s, g: apply(g.f_function, s.z3)),
    suspect("y_hat_from_z2", "y_hat is g of z2, the output of f: g takes z3, the output of Linear 2.",
            y_hat=lambda s, g: apply(g.g_function, s.z2)),
    suspect("y_hat_from_z1", "y_hat is g of z1: g takes z3, the output of Linear 2.",
            y_hat=lambda s, g: apply(g.g_function, s.z1)),
    suspect("five_multiplies_b2", "y_hat has b2 in it five times: the 5 of f is in z2 already, and has no business "
            "with the bias of Linear 2.",
            y_hat=lambda s, g: s.z3 + 4 * g.b2 if (g.f_function, g.g_function) == ("5relu", "identity") else
            apply(g.g_function, s.z3)),
    suspect("returned_is_z3", "forward returns z3, not the y_hat that g makes of it.", returned=lambda s, g: s.z3),
    function_suspect("relu_keeps_negatives", "Where the function is relu, the negative entries are kept and the "
                     "positive ones stopped; it is the other way round.", relu=lambda z: torch.clamp(z, max=0)),
    function_suspect("relu_is_leaky", "Where the function is relu, negative entries are scaled by 0.01, not stopped: "
                     "that is LeakyReLU.", relu=lambda z: torch.where(z > 0, z, 0.01 * z)),
    function_suspect("relu_is_absolute", "Where the function is relu, negative entries come out with their sign "
                     "changed; relu stops them.", relu=lambda z: z.abs()),
    function_suspect("relu_is_slope", "Where the function is relu, positive entries come out as 1: that is its "
                     "derivative.", relu=lambda z: (z > 0) * 1.0),
    function_suspect("relu_ceiling_at_six", "Where the function is relu, entries above 6 come out as 6, as in ReLU6; "
                     "relu has no ceiling.", relu=lambda z: torch.clamp(z, 0, 6)),
    function_suspect("relu_with_five", "Where the function is relu, positive entries are five times too large: that "
                     "is 5relu.", relu=FUNCTIONS["5relu"]),
    function_suspect("five_left_out", "Where the function is 5relu, its factor 5 is left out.",
                     _5relu=FUNCTIONS["relu"]),
    function_suspect("five_is_ceiling", "Where the function is 5relu, entries above 5 come out as 5: the 5 is a "
                     "factor, not a ceiling.", _5relu=lambda z: torch.clamp(z, 0, 5)),
    function_suspect("five_is_threshold", "Where the function is 5relu, it begins at 5 instead of 0: the 5 is a "
                     "factor.", _5relu=lambda z: torch.clamp(z - 5, min=0)),
    function_suspect("five_lets_negatives_through", "Where the function is 5relu, negative entries come through as "
                     "they are; 5relu stops them.", _5relu=lambda z: torch.maximum(z, 5 * z)),
    function_suspect("five_squared", "Where the function is 5relu, its factor 5 is in the output twice.",
                     _5relu=lambda z: 25 * torch.clamp(z, min=0)),
    function_suspect("five_added", "Where the function is 5relu, 5 is added; it is a factor.",
                     _5relu=lambda z: 5 + torch.clamp(z, min=0)),
    function_suspect("sigmoid_exponent_without_minus", "Where the function is sigmoid, it is that of -z, and falls "
                     "where it should rise: look at the sign in the exponent.",
                     sigmoid=lambda z: 1 / (1 + torch.exp(z))),
    function_suspect("sigmoid_denominator_minus", "Where the function is sigmoid, its denominator has a minus for the "
                     "plus.", sigmoid=lambda z: 1 / (1 - torch.exp(-z))),
    function_suspect("sigmoid_of_double", "Where the function is sigmoid, it is that of 2 z: look at the exponent.",
                     sigmoid=lambda z: torch.sigmoid(2 * z)),
    function_suspect("sigmoid_is_tanh", "Where the function is sigmoid, tanh is computed.", sigmoid=FUNCTIONS["tanh"]),
    function_suspect("sigmoid_is_slope", "Where the function is sigmoid, its derivative is computed.",
                     sigmoid=lambda z: torch.sigmoid(z) * torch.sigmoid(-z)),
    function_suspect("sigmoid_without_one", "Where the function is sigmoid, it is exp(z): the 1 in its denominator "
                     "has no effect.", sigmoid=lambda z: torch.exp(z)),
    function_suspect("identity_is_one", "Where the function is identity, the output is 1 everywhere: that is its "
                     "derivative.", identity=lambda z: torch.ones_like(z)),
    function_suspect("tanh_is_sigmoid", "Where the function is tanh, the sigmoid is computed.",
                     tanh=FUNCTIONS["sigmoid"]),
    function_suspect("tanh_without_denominator", "Where the function is tanh, only exp(z) - exp(-z), the numerator "
                     "of its fraction, is computed.", tanh=lambda z: torch.exp(z) - torch.exp(-z)),
    function_suspect("tanh_is_sinh", "Where the function is tanh, sinh is computed: its denominator depends on z too.",
                     tanh=lambda z: torch.sinh(z)),
    function_suspect("tanh_of_half", "Where the function is tanh, it is that of z / 2: look at the exponents.",
                     tanh=lambda z: torch.tanh(z / 2)),
    function_suspect("tanh_of_double", "Where the function is tanh, it is that of 2 z: look at the exponents.",
                     tanh=lambda z: torch.tanh(2 * z)),
    function_suspect("tanh_is_tangent", "Where the function is tanh, the tangent is computed.",
                     tanh=lambda z: torch.tan(z)),
]

FORWARD_STEPS = Steps({"forward": played(FORWARD)}, {*FORWARD}, {"forward": FORWARD_SUSPECTS})
