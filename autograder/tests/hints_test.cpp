#include "autograder/hints.hpp"

#include <cmath>

#include "autograder/tests/catch.hpp"
#include "autograder/tests/make.hpp"

using namespace autograder;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A failed case whose first wrong output has these relations.
CaseResult failed(const std::string& output, const std::vector<Relation>& relations) {
  CaseResult result;
  result.status = Status::failed;
  Mismatch mismatch;
  mismatch.output = output;
  mismatch.relations = relations;
  result.mismatches.push_back(mismatch);
  return result;
}

Relation relation(const std::string& id, std::size_t evidence = 5) { return {id, "said of " + id, evidence}; }

std::string hint_of(const std::vector<CaseResult>& cases) {
  ComponentResult component;
  component.cases = cases;
  set_hints(component);
  return component.cases.front().mismatches.front().hint;
}

}  // namespace

TEST_CASE("hints: one relation that holds in all failed cases is the hint") {
  CHECK(hint_of({failed("dLdW", {relation("factor N")}),
                 failed("dLdW", {relation("factor N"), relation("factor C")})}) == "dLdW: said of factor N.");
}

TEST_CASE("hints: a relation that one failed case contradicts is none") {
  CHECK(hint_of({failed("dLdW", {relation("sign")}), failed("dLdW", {})}) == "");
}

TEST_CASE("hints: cases in which something else goes wrong first are another matter") {
  CHECK(hint_of({failed("dLdW", {relation("sign")}), failed("Z", {})}) == "dLdW: said of sign.");
}

TEST_CASE("hints: there is one sentence a component") {
  ComponentResult component;
  component.cases = {failed("lr", {relation("suspect swapped")}), failed("W", {relation("suspect never moved")})};
  set_hints(component);
  CHECK(component.cases[0].mismatches[0].hint == "said of suspect swapped.");
  CHECK(component.cases[1].mismatches[0].hint.empty());
}

TEST_CASE("hints: a suspect that one operation shows is not said of another that is given the output") {
  ComponentResult component;
  component.cases = {failed("W", {relation("suspect W starts at one")}), failed("W[1]", {relation("off by dLdW")}),
                     failed("W", {relation("off by dLdW")})};
  component.cases[0].operation = "init";
  component.cases[1].operation = component.cases[2].operation = "forward_backward";
  component.cases[1].given_shapes = component.cases[2].given_shapes = {{"A", "(4, 3)"}, {"W", "(2, 3)"}};
  set_hints(component);
  CHECK(component.cases[0].mismatches[0].hint_id == "suspect W starts at one");
  for (const std::size_t other : {1u, 2u}) {
    CHECK(component.cases[other].mismatches[0].hint.empty());
    CHECK(component.cases[other].mismatches[0].hint_id.empty());
  }
}

TEST_CASE("hints: a suspect that another operation shows hides nothing") {
  ComponentResult component;
  component.cases = {failed("W", {relation("sign")}), failed("W", {relation("sign"), relation("suspect other")})};
  component.cases[0].operation = "forward_backward";
  component.cases[0].given_shapes = {{"W", "(2, 3)"}};
  component.cases[1].operation = "init";
  set_hints(component);
  CHECK(component.cases[0].mismatches[0].hint_id == "sign");
  CHECK(component.cases[1].mismatches[0].hint_id == "sign");
}

TEST_CASE("hints: what training gets wrong, inference may show") {
  ComponentResult component;
  component.cases = {failed("NZ", {}), failed("NZ", {relation("suspect V holds eps")})};
  component.cases[0].operation = "train";
  component.cases[0].given_shapes = {{"Z", "(4, 3)"}};
  component.cases[1].operation = "eval";
  set_hints(component);
  for (const CaseResult& one : component.cases) CHECK(one.mismatches[0].hint == "said of suspect V holds eps.");
}

TEST_CASE("hints: a case of the operation that lacks the suspect has the hint too") {
  ComponentResult component;
  component.cases = {failed("V", {}), failed("V", {relation("suspect unbiased")})};
  set_hints(component);
  CHECK(component.cases[0].mismatches[0].hint == "said of suspect unbiased.");
}

TEST_CASE("hints: two explanations that are as good as each other are none") {
  CHECK(hint_of({failed("L", {relation("factor N"), relation("factor C")})}) == "");
  CHECK(hint_of({failed("L", {relation("suspect a"), relation("suspect b")})}) == "");
}

TEST_CASE("hints: a known slip says more than a relation") {
  CHECK(hint_of({failed("V", {relation("factor N"), relation("suspect unbiased")})}) == "said of suspect unbiased.");
}

