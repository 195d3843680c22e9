// See command_line.hpp.
#include "autograder/command_line.hpp"

#include <pwd.h>

#include <random>

#include "autograder/deadline.hpp"
#include "autograder/explain.hpp"
#include "autograder/table.hpp"

namespace autograder {

namespace fs = std::filesystem;

fs::path course_root(const Options& options) { return fs::absolute(options.root).lexically_normal(); }

std::shared_ptr<const ObjectCache> open_cache(const Options& options) {
  if (options.no_cache || options.cache.empty()) return nullptr;
  std::optional<uid_t> owner;
  if (!options.cache_owner.empty()) {
    const passwd* user = getpwnam(options.cache_owner.c_str());
    if (!user) throw UsageError("--cache-owner " + options.cache_owner + ": there is no such user");
    owner = user->pw_uid;
  }
  return std::make_shared<ObjectCache>(fs::absolute(options.cache), std::uintmax_t{options.cache_mb} << 20, owner);
}

std::optional<Fresh> fresh_cases(const Options& options) {
  if (options.fresh == 0) return std::nullopt;
  return Fresh{options.fresh, options.seed ? *options.seed : std::random_device()()};
}

Explain explained(const Options& options, Explain otherwise) {
  return options.feedback == Feedback::withheld ? Explain::never : options.explain.value_or(otherwise);
}

namespace {

/// Adds an option that takes one of a few words.
template <typename Value, typename Kept>
void add_choice(CLI::App& command, const std::string& option, const std::map<std::string, Value>& words, Kept& kept,
                const std::string& description) {
  std::vector<std::string> names;
  for (const auto& [name, value] : words) names.push_back(name);
  command
      .add_option_function<std::string>(
          option, [&words, &kept](const std::string& word) { kept = words.at(word); }, description)
      ->check(CLI::IsMember(names));
}

}  // namespace

void require_time(const std::string& time, const std::string& what) {
  if (!knows_time_zones()) {
    throw UsageError(what + ": this grader was built without the date library (Debian: libhowardhinnant-date-dev)");
  }
  try {
    parse_instant(time, "UTC");
  } catch (const std::invalid_argument& error) {
    throw UsageError(what + ": " + error.what() + ", or, on other clocks, like 2026-02-17T23:55-05:00");
  }
}

std::map<std::string, std::string> read_extensions(const Options& options) {
  std::map<std::string, std::string> extensions;
  if (options.extensions.empty()) return extensions;
  for (const auto& [student, cells] : read_table(options.extensions, {"due"})) {
    require_time(cells.at("due"), "the table " + options.extensions + ", student " + student);
    extensions[student] = cells.at("due");
  }
  return extensions;
}

CLI::Option* add_fresh(CLI::App& command, Options& options, const std::string& seed) {
  CLI::Option* fresh =
      command
          .add_option("--fresh", options.fresh, "cases a component beyond the fixtures', with the solution's answers")
          ->check(CLI::Range(1, 100'000));
  command.add_option("--seed", options.seed, seed)->check(kSeeds)->needs(fresh);
  return fresh;
}

void add_root(CLI::App& command, Options& options) {
  command.add_option("--root", options.root, "course folder, with handout/ and fixtures/")->capture_default_str();
}

void add_building(CLI::App& command, Options& options) {
  command
      .add_option("--sandbox", options.sandbox,
                  "how student code is shut in: auto (the strongest that works here), bwrap, user, none")
      ->check(CLI::IsMember({"auto", "bwrap", "user", "none"}))
      ->capture_default_str();
  command.add_option("--cache", options.cache, "folder of what was built before, for whoever owns it")
      ->capture_default_str();
  command.add_option("--cache-mb", options.cache_mb, "size of that folder, in MiB")->capture_default_str();
  command.add_option("--cache-owner", options.cache_owner, "another user whose entries in it count");
  command.add_flag("--no-cache", options.no_cache, "build everything anew, and keep nothing");
  add_root(command, options);
}

void add_grading(CLI::App& command, Options& options) {
  command.add_option("--assignment", options.grade.assignment,
                     "homework (default: found from the hand-in's files, else mytorch)");
  command
      .add_option("--fixtures", options.grade.fixtures, "public, hidden, or a folder with one .json file a component")
      ->capture_default_str();
  add_choice(
      command, "--feedback", kFeedbacks, options.feedback,
      "what students may see: auto (the default: all for public fixtures, little for hidden ones), full, withheld");
  add_choice(command, "--hints", kHints, options.grade.hints,
             "whether reports name the likely slip: on (the default), off");
  add_choice(command, "--explain", kExplains, options.explain,
             "which failed components are built again with sanitizers, to say where they go wrong: auto (up to " +
                 std::to_string(kExplained) +
                 " that crash, throw or give wrong numbers without a hint; the default of grade), always, never (the "
                 "default of batch and --watch)");
  command.add_flag("--tests", options.tests,
                   "run the hand-in's own tests (tests/*.cpp) with the solution and with wrong versions of it");
  command.add_option("--extensions", options.extensions, "table of students' own due times, CSV: student,due");
  add_building(command, options);
}

}  // namespace autograder
