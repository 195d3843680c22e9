// See compile.hpp.
#include "autograder/compile.hpp"

#include <chrono>

#include "autograder/dependencies.hpp"
#include "autograder/platform.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

/// One way to compile a file.
struct Attempt {
  const Compiler& compiler;
  bool with_precompiled = false;
};

/// One source on its way. It is alone in its folder: no compiler sees a second one. There it has its name in the
/// hand-in, so that messages show the student's own.
class Unit {
 public:
  Unit(const ListedFile& listed, std::size_t number, const BuildRequest& request, BuildFolder& folder,
       const Tools& tools)
      : listed_(listed),
        request_(request),
        folder_(folder),
        tools_(tools),
        source_folder_(folder.source_folder(number)),
        object_folder_(folder.object_folder(number)),
        isolated_(isolated_object(listed, number, folder)) {}

  Compiled compile(const std::string& source) {
    folder_.write(source_folder_ / listed_.name, source);
    // What __TIMESTAMP__ says.
    fs::last_write_time(source_folder_ / listed_.name, fs::file_time_type::clock::from_sys(std::chrono::sys_seconds()));
    folder_.make_folder(object_folder_);
    compiled_.file.file = listed_.name;
    compiled_.file.status = BuiltFile::Status::failed;
    compiled_.is_lasting = true;
    compiled_.begin = file_clock_now();
    for (const Attempt& attempt : attempts()) {
      const Completed completed = run_compiler(attempt);
      note(completed, attempt);
      note_read();
      if (request_.attempts == Attempts::first) break;
      // What keeps one compiler busy until it is stopped would keep the next.
      if (completed.succeeded() || !std::holds_alternative<Exited>(completed.ending)) break;
    }
    if (compiled_.file.status == BuiltFile::Status::ok) isolate();
    return std::move(compiled_);
  }

 private:
  /// What the compiler writes.
  fs::path object() const {
    const fs::path own = object_folder_ / (fs::path(listed_.name).filename().string() + ".o");
    return request_.toolchain.isolates_files() ? own : isolated_;
  }

  fs::path rule() const { return object_folder_ / "read.d"; }

  /// Adds what the last attempt has read that is neither the build's own nor precompiled. A refusal depends on it as
  /// an object does. Without a rule, as compilers leave where a header is missing, nobody could say when it is
  /// outdated.
  void note_read() {
    for (const fs::path& file : read_rule(rule(), source_folder_)) {
      const fs::path below = file.lexically_relative(request_.folder);
      const bool is_own = !below.empty() && *below.begin() != "..";
      if (is_own || file == folder_.precompiled().file) continue;
      if (folder_.precompiled_headers().count(file)) {
        // The surroundings have named them; here they only must not have changed since.
        compiled_.is_lasting = compiled_.is_lasting && changed_at(file) < compiled_.begin;
      } else {
        compiled_.read.insert(file);
      }
    }
    std::error_code none;
    compiled_.is_lasting = fs::remove(rule(), none) && compiled_.is_lasting;
  }

  /// The likeliest to be quick first. A file that compiles without precompiled headers only, say because it defines a
  /// macro that they heed or a name that they use, has been compiled like that by its author.
  std::vector<Attempt> attempts() const {
    const std::vector<Compiler>& compilers = request_.toolchain.compilers;
    // The runtime is the first compiler's, and the headers were precompiled without it.
    if (request_.instruments == Instruments::sanitizers) return {{compilers.front()}};
    std::vector<Attempt> all;
    if (!folder_.precompiled().file.empty() && request_.symbols == Symbols::none) {
      all.push_back({compilers.front(), true});
    }
    for (const Compiler& compiler : compilers) all.push_back({compiler});
    return all;
  }

