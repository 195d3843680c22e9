// Whole hand-ins that crash or give garbage, and what the report says of it. Where the compiler has no sanitizers they
// are skipped, but in CI, where they fail.
#include "autograder/explain.hpp"

#include <cstdlib>
#include <stdexcept>

#include "autograder/feedback.hpp"
#include "autograder/report_writers.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/course.hpp"
#include "autograder/version.hpp"

using namespace autograder;
using namespace autograder_tests;

namespace {

constexpr const char* kLinear = "src/nn/linear.cpp";
constexpr const char* kForward = "  Matrix Z = xt::linalg::dot(A, xt::transpose(W)) + xt::transpose(b);\n";

bool can_explain() {
  const std::string why = read_toolchain(kToolchainFile).sanitizers.why_not();
  if (!why.empty() && std::getenv("CI")) FAIL("not tested: " << why);
  if (!why.empty()) WARN("not tested: " << why);
  return why.empty();
}

/// Grades the solution with these edits; also counts what was built with sanitizers.
struct Graded {
  Report report;
  std::size_t sanitized = 0;

  Graded(const std::vector<Edit>& edits, const std::vector<std::string>& only, const std::string& fixtures = "public",
         Explain explain = Explain::automatic) {
    HandinFolder handin;
    for (const Edit& edit : edits) handin.apply(edit);
    GradeOptions options = options_for(handin.path(), fixtures);
    options.only = only;
    options.explain = explain;
    Machine machine = local_machine(options.sandbox);
    machine.run = [this, run = machine.run](const Command& command) {
      for (const std::string& word : command.arguments) sanitized += word == "-fsanitize=address,undefined";
      return run(command);
    };
    // Built each time, so that what is built can be counted.
    options.cache = nullptr;
    report = autograder::grade(options, machine);
  }

  /// With that edit in forward() of Linear.
  explicit Graded(const std::string& forward, const std::string& fixtures = "public",
                  Explain explain = Explain::automatic, const std::string& before = "")
      : Graded({{kLinear, kForward, forward}, {kLinear, "Linear::Linear(", before + "Linear::Linear("}}, {"linear"},
               fixtures, explain) {}

  const ComponentResult& component(const std::string& id) const {
    for (const SectionResult& section : report.sections) {
      for (const ComponentResult& one : section.components) {
        if (one.id == id) return one;
      }
    }
    throw std::invalid_argument("no component " + id);
  }

  const ComponentResult& linear() const { return component("linear"); }

  std::string text() const { return text_report(report, Colour::off); }

  Explanation explanation(const std::string& id = "linear", const std::string& file = kLinear) const {
    INFO(text());
    REQUIRE(component(id).explanation);
    CHECK(component(id).explanation->file == file);
    return *component(id).explanation;
  }
};

}  // namespace

TEST_CASE("explained: a function that returns auto refers to what is gone") {
  if (!can_explain()) return;
  const Graded graded("  Matrix AW = xt::linalg::dot(A, xt::transpose(W));\n  Matrix Z = with_bias(AW, b);\n", "public",
                      Explain::automatic,
                      "static auto with_bias(const Matrix& AW, const Matrix& b) {\n"
                      "  Matrix rows = xt::transpose(b);\n  return AW + rows;\n}\n\n");
  const Explanation explanation = graded.explanation();
  CHECK(explanation.code == "Matrix Z = with_bias(AW, b);");
  CHECK_THAT(explanation.what,
             ContainsSubstring("reads 'rows'") && ContainsSubstring("after with_bias() has returned"));
  CHECK_THAT(explanation.trap, ContainsSubstring("return Matrix instead of auto"));
  CHECK(graded.sanitized == 1);
  CHECK(graded.report.score == 0);
  for (const std::string& text :
       {text_report(graded.report, Colour::off), json_report(graded.report), junit_report(graded.report)}) {
    CHECK_THAT(text, ContainsSubstring("with_bias() has returned"));
  }
}

TEST_CASE("explained: what is gone is seen, where it looks like a matrix that was never stored") {
  if (!can_explain()) return;
  constexpr const char* file = "src/nn/activation.cpp";
  const Graded graded({{file, "Matrix Sigmoid::forward(",
                        "static auto logistic(const Matrix& Z) {\n  Matrix e = xt::exp(-Z);\n"
                        "  return 1.0 / (1.0 + e);\n}\n\nMatrix Sigmoid::forward("},
                       {file, "A = 1.0 / (1.0 + xt::exp(-Z));", "auto s = logistic(Z);\n  A = s;"}},
                      {"sigmoid"});
  INFO(graded.text());
  CHECK(graded.component("sigmoid").status != Status::passed);
  const Explanation explanation = graded.explanation("sigmoid", file);
  CHECK_THAT(explanation.what, ContainsSubstring("reads 'e'") && ContainsSubstring("after logistic() has returned"));
  CHECK_THAT(explanation.trap, ContainsSubstring("return Matrix instead of auto"));
  CHECK_THAT(graded.text(), !ContainsSubstring("it has no elements"));
}

