"""Slips in the layers, losses and the optimizer of mytorch. Models and batch normalisation have files of their own.

`s` is the object that a student would write, with what earlier steps and calls have left there; `g` is what is given.
A sentence says what the output is and where to look, and stays true for whoever gets that output in another way.
"""

from types import SimpleNamespace

from fixture_cases import FB
from suspects import Steps, left, play, played, suspect, tensors, torch


def column(vector):
    return vector.reshape(-1, 1)


def row(vector):
    return vector.reshape(1, -1)


# ---- Linear -----------------------------------------------------------------------------------------------------

LINEAR_INIT = {
    "W": lambda s, g: torch.zeros(g.out_features, g.in_features),
    "b": lambda s, g: torch.zeros(g.out_features, 1),
}

LINEAR = {
    "W": lambda s, g: g.W,
    "b": lambda s, g: g.b,
    "A": lambda s, g: g.A,
    "N": lambda s, g: len(g.A),
    "Z": lambda s, g: g.A @ s.W.T + s.b.T,
    "dLdA": lambda s, g: g.dLdZ @ s.W,
    "dLdW": lambda s, g: g.dLdZ.T @ s.A / s.N,
    "dLdb": lambda s, g: column(g.dLdZ.sum(0)) / s.N,
}

LINEAR_INIT_SUSPECTS = [
    suspect("W_shape_swapped", "W has C_in rows and C_out columns; here it has a row for each output feature.",
            W=lambda s, g: torch.zeros(g.in_features, g.out_features)),
    suspect("b_is_row", "b starts as a row; here it is a column, with one entry for each output feature.",
            b=lambda s, g: torch.zeros(1, g.out_features)),
    suspect("W_starts_at_one", "W starts with ones: then all output features would be the same sum of the inputs.",
            W=lambda s, g: torch.ones(g.out_features, g.in_features)),
    suspect("b_starts_at_one", "b starts with ones; a new layer has no bias yet.",
            b=lambda s, g: torch.ones(g.out_features, 1)),
]

LINEAR_SUSPECTS = [
    suspect("W_reshaped", "Z is made with W reshaped, which keeps its numbers in their order; the transpose of W swaps "
            "rows and columns.", Z=lambda s, g: g.A @ s.W.reshape(s.W.T.shape) + s.b.T),
    suspect("b_left_out", "Z is only the product of A with the weights: the bias is not added.",
            Z=lambda s, g: g.A @ s.W.T),
    suspect("b_in_first_row_only",
            "Only the first row of Z has its bias; b belongs to every sample, so to every row.",
            Z=lambda s, g: g.A @ s.W.T + torch.cat([s.b.T, torch.zeros(len(g.A) - 1, len(s.b))])),
    suspect("b_subtracted",
            "Z is what comes out when the bias is subtracted: look at the sign of the second term in (1).",
            Z=lambda s, g: g.A @ s.W.T - s.b.T),
    suspect("b_first_entry_everywhere",
            "The first entry of b has been added to every column of Z; each output feature has a bias of its own.",
            Z=lambda s, g: g.A @ s.W.T + s.b[0, 0]),
    suspect("b_added_twice", "The bias is in Z twice.", Z=lambda s, g: g.A @ s.W.T + 2 * s.b.T),
    suspect("b_added_as_column", "Z has a row for each output feature: b has been added as the column that it is; (1) "
            "makes a row of it, one entry for each column of Z.", Z=lambda s, g: g.A @ s.W.T + s.b),
    suspect("A_keeps_output", "The member A holds the output Z; backward needs the input of the layer there.",
            A=lambda s, g: g.A @ s.W.T + s.b.T),
    suspect("N_counts_input_features", "N is C_in: the columns have been counted. A sample is a row.",
            N=lambda s, g: g.A.shape[1]),
    suspect("N_counts_output_features", "N is C_out: the columns of Z have been counted. A sample is a row.",
            N=lambda s, g: len(s.W)),
    suspect("N_kept_from_first_call", "N is still that of the first batch: every forward has to set it anew.",
            N=lambda s, g: left(s, "N", len(g.A))),
    suspect("dLdA_divided_by_N", "dLdA is divided by N; in this homework only dLdW and dLdb are.",
            dLdA=lambda s, g: g.dLdZ @ s.W / s.N),
    suspect("dLdW_not_divided_by_N", "dLdW is the sum over the batch: the division by N is missing.",
            dLdW=lambda s, g: g.dLdZ.T @ s.A),
    suspect("dLdW_multiplied_by_N", "dLdW is multiplied by N where it should be divided by it.",
            dLdW=lambda s, g: g.dLdZ.T @ s.A * s.N),
    suspect("dLdW_divided_by_N_twice", "dLdW is divided by N twice.", dLdW=lambda s, g: g.dLdZ.T @ s.A / s.N ** 2),
    suspect("dLdW_divided_by_C_in", "dLdW is divided by C_in; it is an average over samples, not over features.",
            dLdW=lambda s, g: g.dLdZ.T @ s.A / g.A.shape[1]),
    suspect("dLdW_divided_by_C_out", "dLdW is divided by C_out; it is an average over samples, not over features.",
            dLdW=lambda s, g: g.dLdZ.T @ s.A / len(s.W)),
    suspect("dLdW_divided_by_N_and_C_out", "dLdW is divided by C_out as well as by N: it is an average over the samples, "
            "not over all entries of dLdZ.", dLdW=lambda s, g: g.dLdZ.T @ s.A / (s.N * len(s.W))),
    suspect("dLdW_divided_by_N_and_C_in", "dLdW is divided by C_in as well as by N: it is an average over the samples, "
            "not over all entries of A.", dLdW=lambda s, g: g.dLdZ.T @ s.A / (s.N * g.A.shape[1])),
    suspect("dLdW_from_Z", "dLdW is built from dLdZ and Z; the derivative of Z with respect to W is in terms of A.",
            dLdW=lambda s, g: g.dLdZ.T @ s.Z / s.N),
    suspect("dLdW_from_first_sample", "dLdW comes from the first sample alone; it is an average over the batch.",
            dLdW=lambda s, g: g.dLdZ[:1].T @ s.A[:1]),
    suspect("dLdW_from_first_sample_over_N",
            "dLdW comes from the first sample alone, divided by N: the other samples are left out.",
            dLdW=lambda s, g: g.dLdZ[:1].T @ s.A[:1] / s.N),
    suspect("dLdW_adds_up", "dLdW still holds what an earlier call of backward left: it is added to, not replaced.",
            dLdW=lambda s, g: left(s, "dLdW", 0) + g.dLdZ.T @ s.A / s.N),
    suspect("dLdb_not_divided_by_N", "dLdb is the sum over the batch: the division by N is missing.",
            dLdb=lambda s, g: column(g.dLdZ.sum(0))),
    suspect("dLdb_multiplied_by_N", "dLdb is multiplied by N where it should be divided by it.",
            dLdb=lambda s, g: column(g.dLdZ.sum(0)) * s.N),
    suspect("dLdb_divided_by_N_twice", "dLdb is divided by N twice: a mean over the batch has that division in it.",
            dLdb=lambda s, g: column(g.dLdZ.sum(0)) / s.N ** 2),
    suspect("dLdb_divided_by_C_out", "dLdb is divided by C_out; it is an average over samples, not over features.",
            dLdb=lambda s, g: column(g.dLdZ.sum(0)) / len(s.W)),
    suspect("dLdb_divided_by_N_and_C_out", "dLdb is divided by C_out as well as by N: it is an average over the samples, "
            "not over all entries of dLdZ.", dLdb=lambda s, g: column(g.dLdZ.sum(0)) / (s.N * len(s.W))),
    suspect("dLdb_over_features", "dLdb has one entry for each sample: dLdZ is summed along its rows. It needs one "
            "for each output feature, summed over the samples.", dLdb=lambda s, g: column(g.dLdZ.sum(1)) / s.N),
    suspect("dLdb_over_everything", "Every entry of dLdb is the same: dLdZ is summed over samples and features.",
            dLdb=lambda s, g: torch.full_like(s.b, g.dLdZ.sum().item() / s.N)),
    suspect("dLdb_from_first_sample", "dLdb is the first row of dLdZ alone; it is an average over the batch.",
            dLdb=lambda s, g: column(g.dLdZ[0])),
    suspect("dLdb_from_first_sample_over_N",
            "dLdb is the first row of dLdZ divided by N: the other samples are left out of the sum.",
            dLdb=lambda s, g: column(g.dLdZ[0]) / s.N),
    suspect("dLdb_from_last_sample", "dLdb is the last row of dLdZ alone, perhaps because a loop overwrites it; it "
            "is an average over the batch.", dLdb=lambda s, g: column(g.dLdZ[-1])),
    suspect("dLdb_is_row", "dLdb is a row; it has the shape of b, which is a column.",
            dLdb=lambda s, g: row(g.dLdZ.sum(0)) / s.N),
    suspect("dLdb_adds_up", "dLdb still holds what an earlier call of backward left: it is added to, not replaced.",
            dLdb=lambda s, g: left(s, "dLdb", 0) + column(g.dLdZ.sum(0)) / s.N),
]

