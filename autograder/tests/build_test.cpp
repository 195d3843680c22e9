#include "autograder/build.hpp"

#include <algorithm>
#include <fstream>
#include <mutex>

#include "autograder/grader_error.hpp"
#include "autograder/temporary_folder.hpp"
#include "autograder/tests/catch.hpp"

using namespace autograder;
namespace fs = std::filesystem;

namespace {

bool has(const std::vector<std::string>& arguments, const std::string& wanted) {
  return std::find(arguments.begin(), arguments.end(), wanted) != arguments.end();
}

bool mentions(const std::vector<std::string>& arguments, const std::string& part) {
  return std::any_of(arguments.begin(), arguments.end(),
                     [&](const std::string& a) { return a.find(part) != std::string::npos; });
}

Completed success() { return {Exited{0}, "", "", 0.1}; }
Completed failure(const std::string& message) { return {Exited{1}, "", message, 0.1}; }

/// An assignment of two sources, and a toolchain whose programs exist only in `tools`.
struct Bench {
  Assignment assignment;
  Handin handin;
  Toolchain toolchain;
  TemporaryFolder folder;
  std::set<std::string> needed{"src/a.cpp", "src/b.cpp"};
  std::vector<std::vector<std::string>> ran;
  std::function<Completed(const std::vector<std::string>&)> tools = [](const auto&) { return success(); };

  Bench() {
    assignment.id = "demo";
    assignment.files = {{"src/a.cpp", "src/a.cpp", true}, {"src/b.cpp", "src/b.cpp", true}};
    handin.files = {{"src/a.cpp", "int a;"}, {"src/b.cpp", "int b;"}};
    toolchain.compilers = {{"/first/c++", "first 1.0", {}}, {"/second/c++", "second 2.0", {"-second-only"}}};
    toolchain.compile_flags = {"-std=c++20"};
    toolchain.link_flags = {"-lblas"};
    toolchain.ld = "/first/ld";
    toolchain.objcopy = "/first/objcopy";
    toolchain.workers["demo"] = {{"worker.o"},
                                 {{"src/a.cpp", {"stub_a.o", "a.exports"}}, {"src/b.cpp", {"stub_b.o", "b.exports"}}}};
  }

  BuildResult build() {
    std::mutex mutex;
    const RunCommand run = [&](const Command& command) {
      const std::scoped_lock lock(mutex);
      ran.push_back(command.arguments);
      return tools(command.arguments);
    };
    const BuildRequest request{assignment, handin, toolchain, "/headers", folder.path(), needed, 1, Symbols::none};
    return autograder::build(request, run);
  }

  std::vector<std::string> last_link() const { return ran.back(); }
};

}  // namespace

TEST_CASE("build: every file is compiled on its own, isolated, and linked before the stubs") {
  Bench bench;
  const BuildResult result = bench.build();
  REQUIRE(result.files.size() == 2);
  CHECK(result.files[0].status == BuiltFile::Status::ok);
  CHECK(result.files[0].compiler == "first 1.0");
  const auto link = bench.last_link();
  CHECK(mentions(link, "src/a.cpp.o.isolated"));
  const auto position = [&](const std::string& part) {
    return std::find_if(link.begin(), link.end(),
                        [&](const std::string& a) { return a.find(part) != std::string::npos; });
  };
  CHECK(position("worker.o") < position("a.cpp.o.isolated"));
  CHECK(position("a.cpp.o.isolated") < position("stub_a.o"));
  CHECK(std::count_if(bench.ran.begin(), bench.ran.end(),
                      [](const auto& a) { return mentions(a, "--keep-global-symbols=a.exports"); }) == 1);
}

TEST_CASE("build: sources are compiled by their names in the hand-in, against the given headers") {
  Bench bench;
  bench.build();
  const auto& compile = bench.ran.front();
  CHECK(has(compile, "src/a.cpp"));
  CHECK(has(compile, "/headers"));
  CHECK(fs::exists(bench.folder.path() / "src/a.cpp"));
}

TEST_CASE("build: what the first compiler refuses the second may accept") {
  Bench bench;
  bench.tools = [](const auto& arguments) {
    return arguments[0] == "/first/c++" && has(arguments, "src/b.cpp") ? failure("src/b.cpp:1: error: narrowing")
                                                                       : success();
  };
  const BuildResult result = bench.build();
  CHECK(result.files[1].status == BuiltFile::Status::ok);
  CHECK(result.files[1].compiler == "second 2.0");
  CHECK(std::any_of(bench.ran.begin(), bench.ran.end(), [](const auto& a) { return has(a, "-second-only"); }));
}

