#include "autograder/shape_relations.hpp"

#include "autograder/tests/catch.hpp"
#include "autograder/tests/make.hpp"

using namespace autograder;

namespace {

const Matrix kColumn{3, 1, {1, 2, 4}}, kRow{1, 3, {1, 2, 4}};

std::vector<std::string> ids(const Matrix& expected, const Matrix& actual) {
  std::vector<std::string> found;
  for (const Relation& relation : shape_relations(expected, actual, "dLdb")) found.push_back(relation.id);
  return found;
}

/// What is said of a matrix without elements.
std::string sentence_on(const Matrix& actual, const std::string& place) {
  const auto found = shape_relations(kColumn, actual, place);
  REQUIRE(found.size() == 1);
  return found[0].sentence;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("shape relations: why nothing is stored is asked, not stated") {
  CHECK(ids(kColumn, {}) == Ids{"empty"});
  for (const char* place : {"returned", "dLdb", "dLdb[1]"}) {
    CHECK_THAT(sentence_on({}, place),
               ContainsSubstring("it has no elements: ") && ContainsSubstring("?") && !ContainsSubstring("hides"));
  }
  CHECK(shape_relations(kColumn, {}, "dLdb[1]")[0].id == "empty entry");
}

TEST_CASE("shape relations: what has a shape, and no elements, has been stored") {
  CHECK(ids(kRow, {0, 3, {}}) == Ids{"empty shape"});
  CHECK_THAT(sentence_on({0, 3, {}}, "dLdBb"), ContainsSubstring("it has no rows") && !ContainsSubstring("stored"));
  CHECK_THAT(sentence_on({3, 0, {}}, "dLdBb[2]"), ContainsSubstring("it has no columns"));
}

TEST_CASE("shape relations: the same shape tells nothing, nor does another one by itself") {
  CHECK(ids(kColumn, {3, 1, {7, 8, 9.5}}).empty());
  CHECK(ids(kColumn, {4, 1, {7, 8, 9.5, 3}}).empty());
}

TEST_CASE("shape relations: the transpose, and a sum or an average left out") {
  CHECK(ids(kColumn, kRow) == Ids{"transposed"});
  const Matrix samples{2, 3, {0.5, 3, 5, 0.5, -1, -1}};
  CHECK(ids(kRow, samples) == Ids{"not summed"});
  CHECK(ids({1, 3, {0.5, 1, 2}}, samples) == Ids{"not averaged"});
  // Where nothing but 0 is expected, any of them could be meant.
  CHECK(ids({1, 3, {0, 0, 0}}, {2, 3, {0, 0, 0, 0, 0, 0}}).empty());
}
