"""Slips in the batch normalisation of mytorch. `s` is the layer, `g` what a call gives: one batch Z, and dLdBZ."""

from types import SimpleNamespace

from suspects import Steps, left, play, played, suspect, tensors, torch

EPS = 1e-8


def mean(matrix):
    return matrix.mean(0, keepdim=True)


def total(matrix):
    return matrix.sum(0, keepdim=True)


def deviations(s):
    return s.Z - s.M


def unbiased(s):
    return total(deviations(s) ** 2) / (len(s.Z) - 1)


INIT = {
    "BW": lambda s, g: torch.ones(1, g.num_features),
    "Bb": lambda s, g: torch.zeros(1, g.num_features),
    "running_M": lambda s, g: torch.zeros(1, g.num_features),
    "running_V": lambda s, g: torch.ones(1, g.num_features),
    "alpha": lambda s, g: 0.9,
    "eps": lambda s, g: EPS,
}

# A slip in a step of both modes is named as here; in one of them only with train_ or eval_ in front.
NORMALISE = {
    "root": lambda s, g: torch.sqrt(s.variance + EPS),
    "NZ": lambda s, g: (g.Z - s.centre) / s.root,
    "BZ": lambda s, g: s.BW * s.NZ + s.Bb,
    "returned": lambda s, g: s.BZ,
}
TRAIN = {
    "old": lambda s, g: (s.running_M, s.running_V),
    "Z": lambda s, g: g.Z,
    "N": lambda s, g: len(g.Z),
    "M": lambda s, g: mean(g.Z),
    "V": lambda s, g: mean(deviations(s) ** 2),
    "running_M": lambda s, g: s.alpha * s.running_M + (1 - s.alpha) * s.M,
    "running_V": lambda s, g: s.alpha * s.running_V + (1 - s.alpha) * s.V,
    "centre": lambda s, g: s.M,
    "variance": lambda s, g: s.V,
    **NORMALISE,
}
EVAL = {
    "running_M": lambda s, g: s.running_M,
    "running_V": lambda s, g: s.running_V,
    "centre": lambda s, g: s.running_M,
    "variance": lambda s, g: s.running_V,
    **NORMALISE,
}
BACKWARD = {
    "dLdBb": lambda s, g: total(g.dLdBZ),
    "dLdBW": lambda s, g: total(g.dLdBZ * s.NZ),
    "dLdNZ": lambda s, g: g.dLdBZ * s.BW,
    "inverse": lambda s, g: (s.V + EPS) ** -0.5,
    "cubed": lambda s, g: (s.V + EPS) ** -1.5,
    "dLdV": lambda s, g: -0.5 * total(s.dLdNZ * deviations(s) * s.cubed),
    "dLdM": lambda s, g: -total(s.dLdNZ * s.inverse),
    "direct": lambda s, g: s.dLdNZ * s.inverse,
    "through_V": lambda s, g: s.dLdV * 2 / s.N * deviations(s),
    "through_M": lambda s, g: s.dLdM / s.N,
    "dLdZ": lambda s, g: s.direct + s.through_V + s.through_M,
}


def in_mode(steps, mode, slips):
    """Returns the slips that apply to the steps of one mode."""
    return {name: slips.get(f"{mode}_{name}", slips.get(name)) for name in steps
            if name in slips or f"{mode}_{name}" in slips}


def one_call(s, operation, g, slips):
    for name in ("alpha", "BW", "Bb", "running_M", "running_V"):
        setattr(s, name, getattr(g, name, getattr(s, name)))
    if operation == "eval":
        play(EVAL, in_mode(EVAL, "eval", slips), s, g)
        return
    for Z in g.Z:
        g.Z = Z
        play(TRAIN, in_mode(TRAIN, "train", slips), s, g)
    play(BACKWARD, slips, s, g)


def calls(operation):
    def answers(given, slips):
        """Plays `before` and then the case on one object."""
        s = SimpleNamespace()
        features = len(given["Z"][0][0] if operation == "train" else given["Z"][0])
        play(INIT, {}, s, SimpleNamespace(num_features=features))
        for call in [*given.get("before", []), {"operation": operation, "given": given}]:
            one_call(s, call["operation"], tensors(call["given"]), slips)
        return vars(s)
    return answers


