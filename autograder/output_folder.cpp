// See output_folder.hpp.
#include "autograder/output_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

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

/// Locks a file in it: a folder has none on NFS, which takes a lock for something to write to (flock(2)). Without one
/// where it is not there and not to be made, or not to be written to: then nobody can be kept from anything.
Descriptor lock_folder(const fs::path& out, Rehearsal rehearsal) {
  const fs::path file = out / "lock";
  const int make = rehearsal == Rehearsal::no ? O_CREAT : 0;
  Descriptor lock(open(file.c_str(), O_RDWR | O_CLOEXEC | make, 0666));
  if (!lock.is_open() && rehearsal == Rehearsal::yes) return lock;
  if (!lock.is_open()) throw_system_error("opening " + file.string(), errno);
  if (flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) throw_system_error("locking " + file.string(), errno);
  throw UsageError("the output folder " + out.string() + ": another batch is writing there");
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
      lock_ = lock_folder(out, rehearsal);
      copy_journal(out, path_);
    }
  }
  make_reports_folder(path_);
  if (rehearsal == Rehearsal::no) lock_ = lock_folder(out, rehearsal);
}

fs::path journal_file(const fs::path& out) { return out / "journal.sqlite"; }

}  // namespace autograder
