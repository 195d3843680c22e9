#include "autograder/cli.hpp"

int main(int argc, char** argv) { return autograder::run_command_line(argc, argv); }
