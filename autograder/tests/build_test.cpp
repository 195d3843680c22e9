#include "autograder/build.hpp"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <mutex>
#include <utility>

#include "autograder/grader_error.hpp"
#include "autograder/platform.hpp"
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

/// Writes what a tool would have written: a file that names what it was made from.
void write_output(const std::vector<std::string>& arguments, const fs::path& folder, const std::string& written) {
  const auto output = std::find(arguments.begin(), arguments.end(), "-o");
  const fs::path path = output == arguments.end() ? arguments.back() : *std::next(output);
  std::ofstream(folder / path) << written + " " + arguments[arguments.size() - 3];
}

/// Writes the rule that a compiler leaves which reads nothing but its source, where none is there.
void write_rule(const std::vector<std::string>& arguments, const fs::path& folder) {
  const auto option = std::find(arguments.begin(), arguments.end(), "-MF");
  if (option == arguments.end()) return;
  const fs::path rule = folder / *std::next(option);
  if (!fs::exists(rule)) std::ofstream(rule) << "a.o: a.cpp\n";
}

/// An assignment of two sources, and a toolchain whose programs exist only in `tools`.
struct Bench {
  Assignment assignment;
  Handin handin;
  Toolchain toolchain;
  std::map<std::string, std::string> headers{{"demo/a.hpp", "int a();"}};
  TemporaryFolder folder;
  std::set<std::string> needed{"src/a.cpp", "src/b.cpp"};
  std::vector<std::vector<std::string>> ran;
  std::vector<Command> commands;
  Parts parts = Parts::in_place;
  Attempts attempts = Attempts::all;
  bool writes = false;              ///< do the tools that succeed write their output?
  bool names_read = true;           ///< do compilers that write, or fail, say what they read?
  std::string written = "made of";  ///< and of what
  const ObjectCache* cache = nullptr;
  std::string surroundings = "these";
  std::function<Completed(const std::vector<std::string>&)> tools = [](const auto&) { return success(); };

  Bench() {
    assignment.id = "demo";
    assignment.files = {{"src/a.cpp", "src/a.cpp", true}, {"src/b.cpp", "src/b.cpp", true}};
    handin.files = {{"src/a.cpp", "int a;"}, {"src/b.cpp", "int b;"}};
    toolchain.compilers = {{"/first/c++", "first 1.0", {}}, {"/second/c++", "second 2.0", {"-second-only"}}};
    toolchain.compile_flags = {"-std=c++20"};
    toolchain.link_flags = {"-lblas"};
    toolchain.objcopy = "/first/objcopy";
    toolchain.workers["demo"] = {
        {"worker.o"}, {{"src/a.cpp", {"stub_a.o", "a.exports"}}, {"src/b.cpp", {"stub_b.o", "b.exports"}}}, {}};
  }

  BuildResult build() {
    std::mutex mutex;
    const RunCommand run = [&](const Command& command) {
      const std::scoped_lock lock(mutex);
      ran.push_back(command.arguments);
      commands.push_back(command);
      Completed completed = tools(command.arguments);
      if (writes && completed.succeeded()) write_output(command.arguments, command.folder, written);
      if (writes && names_read) write_rule(command.arguments, command.folder);
      return completed;
    };
    BuildRequest request{assignment, handin, toolchain, headers, folder.path(), needed};
    request.parts = parts;
    request.attempts = attempts;
    request.cache = cache;
    request.surroundings = surroundings;
    return autograder::build(request, run);
  }

