// Where libFuzzer enters. FUZZ_TARGET, a definition of the build, is one of the functions in targets.hpp.
#include <cstddef>
#include <cstdint>

#include "autograder/tests/fuzz/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  autograder::FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
