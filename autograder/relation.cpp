// See relation.hpp.
#include "autograder/relation.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <set>

#include "autograder/compare.hpp"
#include "autograder/matrix_pair.hpp"
#include "autograder/shape_relations.hpp"

namespace autograder {

namespace {

/// A factor by which a gradient or a loss is easily wrong, in symbols.
struct Factor {
  std::string id;
  double value;
  std::string sentence;
};

std::vector<Factor> named_factors(const std::vector<std::pair<std::string, std::size_t>>& sizes) {
  std::vector<Factor> factors{{"2", 2.0, "every value is twice the expected one"},
                              {"1/2", 0.5, "every value is half of the expected one"}};
  const auto add = [&](const std::string& symbol, double value) {
    factors.push_back(
        {symbol, value, "every value is " + symbol + " times too large: is a division by " + symbol + " missing?"});
    factors.push_back({"1/" + symbol, 1.0 / value,
                       "every value is " + symbol + " times too small: it is divided by " + symbol +
                           " once too often, or averaged where a sum is asked for"});
  };
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    add(sizes[i].first, static_cast<double>(sizes[i].second));
    for (std::size_t j = i + 1; j < sizes.size(); ++j) {
      add(sizes[i].first + "*" + sizes[j].first, static_cast<double>(sizes[i].second * sizes[j].second));
    }
  }
  return factors;
}

class Search {
 public:
  Search(const Matrix& expected, const Matrix& actual, const Neighbours& neighbours)
      : expected_(expected), actual_(actual), neighbours_(neighbours), numbers_(distinct(expected)) {}

  std::vector<Relation> find() {
    if (expected_.entries.empty() || !is_finite(expected_)) return {};
    if (actual_.entries.empty()) return shape_relations(expected_, actual_, neighbours_.place);
    never_set();
    if (!is_finite(actual_)) {
      not_finite();
      return std::move(found_);
    }
    neighbours();
    earlier();
    if (!same_shape(expected_, actual_)) {
      for (const Relation& one : shape_relations(expected_, actual_, neighbours_.place)) found_.push_back(one);
    } else if (!Pair(expected_, actual_).equal()) {
      zeros();
      factors();
      offset();
      multiples();
      order();
      parts();
      precision();
    }
    return std::move(found_);
  }

 private:
  void add(const std::string& id, const std::string& sentence, std::size_t evidence) {
    if (evidence > 0) found_.push_back({id, sentence, evidence});
  }

  void never_set() {
    const bool is_unset = std::any_of(actual_.entries.begin(), actual_.entries.end(),
                                      [](double entry) { return std::abs(entry - kUninitialised) <= kZero; });
    if (is_unset) {
      add("uninitialised", "it holds memory that was never set: a matrix made from a shape alone has no values yet",
          kEvidence);
    }
  }

  void not_finite() {
    if (!same_shape(expected_, actual_)) return;
    const bool is_infinite =
        std::all_of(actual_.entries.begin(), actual_.entries.end(), [](double entry) { return std::isinf(entry); });
    if (is_infinite) {
      add("infinite", "it is infinite everywhere: is something divided by 0, or is the logarithm taken of 0?",
          numbers_);
    }
  }

  void zeros() {
    const std::string all = actual_.entries.size() == 1 ? "it is zero" : "it is all zeros";
    if (largest(actual_) == 0.0) {
      add("zeros",
          all +
              ": is it computed, stored where it is asked for, and not overwritten? In C++ a quotient of integers, "
              "such as 1 / 2, is rounded down to 0",
          numbers_);
    }
    if (largest(expected_) == 0.0) add("not zeros", "it should be zero everywhere, and is not", actual_.entries.size());
  }

  bool is_factor(double factor) const {
    const Pair pair(expected_, actual_);
    return largest(actual_) > 0.0 && pair.everywhere([&](double e, double a) { return pair.equal(factor * e, a); });
  }

  void factors() {
    if (is_factor(-1.0)) add("sign", "the sign is wrong everywhere, the sizes are right", numbers_);
    for (const Factor& factor : named_factors(neighbours_.sizes)) {
      if (factor.value == 1.0) continue;
      if (is_factor(factor.value)) add("factor " + factor.id, factor.sentence, numbers_);
      if (is_factor(-factor.value)) {
        add("factor -" + factor.id, factor.sentence + " The sign is wrong too.", numbers_);
      }
    }
  }

  void offset() {
    const double off = actual_.entries.front() - expected_.entries.front();
    const Pair pair(expected_, actual_);
    if (!pair.everywhere([&](double e, double a) { return pair.equal(a, e + off); })) return;
    // The first element has been used up.
    if (numbers_ > 1) add("offset", "every value is off by the same amount", numbers_ - 1);
  }