  /// Becomes a new grade of the same hand-in: another folder, the same cache.
  void repeat(const Bench& first) {
    handin = first.handin;
    tools = first.tools;
    cache = first.cache;
    writes = first.writes;
    written = first.written;
    surroundings = first.surroundings;
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
  CHECK(mentions(link, "/a.cpp.isolated.o"));
  const auto position = [&](const std::string& part) {
    return std::find_if(link.begin(), link.end(),
                        [&](const std::string& a) { return a.find(part) != std::string::npos; });
  };
  CHECK(position("worker.o") < position("a.cpp.isolated.o"));
  CHECK(position("a.cpp.isolated.o") < position("stub_a.o"));
  CHECK(std::count_if(bench.ran.begin(), bench.ran.end(),
                      [](const auto& a) { return mentions(a, "--keep-global-symbols=a.exports"); }) == 1);
  CHECK(std::count_if(bench.ran.begin(), bench.ran.end(),
                      [](const auto& a) { return has(a, "--remove-section=.group"); }) == 2);
}

TEST_CASE("build: the longest source is begun first") {
  Bench bench;
  bench.handin.files["src/b.cpp"] += std::string(100, ' ');
  const BuildResult result = bench.build();
  CHECK(has(bench.ran.front(), "src/b.cpp"));
  CHECK(result.files[0].file == "src/a.cpp");
}

TEST_CASE("build: no section of an object says which program the worker is loaded with") {
  Bench bench;
  bench.build();
  CHECK(std::count_if(bench.ran.begin(), bench.ran.end(),
                      [](const auto& a) { return has(a, "--remove-section=.interp"); }) == 2);
}

TEST_CASE("build: sources are compiled by their names in the hand-in, against the given headers") {
  Bench bench;
  bench.tools = [&](const auto&) {
    CHECK(fs::exists(bench.folder.path() / "include/demo/a.hpp"));
    return success();
  };
  bench.build();
  const auto& compile = bench.ran.front();
  CHECK(has(compile, "src/a.cpp"));
  CHECK(has(compile, "../../../include"));
  CHECK(read_file(bench.folder.path() / "include/demo/a.hpp") == "int a();");
}

TEST_CASE("build: a tool sees one source, and nothing of the other files") {
  Bench bench;
  bench.build();
  const Command& compile = bench.commands.front();
  std::string seen;
  for (const fs::path& folder : compile.readable) {
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file()) seen += entry.path().lexically_relative(bench.folder.path()).string() + " ";
    }
  }
  CHECK_THAT(seen, ContainsSubstring("source/src/a.cpp") && ContainsSubstring("include/demo/a.hpp"));
  CHECK(seen.find("b.cpp") == std::string::npos);
  CHECK(fs::is_empty(compile.writable));
}

TEST_CASE("build: a tool is under the assignment's limits") {
  Bench bench;
  bench.assignment.compile_limits.cpu_seconds = 7;
  bench.assignment.compile_limits.memory_mb = 300;
  bench.assignment.compile_limits.processes = 9;
  bench.build();
  const Limits& limits = bench.commands.front().limits;
  CHECK(limits.cpu_seconds == 7);
  CHECK(limits.memory_bytes == std::size_t{300} << 20);
  CHECK(limits.processes == 9);
}

TEST_CASE("build: parts are copied where another user has to read them") {
  Bench bench;
  const TemporaryFolder elsewhere;
  for (const char* name : {"worker.o", "stub_a.o", "stub_b.o", "a.exports", "b.exports", "prelude.pch"}) {
    std::ofstream(elsewhere.path() / name) << name;
  }
  bench.toolchain.workers["demo"] = {{elsewhere.path() / "worker.o"},
                                     {{"src/a.cpp", {elsewhere.path() / "stub_a.o", elsewhere.path() / "a.exports"}},
                                      {"src/b.cpp", {elsewhere.path() / "stub_b.o", elsewhere.path() / "b.exports"}}},
                                     {elsewhere.path() / "prelude.pch", "-include-pch", "prelude.pch"}};
  bench.parts = Parts::copied;
  bench.build();
  for (const Command& command : bench.commands) {
    for (const std::string& argument : command.arguments) {
      CHECK(argument.find(elsewhere.path().string()) == std::string::npos);
    }
  }
  CHECK(read_file(bench.folder.path() / "parts/2/worker.o") == "worker.o");
}

TEST_CASE("build: a tool that was killed from outside is the grader's failure, not the file's") {
  Bench bench;
  bench.tools = [](const auto&) { return Completed{Signalled{SIGKILL}, "", "", 1.0}; };
  CHECK_THROWS_WITH(bench.build(), ContainsSubstring("/first/c++") && ContainsSubstring("memory"));
}

TEST_CASE("build: what a student makes the compiler say about memory is the file's failure") {
  Bench bench;
  bench.tools = [](const auto& arguments) {
    return mentions(arguments, "src/a.cpp") ? failure("g++: fatal error: Killed signal terminated program cc1plus\n")
                                            : success();
  };
  CHECK(bench.build().files[0].status == BuiltFile::Status::failed);
}

