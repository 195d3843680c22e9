// What the cache gives back, and what it does not trust.
#include "autograder/object_cache.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <map>
#include <thread>

#include "autograder/assignment.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/temporary_folder.hpp"
#include "autograder/tests/catch.hpp"

using namespace autograder;
namespace fs = std::filesystem;

namespace {

/// A key as builds make them.
std::string key_of(char digit) { return std::string(64, digit); }

const std::string kKey = key_of('7');
const Kept kKept{"about it", std::string("bytes \n\0 and more", 17)};

/// A cache with one entry.
struct Bench {
  TemporaryFolder folder;
  fs::path place = folder.path() / "cache";
  ObjectCache cache{place, 1 << 20};

  Bench() { cache.store(kKey, kKept); }
};

void set_used(const fs::path& entry, int seconds_ago) {
  fs::last_write_time(entry, fs::file_time_type::clock::now() - std::chrono::seconds(seconds_ago));
}

}  // namespace

TEST_CASE("cache: what was stored is found again, whole, by its key alone") {
  const Bench bench;
  const auto found = bench.cache.find(kKey);
  REQUIRE(found);
  CHECK(found->about == kKept.about);
  CHECK(found->bytes == kKept.bytes);
  CHECK_FALSE(bench.cache.find("other"));
  CHECK_FALSE(ObjectCache("/nonexistent", 1).find(kKey));
}

TEST_CASE("cache: another grader finds it too") {
  const Bench bench;
  CHECK(ObjectCache(bench.place, 1).find(kKey));
}

TEST_CASE("cache: an entry of which a byte is missing, changed or too many is not there") {
  const Bench bench;
  const std::string whole = read_file(bench.place / kKey);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    CAPTURE(at);
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    std::ofstream(bench.place / kKey, std::ios::binary) << changed;
    CHECK_FALSE(bench.cache.find(kKey));
    std::ofstream(bench.place / kKey, std::ios::binary) << whole.substr(0, at);
    CHECK_FALSE(bench.cache.find(kKey));
  }
  std::ofstream(bench.place / kKey, std::ios::binary) << whole << "x";
  CHECK_FALSE(bench.cache.find(kKey));
  std::ofstream(bench.place / kKey, std::ios::binary) << whole;
  CHECK(bench.cache.find(kKey));
}

TEST_CASE("cache: the bytes of an entry become a file that everybody may read, or none") {
  const Bench bench;
  const fs::path place = bench.folder.path() / "worker.so";
  const std::string bytes = std::string(200'000, 'x') + std::string(1, '\0') + "end";
  bench.cache.store(key_of('a'), {"", bytes});
  bench.cache.store(key_of('b'), {"", ""});
  const mode_t before = umask(077);
  CHECK(bench.cache.fetch(key_of('a'), place));
  umask(before);
  CHECK(read_file(place) == bytes);
  CHECK(fs::status(place).permissions() == fs::perms(0644));
  CHECK(bench.cache.fetch(key_of('b'), place));
  CHECK(read_file(place).empty());
  // Not of that kind, not there, and not as it was stored.
  CHECK_FALSE(bench.cache.fetch(kKey, place));
  CHECK_FALSE(bench.cache.fetch(key_of('c'), place));
  const std::string whole = read_file(bench.place / key_of('a'));
  for (const std::size_t at : {std::size_t{20}, whole.size() / 2, whole.size() - 1}) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    for (const std::string& other : {changed, whole.substr(0, at), whole + "x"}) {
      std::ofstream(bench.place / key_of('a'), std::ios::binary) << other;
      CHECK_FALSE(bench.cache.fetch(key_of('a'), bench.folder.path() / "none"));
      CHECK_FALSE(fs::exists(bench.folder.path() / "none"));
    }
  }
  CHECK_THROWS_AS(bench.cache.fetch(key_of('b'), "/nonexistent/worker.so"), GraderError);
}

