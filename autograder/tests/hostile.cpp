// See hostile.hpp.
#include "autograder/tests/hostile.hpp"

#include <fstream>

#include "autograder/tests/hostile_archive.hpp"

namespace autograder_tests {

using namespace autograder;
using nlohmann::json;

namespace {

/// What is true of most: one file is hostile, and what does not need it is graded beside it and kept.
const json kDefaults = json::parse(R"({"only": ["linear", "sgd"], "score": 15, "sections": {"sgd": "failed"},
  "fixtures": "public", "limits": {"cpu": 3, "wall": 12}, "compile_limits": {"cpu": 20, "memory_mb": 2048},
  "seconds": 120})");

std::string joined(const json& lines) {
  if (lines.is_string()) return lines.get<std::string>();
  std::string text;
  for (const json& line : lines) text += line.get<std::string>() + "\n";
  return text;
}

std::string text_or_empty(JsonObject& object, const std::string& key) {
  return object.find(key) ? object.text(key) : "";
}

std::map<std::string, std::string> texts_by_name(JsonObject& object, const std::string& key) {
  std::map<std::string, std::string> texts;
  if (const json* node = object.find(key)) {
    for (const auto& [name, text] : node->items()) texts[name] = joined(text);
  }
  return texts;
}

Hostile read_one(const fs::path& folder, const json& document) {
  Hostile hostile;
  JsonObject object(document, "");
  hostile.folder = folder;
  hostile.name = folder.filename().string() + ": " + object.text("attack");
  hostile.verdict = read_verdict(object);
  hostile.put = texts_by_name(object, "put");
  hostile.only = object.texts_or_none("only");
  hostile.not_says = object.texts_or_none("not_says");
  hostile.kinds = texts_by_name(object, "kinds");
  hostile.refused = text_or_empty(object, "refused");
  hostile.damage = object.texts_or_none("damage");
  hostile.confined = text_or_empty(object, "confined");
  hostile.fixtures = object.text("fixtures");
  hostile.environment = texts_by_name(object, "environment");
  if (const json* archive = object.find("archive")) hostile.archive = *archive;
  hostile.called = text_or_empty(object, "called");
  hostile.once = object.flag_or("once", false);
  hostile.compile = object.flag_or("compile", false);
  JsonObject limits(object.at("limits"), "limits");
  hostile.case_cpu_seconds = limits.count("cpu");
  hostile.case_wall_seconds = limits.count("wall");
  limits.finish();
  JsonObject compile_limits(object.at("compile_limits"), "compile_limits");
  hostile.compile_cpu_seconds = compile_limits.count("cpu");
  hostile.compile_memory_bytes = compile_limits.count("memory_mb") << 20;
  compile_limits.finish();
  hostile.seconds = object.number("seconds");
  if (const json* open = object.find("open"); open && !open->empty()) {
    hostile.open = document;
    hostile.open->erase("open");
    hostile.open->erase("confined");
    hostile.open->erase("not_says");
    if (open->contains("sections")) hostile.open->erase("sections");
    hostile.open->merge_patch(*open);
  }
  object.finish();
  return hostile;
}

/// The text of a public fixture, for what a student has copied.
std::string public_fixture(std::string component) {
  for (char& c : component) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return read_file(course_folder() / "fixtures" / "mytorch" / "public" / (component + ".json"));
}

/// Replaces every @TOKEN@ of capital letters; says whether one of `of_this_run` was among them.
std::string replace_tokens(const std::string& text, const Hostile& hostile, const Tokens& of_this_run, bool& lasting,
                           int depth = 0) {
  if (depth > 8) throw std::invalid_argument("a token of " + hostile.name + " holds itself");
  std::string replaced;
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = text.find('@', at);
    const auto end =
        begin == std::string::npos ? begin : text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_", begin + 1);
    replaced += text.substr(at, begin - at);
    if (begin == std::string::npos) break;
    if (end == std::string::npos || text[end] != '@' || end == begin + 1) {
      replaced += '@';
      at = begin + 1;
      continue;
    }
    const std::string name = text.substr(begin + 1, end - begin - 1);
    const fs::path part = fs::path(TEST_DATA) / "hostile" / "parts" / (name + ".inc");
    if (const auto own = hostile.put.find(name); own != hostile.put.end()) {
      replaced += replace_tokens(own->second, hostile, of_this_run, lasting, depth + 1);
    } else if (const auto run = of_this_run.find(name); run != of_this_run.end()) {
      replaced += run->second;
      lasting = false;
    } else if (fs::exists(part)) {
      replaced += replace_tokens(read_file(part), hostile, of_this_run, lasting, depth + 1);
    } else if (name.starts_with("FIXTURE_")) {
      replaced += public_fixture(name.substr(8));
    }
    at = end + 1;
  }
  return replaced;
}

}  // namespace

std::vector<Hostile> read_hostile(const fs::path& folder) {
  json document = kDefaults;
  json own = parse_strict(read_file(folder / "verdict.json"));
  json variants = json::array({json::object()});
  if (own.contains("variants")) {
    variants = own["variants"];
    own.erase("variants");
  }
  // A patch adds to what is lost by default; a folder says itself what is.
  if (own.contains("sections")) document.erase("sections");
  document.merge_patch(own);
  std::vector<Hostile> all;
  for (const json& variant : variants) {
    json one = document;
    if (variant.contains("sections")) one.erase("sections");
    one.merge_patch(variant);
    all.push_back(read_one(folder, one));
  }
  return all;
}

std::optional<Hostile> in_the_open(const Hostile& hostile) {
  if (!hostile.open) return std::nullopt;
  return read_one(hostile.folder, *hostile.open);
}

LaidOut lay_out(const Hostile& hostile, const Tokens& of_this_run, HandinFolder& handin) {
  LaidOut laid;
  const auto replaced = [&](const std::string& text) {
    return replace_tokens(text, hostile, of_this_run, laid.lasting);
  };
  for (const auto& entry : fs::recursive_directory_iterator(hostile.folder)) {
    const std::string name = entry.path().lexically_relative(hostile.folder).string();
    if (!entry.is_regular_file() || name == "verdict.json") continue;
    handin.write(name, replaced(read_file(entry.path())));
  }
  const std::string host = "src/optim/sgd.cpp";
  if (!hostile.put.empty() && !fs::exists(hostile.folder / host)) {
    handin.write(host, replaced(read_file(fs::path(TEST_DATA) / "hostile" / "parts" / "sgd.cpp")));
  }
  Verdict verdict = hostile.verdict;
  for (Edit& edit : verdict.edits) edit.replace = replaced(edit.replace);
  apply(verdict, handin);
  laid.path = handin.path();
  if (!hostile.archive.is_null()) laid.path = make_archive(hostile.archive, handin.path(), replaced);
  if (!hostile.called.empty()) {
    const fs::path called = laid.path.parent_path() / hostile.called;
    fs::rename(laid.path, called);
    laid.path = called;
  }
  return laid;
}

}  // namespace autograder_tests
