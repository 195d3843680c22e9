// What the commands of the command line have in common: their options, as they stand there, and their exit codes.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "autograder/feedback.hpp"
#include "autograder/grade.hpp"
#include "autograder/version.hpp"

namespace autograder {

inline constexpr int kUnderThreshold = 1;
inline constexpr int kProofFails = 1;
inline constexpr int kUsage = 2;
inline constexpr int kGraderFailed = 3;

/// What was asked for on the command line, as it stands there.
struct Options {
  GradeOptions grade;
  std::string handin;
  std::string root = kCourseFolder;
  std::vector<std::string> reports{"text"};
  std::string sandbox = "auto";
  Feedback feedback = Feedback::automatic;
  std::optional<Explain> explain;  ///< nothing: each command knows its own
  double fail_under = 0.0;
  bool show = false;
  bool debug = false;
  bool watch = false;
  bool tests = false;
  std::size_t fresh = 0;
  std::optional<std::uint64_t> seed;
  std::size_t every = 1, random = 0;
  std::string cache = default_cache_folder().string();
  std::size_t cache_mb = 2048;
  std::string cache_owner;
  bool no_cache = false;
  std::string submitted, student, extensions, by_hand;
  std::string out, format = "csv", pick;
  std::vector<std::string> regrade;
  bool mix = false, dry_run = false;
  std::string executor = "local";
  std::vector<std::string> sbatch;
  std::size_t shard = 0, job = 0, task = 0;
};

inline const std::map<std::string, Feedback> kFeedbacks{
    {"auto", Feedback::automatic}, {"full", Feedback::full}, {"withheld", Feedback::withheld}};

inline const std::map<std::string, Hints> kHints{{"on", Hints::on}, {"off", Hints::off}};

inline const std::map<std::string, Explain> kExplains{
    {"auto", Explain::automatic}, {"always", Explain::always}, {"never", Explain::never}};

/// Which components are explained, or `otherwise` where nothing was asked for. Not what is then withheld.
Explain explained(const Options& options, Explain otherwise);

/// Absolute, for programs that run in other folders.
std::filesystem::path course_root(const Options& options);

/// The cache that was asked for, or null. Throws UsageError for a user that does not exist.
std::shared_ptr<const ObjectCache> open_cache(const Options& options);

/// The fresh cases that were asked for, with the seed that was, or one that nobody can know.
std::optional<Fresh> fresh_cases(const Options& options);

/// The extensions that were asked for, a due time by student. Throws UsageError for what is no table or no time.
std::map<std::string, std::string> read_extensions(const Options& options);

/// Throws UsageError, naming `what`, unless this is a time (parse_instant()).
void require_time(const std::string& time, const std::string& what);

/// Seeds that every reader of a JSON report reads exactly.
inline const CLI::Range kSeeds(0.0, 9007199254740991.0);

/// Adds the fresh cases and their seed. Returns the option of the cases.
CLI::Option* add_fresh(CLI::App& command, Options& options, const std::string& seed);

void add_root(CLI::App& command, Options& options);

/// Adds the sandbox, the cache and the course folder.
void add_building(CLI::App& command, Options& options);

/// Adds what is the same for one hand-in and for a class.
void add_grading(CLI::App& command, Options& options);

}  // namespace autograder
