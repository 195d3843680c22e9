// Linux: capabilities, Landlock, seccomp. See confinement.hpp.
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "autograder/launcher/confinement.hpp"
#include "autograder/launcher/system_calls.hpp"

namespace launcher {

namespace {

[[noreturn]] void fail(const std::string& what, int error = errno) {
  throw Failure{what + ": " + std::strerror(error)};
}

/// A filter under construction. libseccomp answers with negative error numbers.
class Filter {
 public:
  explicit Filter(std::uint32_t otherwise) : context_(seccomp_init(otherwise), seccomp_release) {
    if (!context_) throw Failure{"making a system-call filter: out of memory"};
  }

  template <typename... Conditions>
  void rule(std::uint32_t action, const char* name, Conditions... conditions) {
    const int number = seccomp_syscall_resolve_name(name);
    // Below zero: no such call on this architecture. What does not exist need not be refused.
    if (number < 0) return;
    const scmp_arg_cmp all[] = {conditions..., scmp_arg_cmp{}};
    const int result = seccomp_rule_add_array(context_.get(), action, number, sizeof...(conditions), all);
    if (result != 0) fail(std::string("adding ") + name + " to the system-call filter", -result);
  }

  /// The program that the kernel takes.
  std::vector<sock_filter> program() const {
    const int file = memfd_create("filter", MFD_CLOEXEC);
    if (file < 0) fail("making a system-call filter");
    const int result = seccomp_export_bpf(context_.get(), file);
    struct stat status {};
    fstat(file, &status);
    const auto bytes = static_cast<std::size_t>(status.st_size);
    std::vector<sock_filter> instructions(bytes / sizeof(sock_filter));
    const bool read = pread(file, instructions.data(), bytes, 0) == static_cast<ssize_t>(bytes);
    close(file);
    if (result != 0 || !read) fail("making a system-call filter", result != 0 ? -result : EIO);
    return instructions;
  }

 private:
  std::unique_ptr<void, void (*)(scmp_filter_ctx)> context_;
};

constexpr std::uint64_t kNewNamespaces[] = {CLONE_NEWNS,   CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC,
                                            CLONE_NEWUSER, CLONE_NEWPID,    CLONE_NEWNET, 0x80 /* CLONE_NEWTIME */};

Filter filter_for_tool() {
  Filter filter(SCMP_ACT_ALLOW);
  for (const char* name : kRefused) filter.rule(SCMP_ACT_ERRNO(EPERM), name);
  // The flags of clone3 lie in memory, where a filter cannot look: glibc falls back to clone.
  filter.rule(SCMP_ACT_ERRNO(ENOSYS), "clone3");
  for (const std::uint64_t flag : kNewNamespaces) {
    filter.rule(SCMP_ACT_ERRNO(EPERM), "clone", SCMP_A0(SCMP_CMP_MASKED_EQ, flag, flag));
  }
  return filter;
}

Filter filter_for_worker(Threads threads) {
  Filter filter(SCMP_ACT_ERRNO(ENOSYS));  // of clone3 as well: see filter_for_tool()
  for (const char* name : kRefused) filter.rule(SCMP_ACT_ERRNO(EPERM), name);
  for (const char* name : kRefusedToWorker) filter.rule(SCMP_ACT_ERRNO(EPERM), name);
  for (const char* name : kAllowedToWorker) filter.rule(SCMP_ACT_ALLOW, name);
  // For reading only: nothing can be left behind, in no tier.
  constexpr std::uint64_t writing = O_ACCMODE | O_CREAT | O_TRUNC;
  filter.rule(SCMP_ACT_ALLOW, "open", SCMP_A1(SCMP_CMP_MASKED_EQ, writing, O_RDONLY));
  filter.rule(SCMP_ACT_ALLOW, "openat", SCMP_A2(SCMP_CMP_MASKED_EQ, writing, O_RDONLY));
  for (const auto& [mask, value] : {std::pair{O_ACCMODE, O_WRONLY}, std::pair{O_ACCMODE, O_RDWR},
                                    std::pair{O_CREAT, O_CREAT}, std::pair{O_TRUNC, O_TRUNC}}) {
    const auto bits = static_cast<scmp_datum_t>(mask), set = static_cast<scmp_datum_t>(value);
    filter.rule(SCMP_ACT_ERRNO(EPERM), "open", SCMP_A1(SCMP_CMP_MASKED_EQ, bits, set));
    filter.rule(SCMP_ACT_ERRNO(EPERM), "openat", SCMP_A2(SCMP_CMP_MASKED_EQ, bits, set));
  }
  // No terminal is at hand, and terminals can be made to type.
  filter.rule(SCMP_ACT_ERRNO(ENOTTY), "ioctl");
  std::uint64_t new_thread = CLONE_THREAD;
  for (const std::uint64_t flag : kNewNamespaces) new_thread |= flag;
  if (threads == Threads::allowed) {
    filter.rule(SCMP_ACT_ALLOW, "clone", SCMP_A0(SCMP_CMP_MASKED_EQ, new_thread, CLONE_THREAD));
  }
  // Signals to itself, for abort() and raise(): see filter_for_self().
  for (const char* name : {"kill", "tgkill"}) filter.rule(SCMP_ACT_ALLOW, name);
  filter.rule(SCMP_ACT_ALLOW, "prlimit64", SCMP_A0(SCMP_CMP_EQ, 0));
  // Not F_SETOWN, F_SETSIG and O_ASYNC: the kernel would send any signal to any process in the descriptor's name.
  for (const char* name : {"fcntl", "fcntl64"}) {
    for (const int command : {F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL}) {
      filter.rule(SCMP_ACT_ALLOW, name, SCMP_A1(SCMP_CMP_EQ, static_cast<scmp_datum_t>(command)));
    }
    filter.rule(SCMP_ACT_ALLOW, name, SCMP_A1(SCMP_CMP_EQ, F_SETFL), SCMP_A2(SCMP_CMP_MASKED_EQ, O_ASYNC, 0));
  }
  // A worker that could take back the signal at its parent's death could outlive the grader.
  for (const int option : {PR_SET_NAME, PR_GET_NAME, PR_GET_DUMPABLE, 0x53564d41 /* PR_SET_VMA */}) {
    filter.rule(SCMP_ACT_ALLOW, "prctl", SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(option)));
  }
  return filter;
}

/// What of the worker's filter depends on the process: signals to itself alone.
Filter filter_for_self() {
  Filter filter(SCMP_ACT_ALLOW);
  const auto self = static_cast<scmp_datum_t>(getpid());
  for (const char* name : {"kill", "tgkill"}) filter.rule(SCMP_ACT_ERRNO(EPERM), name, SCMP_A0(SCMP_CMP_NE, self));
  return filter;
}

/// Of several filters in force the strictest counts.
void put_in_force(std::vector<sock_filter> instructions) {
  const sock_fprog program{static_cast<unsigned short>(instructions.size()), instructions.data()};
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0) fail("installing the system-call filter");
}

