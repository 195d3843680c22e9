// Reading what sanitizers print, and what is said of it. sanitizer_reports/ holds what AddressSanitizer and UBSan of
// clang 14 and the sanitized launcher printed of hand-ins with one slip each, without the bytes of memory at the end.
#include "autograder/explanation.hpp"

#include "autograder/assignment.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/make.hpp"

using namespace autograder;
using Catch::Matchers::StartsWith;

namespace {

Finding finding(const std::string& name) {
  const auto found = read_finding("what the student printed\n" +
                                  read_file(std::filesystem::path(TEST_DATA) / "sanitizer_reports" / (name + ".txt")));
  REQUIRE(found);
  return *found;
}

Handin handin() {
  Handin made;
  made.files["src/linear.cpp"] = "first\n  second  \nthird\n";
  return made;
}

/// What is said where the innermost place in the hand-in is its second line.
std::string sentence_on(const Finding& found, const std::string& exception = "", const std::string& called = "") {
  const auto explanation = explanation_of(found, {{called, "/usr/include/x.hpp", 7}, {"f()", "src/linear.cpp", 2}},
                                          {{"small::helper(int)", "src/linear.cpp", 1}}, handin(), exception);
  REQUIRE(explanation);
  CHECK(explanation->file == "src/linear.cpp");
  CHECK(explanation->line == 2);
  CHECK(explanation->code == "second");
  return explanation->what;
}

std::string trap_on(const Finding& found, const std::string& called, const std::string& exception = "") {
  return explanation_of(found, {{called, "/usr/include/x.hpp", 7}, {"f()", "src/linear.cpp", 2}}, {}, handin(),
                        exception)
      ->trap;
}

}  // namespace

TEST_CASE("sanitizer report: a read beyond a block on the heap") {
  const Finding found = finding("heap_buffer_overflow");
  CHECK(found.what == "heap-buffer-overflow");
  CHECK_FALSE(found.writes);
  CHECK(found.stack.size() > 20);  // of the worker's frames; the launcher's and the C library's are passed over
  CHECK(sentence_on(found) == "reads past the end of a block of 160 bytes (20 doubles)");
}

TEST_CASE("sanitizer report: newer versions say where a block is in other words") {
  const std::string begin =
      "==3==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x1\nWRITE of size 8 at 0x1\n";
  CHECK(sentence_on(*read_finding(begin + "0x1 is located 0 bytes after 16-byte region [0x1,0x2)\n")) ==
        "writes past the end of a block of 16 bytes (2 doubles)");
  CHECK(sentence_on(*read_finding(begin + "0x1 is located 8 bytes before 1-byte region [0x1,0x2)\n")) ==
        "writes before the beginning of a block of 1 byte");
  CHECK(sentence_on(*read_finding(begin + "0x1 is located 4 bytes inside of 12-byte region [0x1,0x2)\n")) ==
        "writes in a block of 12 bytes");
}

TEST_CASE("sanitizer report: memory that is freed already, and where it was freed") {
  const Finding found = finding("heap_use_after_free");
  CHECK(found.stack[0] == 0x3f059e);
  REQUIRE(found.other.size() > 1);
  CHECK(found.other[0] == 0x3f04fd);
  CHECK(sentence_on(found) == "reads memory that is freed already, since src/linear.cpp:1");
}

TEST_CASE("sanitizer report: a variable of a function that has returned") {
  const Finding found = finding("stack_use_after_return");
  CHECK(found.variable == "rows");
  CHECK(found.variable_line == 8);
  CHECK(sentence_on(found) == "reads 'rows' (line 8) after helper() has returned: it no longer exists");
}

TEST_CASE("sanitizer report: undefined behaviour in UBSan's words, or in plainer ones") {
  CHECK(sentence_on(finding("signed_overflow")) ==
        "signed integer overflow: 2147483647 + 4 cannot be represented in type 'int'");
  CHECK(sentence_on(finding("null_pointer")) == "reads through a null pointer");
}

