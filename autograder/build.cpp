// See build.hpp.
#include "autograder/build.hpp"

#include <fstream>

#include "autograder/grader_error.hpp"
#include "autograder/parallel.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

/// A file of a second-year homework compiles in seconds; what takes a minute is a template bomb.
constexpr Limits kCompileLimits{.wall_seconds = 180,
                                .cpu_seconds = 60,
                                .memory_bytes = std::size_t{4} << 30,
                                .file_bytes = std::size_t{256} << 20,
                                .output_bytes = std::size_t{1} << 20};

/// With less than this left on the disk a failing tool proves nothing: the objects and the worker of one hand-in take
/// up to 40 MiB.
constexpr std::uintmax_t kNeededBytes = std::uintmax_t{48} << 20;

/// One source on its way from text to isolated object.
struct Unit {
  const ListedFile* file = nullptr;
  BuiltFile result;
  fs::path object;  ///< empty unless result.status is ok
};

void write_file(const fs::path& path, const std::string& bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  if (!file.flush()) throw GraderError("writing " + path.string() + ": is the disk full?");
}

/// The compilers find their assembler and linker beside themselves or in the system's folders.
std::vector<std::string> environment_for(const std::string& program, const fs::path& folder) {
  return {"PATH=" + fs::path(program).parent_path().string() + ":/usr/bin:/bin", "LC_ALL=C",
          "TMPDIR=" + folder.string()};
}

class Builder {
 public:
  Builder(const BuildRequest& request, const RunCommand& run)
      : request_(request), run_(run), parts_(find_parts(request)) {}

