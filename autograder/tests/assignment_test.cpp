// assignment.json: the real one, and every way in which one can be malformed.
#include "autograder/assignment.hpp"

#include "autograder/grader_error.hpp"
#include "autograder/temporary_folder.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/make.hpp"

using namespace autograder;

namespace {

const std::string kValid = R"({
  "format": 1, "id": "small", "title": "A small homework", "namespace": "small_space",
  "files": {"a.cpp": {"required": true}, "given/b.cpp": {"place": "src/b.cpp"}, "flags.json": {"required": false}},
  "sections": [
    {"id": "first", "title": "First", "points": 7.5, "components": [{"id": "a", "needs_files": ["a.cpp"], "outputs": ["Z", "A"]}]},
    {"id": "second", "title": "Second", "points": 10, "credit": "component", "components": [
      {"id": "b", "needs_files": ["src/b.cpp"], "outputs": ["Z"], "points": 4},
      {"id": "c", "needs_files": ["a.cpp", "src/b.cpp"], "outputs": ["Z"], "points": 6}]}],
  "limits": {"case_cpu_seconds": 2, "memory_mb": 512}, "policy": {} })";

Assignment read(const std::string& text) {
  const TemporaryFolder folder;
  make::file(folder.path() / "fixtures/small/assignment.json", text);
  return read_assignment(folder.path(), "small");
}

struct Slip {
  std::string from, to, message;
};

}  // namespace

TEST_CASE("assignment: the real one of mytorch has the points and components of the homework") {
  const Assignment mytorch = read_assignment(COURSE, "mytorch");
  CHECK(mytorch.id == "mytorch");
  CHECK(mytorch.name_space == "mytorch");
  CHECK(mytorch.max_score() == 100.0);
  std::vector<std::pair<std::string, double>> points;
  for (const Section& section : mytorch.sections) {
    points.emplace_back(section.id, section.points);
    CHECK(section.credit == Credit::section);
  }
  CHECK(points == std::vector<std::pair<std::string, double>>{{"linear", 15},
                                                              {"activation", 10},
                                                              {"mlp0", 10},
                                                              {"mlp1", 10},
                                                              {"mlp4", 15},
                                                              {"loss", 10},
                                                              {"sgd", 10},
                                                              {"batchnorm", 20}});
  CHECK(mytorch.component_ids() == std::vector<std::string>{"linear", "identity", "sigmoid", "tanh", "relu", "mlp0",
                                                            "mlp1", "mlp4", "mseloss", "crossentropyloss", "sgd",
                                                            "sgd_momentum", "batchnorm"});
}

TEST_CASE("assignment: the real one of two_layer has the points of the homework, and one source") {
  const Assignment two_layer = read_assignment(COURSE, "two_layer");
  CHECK(two_layer.name_space == "two_layer");
  std::vector<std::pair<std::string, double>> points;
  for (const Section& section : two_layer.sections) points.emplace_back(section.id, section.points);
  CHECK(points == std::vector<std::pair<std::string, double>>{
                      {"forward", 10}, {"backward", 22}, {"mse", 5}, {"bce", 5}, {"derivatives", 8}});
  REQUIRE(two_layer.files.size() == 1);
  CHECK(two_layer.files[0].name == "mlp.cpp");
  CHECK(std::filesystem::exists(std::filesystem::path(COURSE) / "handout/two_layer" / two_layer.files[0].place));
}

TEST_CASE("assignment: the real one of mytorch lists six sources, which the handout has, and the flags file") {
  const Assignment mytorch = read_assignment(COURSE, "mytorch");
  std::size_t sources = 0;
  for (const ListedFile& file : mytorch.files) {
    CHECK(file.required == file.is_source());
    CHECK(std::filesystem::exists(std::filesystem::path(COURSE) / "handout/mytorch" / file.place));
    sources += file.is_source();
  }
  CHECK(sources == 6);
  CHECK(mytorch.find_file(kFlagsFile) != nullptr);
}

