// The verdict on a case, from every kind of answer and ending.
#include "autograder/judge.hpp"

#include <nlohmann/json.hpp>

#include "autograder/tests/catch.hpp"
#include "autograder/tests/make.hpp"

using namespace autograder;
using Kind = Mismatch::Kind;

namespace {

/// A case that expects a matrix, a list, a number and a truth value.
Case the_case() {
  return make::one_case("a case", {{"Z", make::value({{1, 2}})},
                                   {"W", make::list({make::value({{3}}), make::value({{4}})})},
                                   {"L", {0.5}},
                                   {"arguments_unchanged", {true}}});
}

const std::string kRight =
    R"({"outputs": {"Z": [[1, 2]], "W": [[[3]], [[4]]], "L": 0.5, "arguments_unchanged": true}})";

CaseResult judged(decltype(CaseRun::outcome) outcome, const std::string& printed = "") {
  return judge(the_case(), make::run(std::move(outcome), printed));
}

/// The kind and output of the only mismatch of a failed answer.
std::pair<std::string, Kind> failure(const std::string& line) {
  const CaseResult result = judged(line);
  CHECK(result.status == Status::failed);
  REQUIRE(result.mismatches.size() == 1);
  return {result.mismatches[0].output, result.mismatches[0].kind};
}

std::pair<std::string, Kind> after_edit(const std::string& from, const std::string& to) {
  return failure(make::edited(kRight, from, to));
}

using Found = std::pair<std::string, Kind>;

}  // namespace

TEST_CASE("judge: a complete, well-formed, right answer passes") {
  const CaseResult result = judged(kRight);
  CHECK(result.status == Status::passed);
  CHECK(result.mismatches.empty());
  CHECK(result.message == "");
}

TEST_CASE("judge: the deepest value that a fixture may expect can be answered") {
  const nlohmann::json deepest = nlohmann::json::parse("[[[[[[1, 2]]]]]]");
  const Case one = make::one_case("a case", {{"Z", value_from_json(deepest)}});
  const std::string line = nlohmann::json{{"outputs", {{"Z", deepest}}}}.dump();
  CHECK(judge(one, make::run(line)).status == Status::passed);
}

TEST_CASE("judge: outputs that the case does not expect are not compared") {
  CHECK(judged(make::edited(kRight, "\"L\"", "\"other\": {\"any\": null}, \"L\"")).status == Status::passed);
}

TEST_CASE("judge: the result carries what a report says about the case") {
  Case one = the_case();
  one.scored = Scored::no;
  one.given_shapes = {{"A", "(1, 2)"}};
  one.tolerance = {0.25, 0.125};
  const CaseResult result = judge(one, make::run(kRight, "hello\n"));
  CHECK(result.name == "a case");
  CHECK(result.operation == "forward_backward");
  CHECK(result.seconds == 0.5);
  CHECK_FALSE(result.scored);
  CHECK(result.given_shapes == one.given_shapes);
  CHECK(result.rtol == 0.25);
  CHECK(result.atol == 0.125);
  CHECK(result.student_output == "hello\n");
}

TEST_CASE("judge: one wrong output fails, and says which and how") {
  CHECK(after_edit("0.5", "0.25") == Found{"L", Kind::value});
  CHECK(after_edit("0.5", "\"nan\"") == Found{"L", Kind::not_finite});
  CHECK(after_edit("[[1, 2]]", "[[1], [2]]") == Found{"Z", Kind::shape});
  CHECK(after_edit("[[[3]], [[4]]]", "[[[3]]]") == Found{"W", Kind::shape});
  CHECK(after_edit("[[4]]", "[[5]]") == Found{"W[1]", Kind::value});
  CHECK(after_edit("true", "false") == Found{"arguments_unchanged", Kind::value});
}

TEST_CASE("judge: an answer that lacks an output, or has one of another type, fails") {
  CHECK(after_edit("\"L\": 0.5, ", "") == Found{"L", Kind::missing});
  CHECK(after_edit("0.5", "null") == Found{"L", Kind::type});
  CHECK(after_edit("0.5", "[[0.5]]") == Found{"L", Kind::type});
  CHECK(after_edit("true", "1") == Found{"arguments_unchanged", Kind::type});
  CHECK(after_edit("[[1, 2]]", "[[1, 2], [3]]") == Found{"Z", Kind::type});
  CHECK(after_edit("[[4]]", "\"x\"") == Found{"W[1]", Kind::type});
}

TEST_CASE("judge: mismatches stand in the order of computation") {
  const CaseResult result = judged(R"({"outputs": {"arguments_unchanged": true, "L": 9, "W": [], "Z": [[9, 2]]}})");
  REQUIRE(result.mismatches.size() == 3);
  CHECK(result.mismatches[0].output == "Z");
  CHECK(result.mismatches[1].output == "W");
  CHECK(result.mismatches[2].output == "L");
}

