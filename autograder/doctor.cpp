// See doctor.hpp.
#include "autograder/doctor.hpp"

#include <archive.h>

#include <sstream>

#include "autograder/grader_error.hpp"
#include "autograder/temporary_folder.hpp"
#include "autograder/version.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

class Doctor {
 public:
  Doctor(const fs::path& root, const Machine& machine, Tier tier) : root_(root), machine_(machine), tier_(tier) {}

  Diagnosis examine() {
    finding("autograder", kVersion);
    finding("course folder", root_.string());
    finding("archives", archive_version_string());
    finding("sandbox",
            std::string(name_of(tier_)) + (tier_ == Tier::none ? ": limits on time, memory and output only" : ""));
    attempt("toolchain", [&] {
      toolchain_ = read_toolchain(kToolchainFile);
      for (const Compiler& compiler : toolchain_.compilers)
        finding("compiler", compiler.path + ", " + compiler.description);
      finding("isolation", toolchain_.isolates_files()
                               ? "each file of a hand-in on its own (" + toolchain_.objcopy + ")"
                               : "none: GNU objcopy and ld were not found; a stub replaces a file only whole");
    });
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
    const TemporaryFolder folder;
    const Handin nothing;
    const BuildRequest request{assignment,    nothing, toolchain_, include_folder(root_, assignment.id),
                               folder.path(), {},      1,          Symbols::none};
    const BuildResult built = build(request, machine_.run);
    const auto worker = machine_.workers(built.worker, assignment.limits, 1)();
    const auto reply = worker->ask(R"({"component": "", "operation": "", "given": {}})");
    if (const auto* ending = std::get_if<Ending>(&reply)) {
      throw GraderError("starting the worker of " + assignment.id + ": ended by " + describe(*ending) + ". " +
                        worker->take_output());
    }
  }

  fs::path root_;
  const Machine& machine_;
  Tier tier_;
  Toolchain toolchain_;
  std::ostringstream out_;
  Diagnosis diagnosis_;
};

}  // namespace

Diagnosis diagnose(const fs::path& root, const Machine& machine, Tier tier) {
  return Doctor(root, machine, tier).examine();
}

}  // namespace autograder
