#include "proof/drive.h"

#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "proof/interrupt.h"

/* What the interpreter runs: it turns away what cannot load the checker, then hands over to it. This runs in any
   Python, however old. */
static const char loader[] =
  "import os, sys\n"
  "def start():\n"
  "    descriptor = int(os.environ.pop('AWRY_REPORT'))\n"
  "    runtime, script, path, module, function, orders, imports = sys.argv[1:8]\n"
  "    def say(kind, key, value):\n"
  "        value = value.replace('\\\\', '/').replace('\"', \"'\").replace('\\n', ' ')\n"
  "        line = '{\"v\":1,\"kind\":\"%s\",\"%s\":\"%s\"}\\n' % (kind, key, value)\n"
  "        os.write(descriptor, line.encode('utf-8'))\n"
  "    def refuse(why):\n"
  "        say('refused', 'why', why)\n"
  "        sys.exit(2)\n"
  "    say('python', 'version', '.'.join(map(str, sys.version_info[:3])))\n"
  "    if sys.version_info < (3, 8):\n"
  "        refuse('is Python %d.%d; the checker needs 3.8 or later' % sys.version_info[:2])\n"
  "    if sys.implementation.name != 'cpython':\n"
  "        refuse('is ' + sys.implementation.name + '; the checker needs CPython')\n"
  "    if 't' in getattr(sys, 'abiflags', ''):\n"
  "        refuse('is a free-threaded build, for which there is no stable ABI yet')\n"
  "    try:\n"
  "        import importlib.util\n"
  "        spec = importlib.util.spec_from_file_location('awry_runtime', runtime)\n"
  "        loaded = importlib.util.module_from_spec(spec)\n"
  "        spec.loader.exec_module(loaded)\n"
  "    except ImportError as error:\n"
  "        refuse('cannot load the checker: ' + str(error))\n"
  "    sys.argv[:] = [script] + sys.argv[8:]\n"
  "    if sys.path and sys.path[0] == '':\n"
  "        sys.path[0] = imports or os.path.dirname(path)\n"
  "    loaded.main(descriptor, path, module, function or None, *([orders] if orders else []))\n"
  "start()\n";

/* --- finding the checker ----------------------------------------------------------------------- */

/* Beside our own program as it is built, where it is installed, or where pip's --target puts it. */
bool drive_find_checker(Arena *arena, Str *path, Str *message) {
  char own[4096];
  ssize_t len = readlink("/proc/self/exe", own, sizeof(own) - 1);
  own[len > 0 ? len : 0] = '\0';
  Str folder = path_parent(str_copy(arena, str_from(own)));
  const char *const places[] = { "awry_runtime.abi3.so",
                                 "../lib/awry/awry_runtime.abi3.so",
                                 "../awry_runtime.abi3.so" };
  for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
    FileFacts facts;
    *path = path_normalise(arena, path_join(arena, folder, str_from(places[i])));
    if (file_facts(*path, &facts) == FILE_OK && facts.kind == FILE_KIND_REGULAR) return true;
  }
  *message = str_format(
    arena,
    "the runtime checker, awry_runtime.abi3.so, is not in %.*s; it is built where the headers of "
    "Python are "
    "(python3-dev)",
    STR_ARGS(folder)
  );
  return false;
}

/* --- the run ----------------------------------------------------------------------------------- */

static char **arguments_of(Arena *arena, const DriveRequest *request, Str runtime) {
  uint32_t count = 0;
  char **arguments = arena_array(arena, char *, request->arguments.count + 12);
  Str module = request->function.len > 0 ? path_stem(request->path) : STR("__main__");
  if (request->module.len > 0) module = request->module;
  const Str fixed[] = {
    request->python, STR("-c"), str_from(loader),  runtime,         request->script,
    request->path,   module,    request->function, request->orders, request->import_folder
  };
  for (size_t i = 0; i < sizeof(fixed) / sizeof(*fixed); i++) {
    arguments[count++] = (char *)str_terminated(arena, fixed[i]);
  }
  for (uint32_t i = 0; i < request->arguments.count; i++) {
    arguments[count++] = (char *)str_terminated(arena, request->arguments.items[i]);
  }
  return arguments;
}

bool drive(Arena *arena, const DriveRequest *request, LaunchResult *result, Str *message) {
  Str runtime;
  if (!drive_find_checker(arena, &runtime, message)) return false;
  Launch wanted = {
    .arguments = arguments_of(arena, request, runtime),
    .environment = request->environment,
    .keeps_stdout = request->keeps_stdout,
    .containment = request->containment,
    .seconds = request->seconds,
    .listener = request->listener,
  };
  Interrupts interrupts = interrupts_hold();
  bool is_started = launch(arena, &wanted, result, message);
  interrupts_release(&interrupts);
  return is_started;
}