LINEAR_STEPS = Steps({"init": played(LINEAR_INIT), FB: played(LINEAR)}, {*LINEAR},
                     {"init": LINEAR_INIT_SUSPECTS, FB: LINEAR_SUSPECTS})


# ---- Activations ------------------------------------------------------------------------------------------------


def activation(function, derivative, *suspects):
    """`derivative`: of A, as the homework wants it."""
    def kept_right(s, g):
        return function(g.Z)

    steps = {
        "returned": lambda s, g: function(g.Z),
        "A": lambda s, g: s.returned,
        "dAdZ": lambda s, g: derivative(s.A),
    }
    common = [
        suspect("returns_input", "forward returns its input Z as it is.", returned=lambda s, g: g.Z, A=kept_right),
        suspect("A_keeps_input", "The member A holds the input Z; backward needs the output there.",
                A=lambda s, g: g.Z),
        suspect("A_kept_from_first_call",
                "The member A is still that of the first call: every forward has to set it.",
                A=lambda s, g: left(s, "A", s.returned)),
        suspect("dAdZ_kept_from_first_call", "dAdZ is still that of the first call: every backward has to compute it.",
                dAdZ=lambda s, g: left(s, "dAdZ", derivative(s.A))),
        suspect("dAdZ_is_A", "dAdZ is A itself, not the slope.", dAdZ=lambda s, g: s.A),
        suspect("dAdZ_all_ones", "dAdZ is 1 everywhere, as for Identity or for a condition that always holds.",
                dAdZ=lambda s, g: torch.ones_like(g.Z)),
        suspect("dAdZ_from_A_again",
                "dAdZ is the slope at A instead of at Z: A has been put through the function again.",
                dAdZ=lambda s, g: derivative(function(s.A))),
    ]
    return Steps({FB: played(steps)}, {*steps}, {FB: [*common, *suspects]})


IDENTITY_STEPS = activation(
    lambda Z: Z, lambda A: torch.ones_like(A),
    suspect("dAdZ_all_zeros", "dAdZ is 0 everywhere, so no gradient would pass Identity.",
            dAdZ=lambda s, g: torch.zeros_like(g.Z)))

SIGMOID_STEPS = activation(
    lambda Z: torch.sigmoid(Z), lambda A: A - A * A,
    suspect("exponent_without_minus",
            "The output is the sigmoid of -Z, so it falls where it should rise: look at the sign in the exponent.",
            returned=lambda s, g: torch.sigmoid(-g.Z)),
    suspect("tanh_for_sigmoid", "The output is that of tanh, not of the sigmoid.",
            returned=lambda s, g: torch.tanh(g.Z)),
    suspect("denominator_minus", "The output is what a minus instead of the plus in the denominator of (8) gives.",
            returned=lambda s, g: 1 / (1 - torch.exp(-g.Z))),
    suspect("denominator_without_one",
            "The output is the exponential of Z: the 1 in the denominator of (8) has no effect.",
            returned=lambda s, g: torch.exp(g.Z)),
    suspect("quotient_without_brackets", "The output is 1 + exp(-Z): the quotient of (8) needs brackets around its "
            "denominator.", returned=lambda s, g: 1 + torch.exp(-g.Z)),
    suspect("dAdZ_is_squared_difference", "dAdZ is the square of 1 - A; (11) has A in the place of one of the factors.",
            dAdZ=lambda s, g: (1 - s.A) ** 2),
    suspect("dAdZ_of_Z_and_A", "dAdZ is A * (1 - Z): both places of (11) have A.", dAdZ=lambda s, g: s.A * (1 - g.Z)),
    suspect("dAdZ_of_A_and_Z", "dAdZ is Z * (1 - A): both places of (11) have A.", dAdZ=lambda s, g: g.Z * (1 - s.A)),
    suspect("dAdZ_of_Z", "dAdZ has Z where (11) has A.", dAdZ=lambda s, g: g.Z - g.Z * g.Z),
    suspect("dAdZ_plus", "dAdZ is what a plus instead of the minus in (11) gives.",
            dAdZ=lambda s, g: s.A + s.A * s.A),
    suspect("dAdZ_reversed", "dAdZ has the wrong sign: the terms of (11) stand the other way round.",
            dAdZ=lambda s, g: s.A * s.A - s.A),
    suspect("dAdZ_without_factor_A", "dAdZ is 1 - A: a factor A is missing.", dAdZ=lambda s, g: 1 - s.A),
    suspect("dAdZ_of_tanh", "dAdZ follows the rule for tanh, 1 - A * A, not that for the sigmoid.",
            dAdZ=lambda s, g: 1 - s.A * s.A),
    suspect("dAdZ_is_square", "dAdZ is A * A alone; one term of (11) is missing.", dAdZ=lambda s, g: s.A * s.A))

