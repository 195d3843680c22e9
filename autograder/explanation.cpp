// See explanation.hpp.
#include "autograder/explanation.hpp"

#include <algorithm>

#include "autograder/text_pieces.hpp"

namespace autograder {

namespace {

constexpr std::size_t kCode = 120;  ///< bytes of a line of the hand-in

/// The line of a hand-in's file, without the blanks around it; nothing where there is no such line. `#line` can name
/// any.
std::optional<std::string> code_at(const SourceLine& place, const Handin& handin) {
  const auto file = handin.files.find(place.file);
  if (file == handin.files.end() || place.line == 0) return std::nullopt;
  const std::vector<std::string_view> lines = lines_of(file->second);
  if (place.line > lines.size()) return std::nullopt;
  std::string_view line = lines[place.line - 1];
  while (!line.empty() && static_cast<unsigned char>(line.front()) <= ' ') line.remove_prefix(1);
  while (!line.empty() && static_cast<unsigned char>(line.back()) <= ' ') line.remove_suffix(1);
  return shortened(line, kCode);
}

/// "with_bias()" of "mytorch::nn::(anonymous namespace)::with_bias(xt::xtensor...)"; "its function" where the name is
/// not that simple.
std::string short_name(std::string_view function) {
  for (std::string_view hidden : {"(anonymous namespace)::", "[abi:cxx11]"}) {
    if (const auto at = function.rfind(hidden); at != function.npos && function.find('(') == at) {
      function.remove_prefix(at + hidden.size());
    }
  }
  std::string_view name = function.substr(0, function.find('('));
  if (const auto colons = name.rfind("::"); colons != name.npos) name.remove_prefix(colons + 2);
  if (const auto blank = name.rfind(' '); blank != name.npos) name.remove_prefix(blank + 1);
  const bool is_plain = !name.empty() && name.size() <= kName && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
  return is_plain && !holds(function, "lambda") && !holds(function, "$_") ? std::string(name) + "()" : "its function";
}

/// " (line 8)".
std::string line_text(std::size_t line) { return line == 0 ? "" : " (line " + std::to_string(line) + ")"; }

std::string variable_text(const Finding& finding) {
  // What a compiler calls a value without a name: clang "ref.tmp", g++ "<unknown>".
  const bool has_name = !finding.variable.empty() && finding.variable.find_first_of(".<") == std::string::npos;
  return (has_name ? "'" + finding.variable + "'" : "a temporary value") + line_text(finding.variable_line);
}

/// What the standard library checks of an index.
constexpr const char* kVectorCheck = "__n < this->size()";

std::string abort_sentence(const std::string& message) {
  if (message == "terminate") return "an exception leaves a function that lets none out (noexcept, a destructor)";
  if (message == kVectorCheck) return "an index is beyond the end of a std::vector";
  if (message == "!this->empty()") return "an element is taken from an empty container";
  if (!message.empty()) return "the standard library finds that this does not hold: " + message;
  return "the program ends itself with abort()";
}

std::string address_sentence(const Finding& finding, const std::vector<SourceLine>& other, const Handin& handin) {
  const std::string accesses = finding.writes ? "writes " : "reads ", &what = finding.what;
  if (what == "heap-use-after-free") {
    const auto own =
        std::find_if(other.begin(), other.end(), [&](const SourceLine& one) { return code_at(one, handin); });
    return accesses + "memory that is freed already" +
           (own == other.end() ? "" : ", since " + own->file + ":" + std::to_string(own->line));
  }
  if (what == "stack-use-after-return") {
    const std::string function = other.empty() ? "its function" : short_name(other.front().function);
    return accesses + variable_text(finding) + " after " + function + " has returned: it no longer exists";
  }
  if (what == "stack-use-after-scope") return accesses + variable_text(finding) + " after the end of its block";
  if (what == "stack-buffer-overflow") return accesses + "past the end of " + variable_text(finding);
  if (what == "stack-buffer-underflow") return accesses + "before the beginning of " + variable_text(finding);
  if (what == "stack-overflow") return "functions call each other without end: the stack is full";
  if (what == "double-free") return "memory is freed twice";
  if (what == "bad-free" || what == "free") return "memory is freed that was not allocated";
  if (what == "FPE") return "an integer is divided by zero";
  if (what == "ABRT") return abort_sentence(finding.message);
  if (what == "allocation-size-too-big" || what == "requested" || what == "out-of-memory" || what == "allocator") {
    return "more memory is asked for than there is: is a size wrong, or negative?";
  }
  if (what == "SEGV" || what == "BUS") {
    if (finding.is_null) return finding.writes ? "writes through a null pointer" : "reads through a null pointer";
    return accesses + "memory that is nobody's: is a pointer or reference out of date?";
  }
  if (!finding.place.empty()) return accesses + finding.place;
  return accesses + "memory that is not its own (" + what + ")";
}

/// In plain words where UBSan's are not.
std::string undefined_sentence(const std::string& what) {
  if (what.starts_with("load of null pointer")) return "reads through a null pointer";
  if (what.starts_with("store to null pointer")) return "writes through a null pointer";
  if (holds(what, "null pointer of type") && !holds(what, "offset")) return "uses a null pointer: " + what;
  if (what.starts_with("execution reached the end of a value-returning function")) {
    return "the function ends after this line, without the return that its type asks for";
  }
  return what;
}

/// Two shapes in an xt::broadcast_error: "LHS shape = (4, 2, )".
std::optional<std::string> broadcast_sentence(std::string_view exception) {
  std::string shapes[2];
  for (const std::string_view side : {"LHS", "RHS"}) {
    const auto shape = between(exception, std::string(side) + " shape = (", ")");
    if (!shape) return std::nullopt;
    shapes[side == "RHS"] = shortened(shape->substr(0, shape->find_last_not_of(", ") + 1), kName);
  }
  std::string text = "the shapes (" + shapes[0] + ") and (" + shapes[1] + ") do not fit each other";
  if (shapes[0] == "0, 0" || shapes[1] == "0, 0") text += ": (0, 0) is a Matrix that nothing was assigned to yet";
  return text;
}

/// An exception as the worker reports it, in one line. xtensor's checks also say where in xtensor they stand.
std::string exception_sentence(const std::string& exception) {
  std::string text = exception;
  if (const auto check = text.find(": check failed\n"); check != std::string::npos) {
    text.erase(0, check + std::string_view(": check failed\n").size());
  } else if (const auto assertion = between(text, "Assertion error!\n", "\n")) {
    text = *assertion;
  } else if (const auto broadcast = broadcast_sentence(text)) {
    text = *broadcast;
  } else {
    text = "throws " + text;
  }
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
  const auto begin = text.find_first_not_of(' ');
  return shortened(begin == std::string::npos ? "" : text.substr(begin), kSentence);
}

/// The traps of the handout's xtensor.md that crash.
constexpr const char* kLazyReduction =
    "A lazy reduction with xt::keep_dims inside a larger expression reads beyond its matrix (xtensor.md, trap 1). "
    "Write "
    "sum_keepdims(A, axis), mean_keepdims(A, axis) or max_keepdims(A, axis): they compute at once.";
constexpr const char* kReturnedExpression =
    "An expression of xtensor is not computed yet: it only refers to its operands, which are gone here (xtensor.md, "
    "trap 2). Let functions and lambdas return Matrix instead of auto, and give each step the type Matrix.";
constexpr const char* kWrongRank =
    "A Matrix always has two dimensions, and this result has another number of them (xtensor.md, trap 4). Write "
    "sum_keepdims(A, axis), or a view with xt::range(i, i + 1) in the place of an index.";
constexpr const char* kWrongProduct =
    "xt::linalg::dot(A, B) needs as many columns in A as B has rows (xtensor.md, trap 13). Print both shapes before "
    "this "
    "line: is a transpose missing?";

/// What stands behind the name of the file.
constexpr const char* kCopiedObject =
    " passes by itself, so look at the line that calls it. Is a matrix of a wrong shape handed over? Was forward "
    "called on this very layer, or is one of the two a copy? The matrices of a layer whose forward was never called "
    "are (0, 0). auto layer = layers[i] makes a copy, auto& layer = layers[i] does not.";

/// Where bounds of our own go wrong.
constexpr const char* kIndexBeyondEnd =
    "Of N rows or columns the indices are 0 to N - 1: a loop ends with i < N, not i <= N. Take N from the matrix's own "
    "shape, A.shape(0), or write the step with whole matrices, which needs no index.";

/// Whether a matrix in which nothing has been stored may have brought the exception about. A product does not say the
/// shapes.
bool may_be_empty(const std::string& exception) {
  return holds(exception, "Dot: shape mismatch") || holds(exception, "shape = (0, 0");
}

/// The first of the calls from a file of the hand-in that does not pass by itself.
std::optional<CodeLine> caller_in(const std::vector<SourceLine>& stack, const Handin& handin,
                                  const std::set<std::string>& passing) {
  for (const SourceLine& one : stack) {
    const auto code = code_at(one, handin);
    if (code && !passing.contains(one.file)) return CodeLine{one.file, one.line, *code};
  }
  return std::nullopt;
}

/// `calls` are the functions from where it happened to the hand-in's own line.
std::string trap_of(const Finding& finding, const std::vector<SourceLine>& calls, const std::string& exception) {
  const auto any = [&](std::string_view part) {
    return std::any_of(calls.begin(), calls.end(), [&](const SourceLine& one) { return holds(one.function, part); });
  };
  if (finding.kind == Finding::Kind::thrown) {
    if (holds(exception, "Cannot change dimension of xtensor")) return kWrongRank;
    if (holds(exception, "Dot: shape mismatch")) return kWrongProduct;
    if (holds(exception, " is out of bounds for axis ")) return kIndexBeyondEnd;
    return "";
  }
  const bool is_gone = finding.what.find("-use-after-") != std::string::npos;
  if (is_gone && (any("xt::xfunction<") || any("xt::xview<") || any("xt::xreducer"))) return kReturnedExpression;
  if (any("xt::xreducer_stepper<") && any("keep_dims_type")) return kLazyReduction;
  // Where the library walks through an expression the index is its own.
  const bool is_beyond = finding.what == "stack-buffer-overflow" || holds(finding.place, "past the end of ") ||
                         holds(finding.place, "before the beginning of ") || finding.message == kVectorCheck ||
                         holds(finding.what, " out of bounds for type ");
  if (is_beyond && !any("stepper") && !any("xt::xfunction<")) return kIndexBeyondEnd;
  return "";
}

}  // namespace

std::optional<Explanation> explanation_of(const Finding& finding, const std::vector<SourceLine>& stack,
                                          const std::vector<SourceLine>& other, const Handin& handin,
                                          const std::string& exception, const std::set<std::string>& passing) {
  for (auto place = stack.begin(); place != stack.end(); ++place) {
    const auto code = code_at(*place, handin);
    if (!code) continue;
    Explanation explanation{place->file, place->line, *code, "", ""};
    switch (finding.kind) {
      case Finding::Kind::address: explanation.what = address_sentence(finding, other, handin); break;
      case Finding::Kind::undefined: explanation.what = undefined_sentence(finding.what); break;
      case Finding::Kind::thrown: explanation.what = exception_sentence(exception); break;
    }
    explanation.trap = trap_of(finding, {stack.begin(), place}, exception);
    if (passing.contains(place->file)) explanation.caller = caller_in({place, stack.end()}, handin, passing);
    if (explanation.caller && finding.kind == Finding::Kind::thrown && may_be_empty(exception)) {
      explanation.trap = place->file + kCopiedObject;
    }
    return explanation;
  }
  return std::nullopt;
}

}  // namespace autograder
