// See known_courses.hpp.
#include "autograder/known_courses.hpp"

#include "autograder/digest.hpp"
#include "autograder/surroundings.hpp"

namespace autograder {

const KnownCourse& KnownCourses::find(const std::string& assignment) {
  const std::scoped_lock lock(mutex_);
  const auto found = courses_.find(assignment);
  if (found != courses_.end()) return found->second;
  auto course = std::make_shared<const Course>(read_course(root_, assignment, fixtures_, {}));
  const std::string points = sha256(read_file(root_ / "fixtures" / assignment / "assignment.json"));
  return courses_[assignment] = {std::move(course), points};
}

const std::string& KnownCourses::toolbox(const std::string& assignment, const Sandbox& sandbox) {
  const Course& course = *find(assignment).course;
  const std::scoped_lock lock(mutex_);
  std::string& known = toolboxes_[assignment];
  if (known.empty()) known = surroundings_of(course.toolchain, course.assignment, course.headers, sandbox);
  return known;
}

}  // namespace autograder
