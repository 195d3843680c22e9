// What is explained, and what is not: without a process. Whole hand-ins are explained in explained_test.cpp.
#include "autograder/explain.hpp"

#include "autograder/grader_error.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/make.hpp"
#include "autograder/tests/make_report.hpp"

using namespace autograder;
using Kind = Mismatch::Kind;

namespace {

ComponentResult failed(const std::vector<Mismatch>& mismatches) {
  return {"linear", Status::failed, "", {make::case_result("zeros", Status::failed, mismatches)}};
}

ComponentResult ended(Status status, const std::string& id = "linear") {
  return {id, status, "", {make::case_result("zeros", status, {}, "so it ended")}};
}

/// A hand-in of which `linear`, `sgd` and `sgd_momentum` ended as they did, and a machine that only counts.
struct Bench {
  std::shared_ptr<Course> course = std::make_shared<Course>();
  Workbench bench;
  GradeOptions options;
  Machine machine;
  std::vector<ComponentResult> components;
  std::size_t ran = 0;
  Case one = make::one_case("zeros");
  TemporaryFolder folder;

  explicit Bench(Status status) {
    course->assignment = make::assignment();
    course->fixtures.visibility = Visibility::open;
    bench.course = course;
    for (const std::string& id : course->assignment.component_ids()) {
      bench.selections.push_back({course->assignment.find_component(id), {&one}, ""});
      components.push_back(ended(status, id));
    }
    course->toolchain.sanitizers = {make::file(folder.path() / "launcher", "a program"), {}, "/usr/bin/addr2line"};
    options.explain = Explain::automatic;
    // The first thing that an explanation asks for.
    machine.run = [this](const Command&) -> Completed {
      ++ran;
      throw GraderError("there is no compiler in /secret/place");
    };
  }

  std::vector<std::string> explain() { return explain_failures(bench, options, machine, components); }
  /// Whether anything was begun: without parts of a worker a build ends before the first compiler.
  bool begins() { return !explain().empty(); }
};

}  // namespace

TEST_CASE("explain: crashes, exceptions and wrong numbers without a hint want an explanation") {
  const Mismatch wrong = make::wrong_number("Z", 1.0, 2.0),
                 hinted = make::wrong_number("Z", 1.0, 2.0, "twice as large");
  const auto wants = [](const ComponentResult& component) { return wants_explanation(component, Explain::automatic); };
  CHECK(wants(ended(Status::crashed)));
  CHECK(wants(ended(Status::exception)));
  CHECK(wants(ended(Status::out_of_memory)));
  CHECK(wants(failed({wrong})));
  CHECK(wants(failed({make::mismatch("Z", Kind::shape, "has shape (0, 0), expected (4, 2)")})));
  CHECK_FALSE(wants(failed({hinted})));
  CHECK_FALSE(wants(failed({hinted, wrong})));
  CHECK_FALSE(wants(failed({make::mismatch("answer", Kind::type, "is not well formed")})));
  for (const Status status : {Status::passed, Status::timed_out, Status::output_limit, Status::not_built,
                              Status::not_implemented, Status::skipped}) {
    CHECK_FALSE(wants(ended(status)));
  }
}

TEST_CASE("explain: a hint that may as well be said of memory that is gone is not enough") {
  const auto wants = [](const std::string& hint_id) {
    Mismatch mismatch = make::mismatch("Z", Kind::shape, "has shape (0, 0), expected (4, 2)");
    mismatch.hint = "a sentence";
    mismatch.hint_id = hint_id;
    return wants_explanation(failed({mismatch}), Explain::automatic);
  };
  for (const char* guess : {"empty", "empty entry", "empty shape", "uninitialised", "infinite", "zeros"}) {
    CAPTURE(guess);
    CHECK(wants(guess));
  }
  for (const char* seen : {"suspect b_left_out", "not summed", "transposed", "sign", "argument changed"}) {
    CAPTURE(seen);
    CHECK_FALSE(wants(seen));
  }
}

TEST_CASE("explain: always is whatever ran and failed, never is nothing") {
  for (const Status status : {Status::crashed, Status::timed_out, Status::output_limit}) {
    CHECK(wants_explanation(ended(status), Explain::always));
    CHECK_FALSE(wants_explanation(ended(status), Explain::never));
  }
  CHECK(wants_explanation(failed({make::wrong_number("Z", 1.0, 2.0, "twice as large")}), Explain::always));
  for (const Status status : {Status::passed, Status::not_built, Status::not_implemented, Status::skipped}) {
    CHECK_FALSE(wants_explanation(ended(status), Explain::always));
  }
}

TEST_CASE("explain: a hand-in that passes pays nothing") {
  Bench bench(Status::passed);
  CHECK_FALSE(bench.begins());
  CHECK(bench.ran == 0);
}

TEST_CASE("explain: on withheld fixtures nothing is done that no report shows, unless it is asked for") {
  Bench bench(Status::crashed);
  CHECK(bench.begins());
  bench.course->fixtures.visibility = Visibility::withheld;
  CHECK_FALSE(bench.begins());
  bench.options.explain = Explain::always;
  CHECK(bench.begins());
  bench.options.explain = Explain::never;
  CHECK_FALSE(bench.begins());
}

TEST_CASE("explain: without sanitizers one notice says why") {
  Bench bench(Status::crashed);
  bench.course->toolchain.sanitizers = {make::file(bench.folder.path() / "launcher", ""), {}, "/usr/bin/addr2line"};
  const auto notices = bench.explain();
  REQUIRE(notices.size() == 1);
  CHECK_THAT(notices[0], ContainsSubstring("is not explained: the first compiler has no sanitizers"));
  bench.course->toolchain.sanitizers = {};
  CHECK_THAT(bench.explain().at(0), ContainsSubstring("a system without sanitizers"));
}

TEST_CASE("explain: where the machine fails the grade stays, and the notice names nothing of the machine") {
  Bench bench(Status::crashed);
  const auto notices = bench.explain();
  REQUIRE(notices.size() == 1);
  CHECK_THAT(notices[0], ContainsSubstring("no fault of the hand-in"));
  CHECK_THAT(notices[0], !ContainsSubstring("/"));
  for (const ComponentResult& component : bench.components) {
    CHECK(component.status == Status::crashed);
    CHECK_FALSE(component.explanation);
  }
}
