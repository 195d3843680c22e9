"""Slips in the models of mytorch, and those of linear layers and ReLU that are seen in a model."""

from types import SimpleNamespace

from fixture_cases import FB
from suspects import Steps, each_call, play, suspect, torch
from suspects_mytorch import column

# The steps of layer i; what they return goes into the list of the same name.
FORWARD = {
    "input": lambda s, g, i: s.A[i],
    "Z": lambda s, g, i: s.input[i] @ g.W[i].T + g.b[i].T,
    "output": lambda s, g, i: torch.relu(s.Z[i]),
}
BACKWARD = {
    "slope": lambda s, g, i: (s.output[i] > 0) * 1.0,
    "dLdZ": lambda s, g, i: s.gradient[i + 1] * s.slope[i],
    "gradient": lambda s, g, i: s.dLdZ[i] @ g.W[i],
    "dLdW": lambda s, g, i: s.dLdZ[i].T @ s.input[i] / len(g.A0),
    "dLdb": lambda s, g, i: column(s.dLdZ[i].sum(0)) / len(g.A0),
}
# What the model keeps of that at the end of a call; `s.earlier` is the object after the call before.
KEPT = {
    "kept_Z": lambda s, g: s.Z,
    "kept_A": lambda s, g: [g.A0, *s.output],
    "kept_dAdZ": lambda s, g: s.slope,
    "kept_dLdZ": lambda s, g: s.dLdZ,
    "kept_dLdA": lambda s, g: s.gradient,
    "returned": lambda s, g: s.output[-1],
}


def model_pass(g, slips, earlier):
    """Returns the object after one forward and one backward."""
    layers = len(g.W)
    s = SimpleNamespace(earlier=earlier, A=[g.A0], gradient=[None] * layers + [g.dLdA])
    for name in {**FORWARD, **BACKWARD}:
        if name != "gradient":
            setattr(s, name, [None] * layers)
    for i in range(layers):
        for name, formula in FORWARD.items():
            getattr(s, name)[i] = slips.get(name, formula)(s, g, i)
        s.A.append(s.output[i])
    for i in reversed(range(layers)):
        for name, formula in BACKWARD.items():
            getattr(s, name)[i] = slips.get(name, formula)(s, g, i)
    play(KEPT, slips, s, g)
    return s


def forward_backward(given, slips):
    s = None
    for g in each_call(given):
        s = model_pass(g, slips, s)
    return {"returned": s.returned, "Z": s.kept_Z, "A": s.kept_A, "dAdZ": s.kept_dAdZ, "dLdZ": s.kept_dLdZ,
            "dLdA": s.kept_dLdA, "dLdW": s.dLdW, "dLdb": s.dLdb}


def for_last(slip, otherwise):
    """A step that slips in the last layer only."""
    return lambda s, g, i: slip(s, g, i) if i == len(g.W) - 1 else otherwise(s, g, i)


def after_earlier(s, name):
    """Returns a list that has not been emptied since the call before."""
    return [*(getattr(s.earlier, name) if s.earlier else []), *getattr(s, name)]


