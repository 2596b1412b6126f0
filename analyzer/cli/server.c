/* awry server: the language server, on standard input and output. */
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/thread.h"
#include "cli/caching.h"
#include "cli/settings_options.h"
#include "lsp/serve.h"

typedef struct {
  bool stdio;
  bool no_cache;
} ServerOptions;

static const Option options[] = {
  { "--stdio",
    NULL,
    "speak over standard input and output, which it does anyway",
    OPTION_FLAG,
    offsetof(ServerOptions, stdio) },
  { "--no-cache",
    NULL,
    "neither use nor keep what earlier runs have found out",
    OPTION_FLAG,
    offsetof(ServerOptions, no_cache) },
};

static int run_server(const Invocation *invocation) {
  const ServerOptions *chosen = invocation->options;
  if (invocation->names.count > 0) {
    Str name = invocation->names.items[0];
    fprintf(stderr, "awry server: it takes no arguments, such as \"%.*s\"\n", STR_ARGS(name));
    return EXIT_PROBLEM;
  }
  ServerSetup setup = { .version = STR(AWRY_VERSION),
                        .threads = cpu_count(),
                        .user_settings = user_settings_file(invocation->arena) };
  if (!chosen->no_cache) {
    setup.build = caching_build(invocation->arena);
    setup.cache_folder = caching_folder();
  }
  FileFault fault = file_current_directory(invocation->arena, &setup.folder);
  if (fault != FILE_OK) {
    fprintf(stderr, "awry server: the working folder %s\n", file_fault_text(fault));
    return EXIT_PROBLEM;
  }
  ServeEnd end = serve(STDIN_FILENO, STDOUT_FILENO, &setup);
  if (end == SERVE_IMPOSSIBLE) {
    fputs("awry server: the system has no thread for it\n", stderr);
    return EXIT_PROBLEM;
  }
  return end == SERVE_LEFT ? 0 : 1; /* as the protocol wants it */
}

const Command command_server = {
  .name = "server",
  .arguments = "",
  .summary = "Speak to an editor, over the Language Server Protocol",
  .options = options,
  .option_count = sizeof(options) / sizeof(*options),
  .options_size = sizeof(ServerOptions),
  .run = run_server,
};