TEST_CASE("cache: what others can write does not count") {
  const Bench bench;
  for (const fs::path& path : {bench.place / kKey, bench.place}) {
    CAPTURE(path);
    const auto before = fs::status(path).permissions();
    for (const fs::perms more : {fs::perms::group_write, fs::perms::others_write}) {
      fs::permissions(path, before | more);
      CHECK_FALSE(bench.cache.find(kKey));
    }
    fs::permissions(path, before);
    CHECK(bench.cache.find(kKey));
  }
}

TEST_CASE("cache: a link is no entry, and no folder") {
  const Bench bench;
  fs::create_symlink(kKey, bench.place / "link");
  CHECK_FALSE(bench.cache.find("link"));
  fs::create_directory_symlink(bench.place, bench.folder.path() / "linked");
  CHECK_FALSE(ObjectCache(bench.folder.path() / "linked", 1).find(kKey));
}

TEST_CASE("cache: another user's entries count only where that user is named") {
  if (geteuid() != 0) {
    std::cout << "not tested: only root can make another user's files\n";
    return;
  }
  constexpr uid_t other = 23456;
  const Bench bench;
  for (const fs::path& path : {bench.place / kKey, bench.place}) {
    REQUIRE(chown(path.c_str(), other, other) == 0);
    CHECK_FALSE(bench.cache.find(kKey));
    CHECK(ObjectCache(bench.place, 1, other).find(kKey));
    CHECK_FALSE(ObjectCache(bench.place, 1, other + 1).find(kKey));
    REQUIRE(chown(path.c_str(), 0, 0) == 0);
  }
}

TEST_CASE("cache: one that only reads stores nothing, and one that cannot write is no failure") {
  const Bench bench;
  ObjectCache(bench.place, 1 << 20, std::nullopt, CacheUse::reads).store("more", kKept);
  CHECK_FALSE(bench.cache.find("more"));
  const ObjectCache nowhere(bench.place / kKey / "below a file", 1 << 20);
  nowhere.store("more", kKept);
  CHECK_FALSE(nowhere.find("more"));
}

TEST_CASE("cache: what was used longest ago goes first") {
  const Bench bench;
  const ObjectCache small(bench.place, 3000);
  for (const std::string& key : {key_of('a'), key_of('b'), key_of('c'), key_of('d')})
    small.store(key, {"", std::string(1000, 'x')});
  // Somebody's own file, which only lies here.
  std::ofstream(bench.place / "thesis") << std::string(5000, 'x');
  set_used(bench.place / "thesis", 1000);
  for (const auto& [key, ago] : std::map<std::string, int>{
           {kKey, 500}, {key_of('a'), 400}, {key_of('b'), 300}, {key_of('c'), 200}, {key_of('d'), 100}}) {
    set_used(bench.place / key, ago);
  }
  CHECK(small.find(key_of('a')));  // and is the latest now
  small.trim();
  CHECK(small.find(key_of('a')));
  CHECK(small.find(key_of('d')));
  CHECK_FALSE(small.find(key_of('b')));
  CHECK_FALSE(small.find(key_of('c')));
  CHECK_FALSE(small.find(kKey));
  CHECK(fs::exists(bench.place / "thesis"));
  // Nothing was stored since: nothing is looked through.
  std::ofstream(bench.place / key_of('e')) << std::string(5000, 'x');
  small.trim();
  CHECK(fs::exists(bench.place / key_of('e')));
}

TEST_CASE("cache: graders that store the same at the same time see whole entries") {
  const Bench bench;
  std::vector<std::thread> threads;
  std::atomic<int> broken{0};
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 50; ++round) {
        bench.cache.store(kKey, {std::to_string(i), std::string(10'000, static_cast<char>('0' + i))});
        const auto found = bench.cache.find(kKey);
        if (!found || found->bytes != std::string(10'000, found->about[0])) ++broken;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(broken == 0);
  // Nothing half is left beside them.
  CHECK(std::distance(fs::directory_iterator(bench.place), {}) == 1);
}