TANH_STEPS = activation(
    lambda Z: torch.tanh(Z), lambda A: 1 - A * A,
    suspect("exponents_without_two", "The output is tanh of Z / 2: compare each exponent with (14).",
            returned=lambda s, g: torch.tanh(g.Z / 2)),
    suspect("tanh_of_double", "The output is tanh of 2 Z: compare each exponent with (14).",
            returned=lambda s, g: torch.tanh(2 * g.Z)),
    suspect("sigmoid_for_tanh", "The output is that of the sigmoid, not of tanh.",
            returned=lambda s, g: torch.sigmoid(g.Z)),
    suspect("sigmoid_of_double_for_tanh",
            "The output is the sigmoid of 2 Z: it lies between 0 and 1, that of tanh between -1 and 1.",
            returned=lambda s, g: torch.sigmoid(2 * g.Z)),
    suspect("fraction_upside_down", "The output is 1 over tanh: numerator and denominator of (14) are swapped.",
            returned=lambda s, g: 1 / torch.tanh(g.Z)),
    suspect("denominator_left_out", "The output is only the numerator of (14).",
            returned=lambda s, g: torch.exp(g.Z) - torch.exp(-g.Z)),
    suspect("denominator_two", "The output is sinh(Z): in (14) the denominator depends on Z too.",
            returned=lambda s, g: torch.sinh(g.Z)),
    suspect("quotient_without_brackets", "Only the two exponentials in the middle of (14) have been divided: numerator "
            "and denominator need brackets around them.",
            returned=lambda s, g: torch.exp(g.Z) - torch.exp(-2 * g.Z) + torch.exp(-g.Z)),
    suspect("denominator_without_brackets", "The numerator of (14) has been divided by the first exponential of the "
            "denominator alone: the denominator needs brackets around it.",
            returned=lambda s, g: 1 - torch.exp(-2 * g.Z) + torch.exp(-g.Z)),
    suspect("numerator_without_brackets", "Only the second exponential of the numerator of (14) has been divided: the "
            "numerator needs brackets around it.",
            returned=lambda s, g: torch.exp(g.Z) - torch.exp(-g.Z) / (torch.exp(g.Z) + torch.exp(-g.Z))),
    suspect("one_everywhere", "The output is 1 everywhere: numerator and denominator of (14) differ in a sign.",
            returned=lambda s, g: torch.ones_like(g.Z)),
    suspect("sign_of_exponent", "The output is tanh of -Z: look at the signs in (14).",
            returned=lambda s, g: torch.tanh(-g.Z)),
    suspect("tangent_for_tanh", "The output is the tangent of Z, not the hyperbolic tangent.",
            returned=lambda s, g: torch.tan(g.Z)),
    suspect("dAdZ_of_Z", "dAdZ has Z where it should have A.", dAdZ=lambda s, g: 1 - g.Z * g.Z),
    suspect("dAdZ_plus", "dAdZ is above 1: a sign in it is wrong. tanh is nowhere steeper than at 0.",
            dAdZ=lambda s, g: 1 + s.A * s.A),
    suspect("dAdZ_reversed", "dAdZ has the wrong sign: its two terms stand the other way round.",
            dAdZ=lambda s, g: s.A * s.A - 1),
    suspect("dAdZ_without_square", "dAdZ is 1 - A: the square is missing.", dAdZ=lambda s, g: 1 - s.A),
    suspect("dAdZ_is_squared_difference", "dAdZ is the square of 1 - A; A has to be squared before it is subtracted "
            "from 1.", dAdZ=lambda s, g: (1 - s.A) ** 2),
    suspect("dAdZ_with_double", "dAdZ is 1 - 2 A; A has to be squared, not doubled.", dAdZ=lambda s, g: 1 - 2 * s.A),
    suspect("dAdZ_of_sigmoid", "dAdZ follows the rule for the sigmoid, not that for tanh.",
            dAdZ=lambda s, g: s.A - s.A * s.A),
    suspect("dAdZ_is_square", "dAdZ is A * A alone: one term is missing.", dAdZ=lambda s, g: s.A * s.A))

RELU_STEPS = activation(
    lambda Z: torch.relu(Z), lambda A: (A > 0) * 1.0,
    suspect("leaky", "Negative inputs are scaled by 0.01, not stopped: that is LeakyReLU.",
            returned=lambda s, g: torch.nn.functional.leaky_relu(g.Z, 0.01),
            dAdZ=lambda s, g: 0.01 + 0.99 * (g.Z > 0)),
    suspect("absolute_value", "Negative inputs come out with their sign changed; ReLU stops them.",
            returned=lambda s, g: g.Z.abs()),
    suspect("negatives_kept",
            "The negative inputs are kept and the positive ones stopped; it is the other way round.",
            returned=lambda s, g: torch.clamp(g.Z, max=0)),
    suspect("step_function", "forward returns 1 for each positive input: that is the slope, which backward returns.",
            returned=lambda s, g: (g.Z > 0) * 1.0),
    suspect("ceiling_at_one", "Large outputs are cut off at 1; ReLU has no ceiling.",
            returned=lambda s, g: torch.clamp(g.Z, 0, 1)),
    suspect("ceiling_at_six", "Large outputs are cut off at 6, as in ReLU6; ReLU has no ceiling.",
            returned=lambda s, g: torch.clamp(g.Z, 0, 6)),
    suspect("floor_at_one", "No output is below 1: ReLU takes the larger of Z and 0, not of Z and 1.",
            returned=lambda s, g: torch.clamp(g.Z, min=1)),
    suspect("threshold_at_one", "Inputs between 0 and 1 are stopped too: the condition compares with 1.",
            returned=lambda s, g: g.Z * (g.Z > 1)),
    suspect("softplus", "The output is softplus, a rounded ReLU.",
            returned=lambda s, g: torch.nn.functional.softplus(g.Z)),
    suspect("elu", "The output is ELU: negative inputs go to exp(Z) - 1 there, in ReLU they are stopped.",
            returned=lambda s, g: torch.nn.functional.elu(g.Z)),
    suspect("slope_one_at_zero", "dAdZ is 1 where Z is exactly 0; the homework decides otherwise there.",
            dAdZ=lambda s, g: (g.Z >= 0) * 1.0),
    suspect("slope_half_at_zero", "dAdZ is 1/2 where Z is exactly 0; the homework decides otherwise there.",
            dAdZ=lambda s, g: (torch.sign(g.Z) + 1) / 2),
    suspect("slope_half_where_A_is_zero", "dAdZ is 1/2 wherever A is 0; nothing passes there, so no gradient does.",
            dAdZ=lambda s, g: (torch.sign(s.A) + 1) / 2),
    suspect("dAdZ_inverted", "dAdZ is 1 where A is 0, and 0 where A is positive: the two branches are swapped.",
            dAdZ=lambda s, g: (s.A <= 0) * 1.0),
    suspect("dAdZ_sign", "dAdZ is -1 for negative inputs; what ReLU stops has no slope.",
            dAdZ=lambda s, g: torch.sign(g.Z)),
    suspect("dAdZ_leaky", "dAdZ is 0.01 where A is 0, as for LeakyReLU.", dAdZ=lambda s, g: 0.01 + 0.99 * (s.A > 0)),
    suspect("dAdZ_threshold_at_one", "dAdZ is 0 for outputs between 0 and 1 too: the condition compares with 1.",
            dAdZ=lambda s, g: (s.A > 1) * 1.0))


