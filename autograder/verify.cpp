// See verify.hpp.
#include "autograder/verify.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <random>

#include "autograder/examiner.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/parallel.hpp"
#include "autograder/proof_words.hpp"
#include "autograder/report_writers.hpp"
#include "autograder/solution.hpp"
#include "autograder/temporary_folder.hpp"
#include "autograder/token_edits.hpp"
#include "autograder/tools.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

/// Random edits between two lines that say how far they are.
constexpr std::size_t kDrawnAtOnce = 100;

class Proof {
 public:
  Proof(const VerifyOptions& options, const Machine& machine, std::ostream& out)
      : options_(options), machine_(machine), out_(out), examiner_(options.grade, machine) {
    root_ = options.grade.root;
    examiner_.draw(options.fresh);
  }

  bool run() {
    const auto begin = std::chrono::steady_clock::now();
    prove_solution();
    prove_handout();
    prove_variants();
    prove_mutations();
    prove_equivalents();
    if (options_.random > 0) prove_random();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begin);
    out_ << "\n"
         << (failures_.empty() ? "The proof holds." : "The proof does not hold:") << " It took " << seconds.count()
         << " s.\n";
    for (const std::string& failure : failures_) out_ << "- " << failure << "\n";
    return failures_.empty();
  }

 private:
  void fail(const std::string& what) { failures_.push_back(what); }

  void heading(const std::string& text) { out_ << "\n" << text << "\n" << std::flush; }

  std::string share(std::size_t part, std::size_t of) const {
    return std::to_string(part) + " of " + std::to_string(of) +
           (of == 0 ? "" : " (" + std::to_string(100 * part / of) + " %)");
  }

  template <typename T>
  std::vector<T> chosen(const std::vector<T>& all) const {
    std::vector<T> some;
    for (std::size_t i = 0; i < all.size(); i += options_.every) some.push_back(all[i]);
    return some;
  }

  /// Examines all hand-ins side by side.
  std::vector<Reports> examine_all(const std::vector<Handin>& handins) {
    std::vector<Reports> all(handins.size());
    for_each_index(handins.size(), options_.grade.jobs, [&](std::size_t i) { all[i] = examiner_.examine(handins[i]); });
    return all;
  }

  void prove_score(const std::string& what, const Report& report, double score) {
    out_ << "  " << report.fixtures << ": " << points_text(report.score) << " / " << points_text(report.max_score)
         << "\n";
    if (report.score == score) return;
    fail(what + " has " + points_text(report.score) + " points and not " + points_text(score) + " with the " +
         report.fixtures + " fixtures; lost: " + joined(lost_sections(report)));
  }

  void prove_solution() {
    heading("The solution, which must have all points (fresh: " + std::to_string(options_.fresh.cases) +
            " cases a component, seed " + std::to_string(options_.fresh.seed) + ")");
    const double all = examiner_.assignment().max_score();
    for (const auto& [set, report] : examiner_.examine(examiner_.solution())) prove_score("the solution", report, all);
    prove_score("the solution", examiner_.examine_afresh(examiner_.solution()), all);
  }

  void prove_handout() {
    heading("The handout, which must have none");
    const Handin handout = read_handout(root_, examiner_.assignment());
    for (const auto& [set, report] : examiner_.examine(handout)) prove_score("the handout", report, 0);
  }

  void prove_variants() {
    const std::vector<Variant> variants = read_variants(root_, examiner_.assignment());
    std::vector<Reports> all(variants.size());
    for_each_index(variants.size(), options_.grade.jobs, [&](std::size_t i) {
      all[i] = examiner_.examine(variants[i].handin);
      all[i].emplace("fresh", examiner_.examine_afresh(variants[i].handin));
    });
    std::size_t right = 0;
    for (std::size_t i = 0; i < variants.size(); ++i) {
      bool passed = true;
      for (const auto& [set, report] : all[i]) {
        if (lost_sections(report).empty()) continue;
        passed = false;
        fail("the right variant " + variants[i].name + " loses " + joined(lost_sections(report)) + " with the " + set +
             " fixtures");
      }
      right += passed ? 1 : 0;
    }
    heading("Right variants that pass, fresh cases too: " + share(right, variants.size()));
  }

  void prove_mutations() {
    const auto mutations = chosen(read_mutations(root_, examiner_.assignment(), examiner_.solution()));
    std::vector<Handin> handins;
    for (const Mutation& mutation : mutations) handins.push_back(edited(examiner_.solution(), mutation.edit));
    const auto all = examine_all(handins);
    print_legend("Wrong edits, a column a component");
    std::map<std::string, std::size_t> caught;
    std::size_t named = 0, wrongly = 0;
    for (std::size_t i = 0; i < mutations.size(); ++i) {
      const Mutation& mutation = mutations[i];
      out_ << rows_of(all[i]) << mutation.edit.file << ": " << mutation.why << "\n";
      for (const auto& [set, report] : all[i]) {
        caught[set] += is_caught(report) ? 1 : 0;
        prove_mutation(mutation, set, report);
      }
      const auto [is_named, is_wrong] = prove_hints(mutation, all[i]);
      named += is_named && !is_wrong ? 1 : 0;
      wrongly += is_wrong ? 1 : 0;
    }
    for (const auto& [set, count] : caught)
      out_ << "caught with the " << set << " fixtures: " << share(count, mutations.size()) << "\n";
    out_ << "named rightly: " << share(named, mutations.size()) << ", wrongly: " << wrongly << " (precision "
         << (named + wrongly == 0 ? 100 : 100 * named / (named + wrongly)) << " %)\n";
  }

  void print_legend(const std::string& title) {
    const std::vector<std::string> sets = examiner_.sets();
    heading(title + ", for the sets " + joined({sets.begin(), sets.end()}) + ":");
    std::size_t number = 0;
    for (const std::string& id : examiner_.assignment().component_ids()) out_ << "  " << ++number << " " << id;
    out_ << "\n  . passed, F failed, E exception, C crashed, T timed out, M out of memory, N not implemented, B not "
            "built\n";
  }

  void prove_mutation(const Mutation& mutation, const std::string& set, const Report& report) {
    if (!did_build(report.build)) return fail("the wrong edit \"" + mutation.why + "\" does not build");
    const auto lost = lost_sections(report);
    if (lost == mutation.sections) return;
    fail("the wrong edit \"" + mutation.why + "\" loses " + joined(lost) + " with the " + set + " fixtures, and not " +
         joined(mutation.sections));
  }

  /// Whether it is named at all, and whether wrongly.
  std::pair<bool, bool> prove_hints(const Mutation& mutation, const Reports& reports) {
    bool named = false, wrongly = false;
    for (const auto& [set, report] : reports) {
      const auto hints = hints_of(report);
      named = named || !hints.empty();
      for (const std::string& hint : hints) {
        if (mutation.hints.count(hint)) continue;
        wrongly = true;
        fail("the wrong edit \"" + mutation.why + "\" is named wrongly with the " + set + " fixtures: " + hint);
      }
    }
    // One set may have too few cases that fail for the numbers to speak.
    if (!named && !mutation.hints.empty()) {
      fail("the wrong edit \"" + mutation.why + "\" is not named with any fixtures; " + joined(mutation.hints) +
           " should name it");
    }
    return {named, wrongly};
  }

  void prove_equivalents() {
    const auto equivalents = chosen(read_equivalents(root_, examiner_.assignment(), examiner_.solution()));
    std::vector<std::string> caught(equivalents.size());
    for_each_index(equivalents.size(), options_.grade.jobs,
                   [&](std::size_t i) { caught[i] = who_catches(edited(examiner_.solution(), equivalents[i].edit)); });
    std::size_t survived = 0;
    for (std::size_t i = 0; i < equivalents.size(); ++i) {
      survived += caught[i].empty() ? 1 : 0;
      if (!caught[i].empty()) {
        fail("an edit in equivalent.json is caught with the " + caught[i] +
             " fixtures: " + as_entry(equivalents[i].edit));
      }
    }
    heading("Equivalent edits that no fixture and no fresh case tells apart: " + share(survived, equivalents.size()));
  }

  /// The name of the first set that catches it; empty: none, fresh cases included.
  std::string who_catches(const Handin& handin) {
    for (const auto& [set, report] : examiner_.examine_quickly(handin)) {
      if (is_caught(report)) return set;
    }
    return is_caught(examiner_.examine_afresh(handin)) ? "fresh" : "";
  }

  /// Takes all sources apart; the edits of all of them in random order.
  std::vector<Edit> all_token_edits() {
    std::vector<Edit> all;
    for (const auto& [name, source] : examiner_.solution().files) {
      const auto edits = token_edits(name, source, tokens_of(source), options_.seed);
      all.insert(all.end(), edits.begin(), edits.end());
    }
    std::mt19937_64 random(options_.seed);
    std::shuffle(all.begin(), all.end(), random);
    return all;
  }

  std::vector<Token> tokens_of(const std::string& source) {
    const TemporaryFolder folder(options_.grade.sandbox.user);
    std::ofstream(folder.path() / "source.cpp", std::ios::binary) << source;
    const Course& course = examiner_.course();
    const std::string compiler = course.toolchain.compilers.front().path;
    const Tools tools(course.assignment.compile_limits, folder.path(), machine_.run);
    const Completed dumped = tools.run({{compiler, "-fsyntax-only", "-Xclang", "-dump-raw-tokens", "source.cpp"},
                                        folder.path(),
                                        folder.path(),
                                        {folder.path()}});
    if (!dumped.succeeded()) {
      throw GraderError("taking a source apart into tokens with " + compiler + ": " + diagnostics_of(dumped, compiler) +
                        "Random edits need clang++ as the first compiler: see `autograder doctor`.");
    }
    return tokens_from(dumped.errors + dumped.output, source);
  }

  struct Drawn {
    Edit edit;
    bool built = false;
    std::set<std::string> caught;  ///< by which sets
    bool caught_afresh = false;
  };

  void prove_random() {
    const auto edits = all_token_edits();
    std::set<std::string> equivalent;
    for (const Equivalent& one : read_equivalents(root_, examiner_.assignment(), examiner_.solution())) {
      equivalent.insert(text_after(one.edit));
    }
    std::vector<Drawn> judged;
    std::size_t next = 0, unbuilt = 0;
    // Many do not compile: they are drawn until enough have.
    while (judged.size() < options_.random && next < edits.size()) {
      std::vector<Drawn> some(std::min({options_.random - judged.size() + 10, edits.size() - next, kDrawnAtOnce}));
      for_each_index(some.size(), options_.grade.jobs, [&](std::size_t i) { some[i] = judge(edits[next + i]); });
      next += some.size();
      for (Drawn& one : some) {
        if (!one.built) {
          ++unbuilt;
        } else if (judged.size() < options_.random) {
          judged.push_back(std::move(one));
        }
      }
      out_ << "  " << judged.size() << " random edits of " << options_.random << " are judged\n" << std::flush;
    }
    print_random(judged, unbuilt, equivalent);
  }

  Drawn judge(const Edit& edit) {
    Drawn drawn{edit, false, {}, false};
    const Handin handin = edited(examiner_.solution(), edit);
    const Reports reports = examiner_.examine_quickly(handin);
    drawn.built = did_build(reports.begin()->second.build);
    if (!drawn.built) return drawn;
    for (const auto& [set, report] : reports) {
      if (is_caught(report)) drawn.caught.insert(set);
    }
    if (drawn.caught.size() < reports.size()) drawn.caught_afresh = is_caught(examiner_.examine_afresh(handin));
    return drawn;
  }

  /// The whole file after the edit: two edits told by other lines may be the same.
  std::string text_after(const Edit& edit) const { return edited(examiner_.solution(), edit).files.at(edit.file); }

  void print_random(const std::vector<Drawn>& judged, std::size_t unbuilt, const std::set<std::string>& equivalent) {
    heading("Random edits: " + std::to_string(judged.size()) + " that compile (seed " + std::to_string(options_.seed) +
            "; " + std::to_string(unbuilt) + " more do not)");
    if (judged.size() < options_.random) fail("there are only " + std::to_string(judged.size()) + " random edits");
    std::size_t known = 0;
    for (const std::string& set : examiner_.sets()) {
      out_ << "  caught with the " << set << " fixtures: "
           << share(static_cast<std::size_t>(std::count_if(
                        judged.begin(), judged.end(), [&](const Drawn& one) { return one.caught.count(set) > 0; })),
                    judged.size())
           << "\n";
    }
    for (const Drawn& one : judged) {
      if (one.caught.size() == examiner_.sets().size()) continue;
      const bool seen = !one.caught.empty() || one.caught_afresh;
      if (!seen && equivalent.count(text_after(one.edit))) {
        ++known;
        continue;
      }
      out_ << as_diff(one.edit);
      if (seen) {
        fail("a random edit is wrong, and not every set of fixtures catches it (caught: " + joined(one.caught) +
             (one.caught_afresh ? ", fresh" : "") + "): strengthen the others: " + as_entry(one.edit));
      } else {
        fail(
            "a random edit survives, fresh cases included. Strengthen the fixtures, or give the reason why it "
            "changes nothing in equivalent.json: " +
            as_entry(one.edit));
      }
    }
    out_ << "  survivors known to be equivalent: " << known << "\n";
  }

  const VerifyOptions& options_;
  const Machine& machine_;
  std::ostream& out_;
  Examiner examiner_;
  fs::path root_;
  std::vector<std::string> failures_;
};

}  // namespace

bool verify(const VerifyOptions& options, const Machine& machine, std::ostream& out) {
  const Sweep at_end(options.grade.sandbox);
  return Proof(options, machine, out).run();
}

}  // namespace autograder
