// Whatever decides what a build gives makes another key.
#include "autograder/surroundings.hpp"

#include <fstream>
#include <set>

#include "autograder/temporary_folder.hpp"
#include "autograder/tests/catch.hpp"

using namespace autograder;
namespace fs = std::filesystem;

namespace {

struct Bench {
  TemporaryFolder folder;
  Assignment assignment;
  Toolchain toolchain;
  std::map<std::string, std::string> headers{{"a.hpp", "int a();"}};
  Sandbox sandbox;

  Bench() {
    for (const char* name : {"c++", "objcopy", "worker.o", "stub.o", "exports", "prelude.pch", "library.hpp"}) {
      std::ofstream(folder.path() / name) << name;
    }
    std::ofstream(folder.path() / "prelude.pch.d") << path("prelude.pch") << ": \\\n " << path("library.hpp") << "\n";
    assignment.id = "demo";
    toolchain.compilers = {{path("c++"), "a compiler 1.0", {"-own"}}};
    toolchain.compile_flags = {"-O0"};
    toolchain.link_flags = {"-lblas"};
    toolchain.objcopy = path("objcopy");
    toolchain.workers["demo"] = {{path("worker.o")},
                                 {{"a.cpp", {path("stub.o"), path("exports")}}},
                                 {path("prelude.pch"), "-include-pch", "prelude.pch"}};
    sandbox.programs = {{"/usr", ""}};
  }

  std::string path(const std::string& name) const { return folder.path() / name; }
  std::string digest() const { return surroundings_of(toolchain, assignment, headers, sandbox); }
};

}  // namespace

TEST_CASE("surroundings: the same are the same") {
  const Bench bench;
  CHECK(bench.digest().size() == 64);
  CHECK(bench.digest() == bench.digest());
}

TEST_CASE("surroundings: each part of them counts") {
  Bench bench;
  std::set<std::string> digests{bench.digest()};
  const auto differs = [&](const char* what) {
    INFO(what);
    CHECK(digests.insert(bench.digest()).second);
  };
  bench.toolchain.compilers[0].description = "a compiler 2.0";
  differs("description");
  bench.toolchain.compilers[0].flags = {"-other"};
  differs("flags of a compiler");
  bench.toolchain.compile_flags = {"-O1"};
  differs("flags");
  bench.toolchain.compile_flags = {"-O1", ""};
  differs("an empty flag");
  bench.toolchain.link_flags = {"-lopenblas"};
  differs("flags of the link");
  bench.assignment.id = "demo2";
  bench.toolchain.workers["demo2"] = bench.toolchain.workers["demo"];
  differs("assignment");
  bench.assignment.compile_limits.memory_mb = 100;
  differs("limits");
  bench.headers["a.hpp"] += " ";
  differs("text of a header");
  bench.headers["b.hpp"] = "";
  differs("another header");
  bench.sandbox.tier = Tier::bwrap;
  differs("tier");
  bench.sandbox.programs.push_back({"/opt", ""});
  differs("what compilers see");
  bench.sandbox.closes_files = false;
  differs("open files");
  for (const char* name : {"c++", "objcopy", "worker.o", "stub.o", "exports", "prelude.pch", "library.hpp"}) {
    std::ofstream(bench.path(name), std::ios::app) << "more";
    differs(name);
  }
  fs::last_write_time(bench.path("library.hpp"), fs::file_time_type::clock::now() - std::chrono::hours(1));
  differs("time of change");
  fs::remove(bench.path("library.hpp"));
  differs("a header that is gone");
}
