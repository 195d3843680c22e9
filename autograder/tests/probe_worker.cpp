// A worker that tries what it is told to, one word a line, and answers "0" or the error's name. Loaded by the launcher
// like a student's: see sandbox_test.cpp.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <sstream>
#include <string>

namespace {

/// What ran before the loop did: an initialiser of this object, such as a student's file may have.
const long before_main = syscall(SYS_socket, AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0;

std::string outcome(long result) {
  const char* name = strerrorname_np(errno);
  return result >= 0 ? "0" : name ? name : std::to_string(errno);
}

char* const no_arguments[] = {const_cast<char*>("/bin/true"), nullptr};

long start_thread() {
  constexpr std::size_t bytes = 1 << 16;
  char* stack =
      static_cast<char*>(mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0));
  constexpr int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
  const auto sleep = [](void*) -> int {
    for (;;) pause();
  };
  return clone(sleep, stack + bytes, flags, nullptr);
}

const std::map<std::string, std::function<long()>> attempts{
    {"fork", [] { return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0); }},
    {"vfork", [] { return syscall(SYS_clone, CLONE_VM | CLONE_VFORK | SIGCHLD, 0, 0, 0, 0); }},
    {"fork_call", [] { return syscall(SYS_fork); }},
    {"clone3", [] { return syscall(SYS_clone3, nullptr, 0); }},
    {"execve", [] { return syscall(SYS_execve, no_arguments[0], no_arguments, no_arguments + 1); }},
    {"execveat", [] { return syscall(SYS_execveat, AT_FDCWD, no_arguments[0], no_arguments, no_arguments + 1, 0); }},
    {"new_user_namespace", [] { return syscall(SYS_clone, CLONE_NEWUSER | CLONE_THREAD, 0, 0, 0, 0); }},
    {"unshare", [] { return syscall(SYS_unshare, CLONE_NEWUSER); }},
    {"mount", [] { return syscall(SYS_mount, "none", "/tmp", "tmpfs", 0, nullptr); }},
    {"chroot", [] { return syscall(SYS_chroot, "/"); }},
    {"socket_inet", [] { return syscall(SYS_socket, AF_INET, SOCK_STREAM, 0); }},
    {"socket_unix", [] { return syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0); }},
    {"socket_netlink", [] { return syscall(SYS_socket, AF_NETLINK, SOCK_RAW, 0); }},
    {"socketpair",
     [] {
       int two[2];
       return syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, two);
     }},
    {"ptrace", [] { return syscall(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0); }},
    {"process_vm_readv", [] { return syscall(SYS_process_vm_readv, getppid(), nullptr, 0, nullptr, 0, 0); }},
    {"process_vm_writev", [] { return syscall(SYS_process_vm_writev, getppid(), nullptr, 0, nullptr, 0, 0); }},
    {"pidfd_open", [] { return syscall(SYS_pidfd_open, getppid(), 0); }},
    {"keyctl", [] { return syscall(SYS_keyctl, 0, -3, 0); }},
    {"add_key", [] { return syscall(SYS_add_key, "user", "a", "b", 1, -3); }},
    {"io_uring", [] { return syscall(SYS_io_uring_setup, 1, nullptr); }},
    {"bpf", [] { return syscall(SYS_bpf, BPF_MAP_CREATE, nullptr, 0); }},
    {"perf", [] { return syscall(SYS_perf_event_open, nullptr, 0, -1, -1, 0); }},
    {"userfaultfd", [] { return syscall(SYS_userfaultfd, 0); }},
    {"shmget", [] { return syscall(SYS_shmget, 1, 4096, 01600); }},
    {"memfd", [] { return syscall(SYS_memfd_create, "x", 0); }},
    {"setuid", [] { return syscall(SYS_setuid, 0); }},
    {"kill_parent", [] { return syscall(SYS_kill, getppid(), SIGTERM); }},
    {"kill_all", [] { return syscall(SYS_kill, -1, SIGTERM); }},
    {"outlive", [] { return syscall(SYS_prctl, PR_SET_PDEATHSIG, 0); }},
    {"write_file", [] { return syscall(SYS_openat, AT_FDCWD, "/tmp/autograder_marker", O_WRONLY | O_CREAT, 0600); }},
    {"truncate_file", [] { return syscall(SYS_open, "/proc/self/comm", O_RDONLY | O_TRUNC, 0600); }},
    {"write_shm", [] { return syscall(SYS_openat, AT_FDCWD, "/dev/shm/autograder_marker", O_RDWR | O_CREAT, 0600); }},
    {"mkdir", [] { return syscall(SYS_mkdir, "/tmp/autograder_marker", 0700); }},
    {"unlink", [] { return syscall(SYS_unlink, "/tmp/autograder_nothing"); }},
    {"symlink", [] { return syscall(SYS_symlink, "/", "/tmp/autograder_marker"); }},
    {"chmod", [] { return syscall(SYS_chmod, ".", 0777); }},
    {"raise_limit",
     [] {
       const rlimit more{RLIM_INFINITY, RLIM_INFINITY};
       return static_cast<long>(setrlimit(RLIMIT_AS, &more));
     }},
    {"terminal",
     [] {
       char c = 0;
       return syscall(SYS_ioctl, 0, 0x5412 /* TIOCSTI */, &c);
     }},
    // What must work.
    {"before_main",
     [] {
       errno = static_cast<int>(before_main);
       return before_main == 0 ? 0L : -1L;
     }},
    {"pause", [] { return static_cast<long>(pause()); }},
    {"exit",
     [] {
       std::cerr << "gone" << std::flush;
       _exit(7);
       return 0L;
     }},
    {"abort",
     [] {
       abort();
       return 0L;
     }},
    {"kill_neighbours",
     [] {
       long refused = 0, reached = 0;
       for (pid_t pid = 1; pid < getpid() + 64; ++pid) {
         if (pid != getpid()) kill(pid, 0) == 0 ? ++reached : ++refused;
       }
       return reached > 0 ? 0L : -1L;
     }},
    {"raise", [] { return syscall(SYS_tgkill, getpid(), gettid(), 0); }},
    {"thread", [] { return start_thread(); }},
    {"threads",
     [] {
       long started = 0;
       while (started < 1000 && start_thread() >= 0) ++started;
       std::cerr << started;
       errno = EAGAIN;
       return started < 1000 ? -1L : 0L;
     }},
};

