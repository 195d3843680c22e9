// See strict_json.hpp.
#include "autograder/strict_json.hpp"

#include <vector>

namespace autograder {

using nlohmann::json;

namespace {

/// No answer and no fixture has as many; a tree of them takes memory.
constexpr std::size_t kMostValues = 1'000'000;

/// Reads a document without keeping it: nesting, repeated keys and sheer numbers are refused where they occur, before
/// memory is spent on them. The library's own callback parser could do this too, in time that grows with the square of
/// the number of elements.
class Watch : public nlohmann::json_sax<json> {
 public:
  explicit Watch(int max_depth) : max_depth_(max_depth) {}

  bool null() override { return count(); }
  bool boolean(bool) override { return count(); }
  bool number_integer(number_integer_t) override { return count(); }
  bool number_unsigned(number_unsigned_t) override { return count(); }
  bool number_float(number_float_t, const string_t&) override { return count(); }
  bool string(string_t&) override { return count(); }
  bool binary(binary_t&) override { return count(); }
  bool start_object(std::size_t) override {
    keys_.emplace_back();
    return enter();
  }
  bool end_object() override {
    keys_.pop_back();
    --depth_;
    return true;
  }
  bool start_array(std::size_t) override { return enter(); }
  bool end_array() override {
    --depth_;
    return true;
  }
  bool key(string_t& key) override {
    if (!keys_.back().insert(key).second) throw JsonError("the key \"" + key + "\" occurs twice");
    return true;
  }
  // Said better by the parse that follows.
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  bool count() {
    if (++values_ > kMostValues) throw JsonError("more than " + std::to_string(kMostValues) + " values");
    return true;
  }
  bool enter() {
    if (++depth_ > max_depth_) throw JsonError("nested deeper than " + std::to_string(max_depth_) + " levels");
    return count();
  }

  int max_depth_;
  int depth_ = 0;
  std::size_t values_ = 0;
  std::vector<std::set<std::string>> keys_;  ///< of the objects that are open
};

std::string kind_of(const json& value) {
  return value.is_number() ? "a number" : std::string("of type ") + value.type_name();
}

}  // namespace

std::string shortened(const std::string& text) {
  constexpr std::size_t at_most = 200;
  if (text.size() <= at_most) return text;
  std::size_t kept = at_most;
  while (kept > 0 && (static_cast<unsigned char>(text[kept]) & 0xC0u) == 0x80u) --kept;
  return text.substr(0, kept) + "...";
}

json parse_strict(std::string_view text, int max_depth) {
  // The library takes a null byte for the end of the document, whatever follows.
  if (text.find('\0') != std::string_view::npos) throw JsonError("there is a null byte in it");
  try {
    Watch watch(max_depth);
    json::sax_parse(text.begin(), text.end(), &watch);
    return json::parse(text.begin(), text.end());
  } catch (const json::exception& error) {
    // The library begins its messages with an identifier in brackets, which tells a reader nothing.
    const std::string message = error.what();
    const auto end = message.find("] ");
    throw JsonError(end == std::string::npos ? message : message.substr(end + 2));
  }
}

JsonObject::JsonObject(const json& value, std::string where) : value_(value), where_(std::move(where)) {
  if (!value_.is_object()) throw JsonError((where_.empty() ? "the document" : where_) + " must be an object");
}

std::string JsonObject::place(const std::string& key) const { return where_.empty() ? key : where_ + "." + key; }

const json* JsonObject::find(const std::string& key) {
  asked_.insert(key);
  const auto member = value_.find(key);
  return member == value_.end() ? nullptr : &*member;
}

const json& JsonObject::at(const std::string& key) {
  const json* member = find(key);
  if (!member) throw JsonError(place(key) + " is missing");
  return *member;
}

std::string JsonObject::text(const std::string& key) {
  const json& member = at(key);
  if (!member.is_string()) throw JsonError(place(key) + " must be a string, and is " + kind_of(member));
  return member.get<std::string>();
}

double JsonObject::number(const std::string& key) {
  const json& member = at(key);
  if (!member.is_number()) throw JsonError(place(key) + " must be a number, and is " + kind_of(member));
  return member.get<double>();
}

std::size_t JsonObject::count(const std::string& key) {
  const json& member = at(key);
  if (!member.is_number_unsigned()) throw JsonError(place(key) + " must be a whole number, 0 or more");
  return member.get<std::size_t>();
}

double JsonObject::number_or(const std::string& key, double otherwise) { return find(key) ? number(key) : otherwise; }

std::size_t JsonObject::count_or(const std::string& key, std::size_t otherwise) {
  return find(key) ? count(key) : otherwise;
}

bool JsonObject::flag_or(const std::string& key, bool otherwise) {
  const json* member = find(key);
  if (!member) return otherwise;
  if (!member->is_boolean()) throw JsonError(place(key) + " must be true or false");
  return member->get<bool>();
}

std::vector<std::string> JsonObject::texts_or_none(const std::string& key) {
  std::vector<std::string> texts;
  const json* member = find(key);
  if (!member) return texts;
  if (!member->is_array()) throw JsonError(place(key) + " must be a list of strings");
  for (const json& element : *member) {
    if (!element.is_string()) throw JsonError(place(key) + " must be a list of strings");
    texts.push_back(element.get<std::string>());
  }
  return texts;
}

void JsonObject::finish() const {
  for (const auto& [key, member] : value_.items()) {
    if (!asked_.count(key)) throw JsonError(place(key) + " is not a known key");
  }
}

}  // namespace autograder