def slips_of_all():
    """Slips that show in a model of any depth."""
    return [
        suspect("last_activation_left_out",
                "The last A is the last Z: in this homework ReLU follows every layer, the last one too.",
                output=for_last(lambda s, g, i: s.Z[i], FORWARD["output"]),
                slope=for_last(lambda s, g, i: torch.ones_like(s.Z[i]), BACKWARD["slope"])),
        suspect("Z_holds_activations", "The list Z holds what the activations answered; Z_i is what goes into them, "
                "unless an activation changes its argument in place.", kept_Z=lambda s, g: s.output),
        suspect("Z_grows", "The list Z still holds the matrices of an earlier batch, in front of those of this one.",
                kept_Z=lambda s, g: after_earlier(s, "Z")),
        suspect("A_grows", "The list A still holds the matrices of an earlier batch, in front of those of this one.",
                kept_A=lambda s, g: [*(s.earlier.kept_A if s.earlier else []), g.A0, *s.output]),
        suspect("A_lacks_input", "The list A begins with the output of the first activation; its first entry is the "
                "input of the model.", kept_A=lambda s, g: s.output),
        suspect("A_lacks_output", "The list A lacks its last entry, the output of the model.",
                kept_A=lambda s, g: [g.A0, *s.output[:-1]]),
        suspect("returns_last_Z", "forward returns the last Z, not the A that the last activation made of it.",
                returned=lambda s, g: s.Z[-1]),
        suspect("slope_one_at_zero", "dAdZ is 1 where a unit is exactly 0; the homework decides otherwise for ReLU.",
                slope=lambda s, g, i: (s.Z[i] >= 0) * 1.0),
        suspect("dAdZ_all_ones", "dAdZ is 1 everywhere, as if no unit were stopped by ReLU.",
                slope=lambda s, g, i: torch.ones_like(s.Z[i])),
        suspect("dAdZ_is_A", "dAdZ holds the outputs A of the activations, not their slopes.",
                slope=lambda s, g, i: s.output[i]),
        suspect("dAdZ_grows",
                "The list dAdZ still holds the matrices of an earlier batch, in front of those of this one.",
                kept_dAdZ=lambda s, g: after_earlier(s, "slope")),
        suspect("dLdZ_without_dAdZ", "dLdZ is dLdA as it comes from above: the product with the slope of the "
                "activation, (30), is left out.", dLdZ=lambda s, g, i: s.gradient[i + 1]),
        suspect("dLdZ_is_dAdZ", "dLdZ is dAdZ alone: the gradient from above is not in it.",
                dLdZ=lambda s, g, i: s.slope[i]),
        suspect("dLdZ_adds_dAdZ", "dLdZ is the sum of the gradient from above and dAdZ; in (30) it is their product.",
                dLdZ=lambda s, g, i: s.gradient[i + 1] + s.slope[i]),
        suspect("layers_get_dLdA", "dLdZ is right, but the linear layers have been given dLdA in its place: dLdW is "
                "built from dLdA.", gradient=lambda s, g, i: s.gradient[i + 1] @ g.W[i],
                dLdW=lambda s, g, i: s.gradient[i + 1].T @ s.input[i] / len(g.A0),
                dLdb=lambda s, g, i: column(s.gradient[i + 1].sum(0)) / len(g.A0)),
        suspect("dLdZ_from_A", "dLdZ multiplies the gradient from above with A; (30) has the slope dAdZ there.",
                dLdZ=lambda s, g, i: s.gradient[i + 1] * s.output[i]),
        suspect("dLdZ_from_Z", "dLdZ multiplies the gradient from above with Z; (30) has the slope dAdZ there.",
                dLdZ=lambda s, g, i: s.gradient[i + 1] * s.Z[i]),
        suspect("dLdZ_divided_by_N", "The model divides its gradients by N; linear layers do that for dLdW and dLdb, "
                "and nothing else is divided.",
                dLdZ=for_last(lambda s, g, i: s.gradient[i + 1] * s.slope[i] / len(g.A0), BACKWARD["dLdZ"])),
        suspect("dLdA_lacks_input", "The list dLdA lacks its first entry, the gradient at the input of the model.",
                kept_dLdA=lambda s, g: s.gradient[1:]),
        suspect("dLdA_lacks_output", "The list dLdA lacks its last entry, the gradient that backward was given.",
                kept_dLdA=lambda s, g: s.gradient[:-1]),
        suspect("dLdA_keeps_dLdZ", "The list dLdA holds dLdZ: the product with dAdZ is in it already. Perhaps it was "
                "multiplied in place.", kept_dLdA=lambda s, g: [s.gradient[0], *s.dLdZ]),
        suspect("dLdW_not_divided_by_N",
                "dLdW is a sum over the batch in every layer: Linear::backward has to divide it by N.",
                dLdW=lambda s, g, i: s.dLdZ[i].T @ s.input[i]),
        suspect("dLdW_divided_by_N_twice",
                "dLdW is divided by N twice in every layer; Linear::backward has to do it once, and nothing else.",
                dLdW=lambda s, g, i: s.dLdZ[i].T @ s.input[i] / len(g.A0) ** 2),
        suspect("dLdW_adds_up",
                "dLdW still holds what an earlier call of backward left: it is added to, not replaced.",
                dLdW=lambda s, g, i: s.dLdZ[i].T @ s.input[i] / len(g.A0) + (s.earlier.dLdW[i] if s.earlier else 0)),
        suspect("dLdb_not_divided_by_N",
                "dLdb is a sum over the batch in every layer: Linear::backward has to divide it by N.",
                dLdb=lambda s, g, i: column(s.dLdZ[i].sum(0))),
        suspect("dLdb_divided_by_N_twice",
                "dLdb is divided by N twice in every layer; Linear::backward has to do it once, and nothing else.",
                dLdb=lambda s, g, i: column(s.dLdZ[i].sum(0)) / len(g.A0) ** 2),
        suspect("dLdW_divided_by_N_and_C_out", "dLdW is divided by the layer's C_out as well as by N: it is an average "
                "over the samples, not over all entries of dLdZ.",
                dLdW=lambda s, g, i: s.dLdZ[i].T @ s.input[i] / s.dLdZ[i].numel()),
        suspect("dLdb_divided_by_N_and_C_out", "dLdb is divided by the layer's C_out as well as by N: it is an average "
                "over the samples, not over all entries of dLdZ.",
                dLdb=lambda s, g, i: column(s.dLdZ[i].sum(0)) / s.dLdZ[i].numel()),
        suspect("b_left_out", "Z is only the product of A with the weights in every layer: the bias is not added.",
                Z=lambda s, g, i: s.input[i] @ g.W[i].T),
        suspect("b_subtracted", "Z is what comes out when the bias is subtracted: look at the second term in (1).",
                Z=lambda s, g, i: s.input[i] @ g.W[i].T - g.b[i].T),
        suspect("dLdb_adds_up",
                "dLdb still holds what an earlier call of backward left: it is added to, not replaced.",
                dLdb=lambda s, g, i: column(s.dLdZ[i].sum(0)) / len(g.A0) + (s.earlier.dLdb[i] if s.earlier else 0)),
    ]