  /// Whether what it is off by is one multiple of `matrix`.
  bool off_by(const Matrix& matrix) const {
    if (!same_shape(matrix, expected_)) return false;
    std::size_t most = 0;
    for (std::size_t i = 0; i < matrix.entries.size(); ++i) {
      if (std::abs(matrix.entries[i]) > std::abs(matrix.entries[most])) most = i;
    }
    if (matrix.entries[most] == 0.0) return false;
    const double multiple = (actual_.entries[most] - expected_.entries[most]) / matrix.entries[most];
    Matrix moved = expected_;
    for (std::size_t i = 0; i < moved.entries.size(); ++i) moved.entries[i] += multiple * matrix.entries[i];
    return equal(moved, actual_);
  }

  void multiples() {
    const bool is_given = std::any_of(neighbours_.inputs.begin(), neighbours_.inputs.end(), [&](const auto& one) {
      return base_of(one.first) == base_of(neighbours_.place) && equal(one.second, expected_);
    });
    std::set<std::string> named;
    for (const auto* matrices : {&neighbours_.inputs, &neighbours_.outputs}) {
      for (const auto& [name, matrix] : *matrices) {
        const std::string base = base_of(name);
        // Of a single number everything is a multiple: that is no evidence, and contradicts nothing.
        const std::size_t numbers = distinct(matrix);
        if (numbers == 0 || (numbers > 1 && is_proportional(matrix, expected_)) || !off_by(matrix)) continue;
        if (!named.insert(base).second) continue;
        const std::string sentence =
            is_given ? "it was given, and should stay as it is, but a multiple of " + base + " has been added to it"
                     : "what it is off by is a multiple of " + base + ": a term with " + base +
                           " is missing, is one too many, or has a wrong factor";
        found_.push_back({"off by " + base, sentence, numbers - 1});  // one has been used up
      }
    }
  }

  void order_by(const Matrix& expected, const Matrix& actual, const std::string& what) {
    if (expected.rows < 2) return;
    std::vector<std::size_t> reversed(expected.rows);
    for (std::size_t i = 0; i < reversed.size(); ++i) reversed[i] = reversed.size() - 1 - i;
    const auto order = order_of_rows(expected, actual);
    if (!order) return;
    if (*order == reversed) {
      add(what + " reversed", "its " + what + " are the right ones in reverse order", numbers_);
    } else {
      add(what + " permuted", "its " + what + " are the right ones in another order", numbers_);
    }
  }

  void order() {
    if (equal(transpose(expected_), actual_)) add("transposed", "it is the transpose of what is expected", numbers_);
    order_by(expected_, actual_, "rows");
    order_by(transpose(expected_), transpose(actual_), "columns");
  }

  /// Whether exactly those elements are right of which `holds`; both kinds must be there.
  bool right_exactly(const std::function<bool(std::size_t row, std::size_t col)>& holds) const {
    const Pair pair(expected_, actual_);
    std::size_t right = 0, wrong = 0;
    for (std::size_t row = 0; row < expected_.rows; ++row) {
      for (std::size_t col = 0; col < expected_.cols; ++col) {
        const bool is_right = pair.equal(expected_.at(row, col), actual_.at(row, col));
        if (is_right != holds(row, col)) return false;
        ++(is_right ? right : wrong);
      }
    }
    return right > 0 && wrong > 0;
  }

  void parts() {
    some_lines(expected_, actual_, "row", "column",
               ". Is it one sample that is computed, or a sum with keep_dims that is used before it is evaluated? "
               "xtensor.md tells of that trap");
    some_lines(transpose(expected_), transpose(actual_), "column", "row", "");
    for (const auto& [name, input] : neighbours_.inputs) {
      if (!same_shape(input, expected_)) continue;
      const Matrix& of = input;
      if (right_exactly([&](std::size_t row, std::size_t col) { return of.at(row, col) > 0.0; })) {
        add("right where " + name + " > 0", "it is right where " + name + " is positive, and wrong everywhere else",
            numbers_);
      }
      if (right_exactly([&](std::size_t row, std::size_t col) { return of.at(row, col) != 0.0; })) {
        add("wrong where " + name + " = 0", "it is wrong exactly where " + name + " is 0", numbers_);
      }
    }
  }

  /// Whether there are several wrong rows, or no number but 0 in the only one is right: a single number is no row.
  static bool are_lines(const Matrix& expected, const Matrix& actual, const std::vector<bool>& is_right) {
    if (std::count(is_right.begin(), is_right.end(), false) != 1) return true;
    const auto wrong = static_cast<std::size_t>(std::find(is_right.begin(), is_right.end(), false) - is_right.begin());
    const Matrix wanted = rows_of(expected, {wrong}), got = rows_of(actual, {wrong});
    const Pair pair(wanted, got);
    return pair.everywhere([&](double e, double a) { return e == 0.0 || !pair.equal(e, a); });
  }

