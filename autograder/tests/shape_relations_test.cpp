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

TEST_CASE("shape relations: a row and a column combined show where they meet right") {
  const Matrix sum{3, 3, {1, 11, 21, 2, 12, 22, 5, 15, 25}};  // the column 1, 2, 5 and the row 0, 10, 20
  CHECK(ids({3, 1, {1, 12, 25}}, sum) == Ids{"broadcast"});
  CHECK(ids({1, 3, {1, 12, 25}}, sum) == Ids{"broadcast"});
  const Matrix product{3, 3, {2, -1, 3, 4, -2, 6, 10, -5, 15}};  // the column 1, 2, 5 times the row 2, -1, 3
  CHECK(ids({1, 3, {2, -2, 15}}, product) == Ids{"broadcast"});
  // Something else is wrong with it, or is all that is wrong.
  CHECK(ids({1, 3, {2, -2, 14}}, product).empty());
}

TEST_CASE("shape relations: a square matrix by itself is no row beside a column") {
  CHECK(ids(kColumn, {3, 3, {1, 2, 3, 4, 5, 6.5, 7, 8, 9}}).empty());
  // Of dLdBZ^T NZ the sums over the samples are the diagonal: rows (1, 2), (3, -1), (0.5, 4) and (2, 1), (-1, 3), (1,
  // 2).
  CHECK(ids({1, 2, {-0.5, 7}}, {2, 2, {-0.5, 11, 9, 7}}).empty());
  // b made (out, out) instead of (out, 1).
  CHECK(ids({3, 1, {0, 0, 0}}, {3, 3, std::vector<double>(9, 0.0)}).empty());
  CHECK(ids({1, 3, {1, 1, 1}}, {3, 3, std::vector<double>(9, 1.0)}).empty());
  // One vector repeated: nothing stood beside it.
  CHECK(ids(kRow, {3, 3, {1, 2, 4, 1, 2, 4, 1, 2, 4}}).empty());
  CHECK(ids(kColumn, {3, 3, {1, 1, 1, 2, 2, 2, 4, 4, 4}}).empty());
}