TEST_CASE("assignment: everything that the file says is read") {
  const Assignment small = read(kValid);
  CHECK(small.title == "A small homework");
  CHECK(small.name_space == "small_space");
  CHECK(small.max_score() == 17.5);
  REQUIRE(small.find_file("given/b.cpp"));
  CHECK(small.find_file("given/b.cpp")->place == "src/b.cpp");
  CHECK(small.find_file("given/b.cpp")->required);
  CHECK(small.find_file("a.cpp")->place == "a.cpp");
  CHECK_FALSE(small.find_file("flags.json")->required);
  CHECK_FALSE(small.find_file("flags.json")->is_source());
  CHECK(small.find_file("src/b.cpp") == nullptr);
  CHECK(small.sections[0].credit == Credit::section);
  CHECK(small.sections[1].credit == Credit::component);
  REQUIRE(small.find_component("c"));
  CHECK(small.find_component("c")->points == 6.0);
  CHECK(small.find_component("c")->needs_files == std::vector<std::string>{"a.cpp", "src/b.cpp"});
  CHECK(small.find_component("a")->outputs == std::vector<std::string>{"Z", "A"});
  CHECK(small.find_component("d") == nullptr);
}

TEST_CASE("assignment: which lists are computed layer by layer, and which step by step") {
  const std::string outputs = "\"outputs\": [\"Z\", \"A\"]";
  const Assignment small =
      read(make::edited(kValid, outputs, outputs + R"(, "forward": ["A"], "backward": ["Z"], "steps": ["A", "Z"])"));
  const Component& component = *small.find_component("a");
  CHECK(component.forward == std::vector<std::string>{"A"});
  CHECK(component.backward == std::vector<std::string>{"Z"});
  CHECK(component.steps == std::vector<std::string>{"A", "Z"});
}

TEST_CASE("assignment: limits are those of the file, else the defaults") {
  const CaseLimits limits = read(kValid).limits;
  CHECK(limits.case_cpu_seconds == 2);
  CHECK(limits.case_wall_seconds == 6);
  CHECK(limits.memory_mb == 512);
  const CaseLimits defaults = read(make::edited(kValid, "{\"case_cpu_seconds\": 2, \"memory_mb\": 512}", "{}")).limits;
  CHECK(defaults.case_cpu_seconds == 5);
  CHECK(defaults.case_wall_seconds == 15);
  CHECK(defaults.memory_mb == 2048);
  CHECK(defaults.output_mb == 8);
  CHECK(defaults.threads == 16);
}

TEST_CASE("assignment: every limit on workers and compilers can be set") {
  const Assignment assignment =
      read(make::edited(kValid, "{\"case_cpu_seconds\": 2, \"memory_mb\": 512}",
                        "{\"case_wall_seconds\": 21, \"answer_mb\": 22, \"threads\": 23, \"open_files\": 24, "
                        "\"compile_cpu_seconds\": 25, \"compile_wall_seconds\": 26, \"compile_memory_mb\": 27, "
                        "\"compile_output_mb\": 28, \"compile_file_mb\": 29, \"compile_processes\": 30, "
                        "\"compile_open_files\": 31}"));
  CHECK(assignment.limits.case_wall_seconds == 21);
  CHECK(assignment.limits.answer_mb == 22);
  CHECK(assignment.limits.threads == 23);
  CHECK(assignment.limits.open_files == 24);
  CHECK(assignment.compile_limits.cpu_seconds == 25);
  CHECK(assignment.compile_limits.wall_seconds == 26);
  CHECK(assignment.compile_limits.memory_mb == 27);
  CHECK(assignment.compile_limits.output_mb == 28);
  CHECK(assignment.compile_limits.file_mb == 29);
  CHECK(assignment.compile_limits.processes == 30);
  CHECK(assignment.compile_limits.open_files == 31);
}

