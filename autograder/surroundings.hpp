// Everything but the student's source that decides what building it gives.
#pragma once

#include <map>
#include <string>

#include "autograder/assignment.hpp"
#include "autograder/sandbox.hpp"
#include "autograder/toolchain.hpp"

namespace autograder {

/// Returns a digest of the compilers, their flags and limits, the libraries' headers as far as they are precompiled,
/// the assignment's own headers, the parts of its worker, and what a sandbox shows to compilers. Programs and files of
/// the system count by path, size and time of change. Empty where there are no digests.
std::string surroundings_of(const Toolchain& toolchain, const Assignment& assignment,
                            const std::map<std::string, std::string>& headers, const Sandbox& sandbox);

/// The headers that were precompiled; surroundings_of() counts them.
std::vector<std::filesystem::path> precompiled_from(const Precompiled& precompiled);

}  // namespace autograder
