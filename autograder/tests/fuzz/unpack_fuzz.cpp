// Fuzzes the way of a hand-in's bytes from the archive to the files of a homework.
#include <algorithm>
#include <set>

#include "autograder/flags.hpp"
#include "autograder/tests/fuzz/targets.hpp"
#include "autograder/tests/make.hpp"
#include "autograder/unpack_archive.hpp"

namespace autograder {

namespace {

const ArchiveCaps kCaps;

bool is_printable(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
}

/// A reason goes to a terminal and into four formats as it is.
void check_refused(const Refused& refused) {
  require(!refused.why.empty() && refused.why.size() < 500, "a refusal is a sentence");
  require(is_printable(refused.why), "a refusal is printable");
}

void check_name(const std::string& name) {
  require(!name.empty() && name.size() <= kCaps.name_bytes, "a name is no longer than allowed");
  require(!name.starts_with('/') && !name.ends_with('/'), "a name is relative, and a file's");
  for (const char* part : {"/../", "/./", "//"}) {
    require(("/" + name + "/").find(part) == std::string::npos, "a name is plain");
  }
  require(static_cast<std::size_t>(std::count(name.begin(), name.end(), '/')) < kCaps.name_parts, "a name is not deep");
  require(std::none_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20; }), "a name has no controls");
}

void check_contents(const Contents& contents, const std::set<std::string>& wanted) {
  require(contents.names.size() <= kCaps.entries, "entries are no more than allowed");
  std::for_each(contents.names.begin(), contents.names.end(), check_name);
  const std::set<std::string> names(contents.names.begin(), contents.names.end());
  require(names.size() == contents.names.size(), "no name occurs twice");
  std::size_t total = 0;
  for (const auto& [name, bytes] : contents.bytes) {
    require(names.count(name) == 1, "only an entry has bytes");
    require(is_wanted(name, wanted), "only what is wanted is kept");
    require(bytes.size() <= kCaps.file_bytes, "a file is no larger than allowed");
    total += bytes.size();
  }
  require(total <= kCaps.total_bytes, "all files are no larger than allowed");
}

void check_handin(const Handin& handin, const Contents& contents, const Assignment& assignment) {
  require(handin.taken.size() + handin.ignored.size() == contents.names.size(), "every file is taken or ignored");
  require(handin.files.size() + handin.tests.size() == handin.taken.size(), "what is taken is there");
  require(handin.tests.size() <= kMaxTestFiles, "files of tests are no more than allowed");
  for (const auto& [name, bytes] : handin.files) {
    require(assignment.find_file(name) != nullptr, "what is taken is listed");
  }
  const auto flags = handin.files.find(kFlagsFile);
  read_flags(flags == handin.files.end() ? nullptr : &flags->second, assignment.component_ids());
}

}  // namespace

void fuzz_unpack(std::string_view archive) {
  static const Assignment assignment = make::assignment();
  static const std::set<std::string> wanted{"linear.cpp", "sgd.cpp", kFlagsFile, "tensor.hpp", kTestFiles};
  const auto unpacked = unpack_archive(std::string(archive), wanted, kCaps);
  if (const auto* refused = std::get_if<Refused>(&unpacked)) return check_refused(*refused);
  const auto& contents = std::get<Contents>(unpacked);
  check_contents(contents, wanted);
  require(count_listed(contents, assignment) <= 2, "no more sources than the homework has");
  const auto selected = select_files(contents, assignment, {{"tensor.hpp", "ours"}});
  if (const auto* refused = std::get_if<Refused>(&selected)) return check_refused(*refused);
  check_handin(std::get<Handin>(selected), contents, assignment);
}

}  // namespace autograder
