// See show.hpp.
#include "autograder/show.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "autograder/compare.hpp"
#include "autograder/judge.hpp"
#include "autograder/report_writers.hpp"
#include "autograder/strict_json.hpp"

namespace autograder {

using nlohmann::json;

namespace {

/// A matrix with its columns aligned. Where `other` has the same shape, elements that do not match it are marked.
std::string matrix_text(const Matrix& matrix, const Matrix* other, Tolerance tolerance, const std::string& indent) {
  const bool comparable = other && other->rows == matrix.rows && other->cols == matrix.cols;
  std::vector<std::string> cells;
  std::size_t width = 0;
  for (std::size_t i = 0; i < matrix.entries.size(); ++i) {
    cells.push_back(number_text(matrix.entries[i]));
    if (comparable && !compare("", {other->entries[i]}, {matrix.entries[i]}, tolerance).empty()) cells.back() += " <";
    width = std::max(width, cells.back().size());
  }
  std::string text;
  for (std::size_t row = 0; row < matrix.rows; ++row) {
    text += indent;
    for (std::size_t col = 0; col < matrix.cols; ++col) {
      const std::string& cell = cells[row * matrix.cols + col];
      text += cell + (col + 1 < matrix.cols ? std::string(width - cell.size() + 2, ' ') : "");
    }
    text += "\n";
  }
  return text;
}

/// A value under its name; `other` is the expected value of an actual one, or null.
void write_value(std::ostringstream& out, const std::string& name, const Value& value, const Value* other,
                 Tolerance tolerance, const std::string& indent) {
  if (const auto* list = std::get_if<List>(&value.content)) {
    const auto* others = other ? std::get_if<List>(&other->content) : nullptr;
    out << indent << name << " is a list of " << list->size() << "\n";
    for (std::size_t i = 0; i < list->size(); ++i) {
      const Value* element = others && i < others->size() ? &(*others)[i] : nullptr;
      write_value(out, name + "[" + std::to_string(i) + "]", (*list)[i], element, tolerance, indent);
    }
    return;
  }
  out << indent << name;
  if (const auto* matrix = std::get_if<Matrix>(&value.content)) {
    const auto* expected = other ? std::get_if<Matrix>(&other->content) : nullptr;
    out << " " << shape_text(*matrix) << "\n" << matrix_text(*matrix, expected, tolerance, indent + "  ");
    return;
  }
  out << " = ";
  if (const auto* number = std::get_if<double>(&value.content)) out << number_text(*number);
  if (const auto* flag = std::get_if<bool>(&value.content)) out << (*flag ? "true" : "false");
  if (const auto* text = std::get_if<std::string>(&value.content)) out << printable(*text);
  out << "\n";
}

void write_given(std::ostringstream& out, const std::string& given, const std::string& indent) {
  const json document = json::parse(given);
  for (const auto& [name, node] : document.items()) {
    if (name != "before") write_value(out, name, value_from_json(node), nullptr, {}, indent);
  }
  if (!document.contains("before")) return;
  for (const json& call : document.at("before")) {
    out << indent << "and before that, on the same object: " << call.at("operation").get<std::string>() << "\n";
    write_given(out, call.at("given").dump(), indent + "  ");
  }
}

/// The outputs of an answer that is well formed, else null.
json outputs_of(const CaseRun& run) {
  const auto* line = std::get_if<std::string>(&run.outcome);
  if (!line) return nullptr;
  try {
    const json answer = parse_strict(*line);
    return answer.is_object() && answer.contains("outputs") ? answer.at("outputs") : json();
  } catch (const JsonError&) {
    return nullptr;  // judge() has said so
  }
}

}  // namespace

std::string show_case(const Case& one, const CaseRun& run) {
  const CaseResult result = judge(one, run);
  std::ostringstream out;
  out << one.name << " (" << one.operation << "): " << words(result.status) << "\n";
  if (!result.message.empty()) out << "  " << printable(result.message) << "\n";
  out << "\ngiven\n";
  write_given(out, one.given, "  ");
  const json outputs = outputs_of(run);
  for (const auto& [name, expected] : one.expected) {
    const bool wrong =
        std::any_of(result.mismatches.begin(), result.mismatches.end(),
                    [&, &name = name](const Mismatch& m) { return m.output.substr(0, m.output.find('[')) == name; });
    out << "\n" << name << (outputs.is_object() ? wrong ? ": wrong" : ": right" : "") << "\n";
    write_value(out, "expected", expected, nullptr, one.tolerance, "  ");
    if (!outputs.is_object() || !outputs.contains(name)) continue;
    const auto actual = value_like(outputs.at(name), expected);
    if (const auto* value = std::get_if<Value>(&actual)) {
      write_value(out, "got", *value, &expected, one.tolerance, "  ");
    } else {
      out << "  got " << printable(std::get<TypeMismatch>(actual).message) << "\n";
    }
  }
  if (!result.student_output.empty()) out << "\nit printed\n" << printable(result.student_output);
  return out.str();
}

}  // namespace autograder
