// The proof of the grader fails where it should: on a course whose claims about itself are wrong.
#include "autograder/verify.hpp"

#include <sstream>

#include "autograder/grader_error.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/course.hpp"
#include "autograder/tests/make.hpp"

using namespace autograder;
using namespace autograder_tests;

namespace {

/// A course with the real handout, fixtures and solution, and other claims.
class Claims {
 public:
  Claims() {
    for (const char* part : {"handout", "fixtures"})
      fs::create_directory_symlink(course_folder() / part, root() / part);
    fs::create_directories(own() / "variants");
    fs::create_directory_symlink(course_folder() / "reference/mytorch/src", own() / "src");
    fs::copy(course_folder() / "reference/mytorch/fresh.json", own() / "fresh.json");
    mutations({});
  }
  fs::path root() const { return folder_.path(); }
  fs::path own() const { return root() / "reference/mytorch"; }

  void mutations(const std::vector<std::string>& entries) { write("mutations.json", "mutations", entries); }
  void equivalents(const std::vector<std::string>& entries) { write("equivalent.json", "edits", entries); }

  /// What the proof says, and whether it holds.
  std::pair<std::string, bool> prove(std::size_t random = 0) const {
    VerifyOptions options;
    options.grade.root = root();
    options.grade.assignment = "mytorch";
    options.grade.sandbox = sandbox();
    options.grade.cache = test_cache();
    options.grade.jobs = 2;
    options.fresh = {20, 1};
    options.random = random;
    std::ostringstream out;
    const bool holds = verify(options, local_machine(options.grade.sandbox), out);
    return {out.str(), holds};
  }

 private:
  void write(const std::string& name, const std::string& key, const std::vector<std::string>& entries) {
    std::string list;
    for (const std::string& entry : entries) list += (list.empty() ? "" : ",") + entry;
    make::file(own() / name, R"({"format": 1, ")" + key + "\": [" + list + "]}");
  }

  TemporaryFolder folder_;
};

std::string mutation(const std::string& find, const std::string& replace, const std::string& section,
                     const std::string& hint = "null") {
  return R"({"why": "the edit of )" + find + R"(", "file": "src/nn/activation.cpp", "find": ")" + find +
         R"(", "replace": ")" + replace + R"(", "sections": [")" + section + R"("], "hint": )" + hint + "}";
}

}  // namespace

TEST_CASE("verify: a wrong edit that loses exactly its sections is no failure") {
  Claims claims;
  claims.mutations({mutation("A = xt::tanh(Z);", "A = xt::sinh(Z) * xt::cosh(Z);", "activation")});
  const auto [text, holds] = claims.prove();
  INFO(text);
  CHECK(holds);
  CHECK_THAT(text,
             ContainsSubstring("...F.........  ...F.........  src/nn/activation.cpp: the edit of A = xt::tanh(Z);"));
  CHECK_THAT(text, ContainsSubstring("caught with the hidden fixtures: 1 of 1 (100 %)"));
}

TEST_CASE("verify: what survives, loses other sections, is named otherwise or does not build, fails the proof") {
  Claims claims;
  claims.mutations(
      {mutation("A = xt::tanh(Z);", "A = 1.0 * xt::tanh(Z);", "activation"),
       mutation("Matrix dAdZ = 1.0 - A * A;", "Matrix dAdZ = -(1.0 - A * A);", "loss", "\" sign\""),
       mutation("Matrix dAdZ = 1.0 - A * A;", "Matrix dAdZ = 2.0 - A * A;", "activation", "\" transposed\""),
       mutation("Matrix dAdZ = 1.0 - A * A;", "Matrix dAdZ = nothing;", "activation")});
  const auto [text, holds] = claims.prove();
  INFO(text);
  CHECK_FALSE(holds);
  CHECK_THAT(text, ContainsSubstring("\"the edit of A = xt::tanh(Z);\" loses none with the public fixtures, and not "
                                     "activation"));
  CHECK_THAT(text, ContainsSubstring("loses activation with the hidden fixtures, and not loss"));
  CHECK_THAT(text, ContainsSubstring("is named wrongly with the public fixtures: offset"));
  CHECK_THAT(text, ContainsSubstring("does not build"));
}

