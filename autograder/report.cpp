// See report.hpp. Names are as they stand in every report.
#include "autograder/report.hpp"

#include <algorithm>

namespace autograder {

const char* name_of(Status status) {
  switch (status) {
    case Status::passed: return "passed";
    case Status::failed: return "failed";
    case Status::not_built: return "not_built";
    case Status::not_implemented: return "not_implemented";
    case Status::crashed: return "crashed";
    case Status::timed_out: return "timed_out";
    case Status::out_of_memory: return "out_of_memory";
    case Status::output_limit: return "output_limit";
    case Status::exception: return "exception";
    case Status::skipped: return "skipped";
  }
  return "";
}

const char* name_of(Mismatch::Kind kind) {
  switch (kind) {
    case Mismatch::Kind::value: return "value";
    case Mismatch::Kind::shape: return "shape";
    case Mismatch::Kind::missing: return "missing";
    case Mismatch::Kind::not_finite: return "not_finite";
    case Mismatch::Kind::type: return "type";
  }
  return "";
}

const char* name_of(BuiltFile::Status status) {
  switch (status) {
    case BuiltFile::Status::ok: return "ok";
    case BuiltFile::Status::failed: return "failed";
    case BuiltFile::Status::missing: return "missing";
  }
  return "";
}

const CaseResult* first_failing(const ComponentResult& component) {
  const auto failing = std::find_if(component.cases.begin(), component.cases.end(), [&](const CaseResult& one) {
    return one.scored && one.status == component.status;
  });
  return component.status == Status::passed || failing == component.cases.end() ? nullptr : &*failing;
}

}  // namespace autograder