  BuildResult build() {
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
  static const WorkerParts& find_parts(const BuildRequest& request) {
    const auto parts = request.toolchain.workers.find(request.assignment.id);
    if (parts == request.toolchain.workers.end()) {
      throw GraderError("building for " + request.assignment.id + ": its worker was not built with the grader. Add " +
                        "autograder/worker/" + request.assignment.id + ".cpp and build the grader again.");
    }
    return parts->second;
  }

  fs::path worker_path() const { return request_.folder / "worker"; }

  Unit make_unit(const ListedFile& file) {
    Unit unit;
    unit.file = &file;
    unit.result.file = file.name;
    const auto source = request_.handin.files.find(file.name);
    if (source == request_.handin.files.end()) return unit;
    write_file(request_.folder / file.name, source->second);
    unit.result.status = BuiltFile::Status::failed;
    return unit;
  }

  Completed run(std::vector<std::string> arguments) {
    Command command;
    command.environment = environment_for(arguments[0], request_.folder);
    command.arguments = std::move(arguments);
    command.folder = request_.folder;
    command.limits = kCompileLimits;
    const Completed completed = run_(command);
    if (!completed.succeeded()) require_space();
    return completed;
  }

  /// A tool that fails on a full disk says nothing about the hand-in.
  void require_space() const {
    std::error_code unknown;
    const fs::space_info space = fs::space(request_.folder, unknown);
    if (!unknown && space.available < kNeededBytes) {
      throw GraderError("building in " + request_.folder.string() + ": the disk is full, only " +
                        std::to_string(space.available >> 20) + " MiB are left. Free some, or set TMPDIR.");
    }
  }

  /// What a tool said about a file, and why it was stopped if it was.
  static std::string diagnostics_of(const Completed& completed, const std::string& tool) {
    std::string text = completed.errors + completed.output;
    if (!std::holds_alternative<Exited>(completed.ending)) {
      text += (text.empty() || text.ends_with('\n') ? "" : "\n") + tool + " was stopped by " +
              describe(completed.ending) + "\n";
    }
    return text;
  }

  void compile_and_isolate(Unit& unit) {
    if (unit.result.status == BuiltFile::Status::missing) return;
    const fs::path object = request_.folder / (unit.file->name + ".o");
    for (const Compiler& compiler : request_.toolchain.compilers) {
      const Completed completed = compile(compiler, unit, object);
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
    }
    if (unit.result.status == BuiltFile::Status::ok) isolate(unit, object);
  }

  Completed compile(const Compiler& compiler, const Unit& unit, const fs::path& object) {
    std::vector<std::string> arguments{compiler.path};
    arguments.insert(arguments.end(), compiler.flags.begin(), compiler.flags.end());
    const auto& flags = request_.toolchain.compile_flags;
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    if (request_.symbols == Symbols::debug) arguments.push_back("-g");
    // The source by its name in the hand-in: messages then show the student's own file.
    arguments.insert(arguments.end(), {"-I", request_.headers.string(), "-c", unit.file->name, "-o", object.string()});
    return run(std::move(arguments));
  }

  /// Makes every symbol local but those that the file's header declares. Section groups are dissolved first: a group
  /// whose symbols are local would still be dropped for another file's group of the same name.
  void isolate(Unit& unit, const fs::path& object) {
    unit.object = object;
    if (!request_.toolchain.isolates_files()) return;
    const fs::path flat = object.string() + ".flat";
    const fs::path isolated = object.string() + ".isolated";
    Completed step =
        run({request_.toolchain.ld, "-r", "--force-group-allocation", "-o", flat.string(), object.string()});
    if (step.succeeded()) {
      step = run({request_.toolchain.objcopy,
                  "--keep-global-symbols=" + parts_.stubs.at(unit.file->place).exports.string(), flat.string(),
                  isolated.string()});
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
  Completed link(const std::vector<const Unit*>& units, const fs::path& output) {
    std::vector<std::string> arguments{request_.toolchain.compilers.front().path, "-o", output.string()};
    arguments.insert(arguments.end(), parts_.objects.begin(), parts_.objects.end());
    std::set<std::string> replaced;
    for (const Unit* unit : units) {
      arguments.push_back(unit->object.string());
      replaced.insert(unit->file->place);
    }
    for (const auto& [place, stub] : parts_.stubs) {
      // A strong stub, where there is no objcopy to weaken it, can only be left out whole.
      if (request_.toolchain.isolates_files() || !replaced.count(place)) arguments.push_back(stub.object.string());
    }
    const auto& flags = request_.toolchain.link_flags;
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return run(std::move(arguments));
  }

  std::vector<const Unit*> built() const {
    std::vector<const Unit*> units;
    for (const Unit& unit : units_) {
      if (!unit.object.empty()) units.push_back(&unit);
    }
    return units;
  }

  void link_all() {
    if (link(built(), worker_path()).succeeded()) return;
    // Something does not link: first be sure that it is not ours, then find the file that it is.
    const Completed ours = link({}, worker_path());
    if (!ours.succeeded()) {
      throw GraderError("linking the worker of " + request_.assignment.id +
                        " without any student's file: " + diagnostics_of(ours, "the linker") +
                        "Build the grader again, and look at `autograder doctor`.");
    }
    std::vector<const Unit*> accepted;
    for (Unit& unit : units_) {
      if (unit.object.empty()) continue;
      accepted.push_back(&unit);
      const Completed together = link(accepted, worker_path());
      if (together.succeeded()) continue;
      accepted.pop_back();
      fail(unit, diagnostics_of(together, "the linker") +
                     "Each file is linked on its own: a function that it uses must stand in this file, in a header of "
                     "the handout, or in a library.\n");
    }
    // The last attempt may have been a failed one, which leaves no worker or half of one.
    if (!link(accepted, worker_path()).succeeded()) {
      throw GraderError("linking the worker of " + request_.assignment.id + ": what linked before no longer does");
    }
  }

  const BuildRequest& request_;
  const RunCommand& run_;
  const WorkerParts& parts_;
  std::vector<Unit> units_;
};

}  // namespace

BuildResult build(const BuildRequest& request, const RunCommand& run) { return Builder(request, run).build(); }

}  // namespace autograder