TEST_CASE("sanitizer report: a check of the standard library, and an endless recursion") {
  CHECK(sentence_on(finding("assertion")) == "an index is beyond the end of a std::vector");
  CHECK(sentence_on(finding("stack_overflow")) == "functions call each other without end: the stack is full");
}

TEST_CASE("sanitizer report: of exceptions the last one counts, and xtensor's own places are left out") {
  const Finding found = finding("thrown");
  CHECK(found.kind == Finding::Kind::thrown);
  CHECK(sentence_on(found, "std::out_of_range: too far") == "throws std::out_of_range: too far");
  CHECK(sentence_on(found, "std::runtime_error: /usr/include/x.hpp:438: check failed\n\tindex 4 is out of bounds") ==
        "index 4 is out of bounds");
  CHECK(
      sentence_on(found, "std::runtime_error: Assertion error!\nCannot change dimension of xtensor.\n  /x.hpp(5)\n") ==
      "Cannot change dimension of xtensor.");
  CHECK(sentence_on(found,
                    "xt::broadcast_error: Incompatible dimension of arrays:\n LHS shape = (4, 2, )\n RHS shape = "
                    "(0, 0, )\n") ==
        "the shapes (4, 2) and (0, 0) do not fit each other: (0, 0) is a Matrix that nothing was assigned to yet");
}

TEST_CASE("sanitizer report: the traps of the library are named with the right form") {
  const Finding overflow = finding("heap_buffer_overflow"), gone = finding("stack_use_after_return"),
                thrown = finding("thrown");
  CHECK_THAT(trap_on(overflow, "xt::xreducer_stepper<plus, xt::keep_dims_type>::operator*() const"),
             ContainsSubstring("Write sum_keepdims(A, axis)"));
  CHECK(trap_on(overflow, "xt::xreducer_stepper<plus>::operator*() const").empty());
  CHECK_THAT(trap_on(overflow, "f()"), ContainsSubstring("the indices are 0 to N - 1"));
  CHECK_THAT(trap_on(finding("assertion"), "f()"), ContainsSubstring("the indices are 0 to N - 1"));
  CHECK_THAT(trap_on(thrown, "", "std::runtime_error: index 4 is out of bounds for axis 0 with size 4"),
             ContainsSubstring("the indices are 0 to N - 1"));
  CHECK(trap_on(overflow, "xt::xfunction<plus>::operator()() const").empty());
  CHECK_THAT(trap_on(gone, "xt::xfunction<plus>::operator()() const"),
             ContainsSubstring("return Matrix instead of auto"));
  CHECK(trap_on(gone, "std::vector<int>::at(unsigned long)").empty());
  CHECK_THAT(trap_on(thrown, "", "std::runtime_error: Cannot change dimension of xtensor."),
             ContainsSubstring("always has two dimensions"));
  CHECK_THAT(trap_on(thrown, "", "std::runtime_error: Dot: shape mismatch."),
             ContainsSubstring("as many columns in A"));
}

