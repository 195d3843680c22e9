// Which system calls a confined program may make, by name, with the reason for each group. A name that this system's
// libseccomp or architecture does not know is passed over.
//
// A tool may make all but the refused ones: compilers use many calls, differently from version to version, and no
// student code runs in them. A worker may make the named ones only; all others fail with ENOSYS, as on a kernel that
// lacks them, so that libraries fall back where they can.
#pragma once

namespace launcher {

/// Refused to both, with EPERM.
inline constexpr const char* kRefused[] = {
    // The network, and sockets of other processes on this machine.
    "socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "sendmmsg",
    "recvfrom", "recvmsg", "recvmmsg", "setsockopt", "getsockopt", "getsockname", "getpeername", "shutdown",
    "socketcall",
    // Other processes: their memory, descriptors, signals, identity.
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease", "pidfd_open",
    "pidfd_getfd", "pidfd_send_signal", "kcmp", "move_pages", "migrate_pages",
    // Large kernel surfaces that no compiler and no homework needs.
    "io_uring_setup", "io_uring_enter", "io_uring_register", "bpf", "perf_event_open", "userfaultfd", "fanotify_init",
    "add_key", "request_key", "keyctl", "io_setup", "io_submit", "lookup_dcookie", "modify_ldt", "vmsplice",
    // The file system's shape, and ways around its paths.
    "mount", "umount", "umount2", "pivot_root", "chroot", "fsopen", "fsconfig", "fsmount", "fspick", "move_mount",
    "open_tree", "mount_setattr", "open_by_handle_at", "name_to_handle_at", "mknod", "mknodat", "quotactl",
    "quotactl_fd",
    // New namespaces would give rights back. clone's flags are looked at, clone3's cannot be: see
    // filter_system_calls().
    "unshare", "setns",
    // Another identity, another machine state.
    "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid", "setgroups", "capset",
    "personality", "acct", "swapon", "swapoff", "reboot", "kexec_load", "kexec_file_load", "init_module",
    "finit_module", "delete_module", "iopl", "ioperm", "settimeofday", "clock_settime", "clock_adjtime", "adjtimex",
    "sethostname", "setdomainname", "syslog", "vhangup", "nfsservctl",
    // Memory that outlives its process.
    "shmget", "shmat", "shmctl", "msgget", "msgsnd", "msgrcv", "msgctl", "semget", "semop", "semtimedop", "semctl",
    "mq_open", "mq_unlink"};

/// Refused to a worker, with EPERM, beyond kRefused: so that a student who tries reads "Operation not permitted".
inline constexpr const char* kRefusedToWorker[] = {
    "fork", "vfork", "execve", "execveat", "setsid", "setpgid",
    // Whatever leaves something behind.
    "creat", "mkdir", "mkdirat", "unlink", "unlinkat", "rmdir", "rename", "renameat", "renameat2", "link", "linkat",
    "symlink", "symlinkat", "chmod", "fchmod", "fchmodat", "chown", "fchown", "lchown", "fchownat", "truncate",
    "ftruncate", "fallocate", "utimensat", "pipe", "pipe2", "chdir", "fchdir",
    // Of any process of the same user.
    "sched_setaffinity"};

/// What a worker may do.
inline constexpr const char* kAllowedToWorker[] = {
    // Memory.
    "brk", "mmap", "mmap2", "munmap", "mremap", "mprotect", "madvise", "mincore", "pkey_mprotect", "pkey_alloc",
    "pkey_free", "membarrier",
    // Reading requests and libraries, writing answers. Opening is allowed for reading only: see filter_system_calls().
    "read", "readv", "pread64", "preadv", "write", "writev", "pwrite64", "pwritev", "close", "close_range", "lseek",
    "_llseek", "stat", "stat64", "lstat", "lstat64", "fstat", "fstat64", "fstatat64", "newfstatat", "statx", "access",
    "faccessat", "faccessat2", "readlink", "readlinkat", "getdents", "getdents64", "getcwd", "fadvise64",
    "fadvise64_64", "dup", "dup2", "dup3", "poll", "ppoll", "ppoll_time64", "select", "_newselect", "pselect6",
    "pselect6_time64", "statfs", "fstatfs", "statfs64", "fstatfs64",
    // Threads of its own.
    "exit", "exit_group", "futex", "futex_time64", "futex_waitv", "set_robust_list", "get_robust_list", "rseq",
    "set_tid_address", "set_thread_area", "arch_prctl", "sched_yield", "sched_getaffinity",
    "sched_getparam", "sched_getscheduler", "sched_get_priority_max", "sched_get_priority_min", "gettid", "getcpu",
    // Its own signals.
    "rt_sigaction", "sigaction", "rt_sigprocmask", "sigprocmask", "rt_sigreturn", "sigreturn", "sigaltstack",
    "rt_sigpending", "rt_sigsuspend", "rt_sigtimedwait", "restart_syscall", "pause", "alarm", "setitimer", "getitimer",
    // Clocks, sizes and names. A limit can be lowered, never raised.
    "clock_gettime", "clock_gettime64", "clock_getres", "clock_nanosleep", "clock_nanosleep_time64", "nanosleep",
    "gettimeofday", "time", "times", "getrusage", "getrlimit", "ugetrlimit", "setrlimit", "sysinfo", "uname",
    "getrandom", "getpid", "getppid", "getuid", "getuid32", "geteuid", "geteuid32", "getgid", "getgid32", "getegid",
    "getegid32", "getpgrp", "getpgid", "getsid", "umask"};

}  // namespace launcher
