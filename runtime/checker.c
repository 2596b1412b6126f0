#include "runtime/checker.h"

#include "runtime/chain.h"
#include "runtime/handled.h"
#include "runtime/hook.h"
#include "runtime/hooks.h"
#include "runtime/sessions.h"
#include "runtime/task.h"

bool checker_install(void) {
  return site_install() && chain_install() && handled_install() && coro_install() &&
    task_install() && hook_install() && hooks_install() && sessions_install();
}

void checker_settle(void) { observed_settle(); }
