// See options.hpp.
#include "autograder/launcher/options.hpp"

#include <getopt.h>

#include <cstdlib>

namespace launcher {

const char* const kUsage =
    "usage: launcher probe | tool|server|bare [--processes N] [--open-files N] [--no-threads] [--close-files [--read "
    "PATH]... [--write PATH]...] [--load LIBRARY]... -- PROGRAM [ARGUMENT...]\n"
    "Started by the autograder; see launcher.cpp.\n";

bool parse(int argc, char** argv, Options& options) {
  if (argc < 3) return false;
  options.mode = argv[1];
  const option known[] = {{"processes", required_argument, nullptr, 'p'},  {"no-threads", no_argument, nullptr, 't'},
                          {"open-files", required_argument, nullptr, 'o'}, {"close-files", no_argument, nullptr, 'c'},
                          {"read", required_argument, nullptr, 'r'},       {"write", required_argument, nullptr, 'w'},
                          {"load", required_argument, nullptr, 'l'},       {}};
  // The mode takes the place of the program's name.
  for (int found; (found = getopt_long(argc - 1, argv + 1, "+", known, nullptr)) != -1;) {
    switch (found) {
      case 'p': options.processes = std::strtoul(optarg, nullptr, 10); break;
      case 'o': options.open_files = std::strtoul(optarg, nullptr, 10); break;
      case 't': options.threads = Threads::refused; break;
      case 'c': options.closes_files = true; break;
      case 'r': options.readable.push_back(optarg); break;
      case 'w': options.writable.push_back(optarg); break;
      case 'l': options.libraries.push_back(optarg); break;
      default: return false;
    }
  }
  options.program = argv + 1 + optind;
  return *options.program != nullptr;
}

}  // namespace launcher
