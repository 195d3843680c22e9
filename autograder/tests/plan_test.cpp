#include "autograder/plan.hpp"

#include "autograder/grade.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/make_record.hpp"

using namespace autograder;

namespace {

using Names = std::vector<std::string>;
using NameSet = std::set<std::string>;

/// Alice, Bob and Carl are graded, with Carl's grade a failure of the grader; Dora is new.
struct Class {
  std::map<std::string, std::string> digests{
      {"alice", "digest of alice"}, {"bob", "digest of bob"}, {"carl", "digest of carl"}, {"dora", "digest of dora"}};
  std::vector<Record> last{make::record("alice", 90), make::record("bob", 80), make::record("carl", 0)};
  std::vector<Asked> asked;

  Class() { last[2].outcome = Record::Outcome::failed; }

  /// Those graded with fixtures of another name than "fixtures" are outdated.
  Plan plan(const Names& regrade = {}) const {
    return make_plan(digests, regrade, last, asked, [](const Record& one) { return one.fixtures != "fixtures"; });
  }
};

}  // namespace

TEST_CASE("plan: what is new or has changed is pending, and nothing else") {
  Class some;
  CHECK(some.plan().pending == NameSet{"dora"});
  some.digests["bob"] = "another";
  CHECK(some.plan().pending == NameSet{"bob", "dora"});
  CHECK(some.plan().asked.empty());
  CHECK(some.plan().left.empty());
}

TEST_CASE("plan: what is asked for is pending, and noted") {
  const Class some;
  CHECK(some.plan({"all"}).pending == NameSet{"alice", "bob", "carl", "dora"});
  CHECK(some.plan({"all"}).asked == Names{"alice", "bob", "carl", "dora"});
  CHECK(some.plan({"failed"}).asked == Names{"carl"});
  CHECK(some.plan({"bob", "alice", "bob"}).asked == Names{"alice", "bob"});
  CHECK(some.plan({"bob", "alice", "bob"}).request == "alice,bob");
  CHECK_THROWS_AS(some.plan({"nobody"}), UsageError);
  CHECK_THROWS_AS(some.plan({"alice", "none"}), UsageError);
}

TEST_CASE("plan: what is left of a request is pending, without asking again") {
  Class some;
  some.asked = {{"alice", "all", true}, {"bob", "all", false}, {"gone", "all", false}};
  const Plan plan = some.plan();
  CHECK(plan.pending == NameSet{"bob", "dora"});
  CHECK(plan.asked.empty());
  REQUIRE(plan.left.size() == 1);
  CHECK(plan.left[0].name == "bob");
  CHECK(plan.gone == Names{"gone"});
}

TEST_CASE("plan: the same request, made again before it is finished, grades nothing twice") {
  Class some;
  some.asked = {{"alice", "all", true}, {"bob", "all", false}};
  CHECK(some.plan({"all"}).pending == NameSet{"bob", "dora"});
  CHECK(some.plan({"all"}).asked.empty());
  some.asked[1].done = true;  // killed after the last grade, before the tables
  CHECK(some.plan({"all"}).pending == NameSet{"dora"});
  CHECK(some.plan({"alice"}).pending == NameSet{"alice", "dora"});
  // Half of it with fixtures that were mended since: that half once more.
  some.last[0].fixtures = "bad fixtures";
  CHECK(some.plan({"all"}).pending == NameSet{"alice", "dora"});
  CHECK(some.plan({"all"}).asked == Names{"alice"});
}

TEST_CASE("plan: unfinished requests can be dropped") {
  Class some;
  some.asked = {{"alice", "all", true}, {"bob", "all", false}};
  const Plan plan = some.plan({"none"});
  CHECK(plan.pending == NameSet{"dora"});
  CHECK(plan.gone == Names{"bob"});
}

TEST_CASE("plan: what was graded with something else and stays as it is, is named") {
  Class some;
  CHECK(some.plan().outdated.empty());
  for (Record& record : some.last) record.fixtures = "bad fixtures";
  some.digests.erase("carl");
  CHECK(some.plan().outdated == Names{"alice", "bob"});
  CHECK(some.plan({"alice"}).outdated == Names{"bob"});
  CHECK(some.plan({"all"}).outdated.empty());
}
