// Edits of the solution: those that are data, and random ones of its tokens.
#include "autograder/edits.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include "autograder/grader_error.hpp"
#include "autograder/temporary_folder.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/make.hpp"
#include "autograder/token_edits.hpp"

using namespace autograder;

namespace {

Handin solution() { return {{{"a.cpp", "int a = 1;\nint b = 1;\n"}}, {"a.cpp"}, {}, {}}; }

/// The course folder of an assignment with that file beside its solution.
struct Course {
  TemporaryFolder folder;
  Assignment assignment = make::assignment();

  Course(const std::string& name, const std::string& text) {
    make::file(folder.path() / "reference" / assignment.id / name, text);
  }
};

std::string mutations(const std::string& entry) { return R"({"format": 1, "mutations": [)" + entry + "]}"; }

std::string failure(const std::string& text) {
  const Course course("mutations.json", text);
  return make::error_of<GraderError>([&] { read_mutations(course.folder.path(), course.assignment, solution()); });
}

/// As clang++ 14 writes them.
std::string dump_of(const std::vector<Token>& tokens, const std::string& source) {
  std::string dump;
  for (const Token& token : tokens) {
    const auto before = source.substr(0, token.begin);
    const auto row = 1 + std::count(before.begin(), before.end(), '\n');
    const auto column = token.begin - (row == 1 ? 0 : before.rfind('\n') + 1) + 1;
    dump += token.kind + " '" + token.text + "'\t\tLoc=<source.cpp:" + std::to_string(row) + ":" +
            std::to_string(column) + ">\n";
  }
  return dump;
}

/// Tokens of a source whose tokens are parted by blanks, names beginning with a letter and numbers with a digit.
std::vector<Token> tokens_of(const std::string& source) {
  std::vector<Token> tokens;
  for (std::size_t i = 0; i < source.size();) {
    const auto begin = source.find_first_not_of(" \n", i);
    if (begin == std::string::npos) break;
    i = std::min(source.find_first_of(" \n", begin), source.size());
    const std::string text = source.substr(begin, i - begin);
    const bool name = std::isalpha(static_cast<unsigned char>(text[0])),
               number = std::isdigit(static_cast<unsigned char>(text[0]));
    tokens.push_back({name ? "raw_identifier" : number ? "numeric_constant" : "punctuator", text, begin});
  }
  return tokens;
}

/// The lines that edits put in the place of the only one.
std::set<std::string> results(const std::string& source) {
  std::set<std::string> lines;
  for (const Edit& edit : token_edits("a.cpp", source, tokens_of(source), 1)) {
    CHECK(edit.find == source);
    lines.insert(edit.replace);
  }
  return lines;
}

}  // namespace

TEST_CASE("edits: one changes what stands in its file exactly once") {
  const Handin other = edited(solution(), {"a.cpp", "a = 1", "a = 2"});
  CHECK(other.files.at("a.cpp") == "int a = 2;\nint b = 1;\n");
  CHECK_THROWS_AS(edited(solution(), {"a.cpp", "= 1", "= 2"}), std::invalid_argument);
  CHECK_THROWS_AS(edited(solution(), {"a.cpp", "c = 1", "= 2"}), std::invalid_argument);
  CHECK_THROWS_AS(edited(solution(), {"a.cpp", "", "= 2"}), std::invalid_argument);
  CHECK_THROWS_AS(edited(solution(), {"b.cpp", "a", "b"}), std::invalid_argument);
}

TEST_CASE("edits: mutations are read, with the hints that may name them") {
  const Course course("mutations.json", mutations(R"({"why": "w", "file": "a.cpp", "find": "a = 1", "replace": "a = 2",
                                    "sections": ["linear", "optim"], "hint": ["one", "two"]},
                                   {"why": "v", "file": "a.cpp", "find": "b = 1", "replace": "", "sections": ["optim"],
                                    "hint": "one"},
                                   {"why": "u", "file": "a.cpp", "find": "b", "replace": "c", "sections": ["optim"],
                                    "hint": null})"));
  const auto read = read_mutations(course.folder.path(), course.assignment, solution());
  REQUIRE(read.size() == 3);
  CHECK(read[0].why == "w");
  CHECK(read[0].edit.replace == "a = 2");
  CHECK(read[0].sections == std::set<std::string>{"linear", "optim"});
  CHECK(read[0].hints == std::set<std::string>{"one", "two"});
  CHECK(read[1].hints == std::set<std::string>{"one"});
  CHECK(read[2].hints.empty());
}

