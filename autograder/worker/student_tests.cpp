// What a student's own tests are run by: the operations of worker.hpp for a worker that holds, instead of an
// assignment's operations, Catch2 and the tests. It answers how many test cases there were and how many failed, and no
// word of theirs.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Listener = Catch::EventListenerBase;
#else
// Catch2 2 is compiled here; of version 3 the library is linked.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
using Listener = Catch::TestEventListenerBase;
#endif

#include "autograder/worker/worker.hpp"

namespace {

Catch::Totals counted;
bool is_complete = false;

/// Hears how it went, whatever a test prints.
class Counter : public Listener {
 public:
  using Listener::Listener;

  void testRunEnded(const Catch::TestRunStats& run) override {
    counted = run.totals;
    is_complete = !run.aborting;
  }
};

CATCH_REGISTER_LISTENER(Counter)

}  // namespace

namespace worker {

Json answer(const std::string& component, const std::string& operation, const Json&) {
  if (component != "tests" || operation != "run") throw BadRequest("unknown operation " + component + "." + operation);
  Catch::Session session;
  session.run();
  if (!is_complete) throw std::runtime_error("the tests did not run to their end");
  const auto& cases = counted.testCases;
  return {{"cases", cases.passed + cases.failed + cases.failedButOk}, {"failed", cases.failed}};
}

/// The solution has no stubs, and what a test throws Catch2 catches.
bool is_not_implemented(const std::exception&) { return false; }

}  // namespace worker
