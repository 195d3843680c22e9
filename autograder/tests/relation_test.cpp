#include "autograder/relation.hpp"

#include <algorithm>

#include "autograder/tests/catch.hpp"

using namespace autograder;

namespace {

const Matrix kRight{3, 2, {0.5, -1.25, 2.0, 0.75, -3.5, 1.5}};

Matrix each(const Matrix& matrix, double (*change)(double)) {
  Matrix changed = matrix;
  std::transform(changed.entries.begin(), changed.entries.end(), changed.entries.begin(), change);
  return changed;
}

std::vector<std::string> ids(const Matrix& expected, const Matrix& actual, const Neighbours& neighbours = {}) {
  std::vector<std::string> found;
  for (const Relation& relation : relations_of(expected, actual, neighbours)) found.push_back(relation.id);
  return found;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("relation: what is right, or wrong without a rule, has none") {
  CHECK(ids(kRight, kRight).empty());
  CHECK(ids(kRight, {3, 2, {0.5, -1.25, 2.0, 0.75, -3.5, 1.6}}).empty());
  CHECK(ids(kRight, {3, 2, {1, 2, 3, 4, 5, 6.5}}).empty());
  CHECK(ids(kRight, {3, 2, {0.5, -1.25, 2.0, 0.75, -3.5, NAN}}).empty());
  CHECK(ids(kRight, {2, 2, {1, 2, 3, 4}}).empty());
}

TEST_CASE("relation: factors are named by the sizes of the case") {
  const Neighbours sizes{{}, {}, {{"N", 3}, {"C", 5}}};
  CHECK(ids(kRight, each(kRight, [](double x) { return 3 * x; }), sizes) == Ids{"factor N"});
  CHECK(ids(kRight, each(kRight, [](double x) { return x / 3; }), sizes) == Ids{"factor 1/N"});
  CHECK(ids(kRight, each(kRight, [](double x) { return 5 * x; }), sizes) == Ids{"factor C"});
  CHECK(ids(kRight, each(kRight, [](double x) { return x / 15; }), sizes) == Ids{"factor 1/N*C"});
  CHECK(ids(kRight, each(kRight, [](double x) { return 2 * x; }), sizes) == Ids{"factor 2"});
  CHECK(ids(kRight, each(kRight, [](double x) { return -x; }), sizes) == Ids{"sign"});
  CHECK(ids(kRight, each(kRight, [](double x) { return -3 * x; }), sizes) == Ids{"factor -N"});
  // What no size explains is no hint.
  CHECK(ids(kRight, each(kRight, [](double x) { return 3.7 * x; }), sizes).empty());
}

TEST_CASE("relation: two sizes that are the same number are both named") {
  CHECK(ids(kRight, each(kRight, [](double x) { return 3 * x; }), {{}, {}, {{"N", 3}, {"C", 3}}}) ==
        Ids{"factor N", "factor C"});
}

TEST_CASE("relation: zeros, an offset, rounding") {
  CHECK(ids(kRight, each(kRight, [](double) { return 0.0; })) == Ids{"zeros"});
  CHECK(ids(kRight, each(kRight, [](double x) { return x + 0.1; })) == Ids{"offset"});
  const Matrix fine{1, 3, {0.12345678, 1.23456789, -2.3456789}};
  CHECK(ids(fine, {1, 3, {0.12, 1.23, -2.35}}) == Ids{"rounded"});
  CHECK(ids(fine, {1, 3, {0.0, 1.0, -2.0}}) == Ids{"rounded"});
}

TEST_CASE("relation: the transpose, also of a square matrix") {
  CHECK(ids(kRight, {2, 3, {0.5, 2.0, -3.5, -1.25, 0.75, 1.5}}) == Ids{"transposed"});
  CHECK(ids({2, 2, {1, 2, 3, 4}}, {2, 2, {1, 3, 2, 4}}) == Ids{"transposed"});
}

TEST_CASE("relation: rows or columns in another order") {
  CHECK(ids(kRight, {3, 2, {-3.5, 1.5, 2.0, 0.75, 0.5, -1.25}}) == Ids{"rows reversed"});
  CHECK(ids(kRight, {3, 2, {2.0, 0.75, -3.5, 1.5, 0.5, -1.25}}) == Ids{"rows permuted"});
  CHECK(ids(kRight, {3, 2, {-1.25, 0.5, 0.75, 2.0, 1.5, -3.5}}) == Ids{"columns reversed"});
}

TEST_CASE("relation: only a part is right") {
  CHECK(ids(kRight, {3, 2, {0.5, -1.25, 7, 8, 9.5, 11}}) == Ids{"first row"});
  CHECK(ids(kRight, {3, 2, {0.5, 7, 2.0, 8, -3.5, 11}}) == Ids{"first column"});
  const Matrix Z{3, 2, {1, -1, 1, -1, -1, 1}};
  CHECK(ids(kRight, {3, 2, {0.5, 9, 2.0, 8, 7, 1.5}}, {{{"Z", Z}}, {}, {}}) == Ids{"right where Z > 0"});
  const Matrix zeros{3, 2, {1, 0, 1, -1, -1, 0}};
  CHECK(ids(kRight, {3, 2, {0.5, 9, 2.0, 0.75, -3.5, 8}}, {{{"Z", zeros}}, {}, {}}) == Ids{"wrong where Z = 0"});
}

TEST_CASE("relation: another matrix at hand") {
  const Matrix A{3, 2, {1, 2, 3, 4, 5, 6.5}};
  CHECK(ids(kRight, A, {{{"A", A}}, {}, {}}) == Ids{"given A"});
  CHECK(ids(kRight, A, {{}, {{"dLdZ", A}}, {}}) == Ids{"equals output dLdZ"});
  // What is right and equals something else is no slip.
  CHECK(ids(A, A, {{{"A", A}}, {}, {}}).empty());
}

TEST_CASE("relation: shapes that tell of a sum left out, or of a row beside a column") {
  CHECK(ids({1, 2, {-1.0, 1.0}}, kRight) == Ids{"not summed"});
  CHECK(ids({1, 2, {-1.0 / 3, 1.0 / 3}}, kRight) == Ids{"not averaged"});
  CHECK(ids({3, 1, {1, 2, 4}}, {3, 3, {1, 2, 3, 4, 5, 6, 7, 8, 9}}) == Ids{"broadcast"});
}

TEST_CASE("relation: the numbers that support it are counted once each") {
  const auto found = relations_of({2, 2, {1, 1, 2, 0}}, {2, 2, {-1, -1, -2, 0}}, {});
  REQUIRE(found.size() == 1);
  CHECK(found[0].evidence == 2);
  CHECK_FALSE(found[0].sentence.empty());
}