INIT_SUSPECTS = [
    suspect("BW_starts_at_zero", "BW starts where Bb should: with a scale of 0 nothing comes through.",
            BW=lambda s, g: torch.zeros(1, g.num_features)),
    suspect("Bb_starts_at_one", "Bb starts where BW should: the shift of a new layer does nothing.",
            Bb=lambda s, g: torch.ones(1, g.num_features)),
    suspect("running_M_starts_at_one",
            "running_M starts where running_V should. The original's prose swaps the two; the handout decides.",
            running_M=lambda s, g: torch.ones(1, g.num_features)),
    suspect("running_V_starts_at_zero",
            "running_V starts where running_M should. The original's prose swaps the two; the handout decides.",
            running_V=lambda s, g: torch.zeros(1, g.num_features)),
    suspect("alpha_is_share_of_new",
            "alpha is the share of the new batch; here it is the share of the old statistics.",
            alpha=lambda s, g: 0.1),
    suspect("eps_1e_5", "eps is 1e-5, PyTorch's; here it is another.", eps=lambda s, g: 1e-5),
    suspect("BW_is_column", "BW is a column; what belongs to a feature is a row here.",
            BW=lambda s, g: torch.ones(g.num_features, 1)),
    suspect("Bb_is_column", "Bb is a column; what belongs to a feature is a row here.",
            Bb=lambda s, g: torch.zeros(g.num_features, 1)),
    suspect("running_M_is_column", "running_M is a column; what belongs to a feature is a row here.",
            running_M=lambda s, g: torch.zeros(g.num_features, 1)),
    suspect("running_V_is_column", "running_V is a column; what belongs to a feature is a row here.",
            running_V=lambda s, g: torch.ones(g.num_features, 1)),
]

STATISTICS = [
    suspect("N_counts_features", "N is C: the columns have been counted. A sample is a row.",
            N=lambda s, g: g.Z.shape[1]),
    suspect("N_kept_from_first_batch", "N is still that of the first batch: every forward in training has to set it.",
            N=lambda s, g: left(s, "N", len(g.Z))),
    suspect("Z_holds_deviations",
            "From the member Z the mean has been subtracted; it keeps the batch as it came in.",
            Z=lambda s, g: g.Z - mean(g.Z), M=lambda s, g: mean(g.Z), V=lambda s, g: mean(s.Z ** 2)),
    suspect("M_over_features", "M has an entry for each sample: the mean is taken along the rows. It belongs to a "
            "feature, so it is taken down the columns.", M=lambda s, g: g.Z.mean(1, keepdim=True)),
    suspect("M_not_divided_by_N", "M is the sum over the batch: the division by N is missing.",
            M=lambda s, g: total(g.Z)),
    suspect("M_over_everything", "M is the mean of the whole batch, the same for every feature; each has its own.",
            M=lambda s, g: torch.full_like(mean(g.Z), g.Z.mean().item())),
    suspect("V_unbiased", "V is the unbiased variance (divided by N - 1); here it is divided by N.",
            V=lambda s, g: unbiased(s)),
    suspect("V_not_divided_by_N", "V is the sum of squares: the division by N is missing.",
            V=lambda s, g: total(deviations(s) ** 2)),
    suspect("V_is_standard_deviation", "V holds standard deviations: the root belongs to (52), V itself has none.",
            V=lambda s, g: mean(deviations(s) ** 2).sqrt(), train_root=lambda s, g: s.variance + EPS),
    suspect("V_over_everything", "V is one number for the whole batch, the same for every feature; each has its own.",
            V=lambda s, g: torch.full_like(s.M, (deviations(s) ** 2).mean().item())),
    suspect("V_over_features", "V has an entry for each sample: the mean is taken along the rows. It belongs to a "
            "feature, so it is taken down the columns.", V=lambda s, g: (deviations(s) ** 2).mean(1, keepdim=True)),
    suspect("V_of_absolute_deviations", "V is the mean of the absolute deviations; they have to be squared.",
            V=lambda s, g: mean(deviations(s).abs())),
    suspect("V_of_deviations", "V is the mean of the deviations, which is 0: they have to be squared first.",
            V=lambda s, g: mean(deviations(s))),
    suspect("V_around_running_M", "V is centred with running_M; it is the variance around the batch's own mean M.",
            V=lambda s, g: mean((s.Z - s.running_M) ** 2)),
    suspect("V_of_Z", "V is the mean of the squares of Z: the mean M is not subtracted before squaring.",
            V=lambda s, g: mean(s.Z ** 2)),
]