# ---- Losses -----------------------------------------------------------------------------------------------------


def squares(s):
    return ((s.A - s.Y) ** 2).sum()


MSE = {
    "A": lambda s, g: g.A,
    "Y": lambda s, g: g.Y,
    "N": lambda s, g: g.A.shape[0],
    "C": lambda s, g: g.A.shape[1],
    "L": lambda s, g: ((g.A - g.Y) ** 2).sum() / (2 * s.N * s.C),
    "dLdA": lambda s, g: (s.A - s.Y) / (s.N * s.C),
}

MSE_SUSPECTS = [
    suspect("A_and_Y_swapped", "The members A and Y hold each other's argument.", A=lambda s, g: g.Y,
            Y=lambda s, g: g.A),
    suspect("A_keeps_difference", "The member A holds the difference of A and Y, not the argument A.",
            A=lambda s, g: g.A - g.Y),
    suspect("L_without_Y", "L is made of the squares of A alone: Y is not subtracted.",
            L=lambda s, g: (s.A ** 2).sum() / (2 * s.N * s.C)),
    suspect("L_adds_Y", "L is made of the sums A + Y; (32) has their difference.",
            L=lambda s, g: ((s.A + s.Y) ** 2).sum() / (2 * s.N * s.C)),
    suspect("L_has_N_for_C", "L is divided by N where (34) has C: N is in the denominator twice.",
            L=lambda s, g: squares(s) / (2 * s.N * s.N)),
    suspect("L_has_C_for_N", "L is divided by C where (34) has N: C is in the denominator twice.",
            L=lambda s, g: squares(s) / (2 * s.C * s.C)),
    suspect("L_is_SSE", "L is the sum of squares: (34) divides it by three things.", L=lambda s, g: squares(s)),
    suspect("L_is_half_SSE", "L is half the sum of squares: the average over samples and features is missing.",
            L=lambda s, g: squares(s) / 2),
    suspect("L_without_half", "L is twice too large: the factor 2 in the denominator of (34) is missing.",
            L=lambda s, g: squares(s) / (s.N * s.C)),
    suspect("L_divided_by_2N_only",
            "L is averaged over the samples, not over the features: C is missing in the denominator.",
            L=lambda s, g: squares(s) / (2 * s.N)),
    suspect("L_divided_by_2C_only",
            "L is averaged over the features, not over the samples: N is missing in the denominator.",
            L=lambda s, g: squares(s) / (2 * s.C)),
    suspect("L_divided_by_N_only", "L is the sum of squares divided by N alone; compare the denominator of (34).",
            L=lambda s, g: squares(s) / s.N),
    suspect("L_divided_by_C_only", "L is the sum of squares divided by C alone; compare the denominator of (34).",
            L=lambda s, g: squares(s) / s.C),
    suspect("L_divided_by_four", "L is halved twice.", L=lambda s, g: squares(s) / (4 * s.N * s.C)),
    suspect("L_multiplied_by_NC", "L is half the sum of squares multiplied by N C: (34) divides by all three; a "
            "division needs brackets around what it divides by.", L=lambda s, g: squares(s) / 2 * s.N * s.C),
    suspect("L_divided_by_N_times_C",
            "L is divided by N but multiplied by C: a division needs brackets around what it divides by.",
            L=lambda s, g: squares(s) / (2 * s.N) * s.C),
    suspect("L_negated", "L has the wrong sign: a sum of squares is never negative.",
            L=lambda s, g: -squares(s) / (2 * s.N * s.C)),
    suspect("L_of_first_sample", "L counts the squares of the first sample alone; the sum runs over all samples.",
            L=lambda s, g: ((s.A[0] - s.Y[0]) ** 2).sum() / (2 * s.N * s.C)),
    suspect("L_is_root", "L is the root of the mean square; there is no root in (34).",
            L=lambda s, g: (squares(s) / (s.N * s.C)).sqrt()),
    suspect("L_of_absolute_values", "L is the mean of the absolute differences; (32) squares them.",
            L=lambda s, g: (s.A - s.Y).abs().sum() / (s.N * s.C)),
    suspect("L_of_half_absolute_values", "L is half the mean of the absolute differences; (32) squares them.",
            L=lambda s, g: (s.A - s.Y).abs().sum() / (2 * s.N * s.C)),
    suspect("L_without_squares", "L is the sum of the differences over 2 N C: they are not squared.",
            L=lambda s, g: (s.A - s.Y).sum() / (2 * s.N * s.C)),
    suspect("L_squares_the_sum", "In L the differences are added before they are squared; (32) squares each entry.",
            L=lambda s, g: (s.A - s.Y).sum() ** 2 / (2 * s.N * s.C)),
    suspect("dLdA_reversed", "dLdA has the wrong sign: it points from the prediction to the target.",
            dLdA=lambda s, g: (s.Y - s.A) / (s.N * s.C)),
    suspect("dLdA_not_divided", "dLdA is the difference alone: it has to be averaged like the loss.",
            dLdA=lambda s, g: s.A - s.Y),
    suspect("dLdA_doubled",
            "dLdA is twice too large: the 2 that the square brings down is cancelled by the one in the loss.",
            dLdA=lambda s, g: 2 * (s.A - s.Y) / (s.N * s.C)),
    suspect("dLdA_halved", "dLdA is half of what it should be: the square brings down a 2.",
            dLdA=lambda s, g: (s.A - s.Y) / (2 * s.N * s.C)),
    suspect("dLdA_divided_by_N_only", "dLdA is divided by N but not by C; the loss is an average over both.",
            dLdA=lambda s, g: (s.A - s.Y) / s.N),
    suspect("dLdA_divided_by_C_only", "dLdA is divided by C but not by N; the loss is an average over both.",
            dLdA=lambda s, g: (s.A - s.Y) / s.C),
    suspect("dLdA_of_SSE", "dLdA is that of the sum of squares: it is neither halved nor averaged.",
            dLdA=lambda s, g: 2 * (s.A - s.Y)),
    suspect("dLdA_of_SSE_over_N", "dLdA is that of the sum of squares divided by N alone; compare with the loss.",
            dLdA=lambda s, g: 2 * (s.A - s.Y) / s.N),
    suspect("dLdA_divided_by_N_twice", "dLdA is divided by N once more: the loss has been averaged already.",
            dLdA=lambda s, g: (s.A - s.Y) / (s.N ** 2 * s.C)),
    suspect("dLdA_divided_by_N_times_C",
            "dLdA is divided by N but multiplied by C: a division needs brackets around what it divides by.",
            dLdA=lambda s, g: (s.A - s.Y) / s.N * s.C),
    suspect("dLdA_has_N_for_C", "dLdA is divided by N where it should be by C: N is in the denominator twice.",
            dLdA=lambda s, g: (s.A - s.Y) / s.N ** 2),
    suspect("dLdA_has_C_for_N", "dLdA is divided by C where it should be by N: C is in the denominator twice.",
            dLdA=lambda s, g: (s.A - s.Y) / s.C ** 2),
    suspect("dLdA_multiplied_by_NC", "dLdA is multiplied by N C where it should be divided by both.",
            dLdA=lambda s, g: (s.A - s.Y) * s.N * s.C),
    suspect("dLdA_adds_Y", "dLdA has the sum A + Y where the loss has the difference.",
            dLdA=lambda s, g: (s.A + s.Y) / (s.N * s.C)),
    suspect("dLdA_squared", "dLdA has the squares of the differences; a derivative lowers the power by one.",
            dLdA=lambda s, g: (s.A - s.Y) ** 2 / (s.N * s.C)),
    suspect("dLdA_of_signs", "dLdA is the sign of each difference: that is the derivative of absolute values.",
            dLdA=lambda s, g: torch.sign(s.A - s.Y) / (s.N * s.C)),
    suspect("dLdA_without_Y", "dLdA depends on A alone: Y is not subtracted.", dLdA=lambda s, g: s.A / (s.N * s.C)),
]

