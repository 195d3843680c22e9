// See sandbox.hpp. So far there is one tier; a stronger one is another case in each function.
#include "autograder/sandbox.hpp"

namespace autograder {

const char* name_of(Tier tier) {
  switch (tier) {
    case Tier::none: return "none";
  }
  return "";
}

Tier strongest_tier() { return Tier::none; }

Command confine(const Command& command, Tier tier) {
  switch (tier) {
    case Tier::none: return command;
  }
  return command;
}

}  // namespace autograder
