// The loop of worker.hpp: read a request, carry it out, answer.
#include "autograder/worker/worker.hpp"

#include <cxxabi.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <new>
#include <typeinfo>

#include "autograder/launcher/protocol.hpp"

namespace {

using worker::Json;

std::string called;  // what now_calling() was told last

/// Lets this process use `seconds` more of processor time; the kernel ends it with SIGXCPU after that.
void limit_processor_time(rlim_t seconds) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  rlimit limit{};
  getrlimit(RLIMIT_CPU, &limit);
  const auto used = static_cast<rlim_t>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec);
  const rlim_t soft = used + 1 + seconds;  // `used` is rounded down
  if (limit.rlim_max == RLIM_INFINITY || soft < limit.rlim_max) limit.rlim_cur = soft;
  setrlimit(RLIMIT_CPU, &limit);
}

std::string type_name(const std::exception& error) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name(
      abi::__cxa_demangle(typeid(error).name(), nullptr, nullptr, &status), std::free);
  return name ? name.get() : "an exception";
}

Json exception_answer(const std::string& kind, const std::string& what) {
  return {{"exception", {{"kind", kind}, {"what", what}, {"during", called}}}};
}

Json carry_out(const Json& request) {
  called.clear();
  try {
    return {{"outputs", worker::answer(request.at("component"), request.at("operation"), request.at("given"))}};
  } catch (const worker::BadRequest& error) {
    return exception_answer("bad_request", error.what());
  } catch (const std::bad_alloc& error) {
    return exception_answer("out_of_memory", error.what());
  } catch (const std::exception& error) {
    return exception_answer(worker::is_not_implemented(error) ? "not_implemented" : type_name(error), error.what());
  } catch (...) {
    return exception_answer("something that is no std::exception", "no message");
  }
}

bool send(const std::string& line) {
  for (std::size_t sent = 0; sent < line.size();) {
    const ssize_t put = write(launcher::kAnswers, line.data() + sent, line.size() - sent);
    if (put <= 0) return false;
    sent += static_cast<std::size_t>(put);
  }
  return true;
}

}  // namespace

void worker::now_calling(const std::string& function) { called = function; }

// What the launcher calls: launcher::kWorkerEntry.
extern "C" int autograder_worker(int argc, char** argv) {
  const rlim_t case_cpu_seconds = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 5;
  std::string line;
  while (std::getline(std::cin, line)) {
    limit_processor_time(case_cpu_seconds);
    const Json result = carry_out(Json::parse(line));
    // What the student printed arrives before the answer, so that it belongs to its case.
    std::cout.flush();
    std::fflush(nullptr);
    if (!send(result.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n")) break;
  }
  // No destructor of a static object runs: whatever it would do comes after the last answer.
  _exit(0);
}
