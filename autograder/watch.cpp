// See watch.hpp.
#include "autograder/watch.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <iomanip>
#include <iostream>
#include <optional>
#include <sstream>

#include "autograder/delivery.hpp"
#include "autograder/news.hpp"
#include "autograder/saves.hpp"
#include "autograder/screen.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

const char* const kScreen = "text";  ///< the destination that is the screen

void require_watchable(const WatchOptions& options) {
  const fs::path& handin = options.grade.handin;
  if (!fs::is_directory(handin)) {
    throw UsageError("--watch: the hand-in " + handin.string() +
                     " is no folder of sources. Unpack it and name the folder, or grade it without --watch.");
  }
  for (const std::string& where : options.reports) {
    if (where.find(':') != std::string::npos || where == kScreen) continue;
    throw UsageError("--watch with --report " + where + ": standard output is for the screen. Name a file, --report " +
                     where + ":FILE; each run writes it again.");
  }
}

/// Whether what is on standard output can be taken away again.
bool is_screen() {
  const char* terminal = std::getenv("TERM");
  return isatty(STDOUT_FILENO) && !(terminal && std::string(terminal) == "dumb");
}

ScreenSize size_of_screen() {
  winsize size{};
  if (!is_screen() || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return {};
  return {size.ws_row, size.ws_col};
}

void print(const std::string& text) {
  std::cout << text << std::flush;
  require_written(std::cout, "to standard output");
}

/// On a terminal the screen is emptied first (ECMA-48: CUP, ED).
void show(const std::string& text) { print((is_screen() ? "\033[H\033[2J" : "") + text); }

std::string time_of_day() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  localtime_r(&now, &parts);
  std::ostringstream text;
  text << std::put_time(&parts, "%T");
  return text.str();
}

class Watcher {
 public:
  Watcher(const WatchOptions& options, const Machine& machine) : options_(options), machine_(machine) {}

  /// Grades once. Returns what is to be shown of that.
  std::string run() {
    try {
      const Report report = for_student(grade(options_.grade, machine_), options_.feedback);
      for (const std::string& where : options_.reports) {
        if (where != kScreen) deliver(report, where);
      }
      if (options_.grade.cache) options_.grade.cache->trim();
      return text_of(report);
    } catch (const UsageError& error) {
      // Later the command line is as right as it was, and a source that is not there just now may be the reason.
      if (!last_) throw;
      return failure(error);
    } catch (const std::exception& error) {
      return failure(error);
    }
  }

 private:
  std::string text_of(const Report& report) {
    const std::string since = last_ && !report.refused ? news(*last_, report, colour_here()) : "";
    if (!report.refused) last_ = report;
    return screen(text_parts(report, colour_here()), since + built_text(report) + "\n", hint(), size_of_screen());
  }

  std::string failure(const std::exception& error) const {
    return painted("The grader failed: ", Ink::red, colour_here()) + printable(error.what()) +
           "\nNone of your sources' doing: this run has no score.\n" + hint();
  }

  std::string hint() const {
    const std::string no_cache =
        options_.grade.cache ? ""
                             : "Without a cache every run compiles all sources: leave out --no-cache, or name a "
                               "folder with --cache.\n";
    return no_cache + time_of_day() + ". Save a source, and it is graded again; Ctrl-C ends.\n";
  }

  const WatchOptions& options_;
  const Machine& machine_;
  std::optional<Report> last_;  ///< that was not refused
};

}  // namespace

void watch(const WatchOptions& options, const Machine& machine) {
  require_watchable(options);
  const fs::path folder = fs::absolute(options.grade.handin);
  HandinWatch handin(folder, known_names(options.grade.root));
  Watcher watcher(options, machine);
  print("Grading " + printable(options.grade.handin.string()) + " ...\n");
  for (Sight seen = handin.look();;) {
    show(watcher.run());
    const Sight now = handin.wait_for_save(seen);
    if (!now.is_there) {
      throw UsageError("--watch: the hand-in's folder " + folder.string() +
                       " is gone. Start again with the folder that your sources are in now.");
    }
    print(printable(saved_text(seen, now)) + ": grading ...\n");
    seen = now;
  }
}

}  // namespace autograder
