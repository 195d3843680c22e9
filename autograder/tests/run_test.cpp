// Running cases, with workers that are scripts of replies.
#include "autograder/run.hpp"

#include <map>

#include "autograder/tests/catch.hpp"
#include "autograder/tests/make.hpp"

using namespace autograder;

namespace {

using Reply = std::variant<std::string, Ending>;

/// What the scripted workers did: a line a start, and a line a question with the number of the worker asked.
struct Log {
  std::vector<std::string> lines;
  int started = 0;
};

class ScriptedWorker : public Worker {
 public:
  ScriptedWorker(const std::map<std::string, Reply>& script, Log& log)
      : script_(script), log_(log), number_(++log.started) {
    log_.lines.push_back("start " + std::to_string(number_));
  }
  Reply ask(const std::string& request) override {
    log_.lines.push_back(std::to_string(number_) + " asked " + request);
    asked_ = request;
    const auto reply = script_.find(request);
    return reply == script_.end() ? Reply("answer to " + request) : reply->second;
  }
  std::string take_output() override { return "printed in " + asked_; }

 private:
  const std::map<std::string, Reply>& script_;
  Log& log_;
  int number_;
  std::string asked_;
};

Case case_of(const std::string& name, Scored scored = Scored::yes) {
  Case made = make::one_case(name, {}, scored);
  made.request = name;
  return made;
}

std::vector<CaseRun> run(const std::vector<Case>& cases, Log& log, const std::map<std::string, Reply>& script = {}) {
  std::vector<const Case*> pointers;
  for (const Case& one : cases) pointers.push_back(&one);
  std::vector<CaseRun> runs(cases.size());
  run_cases(
      pointers, [&] { return std::make_unique<ScriptedWorker>(script, log); },
      [&](std::size_t i, CaseRun run) {
        log.lines.push_back("took " + cases[i].name);
        runs[i] = std::move(run);
      });
  return runs;
}

std::string answer(const CaseRun& run) { return std::get<std::string>(run.outcome); }

}  // namespace

TEST_CASE("run: one worker is asked the cases in order, and each answer goes to its case") {
  Log log;
  const auto runs = run({case_of("a"), case_of("b")}, log);
  CHECK(log.lines == std::vector<std::string>{"start 1", "1 asked a", "took a", "1 asked b", "took b"});
  REQUIRE(runs.size() == 2);
  CHECK(answer(runs[0]) == "answer to a");
  CHECK(answer(runs[1]) == "answer to b");
  CHECK(runs[1].output == "printed in b");
  CHECK(runs[1].seconds >= 0.0);
}

TEST_CASE("run: after a case in which the worker ended, the rest is not run") {
  Log log;
  const auto runs = run({case_of("a"), case_of("b"), case_of("c"), case_of("d")}, log, {{"b", Ending(Signalled{11})}});
  CHECK(log.lines ==
        std::vector<std::string>{"start 1", "1 asked a", "took a", "1 asked b", "took b", "took c", "took d"});
  CHECK(answer(runs[0]) == "answer to a");
  CHECK(std::get<Signalled>(std::get<Ending>(runs[1].outcome)).number == 11);
  CHECK(runs[1].output == "printed in b");
  CHECK(std::get<NotRun>(runs[2].outcome).after == "b");
  CHECK(std::get<NotRun>(runs[3].outcome).after == "b");
}

TEST_CASE("run: advice is asked last, in a worker of its own, and keeps its place among the results") {
  Log log;
  const auto runs = run({case_of("advice", Scored::no), case_of("a"), case_of("b")}, log);
  CHECK(log.lines == std::vector<std::string>{"start 1", "1 asked a", "took a", "1 asked b", "took b", "start 2",
                                              "2 asked advice", "took advice"});
  CHECK(answer(runs[0]) == "answer to advice");
  CHECK(answer(runs[2]) == "answer to b");
}

TEST_CASE("run: advice is given even where the worker of the scored cases ended") {
  Log log;
  const auto runs = run({case_of("a"), case_of("advice", Scored::no)}, log, {{"a", Ending(Exited{0})}});
  CHECK(std::holds_alternative<Ending>(runs[0].outcome));
  CHECK(answer(runs[1]) == "answer to advice");
}

TEST_CASE("run: an end in advice stops the rest of the advice and nothing else") {
  Log log;
  const auto runs = run({case_of("first", Scored::no), case_of("a"), case_of("second", Scored::no)}, log,
                        {{"first", Ending(TimedOut{true})}});
  CHECK(std::holds_alternative<Ending>(runs[0].outcome));
  CHECK(answer(runs[1]) == "answer to a");
  CHECK(std::get<NotRun>(runs[2].outcome).after == "first");
}

TEST_CASE("run: without cases no worker is started") {
  Log log;
  CHECK(run({}, log).empty());
  CHECK(log.lines.empty());
}
