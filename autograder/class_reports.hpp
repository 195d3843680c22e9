// The reports of a class: reports/<name>.json, .txt and .md, as the journal's last records have them.
#pragma once

#include <filesystem>
#include <string>

#include "autograder/journal.hpp"
#include "autograder/report.hpp"

namespace autograder {

Renderings render(const Report& report);

/// On a hand-in on which the grader failed: that there is no score, and why. An empty `why` is not for students: it
/// could tell what is hidden.
Renderings render_failure(const std::string& handin, const std::string& why);

/// Writes the files of one hand-in that are not there, or differ. Throws GraderError.
void write_reports(const std::filesystem::path& out, const std::string& name, const Renderings& reports);

/// Writes what differs from the journal, because a batch was killed after a record, or for any other reason. Removes
/// files that were half written. Throws GraderError.
void restore_reports(const Journal& journal, const std::filesystem::path& out);

}  // namespace autograder
