// What the fuzzers feed with bytes. Each target is a plain function: libfuzzer.cpp makes a fuzzer of one of them, and
// fuzz_corpus_test.cpp replays the files of corpus/ through all of them in every run of the tests.
//
// A target throws nothing, and ends the program where a claim about the product does not hold.
#pragma once

#include <cstdlib>
#include <iostream>
#include <string_view>

namespace autograder {

/// An archive, as a student hands it in: unpacked, its files chosen, its flags read.
void fuzz_unpack(std::string_view archive);

/// A worker's answer, the first line of the input; what comes after the line is what the student's code printed. Judged
/// against a case that expects a value of each kind, and written as a report in each format.
void fuzz_answer(std::string_view answer);

/// Our own files, as an instructor may mistype them: the text as a fixture, and as an assignment.
void fuzz_fixture(std::string_view text);

/// Not assert(): that is gone in a release.
inline void require(bool holds, const char* claim) {
  if (holds) return;
  std::cerr << "fuzz: this does not hold: " << claim << '\n';
  std::abort();
}

}  // namespace autograder
