// See interruption.hpp. The signals are blocked everywhere and waited for by one thread, which may do what a signal
// handler may not.
#include "autograder/interruption.hpp"

#include <signal.h>
#include <unistd.h>

#include <iostream>
#include <mutex>
#include <thread>

#include "autograder/spawn.hpp"
#include "autograder/temporary_folder.hpp"

namespace autograder {

namespace {

sigset_t interruptions() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    // What the caller has chosen to ignore, as nohup does, stays ignored.
    struct sigaction action {};
    sigaction(signal, nullptr, &action);
    if (action.sa_handler != SIG_IGN) sigaddset(&set, signal);
  }
  return set;
}

struct Farewell {
  std::mutex mutex;
  std::string words;
};
Farewell& farewell() {
  static Farewell instance;
  return instance;
}

void wait_for_interruption(sigset_t set) {
  int number = 0;
  if (sigwait(&set, &number) != 0) return;
  kill_children();
  remove_temporary_folders();
  {
    const std::scoped_lock lock(farewell().mutex);
    std::cerr << farewell().words << std::flush;
  }
  signal(number, SIG_DFL);
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, number);
  raise(number);
  pthread_sigmask(SIG_UNBLOCK, &one, nullptr);  // and here this process ends, by the signal that it was sent,
  _exit(128 + number);                          // but for the first process of a container, which signals do not end
}

}  // namespace

void tidy_up_when_interrupted() {
  const sigset_t set = interruptions();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::thread(wait_for_interruption, set).detach();
}

void say_when_interrupted(const std::string& words) {
  const std::scoped_lock lock(farewell().mutex);
  farewell().words = words;
}

}  // namespace autograder