TEST_CASE("judge: how much is right before the first wrong output is counted") {
  const Assignment assignment;
  Component component;
  component.outputs = {"Z", "W", "L"};
  const auto right_before = [&](const std::string& from, const std::string& to) {
    return judge(the_case(), make::run(make::edited(kRight, from, to)), Homework{assignment, component}).right_before;
  };
  CHECK(right_before("[[1, 2]]", "[[9, 2]]") == 0);
  CHECK(right_before("[[4]]", "[[9]]") == 1);
  CHECK(right_before("0.5", "9") == 3);
}

TEST_CASE("judge: what explains the first wrong output is noted with it, and with no other") {
  const Assignment assignment;
  Component component;
  component.outputs = {"Z", "W", "L"};
  const auto line = R"({"outputs": {"arguments_unchanged": true, "L": 0, "W": [], "Z": [[1, 2]]}})";
  const CaseResult result = judge(the_case(), make::run(line), Homework{assignment, component});
  REQUIRE(result.mismatches.size() == 2);
  CHECK(result.mismatches[0].output == "W");
  REQUIRE(result.mismatches[0].relations.size() == 1);
  CHECK(result.mismatches[0].relations[0].id == "empty");
  CHECK(result.mismatches[1].relations.empty());
}

TEST_CASE("judge: an answer that is not well formed fails, whatever it claims") {
  const std::string right = kRight;
  const std::string line = GENERATE_COPY(values<std::string>({
      "",
      "passed",
      "{}",
      "[]",
      "null",
      R"({"outputs": []})",
      R"({"outputs": 100})",
      R"({"score": 100, "passed": true})",
      right + right,
      right + " x",
      right.substr(0, right.size() - 1),
      make::edited(right, "{\"outputs\"", "{\"score\": 100, \"outputs\""),
      make::edited(right, "0.5", "0.5, \"L\": 0.5"),
      make::edited(right, "0.5", "1e400"),
      make::edited(right, "0.5", "NaN"),
      make::edited(right, "\"L\"", "\"\xff\": 1, \"L\""),
      "{\"outputs\": " + std::string(1'000'000, '['),
      std::string(1'000'000, '[') + std::string(1'000'000, ']'),
  }));
  CAPTURE(line.substr(0, 80));
  CHECK(failure(line) == Found{"answer", Kind::type});
}

TEST_CASE("judge: an answer that is not well formed has no other mismatch, right or wrong as its outputs may be") {
  const std::string wrong = make::edited(kRight, "0.5", "9");
  CHECK(failure(make::edited(wrong, "{\"outputs\"", "{\"score\": 100, \"outputs\"")) == Found{"answer", Kind::type});
}

TEST_CASE("judge: an exception is named with what it said") {
  const auto thrown = [](const std::string& kind) {
    return judged("{\"exception\": {\"kind\": \"" + kind + "\", \"what\": \"index 3\"}}");
  };
  CHECK(thrown("std::out_of_range").status == Status::exception);
  CHECK(thrown("std::out_of_range").message == "threw std::out_of_range: index 3");
  CHECK(thrown("not_implemented").status == Status::not_implemented);
  CHECK(thrown("not_implemented").message == "index 3");
  CHECK(thrown("out_of_memory").status == Status::out_of_memory);
  CHECK_THAT(thrown("out_of_memory").message, ContainsSubstring("memory") && ContainsSubstring("index 3"));
}

TEST_CASE("judge: whatever an answer says at length is cut") {
  const std::string key = '"' + std::string(1'000'000, 'k') + "\": 1";
  for (const std::string& line : {
           R"({"exception": {"what": "w", "kind": ")" + std::string(1'000'000, 'k') + "\"}}",
           R"({"exception": {"what": "w", "kind": "k", "during": ")" + std::string(1'000'000, 'k') + "\"}}",
           R"({"exception": {"kind": "k", "what": ")" + std::string(1'000'000, 'k') + "\"}}",
           "{" + key + ", " + key + "}",
       }) {
    const CaseResult result = judged(line);
    CHECK(result.message.size() + (result.mismatches.empty() ? 0 : result.mismatches[0].message.size()) < 5'000);
  }
}