def slips_of_deep():
    """Slips between layers: a model of one layer has none."""
    return [
        suspect("activations_passed_by", "From the second layer on Z is computed from the Z before it, as if no "
                "activation stood between the layers.", input=lambda s, g, i: s.Z[i - 1] if i else g.A0),
        suspect("activations_left_out", "Every A but the first is the Z before it: no activation has been applied.",
                output=lambda s, g, i: s.Z[i], slope=lambda s, g, i: torch.ones_like(s.Z[i])),
        suspect("layers_share_input", "dLdW of every layer is built with the input of the last one: what each layer "
                "has to keep for itself is shared by all, in a static or global variable.",
                dLdW=lambda s, g, i: s.dLdZ[i].T @ s.input[-1] / len(g.A0)),
        suspect("Z_last_layer_first", "The list Z stands in the opposite order: entry i belongs to layer i.",
                kept_Z=lambda s, g: s.Z[::-1]),
        suspect("dAdZ_last_layer_first", "The list dAdZ stands in the order in which backward computes it, the last "
                "layer first; entry i belongs to layer i.", kept_dAdZ=lambda s, g: s.slope[::-1]),
        suspect("dLdZ_last_layer_first", "The list dLdZ stands in the order in which backward computes it, the last "
                "layer first; entry i belongs to layer i.", kept_dLdZ=lambda s, g: s.dLdZ[::-1]),
        suspect("dLdZ_without_last_dAdZ", "dLdZ of the last layer is dLdA as it was given: the product with the "
                "slope, (30), belongs to the last layer too.",
                dLdZ=for_last(lambda s, g, i: s.gradient[i + 1], BACKWARD["dLdZ"])),
        suspect("dLdZ_divided_by_N_in_every_layer", "The model divides its gradients by N at every layer; linear "
                "layers do that for dLdW and dLdb, and nothing else is divided.",
                dLdZ=lambda s, g, i: s.gradient[i + 1] * s.slope[i] / len(g.A0)),
        suspect("dLdA_divided_by_N", "The gradient gets smaller by N at every linear layer it passes: dLdA is "
                "divided by N there, as only dLdW and dLdb are.",
                gradient=lambda s, g, i: s.dLdZ[i] @ g.W[i] / len(g.A0)),
        suspect("dLdA_last_layer_first", "The list dLdA stands in the order in which backward computes it, the "
                "output first; its first entry belongs to the input.", kept_dLdA=lambda s, g: s.gradient[::-1]),
    ]


