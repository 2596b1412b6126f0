#include "proof/interpreter.h"

#include <sys/wait.h>

#include "proof/launch.h"

enum { SECONDS = 30 };

static const char question[] =
  "import os, sys\n"
  "answer = '.'.join(map(str, sys.version_info[:3])) + '\\n' + sys.executable + '\\n'\n"
  "os.write(int(os.environ['AWRY_REPORT']), answer.encode())\n";

static bool read_answer(Str answer, Interpreter *interpreter) {
  uint32_t minor;
  interpreter->version = str_next(&answer, '\n');
  interpreter->path = str_next(&answer, '\n');
  Str rest = interpreter->version;
  Str major = str_next(&rest, '.');
  if (!str_is(major, "3") || !str_count(str_next(&rest, '.'), &minor)) minor = 0;
  interpreter->minor = (uint16_t)minor;
  return interpreter->path.len > 0;
}

bool interpreter_ask(
  Arena *arena, const Scratch *scratch, Str python, Interpreter *interpreter, Str *message
) {
  Stage stage;
  if (!stage_open(arena, scratch, scratch->folder, &stage, message)) return false;
  Containment containment = stage_containment(arena, &stage, STR("/"), SECONDS, true);
  char *arguments[] = { (char *)str_terminated(arena, python), "-c", (char *)question, NULL };
  Launch request = { .arguments = arguments, .containment = &containment, .seconds = SECONDS };
  LaunchResult result;
  bool is_started = launch(arena, &request, &result, message);
  bool is_known = is_started && read_answer(result.lines, interpreter);
  Str words = stage_last_words(arena, &stage);
  stage_close(arena, &stage);
  if (is_started && !is_known && result.end == LAUNCH_INTERRUPTED) {
    *message = STR("was interrupted");
  } else if (is_started && !is_known) {
    *message = str_format(
      arena,
      "the interpreter %.*s cannot be used%s%.*s",
      STR_ARGS(python),
      words.len > 0 ? ": " : "",
      STR_ARGS(words)
    );
  }
  return is_known;
}
