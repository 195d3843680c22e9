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
  CHECK(ids(kRight, {3, 2, {0.5, 9, 8, 0.75, -3.5, 7}}).empty());
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

TEST_CASE("relation: nothing stored, memory never set, a division by 0") {
  CHECK(ids(kRight, {0, 0, {}}) == Ids{"empty"});
  Neighbours in_list;
  in_list.place = "dLdW[1]";
  CHECK(ids(kRight, {0, 0, {}}, in_list) == Ids{"empty entry"});
  in_list.place = "dLdW";
  CHECK(ids(kRight, {0, 0, {}}, in_list) == Ids{"empty"});
  Matrix unset = kRight;
  unset.entries[4] = kUninitialised;
  CHECK(ids(kRight, unset) == Ids{"uninitialised"});
  unset.entries[4] = -8577.5;
  CHECK(ids(kRight, unset).empty());
  const auto infinite =
      relations_of(kRight, {3, 2, {INFINITY, INFINITY, -INFINITY, INFINITY, -INFINITY, INFINITY}}, {});
  REQUIRE(infinite.size() == 1);
  CHECK(infinite[0].id == "infinite");
  // A logarithm of 0 is infinite as well.
  CHECK(infinite[0].sentence.ends_with("?"));
  CHECK(ids(kRight, {3, 2, {INFINITY, INFINITY, -INFINITY, INFINITY, -INFINITY, 1.5}}).empty());
  CHECK(ids(kRight, {3, 2, {INFINITY, INFINITY, -INFINITY, INFINITY, -INFINITY, NAN}}).empty());
}

TEST_CASE("relation: what should start at zero, and does not") {
  const Matrix zeros{1, 3, {0, 0, 0}};
  CHECK(ids(zeros, {1, 3, {0.25, -1, 0.5}}) == Ids{"not zeros"});
  CHECK(ids(zeros, zeros).empty());
}

TEST_CASE("relation: what it is off by is a multiple of another matrix") {
  const Matrix dLdW{3, 2, {1, 3, -2, 5, 4, -1}};
  const auto moved = [&](double rate) {
    Matrix sum = kRight;
    for (std::size_t i = 0; i < sum.entries.size(); ++i) sum.entries[i] -= rate * dLdW.entries[i];
    return sum;
  };
  CHECK(ids(kRight, moved(0.1), {{}, {{"dLdW", dLdW}}}) == Ids{"off by dLdW"});
  CHECK(ids(kRight, moved(0.1), {{{"dLdW[1]", dLdW}}, {}}) == Ids{"off by dLdW"});
  // By a single entry of it all the others are held against it.
  Matrix nearly = moved(0.1);
  nearly.entries[3] += 0.1;
  CHECK(ids(kRight, nearly, {{}, {{"dLdW", dLdW}}}).empty());
  // What was given and should stay is said to have been changed.
  Neighbours given{{{"W", kRight}}, {{"dLdW", dLdW}}};
  given.place = "W";
  const auto found = relations_of(kRight, moved(0.1), given);
  REQUIRE(found.size() == 1);
  CHECK(found[0].sentence.find("should stay") != std::string::npos);
  // A multiple of what is expected is a factor, and two thirds has no name.
  CHECK(ids(kRight, each(kRight, [](double x) { return x / 1.5; }), {{{"W", kRight}}}).empty());
}

TEST_CASE("relation: a single number is off by a multiple of anything, which is no evidence") {
  const auto found = relations_of({1, 1, {2}}, {1, 1, {3}}, {{{"A", {1, 1, {7}}}}});
  REQUIRE(found.size() == 1);
  CHECK(found[0].id == "off by A");
  CHECK(found[0].evidence == 0);
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
  // Of a wrong row a number may be right.
  CHECK(ids(kRight, {3, 2, {0.5, -1.25, 2.0, 8, 9.5, 11}}) == Ids{"first row"});
  CHECK(ids(kRight, {3, 2, {0.5, 7, 2.0, 8, -3.5, 11}}) == Ids{"first column"});
  CHECK(ids(kRight, {3, 2, {7, 8, 9.5, 11, -3.5, 1.5}}) == Ids{"last row"});
  CHECK(ids(kRight, {3, 2, {7, 8, 2.0, 0.75, -3.5, 1.5}}) == Ids{"all but the first row"});
  CHECK(ids(kRight, {3, 2, {7, 8, 2.0, 0.75, 9.5, 11}}).empty());
  // Of the only wrong row no number may be right, unless it is 0.
  CHECK(ids(kRight, {3, 2, {0.5, -1.25, 2.0, 0.75, -3.5, 11}}).empty());
  CHECK(ids({3, 1, {1, 0, 2}}, {3, 1, {1, 0, 0}}) == Ids{"all but the last row"});
  CHECK(ids({2, 3, {1, 0, 2, 4, 0, 5}}, {2, 3, {1, 0, 2, 0, 0, 0}}) == Ids{"first row"});
  const Matrix wide{1, 3, {1, 2, 4}};
  CHECK(ids(wide, {1, 3, {8, 9, 4}}) == Ids{"last column"});
  CHECK(ids(wide, {1, 3, {9, 2, 4}}) == Ids{"all but the first column"});
  CHECK(ids(wide, {1, 3, {1, 2, 9}}) == Ids{"all but the last column"});
  const Matrix Z{3, 2, {1, -1, 1, -1, -1, 1}};
  CHECK(ids(kRight, {3, 2, {0.5, 9, 2.0, 8, 7, 1.5}}, {{{"Z", Z}}, {}, {}}) == Ids{"right where Z > 0"});
  const Matrix zeros{3, 2, {1, 0, 1, -1, -1, 0}};
  CHECK(ids(kRight, {3, 2, {0.5, 9, 2.0, 0.75, -3.5, 8}}, {{{"Z", zeros}}, {}, {}}) == Ids{"wrong where Z = 0"});
}

