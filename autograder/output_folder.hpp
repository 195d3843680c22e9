// Where a batch writes its journal, reports and tables.
#pragma once

#include <filesystem>
#include <optional>

#include "autograder/descriptor.hpp"
#include "autograder/temporary_folder.hpp"

namespace autograder {

enum class Rehearsal { no, yes };  ///< yes: all is done on a copy of the journal, which nobody keeps

class OutputFolder {
 public:
  /// Makes the folder and locks it: one batch at a time writes there. In a rehearsal the folder is neither made nor
  /// changed. Throws UsageError where another batch has the lock, GraderError where the folder cannot be made.
  OutputFolder(const std::filesystem::path& out, Rehearsal rehearsal);

  /// In a rehearsal another folder, which goes with this object.
  const std::filesystem::path& path() const { return path_; }

 private:
  std::optional<TemporaryFolder> scratch_;
  std::filesystem::path path_;
  Descriptor lock_;
};

/// The journal in an output folder.
std::filesystem::path journal_file(const std::filesystem::path& out);

}  // namespace autograder
