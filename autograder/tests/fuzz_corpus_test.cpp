// Replays the fuzzers' corpora: seeds, and every input that a fuzzer once found something with. Where a claim of a
// target does not hold, the program ends, with the file's name.
#include <algorithm>
#include <filesystem>

#include "autograder/assignment.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/fuzz/targets.hpp"

using namespace autograder;
namespace fs = std::filesystem;

namespace {

void replay(const std::string& corpus, void (*target)(std::string_view)) {
  std::size_t replayed = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(TEST_DATA) / "fuzz/corpus" / corpus)) {
    CAPTURE(entry.path().filename().string());
    CHECK_NOTHROW(target(read_file(entry.path())));
    ++replayed;
  }
  CHECK(replayed >= 20);
}

}  // namespace

TEST_CASE("fuzz_corpus: no archive harms unpack") { replay("unpack", fuzz_unpack); }

TEST_CASE("fuzz_corpus: no answer harms judge or a report") { replay("answer", fuzz_answer); }

TEST_CASE("fuzz_corpus: no text harms the readers of fixtures and assignments") { replay("fixture", fuzz_fixture); }
