// The untrusted side: the program that contains a student's code. It is told inputs, one JSON line a case on standard
// input, and answers one JSON line on descriptor 3. It knows no expected value, no points and no file of the grader.
//
// worker.cpp is the loop. What an operation means is in one file an assignment, <assignment>.cpp, which defines the
// two functions below.
#pragma once

#include <exception>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace worker {

using Json = nlohmann::json;

/// A request that the assignment's operations do not understand: the fixture is wrong, not the student.
class BadRequest : public std::runtime_error {
 public:
  explicit BadRequest(const std::string& message) : std::runtime_error(message) {}
};

/// Carries out one operation on fresh objects of the student's classes and returns the outputs by name.
/// Exceptions of the student's code pass through. Throws BadRequest for an unknown component, operation or input,
/// before any of the student's code has run.
Json answer(const std::string& component, const std::string& operation, const Json& given);

/// Notes which of the student's functions is called next, such as "nn::Linear::forward": an exception is reported with
/// it.
void now_calling(const std::string& function);

/// True for the exception that the handout's stubs throw.
bool is_not_implemented(const std::exception& error);

}  // namespace worker