RUNNING = [
    suspect("alpha_swapped", "alpha and 1 - alpha are swapped: alpha is the share of the old running statistics.",
            train_running_M=lambda s, g: (1 - s.alpha) * s.running_M + s.alpha * s.M,
            train_running_V=lambda s, g: (1 - s.alpha) * s.running_V + s.alpha * s.V),
    suspect("alpha_always_default",
            "The running statistics move by the default alpha, whatever the constructor was given.",
            train_running_M=lambda s, g: 0.9 * s.running_M + 0.1 * s.M,
            train_running_V=lambda s, g: 0.9 * s.running_V + 0.1 * s.V),
    suspect("running_not_updated",
            "running_M does not move in training: (54) is left out, or its result is not stored.",
            train_running_M=lambda s, g: s.running_M, train_running_V=lambda s, g: s.running_V),
    suspect("running_overwritten",
            "The running statistics are those of the last batch alone: alpha keeps a share of the old ones.",
            train_running_M=lambda s, g: s.M, train_running_V=lambda s, g: s.V),
    suspect("batch_added_in_full", "The batch's statistics enter the running ones in full: their share is 1 - alpha.",
            train_running_M=lambda s, g: s.alpha * s.running_M + s.M,
            train_running_V=lambda s, g: s.alpha * s.running_V + s.V),
    suspect("running_kept_in_full", "The old running statistics are kept in full: their share is alpha.",
            train_running_M=lambda s, g: s.running_M + (1 - s.alpha) * s.M,
            train_running_V=lambda s, g: s.running_V + (1 - s.alpha) * s.V),
    suspect("running_sums", "The batch's statistics are added to the running ones: alpha has no part in it.",
            train_running_M=lambda s, g: s.running_M + s.M, train_running_V=lambda s, g: s.running_V + s.V),
    suspect("running_M_from_V", "running_M is updated with the variance V; perhaps copied from the line for running_V.",
            train_running_M=lambda s, g: s.alpha * s.running_M + (1 - s.alpha) * s.V),
    suspect("running_M_from_running_V", "running_M is updated from running_V; perhaps copied from the line for it.",
            train_running_M=lambda s, g: s.alpha * s.running_V + (1 - s.alpha) * s.M),
    suspect("running_M_subtracts_M", "In running_M the share of the batch is subtracted.",
            train_running_M=lambda s, g: s.alpha * s.running_M - (1 - s.alpha) * s.M),
    suspect("running_V_subtracts_V", "In running_V the share of the batch is subtracted.",
            train_running_V=lambda s, g: s.alpha * s.running_V - (1 - s.alpha) * s.V),
    suspect("running_V_overwritten",
            "running_V is that of the last batch alone: alpha keeps a share of the old one.",
            train_running_V=lambda s, g: s.V),
    suspect("batch_added_in_full_to_running_V", "In running_V the batch enters in full: its share is 1 - alpha.",
            train_running_V=lambda s, g: s.alpha * s.running_V + s.V),
    suspect("running_V_kept_in_full", "The old running_V is kept in full: its share is alpha.",
            train_running_V=lambda s, g: s.running_V + (1 - s.alpha) * s.V),
    suspect("running_V_not_updated",
            "running_V does not move in training: (55) is left out, or its result is not stored.",
            train_running_V=lambda s, g: s.running_V),
    suspect("alpha_swapped_in_running_V",
            "In running_V alpha and 1 - alpha are swapped: alpha is the share of the old running statistics.",
            train_running_V=lambda s, g: (1 - s.alpha) * s.running_V + s.alpha * s.V),
    suspect("running_V_from_M", "running_V is updated with the mean M; perhaps copied from the line above.",
            train_running_V=lambda s, g: s.alpha * s.running_V + (1 - s.alpha) * s.M),
    suspect("running_V_from_running_M", "running_V is updated from running_M; perhaps copied from the line above.",
            train_running_V=lambda s, g: s.alpha * s.running_M + (1 - s.alpha) * s.V),
    suspect("running_V_unbiased",
            "running_V is updated with the unbiased variance, as in PyTorch; here it is the biased one there too.",
            train_running_V=lambda s, g: s.alpha * s.running_V + (1 - s.alpha) * unbiased(s)),
    suspect("running_V_of_standard_deviations",
            "running_V is updated with the standard deviation; it is an average of variances.",
            train_running_V=lambda s, g: s.alpha * s.running_V + (1 - s.alpha) * s.V.sqrt()),
]

# Slips that show in inference, though not in how it normalises.
SEEN_IN_INFERENCE = [
    suspect("running_updated_in_inference", "Inference moves the running statistics; only training may.",
            eval_running_M=lambda s, g: s.alpha * s.running_M + (1 - s.alpha) * mean(g.Z),
            eval_running_V=lambda s, g: s.alpha * s.running_V + (1 - s.alpha) * mean((g.Z - mean(g.Z)) ** 2)),
    suspect("V_holds_eps",
            "eps has been added to V itself, and so reaches running_V; it belongs under the root only.",
            V=lambda s, g: mean(deviations(s) ** 2) + EPS, train_root=lambda s, g: torch.sqrt(s.variance),
            inverse=lambda s, g: s.V ** -0.5, cubed=lambda s, g: s.V ** -1.5),
]

