// See build.hpp.
#include "autograder/build.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "autograder/grader_error.hpp"
#include "autograder/parallel.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

/// One source on its way from text to isolated object. It is alone in its folder: no compiler sees a second one.
struct Unit {
  const ListedFile* file = nullptr;
  fs::path source_folder;  ///< in which the file has its name in the hand-in: messages then show the student's own
  fs::path object_folder;
  BuiltFile result;
  fs::path object;  ///< empty unless result.status is ok
};

/// Makes the folder and those above it up to `top`, readable to all who come so far, whatever the umask.
void make_folder(const fs::path& folder, const fs::path& top) {
  if (folder == top) return;
  make_folder(folder.parent_path(), top);
  fs::create_directory(folder);
  fs::permissions(folder, fs::perms(0755));
}

/// As make_folder(), for a file.
void write_file(const fs::path& path, const fs::path& top, const std::string& bytes) {
  make_folder(path.parent_path(), top);
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  if (!file.flush()) throw GraderError("writing " + path.string() + ": " + std::strerror(errno));
  fs::permissions(path, fs::perms(0644));
}

/// One way to compile a file.
struct Attempt {
  const Compiler& compiler;
  bool with_precompiled = false;
};

class Builder {
 public:
  Builder(const BuildRequest& request, const RunCommand& run)
      : request_(request),
        tools_(request.assignment.compile_limits, request.folder, run),
        parts_(find_parts(request)) {}

  BuildResult build() {
    lay_out();
    for (const ListedFile& file : request_.assignment.files) {
      if (file.is_source() && request_.needed.count(file.place)) units_.push_back(make_unit(file));
    }
    for_each_index(units_.size(), request_.jobs, [&](std::size_t i) { compile_and_isolate(units_[i]); });
    link_all();
    BuildResult result;
    for (Unit& unit : units_) result.files.push_back(std::move(unit.result));
    result.worker = worker_path();
    return result;
  }

 private:
  static WorkerParts find_parts(const BuildRequest& request) {
    const auto parts = request.toolchain.workers.find(request.assignment.id);
    if (parts == request.toolchain.workers.end()) {
      throw GraderError("building for " + request.assignment.id + ": its worker was not built with the grader. Add " +
                        "autograder/worker/" + request.assignment.id + ".cpp and build the grader again.");
    }
    return parts->second;
  }

  fs::path include_folder() const { return request_.folder / "include"; }
  fs::path link_folder() const { return request_.folder / "link"; }
  fs::path worker_path() const { return link_folder() / "worker.so"; }

  /// What does not depend on the hand-in.
  void lay_out() {
    for (const auto& [name, bytes] : request_.headers) write_file(include_folder() / name, request_.folder, bytes);
    make_folder(link_folder(), request_.folder);
    if (request_.parts == Parts::in_place) return;
    for (std::string& object : parts_.objects) object = copied(object).string();
    for (auto& [place, stub] : parts_.stubs) stub = {copied(stub.object), copied(stub.exports)};
    if (!parts_.precompiled.file.empty()) parts_.precompiled.file = copied(parts_.precompiled.file);
  }

  /// Makes a part readable for the sandbox's user, who may not come to where it is.
  fs::path copied(const fs::path& part) {
    const fs::path copy = request_.folder / "parts" / std::to_string(++copies_) / part.filename();
    make_folder(copy.parent_path(), request_.folder);
    std::error_code error;
    const bool is_readable = (fs::status(part, error).permissions() & fs::perms::others_read) != fs::perms::none;
    // A link where one can be had: precompiled headers are large.
    if (is_readable) fs::create_hard_link(part, copy, error);
    if (!is_readable || error) write_file(copy, request_.folder, read_file(part));
    return copy;
  }

  Unit make_unit(const ListedFile& file) {
    Unit unit;
    unit.file = &file;
    unit.result.file = file.name;
    const auto source = request_.handin.files.find(file.name);
    if (source == request_.handin.files.end()) return unit;
    const fs::path folder = request_.folder / "units" / std::to_string(units_.size());
    unit.source_folder = folder / "source";
    unit.object_folder = folder / "objects";
    write_file(unit.source_folder / file.name, request_.folder, source->second);
    make_folder(unit.object_folder, request_.folder);
    unit.result.status = BuiltFile::Status::failed;
    return unit;
  }

  /// Linkers name the object in their messages.
  static std::string leaf_of(const Unit& unit) { return fs::path(unit.file->name).filename().string(); }

  void compile_and_isolate(Unit& unit) {
    if (unit.result.status == BuiltFile::Status::missing) return;
    const fs::path object = unit.object_folder / (leaf_of(unit) + ".o");
    for (const auto& [compiler, with_precompiled] : attempts()) {
      const Completed completed = compile({compiler, with_precompiled}, unit, object);
      unit.result.seconds += completed.seconds;
      const std::string diagnostics = diagnostics_of(completed, "the compiler");
      if (completed.succeeded()) {
        unit.result.status = BuiltFile::Status::ok;
        unit.result.compiler = compiler.description;
        unit.result.diagnostics = diagnostics;
        break;
      }
      // The first compiler's words stand: it is the one that a file should compile with.
      if (unit.result.diagnostics.empty()) unit.result.diagnostics = diagnostics;
      // What keeps one compiler busy until it is stopped would keep the next.
      if (!std::holds_alternative<Exited>(completed.ending)) break;
    }
    if (unit.result.status == BuiltFile::Status::ok) isolate(unit, object);
  }

