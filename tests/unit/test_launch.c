/* Launch and contain: programs that are let run, and what they cannot do. */
#include "proof/launch.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "proof/interrupt.h"
#include "unit.h"

typedef struct {
  Arena *arena;
  char top[64]; /* holds all that follows */
  char scratch[128], project[128], upper[128], work[128], trial[128];
  Walls walls;
} Place;

static void make_folder(char *path, const char *top, const char *name) {
  snprintf(path, 128, "%s/%s", top, name);
  assert_int_equal(mkdir(path, 0700), 0);
}

static void set_up(Place *place) {
  *place = (Place){ .arena = arena_new(), .top = "/var/tmp/test-launch-XXXXXX" };
  assert_non_null(mkdtemp(place->top));
  make_folder(place->scratch, place->top, "scratch");
  make_folder(place->project, place->top, "project");
  make_folder(place->upper, place->scratch, "upper");
  make_folder(place->work, place->scratch, "work");
  make_folder(place->trial, place->scratch, "trial");
  place->walls = walls_find(place->trial);
}

static void tear_down(Place *place) {
  char command[128];
  snprintf(command, sizeof(command), "rm -rf %s", place->top);
  assert_int_equal(system(command), 0); // NOLINT(cert-env33-c): the command is ours
  arena_free(place->arena);
}

static Containment containment_of(const Place *place, int output) {
  bool is_covered = place->walls.has_namespaces;
  return (Containment){
    .walls = place->walls,
    .allows_network = !place->walls.has_namespaces && !place->walls.has_filter,
    .cpu_seconds = 10,
    .memory_bytes = (uint64_t)1 << 31,
    .file_bytes = 1 << 20,
    .folder = place->project,
    .scratch = place->scratch,
    .covered = is_covered ? place->project : NULL,
    .upper = is_covered ? place->upper : NULL,
    .work = is_covered ? place->work : NULL,
    .output = output,
  };
}

/* Runs the shell's script; its output is what it reports. */
static LaunchResult run_script(Place *place, const char *script, uint32_t seconds) {
  char path[192];
  snprintf(path, sizeof(path), "%s/output", place->scratch);
  int output = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  Containment containment = containment_of(place, output);
  char *arguments[] = { "/bin/sh", "-c", (char *)script, NULL };
  Launch request = { .arguments = arguments, .containment = &containment, .seconds = seconds };
  LaunchResult result;
  Str message = STR_EMPTY;
  Interrupts interrupts = interrupts_hold();
  assert_true(launch(place->arena, &request, &result, &message));
  interrupts_release(&interrupts);
  close(output);
  return result;
}

static Str text_of(Place *place, const char *folder, const char *name) {
  Str text = STR_EMPTY;
  Str path = str_format(place->arena, "%s/%s", folder, name);
  file_read(place->arena, path, 4096, &text);
  return text;
}

static void reports_and_ends(void **state) {
  (void)state;
  Place place;
  set_up(&place);
  LaunchResult result = run_script(&place, "echo seen >&$AWRY_REPORT; echo said; exit 3", 10);
  assert_int_equal(result.end, LAUNCH_ENDED);
  assert_true(WIFEXITED(result.status));
  assert_int_equal(WEXITSTATUS(result.status), 3);
  assert_str(result.lines, "seen\n");
  assert_str(text_of(&place, place.scratch, "output"), "said\n");
  tear_down(&place);
}

static void its_signal_is_told(void **state) {
  (void)state;
  Place place;
  set_up(&place);
  LaunchResult result = run_script(&place, "kill -SEGV $$", 10);
  assert_int_equal(result.end, LAUNCH_ENDED);
  assert_true(WIFSIGNALED(result.status));
  assert_int_equal(WTERMSIG(result.status), SIGSEGV);
  tear_down(&place);
}

static void reads_nothing(void **state) {
  (void)state;
  Place place;
  set_up(&place);
  LaunchResult result = run_script(&place, "read line || echo nothing >&$AWRY_REPORT", 10);
  assert_str(result.lines, "nothing\n");
  tear_down(&place);
}

static void ends_when_its_time_is_over(void **state) {
  (void)state;
  Place place;
  set_up(&place);
  /* Children with sessions of their own, too. */
  LaunchResult result =
    run_script(&place, "setsid sleep 1000 & trap '' TERM INT; while :; do sleep 1; done", 1);
  assert_int_equal(result.end, LAUNCH_OVERDUE);
  tear_down(&place);
}

static void writes_go_to_the_scratch_folder(void **state) {
  (void)state;
  Place place;
  set_up(&place);
  if (place.walls.has_namespaces) {
    const char *script = "echo kept > old; echo new > file; cat file old >&$AWRY_REPORT; "
                         "echo x 2>/dev/null > ../outside || echo refused >&$AWRY_REPORT";
    LaunchResult result = run_script(&place, script, 10);
    assert_str(result.lines, "new\nkept\nrefused\n");
    assert_str(text_of(&place, place.project, "file"), "");
    assert_str(text_of(&place, place.upper, "file"), "new\n");
  }
  tear_down(&place);
}

static void has_little_room(void **state) {
  (void)state;
  Place place;
  set_up(&place);
  const char *script = "ulimit -v >&$AWRY_REPORT; ulimit -c >&$AWRY_REPORT; "
                       "head -c 3000000 /dev/zero > \"$PWD/big\" 2>/dev/null; "
                       "wc -c < \"$PWD/big\" >&$AWRY_REPORT";
  LaunchResult result = run_script(&place, script, 10);
  if (place.walls.has_namespaces) assert_str(result.lines, "2097152\n0\n1048576\n");
  tear_down(&place);
}

static void many_processes_are_ended(void **state) {
  (void)state;
  Place place;
  set_up(&place);
  const char *script = "i=0; while [ $i -lt 2000 ]; do sleep 1000 & i=$((i+1)); done; wait";
  LaunchResult result = run_script(&place, script, 30);
  assert_int_not_equal(result.end, LAUNCH_OVERDUE);
  assert_true(result.end == LAUNCH_CROWDED || result.status != 0);
  tear_down(&place);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(reports_and_ends),
    cmocka_unit_test(its_signal_is_told),
    cmocka_unit_test(reads_nothing),
    cmocka_unit_test(ends_when_its_time_is_over),
    cmocka_unit_test(writes_go_to_the_scratch_folder),
    cmocka_unit_test(has_little_room),
    cmocka_unit_test(many_processes_are_ended),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