NORMALISATION = [
    suspect("running_used_in_training",
            "Training normalises with the running statistics, just updated; it uses those of the batch.",
            train_centre=lambda s, g: s.running_M, train_variance=lambda s, g: s.running_V),
    suspect("old_running_used_in_training", "Training normalises with the running statistics as they were before the "
            "batch; it uses those of the batch.", train_centre=lambda s, g: s.old[0],
            train_variance=lambda s, g: s.old[1]),
    suspect("running_M_used_in_training", "Training is centred with running_M, just updated; it uses M of the batch.",
            train_centre=lambda s, g: s.running_M),
    suspect("running_V_used_in_training", "Training divides by the root of running_V, just updated; it uses V of the "
            "batch.", train_variance=lambda s, g: s.running_V),
    suspect("batch_M_used_in_inference", "Inference is centred with the mean of its own batch; it uses running_M.",
            eval_centre=lambda s, g: mean(g.Z)),
    suspect("batch_V_used_in_inference", "Inference divides by the root of its own batch's variance; it uses "
            "running_V.", eval_variance=lambda s, g: mean((g.Z - mean(g.Z)) ** 2)),
    suspect("batch_used_in_inference",
            "Inference normalises with the mean and variance of its own batch; it uses the running statistics.",
            eval_centre=lambda s, g: mean(g.Z), eval_variance=lambda s, g: mean((g.Z - mean(g.Z)) ** 2)),
    suspect("last_batch_used_in_inference",
            "Inference normalises with M and V of the last training batch; it uses the running statistics.",
            eval_centre=lambda s, g: left(s, "M", s.running_M), eval_variance=lambda s, g: left(s, "V", s.running_V)),
    suspect("NZ_not_kept_in_inference", "Inference does not store NZ: it is as training left it, or empty.",
            eval_NZ=lambda s, g: left(s, "NZ", torch.zeros(0, 0)),
            eval_BZ=lambda s, g: s.BW * (g.Z - s.centre) / s.root + s.Bb),
    suspect("eps_left_out", "eps is missing under the root.", root=lambda s, g: torch.sqrt(s.variance)),
    suspect("eps_outside_the_root", "eps is added outside the root; it belongs to the variance.",
            root=lambda s, g: torch.sqrt(s.variance) + EPS),
    suspect("eps_as_lower_bound", "The larger of variance and eps is under the root; it is their sum.",
            root=lambda s, g: torch.sqrt(s.variance.clamp(min=EPS))),
    suspect("eps_squared", "eps is squared before it is added to the variance.",
            root=lambda s, g: torch.sqrt(s.variance + EPS ** 2)),
    suspect("eps_twice", "eps is in the root twice, or is twice too large.",
            root=lambda s, g: torch.sqrt(s.variance + 2 * EPS)),
    suspect("eps_1e_5", "eps is 1e-5, PyTorch's; the member eps holds another.",
            root=lambda s, g: torch.sqrt(s.variance + 1e-5)),
    suspect("NZ_divided_by_variance", "NZ is divided by the variance itself: the root is missing.",
            root=lambda s, g: s.variance + EPS),
    suspect("NZ_not_divided", "NZ is only centred: the division by the standard deviation is missing.",
            root=lambda s, g: torch.ones_like(s.variance)),
    suspect("NZ_multiplied_by_root", "NZ is multiplied by the standard deviation where it should be divided by it.",
            root=lambda s, g: (s.variance + EPS) ** -0.5),
    suspect("NZ_centred_with_V", "In NZ the variance is subtracted where the mean should be.",
            NZ=lambda s, g: (g.Z - s.variance) / s.root),
    suspect("NZ_reversed", "NZ has the wrong sign: Z is subtracted from the mean, not the mean from Z.",
            NZ=lambda s, g: (s.centre - g.Z) / s.root),
    suspect("NZ_not_centred", "NZ is only divided by the standard deviation: the mean is not subtracted.",
            NZ=lambda s, g: g.Z / s.root),
    suspect("NZ_mean_added", "In NZ the mean is added where it should be subtracted.",
            NZ=lambda s, g: (g.Z + s.centre) / s.root),
    suspect("NZ_only_mean_divided",
            "In NZ only the mean is divided by the root, not the difference: brackets are missing.",
            NZ=lambda s, g: g.Z - s.centre / s.root),
    suspect("BZ_is_NZ", "BZ is NZ: neither scaled nor shifted.", BZ=lambda s, g: s.NZ),
    suspect("BZ_not_scaled", "BZ is shifted but not scaled: BW has no part in it.", BZ=lambda s, g: s.NZ + s.Bb),
    suspect("BZ_not_shifted", "BZ is scaled but not shifted: Bb has no part in it.", BZ=lambda s, g: s.BW * s.NZ),
    suspect("BW_and_Bb_swapped", "In BZ the two parameters are swapped: Bb scales and BW shifts.",
            BZ=lambda s, g: s.Bb * s.NZ + s.BW),
    suspect("BZ_scaled_after_shift", "In BZ the shift is scaled too: brackets around NZ + Bb.",
            BZ=lambda s, g: s.BW * (s.NZ + s.Bb)),
    suspect("BZ_shift_subtracted", "In BZ the shift is subtracted.", BZ=lambda s, g: s.BW * s.NZ - s.Bb),
    suspect("BZ_from_Z", "BZ scales and shifts Z itself, not the normalised NZ.", BZ=lambda s, g: s.BW * g.Z + s.Bb),
    suspect("BZ_from_deviations", "BZ scales and shifts Z - M, not the normalised NZ: the root is missing.",
            BZ=lambda s, g: s.BW * (g.Z - s.centre) + s.Bb),
    suspect("BZ_adds_BW", "In BZ the scale BW is added; it multiplies NZ.", BZ=lambda s, g: s.BW + s.NZ + s.Bb),
    suspect("returns_NZ", "forward returns NZ, not BZ.", returned=lambda s, g: s.NZ),
]

