// See delivery.hpp.
#include "autograder/delivery.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <regex>
#include <vector>

#include "autograder/grader_error.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

const std::vector<std::string> kFormats{"text", "json", "markdown", "junit"};

std::string write_report(const Report& report, const std::string& format, Colour colour) {
  if (format == "json") return json_report(report);
  if (format == "markdown") return markdown_report(report);
  if (format == "junit") return junit_report(report);
  return text_report(report, colour);
}

}  // namespace

std::string check_destination(const std::string& where) {
  const std::string format = where.substr(0, where.find(':'));
  if (std::find(kFormats.begin(), kFormats.end(), format) == kFormats.end()) {
    return "there is no report format " + format + "; there are text, json, markdown, junit";
  }
  if (where.ends_with(':')) return where + " names no file";
  if (format.size() == where.size()) return "";
  const fs::path folder = fs::absolute(where.substr(format.size() + 1)).parent_path();
  return fs::is_directory(folder) ? "" : "there is no folder " + folder.string() + " to write the report into";
}

Colour colour_here() {
  const char* off = std::getenv("NO_COLOR");  // no-color.org: set and not empty
  return isatty(STDOUT_FILENO) && !(off && *off) ? Colour::on : Colour::off;
}

void deliver(const Report& report, const std::string& where) {
  const auto colon = where.find(':');
  const std::string format = where.substr(0, colon);
  if (colon == std::string::npos) {
    std::cout << write_report(report, format, colour_here()) << std::flush;
    require_written(std::cout, "the report to standard output");
  } else {
    replace_file(where.substr(colon + 1), write_report(report, format, Colour::off));
  }
}

fs::path half_written(const fs::path& place) { return place.string() + "." + std::to_string(getpid()) + ".part"; }

void remove_half_written(const fs::path& folder) {
  static const std::regex half(".*\\.[0-9]+\\.part(-wal|-shm)?");
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator(folder, gone)) {
    if (std::regex_match(entry.path().filename().string(), half)) fs::remove(entry.path(), gone);
  }
}

void replace_file(const fs::path& place, const std::string& content) {
  std::error_code none;
  const fs::path path = fs::is_symlink(place, none) ? fs::weakly_canonical(place) : place;
  if (fs::exists(path) && !fs::is_regular_file(path)) {
    std::ofstream stream(path, std::ios::binary);
    stream << content << std::flush;
    return require_written(stream, path.string());
  }
  const fs::path beside = half_written(path);
  std::ofstream file(beside, std::ios::binary);
  file << content;
  file.close();
  std::error_code error = file ? std::error_code() : std::make_error_code(std::errc::io_error);
  if (!error) fs::rename(beside, path, error);
  if (!error) return;
  std::error_code ignored;  // the first error is the one to tell
  fs::remove(beside, ignored);
  throw GraderError("writing the report " + path.string() + ": " + error.message() +
                    ". Is the folder there, writable, and "
                    "the disk not full?");
}

void require_written(const std::ostream& stream, const std::string& what) {
  if (!stream) throw GraderError("writing " + what + ": is it writable, and the disk not full?");
}

}  // namespace autograder
