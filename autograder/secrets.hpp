// Whether the sandbox keeps from a hand-in what it must not read: expected values, the solution, other hand-ins.
#pragma once

#include <filesystem>
#include <vector>

#include "autograder/sandbox.hpp"

namespace autograder {

/// Whether other users can read what lies at the path: the permissions of it and of every folder above let them.
bool is_open_to_others(const std::filesystem::path& path);

/// Throws GraderError, with the remedy, where a hand-in in the sandbox could read one of `secrets`: because the sandbox
/// closes no files and their permissions do not either, or because they lie among the system's programs. Those that
/// do not exist are passed over. In tier none nothing is closed: the caller has to have asked for it.
void require_closed(const Sandbox& sandbox, const std::vector<std::filesystem::path>& secrets);

}  // namespace autograder