TEST_CASE("judge: an exception that is not well formed, or that comes with outputs, fails") {
  CHECK(failure(R"({"exception": "std::bad_alloc"})") == Found{"answer", Kind::type});
  CHECK(failure(R"({"exception": {"kind": "k"}})") == Found{"answer", Kind::type});
  CHECK(failure(R"({"exception": {"kind": 1, "what": "w"}})") == Found{"answer", Kind::type});
  CHECK(failure(make::edited(kRight, "{", R"({"exception": {"kind": "k", "what": "w"}, )")) ==
        Found{"answer", Kind::type});
}

TEST_CASE("judge: a worker that was stopped at the limit on resident memory ran out of memory") {
  CaseRun run;
  run.outcome = Ending(MemoryLimit{});
  const CaseResult result = judge(make::one_case("a", {}, Scored::yes), run);
  CHECK(result.status == Status::out_of_memory);
  CHECK(result.message == "stopped by the limit on memory");
}

TEST_CASE("judge: a worker's word that it does not understand a request is read, and nothing else is taken for it") {
  const auto claim = [](decltype(CaseRun::outcome) outcome) { return bad_request(make::run(std::move(outcome))); };
  const std::string said = R"({"exception": {"kind": "bad_request", "what": "no operation init"}})";
  CHECK(claim(said) == "no operation init");
  CHECK_FALSE(claim(kRight));
  CHECK_FALSE(claim(R"({"exception": {"kind": "std::logic_error", "what": "bad_request"}})"));
  CHECK_FALSE(claim(R"({"outputs": {"bad_request": 1}})"));
  CHECK_FALSE(claim(said + said));
  CHECK_FALSE(claim(Ending(Exited{0})));
  CHECK_FALSE(claim(NotRun{"bad_request"}));
  CHECK(judged(said).status == Status::exception);
}

TEST_CASE("judge: no message repeats an answer at length") {
  const std::string much(1'000'000, 'm');
  for (const char* key : {"kind", "what", "during"}) {
    nlohmann::json exception{{"kind", "k"}, {"what", "w"}, {"during", "d"}};
    exception[key] = much;
    const CaseResult result = judged(nlohmann::json{{"exception", exception}}.dump());
    CHECK(result.message.size() < kKeptOutput + 50);
    CHECK_THAT(result.message, ContainsSubstring("more bytes") || ContainsSubstring("mmm..."));
  }
  const Case one = make::one_case("a case", {{"name", make::text("sigmoid")}});
  for (const std::string& line :
       {"{\"outputs\": {\"name\": \"" + much + "\"}}", "{\"" + much + "\": 1}", "{\"outputs\": \"" + much,
        "{\"outputs\": {\"a\": 1, \"" + much + "\": 1, \"a\": 1}}", "{\"" + much + "\": 1, \"" + much + "\": 1}"}) {
    const CaseResult result = judge(one, make::run(line));
    REQUIRE(result.mismatches.size() == 1);
    CHECK(result.mismatches[0].message.size() < kKeptOutput + 50);
  }
}

TEST_CASE("judge: an end without an answer is named, exit code 0 too") {
  CHECK(judged(Ending(Signalled{11})).status == Status::crashed);
  CHECK_THAT(judged(Ending(Signalled{11})).message, ContainsSubstring("signal 11"));
  CHECK(judged(Ending(Exited{0})).status == Status::crashed);
  CHECK(judged(Ending(Exited{0})).message == "ended by exit code 0 before it answered");
  CHECK(judged(Ending(TimedOut{true})).status == Status::timed_out);
  CHECK_THAT(judged(Ending(TimedOut{true})).message, ContainsSubstring("processor time"));
  CHECK_THAT(judged(Ending(TimedOut{false})).message, ContainsSubstring("elapsed time"));
  CHECK(judged(Ending(OutputLimit{"standard output"})).status == Status::output_limit);
  CHECK_THAT(judged(Ending(OutputLimit{"standard error"})).message, ContainsSubstring("standard error"));
}

TEST_CASE("judge: a case that was not run is skipped, and says after which") {
  const CaseResult result = judged(NotRun{"the one before"});
  CHECK(result.status == Status::skipped);
  CHECK_THAT(result.message, ContainsSubstring("\"the one before\""));
}

TEST_CASE("judge: a student's output is cut at a line's end, and says how much was left out") {
  CHECK(judged(kRight, std::string(kKeptOutput, 'a')).student_output == std::string(kKeptOutput, 'a'));
  std::string lines;
  while (lines.size() < 2 * kKeptOutput) lines += "0123456789\n";  // 745 lines, 8195 bytes; 372 lines fit in 4096
  const std::string kept = judged(kRight, lines).student_output;
  CHECK(kept == lines.substr(0, 372 * 11) + "... (4103 more bytes)\n");
  const std::string most(kKeptOutput, 'a');
  CHECK(judged(kRight, most + "\nmore").student_output == most + "... (5 more bytes)\n");
}
