// Points: all or nothing, points a component, and the status of a whole.
#include "autograder/score.hpp"

#include "autograder/tests/catch.hpp"
#include "autograder/tests/make.hpp"

using namespace autograder;

namespace {

/// The sections of make::assignment() for its three components: linear, sgd, sgd_momentum.
std::vector<SectionResult> scored(Status linear, Status sgd, Status momentum) {
  return score(make::assignment(),
               {{"linear", linear, "", {}}, {"sgd", sgd, "", {}}, {"sgd_momentum", momentum, "", {}}});
}

CaseResult case_of(Status status, bool counts = true) {
  CaseResult one;
  one.status = status;
  one.scored = counts;
  return one;
}

using Statuses = std::vector<Status>;
using Cases = std::vector<CaseResult>;

}  // namespace

TEST_CASE("score: everything passed earns everything") {
  const auto sections = scored(Status::passed, Status::passed, Status::passed);
  REQUIRE(sections.size() == 2);
  CHECK(sections[0].id == "linear");
  CHECK(sections[0].title == "Linear layer");
  CHECK(sections[0].score == 15.0);
  CHECK(sections[0].max_score == 15.0);
  CHECK(sections[1].score == 10.0);
  CHECK(sections[1].status == Status::passed);
  CHECK(total(sections) == 25.0);
}

TEST_CASE("score: a section is all or nothing") {
  Assignment assignment = make::assignment();
  assignment.sections[1].credit = Credit::section;
  const std::vector<ComponentResult> components{
      {"linear", Status::passed, "", {}}, {"sgd", Status::passed, "", {}}, {"sgd_momentum", Status::failed, "", {}}};
  const auto sections = score(assignment, components);
  CHECK(sections[1].score == 0.0);
  CHECK(sections[1].max_score == 10.0);
  CHECK(sections[1].status == Status::failed);
  CHECK(total(sections) == 15.0);
}

TEST_CASE("score: with credit a component each earns its own points") {
  const auto sections = scored(Status::failed, Status::failed, Status::passed);
  CHECK(sections[0].score == 0.0);
  CHECK(sections[1].score == 6.0);
  CHECK(sections[1].status == Status::failed);
  CHECK(total(sections) == 6.0);
}

TEST_CASE("score: what was skipped earns nothing") {
  const auto sections = scored(Status::skipped, Status::skipped, Status::passed);
  CHECK(sections[0].score == 0.0);
  CHECK(sections[0].status == Status::skipped);
  CHECK(sections[1].score == 6.0);
  CHECK(sections[1].status == Status::skipped);
}

TEST_CASE("score: nothing but passed earns points") {
  const Status status =
      GENERATE(Status::failed, Status::not_built, Status::not_implemented, Status::crashed, Status::timed_out,
               Status::out_of_memory, Status::output_limit, Status::exception, Status::skipped);
  CHECK(total(scored(status, status, status)) == 0.0);
}

TEST_CASE("score: the components of a section stay with it, in order") {
  const auto sections = scored(Status::passed, Status::crashed, Status::failed);
  REQUIRE(sections[0].components.size() == 1);
  REQUIRE(sections[1].components.size() == 2);
  CHECK(sections[1].components[0].id == "sgd");
  CHECK(sections[1].components[0].status == Status::crashed);
  CHECK(sections[1].components[1].id == "sgd_momentum");
}

TEST_CASE("score: the status of a whole is that of the first part that did not pass, skipped ones last") {
  CHECK(status_of(Statuses{}) == Status::passed);
  CHECK(status_of(Statuses{Status::passed, Status::passed}) == Status::passed);
  CHECK(status_of(Statuses{Status::passed, Status::crashed, Status::failed}) == Status::crashed);
  CHECK(status_of(Statuses{Status::skipped, Status::passed, Status::failed}) == Status::failed);
  CHECK(status_of(Statuses{Status::failed, Status::skipped}) == Status::failed);
  CHECK(status_of(Statuses{Status::passed, Status::skipped}) == Status::skipped);
}

TEST_CASE("score: the status of a component is that of its scored cases") {
  CHECK(status_of(Cases{case_of(Status::passed), case_of(Status::timed_out)}) == Status::timed_out);
  CHECK(status_of(Cases{case_of(Status::passed), case_of(Status::crashed), case_of(Status::skipped)}) ==
        Status::crashed);
}

TEST_CASE("score: advice never counts, neither for nor against") {
  CHECK(status_of(Cases{case_of(Status::crashed, false), case_of(Status::passed)}) == Status::passed);
  CHECK(status_of(Cases{case_of(Status::passed, false), case_of(Status::failed)}) == Status::failed);
}

TEST_CASE("score: a component without a scored case has not passed") {
  CHECK(status_of(Cases{}) == Status::skipped);
  CHECK(status_of(Cases{case_of(Status::passed, false)}) == Status::skipped);
}