TEST_CASE("edits: what is no mutation is named, with its place") {
  const auto entry = [](const std::string& find, const std::string& sections, const std::string& more = "") {
    return mutations(R"({"why": "w", "file": "a.cpp", "find": ")" + find + R"(", "replace": "", "sections": )" +
                     sections + more + "}");
  };
  CHECK_THAT(failure(entry("int", "[\"optim\"]")),
             ContainsSubstring("mutations[0].find: a.cpp does not hold exactly once"));
  CHECK_THAT(failure(entry("a", "[\"conv\"]")), ContainsSubstring("there is no section conv"));
  CHECK_THAT(failure(entry("a", "[]")), ContainsSubstring("what should it lose?"));
  CHECK_THAT(failure(entry("a", "[\"optim\"]", ", \"hint\": 3")), ContainsSubstring("hint must be a text"));
  CHECK_THAT(failure(entry("a", "[\"optim\"]", ", \"colour\": 3")), ContainsSubstring("colour"));
  CHECK_THAT(failure(R"({"format": 2, "mutations": []})"), ContainsSubstring("format must be 1"));
  const Course none("other.json", "{}");
  CHECK_THAT(make::error_of<GraderError>([&] { read_mutations(none.folder.path(), none.assignment, solution()); }),
             ContainsSubstring("mutations.json"));
}

TEST_CASE("edits: equivalent ones are optional") {
  const Course none("other.json", "{}");
  CHECK(read_equivalents(none.folder.path(), none.assignment, solution()).empty());
  const Course some("equivalent.json",
                    R"({"format": 1, "edits": [{"why": "w", "file": "a.cpp", "find": "a = 1", "replace": "a = 2"}]})");
  const auto read = read_equivalents(some.folder.path(), some.assignment, solution());
  REQUIRE(read.size() == 1);
  CHECK(read[0].why == "w");
  CHECK(read[0].edit.find == "a = 1");
}

TEST_CASE("token edits: what clang++ says of a source becomes tokens with their places") {
  const std::string source = "int f ( ) {\n  return 1 ;\n}\n";
  const auto wanted = tokens_of(source);
  const std::string blanks =
      "unknown ' '\t\tLoc=<source.cpp:1:4>\nunknown '\n  '\t [StartOfLine]\tLoc=<source.cpp:1:12>\n";
  const auto tokens = tokens_from(blanks + dump_of(wanted, source) + "eof ''\t\tLoc=<source.cpp:4:1>\n", source);
  REQUIRE(tokens.size() == wanted.size() + 1);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    CHECK(tokens[i].text == wanted[i].text);
    CHECK(tokens[i].begin == wanted[i].begin);
  }
  CHECK_THROWS_AS(tokens_from("raw_identifier 'g'\t\tLoc=<source.cpp:1:5>\n", source), GraderError);
  CHECK_THROWS_AS(tokens_from("raw_identifier 'g'\t\tLoc=<source.cpp:9:5>\n", source), GraderError);
}

TEST_CASE("token edits: operators, numbers, names, arguments, truth values and statements") {
  CHECK(results("a + 1").count("a - 1"));
  CHECK(results("a + 1").count("a + 2"));
  CHECK_FALSE(results("a + 1").count("a + 1"));
  CHECK(results("f ( a , b )").count("f ( b, a )"));
  CHECK(results("a + b").count("b + b"));
  // A name that is called is not exchanged for one that is not.
  CHECK_FALSE(results("f ( a )").count("a ( a )"));
  CHECK(results("f ( true )").count("f ( false )"));
  CHECK(results("{ a = b ; }").count("{ ; }"));
  CHECK(results("# if a < b").empty());
}

TEST_CASE("token edits: each is told by lines that occur once") {
  const std::string source = "x ;\na < b ;\ny ;\na < b ;\n";
  std::set<std::string> texts;
  for (const Edit& edit : token_edits("a.cpp", source, tokens_of(source), 1)) {
    const auto at = source.find(edit.find);
    REQUIRE(at != std::string::npos);
    CHECK(source.find(edit.find, at + 1) == std::string::npos);
    texts.insert(std::string(source).replace(at, edit.find.size(), edit.replace));
  }
  CHECK(texts.count("x ;\na < b ;\ny ;\na > b ;\n"));
  CHECK(texts.count("x ;\na > b ;\ny ;\na < b ;\n"));
}

TEST_CASE("token edits: the same seed gives the same order, another one another") {
  const std::string source = "a + b * c - d / e";
  const auto order = [&](std::uint64_t seed) {
    std::vector<std::string> texts;
    for (const Edit& edit : token_edits("a.cpp", source, tokens_of(source), seed)) texts.push_back(edit.replace);
    return texts;
  };
  CHECK(order(1) == order(1));
  CHECK(order(1) != order(2));
}
