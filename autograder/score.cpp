// See score.hpp.
#include "autograder/score.hpp"

namespace autograder {

Status status_of(const std::vector<Status>& parts) {
  Status status = Status::passed;
  for (const Status part : parts) {
    if (part != Status::passed && part != Status::skipped) return part;
    if (part == Status::skipped) status = Status::skipped;
  }
  return status;
}

Status status_of(const std::vector<CaseResult>& cases) {
  std::vector<Status> scored;
  for (const CaseResult& one : cases) {
    if (one.scored) scored.push_back(one.status);
  }
  // Without a scored case nothing has been shown.
  return scored.empty() ? Status::skipped : status_of(scored);
}

std::vector<SectionResult> score(const Assignment& assignment, const std::vector<ComponentResult>& components) {
  std::vector<SectionResult> sections;
  auto component = components.begin();
  for (const Section& section : assignment.sections) {
    SectionResult result{section.id, section.title, 0.0, section.points, Status::skipped, {}, {}};
    std::vector<Status> statuses;
    for (const Component& one : section.components) {
      statuses.push_back(component->status);
      if (section.credit == Credit::component && component->status == Status::passed) result.score += one.points;
      result.components.push_back(*component++);
    }
    result.status = status_of(statuses);
    if (section.credit == Credit::section && result.status == Status::passed) result.score = section.points;
    sections.push_back(result);
  }
  return sections;
}

double total(const std::vector<SectionResult>& sections) {
  double sum = 0.0;
  for (const SectionResult& section : sections) sum += section.score;
  return sum;
}

}  // namespace autograder
