// See surroundings.hpp.
#include "autograder/surroundings.hpp"

#include <fstream>
#include <sstream>

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
    std::error_code gone;
    const auto size = fs::file_size(path, gone);
    if (gone) return add("not there");
    add(size);
    add(std::to_string(fs::last_write_time(path, gone).time_since_epoch().count()));
  }

  std::string digest() const { return sha256(all_.str()); }

 private:
  std::ostringstream all_;
};

/// The headers that the precompiled ones were made from, out of the rule for make beside them.
std::vector<fs::path> precompiled_from(const Precompiled& precompiled) {
  std::ifstream rule(precompiled.file.string() + ".d");
  std::vector<fs::path> headers;
  for (std::string word; rule >> word;) {
    if (word != "\\" && !word.ends_with(':')) headers.emplace_back(word);
  }
  return headers;
}

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

std::string surroundings_of(const Toolchain& toolchain, const Assignment& assignment,
                            const std::map<std::string, std::string>& headers, const Sandbox& sandbox) {
  Recipe recipe;
  recipe.add(kVersion);
  for (const Compiler& compiler : toolchain.compilers) {
    std::error_code none;
    recipe.add(compiler.description);
    recipe.add_file(fs::weakly_canonical(compiler.path, none));
    recipe.add(compiler.flags);
  }
  recipe.add(toolchain.compile_flags);
  recipe.add(toolchain.link_flags);
  for (const std::string& tool : {toolchain.ld, toolchain.objcopy}) recipe.add_file(tool);
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
  for (const SystemPath& shown : sandbox.programs) recipe.add(shown.path.string());
  return recipe.digest();
}

}  // namespace autograder