TEST_CASE("assignment: every slip is a grader error that names the file and the place") {
  const Slip slip = GENERATE(values<Slip>({
      {"\"format\": 1", "\"format\": 2", "format must be 1"},
      {"\"format\": 1, ", "", "format is missing"},
      {"\"policy\": {}", "\"policy\": {\"a\": 1}", "policy.a is not a known key"},
      {"\"policy\": {}", "\"policy\": {\"prerequisites\": \"mine\"}", "policy.prerequisites must be \"own\" or"},
      {"\"points\": 7.5,", "\"points\": 7.5, \"uses\": [\"second\"],", "uses second, which must come before it"},
      {"\"policy\": {}", "\"colour\": 1", "colour is not a known key"},
      {"\"required\": true", "\"optional\": true", "files.a.cpp.optional is not a known key"},
      {"\"required\": true", "\"required\": 1", "files.a.cpp.required must be"},
      {"\"points\": 7.5", "\"points\": \"7.5\"", "sections[0].points must be a number"},
      {"\"points\": 7.5, ", "", "sections[0].points is missing"},
      {"\"title\": \"Second\", ", "", "sections[1].title is missing"},
      {"\"credit\": \"component\"", "\"credit\": \"half\"", "sections[1].credit must be"},
      {"\"credit\": \"component\"", "\"weight\": 1", "sections[1]"},
      {", \"points\": 4", "", "sections[1].components[0].points is missing"},
      {"\"points\": 4", "\"points\": 5", "sections[1]: the points of the components do not add up"},
      {"[\"Z\", \"A\"]", "[\"Z\", \"A\"], \"points\": 1", "sections[0].components[0].points is not a known key"},
      {"\"needs_files\": [\"a.cpp\"]", "\"needs_file\": [\"a.cpp\"]", "sections[0].components[0].needs_file is not a"},
      {"\"outputs\": [\"Z\", \"A\"]", "\"outputs\": \"Z\"", "sections[0].components[0].outputs must be a list"},
      {"[\"Z\", \"A\"]", "[\"Z\", \"A\"], \"forward\": [\"B\"]", "B, which is computed layer by layer, is not among"},
      {"[\"Z\", \"A\"]", "[\"Z\", \"A\"], \"steps\": [\"B\"]", "B, which is computed step by step, is not among"},
      {"[\"a.cpp\"]", "[\"missing.cpp\"]", "the component a needs missing.cpp"},
      {"[\"src/b.cpp\"]", "[\"given/b.cpp\"]", "the component b needs given/b.cpp"},
      {"\"id\": \"c\"", "\"id\": \"a\"", "the component a occurs twice"},
      {"\"memory_mb\": 512", "\"memory_mb\": -1", "limits.memory_mb must be a whole number"},
      {"\"memory_mb\": 512", "\"memory\": 512", "limits.memory is not a known key"},
      {"\"id\": \"small\"", "\"id\": \"other\"", "id is \"other\" in the folder small"},
      {"\"id\": \"small\"", "\"id\": \"small\", \"id\": \"small\"", "\"id\" occurs twice"},
      {"\"policy\": {} }", "\"policy\": {}", "parse error"},
  }));
  CAPTURE(slip.from, slip.to);
  const std::string message = make::error_of<GraderError>([&] { read(make::edited(kValid, slip.from, slip.to)); });
  CHECK_THAT(message, ContainsSubstring("fixtures/small/assignment.json: "));
  CHECK_THAT(message, ContainsSubstring(slip.message));
}

TEST_CASE("assignment: sections and components are lists that are not empty") {
  const std::string start = kValid.substr(0, kValid.find("\"sections\""));
  const std::string section = R"("sections": [{"id": "x", "title": "X", "points": 1, "components": )";
  const auto error = [&](const std::string& rest) { return make::error_of<GraderError>([&] { read(start + rest); }); };
  CHECK_THAT(error(R"("sections": []})"), ContainsSubstring("sections must be a list, not empty"));
  CHECK_THAT(error(R"("sections": {}})"), ContainsSubstring("sections must be a list"));
  CHECK_THAT(error(section + "[]}]}"), ContainsSubstring("sections[0].components must be a list, not empty"));
  CHECK_THAT(error(section + "[3]}]}"), ContainsSubstring("sections[0].components[0] must be an object"));
}

