// Processes that add to one journal. journal_test.cpp has all that one process can see.
#include <sys/wait.h>
#include <unistd.h>

#include <map>

#include "autograder/descriptor.hpp"
#include "autograder/journal.hpp"
#include "autograder/temporary_folder.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/make_record.hpp"

using namespace autograder;
namespace fs = std::filesystem;

namespace {

constexpr int kRounds = 40;

/// Starts a process that waits until `start` is closed everywhere, and then adds records of that name.
pid_t start_adding(const fs::path& file, const std::string& name, const Descriptor& start, Descriptor& open_end) {
  const pid_t child = fork();
  if (child != 0) return child;
  open_end.close();
  char nothing = 0;
  if (read(start.get(), &nothing, 1) != 0) _exit(2);
  try {
    Journal journal(file);
    for (int round = 0; round < kRounds; ++round) journal.add(make::record(name, round));
  } catch (const std::exception& error) {
    const std::string why = std::string(error.what()) + "\n";
    _exit(write(STDERR_FILENO, why.data(), why.size()) < 0 ? 2 : 1);
  }
  _exit(0);
}

}  // namespace

TEST_CASE("journal: processes that add at the same time, and that make the file, lose nothing") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "journal.sqlite";
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const Descriptor start(ends[0]);
  Descriptor open_end(ends[1]);
  std::vector<pid_t> children;
  for (const char* name : {"alice", "bob", "carl"}) children.push_back(start_adding(file, name, start, open_end));
  open_end.close();
  for (const pid_t child : children) {
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
  }
  // Each one's records, in its order.
  std::map<std::string, int> next;
  for (const Record& record : Journal(file).all()) CHECK(record.score == next[record.name]++);
  for (const char* name : {"alice", "bob", "carl"}) CHECK(next[name] == kRounds);
}