TEST_CASE("verify: a variant that is not right fails the proof") {
  Claims claims;
  std::string activation = read_file(course_folder() / "reference/mytorch/src/nn/activation.cpp");
  make::file(claims.own() / "variants/odd/src/nn/activation.cpp",
             make::edited(activation, "xt::tanh(Z)", "xt::sin(Z)"));
  const auto [text, holds] = claims.prove();
  CHECK_FALSE(holds);
  CHECK_THAT(text, ContainsSubstring("the right variant odd loses activation with the public fixtures"));
}

TEST_CASE("verify: an edit that is called equivalent and is not fails the proof") {
  Claims claims;
  const auto entry = [](const std::string& factor) {
    return R"({"why": "w", "file": "src/nn/activation.cpp", "find": "tanh(Z);", "replace": "tanh(Z * )" + factor +
           ");\"}";
  };
  claims.equivalents({entry("1.0"), entry("2.0")});
  const auto [text, holds] = claims.prove();
  CHECK_FALSE(holds);
  CHECK_THAT(text, ContainsSubstring("1 of 2 (50 %)"));
  CHECK_THAT(text, ContainsSubstring("an edit in equivalent.json is caught"));
}

TEST_CASE("verify: a solution that is wrong, and a handout that has points, fail the proof") {
  Claims claims;
  fs::remove(claims.own() / "src");
  fs::copy(course_folder() / "reference/mytorch/src", claims.own() / "src", fs::copy_options::recursive);
  const fs::path file = claims.own() / "src/nn/activation.cpp";
  make::file(file, make::edited(read_file(file), "xt::tanh(Z)", "xt::sin(Z)"));
  fs::remove(claims.root() / "handout");
  fs::create_directories(claims.root() / "handout/mytorch");
  fs::create_directory_symlink(course_folder() / "handout/mytorch/include", claims.root() / "handout/mytorch/include");
  fs::create_directory_symlink(course_folder() / "reference/mytorch/src", claims.root() / "handout/mytorch/src");
  const auto [text, holds] = claims.prove();
  CHECK_FALSE(holds);
  CHECK_THAT(text,
             ContainsSubstring("the solution has 90 points and not 100 with the public fixtures; lost: activation"));
  CHECK_THAT(text, ContainsSubstring("the handout has 100 points and not 0 with the hidden fixtures"));
}

TEST_CASE("verify: random edits are drawn by their seed, and a survivor that nobody judged fails the proof") {
  const Claims claims;
  const auto [text, holds] = claims.prove(4);
  const auto [again, holds_again] = claims.prove(4);
  CHECK_THAT(text, ContainsSubstring("Random edits: 4 that compile (seed 1;"));
  const auto random_part = [](const std::string& of) {
    const auto begin = of.find("Random edits");
    return of.substr(begin, of.find("It took") - begin);
  };
  CHECK(random_part(text) == random_part(again));
  // Two of the four change nothing, and here nobody has judged them.
  CHECK_FALSE(holds);
  CHECK_FALSE(holds_again);
  CHECK_THAT(text, ContainsSubstring("- a random edit survives, fresh cases included."));
}

TEST_CASE("verify: an assignment without fixtures is named") {
  VerifyOptions options;
  options.grade.root = course_folder();
  options.grade.assignment = "nope";
  options.grade.sandbox = sandbox();
  std::ostringstream out;
  CHECK_THAT(make::error_of<GraderError>([&] { verify(options, local_machine(options.grade.sandbox), out); }),
             ContainsSubstring("the assignment nope: there are no fixtures of it"));
}

TEST_CASE("verify: without wrong edits there is nothing to prove with, and that is said") {
  const Claims claims;
  fs::remove(claims.own() / "mutations.json");
  CHECK_THAT(make::error_of<GraderError>([&] { claims.prove(); }), ContainsSubstring("mutations.json"));
}
