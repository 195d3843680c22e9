// See sanitizer_report.hpp.
#include "autograder/sanitizer_report.hpp"

#include "autograder/text_pieces.hpp"

namespace autograder {

namespace {

/// Frames that are looked at: expressions of xtensor take some twenty, an endless recursion would go on for ever.
constexpr std::size_t kFrames = 80;

/// "    #3 0x7fc97029ad35  (/tmp/link/worker.so+0x49ad35) (BuildId: ...)": the last number. Frames of other modules are
/// passed over.
std::optional<std::uint64_t> offset_in(std::string_view line) {
  const auto offset = between(line, "worker.so+0x", ")");
  return offset ? std::optional(number(*offset, 16)) : std::nullopt;
}

bool is_frame(std::string_view line) {
  const auto first = line.find_first_not_of(' ');
  return first != line.npos && first > 0 && line[first] == '#' && holds(line, " 0x");
}

/// The frames from the first one on, up to the first line behind them that is none.
std::vector<std::uint64_t> read_stack(const std::vector<std::string_view>& lines, std::size_t from) {
  std::vector<std::uint64_t> stack;
  while (from < lines.size() && !is_frame(lines[from])) ++from;
  for (; from < lines.size() && is_frame(lines[from]) && stack.size() < kFrames; ++from) {
    if (const auto offset = offset_in(lines[from])) stack.push_back(*offset);
  }
  return stack;
}

/// "160 bytes (20 doubles)".
std::string size_text(std::uint64_t bytes) {
  std::string text = std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
  constexpr std::uint64_t size = sizeof(double);
  if (bytes > 0 && bytes % size == 0) {
    text += " (" + std::to_string(bytes / size) + (bytes == size ? " double)" : " doubles)");
  }
  return text;
}

/// "0x60e0 is located 0 bytes to the right of 160-byte region [": newer versions say "after" and "before".
void read_place(std::string_view line, Finding& finding) {
  const auto located = between(line, " is located ", "");
  if (!located || !holds(*located, "-byte region")) return;
  const auto of = located->substr(0, located->find("-byte region"));
  const std::string block = "a block of " + size_text(number(of.substr(of.find_last_of(' ') + 1)));
  if (holds(of, " to the right of ") || holds(of, " after ")) finding.place = "past the end of " + block;
  if (holds(of, " to the left of ") || holds(of, " before ")) finding.place = "before the beginning of " + block;
  if (finding.place.empty()) finding.place = "in " + block;
}

/// "    [32, 128) 'rows' (line 8) <== Memory access at offset 40 is inside this variable".
void read_variable(std::string_view line, Finding& finding) {
  if (!holds(line, "<== Memory access at offset")) return;
  const auto name = between(line, "'", "'");
  if (!name) return;
  finding.variable = shortened(*name, kName);
  if (const auto at = between(line, "(line ", ")")) finding.variable_line = number(*at);
}

Finding read_address_finding(std::string_view before, std::string_view text) {
  Finding finding;
  const std::vector<std::string_view> lines = lines_of(text);
  // "attempting double-free on 0x60200" and "attempting free on address which was not malloc()-ed: 0x60200".
  std::string_view what = lines.empty() ? std::string_view() : lines[0];
  if (what.starts_with("attempting ")) what.remove_prefix(std::string_view("attempting ").size());
  finding.what = shortened(what.substr(0, what.find(' ')), kName);
  finding.is_null = finding.what == "SEGV" && number(between(what, "address 0x", " ").value_or("f"), 16) < 4096 &&
                    holds(what, "address 0x");
  finding.stack = read_stack(lines, 1);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].starts_with("WRITE of size") || holds(lines[i], "caused by a WRITE")) finding.writes = true;
    read_place(lines[i], finding);
    read_variable(lines[i], finding);
    const bool tells = lines[i].starts_with("freed by thread") || holds(lines[i], " is located in stack of thread");
    if (tells && finding.other.empty()) finding.other = read_stack(lines, i);
  }
  // The standard library says what it found before it calls abort().
  if (finding.what == "ABRT") {
    for (const std::string_view line : lines_of(before)) {
      if (const auto assertion = between(line, ": Assertion '", "' failed")) finding.message = *assertion;
      if (line.starts_with("terminate called")) finding.message = "terminate";
    }
    finding.message = shortened(finding.message, kSentence);
  }
  return finding;
}

}  // namespace

std::optional<Finding> read_finding(const std::string& printed) {
  const std::string_view all = printed;
  constexpr std::string_view address = "ERROR: AddressSanitizer: ", undefined = ": runtime error: ",
                             thrown = "autograder: thrown\n";
  // Whatever a sanitizer finds ends the program: the last words are its own.
  const auto at_address = all.rfind(address), at_undefined = all.rfind(undefined), at_thrown = all.rfind(thrown);
  if (at_address != all.npos)
    return read_address_finding(all.substr(0, at_address), all.substr(at_address + address.size()));
  Finding finding;
  if (at_undefined != all.npos) {
    const auto lines = lines_of(all.substr(at_undefined + undefined.size()));
    finding.kind = Finding::Kind::undefined;
    finding.what = lines.empty() ? "" : shortened(lines[0], kSentence);
    finding.stack = read_stack(lines, 1);
    return finding;
  }
  if (at_thrown == all.npos) return std::nullopt;
  finding.kind = Finding::Kind::thrown;
  finding.stack = read_stack(lines_of(all.substr(at_thrown + thrown.size())), 0);
  return finding;
}

std::vector<SourceLine> read_source_lines(const std::string& printed) {
  const std::vector<std::string_view> lines = lines_of(printed);
  std::vector<SourceLine> found;
  for (std::size_t i = 0; i + 1 < lines.size(); i += 2) {
    const std::string_view place = lines[i + 1];
    const auto colon = std::min(place.rfind(':'), place.size());
    SourceLine one;
    one.function = lines[i];
    one.file = place.substr(0, colon);
    while (one.file.starts_with("./")) one.file.erase(0, 2);
    if (colon < place.size()) one.line = number(place.substr(colon + 1));  // "12 (discriminator 3)" is 12
    found.push_back(one);
  }
  return found;
}

}  // namespace autograder