TEST_CASE("hints: a few numbers are no evidence, in several cases they are") {
  CHECK(hint_of({failed("L", {relation("sign", 1)}), failed("L", {relation("sign", 1)})}) == "");
  CHECK(hint_of({failed("L", {relation("sign", 1)}), failed("L", {relation("sign", 1)}),
                 failed("L", {relation("sign", 1)})}) == "L: said of sign.");
}

TEST_CASE("hints: a case that lacks a suspect says nothing against it, one that has it may deny it") {
  CHECK(hint_of({failed("V", {relation("suspect unbiased", 3)}), failed("V", {})}) == "said of suspect unbiased.");
  CaseResult other = failed("V", {});
  other.mismatches[0].denied = {"suspect unbiased"};
  CHECK(hint_of({failed("V", {relation("suspect unbiased", 3)}), other}) == "");
}

TEST_CASE("hints: a suspect that would get wrong what a case gets right is none") {
  Case one;
  one.suspects = R"([{"id": "unweighted", "sentence": "", "expected": {"L": 2.5, "dLdA": 4}}])";
  CaseResult other;
  const auto hint = [&] {
    ComponentResult component;
    component.cases = {failed("L", {relation("suspect unweighted")}), other};
    const Case without;
    set_hints(component, {&without, &one});
    return component.cases.front().mismatches.front().hint;
  };
  other.status = Status::passed;
  CHECK(hint() == "");
  other = failed("A", {});
  CHECK(hint() == "");
  // Another slip may hide what this one does.
  other = failed("dLdA[1]", {});
  CHECK(hint() == "said of suspect unweighted.");
  // Where nothing was compared, nothing was right.
  other = failed(kWholeAnswer, {});
  CHECK(hint() == "said of suspect unweighted.");
  for (const Status status : {Status::exception, Status::skipped, Status::crashed}) {
    other = CaseResult{};
    other.status = status;
    CHECK(hint() == "said of suspect unweighted.");
  }
  other.status = Status::passed;
  other.operation = "another";
  CHECK(hint() == "said of suspect unweighted.");
  other = CaseResult{};
  other.status = Status::passed;
  CHECK(hint() == "");
  // What divides by 0 may be stepped around.
  one.suspects = R"([{"id": "unweighted", "sentence": "", "expected": {"L": "nan"}}])";
  CHECK(hint() == "said of suspect unweighted.");
  // Nor does a case that lacks the suspect say anything.
  other.status = Status::passed;
  one.suspects = R"([{"id": "other", "sentence": "", "expected": {"L": 2.5}}])";
  CHECK(hint() == "said of suspect unweighted.");
  one.suspects.clear();
  CHECK(hint() == "said of suspect unweighted.");
}

TEST_CASE("hints: what may be a single case's own is said of several only") {
  CHECK(hint_of({failed("dLdW", {relation("first row")})}) == "");
  CHECK(hint_of({failed("dLdW", {relation("first row")}), failed("dLdW", {relation("first row")})}) ==
        "dLdW: said of first row.");
}

TEST_CASE("hints: a list's element speaks for the list") {
  CHECK(hint_of({failed("dLdW[1]", {relation("sign")}), failed("dLdW[0]", {relation("sign")})}) ==
        "dLdW: said of sign.");
}

namespace {

Component component_of(const Case& one) {
  Component component;
  for (const auto& [name, value] : one.expected) component.outputs.push_back(name);
  return component;
}

/// The mismatch of an output, with what is noted of it.
Mismatch explained(const Case& one, const std::string& output, const Value& actual, const Homework& homework) {
  Mismatch mismatch;
  mismatch.output = output;
  note_relations(one, homework, actual, mismatch);
  return mismatch;
}

Mismatch explained(const Case& one, const std::string& output, const Value& actual) {
  const Component component = component_of(one);
  return explained(one, output, actual, {Assignment{}, component});
}

/// What is noted of the only wrong output of a case.
std::vector<std::string> noted(const Case& one, const Value& actual, const std::vector<const Case*>& earlier = {}) {
  Assignment assignment;
  assignment.sizes = {{"N", {{"A", Axis::rows}}}};
  const Component component = component_of(one);
  std::vector<std::string> ids;
  for (const Relation& relation :
       explained(one, one.expected.front().first, actual, {assignment, component, earlier}).relations) {
    ids.push_back(relation.id);
  }
  return ids;
}

Value matrix(std::size_t rows, std::size_t cols, std::vector<double> entries) {
  return {Matrix{rows, cols, std::move(entries)}};
}

}  // namespace

