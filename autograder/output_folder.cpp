// See output_folder.hpp.
#include "autograder/output_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include "autograder/grade.hpp"
#include "autograder/grader_error.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

void make_reports_folder(const fs::path& out) {
  std::error_code error;
  fs::create_directories(out / "reports", error);
  if (error) throw GraderError("making the output folder " + out.string() + ": " + error.message());
}

Descriptor lock_folder(const fs::path& out) {
  Descriptor lock(open(out.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock.is_open() || flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    throw UsageError("the output folder " + out.string() + ": another batch is writing there");
  }
  return lock;
}

/// The journal, and what is not in its main file yet. Nobody writes to it meanwhile.
void copy_journal(const fs::path& from, const fs::path& to) {
  for (const char* part : {"", "-wal"}) {
    const fs::path file = journal_file(from).string() + part;
    std::error_code error;
    if (!fs::exists(file, error)) continue;
    fs::copy_file(file, journal_file(to).string() + part, error);
    if (error) throw GraderError("copying " + file.string() + " for a rehearsal: " + error.message());
  }
}

}  // namespace

OutputFolder::OutputFolder(const fs::path& out, Rehearsal rehearsal) : path_(out) {
  if (rehearsal == Rehearsal::yes) {
    scratch_.emplace();
    path_ = scratch_->path();
    if (fs::exists(out)) {
      lock_ = lock_folder(out);
      copy_journal(out, path_);
    }
  }
  make_reports_folder(path_);
  if (rehearsal == Rehearsal::no) lock_ = lock_folder(out);
}

fs::path journal_file(const fs::path& out) { return out / "journal.sqlite"; }

}  // namespace autograder
