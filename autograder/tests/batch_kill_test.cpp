// A class, killed (SIGKILL) at moments that are told from outside, by the files that appear, or held fast: whoever
// writes into a pipe that nobody reads waits. Started again, it comes to what it comes to when nobody kills it.
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "autograder/assignment.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/tests/batch_class.hpp"
#include "autograder/tests/catch.hpp"

using namespace autograder;
using namespace autograder_tests;

namespace {

/// Waits for things to happen in a folder.
class Watch {
 public:
  explicit Watch(const fs::path& folder) : inotify_(inotify_init1(IN_CLOEXEC)) {
    REQUIRE(inotify_.is_open());
    REQUIRE(inotify_add_watch(inotify_.get(), folder.c_str(), IN_CREATE | IN_MOVED_TO | IN_MODIFY) >= 0);
  }

  /// Looks at the beginning, and whenever something happens in the folder, until `condition` holds. A journal's readers
  /// learn of a record a little later than its file changes, and through shared memory: so it looks now and then, too.
  template <typename Condition>
  void until(const Condition& condition) {
    constexpr int now_and_then_ms = 20;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(4);
    while (!condition()) {
      REQUIRE(std::chrono::steady_clock::now() < deadline);
      pollfd waiting{inotify_.get(), POLLIN, 0};
      if (poll(&waiting, 1, now_and_then_ms) != 1) continue;
      char events[4096];
      REQUIRE(read(inotify_.get(), events, sizeof events) > 0);
    }
  }

 private:
  Descriptor inotify_;
};

/// A batch that is killed when this goes, if not before.
class BatchAtWork {
 public:
  BatchAtWork(const Class& some, const std::vector<std::string>& words = {})
      : child_(std::in_place, prepared(some, words), Channel::none), watch_(some.out) {}

  template <typename Condition>
  void until(const Condition& condition) {
    watch_.until(condition);
  }
  void kill() { child_.reset(); }

 private:
  static Command prepared(const Class& some, const std::vector<std::string>& words) {
    fs::create_directories(some.out / "reports");  // there is something to watch
    return some.command(words);
  }

  std::optional<Child> child_;
  Watch watch_;
};

/// None as long as the batch is just making its journal.
std::map<std::string, int> times_graded(const Class& some) {
  if (!fs::exists(some.out / "journal.sqlite")) return {};
  try {
    return some.times_graded();
  } catch (const GraderError&) {
    return {};
  }
}

std::size_t count_records(const Class& some) {
  std::size_t count = 0;
  for (const auto& [name, times] : times_graded(some)) count += static_cast<std::size_t>(times);
  return count;
}

/// A pipe in the place of a file: whoever opens it to write waits.
void put_pipe(const fs::path& place) {
  fs::create_directories(place.parent_path());
  const fs::path beside = place.string() + ".pipe";
  REQUIRE(mkfifo(beside.c_str(), 0600) == 0);
  fs::rename(beside, place);
}

/// Takes it away; there is nothing in the place of a file that was not written.
void take_pipe(const fs::path& place) {
  REQUIRE(fs::is_fifo(place));
  fs::remove(place);
}

const Class& whole() {
  static const Class graded;
  static const bool once = (graded.run(), true);
  REQUIRE(once);
  return graded;
}

/// The killed class is like one that nobody killed, each hand-in graded so many times.
void check_same(const Class& some, int times) {
  CHECK(some.table() == whole().table());
  CHECK(read_file(some.out / "summary.txt") == read_file(whole().out / "summary.txt"));
  CHECK(some.reports_are_the_journals());
  for (const std::string& name : kClassNames) {
    CHECK(some.report(name) == whole().report(name));
    CHECK(some.times_graded()[name] == times);
  }
  CHECK(some.times_graded().size() == kClassNames.size());
  CHECK(Journal(some.out / "journal.sqlite").asked().empty());
}

}  // namespace

TEST_CASE("batch: killed before the first record") {
  const Class some;
  BatchAtWork batch(some);
  batch.until([&] { return fs::exists(some.out / "journal.sqlite"); });
  batch.kill();
  REQUIRE(count_records(some) == 0);
  some.run();
  check_same(some, 1);
}