TEST_CASE("build: a tool that met a full disk is run once more, and no oftener") {
  Bench bench;
  int full = 0;
  bench.tools = [&](const auto& arguments) {
    if (!mentions(arguments, "src/a.cpp")) return success();
    return ++full == 1 ? failure("fatal error: error writing to a.o: No space left on device\n") : success();
  };
  const BuiltFile built = bench.build().files[0];
  CHECK(built.status == BuiltFile::Status::ok);
  CHECK(built.compiler == "first 1.0");

  Bench forging;
  int tries = 0;
  forging.tools = [&](const auto& arguments) {
    if (!has(arguments, "-c") || !has(arguments, "src/a.cpp")) return success();
    ++tries;
    return failure("error: #error No space left on device\n");
  };
  CHECK(forging.build().files[0].status == BuiltFile::Status::failed);
  CHECK(tries == 4);  // two compilers, each twice
}

TEST_CASE("build: the first compiler has the libraries' headers precompiled, and does without where that fails") {
  Bench bench;
  const TemporaryFolder elsewhere;
  const std::string headers = elsewhere.path() / "prelude.hpp";
  std::ofstream(headers + ".gch") << "precompiled";
  bench.toolchain.workers["demo"].precompiled = {headers + ".gch", "-include", "prelude.hpp"};
  bench.handin.files.erase("src/b.cpp");
  const auto with_headers = [&](const auto& arguments) { return has(arguments, headers); };
  CHECK(bench.build().files[0].status == BuiltFile::Status::ok);
  CHECK(std::count_if(bench.ran.begin(), bench.ran.end(), with_headers) == 1);
  CHECK(with_headers(bench.ran[0]));
  CHECK(has(bench.ran[0], "-include"));
  // The file is what a sandbox has to show.
  CHECK(std::count(bench.commands[0].readable.begin(), bench.commands[0].readable.end(), headers + ".gch") == 1);

  Bench other;
  other.toolchain.workers = bench.toolchain.workers;
  other.tools = [&](const auto& arguments) { return with_headers(arguments) ? failure("a name twice") : success(); };
  const BuildResult result = other.build();
  CHECK(result.files[0].status == BuiltFile::Status::ok);
  CHECK(result.files[0].compiler == "first 1.0");
  CHECK_FALSE(mentions(other.ran[1], headers));
}

TEST_CASE("build: a student reads the words of a compiler without precompiled headers") {
  Bench bench;
  bench.toolchain.workers["demo"].precompiled = {bench.folder.path() / "prelude.pch", "-include-pch", "prelude.pch"};
  std::ofstream(bench.folder.path() / "prelude.pch") << "precompiled";
  bench.tools = [](const auto& arguments) {
    if (!has(arguments, "src/a.cpp")) return success();
    return failure(has(arguments, "-include-pch") ? "ours" : "error of " + arguments[0]);
  };
  CHECK(bench.build().files[0].diagnostics == "error of /first/c++");
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
  CHECK_FALSE(mentions(bench.last_link(), "/b.cpp.isolated.o"));
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
  // A bomb is not set off twice.
  CHECK(std::none_of(bench.ran.begin(), bench.ran.end(), [](const auto& a) { return has(a, "-second-only"); }));
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
    return links && mentions(arguments, "/b.cpp.isolated.o") ? failure("undefined reference to helper()\n") : success();
  };
  const BuildResult result = bench.build();
  CHECK(result.files[0].status == BuiltFile::Status::ok);
  CHECK(result.files[1].status == BuiltFile::Status::failed);
  CHECK_THAT(result.files[1].diagnostics, ContainsSubstring("undefined reference to helper()"));
  CHECK(mentions(bench.last_link(), "/a.cpp.isolated.o"));
}

