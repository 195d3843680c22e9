// See build.hpp.
#include "autograder/build.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <sstream>

#include "autograder/build_folder.hpp"
#include "autograder/compile.hpp"
#include "autograder/dependencies.hpp"
#include "autograder/digest.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/parallel.hpp"
#include "autograder/platform.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

/// One source of the hand-in, and what became of it.
struct Unit {
  const ListedFile* listed = nullptr;
  const std::string* source = nullptr;  ///< null: missing
  std::string key;                      ///< in the cache; empty: none
  BuiltFile result;
  fs::path object;            ///< empty unless result.status is ok
  std::string object_digest;  ///< empty without a cache
  bool is_laid_out = false;   ///< the object is where `object` says; else in the cache, by its digest
};

/// What is kept of a built file, a line each: how it went, the compiler, the digest of its object, the files that were
/// read with their identities, an empty line; then the messages as they came.
std::string about(const BuiltFile& file, const std::string& object_digest, const std::set<fs::path>& read) {
  std::string text = std::string(name_of(file.status)) + "\n" + file.compiler + "\n" + object_digest + "\n";
  for (const fs::path& path : read) text += identity_of(path) + " " + path.string() + "\n";
  return text + "\n" + file.diagnostics;
}

/// Whether none of the files that were read was changed while they were being read. Who asks has noted before what they
/// are: what changes from now on is seen to be something else.
bool stayed_the_same(const Compiled& compiled) {
  return std::all_of(compiled.read.begin(), compiled.read.end(),
                     [&](const fs::path& file) { return changed_at(file) < compiled.begin; });
}

/// Reads that, or nothing where a file that was read has changed since.
std::optional<BuiltFile> read_about(const std::string& text, const std::string& name, std::string& object_digest) {
  std::istringstream lines(text);
  std::string status;
  BuiltFile file;
  file.file = name;
  file.cached = true;
  std::getline(lines, status);
  file.status = status == name_of(BuiltFile::Status::ok) ? BuiltFile::Status::ok : BuiltFile::Status::failed;
  std::getline(lines, file.compiler);
  std::getline(lines, object_digest);
  for (std::string line; std::getline(lines, line) && !line.empty();) {
    const auto blank = line.find(' ');
    if (blank == std::string::npos || identity_of(line.substr(blank + 1)) != line.substr(0, blank)) return std::nullopt;
  }
  file.diagnostics.assign(std::istreambuf_iterator<char>(lines), {});
  return file;
}

/// Under which key an object is kept.
std::string object_key(const std::string& digest) { return sha256("object\n" + digest); }

class Builder {
 public:
  Builder(const BuildRequest& request, const RunCommand& run)
      : request_(request), tools_(request.assignment.compile_limits, request.folder, run), folder_(request) {}

  BuildResult build() {
    for (const ListedFile& file : request_.assignment.files) {
      if (file.is_source() && request_.needed.count(file.place)) units_.push_back(make_unit(file));
    }
    const std::vector<std::size_t> order = longest_first();
    for_each_index(units_.size(), request_.jobs, [&](std::size_t i) { make_object(order[i]); });
    if (!take_worker()) {
      for_each_index(units_.size(), request_.jobs, [&](std::size_t i) { lay_out_object(i); });
      link_all();
    }
    BuildResult result;
    for (Unit& unit : units_) result.files.push_back(std::move(unit.result));
    result.worker = {worker_path(), request_.toolchain.libraries()};
    return result;
  }

 private:
  fs::path worker_path() const { return folder_.link_folder() / "worker.so"; }

  bool caches() const { return request_.cache && !request_.surroundings.empty(); }

  Unit make_unit(const ListedFile& file) {
    Unit unit;
    unit.listed = &file;
    unit.result.file = file.name;
    const auto source = request_.handin.files.find(file.name);
    if (source == request_.handin.files.end()) return unit;
    unit.source = &source->second;
    if (caches())
      unit.key = sha256("unit\n" + request_.surroundings + "\n" + file.place + "\n" + file.name + "\n" + *unit.source);
    return unit;
  }

  /// The numbers of all units. Begun last, what takes long would keep one job busy and the others idle.
  std::vector<std::size_t> longest_first() const {
    const auto length = [&](std::size_t number) { return units_[number].source ? units_[number].source->size() : 0; };
    std::vector<std::size_t> numbers(units_.size());
    std::iota(numbers.begin(), numbers.end(), std::size_t{0});
    std::stable_sort(numbers.begin(), numbers.end(),
                     [&](std::size_t a, std::size_t b) { return length(a) > length(b); });
    return numbers;
  }

  void make_object(std::size_t number) {
    Unit& unit = units_[number];
    if (unit.source && !recall(number)) compile_object(number);
  }

  void compile_object(std::size_t number) {
    Unit& unit = units_[number];
    Compiled compiled = compile(*unit.listed, *unit.source, number, request_, folder_, tools_);
    unit.result = compiled.file;
    unit.object = compiled.object;
    unit.is_laid_out = true;
    if (unit.key.empty()) return;
    const std::string bytes = unit.object.empty() ? "" : read_file(unit.object);
    unit.object_digest = sha256(bytes);
    const Kept known{about(unit.result, unit.object_digest, compiled.read), ""};
    if (!compiled.is_lasting || !stayed_the_same(compiled)) return;
    if (!unit.object.empty()) request_.cache->store(object_key(unit.object_digest), {"", bytes});
    request_.cache->store(unit.key, known);
  }

