#include "cli/command.h"

const Command *const commands[] = {
  &command_check,  &command_baseline, &command_suppressions, &command_cache,
  &command_run,    &command_verify,   &command_rule,         &command_server,
  &command_config, &command_migrate,  &command_completions,  &command_man,
};

const uint32_t command_count = sizeof(commands) / sizeof(*commands);