TEST_CASE("explained: what goes wrong in a file that passes is named with its caller, once") {
  if (!can_explain()) return;
  constexpr const char* file = "src/models/mlp.cpp";
  const Graded graded({{file, "model.Z[i] = model.layers[i].forward(model.A[i]);",
                        "auto layer = model.layers[i];\n    model.Z[i] = layer.forward(model.A[i]);"}},
                      {"linear", "mlp0", "mlp1", "mlp4"});
  INFO(graded.text());
  const Explanation explanation = graded.explanation("mlp0");
  REQUIRE(explanation.caller);
  CHECK(explanation.caller->file == file);
  CHECK_THAT(explanation.caller->code, ContainsSubstring("model.layers[i].backward("));
  CHECK_THAT(explanation.trap, ContainsSubstring("or is one of the two a copy?") && !ContainsSubstring("transpose"));
  for (const char* id : {"mlp1", "mlp4"}) {
    CHECK(graded.component(id).status == Status::exception);
    CHECK_FALSE(graded.component(id).explanation);
  }
  CHECK_THAT(graded.text(), ContainsSubstring("called from src/models/mlp.cpp:"));
}

TEST_CASE("explained: a lazy reduction with keep_dims in a broadcast") {
  if (!can_explain()) return;
  const Graded graded(std::string(kForward) + "  Z = Z + 0.001 * (Z - xt::sum(Z, {1}, xt::keep_dims));\n");
  const Explanation explanation = graded.explanation();
  CHECK(explanation.line == 13);
  CHECK_THAT(explanation.what, ContainsSubstring("reads past the end of a block of"));
  CHECK_THAT(explanation.trap, ContainsSubstring("sum_keepdims(A, axis)"));
}

TEST_CASE("explained: an index out of range, and a pointer beyond the end") {
  if (!can_explain()) return;
  const Explanation index = Graded(std::string(kForward) + "  Z(A.shape(0), 0) = 1.0;\n").explanation();
  CHECK(index.line == 13);
  CHECK_THAT(index.what, ContainsSubstring("is out of bounds for axis 0 with size"));
  const Explanation pointer =
      Graded(std::string(kForward) + "  const double* entry = Z.data();\n\n  Z(0, 0) += entry[Z.size()];\n")
          .explanation();
  CHECK(pointer.line == 15);
  CHECK(pointer.code == "Z(0, 0) += entry[Z.size()];");
  CHECK_THAT(pointer.what, Catch::Matchers::StartsWith("reads past the end of a block of"));
  for (const Explanation& one : {index, pointer}) CHECK_THAT(one.trap, ContainsSubstring("the indices are 0 to N - 1"));
}

TEST_CASE("explained: a null pointer, and a rank that does not fit") {
  if (!can_explain()) return;
  const Explanation null =
      Graded(std::string(kForward) + "  const double* none = N > 100 ? Z.data() : nullptr;\n  Z(0, 0) = *none;\n")
          .explanation();
  CHECK(null.line == 14);
  CHECK(null.what == "reads through a null pointer");
  const Explanation rank = Graded(std::string(kForward) + "  Matrix sums = xt::sum(Z, {0});\n").explanation();
  CHECK(rank.line == 13);
  CHECK_THAT(rank.trap, ContainsSubstring("always has two dimensions"));
}

TEST_CASE("explained: what passes, and what nobody asked for, is not built with sanitizers") {
  CHECK(Graded(kForward, "public", Explain::always).sanitized == 0);
  const std::string crashes = std::string(kForward) + "  Z(A.shape(0), 0) = 1.0;\n";
  CHECK(Graded(crashes, "public", Explain::never).sanitized == 0);
  CHECK(Graded(crashes, "hidden", Explain::automatic).sanitized == 0);
}

TEST_CASE("explained: a report on hidden fixtures holds none of it") {
  if (!can_explain()) return;
  const Graded graded(std::string(kForward) + "  Z(A.shape(0), 0) = 1.0;\n", "hidden", Explain::always);
  CHECK(graded.explanation().line == 13);
  const Report shown = for_student(graded.report, Feedback::automatic);
  for (const std::string& text :
       {text_report(shown, Colour::off), json_report(shown), markdown_report(shown), junit_report(shown)}) {
    CHECK_THAT(text, !ContainsSubstring("linear.cpp:13") && !ContainsSubstring("out of bounds"));
    CHECK_THAT(text, !ContainsSubstring("explanation"));
  }
}

TEST_CASE("explained: a program that takes all memory is stopped there as well") {
  if (!can_explain()) return;
  const Graded graded(std::string(kForward) +
                          "  for (;;) {\n    double* more = new double[1 << 20];\n"
                          "    for (std::size_t i = 0; i < (1 << 20); i += 64) more[i] = 1.0;\n  }\n",
                      "public", Explain::always);
  CHECK(graded.linear().status == Status::out_of_memory);
}