  /// What the cache says of a source. Its object is fetched when it is needed, which it is not where the whole worker
  /// is kept too.
  bool recall(std::size_t number) {
    Unit& unit = units_[number];
    const auto kept = unit.key.empty() ? std::nullopt : request_.cache->find(unit.key);
    const auto file = kept ? read_about(kept->about, unit.listed->name, unit.object_digest) : std::nullopt;
    if (!file) return false;
    unit.result = *file;
    if (unit.result.status == BuiltFile::Status::ok) unit.object = isolated_object(*unit.listed, number, folder_);
    return true;
  }

  /// From the cache. Its bytes become this build's own file: nothing that a hand-in does reaches the cache's.
  void lay_out_object(std::size_t number) {
    Unit& unit = units_[number];
    if (unit.object.empty() || unit.is_laid_out) return;
    folder_.make_folder(unit.object.parent_path());
    unit.is_laid_out = request_.cache->fetch(object_key(unit.object_digest), unit.object);
    if (!unit.is_laid_out) compile_object(number);  // removed to make room
  }

  /// The key of the worker that is linked from all objects; empty where it is not worth keeping.
  std::string worker_key() const {
    if (!caches()) return "";
    std::string key = "worker\n" + request_.surroundings + request_.links;
    for (const Unit& unit : units_) {
      if (!unit.object.empty()) key += "\n" + unit.listed->place + " " + unit.object_digest;
    }
    return sha256(key);
  }

  bool take_worker() {
    const std::string key = worker_key();
    if (key.empty()) return false;
    folder_.make_folder(folder_.link_folder());
    return request_.cache->fetch(key, worker_path());
  }

  /// Links the worker with the objects of `units` and the stubs of everything.
  Completed link(const std::vector<const Unit*>& units) {
    const WorkerParts& parts = folder_.parts();
    std::vector<std::string> objects = parts.objects;
    std::set<std::string> replaced;
    for (const Unit* unit : units) {
      objects.push_back(unit->object.string());
      replaced.insert(unit->listed->place);
    }
    for (const auto& [place, stub] : parts.stubs) {
      // A strong stub, where there is no objcopy to weaken it, can only be left out whole.
      if (request_.toolchain.isolates_files() || !replaced.count(place)) objects.push_back(stub.object.string());
    }
    std::vector<std::string> arguments{request_.toolchain.compilers.front().path, "-o", worker_path().string()};
    arguments.insert(arguments.end(), objects.begin(), objects.end());
    const bool is_sanitized = request_.instruments == Instruments::sanitizers;
    for (const std::string& flag : request_.toolchain.link_flags) {
      // The sanitizers' functions are the launcher's.
      if (!is_sanitized || flag != "-Wl,-z,defs") arguments.push_back(flag);
    }
    // Half of a worker is names that only a debugger reads.
    if (request_.symbols == Symbols::none && !is_sanitized && request_.toolchain.isolates_files()) {
      arguments.push_back("-s");
    }
    folder_.make_folder(folder_.link_folder());
    return tools_.run(
        {std::move(arguments), folder_.link_folder(), folder_.link_folder(), {objects.begin(), objects.end()}});
  }

  std::vector<const Unit*> built() const {
    std::vector<const Unit*> units;
    for (const Unit& unit : units_) {
      if (!unit.object.empty()) units.push_back(&unit);
    }
    return units;
  }

  void link_all() {
    const std::string key = worker_key();
    if (link(built()).succeeded()) {
      if (!key.empty()) request_.cache->store(key, {"", read_file(worker_path())});
      return;
    }
    // Something does not link: first be sure that it is not ours, then find the file that it is.
    const Completed ours = link({});
    if (!ours.succeeded()) {
      throw GraderError("linking the worker of " + request_.assignment.id +
                        " without any student's file: " + diagnostics_of(ours, "the linker") +
                        "Build the grader again, and look at `autograder doctor`.");
    }
    std::vector<const Unit*> accepted;
    for (Unit& unit : units_) {
      if (unit.object.empty()) continue;
      accepted.push_back(&unit);
      const Completed together = link(accepted);
      if (together.succeeded()) continue;
      accepted.pop_back();
      refuse(unit,
             diagnostics_of(together, "the linker") +
                 "Each file is linked on its own: a function that it uses must stand in this file, in a header of "
                 "the handout, or in a library.\n");
    }
    // The last attempt may have been a failed one, which leaves no worker or half of one.
    if (!link(accepted).succeeded()) {
      throw GraderError("linking the worker of " + request_.assignment.id + ": what linked before no longer does");
    }
  }

  static void refuse(Unit& unit, const std::string& diagnostics) {
    unit.result.status = BuiltFile::Status::failed;
    unit.result.diagnostics = diagnostics;
    unit.object.clear();
  }

  const BuildRequest& request_;
  Tools tools_;
  BuildFolder folder_;
  std::vector<Unit> units_;
};

}  // namespace

BuildResult build(const BuildRequest& request, const RunCommand& run) { return Builder(request, run).build(); }

}  // namespace autograder
