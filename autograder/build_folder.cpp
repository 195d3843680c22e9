// See build_folder.hpp.
#include "autograder/build_folder.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "autograder/grader_error.hpp"
#include "autograder/surroundings.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

WorkerParts find_parts(const BuildRequest& request) {
  const auto parts = request.toolchain.workers.find(request.assignment.id);
  if (parts == request.toolchain.workers.end()) {
    throw GraderError("building for " + request.assignment.id + ": its worker was not built with the grader. Add " +
                      "autograder/worker/" + request.assignment.id + ".cpp and build the grader again.");
  }
  return parts->second;
}

}  // namespace

BuildFolder::BuildFolder(const BuildRequest& request) : request_(request), parts_(find_parts(request)) {}

fs::path BuildFolder::source_folder(std::size_t unit) const {
  return request_.folder / "units" / std::to_string(unit) / "source";
}

fs::path BuildFolder::object_folder(std::size_t unit) const {
  return request_.folder / "units" / std::to_string(unit) / "objects";
}

fs::path BuildFolder::include_folder() {
  const fs::path folder = request_.folder / "include";
  std::call_once(laid_out_headers_, [&] {
    for (const auto& [name, bytes] : request_.headers) write(folder / name, bytes);
  });
  return folder;
}

const WorkerParts& BuildFolder::parts() {
  std::call_once(laid_out_parts_, [&] {
    if (request_.parts == Parts::in_place) return;
    for (std::string& object : parts_.objects) object = copied(object).string();
    for (auto& [place, stub] : parts_.stubs) stub = {copied(stub.object), copied(stub.exports)};
  });
  return parts_;
}

const Precompiled& BuildFolder::precompiled() {
  std::call_once(laid_out_precompiled_, [&] {
    fs::path& file = parts_.precompiled.file;
    std::error_code gone;
    // Empty where the headers could not be precompiled.
    if (file.empty() || fs::file_size(file, gone) == 0) {
      file.clear();
    } else if (request_.parts == Parts::copied) {
      file = copied(file);
    }
  });
  return parts_.precompiled;
}

const std::set<fs::path>& BuildFolder::precompiled_headers() {
  std::call_once(found_headers_, [&] {
    const auto headers = precompiled_from(request_.toolchain.workers.at(request_.assignment.id).precompiled);
    precompiled_headers_.insert(headers.begin(), headers.end());
  });
  return precompiled_headers_;
}

fs::path BuildFolder::copied(const fs::path& part) {
  const fs::path copy = request_.folder / "parts" / std::to_string(++copies_) / part.filename();
  make_folder(copy.parent_path());
  std::error_code error;
  const bool is_readable = (fs::status(part, error).permissions() & fs::perms::others_read) != fs::perms::none;
  // A link where one can be had: precompiled headers are large.
  if (is_readable) fs::create_hard_link(part, copy, error);
  if (is_readable && !error) return copy;
  fs::copy_file(part, copy, error);
  if (error) throw GraderError("copying " + part.string() + ": " + error.message());
  fs::permissions(copy, fs::perms(0644));
  return copy;
}

void BuildFolder::make_folder(const fs::path& folder) const {
  if (folder == request_.folder) return;
  make_folder(folder.parent_path());
  fs::create_directory(folder);
  fs::permissions(folder, fs::perms(0755));  // whatever the umask
}

void BuildFolder::write(const fs::path& path, const std::string& bytes) const {
  make_folder(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  if (!file.flush()) throw GraderError("writing " + path.string() + ": " + std::strerror(errno));
  fs::permissions(path, fs::perms(0644));
}

}  // namespace autograder
