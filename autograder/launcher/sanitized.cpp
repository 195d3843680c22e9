// In the launcher that explains crashes only (explain.hpp): how the sanitizers behave, and where exceptions are thrown.
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <typeinfo>

extern "C" {

void __sanitizer_print_stack_trace();

// Not in the environment, which a sanitizer reads from /proc, and a sandbox need not have one. A finding ends the
// program. Addresses only are named: what makes lines of them would be another program. A fresh heap is filled as
// run.cpp has glibc fill it.
const char* __asan_default_options() {
  return "detect_leaks=0:symbolize=0:external_symbolizer_path=:halt_on_error=1:handle_abort=1:"
         "detect_stack_use_after_return=1:detect_container_overflow=0:detect_odr_violation=0:"
         "max_malloc_fill_size=1073741824:malloc_fill_byte=192:fast_unwind_on_malloc=0:print_legend=0:"
         "quarantine_size_mb=64";
}
const char* __ubsan_default_options() { return "print_stacktrace=1:halt_on_error=1:symbolize=0"; }

/// Says where an exception is thrown, which its catcher cannot know any more. The worker's is this one, as a program's
/// symbols come before those of libraries.
[[noreturn]] void __cxa_throw(void* object, std::type_info* type, void (*destroy)(void*)) {
  using Throw = void (*)(void*, std::type_info*, void (*)(void*));
  // Whoever throws and catches all the time need not say it each time.
  constexpr int kTold = 50;
  static int told = 0;
  static const auto next = reinterpret_cast<Throw>(dlsym(RTLD_NEXT, "__cxa_throw"));
  if (told++ < kTold) {
    std::fputs("autograder: thrown\n", stderr);
    __sanitizer_print_stack_trace();
  }
  if (next) next(object, type, destroy);
  std::abort();
}
}
