// Makers of what several tests need: values, cases, a small assignment, files, archives, and the message of an
// exception. Nothing here checks anything.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "autograder/fixture.hpp"
#include "autograder/run.hpp"
#include "autograder/value.hpp"

namespace make {

using autograder::Matrix;
using autograder::Value;
namespace fs = std::filesystem;

using Rows = std::initializer_list<std::initializer_list<double>>;

inline Matrix matrix(Rows rows) {
  Matrix made{rows.size(), rows.size() == 0 ? 0 : rows.begin()->size(), {}};
  for (const auto& row : rows) made.entries.insert(made.entries.end(), row.begin(), row.end());
  return made;
}

inline Value value(Rows rows) { return {matrix(rows)}; }
inline Value list(std::vector<Value> elements) { return {std::move(elements)}; }
inline Value text(std::string word) { return {std::move(word)}; }

inline autograder::Case one_case(const std::string& name,
                                 std::vector<std::pair<std::string, Value>> expected = {{"L", Value{1.0}}},
                                 autograder::Scored scored = autograder::Scored::yes) {
  autograder::Case made;
  made.name = name;
  made.operation = "forward_backward";
  made.request = "{\"name\":\"" + name + "\"}";
  made.given = "{}";
  made.expected = std::move(expected);
  made.scored = scored;
  return made;
}

/// A run that the worker ended, or did not begin, or answered with a line.
inline autograder::CaseRun run(decltype(autograder::CaseRun::outcome) outcome, std::string printed = "") {
  return {std::move(outcome), 0.5, std::move(printed)};
}

/// Two sources and three components: `linear` all or nothing for 15 points, `sgd` for 4 and `sgd_momentum` for 6.
inline autograder::Assignment assignment() {
  using autograder::Credit;
  autograder::Assignment made;
  made.id = "small";
  made.title = "A small homework";
  made.name_space = "small";
  made.files = {{"src/linear.cpp", "src/linear.cpp", true},
                {"src/sgd.cpp", "src/sgd.cpp", true},
                {autograder::kFlagsFile, autograder::kFlagsFile, false}};
  const std::vector<std::string> outputs{"Z", "A", "N", "dLdA", "dLdW", "dLdb"};
  made.sections = {{"linear", "Linear layer", 15, Credit::section, {{"linear", {"src/linear.cpp"}, outputs, 0}}},
                   {"optim",
                    "Optimizers",
                    10,
                    Credit::component,
                    {{"sgd", {"src/sgd.cpp"}, {"W", "b"}, 4}, {"sgd_momentum", {"src/sgd.cpp"}, {"W", "b"}, 6}}}};
  return made;
}

/// The message of the E that `call` throws; an empty text where it throws none.
template <typename E, typename Call>
std::string error_of(const Call& call) {
  try {
    call();
  } catch (const E& error) {
    return error.what();
  }
  return "";
}

/// The text with the first occurrence of `from` replaced; throws where there is none, so that no edit is lost.
inline std::string edited(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::logic_error("nothing to edit: " + from);
  return text.replace(at, from.size(), to);
}

/// Writes a file, and the folders above it.
inline fs::path file(const fs::path& path, const std::string& bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

/// An entry of an archive, of whatever type.
struct Entry {
  std::string name;
  std::string bytes = "";
  unsigned type = AE_IFREG;
  std::string symlink = "";
  std::string hardlink = "";
};

inline void write_entry(archive* writer, const Entry& one) {
  const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(), archive_entry_free);
  archive_entry_set_pathname(entry.get(), one.name.c_str());
  archive_entry_set_filetype(entry.get(), one.type);
  archive_entry_set_perm(entry.get(), 0644);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(one.bytes.size()));
  if (!one.symlink.empty()) archive_entry_set_symlink(entry.get(), one.symlink.c_str());
  if (!one.hardlink.empty()) archive_entry_set_hardlink(entry.get(), one.hardlink.c_str());
  if (archive_write_header(writer, entry.get()) < ARCHIVE_WARN) throw std::runtime_error(archive_error_string(writer));
  archive_write_data(writer, one.bytes.data(), one.bytes.size());
}

/// Packs the entries, in order and unchecked, in the format that the path's ending names: .zip, .gz (a GNU tar) or any
/// other (a GNU tar).
inline fs::path archive(const fs::path& path, const std::vector<Entry>& entries) {
  const std::unique_ptr<::archive, int (*)(::archive*)> writer(archive_write_new(), archive_write_free);
  if (path.extension() == ".zip") {
    archive_write_set_format_zip(writer.get());
  } else {
    archive_write_set_format_gnutar(writer.get());
  }
  if (path.extension() == ".gz") archive_write_add_filter_gzip(writer.get());
  if (archive_write_open_filename(writer.get(), path.c_str()) != ARCHIVE_OK) {
    throw std::runtime_error(archive_error_string(writer.get()));
  }
  for (const Entry& entry : entries) write_entry(writer.get(), entry);
  archive_write_close(writer.get());
  return path;
}

}  // namespace make
