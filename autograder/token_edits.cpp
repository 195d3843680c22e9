// See token_edits.hpp.
#include "autograder/token_edits.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <regex>
#include <set>
#include <sstream>

#include "autograder/grader_error.hpp"

namespace autograder {

namespace {

/// What an operator is exchanged for.
const std::map<std::string, std::vector<std::string>> kOperators{
    {"+", {"-", "*"}},   {"-", {"+", ""}},    {"*", {"/", "+"}},  {"/", {"*"}},   {"<", {"<=", ">", "!="}},
    {">", {">=", "<"}},  {"<=", {"<", ">"}},  {">=", {">", "<"}}, {"==", {"!="}}, {"!=", {"=="}},
    {"+=", {"-=", "="}}, {"-=", {"+=", "="}}, {"++", {"--"}},     {"--", {"++"}}, {"&&", {"||"}},
    {"||", {"&&"}},      {"!", {""}},         {"=", {"+="}}};

bool is_name(const Token& token) { return token.kind == "raw_identifier"; }
bool is_number(const Token& token) { return token.kind == "numeric_constant"; }
bool is(const Token& token, const char* text) { return token.text == text; }

class Editor {
 public:
  Editor(const std::string& file, const std::string& source, const std::vector<Token>& tokens)
      : file_(file), source_(source), tokens_(tokens) {}

  std::vector<Edit> all() {
    std::map<std::pair<std::size_t, Use>, std::set<std::string>> names;
    const std::vector<std::size_t> functions = functions_of_tokens();
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (is_name(tokens_[i])) names[{functions[i], use_of(i)}].insert(tokens_[i].text);
    }
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      const Token& token = tokens_[i];
      if (in_directive(token)) continue;
      if (const auto others = kOperators.find(token.text); others != kOperators.end()) {
        for (const std::string& other : others->second) replace(token, other);
      } else if (is_number(token)) {
        for (const char* other : {"0", "1", "2", "3", "0.5", "1.0", "0.0", "2.0"}) replace(token, other);
      } else if (is(token, "true") || is(token, "false")) {
        replace(token, is(token, "true") ? "false" : "true");
      } else if (is_name(token)) {
        for (const std::string& other : names[{functions[i], use_of(i)}]) replace(token, other);
      }
      swap_arguments(i);
      leave_out_statement(i);
    }
    return std::move(edits_);
  }

 private:
  /// What a name is likely to be, by what stands beside it: another of the same use may compile.
  enum class Use { function, scope, type, member, value };

  Use use_of(std::size_t i) const {
    const auto text = [&](std::size_t j) { return j < tokens_.size() ? tokens_[j].text : std::string(); };
    if (text(i + 1) == "(") return Use::function;
    if (text(i + 1) == "::" || text(i + 1) == "<") return Use::scope;
    if (i + 1 < tokens_.size() && (is_name(tokens_[i + 1]) || text(i + 1) == "&")) return Use::type;
    if (i > 0 && (text(i - 1) == "." || text(i - 1) == "->")) return Use::member;
    return Use::value;
  }

  /// In which function each token is, counted from 0: names of another one are seldom known there. A brace that closes
  /// at the depth of the first one's content ends a function.
  std::vector<std::size_t> functions_of_tokens() const {
    std::vector<std::size_t> functions;
    std::size_t depth = 0, function = 0;
    for (const Token& token : tokens_) {
      functions.push_back(function);
      if (is(token, "{")) ++depth;
      if (is(token, "}") && depth > 0 && --depth == 1) ++function;
    }
    return functions;
  }

  /// Whether the token's line begins with '#'.
  bool in_directive(const Token& token) const {
    const auto line = source_.rfind('\n', token.begin);
    const auto first = source_.find_first_not_of(" \t", line == std::string::npos ? 0 : line + 1);
    return first != std::string::npos && source_[first] == '#';
  }

  static std::size_t end_of(const Token& token) { return token.begin + token.text.size(); }