TEST_CASE("build: a file that no compiler accepts has the first one's words, and its stub instead") {
  Bench bench;
  bench.tools = [](const auto& arguments) {
    return has(arguments, "-c") && has(arguments, "src/b.cpp") ? failure("refused by " + arguments[0] + "\n")
                                                               : success();
  };
  const BuildResult result = bench.build();
  CHECK(result.files[0].status == BuiltFile::Status::ok);
  CHECK(result.files[1].status == BuiltFile::Status::failed);
  CHECK(result.files[1].diagnostics == "refused by /first/c++\n");
  CHECK_FALSE(mentions(bench.last_link(), "src/b.cpp.o"));
  CHECK(has(bench.last_link(), "stub_b.o"));
}

TEST_CASE("build: a compiler that is stopped by a limit is the file's failure") {
  Bench bench;
  bench.tools = [](const auto& arguments) {
    return has(arguments, "-c") && has(arguments, "src/a.cpp") ? Completed{TimedOut{true}, "", "", 60.0} : success();
  };
  const BuildResult result = bench.build();
  CHECK(result.files[0].status == BuiltFile::Status::failed);
  CHECK_THAT(result.files[0].diagnostics, ContainsSubstring("limit on processor time"));
}

TEST_CASE("build: a missing file is missing, and is not compiled") {
  Bench bench;
  bench.handin.files.erase("src/b.cpp");
  const BuildResult result = bench.build();
  CHECK(result.files[1].status == BuiltFile::Status::missing);
  CHECK_FALSE(std::any_of(bench.ran.begin(), bench.ran.end(), [](const auto& a) { return has(a, "src/b.cpp"); }));
}

TEST_CASE("build: only what is needed is compiled") {
  Bench bench;
  bench.needed = {"src/b.cpp"};
  const BuildResult result = bench.build();
  REQUIRE(result.files.size() == 1);
  CHECK(result.files[0].file == "src/b.cpp");
}

TEST_CASE("build: the file that does not link is found, and the others are kept") {
  Bench bench;
  bench.tools = [](const auto& arguments) {
    const bool links = has(arguments, "worker.o");
    return links && mentions(arguments, "src/b.cpp.o") ? failure("undefined reference to helper()\n") : success();
  };
  const BuildResult result = bench.build();
  CHECK(result.files[0].status == BuiltFile::Status::ok);
  CHECK(result.files[1].status == BuiltFile::Status::failed);
  CHECK_THAT(result.files[1].diagnostics, ContainsSubstring("undefined reference to helper()"));
  CHECK(mentions(bench.last_link(), "src/a.cpp.o"));
}

TEST_CASE("build: a file that only breaks the link together with another is the one that fails") {
  Bench bench;
  bench.tools = [](const auto& arguments) {
    const bool both =
        mentions(arguments, "src/a.cpp.o") && mentions(arguments, "src/b.cpp.o") && has(arguments, "worker.o");
    return both ? failure("duplicate symbol\n") : success();
  };
  const BuildResult result = bench.build();
  CHECK(result.files[0].status == BuiltFile::Status::ok);
  CHECK(result.files[1].status == BuiltFile::Status::failed);
}

TEST_CASE("build: stubs that do not link are the grader's failure") {
  Bench bench;
  bench.tools = [](const auto& arguments) {
    return has(arguments, "worker.o") ? failure("no such file: worker.o") : success();
  };
  CHECK_THROWS_WITH(bench.build(), ContainsSubstring("worker.o") && ContainsSubstring("demo"));
}

TEST_CASE("build: an assignment without a worker is the grader's failure") {
  Bench bench;
  bench.toolchain.workers.clear();
  CHECK_THROWS_WITH(bench.build(), ContainsSubstring("autograder/worker/demo.cpp"));
}

TEST_CASE("build: without objcopy a file replaces its stub whole") {
  Bench bench;
  bench.toolchain.objcopy.clear();
  bench.handin.files.erase("src/b.cpp");
  bench.build();
  CHECK_FALSE(has(bench.last_link(), "stub_a.o"));
  CHECK(has(bench.last_link(), "stub_b.o"));
}
