// Runs a program as inside a container that forbids namespaces, by the means that such containers use: a system-call
// filter that its processes inherit. Usage: without_namespaces [--nor-landlock] PROGRAM [ARGUMENT...]
#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <initializer_list>

int main(int argc, char** argv) {
  char** program = argv + 1;
  const bool landlock = argc < 2 || std::strcmp(argv[1], "--nor-landlock") != 0;
  if (!landlock) ++program;
  if (!*program) return 2;
  const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  for (const char* name : {"unshare", "setns", "mount", "pivot_root"}) {
    seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), seccomp_syscall_resolve_name(name), 0);
  }
  for (const std::uint64_t flag : {CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID}) {
    seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, flag, flag));
  }
  seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
  if (!landlock) {
    seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), seccomp_syscall_resolve_name("landlock_create_ruleset"), 0);
  }
  if (seccomp_load(filter) != 0) {
    std::perror("without_namespaces: installing the filter");
    return 1;
  }
  execvp(program[0], program);
  std::perror(program[0]);
  return 1;
}