def zeros(sizes):
    return [torch.zeros(*size) for size in sizes]


def init_slips(widths):
    """Slips in the constructor of a model of these widths, which takes nothing."""
    layers = len(widths) - 1
    narrower = [width for i, width in enumerate(widths) if i == 0 or width != widths[i - 1]]
    slips = [
        suspect("sizes_swapped",
                "Rows and columns of W are swapped in every layer: a layer is made with its inputs first.",
                W=lambda s, g: zeros(zip(widths, widths[1:])), b=lambda s, g: zeros((C, 1) for C in widths[:-1])),
        suspect("last_layer_missing", "The last linear layer is missing.",
                W=lambda s, g: zeros(zip(widths[1:-1], widths)), b=lambda s, g: zeros((C, 1) for C in widths[1:-1]),
                activations=lambda s, g: ["ReLU"] * (layers - 1)),
        suspect("last_activation_left_out",
                "There is no activation for the last layer: ReLU follows every layer here.",
                activations=lambda s, g: ["ReLU"] * (layers - 1)),
        suspect("identity_after_last_layer", "The last layer is followed by Identity; in this homework ReLU follows "
                "every layer, the last one too.", activations=lambda s, g: ["ReLU"] * (layers - 1) + ["Identity"]),
        *[suspect(f"{name.lower()}_for_relu", f"The activations are {name}; all of them are ReLU here.",
                  activations=lambda s, g, name=name: [name] * layers) for name in ("Sigmoid", "Tanh")],
    ]
    if layers > 1:
        slips += [
            suspect("only_last_activation", "Only the last layer is followed by ReLU; in this homework ReLU follows "
                    "every layer.", activations=lambda s, g: ["Identity"] * (layers - 1) + ["ReLU"]),
            suspect("hidden_layers_missing", "There is no hidden layer: the model goes from its input to its output at "
                    "once.", W=lambda s, g: zeros([(widths[-1], widths[0])]),
                    b=lambda s, g: zeros([(widths[-1], 1)]), activations=lambda s, g: ["ReLU"]),
            suspect("identity_for_relu", "The activations are Identity; all of them are ReLU here.",
                    activations=lambda s, g: ["Identity"] * layers),
            suspect("no_activations", "The model has no activations: the list f is empty.",
                    activations=lambda s, g: []),
        ]
    if layers > 2:
        slips.append(suspect("one_activation",
                             "There is a single activation; each layer has its own, which keeps its own A.",
                             activations=lambda s, g: ["ReLU"]))
    if len(narrower) < len(widths):
        slips.append(suspect("hidden_layer_missing", "A hidden layer is missing: two neighbours have the same width, "
                             "so one is easily overlooked.", W=lambda s, g: zeros(zip(narrower[1:], narrower)),
                             b=lambda s, g: zeros((C, 1) for C in narrower[1:]),
                             activations=lambda s, g: ["ReLU"] * (layers - 1)))
    return slips


def model_steps(*widths):
    init = {
        "W": lambda s, g: zeros(zip(widths[1:], widths)),
        "b": lambda s, g: zeros((C, 1) for C in widths[1:]),
        "activations": lambda s, g: ["ReLU"] * (len(widths) - 1),
    }
    slips = [*slips_of_all(), *(slips_of_deep() if len(widths) > 2 else [])]
    return Steps({"init": lambda given, replaced: play(init, replaced, SimpleNamespace(), None),
                  FB: forward_backward}, {*init, *FORWARD, *BACKWARD, *KEPT}, {"init": init_slips(widths), FB: slips})