MSE_STEPS = Steps({FB: played(MSE)}, {*MSE}, {FB: MSE_SUSPECTS})

CROSS_ENTROPY = {
    "A": lambda s, g: g.A,
    "Y": lambda s, g: g.Y,
    "N": lambda s, g: g.A.shape[0],
    "C": lambda s, g: g.A.shape[1],
    "softmax": lambda s, g: torch.softmax(g.A, dim=1),
    "log": lambda s, g: torch.log_softmax(g.A, dim=1),
    "SCE": lambda s, g: -(g.Y * s.log).sum(),
    "L": lambda s, g: s.SCE / s.N,
    "dLdA": lambda s, g: s.softmax - g.Y,
}


def softmax_suspect(identity, sentence, formula):
    """A slip in softmax, with the loss taken from what came out."""
    return suspect(identity, sentence, softmax=formula, log=lambda s, g: torch.log(s.softmax))


def shifted(s, g):
    """The logits with the largest of each row at 0."""
    return g.A - g.A.amax(1, keepdim=True)


def likeliest(Y):
    return torch.nn.functional.one_hot(Y.argmax(1), Y.shape[1]) * 1.0


def guarded(digits):
    return suspect(f"log_guarded_1e_{digits}",
                   "A small constant is added inside the logarithm, or bounds what goes into it, so a sample that is "
                   "surely wrong costs too little. Scored cases need no such guard.",
                   log=lambda s, g: torch.log(s.softmax + 10.0 ** -digits))