TEST_CASE("assignment: limits of 0 are refused, since no case could run, or without a limit") {
  CHECK_THAT(make::error_of<GraderError>([] { read(make::edited(kValid, "_mb\": 512", "_mb\": 0")); }),
             ContainsSubstring("limits.memory_mb"));
  CHECK_THAT(make::error_of<GraderError>([] { read(make::edited(kValid, "_seconds\": 2", "_seconds\": 0")); }),
             ContainsSubstring("limits.case_cpu_seconds"));
}

TEST_CASE("assignment: an assignment that does not exist is a grader error that names the file") {
  const TemporaryFolder folder;
  CHECK_THAT(make::error_of<GraderError>([&] { read_assignment(folder.path(), "small"); }),
             ContainsSubstring("fixtures/small/assignment.json: no such file"));
}

TEST_CASE("assignment: the list of assignments is the sorted folders that hold an assignment.json") {
  const TemporaryFolder folder;
  CHECK(list_assignments(folder.path()).empty());
  for (const char* name : {"b/assignment.json", "a/assignment.json", "c/other.json"}) {
    make::file(folder.path() / "fixtures" / name, "{}");
  }
  CHECK(list_assignments(folder.path()) == std::vector<std::string>{"a", "b"});
}

TEST_CASE("assignment: read_file returns every byte, and tells an empty file from a missing one") {
  const TemporaryFolder folder;
  const std::string bytes("a\0\r\n\xff", 5);
  CHECK(read_file(make::file(folder.path() / "bytes", bytes)) == bytes);
  CHECK(read_file(make::file(folder.path() / "empty", "")) == "");
  CHECK_THAT(make::error_of<GraderError>([&] { read_file(folder.path() / "none"); }), ContainsSubstring("none"));
  CHECK(make::error_of<GraderError>([&] { read_file(folder.path()); }) != "");
}

TEST_CASE("assignment: tests are worth no points, unless the file says so") {
  CHECK(read(kValid).tests.points == 0);
  CHECK(read(kValid).tests.title == "Your tests");
  const auto with = [](const std::string& tests) {
    return make::edited(kValid, "\"policy\": {}", "\"tests\": " + tests);
  };
  const Assignment given = read(with("{\"title\": \"Own tests\", \"points\": 2.5}"));
  CHECK(given.tests.title == "Own tests");
  CHECK(given.max_score() == 20);
  CHECK(read(with("{}")).tests.points == 0);
  CHECK_THAT(make::error_of<GraderError>([&] { read(with("{\"points\": -1}")); }),
             ContainsSubstring("tests.points is below 0"));
  CHECK_THAT(make::error_of<GraderError>([&] { read(with("{\"weight\": 1}")); }), ContainsSubstring("weight"));
  const std::string taken = make::edited(kValid, "\"id\": \"first\"", "\"id\": \"tests\"");
  CHECK_THAT(make::error_of<GraderError>([&] { read(taken); }), ContainsSubstring("the section tests"));
}

TEST_CASE("assignment: a section that uses others has a file of its own") {
  const std::string uses = make::edited(kValid, "\"points\": 10,", "\"points\": 10, \"uses\": [\"first\"],");
  CHECK(read(uses).sections[1].uses == std::vector<std::string>{"first"});
  // With the solution's a.cpp, nothing of the section would be the student's.
  const std::string none = make::edited(make::edited(uses, "[\"src/b.cpp\"], \"out", "[\"a.cpp\"], \"out"),
                                        "[\"a.cpp\", \"src/b.cpp\"]", "[\"a.cpp\"]");
  CHECK_THAT(make::error_of<GraderError>([&] { read(none); }),
             ContainsSubstring("the section second uses sections that need all of its files"));
}