TEST_CASE("sanitizer report: of what happens in a file that passes the caller is named") {
  Handin both = handin();
  both.files["src/mlp.cpp"] = "one\n  two\n";
  const Finding thrown = finding("thrown"), overflow = finding("heap_buffer_overflow");
  const std::vector<SourceLine> stack{{"dot()", "/usr/include/x.hpp", 7},
                                      {"forward()", "src/linear.cpp", 2},
                                      {"forward()", "src/linear.cpp", 3},
                                      {"pass()", "src/mlp.cpp", 2},
                                      {"outer()", "src/mlp.cpp", 1}};
  const std::string mismatch = "std::runtime_error: Dot: shape mismatch.";
  const auto said = [&](const Finding& found, const std::string& exception, const std::set<std::string>& passing) {
    const auto explanation = explanation_of(found, stack, {}, both, exception, passing);
    REQUIRE(explanation);
    CHECK(explanation->file == "src/linear.cpp");
    CHECK(explanation->line == 2);
    return *explanation;
  };
  const Explanation called = said(thrown, mismatch, {"src/linear.cpp"});
  REQUIRE(called.caller);
  CHECK(called.caller->file == "src/mlp.cpp");
  CHECK(called.caller->line == 2);
  CHECK(called.caller->code == "two");
  CHECK_THAT(called.trap, StartsWith("src/linear.cpp passes by itself") && !ContainsSubstring("transpose"));
  CHECK_THAT(
      said(thrown, "xt::broadcast_error:\n LHS shape = (0, 0, )\n RHS shape = (4, 2, )\n", {"src/linear.cpp"}).trap,
      ContainsSubstring("one of the two a copy?"));
  // Where shapes are known and none is empty, nothing speaks for a copy.
  CHECK(said(thrown, "xt::broadcast_error:\n LHS shape = (3, 1, )\n RHS shape = (4, 2, )\n", {"src/linear.cpp"})
            .trap.empty());
  CHECK(said(overflow, "", {"src/linear.cpp"}).caller);
  CHECK_THAT(said(overflow, "", {"src/linear.cpp"}).trap, !ContainsSubstring("copy"));
  // Where the file itself may be wrong, or all that call it pass as well, the line is the best that there is.
  CHECK_FALSE(said(thrown, mismatch, {}).caller);
  CHECK_FALSE(said(thrown, mismatch, {"src/mlp.cpp"}).caller);
  const Explanation alone = said(thrown, mismatch, {"src/linear.cpp", "src/mlp.cpp"});
  CHECK_FALSE(alone.caller);
  CHECK_THAT(alone.trap, ContainsSubstring("is a transpose missing?"));
}

TEST_CASE("sanitizer report: what is no finding, or not in the hand-in, is not explained") {
  CHECK_FALSE(read_finding(""));
  CHECK_FALSE(read_finding("a heap-buffer-overflow, says the student\n"));
  const Finding found = finding("heap_buffer_overflow");
  const std::vector<SourceLine> others{{"f()", "/etc/passwd", 1},    {"f()", "src/linear.cpp", 0},
                                       {"f()", "src/linear.cpp", 4}, {"f()", "../src/linear.cpp", 1},
                                       {"f()", "src/other.cpp", 1},  {"f()", "", 1}};
  CHECK_FALSE(explanation_of(found, others, {}, handin(), ""));
}

TEST_CASE("sanitizer report: forged and broken ones stay short and name no other file") {
  const std::string address = "ERROR: AddressSanitizer: ", longest(100'000, 'x');
  for (const std::string& forged :
       std::vector<std::string>{address, address + "\n", address + "SEGV", address + longest + "\n" + longest,
                                ": runtime error: ", ": runtime error: " + longest, "autograder: thrown\n",
                                "autograder: thrown\n    #0 0x1 (worker.so+0xzz)\n", address + "attempting ",
                                address + "x is located \n is located -byte region\n <== Memory access at offset '",
                                address + "ABRT\n" + address + "heap-use-after-free on\nfreed by thread"}) {
    const auto found = read_finding(forged);
    REQUIRE(found);
    const std::string what = sentence_on(*found, longest);
    CHECK(what.size() < 400);
  }
  std::string frames = address + "stack-overflow\n";
  for (int i = 0; i < 10'000; ++i) frames += "    #0 0x1  (worker.so+0x1)\n";
  CHECK(read_finding(frames)->stack.size() <= 100);
}

TEST_CASE("sanitizer report: lines as addr2line writes them") {
  const auto lines = read_source_lines(
      "f(int)\n././src/linear.cpp:12 (discriminator "
      "3)\ng()\n/usr/include/a:b.hpp:7\n??\n??:0\nh()\nmytorch.cpp:?\nrest");
  REQUIRE(lines.size() == 4);
  CHECK(lines[0].function == "f(int)");
  CHECK(lines[0].file == "src/linear.cpp");
  CHECK(lines[0].line == 12);
  CHECK(lines[1].file == "/usr/include/a:b.hpp");
  CHECK(lines[1].line == 7);
  CHECK(lines[2].line == 0);
  CHECK(lines[3].line == 0);
}