CROSS_ENTROPY_SUSPECTS = [
    suspect("A_and_Y_swapped", "The members A and Y hold each other's argument.", A=lambda s, g: g.Y,
            Y=lambda s, g: g.A),
    suspect("A_keeps_softmax",
            "The member A holds the softmax; that has a member of its own, and A keeps the argument.",
            A=lambda s, g: torch.softmax(g.A, dim=1)),
    suspect("A_keeps_shifted_logits",
            "From the member A the largest entry of each row has been subtracted: do that on a copy.",
            A=lambda s, g: g.A - g.A.amax(1, keepdim=True)),
    suspect("A_keeps_exponentials", "The member A holds the exponentials of the argument, not the argument.",
            A=lambda s, g: torch.exp(g.A)),
    softmax_suspect("softmax_over_samples",
                    "softmax is taken down the columns, over the samples; each row, one sample, has to sum to 1.",
                    lambda s, g: torch.softmax(g.A, dim=0)),
    softmax_suspect("softmax_over_everything",
                    "softmax is divided by one sum over the whole matrix; each row has a sum of its own.",
                    lambda s, g: torch.softmax(g.A.flatten(), dim=0).reshape(g.A.shape)),
    softmax_suspect("softmax_not_normalised",
                    "softmax holds the exponentials: the division by the sum of each row is missing.",
                    lambda s, g: torch.exp(g.A)),
    softmax_suspect("softmax_over_samples_of_shifted", "softmax divides by the sums of the columns, over the samples; "
                    "each row, one sample, has to sum to 1.",
                    lambda s, g: torch.exp(shifted(s, g)) / torch.exp(shifted(s, g)).sum(0)),
    softmax_suspect("softmax_over_everything_of_shifted",
                    "softmax divides by one sum over the whole matrix; each row has a sum of its own.",
                    lambda s, g: torch.exp(shifted(s, g)) / torch.exp(shifted(s, g)).sum()),
    softmax_suspect("softmax_of_shifted_not_normalised",
                    "softmax holds the exponentials of the shifted logits: the division by the sum of each row is "
                    "missing.", lambda s, g: torch.exp(shifted(s, g))),
    softmax_suspect("softmax_shifted_by_columns",
                    "The largest entry of each column is subtracted before softmax. One number a row changes nothing, "
                    "one a column does: it has to be the largest of the row.",
                    lambda s, g: torch.softmax(g.A - g.A.amax(0, keepdim=True), dim=1)),
    softmax_suspect("softmax_of_negated", "softmax is that of -A: the largest logit gets the smallest probability.",
                    lambda s, g: torch.softmax(-g.A, dim=1)),
    softmax_suspect("softmax_shifted_in_sum_only", "softmax has the shifted logits in its denominator, but not in its "
                    "numerator: the largest logit has to be subtracted in both places or in none.",
                    lambda s, g: torch.exp(g.A) / torch.exp(shifted(s, g)).sum(1, keepdim=True)),
    softmax_suspect("softmax_shifted_outside_sum_only", "softmax has the shifted logits in its numerator, but not in "
                    "its denominator: the largest logit has to be subtracted in both places or in none.",
                    lambda s, g: torch.exp(shifted(s, g)) / torch.exp(g.A).sum(1, keepdim=True)),
    softmax_suspect("softmax_twice", "softmax has been applied twice.",
                    lambda s, g: torch.softmax(torch.softmax(g.A, dim=1), dim=1)),
    softmax_suspect("softmax_divided_by_first_sum",
                    "Every row of softmax is divided by the sum of the first row; each row has a sum of its own.",
                    lambda s, g: torch.exp(g.A) / torch.exp(g.A[0]).sum()),
    softmax_suspect("sigmoid_for_softmax", "softmax is the sigmoid of each entry: nothing makes a row sum to 1.",
                    lambda s, g: torch.sigmoid(g.A)),
    suspect("softmax_keeps_logarithm", "The member softmax holds its logarithm; backward needs the probabilities.",
            softmax=lambda s, g: torch.log_softmax(g.A, dim=1)),
    suspect("softmax_keeps_gradient", "Y has been subtracted from the member softmax; it holds the probabilities.",
            softmax=lambda s, g: torch.softmax(g.A, dim=1) - g.Y, dLdA=lambda s, g: s.softmax),
    suspect("L_is_sum", "L is the sum over the batch: the division by N of (42) is missing.", L=lambda s, g: s.SCE),
    suspect("L_divided_by_N_twice", "L is divided by N twice: a mean over the batch has that division in it.",
            L=lambda s, g: s.SCE / s.N ** 2),
    suspect("L_divided_by_NC",
            "L is averaged over all entries; it is a sum over the classes, averaged over the samples.",
            L=lambda s, g: s.SCE / (s.N * s.C)),
    suspect("L_divided_by_C", "L is divided by C, the number of classes; (42) averages over the samples.",
            L=lambda s, g: s.SCE / s.C),
    suspect("L_halved", "L is half of what it should be: the factor 2 belongs to the mean squared error.",
            L=lambda s, g: s.SCE / (2 * s.N)),
    suspect("L_negated",
            "L has the wrong sign: logarithms of probabilities are negative, which the minus in (39) mends.",
            L=lambda s, g: -s.SCE / s.N),
    suspect("L_in_bits", "L is measured with the logarithm to base 2; here it is the natural one.",
            log=lambda s, g: torch.log_softmax(g.A, dim=1) / torch.log(torch.tensor(2.0))),
    suspect("L_in_decimal_logarithm", "L is measured with the logarithm to base 10; here it is the natural one.",
            log=lambda s, g: torch.log_softmax(g.A, dim=1) / torch.log(torch.tensor(10.0))),
    suspect("L_without_logarithm", "L weighs the probabilities with Y: the logarithm of (39) is missing.",
            log=lambda s, g: s.softmax),
    suspect("L_of_logits", "L weighs the logits A with Y: softmax and its logarithm have no part in it.",
            log=lambda s, g: g.A),
    # Where Y is 0 nowhere, this is what forgetting Y gives as well.
    suspect("L_not_weighted", "L sums the logarithms of the classes as they are; (39) weighs them with Y.",
            SCE=lambda s, g: -((g.Y > 0) * s.log).sum()),
    suspect("L_with_shift_in_sum_only", "In L the largest logit of each row is subtracted in the exponentials only, "
            "not from the logits outside: it has to be subtracted in both places or in none.",
            log=lambda s, g: g.A - torch.logsumexp(shifted(s, g), 1, keepdim=True)),
    suspect("L_with_shift_outside_sum_only", "In L the largest logit of each row is subtracted from the logits, but "
            "not in the exponentials of the sum: it has to be subtracted in both places or in none.",
            log=lambda s, g: shifted(s, g) - torch.logsumexp(g.A, 1, keepdim=True)),
    suspect("L_logarithm_of_sum", "L takes the logarithm of the sum over the classes; (39) sums the logarithms.",
            SCE=lambda s, g: -torch.log((g.Y * s.softmax).sum(1)).sum()),
    suspect("L_logarithm_of_weighted",
            "In L the logarithm is taken of Y times softmax; (39) takes it of softmax alone, and weighs it with Y.",
            SCE=lambda s, g: -torch.log(g.Y * s.softmax).sum()),
    suspect("L_of_first_sample", "L is the loss of the first sample alone; (42) averages over all samples.",
            L=lambda s, g: -(g.Y[0] * s.log[0]).sum()),
    suspect("L_of_first_sample_over_N",
            "L is the loss of the first sample divided by N: the other samples are left out of the sum.",
            L=lambda s, g: -(g.Y[0] * s.log[0]).sum() / s.N),
    suspect("L_of_likeliest_class", "L counts only the class that Y gives most weight; (39) sums over all classes.",
            SCE=lambda s, g: -(likeliest(g.Y) * s.log).sum()),
    suspect("L_of_predicted_class", "L counts the class that the model finds likeliest, not the one that Y wants.",
            SCE=lambda s, g: -s.log.amax(1).sum()),
    suspect("L_with_Y_and_softmax_swapped",
            "In L the logarithm is taken of Y and weighed with softmax; it is the other way round.",
            SCE=lambda s, g: -(s.softmax * torch.log(g.Y)).sum()),
    suspect("L_is_divergence", "L lacks the entropy of Y: that is the divergence between the two distributions.",
            SCE=lambda s, g: (torch.special.xlogy(g.Y, g.Y) - g.Y * s.log).sum()),
    suspect("L_of_binary_cross_entropy",
            "L also counts the classes that are not wanted, with 1 - Y: that is binary cross-entropy.",
            SCE=lambda s, g: -(g.Y * s.log + (1 - g.Y) * torch.log(1 - s.softmax)).sum()),
    *[guarded(digits) for digits in (7, 8, 9, 10, 12, 15)],
    suspect("dLdA_divided_by_N", "dLdA is divided by N; in this homework the linear layer does that.",
            dLdA=lambda s, g: (s.softmax - g.Y) / s.N),
    suspect("dLdA_divided_by_NC", "dLdA is divided by N C; in this homework it is not averaged at all.",
            dLdA=lambda s, g: (s.softmax - g.Y) / (s.N * s.C)),
    suspect("dLdA_divided_by_C", "dLdA is divided by C; in this homework it is not averaged at all.",
            dLdA=lambda s, g: (s.softmax - g.Y) / s.C),
    suspect("dLdA_reversed", "dLdA has the wrong sign: it points from the prediction to the target.",
            dLdA=lambda s, g: g.Y - s.softmax),
    suspect("dLdA_adds_Y", "Y is added in dLdA where (43) subtracts it.", dLdA=lambda s, g: s.softmax + g.Y),
    suspect("dLdA_is_slope_of_softmax", "dLdA is softmax * (1 - softmax): Y is not in it, and each logit acts on all "
            "classes.", dLdA=lambda s, g: s.softmax * (1 - s.softmax)),
    suspect("dLdA_is_softmax", "dLdA is the softmax alone: Y is not subtracted.", dLdA=lambda s, g: s.softmax),
    suspect("dLdA_of_logits", "dLdA has the logits A where (43) has their softmax.", dLdA=lambda s, g: g.A - g.Y),
    suspect("dLdA_with_respect_to_softmax", "dLdA is the derivative with respect to the softmax; one step of the "
            "chain rule, from there to A, is missing.", dLdA=lambda s, g: -g.Y / s.softmax),
    suspect("dLdA_times_derivative", "dLdA is multiplied by softmax * (1 - softmax) once more; (43) has the "
            "derivative of softmax in it already.",
            dLdA=lambda s, g: (s.softmax - g.Y) * s.softmax * (1 - s.softmax)),
    suspect("dLdA_times_Y",
            "dLdA is multiplied by Y once more; the gradient reaches every logit, not only the wanted ones.",
            dLdA=lambda s, g: (s.softmax - g.Y) * g.Y),
    suspect("dLdA_doubled", "dLdA is twice too large: no square brings down a 2 here.",
            dLdA=lambda s, g: 2 * (s.softmax - g.Y)),
    suspect("dLdA_of_likeliest_class", "dLdA treats Y as one-hot: Y may be spread over several classes.",
            dLdA=lambda s, g: s.softmax - likeliest(g.Y)),
]