  /// The likeliest to be quick first. A file that compiles without precompiled headers only, say because it defines a
  /// macro that they heed or a name that they use, has been compiled like that by its author.
  std::vector<Attempt> attempts() const {
    const std::vector<Compiler>& compilers = request_.toolchain.compilers;
    std::vector<Attempt> all;
    if (!parts_.precompiled.file.empty() && request_.symbols == Symbols::none) all.push_back({compilers[0], true});
    for (const Compiler& compiler : compilers) all.push_back({compiler, false});
    return all;
  }

  Completed compile(const Attempt& attempt, const Unit& unit, const fs::path& object) {
    std::vector<std::string> arguments{attempt.compiler.path};
    std::vector<fs::path> readable{unit.source_folder, include_folder()};
    const auto& own = attempt.compiler.flags;
    arguments.insert(arguments.end(), own.begin(), own.end());
    const auto& flags = request_.toolchain.compile_flags;
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    if (attempt.with_precompiled) {
      const Precompiled& headers = parts_.precompiled;
      const fs::path named = headers.file.parent_path() / headers.name;
      // As all that lies in the build's folder: the same words for every build.
      const bool is_copy = request_.parts == Parts::copied;
      arguments.insert(arguments.end(),
                       {headers.option, (is_copy ? named.lexically_relative(unit.source_folder) : named).string()});
      readable.push_back(headers.file);
    }
    if (request_.symbols == Symbols::debug) arguments.push_back("-g");
    arguments.insert(arguments.end(), {"-I", include_folder().lexically_relative(unit.source_folder).string(), "-c",
                                       unit.file->name, "-o", object.lexically_relative(unit.source_folder).string()});
    return tools_.run({std::move(arguments), unit.source_folder, unit.object_folder, std::move(readable)});
  }

  /// Makes every symbol local but those that the file's header declares. Section groups are dissolved first: a group
  /// whose symbols are local would still be dropped for another file's group of the same name.
  void isolate(Unit& unit, const fs::path& object) {
    unit.object = object;
    if (!request_.toolchain.isolates_files()) return;
    const fs::path flat = unit.object_folder / (leaf_of(unit) + ".flat.o");
    const fs::path isolated = unit.object_folder / (leaf_of(unit) + ".isolated.o");
    const fs::path& exports = parts_.stubs.at(unit.file->place).exports;
    Completed step =
        tools_.run({{request_.toolchain.ld, "-r", "--force-group-allocation", "-o", flat.string(), object.string()},
            unit.object_folder, unit.object_folder, {}});
    if (step.succeeded()) {
      // A section of that name would say which program the kernel loads an executable with: a linker may not expect it.
      step = tools_.run({{request_.toolchain.objcopy, "--remove-section=.interp", "--keep-global-symbols=" + exports.string(),
                  flat.string(), isolated.string()},
                 unit.object_folder, unit.object_folder, {exports}});
    }
    if (step.succeeded()) {
      unit.object = isolated;
    } else {
      fail(unit, diagnostics_of(step, "the linker"));
    }
  }

  static void fail(Unit& unit, const std::string& diagnostics) {
    unit.result.status = BuiltFile::Status::failed;
    unit.result.diagnostics = diagnostics;
    unit.object.clear();
  }

  /// Links the worker with the objects of `units` and the stubs of everything.
  Completed link(const std::vector<const Unit*>& units) {
    std::vector<std::string> objects = parts_.objects;
    std::set<std::string> replaced;
    for (const Unit* unit : units) {
      objects.push_back(unit->object.string());
      replaced.insert(unit->file->place);
    }
    for (const auto& [place, stub] : parts_.stubs) {
      // A strong stub, where there is no objcopy to weaken it, can only be left out whole.
      if (request_.toolchain.isolates_files() || !replaced.count(place)) objects.push_back(stub.object.string());
    }
    std::vector<std::string> arguments{request_.toolchain.compilers.front().path, "-o", worker_path().string()};
    arguments.insert(arguments.end(), objects.begin(), objects.end());
    const auto& flags = request_.toolchain.link_flags;
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return tools_.run({std::move(arguments), link_folder(), link_folder(), {objects.begin(), objects.end()}});
  }

  std::vector<const Unit*> built() const {
    std::vector<const Unit*> units;
    for (const Unit& unit : units_) {
      if (!unit.object.empty()) units.push_back(&unit);
    }
    return units;
  }

  void link_all() {
    if (link(built()).succeeded()) return;
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
      fail(unit, diagnostics_of(together, "the linker") +
                     "Each file is linked on its own: a function that it uses must stand in this file, in a header of "
                     "the handout, or in a library.\n");
    }
    // The last attempt may have been a failed one, which leaves no worker or half of one.
    if (!link(accepted).succeeded()) {
      throw GraderError("linking the worker of " + request_.assignment.id + ": what linked before no longer does");
    }
  }

  const BuildRequest& request_;
  Tools tools_;
  WorkerParts parts_;
  std::size_t copies_ = 0;
  std::vector<Unit> units_;
};

}  // namespace

BuildResult build(const BuildRequest& request, const RunCommand& run) { return Builder(request, run).build(); }

}  // namespace autograder
