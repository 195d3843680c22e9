// Fresh cases: inputs that no fixture holds, and the solution's answers to them. They defeat answers by table.
#pragma once

#include <filesystem>
#include <functional>

#include "autograder/course.hpp"
#include "autograder/recipes.hpp"
#include "autograder/report.hpp"
#include "autograder/run.hpp"

namespace autograder {

/// Adds fresh cases to the fixtures of every component that has a recipe, with the answers of a worker that was built
/// with the solution. Throws GraderError where there are no recipes, or where the solution does not answer.
void add_fresh_cases(Course& course, const std::filesystem::path& root, const Fresh& fresh,
                     const StartWorker& solution);

}  // namespace autograder
