// The course's own files that a grade needs: an assignment, its fixtures, its headers, and what to build with.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "autograder/assignment.hpp"
#include "autograder/fixture.hpp"
#include "autograder/toolchain.hpp"
#include "autograder/unpack.hpp"

namespace autograder {

/// Everything about an assignment that does not depend on the hand-in.
struct Course {
  Assignment assignment;
  FixtureSet fixtures;
  Toolchain toolchain;
  std::map<std::string, std::string> headers;  ///< the handout's own, by their name below include/
};

/// The folder of an assignment's headers: the grader's own copy, never the student's.
std::filesystem::path include_folder(const std::filesystem::path& root, const std::string& assignment);

/// The names in a hand-in, without a folder around it, that a report on any assignment under `root` depends on: the
/// files that it lists, and the handout's headers. Throws GraderError where there is no assignment.
std::set<std::string> known_names(const std::filesystem::path& root);

/// The last parts of all known names; and kTestFiles, where an assignment gives points for tests.
std::set<std::string> wanted_names(const std::filesystem::path& root);

/// The assignment most of whose files the contents hold, or mytorch.
std::string find_assignment(const std::filesystem::path& root, const Contents& contents);

/// Reads an assignment's files; an empty id stands for the one that find_assignment() finds. `fixtures` is "public",
/// "hidden" or a folder. Throws GraderError.
Course read_course(const std::filesystem::path& root, const std::string& assignment, const std::string& fixtures,
                   const Contents& contents);

}  // namespace autograder