constexpr std::uint64_t kReading =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;

/// Every right that this kernel knows: what is not handled would be left open.
std::uint64_t all_rights() {
  const long version = syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  constexpr std::uint64_t first = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
  constexpr std::uint64_t refer = std::uint64_t{1} << 13, truncate = std::uint64_t{1} << 14,
                          device_control = std::uint64_t{1} << 15;  // newer than this system's headers may be
  if (version < 1) return 0;
  return first | (version >= 2 ? refer : 0) | (version >= 3 ? truncate : 0) | (version >= 5 ? device_control : 0);
}

void allow(int rules, const std::string& path, std::uint64_t rights) {
  landlock_path_beneath_attr beneath{};
  beneath.parent_fd = open(path.c_str(), O_PATH | O_CLOEXEC);
  if (beneath.parent_fd < 0) fail("opening " + path);
  struct stat status {};
  fstat(beneath.parent_fd, &status);
  // Rights about a folder's entries are an error for a file.
  constexpr std::uint64_t of_files =
      LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE;
  beneath.allowed_access = S_ISDIR(status.st_mode) ? rights : rights & of_files;
  const long result = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
  const int error = errno;
  close(beneath.parent_fd);
  if (result != 0) fail("keeping " + path + " open", error);
}

}  // namespace

void end_with_parent(int signal, int parent) {
  prctl(PR_SET_PDEATHSIG, signal);
  if (parent > 0 && getppid() != parent) _exit(1);
}

void close_from(int first) {
  if (syscall(SYS_close_range, first, ~0U, 0) == 0) return;
  const long all = sysconf(_SC_OPEN_MAX);  // before Linux 5.9
  for (int descriptor = first; descriptor < all; ++descriptor) close(descriptor);
}

void drop_privileges() {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("giving up new privileges");
  // The bounding set first: emptying it needs the privileges that are dropped after it. Without them it is of no use.
  for (unsigned long capability = 0; prctl(PR_CAPBSET_READ, capability) >= 0; ++capability) {
    prctl(PR_CAPBSET_DROP, capability);
  }
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const __user_cap_data_struct none[2] = {};
  if (syscall(SYS_capset, &header, none) != 0) fail("dropping capabilities");
}

void close_files(const std::vector<std::string>& readable, const std::vector<std::string>& writable) {
  landlock_ruleset_attr attributes{};
  attributes.handled_access_fs = all_rights();
  if (attributes.handled_access_fs == 0) fail("closing files by Landlock", ENOSYS);
  const int rules =
      static_cast<int>(syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes.handled_access_fs, 0));
  if (rules < 0) fail("closing files by Landlock");
  for (const std::string& path : readable) allow(rules, path, kReading);
  for (const std::string& path : writable) allow(rules, path, attributes.handled_access_fs);
  if (syscall(SYS_landlock_restrict_self, rules, 0) != 0) fail("closing files by Landlock");
  close(rules);
}

bool can_filter_system_calls() { return true; }

struct SystemCallFilter::Instructions {
  std::vector<sock_filter> all;
};

SystemCallFilter::SystemCallFilter(Program program, Threads threads)
    : program_(program),
      instructions_(std::make_shared<const Instructions>(
          Instructions{(program == Program::tool ? filter_for_tool() : filter_for_worker(threads)).program()})) {}

void SystemCallFilter::install() const {
  if (program_ == Program::worker) put_in_force(filter_for_self().program());
  put_in_force(instructions_->all);
}

}  // namespace launcher