  /// Rows that are right beside rows that are not; of columns the transposes. In a wrong row a number may be right by
  /// chance.
  void some_lines(const Matrix& expected, const Matrix& actual, const std::string& line, const std::string& across,
                  const std::string& first) {
    std::vector<bool> is_right;
    for (std::size_t row = 0; row < expected.rows; ++row) {
      is_right.push_back(equal(rows_of(expected, {row}), rows_of(actual, {row})));
    }
    const auto exactly = [&](std::size_t begin, std::size_t end) {
      for (std::size_t row = 0; row < is_right.size(); ++row) {
        if (is_right[row] != (begin <= row && row < end)) return false;
      }
      return begin < end;
    };
    const std::size_t count = is_right.size();
    if (count < 2 || !are_lines(expected, actual, is_right)) return;
    if (exactly(0, 1)) add("first " + line, "only the first " + line + " is right" + first, numbers_);
    if (expected.cols < count && exactly(0, expected.cols)) {
      add(line + "s as " + across + "s",
          "only so many " + line + "s are right as there are " + across + "s: does a loop confuse the two?", numbers_);
    }
    if (exactly(count - 1, count)) {
      add("last " + line, "only the last " + line + " is right: does each pass of a loop overwrite the one before?",
          numbers_);
    }
    if (count < 3) return;
    if (exactly(0, count - 1)) {
      add("all but the last " + line, "only the last " + line + " is wrong: does a loop end too early?", numbers_);
    }
    if (exactly(1, count)) {
      add("all but the first " + line, "only the first " + line + " is wrong: does a loop begin too late?", numbers_);
    }
  }

  /// Rounding is no relation within our precision, but one beyond it.
  void precision() {
    const auto rounds = [&](const std::function<double(double)>& round) {
      const auto same = [&](double e, double a) {
        return std::abs(round(e) - a) <= kZero * std::max(1.0, std::abs(a));
      };
      return Pair(expected_, actual_).everywhere(same);
    };
    for (const int digits : {0, 1, 2, 3, 4, 5}) {
      const double scale = std::pow(10.0, digits);
      if (rounds([&](double e) { return std::round(e * scale) / scale; })) {
        return add("rounded", "the values are rounded, or went through integers", numbers_);
      }
    }
  }

  void neighbours() {
    for (const auto& [name, input] : neighbours_.inputs) {
      if (!equal(input, actual_) || equal(input, expected_)) continue;
      const bool is_own = base_of(name) == base_of(neighbours_.place);
      add("given " + base_of(name),
          is_own ? "it is still what was given: is it changed at all?" : "it equals " + name + ", which was given",
          distinct(input));
    }
    for (const auto& [name, output] : neighbours_.outputs) {
      if (!equal(output, actual_) || equal(output, expected_)) continue;
      add("equals output " + name,
          "it has the values that " + (name == "returned" ? "forward should return" : name + " should have"),
          distinct(output));
      return;  // another one that is the same tells no more
    }
  }

  /// A worker runs the cases of a component one after another, so what is static lives on.
  void earlier() {
    for (const Neighbours::Earlier& one : neighbours_.earlier) {
      if (one.expected && !equal(*one.expected, expected_) && equal(*one.expected, actual_)) {
        return add("stale", "it is what an earlier test should have given: is something static, or only computed once?",
                   distinct(*one.expected));
      }
    }
    if (!same_shape(expected_, actual_)) return;
    for (const Neighbours::Earlier& one : neighbours_.earlier) {
      for (const auto& [symbol, size] : neighbours_.sizes) {
        for (const auto& [other, earlier] : one.sizes) {
          const double ratio = static_cast<double>(size) / static_cast<double>(earlier);
          if (symbol != other || size == earlier || !(is_factor(ratio) || is_factor(1.0 / ratio))) continue;
          return add("stale " + symbol,
                     "it would be right with the " + symbol + " of an earlier test: is " + symbol +
                         " static, or only set once?",
                     numbers_);
        }
      }
    }
  }

  const Matrix& expected_;
  const Matrix& actual_;
  const Neighbours& neighbours_;
  std::size_t numbers_;  ///< different ones in the expected matrix
  std::vector<Relation> found_;
};

}  // namespace

std::string base_of(const std::string& output) { return output.substr(0, output.find('[')); }

std::vector<Relation> relations_of(const Matrix& expected, const Matrix& actual, const Neighbours& neighbours) {
  return Search(expected, actual, neighbours).find();
}

std::vector<Relation> relations_of(const List& expected, const List& actual, Tolerance tolerance) {
  const std::size_t both = std::min(expected.size(), actual.size());
  for (std::size_t i = 0; i < both; ++i) {
    if (!compare("", expected[i], actual[i], tolerance).empty()) return {};
  }
  if (actual.empty()) return {{"empty", "it has no entries: has something been stored in it?", kEvidence}};
  if (actual.size() > both) {
    return {{"more entries", "its entries are right, but more of them follow: what makes one too many?", kEvidence}};
  }
  return {{"fewer entries", "its entries are right as far as they go: does a loop end too early?", kEvidence}};
}

}  // namespace autograder
