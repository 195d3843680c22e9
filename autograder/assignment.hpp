// What fixtures/<assignment>/assignment.json says: files, sections, points, limits. Everything that makes one
// homework differ from another is in there and in its worker; the stages know no homework.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "autograder/policy.hpp"

namespace autograder {

/// A file that a hand-in may hold.
struct ListedFile {
  std::string name;   ///< its path in the hand-in, "src/nn/linear.cpp"
  std::string place;  ///< its path below handout/<assignment>/; the same as `name` unless the homework maps it
  bool required = true;

  /// True for a source: it is compiled, and the handout has a stub of it.
  bool is_source() const { return place.ends_with(".cpp"); }
};

/// The smallest thing that a flag switches; it has one fixture file.
struct Component {
  std::string id;
  std::vector<std::string> needs_files;  ///< places of the sources that its operations construct objects from
  std::vector<std::string> outputs;      ///< in the order of computation
  double points = 0.0;                   ///< only where the section gives credit a component
  // Lists with an element a layer, which are computed layer by layer: from the first layer to the last, or back.
  std::vector<std::string> forward = {}, backward = {};
  std::vector<std::string> steps = {};  ///< lists with an element a step, which are computed step by step
};

enum class Axis { rows, cols };

/// A size of a case by the homework's symbol, and what it is read from: the first of these matrices that is given.
struct Size {
  std::string symbol;  ///< "N"
  std::vector<std::pair<std::string, Axis>> from;
};

enum class Credit { section, component };  ///< all or nothing, or each component its own points

struct Section {
  std::string id;
  std::string title;
  double points = 0.0;
  Credit credit = Credit::section;
  std::vector<Component> components;
  std::vector<std::string> uses = {};  ///< ids of the sections that test what this one uses
};

/// The id of the section below.
inline constexpr const char* kTestsSection = "tests";

/// The section of the tests that students write (student_tests.hpp).
struct TestsSection {
  std::string title = "Your tests";
  double points = 0.0;  ///< above 0 the tests are always run, else where they are asked for
};

/// What one worker may use. A tenth of every default is enough for the solution of mytorch: limits_test.cpp.
struct CaseLimits {
  std::size_t case_cpu_seconds = 5;    ///< processor time of one case
  std::size_t case_wall_seconds = 15;  ///< elapsed time of one case; more than the processor time, for busy machines
  std::size_t component_wall_seconds = 60;  ///< elapsed time of all scored cases of a component, or all others
  std::size_t memory_mb = 2048;             ///< address space of the worker, in MiB
  std::size_t output_mb = 8;                ///< what it may print, each stream, in MiB
  std::size_t answer_mb = 16;               ///< the longest answer, in MiB
  std::size_t threads = 16;                 ///< at a time
  std::size_t open_files = 64;              ///< at a time
};

/// What compiling or linking one file may use; as above. What takes a minute is a template bomb.
struct CompileLimits {
  std::size_t cpu_seconds = 90;
  std::size_t wall_seconds = 270;
  std::size_t memory_mb = 6144;  ///< address space of each program, in MiB
  std::size_t output_mb = 1;     ///< of messages
  std::size_t file_mb = 256;     ///< of an object
  std::size_t processes = 64;    ///< at a time
  std::size_t open_files = 256;  ///< at a time
};

struct Assignment {
  std::string id;
  std::string title;
  std::string name_space;
  std::vector<ListedFile> files;
  std::vector<Section> sections;
  std::vector<Size> sizes;
  Policy policy;
  TestsSection tests;
  CaseLimits limits;
  CompileLimits compile_limits;

  double max_score() const;  ///< with that for tests
  const Component* find_component(const std::string& id) const;
  /// The component ids, in order.
  std::vector<std::string> component_ids() const;
  const ListedFile* find_file(const std::string& name) const;
};

/// The name of the file in a hand-in that switches components on and off.
inline constexpr const char* kFlagsFile = "autograder_flags.json";

/// Returns an assignment from the text of its assignment.json. Throws JsonError, naming the place in it.
Assignment parse_assignment(const std::string& text);

/// Reads `<root>/fixtures/<id>/assignment.json`. Throws GraderError, naming the file and the place in it, where it
/// cannot be read or does not keep to the format.
Assignment read_assignment(const std::filesystem::path& root, const std::string& id);

/// The ids of all assignments under `root`, sorted: the folders of fixtures/ that hold an assignment.json.
std::vector<std::string> list_assignments(const std::filesystem::path& root);

/// The whole content of a file of ours. Throws GraderError where it cannot be read.
std::string read_file(const std::filesystem::path& path);

}  // namespace autograder