TEST_CASE("relation: a loop over rows that counts columns") {
  const Matrix tall{4, 2, {1, 2, 3, 4, 5, 6, 7, 8}};
  CHECK(ids(tall, {4, 2, {1, 2, 3, 4, 0, 0, 0, 0}}) == Ids{"rows as columns"});
  CHECK(ids(tall, {4, 2, {1, 2, 0, 0, 0, 0, 0, 0}}) == Ids{"first row"});
  const Matrix wide{2, 4, {1, 2, 3, 4, 5, 6, 7, 8}};
  CHECK(ids(wide, {2, 4, {1, 2, 0, 0, 5, 6, 0, 0}}) == Ids{"columns as rows"});
}

TEST_CASE("relation: what an earlier case should have given, in whole or with its size") {
  const Matrix before{2, 2, {1, 2, 3, 4.5}};
  Neighbours neighbours;
  neighbours.sizes = {{"N", 3}, {"C", 2}};
  neighbours.earlier = {{std::nullopt, {{"N", 7}}}, {before, {{"N", 5}, {"C", 2}}}};
  CHECK(ids(kRight, before, neighbours) == Ids{"stale"});
  CHECK(ids(kRight, {2, 2, {1, 2, 3, 4}}, neighbours).empty());
  CHECK(ids(kRight, each(kRight, [](double x) { return x * 3 / 5; }), neighbours) == Ids{"stale N"});
  CHECK(ids(kRight, each(kRight, [](double x) { return x * 7 / 3; }), neighbours) == Ids{"stale N"});
  CHECK(ids(kRight, each(kRight, [](double x) { return x * 4 / 3; }), neighbours).empty());
}

TEST_CASE("relation: lists of another length") {
  const auto list_ids = [](const List& expected, const List& actual) {
    Ids found;
    for (const Relation& relation : relations_of(expected, actual, Tolerance{})) found.push_back(relation.id);
    return found;
  };
  const List right{Value{kRight}, Value{2.0}};
  CHECK(list_ids(right, {}) == Ids{"empty"});
  CHECK(list_ids(right, {Value{kRight}}) == Ids{"fewer entries"});
  CHECK(list_ids(right, {Value{kRight}, Value{2.0}, Value{0.0}}) == Ids{"more entries"});
  CHECK(list_ids(right, {Value{2.0}}).empty());
  CHECK(list_ids(right, {Value{kRight}, Value{3.0}, Value{0.0}}).empty());
}

TEST_CASE("relation: another matrix at hand") {
  const Matrix A{3, 2, {1, 2, 3, 4, 5, 6.5}};
  CHECK(ids(kRight, A, {{{"A", A}}, {}, {}}) == Ids{"given A"});
  CHECK(ids(kRight, A, {{}, {{"dLdZ", A}}, {}}) == Ids{"equals output dLdZ"});
  // Of two outputs that are the same one is named.
  CHECK(ids(kRight, A, {{}, {{"returned", A}, {"A[2]", A}}, {}}) == Ids{"equals output returned"});
  // What was given under the same name has not been changed.
  Neighbours own{{{"W[0]", A}}};
  own.place = "W[1]";
  const auto kept = relations_of(kRight, A, own);
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].id == "given W");
  CHECK(kept[0].sentence == "it is still what was given: is it changed at all?");
  // What is right and equals something else is no slip.
  CHECK(ids(A, A, {{{"A", A}}, {}, {}}).empty());
}

TEST_CASE("relation: another shape") {
  CHECK(ids({1, 2, {-1.0, 1.0}}, kRight) == Ids{"not summed"});
  CHECK(ids({1, 2, {-1.0 / 3, 1.0 / 3}}, kRight) == Ids{"not averaged"});
  Neighbours in_list;
  in_list.place = "dLdW[1]";
  CHECK(ids(kRight, {0, 2, {}}, in_list) == Ids{"empty shape"});
}

TEST_CASE("relation: the numbers that support it are counted once each") {
  const auto found = relations_of({2, 2, {1, 1, 2, 0}}, {2, 2, {-1, -1, -2, 0}}, {});
  REQUIRE(found.size() == 1);
  CHECK(found[0].evidence == 2);
  CHECK_FALSE(found[0].sentence.empty());
}