std::string attempt(const std::string& what) {
  if (what.starts_with("read ")) return outcome(open(what.c_str() + 5, O_RDONLY | O_CLOEXEC));
  if (what == "environment") {
    std::string all;
    for (char** variable = environ; *variable; ++variable) all += std::string(*variable) + " ";
    return all;
  }
  if (what == "descriptors") {
    std::string open;
    for (int descriptor = 0; descriptor < 64; ++descriptor) {
      if (fcntl(descriptor, F_GETFD) >= 0) open += std::to_string(descriptor) + " ";
    }
    return open;
  }
  if (what == "root") {
    std::string names;
    std::error_code closed;
    for (const auto& entry : std::filesystem::directory_iterator("/", closed))
      names += entry.path().filename().string() + " ";
    return names;
  }
  if (what == "count") {
    static int count = 0;
    return std::to_string(++count);
  }
  if (what == "identity") return std::to_string(getuid()) + " " + std::to_string(getgid());
  if (what == "privileges") return std::to_string(prctl(PR_CAPBSET_READ, 0)) + std::to_string(syscall(SYS_getpid) > 0);
  return outcome(attempts.at(what)());
}

}  // namespace

extern "C" int autograder_worker(int, char**) {
  for (std::string line; std::getline(std::cin, line);) {
    errno = 0;
    const std::string answer = attempt(line) + "\n";
    if (write(3, answer.data(), answer.size()) < 0) return 1;
  }
  return 0;
}
