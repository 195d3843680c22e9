// See hostile_archive.hpp.
#include "autograder/tests/hostile_archive.hpp"

#include <sys/stat.h>

#include "autograder/strict_json.hpp"
#include "autograder/tests/make.hpp"

namespace autograder_tests {

using namespace autograder;
using nlohmann::json;

namespace {

using Replace = std::function<std::string(const std::string&)>;

std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

unsigned type_of(const std::string& name) {
  const std::map<std::string, unsigned> types{{"file", AE_IFREG},      {"folder", AE_IFDIR}, {"symlink", AE_IFLNK},
                                              {"hardlink", AE_IFREG},  {"fifo", AE_IFIFO},   {"block", AE_IFBLK},
                                              {"character", AE_IFCHR}, {"socket", AE_IFSOCK}};
  return types.at(name);
}

void add_entries(const json& node, const Replace& replace, std::vector<make::Entry>& entries) {
  JsonObject object(node, "entries");
  make::Entry entry;
  const std::string type = object.find("type") ? object.text("type") : "file";
  entry.name = object.find("name_hex") ? from_hex(object.text("name_hex")) : replace(object.text("name"));
  entry.type = type_of(type);
  if (object.find("bytes")) entry.bytes = replace(object.text("bytes"));
  if (object.find("size")) entry.bytes = std::string(object.count("size"), '\0');
  if (object.find("target")) (type == "hardlink" ? entry.hardlink : entry.symlink) = replace(object.text("target"));
  const std::size_t times = object.count_or("times", 1);
  object.finish();
  for (std::size_t i = 0; i < times; ++i) {
    entries.push_back(entry);
    if (times > 1) entries.back().name += std::to_string(i);
  }
}

void lay_on_disk(const make::Entry& entry, const fs::path& folder) {
  const fs::path path = folder / entry.name;
  fs::create_directories(path.parent_path());
  if (entry.type == AE_IFDIR) {
    fs::create_directories(path);
  } else if (!entry.symlink.empty()) {
    fs::remove_all(path);
    fs::create_symlink(entry.symlink, path);
  } else if (!entry.hardlink.empty()) {
    fs::remove_all(path);
    fs::create_hard_link(entry.hardlink, path);
  } else if (entry.type == AE_IFIFO) {
    fs::remove_all(path);
    if (mkfifo(path.c_str(), 0600) != 0) throw std::runtime_error("mkfifo " + path.string());
  } else {
    make::file(path, entry.bytes);
  }
}

/// Writes a number in octal digits, or whatever text, into the size field of the first header, and mends its checksum.
void forge_size(std::string& tar, const std::string& size) {
  std::string field = size;
  field.resize(12, ' ');
  tar.replace(124, 12, field);
  tar.replace(148, 8, "        ");
  unsigned sum = 0;
  for (std::size_t i = 0; i < 512; ++i) sum += static_cast<unsigned char>(tar[i]);
  char digits[8];
  std::snprintf(digits, sizeof digits, "%06o", sum);
  tar.replace(148, 7, std::string(digits, 7));
}

}  // namespace

fs::path make_archive(const json& description, const fs::path& handin, const Replace& replace) {
  JsonObject object(description, "archive");
  const std::string format = object.text("format");
  const fs::path path = handin.parent_path() / ("handin." + format);
  std::vector<make::Entry> entries;
  if (object.flag_or("solution", false)) {
    for (const auto& entry : fs::recursive_directory_iterator(handin)) {
      if (!entry.is_regular_file()) continue;
      entries.push_back({.name = entry.path().lexically_relative(handin).string(), .bytes = read_file(entry.path())});
    }
  }
  if (const json* list = object.find("entries")) {
    for (const json& node : *list) add_entries(node, replace, entries);
  }
  const std::size_t percent = object.count_or("cut", 100);
  const std::string raw = object.find("raw_hex") ? from_hex(object.text("raw_hex")) : "";
  const std::string size = object.find("size_field") ? object.text("size_field") : "";
  const bool is_raw = object.find("raw_hex");
  object.finish();
  if (format == "folder") {
    for (const make::Entry& entry : entries) lay_on_disk(entry, path);
    return path;
  }
  if (is_raw) return make::file(path, raw);
  make::archive(path, entries);
  if (percent == 100 && size.empty()) return path;
  std::string bytes = read_file(path);
  if (!size.empty()) forge_size(bytes, size);
  return make::file(path, bytes.substr(0, bytes.size() * percent / 100));
}

}  // namespace autograder_tests
