// Taking a hand-in apart: a folder, a .tar, .tar.gz or .zip, all of it hostile until shown otherwise.
// Only the files that a homework lists are read, into memory; nothing is written and no link is followed.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "autograder/assignment.hpp"

namespace autograder {

/// Among wanted names: every `tests/<name>.cpp`, with or without a folder around it.
inline constexpr const char* kTestFiles = "tests/*.cpp";

/// How many of them a hand-in may have.
inline constexpr std::size_t kMaxTestFiles = 20;

/// What a hand-in holds: the names of its entries, and the bytes of those that somebody may ask for.
struct Contents {
  std::vector<std::string> names;            ///< regular files, `/` between parts, without a leading "./"
  std::map<std::string, std::string> bytes;  ///< of the wanted ones
};

/// Why a hand-in is not graded: a sentence for the student. A verdict, not an error.
struct Refused {
  std::string why;
};

/// The files of a hand-in that an assignment lists.
struct Handin {
  std::map<std::string, std::string> files;  ///< listed name to bytes
  std::vector<std::string> taken;
  std::vector<std::string> ignored;
  std::vector<std::string> notices;
  std::map<std::string, std::string> tests = {};  ///< tests/<name>.cpp to bytes, where they were wanted
};

/// Caps on archives. A homework is six sources of some kilobytes; these leave room for a whole project folder.
struct ArchiveCaps {
  std::size_t entries = 10'000;
  std::size_t archive_bytes = std::size_t{64} << 20;  ///< as handed in
  std::size_t total_bytes = std::size_t{64} << 20;    ///< unpacked, of all entries
  std::size_t file_bytes = std::size_t{1} << 20;      ///< of one wanted file
  std::size_t name_bytes = 1'000;
  std::size_t name_parts = 32;                         ///< folders in folders, and the file
  std::size_t ratio = 100;                             ///< bytes unpacked a byte of the archive; sources have 5 or 10
  std::size_t any_ratio_bytes = std::size_t{1} << 20;  ///< unpacked, up to which the ratio does not matter
};

/// Reads the entries of the hand-in at `path`, keeping the bytes of those called like a wanted name ("linear.cpp").
/// Refuses links, devices, absolute names, "..", a name that occurs twice (also when only its case differs), what is
/// larger than the caps, what is compressed twice, and what is no archive. A zip's names are those before
/// its files, not those of its directory. Throws GraderError where `path` does not exist or cannot be read.
std::variant<Contents, Refused> unpack(const std::filesystem::path& path, const std::set<std::string>& wanted,
                                       const ArchiveCaps& caps = {});

/// Whether an entry of that name is among the wanted ones: by its last part, or as a file of tests.
bool is_wanted(const std::string& name, const std::set<std::string>& wanted);

/// Whether a folder of that name in a hand-in that is a folder itself is no part of it: what a build, an editor, git or
/// the grader keeps below a student's sources.
bool is_passed_over(const std::string& folder);

/// Picks the assignment's files out of the contents, with or without one folder around them. `headers` are the
/// handout's own, by their name below include/: where the hand-in brings one that differs, a notice says that it is
/// not used. Of more than kMaxTestFiles files of tests the first are taken, and a notice says so. Refuses a hand-in in
/// which two folders could be the one.
std::variant<Handin, Refused> select_files(const Contents& contents, const Assignment& assignment,
                                           const std::map<std::string, std::string>& headers);

/// How many of the assignment's sources the contents hold, with or without a folder around them.
std::size_t count_listed(const Contents& contents, const Assignment& assignment);

}  // namespace autograder
