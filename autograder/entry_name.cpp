// See entry_name.hpp.
#include "autograder/entry_name.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace autograder {

namespace fs = std::filesystem;

namespace {

/// Drops what says nothing in a path: "./", "//", a trailing "/".
std::string plain_path(const std::string& name) {
  std::string plain = name.starts_with('/') ? "/" : "";
  for (const fs::path& part : fs::path(name)) {
    if (part.empty() || part == "." || part == "/") continue;
    plain += (plain.empty() || plain.ends_with('/') ? "" : "/") + part.string();
  }
  return plain;
}

bool is_drive_letter(const std::string& name) {
  return name.size() > 1 && std::isalpha(static_cast<unsigned char>(name[0])) && name[1] == ':' &&
         (name.size() == 2 || name[2] == '\\' || name[2] == '/');
}

}  // namespace

std::string last_part(const std::string& name) { return name.substr(name.find_last_of('/') + 1); }

std::string plain_text(const std::string& text, std::size_t at_most) {
  std::string plain = text.substr(0, at_most);
  for (char& c : plain) {
    if (c < 0x20 || c > 0x7e) c = '?';
  }
  return plain + (text.size() > at_most ? "..." : "");
}

std::string display_name(const std::string& name) {
  std::string text = plain_text(name, 80);
  std::replace(text.begin(), text.end(), '"', '?');
  return "\"" + text + "\"";
}

std::optional<std::string> refuse_name(std::string& name, const ArchiveCaps& caps) {
  if (name.size() > caps.name_bytes) return "a name longer than " + std::to_string(caps.name_bytes) + " bytes";
  name = plain_path(name);
  if (name.starts_with('/') || name.starts_with('\\') || is_drive_letter(name)) {
    return "the absolute path " + display_name(name);
  }
  std::size_t parts = 0;
  for (const fs::path& part : fs::path(name)) {
    if (part == "..") return "the path " + display_name(name) + ", which leads out of the hand-in";
    if (++parts > caps.name_parts) {
      return "the path " + display_name(name) + ", which has more than " + std::to_string(caps.name_parts) + " parts";
    }
  }
  // What macOS calls the icon of a folder.
  if (last_part(name) == "Icon\r") name.pop_back();
  if (std::any_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; })) {
    return "the name " + display_name(name) + ", which has control characters";
  }
  return std::nullopt;
}

std::string without_capitals(std::string name) {
  // Not std::tolower: what that makes of a byte of UTF-8 depends on the locale.
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return name;
}

}  // namespace autograder
