// See toolchain.hpp.
#include "autograder/toolchain.hpp"

#include <iterator>
#include <set>

#include "autograder/assignment.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/strict_json.hpp"

namespace autograder {

using nlohmann::json;
namespace fs = std::filesystem;

namespace {

Compiler parse_compiler(const json& node, const std::string& where) {
  JsonObject object(node, where);
  Compiler compiler{object.text("path"), object.text("description"), object.texts_or_none("flags")};
  object.finish();
  return compiler;
}

WorkerParts parse_worker(const json& node, const std::string& where) {
  JsonObject object(node, where);
  WorkerParts parts;
  parts.objects = object.texts_or_none("objects");
  JsonObject precompiled(object.at("precompiled"), where + ".precompiled");
  parts.precompiled = {precompiled.text("file"), precompiled.text("option"), precompiled.text("name")};
  precompiled.finish();
  JsonObject tests(object.at("tests"), where + ".tests");
  parts.tests = {
      tests.texts_or_none("objects"), tests.texts_or_none("library"), {tests.text("object"), tests.text("exports")}};
  tests.finish();
  for (const auto& [place, value] : object.at("stubs").items()) {
    JsonObject stub(value, where + ".stubs." + place);
    parts.stubs[place] = {stub.text("object"), stub.text("exports")};
    stub.finish();
  }
  object.finish();
  return parts;
}

Sanitizers parse_sanitizers(const json& node) {
  JsonObject object(node, "sanitizers");
  Sanitizers sanitizers{object.text("launcher"), object.texts_or_none("compile_flags"), object.text("addr2line")};
  object.finish();
  return sanitizers;
}

}  // namespace

std::string Sanitizers::why_not() const {
  std::error_code none;
  if (launcher.empty()) return "this grader was built for a system without sanitizers";
  const auto size = fs::file_size(launcher, none);
  if (none || size == 0) return "the first compiler has no sanitizers (Debian: libclang-rt-dev, for g++ libasan)";
  if (addr2line.empty()) return "addr2line is missing (GNU binutils)";
  return "";
}

std::vector<fs::path> Toolchain::libraries() const {
  std::vector<fs::path> found;
  for (const std::string& flag : link_flags) {
    if (flag.starts_with('/')) found.push_back(flag);
  }
  return found;
}

std::vector<fs::path> Toolchain::folders() const {
  std::set<fs::path> found;
  const auto add = [&](const fs::path& folder) {
    const std::string first = folder.begin() == folder.end() ? "" : std::next(folder.begin())->string();
    const std::set<std::string> system{"usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32"};
    if (folder.is_absolute() && folder != folder.root_path() && !system.count(first)) found.insert(folder);
  };
  for (const Compiler& compiler : compilers) {
    std::error_code none;
    // .../bin/c++: headers and libraries of its own lie beside bin.
    for (const fs::path& path : {fs::path(compiler.path), fs::weakly_canonical(compiler.path, none)}) {
      add(path.parent_path().parent_path());
    }
  }
  for (std::size_t i = 0; i + 1 < compile_flags.size(); ++i) {
    if (compile_flags[i] == "-isystem") add(compile_flags[i + 1]);
  }
  for (const std::string& flag : link_flags) add(fs::path(flag).parent_path());
  return {found.begin(), found.end()};
}

Toolchain read_toolchain(const std::filesystem::path& file) {
  const std::string text = read_file(file);
  try {
    const json document = parse_strict(text);
    JsonObject object(document, "");
    Toolchain toolchain;
    for (const json& node : object.at("compilers")) toolchain.compilers.push_back(parse_compiler(node, "compilers"));
    if (toolchain.compilers.empty()) throw JsonError("compilers is empty");
    toolchain.compile_flags = object.texts_or_none("compile_flags");
    toolchain.link_flags = object.texts_or_none("link_flags");
    toolchain.objcopy = object.text("objcopy");
    toolchain.sanitizers = parse_sanitizers(object.at("sanitizers"));
    for (const auto& [id, node] : object.at("workers").items()) {
      toolchain.workers[id] = parse_worker(node, "workers." + id);
    }
    object.finish();
    return toolchain;
  } catch (const JsonError& error) {
    throw GraderError("reading " + file.string() + ": " + error.what() + ". Build the grader again: cmake --build.");
  }
}

void require_built(const Toolchain& toolchain, const std::string& assignment) {
  std::vector<fs::path> needed;
  for (const Compiler& compiler : toolchain.compilers) needed.emplace_back(compiler.path);
  if (const auto parts = toolchain.workers.find(assignment); parts != toolchain.workers.end()) {
    needed.insert(needed.end(), parts->second.objects.begin(), parts->second.objects.end());
    needed.push_back(parts->second.precompiled.file);
    for (const auto& [place, stub] : parts->second.stubs) needed.insert(needed.end(), {stub.object, stub.exports});
  }
  for (const fs::path& path : needed) {
    std::error_code none;
    if (fs::exists(path, none)) continue;
    throw GraderError("looking for what the grader builds with: " + path.string() +
                      " is gone. Build the grader again, in a fresh build folder if need be.");
  }
}

}  // namespace autograder
