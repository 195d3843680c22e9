// From one source of a hand-in to an object that is isolated from all others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>

#include "autograder/build_folder.hpp"
#include "autograder/report.hpp"
#include "autograder/tools.hpp"

namespace autograder {

struct Compiled {
  BuiltFile file;
  std::filesystem::path object;          ///< empty unless file.status is ok
  std::set<std::filesystem::path> read;  ///< files outside the build that the compilers have read, not precompiled
  std::int64_t begin = 0;                ///< of file_clock_now()
  bool is_lasting = false;  ///< it comes out the same as long as these files do: no limit on time or memory had a part
                            ///< in it, and each compiler named what it read
};

/// Compiles and isolates a listed source, the unit of that number in `folder`. Throws GraderError for what is not the
/// hand-in's doing.
Compiled compile(const ListedFile& listed, const std::string& source, std::size_t unit, const BuildRequest& request,
                 BuildFolder& folder, const Tools& tools);

/// Where the object of a unit lies once it is isolated. Linkers name it in their messages.
std::filesystem::path isolated_object(const ListedFile& listed, std::size_t unit, const BuildFolder& folder);

}  // namespace autograder
