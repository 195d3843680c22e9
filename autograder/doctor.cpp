// See doctor.hpp.
#include "autograder/doctor.hpp"

#include <archive.h>

#include <sstream>

#include "autograder/grade.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/temporary_folder.hpp"
#include "autograder/version.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

class Doctor {
 public:
  explicit Doctor(const fs::path& root) : root_(root) {}

  Diagnosis examine() {
    finding("autograder", kVersion);
    finding("course folder", root_.string());
    finding("archives", archive_version_string());
    attempt("toolchain", [&] {
      toolchain_ = read_toolchain(kToolchainFile);
      for (const Compiler& compiler : toolchain_.compilers)
        finding("compiler", compiler.path + ", " + compiler.description);
      finding("isolation", toolchain_.isolates_files()
                               ? "each file of a hand-in on its own (" + toolchain_.objcopy + ")"
                               : "none: GNU objcopy was not found; a stub replaces a file only whole");
      const std::string why_not = toolchain_.sanitizers.why_not();
      finding("explanations",
              why_not.empty() ? "with the sanitizers of " + toolchain_.compilers.front().path : "none: " + why_not);
    });
    attempt("sandbox", [&] { examine_sandbox(); });
    const std::vector<std::string> ids = list_assignments(root_);
    if (ids.empty())
      trouble("assignments", "none in " + (root_ / "fixtures").string() + "; name the course folder with --root");
    for (const std::string& id : ids) attempt("assignment " + id, [&] { examine_assignment(id); });
    finding("grading", diagnosis_.can_grade ? "possible" : "impossible, see above");
    diagnosis_.text = out_.str();
    return diagnosis_;
  }

 private:
  void finding(const std::string& what, const std::string& found) { out_ << what << ": " << found << "\n"; }

  void trouble(const std::string& what, const std::string& why) {
    finding(what, "NOT USABLE: " + why);
    diagnosis_.can_grade = false;
  }

  template <typename Step>
  void attempt(const std::string& what, const Step& step) {
    try {
      step();
    } catch (const GraderError& error) {
      trouble(what, error.what());
    }
  }

  void examine_sandbox() {
    sandbox_ = open_sandbox(std::nullopt, toolchain_.folders());
    std::string found = name_of(sandbox_.tier);
    if (sandbox_.tier == Tier::none) found += ", which closes no files: not for hidden fixtures";
    if (!sandbox_.closes_files && sandbox_.tier == Tier::user) {
      found += ", in which permissions alone keep files closed: this kernel gives no Landlock";
    }
    if (sandbox_.user) found += "; student code runs as a user of its own, such as " + std::to_string(*sandbox_.user);
    finding("sandbox", found);
    for (const RefusedTier& refused : sandbox_.refused) {
      finding("sandbox " + std::string(name_of(refused.tier)), "refused: " + refused.why);
    }
  }

  void examine_assignment(const std::string& id) {
    const Assignment assignment = read_assignment(root_, id);
    std::string sets;
    for (const char* which : {"public", "hidden"}) {
      if (!fs::is_directory(root_ / "fixtures" / id / which)) continue;
      read_fixtures(root_, assignment, which);
      sets += (sets.empty() ? "" : " and ") + std::string(which);
    }
    start_empty_worker(assignment);
    finding("assignment " + id,
            assignment.title + ", fixtures " + (sets.empty() ? "none" : sets) + ", its worker starts");
  }

  /// A worker without any student's file answers every request with an exception; it is enough that it answers.
  void start_empty_worker(const Assignment& assignment) {
    const TemporaryFolder folder(sandbox_.user);
    const Handin nothing;
    const std::map<std::string, std::string> no_headers;
    BuildRequest request{assignment, nothing, toolchain_, no_headers, folder.path(), {}};
    request.parts = sandbox_.user ? Parts::copied : Parts::in_place;
    const Machine machine = local_machine(sandbox_);
    const BuildResult built = build(request, machine.run);
    const auto worker = machine.workers(built.worker, assignment.limits, {})();
    const auto reply = worker->ask(R"({"component": "", "operation": "", "given": {}})");
    if (const auto* ending = std::get_if<Ending>(&reply)) {
      throw GraderError("starting the worker of " + assignment.id + ": ended by " + describe(*ending) + ". " +
                        worker->take_output());
    }
  }

  fs::path root_;
  Sandbox sandbox_;
  Toolchain toolchain_;
  std::ostringstream out_;
  Diagnosis diagnosis_;
};

}  // namespace

Diagnosis diagnose(const fs::path& root) { return Doctor(root).examine(); }

}  // namespace autograder
