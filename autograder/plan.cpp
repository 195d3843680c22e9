// See plan.hpp.
#include "autograder/plan.hpp"

#include <algorithm>

#include "autograder/grade.hpp"

namespace autograder {

namespace {

class Planner {
 public:
  Planner(const std::map<std::string, std::string>& digests, const std::vector<std::string>& regrade,
          const std::vector<Record>& last, const std::vector<Asked>& asked, const IsOutdated& is_outdated)
      : digests_(digests), words_(regrade.begin(), regrade.end()), asked_(asked), is_outdated_(is_outdated) {
    for (const Record& record : last) last_[record.name] = &record;
  }

  Plan make() {
    if (words_ == std::set<std::string>{"none"}) {
      for (const Asked& one : asked_) {
        if (!one.done) plan_.gone.push_back(one.name);
      }
    } else {
      take_up_requests();
      take_request();
    }
    for (const auto& [name, digest] : digests_) {
      const Record* record = last_of(name);
      if (!record || record->digest != digest) {
        plan_.pending.insert(name);
      } else if (!plan_.pending.count(name) && is_outdated_(*record)) {
        plan_.outdated.push_back(name);
      }
    }
    return std::move(plan_);
  }

 private:
  const Record* last_of(const std::string& name) const {
    const auto found = last_.find(name);
    return found == last_.end() ? nullptr : found->second;
  }

  void take_up_requests() {
    for (const Asked& one : asked_) {
      if (one.done) continue;
      if (!digests_.count(one.name)) {
        plan_.gone.push_back(one.name);
        continue;
      }
      plan_.left.push_back(one);
      plan_.pending.insert(one.name);
    }
  }

  void take_request() {
    for (const std::string& word : words_) plan_.request += (plan_.request.empty() ? "" : ",") + word;
    const bool goes_on =
        std::any_of(asked_.begin(), asked_.end(), [&](const Asked& one) { return one.request == plan_.request; });
    for (const std::string& word : words_) {
      for (const std::string& name : meant_by(word)) {
        const Record* record = last_of(name);
        if (goes_on && !(record && is_outdated_(*record))) continue;
        plan_.asked.push_back(name);
        plan_.pending.insert(name);
      }
    }
  }

  std::vector<std::string> meant_by(const std::string& word) const {
    if (word != "all" && word != "failed") {
      if (digests_.count(word)) return {word};
      throw UsageError("--regrade " + word + ": there is no such hand-in in the class's folder");
    }
    std::vector<std::string> names;
    for (const auto& [name, digest] : digests_) {
      const Record* record = last_of(name);
      if (word == "all" || (record && record->outcome == Record::Outcome::failed)) names.push_back(name);
    }
    return names;
  }

  const std::map<std::string, std::string>& digests_;
  std::set<std::string> words_;
  const std::vector<Asked>& asked_;
  const IsOutdated& is_outdated_;
  std::map<std::string, const Record*> last_;
  Plan plan_;
};

}  // namespace

Plan make_plan(const std::map<std::string, std::string>& digests, const std::vector<std::string>& regrade,
               const std::vector<Record>& last, const std::vector<Asked>& asked, const IsOutdated& is_outdated) {
  return Planner(digests, regrade, last, asked, is_outdated).make();
}

}  // namespace autograder
