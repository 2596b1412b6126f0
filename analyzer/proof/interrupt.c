#include "proof/interrupt.h"

#include <stddef.h>
#include <time.h>

static sigset_t held(void) {
  sigset_t signals;
  sigemptyset(&signals);
  const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
  for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) sigaddset(&signals, numbers[i]);
  return signals;
}

Interrupts interrupts_hold(void) {
  Interrupts interrupts;
  sigset_t signals = held();
  sigprocmask(SIG_BLOCK, &signals, &interrupts.before);
  return interrupts;
}

bool interrupts_take(void) {
  sigset_t signals = held();
  return sigtimedwait(&signals, NULL, &(struct timespec){ 0 }) > 0;
}

void interrupts_release(const Interrupts *interrupts) {
  sigprocmask(SIG_SETMASK, &interrupts->before, NULL);
}