TEST_CASE("hints: sizes, inputs and suspects are the case's own") {
  Case one;
  one.given = R"({"A": [[1, 2], [3, 4], [5, 6]], "rate": 0.5, "before": [{"anything": null}]})";
  one.expected = {{"dLdb", matrix(2, 1, {0.5, 0.25})}};
  one.suspects = R"([{"id": "mean", "sentence": "it is a mean", "expected": {"dLdb": [[0.75], [0.1]]}},
                     {"id": "other", "sentence": "another output", "expected": {"dLdW": [[1]]}}])";
  CHECK(noted(one, matrix(2, 1, {1.5, 0.75})) == std::vector<std::string>{"factor N"});
  CHECK(noted(one, matrix(2, 1, {0.75, 0.1})) == std::vector<std::string>{"suspect mean"});
  CHECK(noted(one, matrix(2, 1, {0.7, 0.1})).empty());
}

TEST_CASE("hints: earlier cases are at hand") {
  Case first, second;
  first.given = R"({"A": [[1, 2], [3, 4]]})";
  first.expected = {{"dLdb", matrix(2, 1, {3, 4})}};
  second.given = R"({"A": [[1, 2], [3, 4], [5, 6]]})";
  second.expected = {{"dLdb", matrix(3, 1, {0.5, 0.25, 1})}};
  CHECK(noted(second, matrix(2, 1, {3, 4}), {&first}) == std::vector<std::string>{"stale"});
  CHECK(noted(second, matrix(2, 1, {3, 4})).empty());
  CHECK(noted(second, matrix(3, 1, {0.75, 0.375, 1.5}), {&first}) == std::vector<std::string>{"stale N"});
}

TEST_CASE("hints: an argument that was changed is said in a sentence of its own") {
  Case one;
  one.given = "{}";
  one.expected = {{kArgumentsUnchanged, Value{true}}};
  const Mismatch mismatch = explained(one, kArgumentsUnchanged, Value{false});
  REQUIRE(mismatch.relations.size() == 1);
  CHECK(mismatch.relations[0].id == "argument changed");
  CHECK_THAT(hint_of({failed(kArgumentsUnchanged, mismatch.relations)}), ContainsSubstring("A matrix that was passed"));
  CHECK(hint_of({failed(kArgumentsUnchanged, mismatch.relations)})[0] == 'A');
}

TEST_CASE("hints: a list of another length has relations of its own") {
  Case one;
  one.given = "{}";
  one.expected = {{"Z", Value{List{Value{1.0}, Value{2.0}}}}};
  CHECK(noted(one, Value{List{Value{1.0}, Value{2.0}, Value{0.0}}}) == std::vector<std::string>{"more entries"});
  CHECK(noted(one, Value{List{}}) == std::vector<std::string>{"empty"});
  CHECK(noted(one, Value{List{Value{5.0}}}).empty());
}

TEST_CASE("hints: where a suspect is not finite, any answer that is not finite is its own") {
  Case one;
  one.given = "{}";
  one.expected = {{"NZ", matrix(1, 2, {0, 3})}};
  one.suspects = R"([{"id": "no eps", "sentence": "", "expected": {"NZ": [["nan", 3.5]]}}])";
  const std::vector<std::string> no_eps{"suspect no eps"};
  CHECK(noted(one, matrix(1, 2, {NAN, 3.5})) == no_eps);
  CHECK(noted(one, matrix(1, 2, {-INFINITY, 3.5})) == no_eps);
  CHECK(noted(one, matrix(1, 2, {0.5, 3.5})).empty());
  CHECK(noted(one, matrix(1, 2, {NAN, 3})).empty());
}

TEST_CASE("hints: where a suspect has no finite number that is wrong, an answer that is not finite says nothing") {
  Case one;
  one.given = "{}";
  one.expected = {{"L", Value{2.0}}};
  one.suspects = R"([{"id": "log of Y", "sentence": "", "expected": {"L": "nan"}}])";
  // Any logarithm of 0 gives it.
  const Mismatch infinite = explained(one, "L", Value{INFINITY});
  CHECK(infinite.relations.size() == 1);
  CHECK(infinite.relations[0].id == "infinite");
  CHECK(infinite.denied.empty());
  CHECK(explained(one, "L", Value{2.5}).denied == std::vector<std::string>{"suspect log of Y"});
  // Nor do finite numbers that are right.
  one.expected = {{"NZ", matrix(1, 2, {0, 3})}};
  one.suspects = R"([{"id": "no eps", "sentence": "", "expected": {"NZ": [["nan", 3]]}}])";
  CHECK(noted(one, matrix(1, 2, {NAN, 3})).empty());
  // Elements of a list are one answer.
  one.expected = {{"v", Value{List{Value{1.0}, Value{2.0}}}}};
  one.suspects = R"([{"id": "grows", "sentence": "", "expected": {"v": ["nan", 2, "inf"]}},
                     {"id": "half", "sentence": "", "expected": {"v": ["nan", 4]}}])";
  const Mismatch list = explained(one, "v[0]", Value{List{Value{NAN}, Value{4.0}}});
  REQUIRE(list.relations.size() == 1);
  CHECK(list.relations[0].id == "suspect half");
}

