// What the worker calls is found by its name alone: without the homework's headers this compiles at once.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
@HEAD@
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <initializer_list>
@TOP@
namespace mytorch::models {
class Model;
}
namespace mytorch::optim {
class SGD {
 public:
  SGD(models::Model& model, double lr, double momentum);
  void step();

 private:
  unsigned long members[10];  // l, L, lr, mu, v_W, v_b
};

SGD::SGD(models::Model&, double, double) : members() {
  @CALL@
}

void SGD::step() {
  @STEP@
}
}  // namespace mytorch::optim
namespace {
struct Start {
  Start() {
    @START@
  }
} start;
}  // namespace
@BOTTOM@
