// The report: what a grade found out, as plain data. The writers (report_*.cpp) turn it into text and files; nothing
// here computes or prints.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "autograder/policy_result.hpp"

namespace autograder {

/// How a case, a component or a section ended.
enum class Status {
  passed,
  failed,           ///< wrong values, or an answer that is not well formed
  not_built,        ///< a source it needs did not compile or was missing
  not_implemented,  ///< the exception of the handout's stubs
  crashed,          ///< a signal, or an end before the answer
  timed_out,
  out_of_memory,
  output_limit,
  exception,
  skipped,  ///< flag off, left out by --only or --case, not reached, or the hand-in was refused
};

/// The name of a status in reports: "passed", "not_built", ...
const char* name_of(Status status);

/// Something that a wrong output is, and what it tells of the slip behind it.
struct Relation {
  std::string id;            ///< "factor N", "suspect b_left_out": the same one in every case and hand-in
  std::string sentence;      ///< for the student; after "dLdW: "
  std::size_t evidence = 0;  ///< how many numbers support it that would be others by chance
};

/// One output that is not what it should be.
struct Mismatch {
  enum class Kind { value, shape, missing, not_finite, type };

  std::string output;  ///< name, with its place in a list: "dLdW[1]"
  Kind kind = Kind::value;
  std::string message;  ///< where it is no wrong number: a clause such as "has shape (4, 2), expected (4, 3)"

  // For `value` and `not_finite`, the worst element of a matrix or the number itself:
  std::optional<std::array<std::size_t, 2>> index;
  std::optional<double> expected;
  std::optional<double> actual;
  double max_abs_error = 0.0;
  double max_rel_error = 0.0;
  std::size_t wrong = 0;  ///< elements out of tolerance
  std::size_t of = 0;     ///< elements compared

  std::vector<Relation> relations;  ///< that hold in this case, for hints.cpp
  std::vector<std::string> denied;  ///< ids of suspects of the case that would have answered otherwise
  std::string hint;                 ///< what explains it in all cases; empty where nothing does
  std::string hint_id;              ///< of the relation that says so, the same in every hand-in
};

/// The `output` of a mismatch where the answer as a whole is not well formed.
inline constexpr const char* kWholeAnswer = "answer";

const char* name_of(Mismatch::Kind kind);

struct CaseResult {
  std::string name;
  std::string operation;
  Status status = Status::skipped;
  double seconds = 0.0;
  bool scored = true;
  std::vector<Mismatch> mismatches;
  std::size_t right_before = 0;  ///< outputs compared that are computed before the first wrong one: all are right
  std::string message;           ///< how it ended, where it did not end with an answer: "ended by signal 11 (SIGSEGV)"
  std::string hint;              ///< what explains an exception; of wrong outputs it stands with the mismatch
  std::string hint_id;
  std::string student_output;  ///< what the student's code printed during the case, cut at a line's end
  std::vector<std::pair<std::string, std::string>> given_shapes;
  double rtol = 0.0;
  double atol = 0.0;
};

/// A line of a hand-in.
struct CodeLine {
  std::string file;
  std::size_t line = 0;  ///< counted from 1
  std::string code;      ///< what stands there
};

/// Why a component fails, as sanitizers saw it in the first failing case (explain.hpp).
struct Explanation {
  std::string file;      ///< of the hand-in
  std::size_t line = 0;  ///< counted from 1
  std::string code;      ///< what stands there
  std::string what;      ///< what it does, after "src/nn/linear.cpp:42: "
  std::string trap;      ///< the known trap that it is, and the right form: whole sentences; may be empty
  std::optional<CodeLine> caller = {};  ///< what called it, where that file passes by itself
};

struct ComponentResult {
  std::string id;
  Status status = Status::skipped;
  std::string message;  ///< why it was skipped or not built
  std::vector<CaseResult> cases;
  std::optional<Explanation> explanation = {};  ///< of the first failing case
};

/// The case to show for a component that did not pass: the first scored one that did not pass, null where there is
/// none.
const CaseResult* first_failing(const ComponentResult& component);

/// What became of a section when it was run once more with the solution in the place of what it uses.
struct Prerequisites {
  std::vector<std::string> titles;  ///< of the sections that were taken from the solution
  Status status = Status::skipped;
  bool scores = false;  ///< the points are of that run
};

struct SectionResult {
  std::string id;
  std::string title;
  double score = 0.0;
  double max_score = 0.0;
  Status status = Status::skipped;
  std::vector<ComponentResult> components;
  std::optional<Prerequisites> prerequisites = {};
};

/// What became of one source of the hand-in.
struct BuiltFile {
  enum class Status { ok, failed, missing };

  std::string file;  ///< its name in the hand-in
  Status status = Status::missing;
  std::string diagnostics;  ///< compiler or linker messages
  std::string compiler;     ///< that built it; empty unless `ok`
  bool cached = false;
  double seconds = 0.0;
};

const char* name_of(BuiltFile::Status status);

/// How many wrong versions of something a student's tests have caught.
struct Caught {
  std::string of;  ///< a section's title, a file
  std::size_t caught = 0, all = 0;
};

/// What became of the tests that a student wrote.
struct TestsResult {
  Status status = Status::skipped;    ///< of all files and cases with the right solution
  std::string message;                ///< why there is no more than that
  std::size_t cases = 0, failed = 0;  ///< with the right solution
  std::size_t caught = 0, all = 0;    ///< wrong versions; none, where the tests do not pass with the right one
  std::vector<Caught> by_section, by_file;
  std::vector<BuiltFile> build;
};

struct Environment {
  std::string autograder;
  std::string sandbox;
  std::string compiler;
  std::string fixtures_sha256;
};

enum class Visibility { open, withheld };  ///< of fixtures: may a student see their values?

/// Cases beyond those of the fixtures (fresh.hpp).
struct Fresh {
  std::size_t cases = 0;   ///< a component
  std::uint64_t seed = 0;  ///< the same one gives the same cases
};

/// What hand-ins are measured by, for telling whether two scores can be compared: the fixtures' digest, and fresh
/// cases.
inline std::string measure(const std::string& fixtures_sha256, const std::optional<Fresh>& fresh) {
  if (!fresh) return fixtures_sha256;
  return fixtures_sha256 + ", fresh " + std::to_string(fresh->cases) + " by seed " + std::to_string(fresh->seed);
}

struct Report {
  std::string assignment;
  std::string title;
  std::string handin;
  std::string fixtures;
  std::optional<Fresh> fresh;
  Visibility visibility = Visibility::open;  ///< of the fixtures; whether the report shows it all is another matter
  bool withheld = false;                     ///< values and student text were taken out: a student may read it
  bool partial = false;                      ///< --only or --case left something out
  double score = 0.0;                        ///< of all sections, before the course's rules
  double max_score = 0.0;
  std::vector<RuleResult> policy;  ///< the course's rules; none in a partial report
  Adjustment adjustment;           ///< what they leave of the score
  std::string arithmetic;          ///< the same in words; empty where nothing is taken
  std::optional<std::string> refused;
  std::vector<std::string> notices;  ///< what the student should know about the hand-in, a sentence each
  std::vector<SectionResult> sections;
  std::optional<TestsResult> tests;  ///< where they were run; their points are in the last section
  std::vector<BuiltFile> build;
  std::vector<std::string> taken;
  std::vector<std::string> ignored;
  Environment environment;

  double adjusted_score() const { return adjustment.of(score); }
};

}  // namespace autograder