TEST_CASE("hints: what explains goes by its id into the mismatch, beside the sentence") {
  ComponentResult component;
  component.cases = {failed("dLdW", {relation("factor N")}), failed("Z", {relation("sign")})};
  set_hints(component);
  CHECK(component.cases[0].mismatches[0].hint_id == "factor N");
  CHECK(component.cases[1].mismatches[0].hint_id.empty());
}

TEST_CASE("hints: an exception over an empty matrix is explained, where all are") {
  const auto thrown = [](const std::string& message) {
    CaseResult result;
    result.status = Status::exception;
    result.message = "nn::MSELoss::backward threw xt::broadcast_error: Incompatible dimension of arrays:" + message;
    return result;
  };
  const auto id_of = [](const std::vector<CaseResult>& cases) {
    ComponentResult component;
    component.cases = cases;
    set_hints(component);
    CHECK(component.cases[0].hint.empty() == component.cases[0].hint_id.empty());
    return component.cases[0].hint_id;
  };
  const CaseResult empty = thrown("\n LHS shape = (0, 0, )\n RHS shape = (3, 5, )");
  const CaseResult other = thrown("\n LHS shape = (4, 0, )\n RHS shape = (3, 5, )");
  CHECK(id_of({empty, empty}) == "empty operand");
  CHECK(id_of({other}) == "");
  CHECK(id_of({empty, other}) == "");
  // There is one sentence a component.
  CHECK(id_of({empty, failed("L", {relation("sign")})}) == "");
}

TEST_CASE("hints: what nothing speaks for hides nothing") {
  CHECK(hint_of({failed("L", {relation("off by A", 0), relation("rounded")}),
                 failed("L", {relation("off by A", 0), relation("rounded")})}) == "L: said of rounded.");
}

TEST_CASE("hints: a suspect explains what it gets wrong first") {
  Case one;
  one.given = "{}";
  one.expected = {{"V", Value{2.0}}, {"NZ", Value{3.0}}};
  one.suspects = R"([{"id": "early", "sentence": "", "expected": {"V": 2.5, "NZ": 4}},
                     {"id": "late", "sentence": "", "expected": {"NZ": 4}}])";
  const Mismatch mismatch = explained(one, "NZ", Value{4.0});
  REQUIRE(mismatch.relations.size() == 1);
  CHECK(mismatch.relations[0].id == "suspect late");
  CHECK(mismatch.denied == std::vector<std::string>{"suspect early"});
}

TEST_CASE("hints: a list is a suspect's answer as a whole, its length as well") {
  const Value right{List{Value{1.0}, Value{2.0}}}, first{List{Value{9.0}, Value{2.0}}},
      both{List{Value{9.0}, Value{8.0}}};
  Case one;
  one.given = "{}";
  one.expected = {{"W", right}};
  one.suspects = R"([{"id": "first", "sentence": "", "expected": {"W": [9, 2]}},
                     {"id": "both", "sentence": "", "expected": {"W": [9, 8]}},
                     {"id": "short", "sentence": "", "expected": {"W": [1]}}])";
  const auto suspected = [&](const std::string& output, const Value& actual) {
    std::string ids;
    for (const Relation& relation : explained(one, output, actual).relations) {
      if (relation.id.starts_with("suspect")) ids += relation.id;
    }
    return ids;
  };
  CHECK(suspected("W[0]", first) == "suspect first");
  CHECK(suspected("W[0]", both) == "suspect both");
  CHECK(suspected("W", Value{List{Value{1.0}}}) == "suspect short");
  CHECK(suspected("W", Value{List{Value{3.0}}}) == "");
}

TEST_CASE("hints: numbers and words are compared with suspects too") {
  Case one;
  one.given = "{}";
  one.expected = {{"eps", Value{1e-8}}};
  one.suspects = R"([{"id": "eps of PyTorch", "sentence": "", "expected": {"eps": 1e-5}}])";
  CHECK(noted(one, Value{1e-5}) == std::vector<std::string>{"suspect eps of PyTorch"});
  CHECK(noted(one, Value{2e-5}).empty());
  one.expected = {{"activations", Value{List{{std::string("ReLU")}, {std::string("Identity")}}}}};
  one.suspects = R"([{"id": "last", "sentence": "", "expected": {"activations": ["ReLU", "ReLU"]}}])";
  const Mismatch mismatch = explained(one, "activations[1]", Value{List{{std::string("ReLU")}, {std::string("ReLU")}}});
  REQUIRE(mismatch.relations.size() == 1);
  CHECK(mismatch.relations[0].id == "suspect last");
}
