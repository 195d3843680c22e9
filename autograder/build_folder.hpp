// The folder of one build: what lies where in it, and what of ours the tools find there.
#pragma once

#include <filesystem>
#include <mutex>
#include <string>

#include "autograder/build.hpp"

namespace autograder {

class BuildFolder {
 public:
  /// Throws GraderError where the assignment's worker was not built with the grader.
  explicit BuildFolder(const BuildRequest& request);

  std::filesystem::path include_folder() const { return request_.folder / "include"; }
  /// The folder with the source of that number alone, and the one that its tools write into.
  std::filesystem::path source_folder(std::size_t unit) const;
  std::filesystem::path object_folder(std::size_t unit) const;
  std::filesystem::path link_folder() const { return request_.folder / "link"; }

  /// The prebuilt parts, where the tools can read them. The first call lays them out, with the headers.
  const WorkerParts& parts();

  /// Makes a folder below this one, or a file with its folder, readable to all who come so far. Throws GraderError.
  void make_folder(const std::filesystem::path& folder) const;
  void write(const std::filesystem::path& path, const std::string& bytes) const;

 private:
  std::filesystem::path copied(const std::filesystem::path& part);

  const BuildRequest& request_;
  WorkerParts parts_;
  std::size_t copies_ = 0;
  std::once_flag laid_out_;
};

}  // namespace autograder
