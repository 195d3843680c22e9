// The folder of one build: what lies where in it, and what of ours the tools find there.
#pragma once

#include <atomic>
#include <filesystem>
#include <mutex>
#include <set>
#include <string>

#include "autograder/build.hpp"

namespace autograder {

class BuildFolder {
 public:
  /// Throws GraderError where the assignment's worker was not built with the grader.
  explicit BuildFolder(const BuildRequest& request);

  /// The folder with the assignment's headers, which the first call lays out.
  std::filesystem::path include_folder();
  /// The folder with the source of that number alone, and the one that its tools write into.
  std::filesystem::path source_folder(std::size_t unit) const;
  std::filesystem::path object_folder(std::size_t unit) const;
  std::filesystem::path link_folder() const { return request_.folder / "link"; }

  /// The prebuilt parts, where the tools can read them. The first call lays them out.
  const WorkerParts& parts();

  /// As parts(), for what only compilers need: without a file where nothing is precompiled.
  const Precompiled& precompiled();
  /// The headers that are in it. surroundings_of() counts them: nobody need look at a thousand files for each source.
  const std::set<std::filesystem::path>& precompiled_headers();

  /// Makes a folder below this one, or a file with its folder, readable to all who come so far. Throws GraderError.
  void make_folder(const std::filesystem::path& folder) const;
  void write(const std::filesystem::path& path, const std::string& bytes) const;

 private:
  std::filesystem::path copied(const std::filesystem::path& part);

  const BuildRequest& request_;
  WorkerParts parts_;
  std::atomic<std::size_t> copies_ = 0;
  std::once_flag laid_out_headers_, laid_out_parts_, laid_out_precompiled_, found_headers_;
  std::set<std::filesystem::path> precompiled_headers_;
};

}  // namespace autograder
