#include "autograder/computation_order.hpp"

#include "autograder/fixture.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/make.hpp"

using namespace autograder;

namespace {

using Names = std::vector<std::string>;

Names ordered(const Component& component, const Names& outputs) {
  std::vector<Mismatch> mismatches;
  for (const std::string& output : outputs) {
    mismatches.emplace_back();
    mismatches.back().output = output;
  }
  order_by_computation(component, mismatches);
  Names order;
  for (const Mismatch& mismatch : mismatches) order.push_back(mismatch.output);
  return order;
}

/// As many numbers as there are layers or steps.
Value list(std::size_t length) { return make::list(std::vector<Value>(length, Value{1.0})); }

Component model() {
  Component component;
  component.outputs = {"W", "Z", "A", "returned", "dAdZ", "dLdZ", "dLdA", "dLdW"};
  component.forward = {"A", "Z"};
  component.backward = {"dAdZ", "dLdZ", "dLdW", "dLdA"};
  return component;
}

Component optimizer() {
  Component component;
  component.outputs = {"lr", "v_W", "v_b", "W", "b"};
  component.steps = {"v_W", "v_b", "W", "b"};
  return component;
}

}  // namespace

TEST_CASE("computation order: what is computed first stands first, layer by layer") {
  CHECK(ordered(model(), {"Z[1]", "dLdW[0]", "dLdW[2]", "dLdA[2]", "dLdA[3]", "dLdZ[2]", "returned", "A[1]", "A[2]"}) ==
        Names{"A[1]", "Z[1]", "A[2]", "returned", "dLdA[3]", "dLdZ[2]", "dLdW[2]", "dLdA[2]", "dLdW[0]"});
}

TEST_CASE("computation order: of an optimizer, step by step") {
  CHECK(ordered(optimizer(), {"W[0][0]", "v_b[1][0]", "v_W[1][0]", "v_W[1][1]", "lr", "b[0][1]", "W[1][0]"}) ==
        Names{"lr", "W[0][0]", "b[0][1]", "v_W[1][0]", "v_W[1][1]", "v_b[1][0]", "W[1][0]"});
}

TEST_CASE("computation order: how much of what is compared comes before") {
  const std::vector<std::pair<std::string, Value>> expected{
      {"Z", list(2)}, {"A", list(3)}, {"returned", {1.0}}, {"dLdZ", list(2)}, {kArgumentsUnchanged, {true}}};
  CHECK(compared_before(model(), expected, "A[0]") == 0);
  CHECK(compared_before(model(), expected, "Z[0]") == 1);
  CHECK(compared_before(model(), expected, "A[2]") == 4);
  CHECK(compared_before(model(), expected, "returned") == 5);
  CHECK(compared_before(model(), expected, "dLdZ[1]") == 6);
  CHECK(compared_before(model(), expected, "dLdZ[0]") == 7);
}

TEST_CASE("computation order: what is not compared is not before") {
  const std::vector<std::pair<std::string, Value>> without_momentum{{"W", list(2)}, {"b", list(2)}};
  CHECK(compared_before(optimizer(), without_momentum, "W[0][0]") == 0);
  CHECK(compared_before(optimizer(), without_momentum, "W[1][0]") == 2);
  CHECK(compared_before(model(), {{"returned", {1.0}}, {"dAdZ", {1.0}}}, "returned") == 0);
}
