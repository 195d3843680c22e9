// See surroundings.hpp.
#include "autograder/surroundings.hpp"

#include <sstream>

#include "autograder/dependencies.hpp"
#include "autograder/digest.hpp"
#include "autograder/version.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

/// A line each, every text with its length in front: no two different lists look the same.
class Recipe {
 public:
  void add(const std::string& text) { all_ << text.size() << " " << text << "\n"; }
  void add(const std::vector<std::string>& texts) {
    add(std::to_string(texts.size()));
    for (const std::string& text : texts) add(text);
  }
  void add(std::size_t number) { add(std::to_string(number)); }

  /// What a file of ours or of the system is, without reading it.
  void add_file(const fs::path& path) {
    add(path.string());
    add(identity_of(path));
  }

  std::string digest() const { return sha256(all_.str()); }

 private:
  std::ostringstream all_;
};

void add_worker(Recipe& recipe, const WorkerParts& parts) {
  for (const std::string& object : parts.objects) recipe.add_file(object);
  for (const auto& [place, stub] : parts.stubs) {
    recipe.add(place);
    recipe.add_file(stub.object);
    recipe.add_file(stub.exports);
  }
  recipe.add(parts.precompiled.option);
  if (parts.precompiled.file.empty()) return;
  recipe.add_file(parts.precompiled.file);
  for (const fs::path& header : precompiled_from(parts.precompiled)) recipe.add_file(header);
}

void add_limits(Recipe& recipe, const CompileLimits& limits) {
  for (const std::size_t limit : {limits.cpu_seconds, limits.wall_seconds, limits.memory_mb, limits.output_mb,
                                  limits.file_mb, limits.processes, limits.open_files}) {
    recipe.add(limit);
  }
}

}  // namespace

std::vector<fs::path> precompiled_from(const Precompiled& precompiled) {
  return precompiled.file.empty() ? std::vector<fs::path>() : read_rule(precompiled.file.string() + ".d", "/");
}

std::string surroundings_of(const Toolchain& toolchain, const Assignment& assignment,
                            const std::map<std::string, std::string>& headers, const Sandbox& sandbox) {
  Recipe recipe;
  // The grader itself decides how objects are made.
  std::error_code unknown;
  recipe.add(kVersion);
  recipe.add_file(fs::read_symlink("/proc/self/exe", unknown));
  for (const Compiler& compiler : toolchain.compilers) {
    std::error_code none;
    recipe.add(compiler.description);
    recipe.add_file(fs::weakly_canonical(compiler.path, none));
    recipe.add(compiler.flags);
  }
  recipe.add(toolchain.compile_flags);
  for (const std::string& flag : toolchain.link_flags) flag.starts_with('/') ? recipe.add_file(flag) : recipe.add(flag);
  recipe.add_file(toolchain.objcopy);
  recipe.add(assignment.id);
  add_limits(recipe, assignment.compile_limits);
  if (const auto parts = toolchain.workers.find(assignment.id); parts != toolchain.workers.end()) {
    add_worker(recipe, parts->second);
  }
  for (const auto& [name, bytes] : headers) {
    recipe.add(name);
    recipe.add(bytes);
  }
  recipe.add(name_of(sandbox.tier));
  recipe.add(sandbox.closes_files ? "closed" : "open");
  for (const SystemPath& shown : sandbox.programs) recipe.add(shown.path.string());
  return recipe.digest();
}

}  // namespace autograder
