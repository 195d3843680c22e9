// A report with one of everything: passed, wrong values, a wrong shape, not implemented, an exception, a crash, a
// skipped case and component, files that do not build or are missing, advice, a notice. The approved reports show it.
#pragma once

#include <limits>

#include "autograder/report.hpp"

namespace make {

using autograder::BuiltFile;
using autograder::CaseResult;
using autograder::ComponentResult;
using autograder::Mismatch;
using autograder::Report;
using autograder::Status;

/// A mismatch in words: of shape, of type, or of a name.
inline Mismatch mismatch(const std::string& output, Mismatch::Kind kind, const std::string& message) {
  Mismatch made;
  made.output = output;
  made.kind = kind;
  made.message = message;
  return made;
}

/// A wrong number, with the errors that follow from it.
inline Mismatch wrong_number(const std::string& output, double expected, double actual, const std::string& hint = "") {
  Mismatch made;
  made.output = output;
  made.expected = expected;
  made.actual = actual;
  made.max_abs_error = actual > expected ? actual - expected : expected - actual;
  made.max_rel_error = made.max_abs_error / (expected < 0 ? -expected : expected);
  made.wrong = made.of = 1;
  made.hint = hint;
  if (!hint.empty()) made.hint_id = "factor 2";
  return made;
}

/// A matrix that is wrong at `wrong` of `of` elements, worst at `index`.
inline Mismatch wrong_matrix(Mismatch made, std::array<std::size_t, 2> index, std::size_t wrong, std::size_t of) {
  made.index = index;
  made.wrong = wrong;
  made.of = of;
  return made;
}

inline CaseResult case_result(const std::string& name, Status status, std::vector<Mismatch> mismatches = {},
                              const std::string& message = "") {
  CaseResult made;
  made.name = name;
  made.operation = "forward_backward";
  made.status = status;
  made.seconds = status == Status::skipped ? 0.0 : 0.25;
  made.mismatches = std::move(mismatches);
  made.message = message;
  made.given_shapes = {{"A", "(4, 3)"}, {"W", "(2, 3)"}};
  made.rtol = 1e-5;
  made.atol = 1e-8;
  return made;
}

inline ComponentResult activation_sigmoid() {
  Mismatch wrong = wrong_matrix(wrong_number("dAdZ", 0.25, 0.5, "twice the expected value everywhere"), {1, 0}, 4, 6);
  CaseResult failed = case_result("both signs", Status::failed, {wrong});
  failed.given_shapes = {{"Z", "(2, 3)"}};
  failed.student_output = "sigmoid::forward\nA = 0.5\n";
  return {"sigmoid", Status::failed, "", {failed, case_result("a single sample", Status::passed)}};
}

inline ComponentResult mlp4_shapes() {
  using Kind = Mismatch::Kind;
  CaseResult failed = case_result("both signs in every layer", Status::failed,
                                  {mismatch("W[1]", Kind::shape, "has shape (4, 8), expected (8, 4)"),
                                   mismatch("dLdW[1]", Kind::shape, "has shape (4, 8), expected (8, 4)"),
                                   mismatch("dLdb", Kind::missing, "is not in the answer"),
                                   mismatch("activations[4]", Kind::value, "is Tanh, expected ReLU")});
  failed.right_before = 1;
  return {"mlp4", Status::failed, "", {failed}};
}

inline ComponentResult crossentropy_advice() {
  Mismatch wrong = wrong_matrix(wrong_number("softmax", 1.0, 0.0), {0, 2}, 2, 6);
  wrong.kind = Mismatch::Kind::not_finite;
  wrong.actual = std::numeric_limits<double>::quiet_NaN();
  wrong.max_abs_error = wrong.max_rel_error = std::numeric_limits<double>::infinity();
  CaseResult advice = case_result("logits of 1000", Status::failed, {wrong});
  advice.scored = false;
  return {"crossentropyloss", Status::passed, "", {case_result("soft labels", Status::passed), advice}};
}

inline std::vector<BuiltFile> built_files() {
  return {{"src/nn/linear.cpp", BuiltFile::Status::ok, "", "clang 14.0.6", false, 1.5},
          {"src/optim/sgd.cpp", BuiltFile::Status::failed,
           "src/optim/sgd.cpp:12:3: error: use of undeclared identifier 'velocity'\n"
           "  velocity = mu * velocity;\n  ^\n1 error generated.\n",
           "", false, 0.75},
          {"src/nn/batchnorm.cpp", BuiltFile::Status::missing, "", "", false, 0.0}};
}

inline ComponentResult explained_relu() {
  CaseResult thrown = case_result("zeros", Status::exception, {}, "threw std::out_of_range: index 3");
  thrown.hint = "Nothing is stored in it.";
  thrown.hint_id = "empty operand";
  ComponentResult made{"relu", Status::exception, "", {thrown}};
  made.explanation = {"src/nn/activation.cpp",
                      42,
                      "A = Z - xt::sum(Z, {1}, xt::keep_dims);",
                      "reads past the end of a block of 48 bytes (6 doubles)",
                      "A lazy reduction. Write sum_keepdims.",
                      autograder::CodeLine{"src/models/mlp.cpp", 41, "A = f[i]->forward(Z);"}};
  return made;
}

inline Report report() {
  using Components = std::vector<ComponentResult>;
  const CaseResult crash =
      case_result("zeros", Status::crashed, {}, "ended by signal 11 (Segmentation fault) before it answered");
  const CaseResult not_run =
      case_result("after it", Status::skipped, {}, "not run: the program ended in the case \"zeros\"");
  const CaseResult stub = case_result("zeros", Status::not_implemented, {}, "nn::Tanh::forward is not implemented yet");
  const CaseResult loss = case_result("four samples", Status::failed, {wrong_number("L", 0.5, 2.0)});
  Report made;
  made.assignment = "mytorch";
  made.title = "MyTorch, homework 1";
  made.handin = "alice.tar";
  made.fixtures = "public";
  made.score = 15;
  made.max_score = 92.5;
  made.notices = {
      "include/mytorch/tensor.hpp differs from the handout's: it is ignored, the grader builds with its own"};
  made.sections = {{"linear", "Linear layer", 15, 15, Status::passed,
                    Components{{"linear", Status::passed, "", {case_result("a new layer", Status::passed)}}}},
                   {"activation", "Activation functions", 0, 10, Status::failed,
                    Components{{"identity", Status::skipped, "its flag in autograder_flags.json is false", {}},
                               activation_sigmoid(),
                               {"tanh", Status::not_implemented, "", {stub}},
                               explained_relu()}},
                   {"mlp0", "MLP0, no hidden layer", 0, 10, Status::crashed,
                    Components{{"mlp0", Status::crashed, "", {case_result("init", Status::passed), crash, not_run}}}},
                   {"mlp4", "MLP4, four hidden layers", 0, 15, Status::failed, Components{mlp4_shapes()}},
                   {"loss", "Loss functions", 0, 12.5, Status::failed,
                    Components{{"mseloss", Status::failed, "", {loss}}, crossentropy_advice()}},
                   {"sgd", "SGD", 0, 10, Status::not_built,
                    Components{{"sgd", Status::not_built, "src/optim/sgd.cpp did not build", {}}}},
                   {"batchnorm", "Batch normalisation", 0, 20, Status::not_built,
                    Components{{"batchnorm", Status::not_built, "src/nn/batchnorm.cpp is missing", {}}}}};
  using Outcome = autograder::RuleResult::Outcome;
  made.policy = {{"files", Outcome::broken, 5, "", {"theory.pdf is missing", "test1.cpp is not asked for"}, false},
                 {"due", Outcome::not_checked, 0, "", {"it is not known when this was handed in (--submitted)"}, false},
                 {"not_built", Outcome::broken, 20, "", {"src/optim/sgd.cpp does not build"}, false},
                 {"flags", Outcome::broken, 0, "", {"the flag of identity is false"}, false},
                 {"loops", Outcome::broken, 10, "linear", {"src/nn/linear.cpp:31: a for loop"}, false},
                 {"headers", Outcome::kept, 0, "", {}, false}};
  made.adjustment = {1.5, 0.75};
  made.arithmetic = "(15 - 10 % of 15 (linear)) x (100 % - 5 % - 20 %) = 10.13";
  made.build = built_files();
  made.taken = {"src/nn/linear.cpp", "src/optim/sgd.cpp"};
  made.ignored = {"include/mytorch/tensor.hpp"};
  made.environment = {"0.1.0", "none", "clang 14.0.6", "0123456789abcdef"};
  return made;
}

}  // namespace make