PRODUCT = ("dLdBW is a product of the matrices dLdBZ and NZ, (C, C): (59) multiplies them entry by entry, and sums over "
           "the samples.")
PARAMETER_GRADIENTS = [
    suspect("dLdBb_divided_by_N", "dLdBb is averaged over the batch; here it is a sum.",
            dLdBb=lambda s, g: mean(g.dLdBZ)),
    suspect("dLdBb_over_features",
            "dLdBb has an entry for each sample: the sum runs along the rows. It belongs to a feature.",
            dLdBb=lambda s, g: g.dLdBZ.sum(1, keepdim=True)),
    suspect("dLdBb_is_column", "dLdBb is a column; what belongs to a feature is a row here.",
            dLdBb=lambda s, g: total(g.dLdBZ).T),
    suspect("dLdBb_over_everything", "Every entry of dLdBb is the same: the sum runs over features too.",
            dLdBb=lambda s, g: torch.full_like(s.Bb, g.dLdBZ.sum().item())),
    suspect("dLdBb_with_NZ", "dLdBb has a factor NZ in it, which belongs to dLdBW.",
            dLdBb=lambda s, g: total(g.dLdBZ * s.NZ)),
    suspect("dLdBb_adds_up", "dLdBb still holds what an earlier call of backward left: it is added to, not replaced.",
            dLdBb=lambda s, g: left(s, "dLdBb", 0) + total(g.dLdBZ)),
    suspect("dLdBW_divided_by_N", "dLdBW is averaged over the batch; here it is a sum.",
            dLdBW=lambda s, g: mean(g.dLdBZ * s.NZ)),
    suspect("dLdBW_over_features",
            "dLdBW has an entry for each sample: the sum runs along the rows. It belongs to a feature.",
            dLdBW=lambda s, g: (g.dLdBZ * s.NZ).sum(1, keepdim=True)),
    suspect("dLdBW_without_NZ", "dLdBW is the sum of dLdBZ alone: the factor NZ is missing.",
            dLdBW=lambda s, g: total(g.dLdBZ)),
    suspect("dLdBW_with_Z", "dLdBW has the factor Z; BW scales the normalised NZ.",
            dLdBW=lambda s, g: total(g.dLdBZ * s.Z)),
    suspect("dLdBW_with_BZ", "dLdBW has the factor BZ; BW scales NZ, and its own effect is not in the slope.",
            dLdBW=lambda s, g: total(g.dLdBZ * s.BZ)),
    suspect("dLdBW_with_deviations",
            "dLdBW has the factor Z - M; BW scales NZ, which is divided by the root as well.",
            dLdBW=lambda s, g: total(g.dLdBZ * deviations(s))),
    suspect("dLdBW_divided_by_root_again", "dLdBW is divided by the root once more: NZ has that division in it.",
            dLdBW=lambda s, g: total(g.dLdBZ * s.NZ) * (s.V + EPS) ** -0.5),
    suspect("dLdBW_times_BW", "dLdBW is multiplied by BW; that factor belongs to dLdNZ.",
            dLdBW=lambda s, g: total(g.dLdBZ * s.NZ) * s.BW),
    suspect("dLdBW_is_matrix_product", PRODUCT, dLdBW=lambda s, g: g.dLdBZ.T @ s.NZ),
    suspect("dLdBW_is_matrix_product_from_NZ", PRODUCT, dLdBW=lambda s, g: s.NZ.T @ g.dLdBZ),
    suspect("dLdBW_adds_up", "dLdBW still holds what an earlier call of backward left: it is added to, not replaced.",
            dLdBW=lambda s, g: left(s, "dLdBW", 0) + total(g.dLdBZ * s.NZ)),
]

