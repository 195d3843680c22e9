// Reading JSON without leniency: no duplicate keys, no unknown keys, bounded depth, UTF-8 only.
// The parser itself is nlohmann/json; what a document means is up to the caller.
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

namespace autograder {

/// A document that is not what it should be. The message names the place inside the document, not the document:
/// the caller knows whether it is ours (a GraderError) or a student's (a verdict).
class JsonError : public std::runtime_error {
 public:
  explicit JsonError(const std::string& message) : std::runtime_error(message) {}
};

/// The first 200 bytes of a hostile name, or of a message that quotes one, up to a character's end.
std::string shortened(const std::string& text);

/// Returns the parsed document. Throws JsonError for anything that is not exactly one well-formed document, for a key
/// that occurs twice in one object, a number beyond double, invalid UTF-8, or nesting deeper than `max_depth`.
nlohmann::json parse_strict(std::string_view text, int max_depth = 16);

/// Reads the members of one JSON object, each by name; finish() reports the names that nobody asked for.
class JsonObject {
 public:
  /// `where` is the object's place in the document, for messages. Throws JsonError unless `value` is an object.
  JsonObject(const nlohmann::json& value, std::string where);

  /// Returns the member; throws JsonError where it is missing.
  const nlohmann::json& at(const std::string& key);
  /// Returns the member, or null where it is missing.
  const nlohmann::json* find(const std::string& key);

  std::string text(const std::string& key);
  double number(const std::string& key);
  std::size_t count(const std::string& key);
  double number_or(const std::string& key, double otherwise);
  std::size_t count_or(const std::string& key, std::size_t otherwise);
  bool flag_or(const std::string& key, bool otherwise);
  std::vector<std::string> texts_or_none(const std::string& key);

  /// The place of a member, such as `sections[2].points`.
  std::string place(const std::string& key) const;

  /// Throws JsonError if the object has a member that was not asked for.
  void finish() const;

 private:
  const nlohmann::json& value_;
  std::string where_;
  std::set<std::string> asked_;
};

}  // namespace autograder