  void replace(const Token& token, const std::string& other) { add(token.begin, end_of(token), other); }

  /// (a, b) becomes (b, a), where each is one token.
  void swap_arguments(std::size_t i) {
    if (i + 4 >= tokens_.size() || !(is(tokens_[i], "(") || is(tokens_[i], "{") || is(tokens_[i], ","))) return;
    const Token &first = tokens_[i + 1], &second = tokens_[i + 3], &after = tokens_[i + 4];
    if (!is(tokens_[i + 2], ",") || !(is(after, ")") || is(after, "}") || is(after, ","))) return;
    const auto is_argument = [](const Token& token) { return is_name(token) || is_number(token); };
    if (is_argument(first) && is_argument(second)) add(first.begin, end_of(second), second.text + ", " + first.text);
  }

  /// The statement that ends with this semicolon, if no brace is in it.
  void leave_out_statement(std::size_t i) {
    if (!is(tokens_[i], ";") || i == 0) return;
    std::size_t first = i;
    while (first > 0 && !is(tokens_[first - 1], ";") && !is(tokens_[first - 1], "{") && !is(tokens_[first - 1], "}")) {
      --first;
    }
    if (first < i && !is(tokens_[first], "using") && !is(tokens_[first], "namespace")) {
      add(tokens_[first].begin, end_of(tokens_[i]), ";");
    }
  }

  /// Adds the edit that puts `text` in the place of a range, told by whole lines.
  void add(std::size_t begin, std::size_t end, const std::string& text) {
    if (source_.compare(begin, end - begin, text) == 0) return;
    std::size_t from = source_.rfind('\n', begin);
    from = from == std::string::npos ? 0 : from + 1;
    const std::size_t to = std::min(source_.find('\n', end), source_.size());
    while (source_.find(source_.substr(from, to - from)) != from ||
           source_.find(source_.substr(from, to - from), from + 1) != std::string::npos) {
      const std::size_t before = from < 2 ? std::string::npos : source_.rfind('\n', from - 2);
      from = before == std::string::npos ? 0 : before + 1;
    }
    edits_.push_back({file_, source_.substr(from, to - from),
                      source_.substr(from, begin - from) + text + source_.substr(end, to - end)});
  }

  const std::string& file_;
  const std::string& source_;
  const std::vector<Token>& tokens_;
  std::vector<Edit> edits_;
};

std::vector<std::size_t> line_begins(const std::string& source) {
  std::vector<std::size_t> begins{0};
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (source[i] == '\n') begins.push_back(i + 1);
  }
  return begins;
}

}  // namespace

std::vector<Token> tokens_from(const std::string& dump, const std::string& source) {
  // raw_identifier 'alpha'	 [LeadingSpace]	Loc=<batchnorm.cpp:7:7>
  static const std::regex line_format(R"(^(\w+) '(.*)'\t.*Loc=<.*:(\d+):(\d+)>$)");
  const std::vector<std::size_t> begins = line_begins(source);
  std::vector<Token> tokens;
  std::istringstream lines(dump);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    // A blank line is a token of two lines.
    if (!std::regex_match(line, match, line_format) || match[1] == "unknown" || match[1] == "comment") continue;
    const std::size_t row = std::stoul(match[3]), column = std::stoul(match[4]);
    const std::size_t begin = row <= begins.size() ? begins[row - 1] + column - 1 : source.size();
    if (begin > source.size() || source.compare(begin, match[2].length(), match[2]) != 0) {
      throw GraderError("taking a source apart into tokens: clang++ says \"" + line + "\", which is not there");
    }
    tokens.push_back({match[1], match[2], begin});
  }
  return tokens;
}

std::vector<Edit> token_edits(const std::string& file, const std::string& source, const std::vector<Token>& tokens,
                              std::uint64_t seed) {
  std::vector<Edit> edits = Editor(file, source, tokens).all();
  std::mt19937_64 random(seed);
  std::shuffle(edits.begin(), edits.end(), random);
  return edits;
}

}  // namespace autograder