INPUT_GRADIENT = [
    suspect("dLdNZ_without_BW", "dLdZ is right but for the scale BW: it is left out of dLdNZ, (60).",
            dLdNZ=lambda s, g: g.dLdBZ),
    suspect("dLdNZ_with_Bb", "dLdZ has Bb where (60) has BW.", dLdNZ=lambda s, g: g.dLdBZ * s.Bb),
    suspect("dLdNZ_with_BW_twice", "dLdZ is scaled with BW twice; it stands once in (60), and nowhere else.",
            dLdNZ=lambda s, g: g.dLdBZ * s.BW ** 2),
    suspect("dLdNZ_with_NZ", "dLdZ has NZ where (60) has BW: the slope of a product is the other factor.",
            dLdNZ=lambda s, g: g.dLdBZ * s.NZ),
    suspect("dLdNZ_divided_by_BW",
            "dLdZ is what dividing by BW in (60) gives; the slope of a product is the other factor.",
            dLdNZ=lambda s, g: g.dLdBZ / s.BW),
    suspect("dLdV_without_effect", "In dLdZ the term with dLdV is missing or 0. In C++ the quotient of two integers "
            "drops what is behind the point: -1/2 is 0, and so is 2/N from N = 3 on.",
            through_V=lambda s, g: 0 * s.direct),
    suspect("dLdM_without_effect", "In dLdZ the term with dLdM is missing or 0. In C++ the quotient of two integers "
            "drops what is behind the point: 1/N is 0 from N = 2 on.", through_M=lambda s, g: 0 * s.direct),
    suspect("direct_term_only", "dLdZ is the first term of (66) alone: Z acts through the mean and the variance too.",
            dLdZ=lambda s, g: s.direct),
    suspect("direct_term_missing", "dLdZ lacks the first term of (66), the direct way through NZ.",
            dLdZ=lambda s, g: s.through_V + s.through_M),
    suspect("dLdV_half_missing",
            "In dLdZ the term with dLdV is twice too large: look at the factor in front of (62).",
            dLdV=lambda s, g: -total(s.dLdNZ * deviations(s) * s.cubed)),
    suspect("dLdV_sign", "The term with dLdV has the wrong sign: look at the minus in (62).",
            dLdV=lambda s, g: 0.5 * total(s.dLdNZ * deviations(s) * s.cubed)),
    suspect("dLdV_power_minus_half", "dLdV has the power -1/2 where (62) has -3/2: the derivative lowers it by one.",
            cubed=lambda s, g: s.inverse),
    suspect("dLdV_power_minus_one", "dLdV has the power -1 where (62) has -3/2. In C++ the quotient of two integers "
            "drops what is behind the point.", cubed=lambda s, g: 1 / (s.V + EPS)),
    suspect("dLdV_power_plus", "dLdV has the power 3/2 where (62) has -3/2.", cubed=lambda s, g: (s.V + EPS) ** 1.5),
    suspect("dLdV_with_Z", "dLdV has Z where (62) has the deviations from the mean.",
            dLdV=lambda s, g: -0.5 * total(s.dLdNZ * s.Z * s.cubed)),
    suspect("dLdV_with_NZ", "In dLdZ the term with dLdV is divided by the root once too often: NZ may stand where "
            "(62) or (66) has the deviations.", dLdV=lambda s, g: -0.5 * total(s.dLdNZ * s.NZ * s.cubed)),
    suspect("dLdV_from_dLdBZ", "In dLdZ the term with dLdV is not scaled with BW: (62) has dLdNZ, not dLdBZ.",
            dLdV=lambda s, g: -0.5 * total(g.dLdBZ * deviations(s) * s.cubed)),
    suspect("dLdV_not_summed", "dLdV is not summed over the samples: all of them share one variance.",
            dLdV=lambda s, g: -0.5 * s.dLdNZ * deviations(s) * s.cubed),
    suspect("dLdV_with_running_M", "dLdV has running_M where (62) has the mean M of the batch.",
            dLdV=lambda s, g: -0.5 * total(s.dLdNZ * (s.Z - s.running_M) * s.cubed)),
    suspect("dLdV_with_squares", "In dLdV the deviations are squared; (62) has them as they are.",
            dLdV=lambda s, g: -0.5 * total(s.dLdNZ * deviations(s) ** 2 * s.cubed)),
    suspect("dLdV_with_BZ", "dLdV has BZ where (62) has the deviations from the mean.",
            dLdV=lambda s, g: -0.5 * total(s.dLdNZ * s.BZ * s.cubed)),
    suspect("dLdV_without_deviations", "dLdV lacks the deviations from the mean that (62) multiplies with.",
            dLdV=lambda s, g: -0.5 * total(s.dLdNZ * s.cubed)),
    suspect("dLdV_without_power", "In dLdZ the term with dLdV lacks the power -3/2 of (62).",
            dLdV=lambda s, g: -0.5 * total(s.dLdNZ * deviations(s))),
    suspect("dLdV_factor_minus_three_halves", "In dLdZ the term with dLdV is three times too large: -3/2 is the power "
            "in (62), the factor in front is -1/2.", dLdV=lambda s, g: -1.5 * total(s.dLdNZ * deviations(s) * s.cubed)),
    suspect("dLdV_over_everything", "dLdV is one number for all features: (62) sums over the samples alone.",
            dLdV=lambda s, g: torch.full_like(s.V, -0.5 * (s.dLdNZ * deviations(s) * s.cubed).sum().item())),
    suspect("dLdV_averaged",
            "In dLdZ the term with dLdV is divided by N twice: (62) is a sum, the average comes in (66).",
            dLdV=lambda s, g: -0.5 * mean(s.dLdNZ * deviations(s) * s.cubed)),
    suspect("dLdM_sign", "The term with dLdM has the wrong sign: look at the first minus in (64).",
            dLdM=lambda s, g: total(s.dLdNZ * s.inverse)),
    suspect("dLdM_without_root",
            "In dLdZ the term with dLdM lacks the division by the root that stands first in (64).",
            dLdM=lambda s, g: -total(s.dLdNZ)),
    suspect("dLdM_from_dLdBZ", "In dLdZ the term with dLdM is not scaled with BW: (65) has dLdNZ, not dLdBZ.",
            dLdM=lambda s, g: -total(g.dLdBZ * s.inverse)),
    suspect("dLdM_averaged", "In dLdZ the term with dLdM is divided by N twice: (64) is a sum, the average comes in "
            "(66).", dLdM=lambda s, g: -mean(s.dLdNZ * s.inverse)),
    suspect("dLdM_divided_by_variance", "In dLdM the sum is divided by the variance itself: the root is missing.",
            dLdM=lambda s, g: -total(s.dLdNZ * s.inverse ** 2)),
    suspect("dLdM_over_everything", "dLdM is one number for all features: (64) sums over the samples alone.",
            dLdM=lambda s, g: torch.full_like(s.M, -(s.dLdNZ * s.inverse).sum().item())),
    suspect("dLdM_not_summed", "dLdM is not summed over the samples: all of them share one mean.",
            dLdM=lambda s, g: -s.dLdNZ * s.inverse),
    suspect("through_V_without_two",
            "In dLdZ the second term of (66) is half as large as it should be: its 2 may be missing.",
            through_V=lambda s, g: s.dLdV / s.N * deviations(s)),
    suspect("through_V_not_divided_by_N", "The division by N is missing in the second term of (66).",
            through_V=lambda s, g: s.dLdV * 2 * deviations(s)),
    suspect("through_V_with_Z", "The second term of (66) has Z where it should have the deviations from the mean.",
            through_V=lambda s, g: s.dLdV * 2 / s.N * s.Z),
    suspect("through_V_with_running_M", "The second term of (66) has running_M where it should have the mean M.",
            through_V=lambda s, g: s.dLdV * 2 / s.N * (s.Z - s.running_M)),
    suspect("through_V_with_BZ", "The second term of (66) has BZ where it should have the deviations from the mean.",
            through_V=lambda s, g: s.dLdV * 2 / s.N * s.BZ),
    suspect("through_V_with_squares", "In the second term of (66) the deviations are squared.",
            through_V=lambda s, g: s.dLdV * 2 / s.N * deviations(s) ** 2),
    suspect("through_V_without_deviations", "The second term of (66) lacks the deviations from the mean.",
            through_V=lambda s, g: s.dLdV * 2 / s.N + 0 * s.direct),
    suspect("through_V_with_dLdM", "The second term of (66) has dLdM where it should have dLdV.",
            through_V=lambda s, g: s.dLdM * 2 / s.N * deviations(s)),
    suspect("through_M_with_dLdV", "The last term of (66) has dLdV where it should have dLdM.",
            through_M=lambda s, g: s.dLdV / s.N),
    suspect("through_M_doubled", "The last term of (66) has a factor of 2, which belongs to the second term.",
            through_M=lambda s, g: 2 * s.dLdM / s.N),
    suspect("direct_sign", "The first term of (66) has the wrong sign.", direct=lambda s, g: -s.dLdNZ * s.inverse),
    suspect("direct_multiplied_by_root", "The first term of (66) is multiplied by the root; it is divided by it.",
            direct=lambda s, g: s.dLdNZ / s.inverse),
    suspect("through_V_unbiased", "The second term of (66) is divided by N - 1; V is divided by N here.",
            through_V=lambda s, g: s.dLdV * 2 / (s.N - 1) * deviations(s)),
    suspect("through_M_not_divided_by_N", "The division by N is missing in the last term of (66).",
            through_M=lambda s, g: s.dLdM),
    suspect("direct_without_root", "The first term of (66) lacks the division by the root.",
            direct=lambda s, g: s.dLdNZ),
    suspect("direct_divided_by_variance",
            "The first term of (66) is divided by the variance itself: the root is missing.",
            direct=lambda s, g: s.dLdNZ / (s.V + EPS)),
    suspect("direct_from_dLdBZ", "In dLdZ the first term of (66) is not scaled with BW: it has dLdNZ, not dLdBZ.",
            direct=lambda s, g: g.dLdBZ * s.inverse),
    suspect("dLdZ_divided_by_N", "dLdZ is divided by N as a whole; here it is not.",
            dLdZ=lambda s, g: (s.direct + s.through_V + s.through_M) / s.N),
    suspect("dLdZ_is_dLdNZ", "dLdZ is dLdNZ: the way from NZ back to Z is missing.", dLdZ=lambda s, g: s.dLdNZ),
    suspect("running_M_in_backward", "backward centres the batch with running_M; forward has used its mean M.",
            dLdV=lambda s, g: -0.5 * total(s.dLdNZ * (s.Z - s.running_M) * s.cubed),
            through_V=lambda s, g: s.dLdV * 2 / s.N * (s.Z - s.running_M)),
    suspect("running_statistics_in_backward",
            "backward uses running_M and running_V; forward has normalised with M and V of the batch.",
            inverse=lambda s, g: (s.running_V + EPS) ** -0.5, cubed=lambda s, g: (s.running_V + EPS) ** -1.5,
            dLdV=lambda s, g: -0.5 * total(s.dLdNZ * (s.Z - s.running_M) * s.cubed),
            dLdM=lambda s, g: -total(s.dLdNZ * s.inverse) - 2 * s.dLdV * mean(s.Z - s.running_M),
            through_V=lambda s, g: s.dLdV * 2 / s.N * (s.Z - s.running_M)),
    suspect("running_V_in_backward", "backward uses running_V; forward has normalised with V of the batch.",
            inverse=lambda s, g: (s.running_V + EPS) ** -0.5, cubed=lambda s, g: (s.running_V + EPS) ** -1.5),
    suspect("eps_left_out_in_backward", "In backward eps is missing under the root.",
            inverse=lambda s, g: s.V ** -0.5, cubed=lambda s, g: s.V ** -1.5),
    suspect("eps_1e_5_in_backward", "backward uses an eps of 1e-5; the member eps holds another.",
            inverse=lambda s, g: (s.V + 1e-5) ** -0.5, cubed=lambda s, g: (s.V + 1e-5) ** -1.5),
    suspect("eps_outside_the_root_in_backward",
            "In backward eps is added outside the root; it belongs to the variance.",
            inverse=lambda s, g: 1 / (s.V.sqrt() + EPS), cubed=lambda s, g: 1 / (s.V.sqrt() + EPS) ** 3),
]

# Running statistics show slips of training in inference, too; but the cases of training tell them better.
IN_INFERENCE = [*SEEN_IN_INFERENCE, *NORMALISATION]
IN_TRAINING = [*STATISTICS, *RUNNING, *IN_INFERENCE, *PARAMETER_GRADIENTS, *INPUT_GRADIENT]
STEP_NAMES = {*INIT, *TRAIN, *BACKWARD} | {f"{mode}_{name}" for mode in ("train", "eval") for name in {*TRAIN, *EVAL}}
BATCHNORM_STEPS = Steps({"init": played(INIT), "train": calls("train"), "eval": calls("eval")}, STEP_NAMES,
                        {"init": INIT_SUSPECTS, "train": IN_TRAINING, "eval": IN_INFERENCE})
