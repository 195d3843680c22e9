// The fixtures: cases with inputs and the values that PyTorch computed for them.
// Inputs stay the text that the worker is sent; only expected values are taken apart here.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "autograder/assignment.hpp"
#include "autograder/report.hpp"
#include "autograder/value.hpp"

namespace autograder {

/// An absolute and a relative tolerance: a matches e when |a - e| <= atol + rtol |e|.
struct Tolerance {
  double rtol = 1e-5;
  double atol = 1e-8;
};

enum class Scored { yes, no };  ///< no: advice, shown, worth no points

/// What every operation answers beside its component's outputs.
inline constexpr const char* kArgumentsUnchanged = "arguments_unchanged";

struct Case {
  std::string name;
  std::string operation;
  std::string request;  ///< the line that the worker is sent, JSON without line breaks
  std::string given;    ///< the inputs alone, as JSON
  std::vector<std::pair<std::string, std::string>> given_shapes;  ///< name and shape of each matrix or list given
  std::vector<std::pair<std::string, Value>> expected;            ///< in the component's order of computation
  Tolerance tolerance;
  Scored scored = Scored::yes;
  std::string suspects;  ///< what known slips would answer, as JSON; empty: none
};

struct Fixture {
  std::string component;
  std::vector<Case> cases;
};

/// All fixtures of an assignment from one folder.
struct FixtureSet {
  std::string name;  ///< "public", "hidden", or the last part of the folder's path
  std::filesystem::path folder;
  Visibility visibility = Visibility::withheld;
  std::string sha256;  ///< over all files; empty where libarchive computes no digests
  std::map<std::string, Fixture> by_component;
};

/// Reads the fixtures of every component: `which` is "public", "hidden" or a folder. Only the assignment's public
/// folder is open; any other set is withheld from students. Throws GraderError for a missing file, an unknown key,
/// an output that the assignment does not name, or an expected value that nothing could match: NaN, or one nested
/// deeper than an answer may be.
FixtureSet read_fixtures(const std::filesystem::path& root, const Assignment& assignment, const std::string& which);

/// Returns one component's fixture from its text. Throws JsonError.
Fixture parse_fixture(const std::string& text, const Assignment& assignment, const Component& component);

/// Returns one case from its JSON, which stands at `where` of a document. Throws JsonError.
Case case_of(const nlohmann::json& node, const std::string& where, const Component& component);

/// The line that asks a worker for the answer to these inputs.
std::string request_of(const std::string& component, const std::string& operation, const nlohmann::json& given);

}  // namespace autograder