TEST_CASE("batch: killed while it compiles") {
  const Class some;
  const TemporaryFolder cache;
  Watch built(cache.path());
  BatchAtWork batch(some, {"--cache", cache.path()});
  built.until([&] { return !fs::is_empty(cache.path()); });
  batch.kill();
  REQUIRE(count_records(some) == 0);
  some.run();
  check_same(some, 1);
}

TEST_CASE("batch: killed after a record, before its reports") {
  const Class some;
  for (const char* ending : {".json", ".txt", ".md"}) {
    const fs::path held = some.out / "reports" / ("alice" + std::string(ending));
    CAPTURE(held);
    put_pipe(held);
    BatchAtWork batch(some);
    batch.until([&] { return times_graded(some)["alice"] == 1; });
    batch.kill();
    take_pipe(held);
    REQUIRE_FALSE(some.reports_are_the_journals());
    some.run();
    check_same(some, 1);
    fs::remove_all(some.out);
  }
}

TEST_CASE("batch: killed after the last record, before the tables") {
  const Class some;
  put_pipe(some.out / "gradebook.csv");
  BatchAtWork batch(some);
  batch.until([&] { return count_records(some) == 5; });
  batch.kill();
  take_pipe(some.out / "gradebook.csv");
  some.run();
  check_same(some, 1);
}

TEST_CASE("batch: killed between two tables") {
  const Class some;
  put_pipe(some.out / "summary.txt");
  BatchAtWork batch(some);
  batch.until([&] { return fs::exists(some.out / "gradebook.csv"); });
  batch.kill();
  take_pipe(some.out / "summary.txt");
  some.run();
  check_same(some, 1);
}

TEST_CASE("batch: killed in the middle of a regrade, after a record, before its reports") {
  for (const std::vector<std::string>& again : {std::vector<std::string>{}, {"--regrade", "all"}}) {
    const Class some;
    some.run();
    const fs::path held = some.out / "reports/alice.json";
    const std::string before = read_file(held);
    BatchAtWork batch(some, {"--regrade", "all"});
    batch.until([&] { return !Journal(some.out / "journal.sqlite").asked().empty(); });
    put_pipe(held);
    batch.until([&] { return times_graded(some)["alice"] == 2; });
    batch.kill();
    take_pipe(held);
    std::ofstream(held) << before;
    REQUIRE(count_records(some) < 10);
    REQUIRE_FALSE(some.reports_are_the_journals());
    CHECK_THAT(some.run(again).output, ContainsSubstring("Going on with --regrade all, which did not end"));
    check_same(some, 2);
  }
}

TEST_CASE("batch: killed in a regrade before the tables, the same request grades nothing twice") {
  const Class some;
  some.run();
  fs::remove(some.out / "gradebook.csv");
  put_pipe(some.out / "gradebook.csv");
  BatchAtWork batch(some, {"--regrade", "all"});
  batch.until([&] { return count_records(some) == 10; });
  batch.kill();
  take_pipe(some.out / "gradebook.csv");
  some.run({"--regrade", "all"});
  check_same(some, 2);
  // That request is done: the next one is another.
  some.run({"--regrade", "all"});
  check_same(some, 3);
}

TEST_CASE("batch: a regrade that was killed can be dropped") {
  const Class some;
  some.run();
  BatchAtWork batch(some, {"--regrade", "all"});
  batch.until([&] { return !Journal(some.out / "journal.sqlite").asked().empty(); });
  batch.kill();
  const std::size_t graded = count_records(some);
  REQUIRE(graded < 10);
  CHECK_THAT(some.run({"--regrade", "none"}).output, ContainsSubstring("Not graded again, though that was asked for"));
  CHECK(count_records(some) == graded);
  CHECK_THAT(some.run().output, ContainsSubstring("5 of them graded already"));
}

TEST_CASE("batch: two that share a cache, one of them killed, come to the same") {
  const Class one, other;
  const TemporaryFolder cache;
  const std::vector<std::string> words{"--cache", cache.path()};
  Watch built(cache.path());
  BatchAtWork batch(other, words);
  Child beside(one.command(words), Channel::none);
  built.until([&] { return !fs::is_empty(cache.path()); });
  batch.kill();
  REQUIRE(count_records(other) < 5);
  other.run(words);
  CHECK(std::get<Exited>(beside.wait()).code == 0);
  check_same(one, 1);
  check_same(other, 1);
}
