// See handin_state.hpp.
#include "autograder/handin_state.hpp"

#include <chrono>
#include <ctime>
#include <iomanip>
#include <optional>
#include <sstream>

#include "autograder/assignment.hpp"
#include "autograder/digest.hpp"
#include "autograder/unpack.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

std::string text_of(fs::file_time_type time) {
  const auto since_epoch = fs::file_time_type::clock::to_sys(time).time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  const std::time_t whole = seconds.count();
  std::tm parts{};
  gmtime_r(&whole, &parts);
  std::ostringstream text;
  text << std::put_time(&parts, "%FT%T.") << std::setw(9) << std::setfill('0')
       << std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch - seconds).count() << "Z";
  return text.str();
}

std::string digest_of(const Contents& contents) {
  std::string all;
  for (const auto& [name, bytes] : contents.bytes) {
    all += name + "\n" + std::to_string(bytes.size()) + "\n" + bytes;
  }
  return sha256(all);
}

/// The folder's own time where it has none of the files.
fs::file_time_type newest(const fs::path& folder, const Contents& contents) {
  std::optional<fs::file_time_type> newest;
  for (const auto& [name, bytes] : contents.bytes) {
    const auto time = fs::last_write_time(folder / name);
    if (!newest || time > *newest) newest = time;
  }
  return newest ? *newest : fs::last_write_time(folder);
}

HandinState state_of_file(const fs::path& file) {
  // A larger one is refused whatever is in it.
  const auto size = fs::file_size(file);
  const bool is_large = size > ArchiveCaps().archive_bytes;
  return {is_large ? sha256("large\n" + std::to_string(size)) : sha256(read_file(file)),
          text_of(fs::last_write_time(file))};
}

HandinState state_of_folder(const fs::path& folder, const std::set<std::string>& wanted) {
  const auto unpacked = unpack(folder, wanted);
  if (const auto* refused = std::get_if<Refused>(&unpacked)) {
    return {sha256("refused\n" + refused->why), text_of(fs::last_write_time(folder))};
  }
  const Contents& contents = std::get<Contents>(unpacked);
  return {digest_of(contents), text_of(newest(folder, contents))};
}

}  // namespace

std::string to_the_second(const std::string& time) {
  const auto point = time.find('.');
  return point == std::string::npos ? time : time.substr(0, point) + "Z";
}

HandinState state_of(const fs::path& handin, const std::set<std::string>& wanted) {
  try {
    return fs::is_regular_file(handin) ? state_of_file(handin) : state_of_folder(handin, wanted);
  } catch (const std::exception&) {
    return {};  // whatever it is, the grade will meet it too, and say so
  }
}

}  // namespace autograder