CROSS_ENTROPY_STEPS = Steps({FB: played(CROSS_ENTROPY)}, {*CROSS_ENTROPY}, {FB: CROSS_ENTROPY_SUSPECTS})


# ---- SGD --------------------------------------------------------------------------------------------------------

SGD_INIT = {
    "L": lambda s, g: len(g.W),
    "lr": lambda s, g: getattr(g, "lr", 0.1),
    "mu": lambda s, g: getattr(g, "momentum", 0.0),
    "v_W": lambda s, g: [torch.zeros_like(W) for W in g.W],
    "v_b": lambda s, g: [torch.zeros_like(b) for b in g.b],
}

SGD_INIT_SUSPECTS = [
    suspect("L_one_too_small", "L is one too small: it counts the layers, the last one too.",
            L=lambda s, g: len(g.W) - 1),
    suspect("L_one_too_large", "L is one too large: it counts the linear layers, not the widths between them.",
            L=lambda s, g: len(g.W) + 1),
    suspect("L_counts_W_and_b", "L is twice too large: it counts layers, not their parameters W and b.",
            L=lambda s, g: 2 * len(g.W)),
    suspect("lr_always_default", "lr is the default, whatever the constructor was given.", lr=lambda s, g: 0.1),
    *[suspect(f"lr_defaults_to_{name}",
              f"lr is {value} where the constructor is given none; the default is another here.",
              lr=lambda s, g, value=value: getattr(g, "lr", value))
      for name, value in (("0_01", 0.01), ("0_001", 0.001))],
    suspect("mu_always_0_9", "mu is 0.9, whatever the constructor was given.", mu=lambda s, g: 0.9),
    suspect("lr_and_mu_swapped", "lr holds the momentum: the two arguments of the constructor are swapped.",
            lr=lambda s, g: getattr(g, "momentum", 0.0), mu=lambda s, g: getattr(g, "lr", 0.1)),
    suspect("mu_always_zero", "mu is 0, whatever the constructor was given.", mu=lambda s, g: 0.0),
    suspect("mu_is_one_minus_momentum", "mu is 1 - momentum; here mu is the momentum, the share that is kept.",
            mu=lambda s, g: 1 - getattr(g, "momentum", 0.0)),
    suspect("v_W_starts_at_W", "v_W starts as a copy of the weights; nothing has moved yet.", v_W=lambda s, g: g.W),
    suspect("v_W_starts_at_one", "v_W starts with ones; nothing has moved yet.",
            v_W=lambda s, g: [torch.ones_like(W) for W in g.W]),
    suspect("v_W_shape_swapped", "The matrices of v_W have rows and columns swapped; each has the shape of its W.",
            v_W=lambda s, g: [torch.zeros_like(W.T) for W in g.W]),
    suspect("v_W_lacks_last_layer", "v_W lacks the last layer.",
            v_W=lambda s, g: [torch.zeros_like(W) for W in g.W[:-1]]),
    suspect("v_b_starts_at_b", "v_b starts as a copy of the biases; nothing has moved yet.", v_b=lambda s, g: g.b),
    suspect("v_b_starts_at_one", "v_b starts with ones; nothing has moved yet.",
            v_b=lambda s, g: [torch.ones_like(b) for b in g.b]),
    suspect("v_b_is_row", "The matrices of v_b are rows; each has the shape of its b, which is a column.",
            v_b=lambda s, g: [torch.zeros_like(b.T) for b in g.b]),
    suspect("v_b_shaped_like_W", "The matrices of v_b have the shape of W; each has that of its b.",
            v_b=lambda s, g: [torch.zeros_like(W) for W in g.W]),
    suspect("v_b_lacks_last_layer", "v_b lacks the last layer.",
            v_b=lambda s, g: [torch.zeros_like(b) for b in g.b[:-1]]),
]

# The steps for one matrix W or b, called `name`, of one layer of `layers`, that has the value p and the velocity v.
# g is its gradient, `gradients` are those up to this step.
SGD_STEP = {
    "rate": lambda s, g: s.lr,
    "kept": lambda s, g: s.mu,
    "velocity": lambda s, g: s.kept * s.v + g,
    "move": lambda s, g: s.p - s.rate * s.velocity,
}


def sgd_steps(given, slips):
    """Plays every step for every layer; the answers are lists with an entry a step, as those of the oracle."""
    g = tensors(given)
    s = SimpleNamespace(lr=getattr(g, "lr", 0.1), mu=getattr(g, "momentum", 0.0), layers=len(g.W))
    p, v = {"W": list(g.W), "b": list(g.b)}, {"W": [0 * W for W in g.W], "b": [0 * b for b in g.b]}
    answers = {"W": [], "b": [], "v_W": [], "v_b": []}
    for s.step in range(len(g.dLdW)):
        for s.layer in range(s.layers):
            for s.name, gradients in (("W", g.dLdW), ("b", g.dLdb)):
                s.p, s.v = p[s.name][s.layer], v[s.name][s.layer]
                s.gradients = [layers[s.layer] for layers in gradients[:s.step + 1]]
                play(SGD_STEP, slips, s, s.gradients[-1])
                p[s.name][s.layer], v[s.name][s.layer] = s.move, s.velocity
        for name in ("W", "b"):
            answers[name].append(list(p[name]))
            answers[f"v_{name}"].append(list(v[name]))
    return answers


def where(excluded, slip, step):
    """A step that slips for some matrices only."""
    return lambda s, g: slip(s, g) if excluded(s) else SGD_STEP[step](s, g)


def left_out(identity, sentence, excluded):
    return suspect(identity, sentence, velocity=where(excluded, lambda s, g: s.v, "velocity"),
                   move=where(excluded, lambda s, g: s.p, "move"))