  Completed run_compiler(const Attempt& attempt) {
    std::vector<std::string> arguments{attempt.compiler.path};
    std::vector<fs::path> readable{source_folder_, folder_.include_folder()};
    const auto& own = attempt.compiler.flags;
    arguments.insert(arguments.end(), own.begin(), own.end());
    const auto& flags = request_.toolchain.compile_flags;
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    if (attempt.with_precompiled) {
      const Precompiled& headers = folder_.precompiled();
      arguments.insert(arguments.end(), {headers.option, (headers.file.parent_path() / headers.name).string()});
      readable.push_back(headers.file);
    }
    // What is built does not depend on when. g++ heeds SOURCE_DATE_EPOCH instead, clang++ does so since its version 16.
    arguments.insert(arguments.end(),
                     {"-Wno-builtin-macro-redefined", "-D__DATE__=\"Jan  1 1970\"", "-D__TIME__=\"00:00:00\""});
    if (request_.symbols == Symbols::debug) arguments.push_back("-g");
    if (request_.instruments == Instruments::sanitizers) {
      const auto& more = request_.toolchain.sanitizers.compile_flags;
      arguments.insert(arguments.end(), more.begin(), more.end());
      // An object does not name the folder that it was built in.
      arguments.push_back("-fdebug-prefix-map=" + source_folder_.string() + "=.");
    }
    arguments.insert(arguments.end(), {"-I", folder_.include_folder().lexically_relative(source_folder_).string(), "-c",
                                       listed_.name, "-MD", "-MF", rule().lexically_relative(source_folder_).string(),
                                       "-o", object().lexically_relative(source_folder_).string()});
    return tools_.run({std::move(arguments), source_folder_, object_folder_, std::move(readable)});
  }

  void note(const Completed& completed, const Attempt& attempt) {
    BuiltFile& file = compiled_.file;
    file.seconds += completed.seconds;
    compiled_.is_lasting = compiled_.is_lasting && says_the_same_again(completed);
    const std::string diagnostics = diagnostics_of(completed, "the compiler");
    if (completed.succeeded()) {
      file.status = BuiltFile::Status::ok;
      file.compiler = attempt.compiler.description;
      file.diagnostics = diagnostics;
      return;
    }
    // The first compiler's words stand, it is the one that a file should compile with; but not on headers that a
    // student's own compiler would not have been given.
    if (file.diagnostics.empty() || words_are_on_precompiled_) file.diagnostics = diagnostics;
    words_are_on_precompiled_ = attempt.with_precompiled;
  }

  /// Makes every symbol local but those that the file's header declares. Section groups are dissolved: a group whose
  /// symbols are local would still be dropped for another file's group of the same name.
  void isolate() {
    compiled_.object = isolated_;
    if (!request_.toolchain.isolates_files()) return;
    const fs::path& exports = folder_.parts().stubs.at(listed_.place).exports;
    // A section .interp would say which program the kernel loads an executable with: a linker may not expect it.
    const Completed step =
        tools_.run({{request_.toolchain.objcopy, "--remove-section=.group", "--remove-section=.interp",
                     "--keep-global-symbols=" + exports.string(), object().string(), isolated_.string()},
                    object_folder_,
                    object_folder_,
                    {exports}});
    if (step.succeeded()) return;
    compiled_.object.clear();
    compiled_.is_lasting = compiled_.is_lasting && says_the_same_again(step);
    compiled_.file.status = BuiltFile::Status::failed;
    compiled_.file.diagnostics = diagnostics_of(step, "the linker");
  }

  const ListedFile& listed_;
  const BuildRequest& request_;
  BuildFolder& folder_;
  const Tools& tools_;
  fs::path source_folder_, object_folder_, isolated_;
  Compiled compiled_;
  bool words_are_on_precompiled_ = false;
};

}  // namespace

Compiled compile(const ListedFile& listed, const std::string& source, std::size_t unit, const BuildRequest& request,
                 BuildFolder& folder, const Tools& tools) {
  return Unit(listed, unit, request, folder, tools).compile(source);
}

fs::path isolated_object(const ListedFile& listed, std::size_t unit, const BuildFolder& folder) {
  return folder.object_folder(unit) / (fs::path(listed.name).filename().string() + ".isolated.o");
}

}  // namespace autograder
