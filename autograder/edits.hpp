// Edits of the solution: wrong ones that must lose their sections, and those that change nothing that anyone could see.
// They are data of the assignment, beside its solution.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "autograder/assignment.hpp"
#include "autograder/unpack.hpp"

namespace autograder {

/// What stands in a file of the solution, exactly once, and what stands there instead.
struct Edit {
  std::string file;
  std::string find;
  std::string replace;
};

/// Returns the hand-in with the edit in it. Throws std::invalid_argument unless `find` stands there exactly once.
Handin edited(const Handin& handin, const Edit& edit);

/// A slip.
struct Mutation {
  std::string why;  ///< what is wrong, a sentence
  Edit edit;
  std::set<std::string> sections;  ///< that it loses, no other
  std::set<std::string> hints;     ///< ids of what names it rightly; empty: nothing has to
};

/// reference/<assignment>/mutations.json. Throws GraderError, naming the place in it, for what is no mutation, an edit
/// that does not fit the solution, and a section that does not exist.
std::vector<Mutation> read_mutations(const std::filesystem::path& root, const Assignment& assignment,
                                     const Handin& solution);

/// An edit after which no answer differs.
struct Equivalent {
  std::string why;
  Edit edit;
};

/// reference/<assignment>/equivalent.json, as above; none where there is no such file.
std::vector<Equivalent> read_equivalents(const std::filesystem::path& root, const Assignment& assignment,
                                         const Handin& solution);

}  // namespace autograder