TEST_CASE("build: a file that only breaks the link together with another is the one that fails") {
  Bench bench;
  bench.tools = [](const auto& arguments) {
    const bool both = mentions(arguments, "/a.cpp.isolated.o") && mentions(arguments, "/b.cpp.isolated.o") &&
                      has(arguments, "worker.o");
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

namespace {

/// A bench with a cache, whose tools write.
struct CachedBench {
  TemporaryFolder folder;
  ObjectCache cache{folder.path() / "cache", 1 << 20};
  Bench bench;

  CachedBench() {
    bench.cache = &cache;
    bench.writes = true;
  }
};

/// The same, with a library that src/a.cpp includes.
struct LibraryBench : CachedBench {
  fs::path library = folder.path() / "a library.hpp";
  bool compiles = true;
  std::function<void()> meanwhile = [] {};  ///< happens when the compiler has read it

  LibraryBench() {
    std::ofstream(library) << "1";
    // The clock of files ticks slowly: what is compiled in the same tick could have read something else.
    while (file_clock_now() <= changed_at(library)) {
    }
    bench.tools = [this](const auto& arguments) {
      const auto rule = std::find(arguments.begin(), arguments.end(), "-MF");
      if (rule == arguments.end() || !has(arguments, "src/a.cpp")) return success();
      std::ofstream(bench.commands.back().folder / *std::next(rule))
          << "a.o: src/a.cpp \\\n ../../../include/demo/a.hpp \\\n " << folder.path().string() << "/a\\ library.hpp\n";
      std::exchange(meanwhile, [] {})();
      return compiles ? success() : failure("error");
    };
  }
};

}  // namespace

TEST_CASE("build: what was built before is taken from the cache, and is the same") {
  CachedBench cached;
  const BuildResult first = cached.bench.build();
  Bench again;
  again.repeat(cached.bench);
  const BuildResult second = again.build();
  CHECK(again.ran.empty());
  CHECK(read_file(second.worker.file) == read_file(first.worker.file));
  REQUIRE(second.files.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK_FALSE(first.files[i].cached);
    CHECK(second.files[i].cached);
    CHECK(second.files[i].file == first.files[i].file);
    CHECK(second.files[i].status == first.files[i].status);
    CHECK(second.files[i].compiler == first.files[i].compiler);
    CHECK(second.files[i].diagnostics == first.files[i].diagnostics);
  }
}

TEST_CASE("build: where the cache made room, what it no longer has is built again") {
  CachedBench cached;
  const BuildResult first = cached.bench.build();
  // Sources are still known; objects, which are large, and the worker are gone.
  for (const auto& entry : fs::directory_iterator(cached.folder.path() / "cache")) {
    if (read_file(entry.path()).starts_with("autograder-1 0 ")) fs::remove(entry);
  }
  Bench again;
  again.repeat(cached.bench);
  const BuildResult second = again.build();
  CHECK(std::any_of(again.ran.begin(), again.ran.end(), [](const auto& a) { return has(a, "src/a.cpp"); }));
  CHECK(mentions(again.last_link(), "a.cpp.isolated.o"));
  CHECK(read_file(second.worker.file) == read_file(first.worker.file));
  CHECK(second.files[0].status == BuiltFile::Status::ok);
}

TEST_CASE("build: only a file that changed is compiled again") {
  CachedBench cached;
  cached.bench.build();
  Bench changed;
  changed.repeat(cached.bench);
  changed.handin.files["src/b.cpp"] += " ";
  changed.written = "from another text";
  const BuildResult result = changed.build();
  CHECK(result.files[0].cached);
  CHECK_FALSE(result.files[1].cached);
  CHECK(std::none_of(changed.ran.begin(), changed.ran.end(), [](const auto& a) { return has(a, "src/a.cpp"); }));
  CHECK(mentions(changed.last_link(), "a.cpp.isolated.o"));
}

TEST_CASE("build: other surroundings, and the same text under another name, are other entries") {
  CachedBench cached;
  cached.bench.handin.files["src/b.cpp"] = cached.bench.handin.files["src/a.cpp"];
  const BuildResult first = cached.bench.build();
  CHECK_FALSE(first.files[1].cached);
  Bench elsewhere;
  elsewhere.repeat(cached.bench);
  elsewhere.surroundings = "others";
  CHECK_FALSE(elsewhere.build().files[0].cached);
  Bench unknown;
  unknown.repeat(cached.bench);
  unknown.surroundings = "";
  CHECK_FALSE(unknown.build().files[0].cached);
}

TEST_CASE("build: a file that the compiler has read, and that changed since, is another build") {
  LibraryBench cached;
  const fs::path& library = cached.library;
  cached.bench.build();
  Bench same;
  same.repeat(cached.bench);
  CHECK(same.build().files[0].cached);
  std::ofstream(library) << "22";
  Bench changed;
  changed.repeat(cached.bench);
  changed.written = "with another library";
  const BuildResult result = changed.build();
  CHECK_FALSE(result.files[0].cached);
  CHECK(result.files[1].cached);
  // The same sources, but another object: another worker.
  CHECK(has(changed.last_link(), "worker.o"));
}

TEST_CASE("build: a refusal falls with what the compilers have read, too") {
  LibraryBench cached;
  cached.compiles = false;
  CHECK(cached.bench.build().files[0].status == BuiltFile::Status::failed);
  Bench same;
  same.repeat(cached.bench);
  CHECK(same.build().files[0].cached);
  std::ofstream(cached.library) << "22";
  Bench changed;
  changed.repeat(cached.bench);
  changed.tools = [](const auto&) { return success(); };
  const BuildResult result = changed.build();
  CHECK_FALSE(result.files[0].cached);
  CHECK(result.files[0].status == BuiltFile::Status::ok);
}

TEST_CASE("build: what a compiler has refused without saying what it read is not remembered") {
  CachedBench cached;
  cached.bench.names_read = false;
  cached.bench.tools = [](const auto& arguments) { return has(arguments, "-c") ? failure("error") : success(); };
  cached.bench.build();
  Bench again;
  again.repeat(cached.bench);
  for (const BuiltFile& file : again.build().files) CHECK_FALSE(file.cached);
}

TEST_CASE("build: what was read from a file that was replaced meanwhile is not remembered") {
  LibraryBench cached;
  // Like a package's file: complete at once, and older than what it replaces.
  const fs::path newer = cached.folder.path() / "newer";
  std::ofstream(newer) << "22";
  fs::last_write_time(newer, fs::last_write_time(cached.library) - std::chrono::hours(1));
  cached.meanwhile = [&] { fs::rename(newer, cached.library); };
  CHECK(cached.bench.build().files[0].status == BuiltFile::Status::ok);
  Bench again;
  again.repeat(cached.bench);
  const BuildResult result = again.build();
  CHECK_FALSE(result.files[0].cached);
  CHECK(result.files[1].cached);
}

TEST_CASE("build: a file that does not compile is remembered with its messages, unless a limit had a part in it") {
  const auto with_ending = [](const Ending& ending, const std::string& message) {
    CachedBench cached;
    cached.bench.tools = [=](const auto& arguments) {
      return has(arguments, "src/a.cpp") ? Completed{ending, "", message, 1.0} : success();
    };
    const BuildResult first = cached.bench.build();
    CHECK(first.files[0].status == BuiltFile::Status::failed);
    Bench again;
    again.repeat(cached.bench);
    const BuildResult second = again.build();
    CHECK(second.files[0].status == BuiltFile::Status::failed);
    CHECK(second.files[0].diagnostics == first.files[0].diagnostics);
    CHECK(second.files[1].cached);
    return second.files[0].cached;
  };
  CHECK(with_ending(Exited{1}, "a.cpp:1:1: error: \xff no\n"));
  CHECK(with_ending(Exited{1}, "a.cpp:1:1: error: no\n"));
  CHECK_FALSE(with_ending(TimedOut{true}, ""));
  CHECK_FALSE(with_ending(Signalled{SIGSEGV}, "internal compiler error\n"));
  CHECK_FALSE(with_ending(Exited{1}, "No space left on device\n"));
}

TEST_CASE("toolchain: a compiler or a part of the worker that is gone is the grader's failure, with the remedy") {
  const TemporaryFolder folder;
  const auto made = [&](const char* name) {
    std::ofstream(folder.path() / name) << name;
    return folder.path() / name;
  };
  Toolchain toolchain;
  toolchain.compilers = {{made("c++"), "a compiler", {}}};
  toolchain.workers["demo"] = {
      {made("worker.o")}, {{"a.cpp", {made("stub.o"), made("exports")}}}, {made("prelude"), "", ""}};
  CHECK_NOTHROW(require_built(toolchain, "demo"));
  for (const char* name : {"c++", "worker.o", "stub.o", "exports", "prelude"}) {
    fs::remove(folder.path() / name);
    CHECK_THROWS_WITH(require_built(toolchain, "demo"),
                      ContainsSubstring(name) && ContainsSubstring("Build the grader again"));
    made(name);
  }
}

TEST_CASE("build: where a first attempt is enough, what it refuses is not tried again") {
  Bench bench;
  bench.attempts = Attempts::first;
  bench.tools = [](const auto& arguments) {
    return mentions(arguments, "src/a.cpp") ? failure("no") : success();
  };
  const BuildResult result = bench.build();
  CHECK(result.files[0].status == BuiltFile::Status::failed);
  CHECK(std::count_if(bench.ran.begin(), bench.ran.end(), [](const auto& a) { return has(a, "/second/c++"); }) == 0);
  CHECK(result.files[1].status == BuiltFile::Status::ok);
}
