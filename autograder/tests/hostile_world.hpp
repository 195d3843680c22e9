// What a hostile hand-in might reach, set up around one grade, and the questions asked of it afterwards.
#pragma once

#include <memory>
#include <set>

#include "autograder/process.hpp"
#include "autograder/tests/hostile.hpp"

namespace autograder_tests {

/// Another student's hand-in, another process, servers, descriptors that a careless grader passes on, an environment,
/// and a folder for temporary files that is empty before and must be after.
class World {
 public:
  explicit World(const Hostile& hostile);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Tokens tokens() const;
  /// From here on temporary files go to a folder of their own, and the hostile environment is the process's.
  void begin();
  /// Ends what begin() began, and returns what the hand-in has done to the world, a sentence each: nothing, if the
  /// grader is sound.
  std::vector<std::string> damage();

 private:
  std::vector<std::string> connections() const;

  const Hostile& hostile_;
  autograder::TemporaryFolder folder_;
  HandinFolder other_;
  std::string id_;
  std::unique_ptr<autograder::Child> victim_;
  std::string victim_pid_;
  std::string before_;  ///< the course's files
  std::vector<int> inherited_;
  int tcp_ = -1, udp_ = -1, unix_ = -1, abstract_ = -1;
  int port_ = 0;
};

}  // namespace autograder_tests
