/* awry: the command line. Only this folder prints and decides on exit statuses. */
#include <signal.h>
#include <stdio.h>

#include "cli/command.h"

static void show_usage(FILE *stream) {
  fputs(
    "awry finds asyncio errors that never surface, and says how each one gets lost.\n"
    "\n"
    "Usage: awry COMMAND [options] [arguments]\n"
    "\n"
    "Commands:\n",
    stream
  );
  for (uint32_t i = 0; i < command_count; i++) {
    fprintf(stream, "  %-12s %s\n", commands[i]->name, commands[i]->summary);
  }
  fputs(
    "\n`awry COMMAND --help` lists a command's options. `awry --version` shows the version.\n",
    stream
  );
}

static const Command *find_command(Str name) {
  for (uint32_t i = 0; i < command_count; i++) {
    if (str_is(name, commands[i]->name)) return commands[i];
  }
  return NULL;
}

static int run_command(const Command *command, int count, char **arguments) {
  Arena *arena = arena_new();
  Invocation invocation = {
    .command = command,
    .arena = arena,
    .options = arena_alloc(arena, command->options_size + 1),
  };
  bool is_help = false;
  Str error = STR_EMPTY;
  int status;
  if (!command_parse(command, count, arguments, &invocation, &is_help, &error)) {
    fprintf(stderr, "awry %s: %.*s\n", command->name, STR_ARGS(error));
    fprintf(stderr, "`awry %s --help` lists the options.\n", command->name);
    status = EXIT_PROBLEM;
  } else if (is_help) {
    Text help = { .arena = arena };
    add_command_help(&help, command);
    print(text_str(&help));
    status = EXIT_CLEAN;
  } else {
    status = command->run(&invocation);
  }
  arena_free(arena);
  if (fflush(stdout) != 0 || ferror(stdout)) {
    fputs("awry: standard output could not be written to the end\n", stderr);
    return EXIT_PROBLEM;
  }
  return status;
}

int main(int argc, char **argv) {
  /* A reader that closes early (`awry check | head`) is told by fflush above, not by a signal. */
  signal(SIGPIPE, SIG_IGN);
  Str name = argc > 1 ? str_from(argv[1]) : STR_EMPTY;
  if (str_is(name, "--version") || str_is(name, "-V")) {
    printf("awry %s\n", AWRY_VERSION);
    return EXIT_CLEAN;
  }
  if (argc < 2 || str_is(name, "--help") || str_is(name, "-h") || str_is(name, "help")) {
    show_usage(argc < 2 ? stderr : stdout);
    return argc < 2 ? EXIT_PROBLEM : EXIT_CLEAN;
  }
  const Command *command = find_command(name);
  if (!command) {
    fprintf(stderr, "awry: there is no command \"%s\"\n\n", argv[1]);
    show_usage(stderr);
    return EXIT_PROBLEM;
  }
  return run_command(command, argc - 2, argv + 2);
}
