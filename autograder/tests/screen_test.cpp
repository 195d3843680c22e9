#include "autograder/screen.hpp"

#include "autograder/tests/catch.hpp"

using namespace autograder;

namespace {

const TextParts kReport{"header\n\n  passed  a\n  failed  b\n\n", "b: failed\n  one\n  two\n  three\n  four\n\n",
                        "Score: 1 / 2\n"};

std::string on_screen(std::size_t rows, std::size_t columns) {
  return screen(kReport, "news\n\n", "hint\n", {rows, columns});
}

}  // namespace

TEST_CASE("screen: where there is no end to it everything is shown, the news behind the sections") {
  CHECK(on_screen(0, 0) == kReport.sections + "news\n\n" + kReport.details + kReport.score + "hint\n");
}

TEST_CASE("screen: what fits is not cut, and leaves a row for the cursor") {
  const std::string all = on_screen(0, 0);
  const std::size_t rows = rows_of(all, 80) + 1;
  CHECK(on_screen(rows, 80) == all);
  CHECK(on_screen(rows - 1, 80) != all);
}

TEST_CASE("screen: where there is not enough room the details are cut, and nothing else is") {
  CHECK(on_screen(15, 80) ==
        kReport.sections + "news\n\nb: failed\n  one\n  two\n... (3 more lines; all of them without --watch)\n\n" +
            kReport.score + "hint\n");
  for (std::size_t rows = 13; rows < 16; ++rows) CHECK(rows_of(on_screen(rows, 80), 80) == rows - 1);
  const std::string none =
      kReport.sections + "news\n\n... (6 more lines; all of them without --watch)\n\n" + kReport.score + "hint\n";
  for (const std::size_t rows : {std::size_t{1}, std::size_t{9}, std::size_t{12}}) CHECK(on_screen(rows, 80) == none);
}

TEST_CASE("screen: a line that is longer than a row takes several, colours and bytes of a letter none") {
  CHECK(rows_of("", 10) == 0);
  CHECK(rows_of("\n", 10) == 1);
  CHECK(rows_of("0123456789\n", 10) == 1);
  CHECK(rows_of("0123456789a\n", 10) == 2);
  CHECK(rows_of("0123456789a\n", 0) == 1);
  CHECK(rows_of("\033[31m0123456789\033[0m\n", 10) == 1);
  CHECK(rows_of("0123456789\xe2\x86\x92\n", 11) == 1);
  CHECK(rows_of("\t01\n", 10) == 1);
  CHECK(rows_of("\t012\n", 10) == 2);
}
