// What takes the solution: fresh cases, and sections whose prerequisites failed.
#include "autograder/report_writers.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/course.hpp"

using namespace autograder;
using namespace autograder_tests;

namespace {

const Edit kWrongLinear{"src/nn/linear.cpp", "xt::zeros<double>({out_features, in_features})",
                        "xt::ones<double>({out_features, in_features})"};

GradeOptions options_for(const fs::path& handin) {
  GradeOptions options;
  options.handin = handin;
  options.root = course_folder();
  options.assignment = "mytorch";
  options.sandbox = sandbox();
  options.cache = test_cache();
  return options;
}

Report graded(const GradeOptions& options) { return autograder::grade(options, local_machine(options.sandbox)); }

/// As under another policy of the assignment.
Report graded_under(PrerequisitePolicy policy, const GradeOptions& options) {
  Machine machine = local_machine(options.sandbox);
  machine.course = [read = machine.course, policy](const GradeOptions& of, const Contents& contents) {
    auto course = std::make_shared<Course>(*read(of, contents));
    course->assignment.policy.prerequisites = policy;
    return course;
  };
  return autograder::grade(options, machine);
}

const SectionResult& section(const std::string& id, const Report& report) {
  return *std::find_if(report.sections.begin(), report.sections.end(),
                       [&](const SectionResult& one) { return one.id == id; });
}

/// The course without what only its staff has.
class HandoutCourse {
 public:
  HandoutCourse() {
    fs::create_directory_symlink(course_folder() / "handout", folder_.path() / "handout");
    fs::create_directories(folder_.path() / "fixtures/mytorch");
    for (const char* name : {"assignment.json", "public"}) {
      fs::create_symlink(course_folder() / "fixtures/mytorch" / name, folder_.path() / "fixtures/mytorch" / name);
    }
  }
  const fs::path& path() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("solution: a section is told apart from what it uses, and its own points stay") {
  HandinFolder handin;
  handin.apply(kWrongLinear);
  handin.apply({"src/models/mlp.cpp", "MLP1::MLP1()", "MLP1::MLP1() /* wrong below */"});
  const Report report = graded(options_for(handin.path()));
  CHECK(section("linear", report).status == Status::failed);
  CHECK_FALSE(section("linear", report).prerequisites);
  const auto& mlp0 = section("mlp0", report);
  REQUIRE(mlp0.prerequisites);
  CHECK(mlp0.prerequisites->titles == std::vector<std::string>{"Linear layer"});
  CHECK(mlp0.prerequisites->status == Status::passed);
  CHECK_FALSE(mlp0.prerequisites->scores);
  CHECK(mlp0.score == 0);
  CHECK_FALSE(section("sgd", report).prerequisites);
}

TEST_CASE("solution: a section that is wrong in itself is called that") {
  HandinFolder handin;
  handin.apply(kWrongLinear);
  handin.write("src/models/mlp.cpp", "#error not yet\n");
  const Report report = graded(options_for(handin.path()));
  const auto& mlp4 = section("mlp4", report);
  REQUIRE(mlp4.prerequisites);
  CHECK(mlp4.prerequisites->status == Status::not_built);
  CHECK_THAT(text_report(report, Colour::off), ContainsSubstring("wrong in itself"));
}

TEST_CASE("solution: under the policy `reference` a section has the points that it gets with correct prerequisites") {
  HandinFolder handin;
  handin.remove("src/nn/linear.cpp");
  const Report report = graded_under(PrerequisitePolicy::reference, options_for(handin.path()));
  CHECK(section("linear", report).score == 0);
  for (const char* id : {"mlp0", "mlp1", "mlp4", "sgd"}) {
    CAPTURE(id);
    CHECK(section(id, report).score == section(id, report).max_score);
    REQUIRE(section(id, report).prerequisites);
    CHECK(section(id, report).prerequisites->scores);
  }
  CHECK(report.score == 85);
}

TEST_CASE("solution: where there is none the report says what is not known") {
  const HandoutCourse course;
  HandinFolder handin;
  handin.apply(kWrongLinear);
  GradeOptions options = options_for(handin.path());
  options.root = course.path();
  options.fresh = Fresh{5, 1};
  const Report report = graded(options);
  CHECK(section("mlp0", report).status == Status::failed);
  CHECK_FALSE(section("mlp0", report).prerequisites);
  const std::string text = markdown_report(report);
  CHECK_THAT(text, ContainsSubstring("that takes the solution, which only the course has"));
  CHECK_THAT(text, ContainsSubstring("no fresh cases were added"));
  CHECK_FALSE(nlohmann::json::parse(json_report(report)).contains("fresh"));
}

TEST_CASE("solution: fresh cases find what is wrong for a shape that no fixture has, with every run of a seed") {
  HandinFolder handin;
  handin.apply({"src/nn/activation.cpp", "A = xt::tanh(Z);", "A = xt::tanh(Z);\n  if (Z.shape(0) == 8) A(0, 0) = 1;"});
  GradeOptions options = options_for(handin.path());
  CHECK(graded(options).score == 100);
  options.fresh = Fresh{40, 7};
  const Report first = graded(options), again = graded(options);
  CHECK(lost_sections(first) == std::map<std::string, std::string>{{"activation", "failed"}});
  const auto failing = [](const Report& report) {
    std::vector<std::string> names;
    for (const CaseResult& one : section("activation", report).components[2].cases) {
      if (one.status != Status::passed) names.push_back(one.name);
    }
    return names;
  };
  CHECK(failing(first) == failing(again));
  CHECK_THAT(failing(first).front(), ContainsSubstring("fresh"));
  CHECK_THAT(text_report(first, Colour::off), ContainsSubstring("--fresh 40 --seed 7"));
  CHECK(nlohmann::json::parse(json_report(first)).at("fresh") == nlohmann::json{{"cases", 40}, {"seed", 7}});
}

TEST_CASE("solution: it passes its own fresh cases, whatever the seed") {
  for (const std::string id : {"mytorch", "two_layer"}) {
    GradeOptions options = options_for(course_folder() / "reference" / id);
    options.assignment = id;
    for (const std::uint64_t seed : {1u, 2u}) {
      options.fresh = Fresh{50, seed};
      const Report report = graded(options);
      CHECK(report.score == report.max_score);
    }
  }
}