MOVES = [
    suspect("moved_uphill", "The parameters move along the gradient; it points to where the loss grows.",
            move=lambda s, g: s.p + s.rate * s.velocity),
    suspect("lr_left_out", "The step is not scaled by the learning rate.", rate=lambda s, g: 1.0),
    suspect("lr_always_default",
            "The step is scaled by the default learning rate, whatever the constructor was given.",
            rate=lambda s, g: 0.1),
    suspect("divided_by_lr", "The step is divided by the learning rate where it should be multiplied by it.",
            rate=lambda s, g: 1 / s.lr),
    suspect("parameter_replaced", "The parameter is replaced by the step; it has to be changed by it.",
            move=lambda s, g: -s.rate * s.velocity),
    suspect("lr_squared", "The step is scaled by the learning rate twice.", rate=lambda s, g: s.lr ** 2),
    suspect("moved_twice", "Each step is made twice, or is twice too large.",
            move=lambda s, g: s.p - 2 * s.rate * s.velocity),
    suspect("parameter_for_gradient", "The parameters are moved by their own value times the learning rate; it is the "
            "gradient that moves them.", move=lambda s, g: s.p - s.rate * s.p),
    suspect("b_not_moved", "b stays as it was: it is updated like W.",
            move=where(lambda s: s.name == "b", lambda s, g: s.p, "move")),
    suspect("W_not_moved", "W stays as it was, so no update reaches it; a copy of a layer is not the model's layer.",
            move=where(lambda s: s.name == "W", lambda s, g: s.p, "move")),
]

LAYERS = [
    left_out("last_layer_left_out", "The last layer is left out of the update.", lambda s: s.layer == s.layers - 1),
    left_out("first_layer_alone", "Only the first layer is updated.", lambda s: s.layer > 0),
    left_out("first_layer_left_out", "The first layer is left out of the update.", lambda s: s.layer == 0),
]

PLAIN = [
    suspect("gradients_add_up",
            "Each step uses the sum of all gradients so far; without momentum only the last one counts.",
            velocity=lambda s, g: sum(s.gradients)),
    suspect("first_gradient_reused", "Each step uses the gradient of the first step.",
            velocity=lambda s, g: s.gradients[0]),
    suspect("gradient_before_used", "Each step uses the gradient of the step before.",
            velocity=lambda s, g: s.gradients[-2] if s.step else 0 * g),
]

MOMENTUM = [
    suspect("gradient_weighed_with_1_minus_mu",
            "In the velocity the gradient is weighed with 1 - mu, as in an average; here it enters in full.",
            velocity=lambda s, g: s.mu * s.v + (1 - s.mu) * g),
    suspect("gradient_weighed_with_mu", "In the velocity mu multiplies the gradient; it belongs to the old velocity.",
            velocity=lambda s, g: s.v + s.mu * g),
    suspect("gradient_decayed_too",
            "In the velocity mu multiplies the gradient as well; it belongs to the old velocity alone.",
            velocity=lambda s, g: s.mu * (s.v + g)),
    suspect("one_minus_mu_for_mu", "The old velocity is weighed with 1 - mu; mu is the share that is kept.",
            velocity=lambda s, g: (1 - s.mu) * s.v + g),
    suspect("lr_in_velocity",
            "The learning rate is inside the velocity; here it enters with the step of the parameters alone.",
            velocity=lambda s, g: s.mu * s.v + s.lr * g, move=lambda s, g: s.p - s.velocity),
    suspect("velocity_is_the_step", "The velocity holds the step itself, with learning rate and minus sign; here it "
            "is made of gradients alone.", velocity=lambda s, g: s.mu * s.v - s.lr * g,
            move=lambda s, g: s.p + s.velocity),
    suspect("gradient_subtracted_from_velocity",
            "The gradient is subtracted from the velocity; here the minus sign stands in the step of the parameters.",
            velocity=lambda s, g: s.mu * s.v - g, move=lambda s, g: s.p + s.rate * s.velocity),
    suspect("lr_and_mu_swapped",
            "Learning rate and momentum are swapped: the old velocity is weighed with the learning rate.",
            kept=lambda s, g: s.lr, rate=lambda s, g: s.mu),
    suspect("velocity_not_kept", "The velocity is the gradient of each step alone: the old one is forgotten.",
            velocity=lambda s, g: g),
    suspect("velocity_not_decayed", "The velocity is the plain sum of all gradients: mu does not let old ones fade.",
            velocity=lambda s, g: s.v + g),
    suspect("gradient_before_only", "The velocity knows the gradient of the step before, not those before it: the "
            "old velocity has to be kept, not the old gradient.",
            velocity=lambda s, g: g + (s.mu * s.gradients[-2] if s.step else 0)),
    suspect("velocity_never_set",
            "v_W stays at 0: the step does not go through the velocity, or the result is not stored.",
            velocity=lambda s, g: 0 * g, move=lambda s, g: s.p - s.rate * g),
    suspect("v_b_never_set", "v_b stays at 0: b has a velocity as W has.",
            velocity=where(lambda s: s.name == "b", lambda s, g: 0 * g, "velocity"),
            move=where(lambda s: s.name == "b", lambda s, g: s.p - s.rate * g, "move")),
    suspect("gradient_for_velocity",
            "The parameters are moved with the gradient; it is the velocity that moves them.",
            move=lambda s, g: s.p - s.rate * g),
    suspect("b_moved_by_gradient", "b is moved with its gradient, W with its velocity: b has a velocity too.",
            move=where(lambda s: s.name == "b", lambda s, g: s.p - s.rate * g, "move")),
    suspect("step_scaled_with_mu", "The step of the parameters is scaled with mu as well; mu belongs into the velocity "
            "alone.", move=lambda s, g: s.p - s.rate * s.mu * s.velocity),
    suspect("gradient_added_to_step", "The step of the parameters has the gradient beside the velocity, in which it is "
            "already.", move=lambda s, g: s.p - s.rate * (s.velocity + g)),
    suspect("mu_and_1_minus_mu_swapped", "In the velocity the old one is weighed with 1 - mu and the gradient with mu; "
            "here mu is the share that is kept, and the gradient enters in full.",
            velocity=lambda s, g: (1 - s.mu) * s.v + s.mu * g),
    suspect("parameter_for_velocity", "In the velocity mu multiplies the parameter; it belongs to the old velocity.",
            velocity=lambda s, g: s.mu * s.p + g),
    suspect("old_velocity_used", "The parameters are moved with the velocity from before this step: update it first.",
            move=lambda s, g: s.p - s.rate * s.v),
    suspect("nesterov",
            "The parameters look one step ahead: that is Nesterov's momentum, not the one of this homework.",
            move=lambda s, g: s.p - s.rate * (g + s.mu * s.velocity)),
]

SGD_PLAYS = {"init": played(SGD_INIT), "steps": sgd_steps}
SGD_NAMES = {*SGD_INIT, *SGD_STEP}
SGD_STEPS = Steps(SGD_PLAYS, SGD_NAMES, {"init": SGD_INIT_SUSPECTS, "steps": [*PLAIN, *MOVES, *LAYERS]})
SGD_MOMENTUM_STEPS = Steps(SGD_PLAYS, SGD_NAMES, {"init": SGD_INIT_SUSPECTS, "steps": [*MOMENTUM, *MOVES, *LAYERS]})
