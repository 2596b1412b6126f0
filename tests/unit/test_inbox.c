#include "lsp/inbox.h"

#include "unit.h"

/* What is sent, one body after the other, each in a line. */
static bool collect(void *state, Str bytes) {
  Text *text = state;
  text_add(text, str_slice(bytes, str_find(bytes, STR("{")), bytes.len));
  text_add_char(text, '\n');
  return true;
}

typedef struct {
  Text sent;
  Outbox outbox;
  Inbox inbox;
} Post;

static int make_post(void **state) {
  Arena *arena = arena_new();
  Post *post = arena_make(arena, Post);
  post->sent.arena = arena;
  outbox_begin(&post->outbox, collect, &post->sent);
  inbox_begin(&post->inbox, &post->outbox);
  *state = post;
  return 0;
}

static int free_post(void **state) {
  Post *post = *state;
  inbox_end(&post->inbox);
  outbox_end(&post->outbox);
  arena_free(post->sent.arena);
  return 0;
}

static void put(Post *post, const char *json) {
  char body[200];
  size_t len = strlen(json);
  memcpy(body, json, len + 1);
  inbox_put(&post->inbox, message_parse(body, (uint32_t)len), false);
}

static void take(Post *post, const char *method) {
  Message message;
  assert_int_equal(inbox_take(&post->inbox, WAIT_NOT, &message), INBOX_MESSAGE);
  assert_str(message.method, method);
  if (message.id) inbox_answer(&post->inbox, message.id, message_result(message.id, json_null()));
  message_free(&message);
}

static void messages_come_out_in_their_order(void **state) {
  Post *post = *state;
  for (int round = 0; round < 3; round++) {
    put(post, "{\"method\": \"a\"}");
    put(post, "{\"method\": \"b\"}");
    take(post, "a");
    put(post, "{\"method\": \"c\"}");
    take(post, "b");
    take(post, "c");
  }
  Message message;
  assert_false(post->inbox.has_mail);
  assert_int_equal(inbox_take(&post->inbox, WAIT_NOT, &message), INBOX_EMPTY);
  assert_int_equal(inbox_take(&post->inbox, 1, &message), INBOX_EMPTY);
}

static void what_waits_comes_out_after_the_end(void **state) {
  Post *post = *state;
  put(post, "{\"method\": \"a\"}");
  inbox_close(&post->inbox);
  take(post, "a");
  Message message;
  assert_int_equal(inbox_take(&post->inbox, WAIT_FOREVER, &message), INBOX_CLOSED);
}

static void a_cancelled_request_is_answered_at_once_and_once(void **state) {
  Post *post = *state;
  put(post, "{\"id\": 1, \"method\": \"a\"}");
  put(post, "{\"id\": \"1\", \"method\": \"b\"}");
  put(post, "{\"method\": \"$/cancelRequest\", \"params\": {\"id\": 1}}");
  put(post, "{\"method\": \"$/cancelRequest\", \"params\": {\"id\": 1}}");
  assert_true(str_contains(text_str(&post->sent), STR("-32800")));
  uint32_t len = post->sent.len;
  json_t *id = json_integer(1);
  assert_true(inbox_is_cancelled(&post->inbox, id));
  take(post, "a");
  assert_int_equal(post->sent.len, len);
  assert_false(inbox_is_cancelled(&post->inbox, id));
  take(post, "b");
  assert_true(str_contains(text_str(&post->sent), STR("\"id\":\"1\",\"result\":null")));
  json_decref(id);
}

static void an_id_that_is_used_twice_is_two_requests(void **state) {
  Post *post = *state;
  put(post, "{\"id\": 1, \"method\": \"a\"}");
  put(post, "{\"id\": 1, \"method\": \"b\"}");
  put(post, "{\"method\": \"$/cancelRequest\", \"params\": {\"id\": 1}}");
  take(post, "a");
  take(post, "b");
  assert_int_equal(post->inbox.open.count, 0);
}

static bool is_method(const Message *message, const void *name) {
  return str_is(message->method, name);
}

static void work_is_unwanted_once_it_is_cancelled_or_superseded(void **state) {
  Post *post = *state;
  Inbox *inbox = &post->inbox;
  json_t *id = json_integer(1);
  put(post, "{\"id\": 1, \"method\": \"a\"}");
  put(post, "{\"id\": 2, \"method\": \"a\"}");
  inbox_work_on(inbox, id);
  put(post, "{\"method\": \"$/cancelRequest\", \"params\": {\"id\": 2}}");
  assert_false(inbox->is_unwanted);
  put(post, "{\"method\": \"$/cancelRequest\", \"params\": {\"id\": 1}}");
  assert_true(inbox->is_unwanted);
  inbox_work_on(inbox, NULL);
  assert_false(inbox->is_unwanted);
  inbox_work_until(inbox, is_method, "edit");
  put(post, "{\"method\": \"other\"}");
  assert_false(inbox->is_unwanted);
  put(post, "{\"method\": \"edit\"}");
  assert_true(inbox->is_unwanted);
  inbox_work_on(inbox, id);
  assert_true(inbox->is_unwanted);
  inbox_work_on(inbox, NULL);
  inbox_work_until(inbox, is_method, "edit");
  assert_true(inbox->is_unwanted);
  json_decref(id);
}

static void a_wait_can_be_ended_without_a_message(void **state) {
  Post *post = *state;
  Message message;
  inbox_wake(&post->inbox);
  assert_int_equal(inbox_take(&post->inbox, WAIT_FOREVER, &message), INBOX_EMPTY);
  inbox_close(&post->inbox);
  inbox_wake(&post->inbox);
  assert_int_equal(inbox_take(&post->inbox, WAIT_FOREVER, &message), INBOX_EMPTY);
  assert_int_equal(inbox_take(&post->inbox, WAIT_FOREVER, &message), INBOX_CLOSED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_post, free_post)

int main(void) {
  const struct CMUnitTest tests[] = {
    TEST(messages_come_out_in_their_order),
    TEST(what_waits_comes_out_after_the_end),
    TEST(a_cancelled_request_is_answered_at_once_and_once),
    TEST(an_id_that_is_used_twice_is_two_requests),
    TEST(work_is_unwanted_once_it_is_cancelled_or_superseded),
    TEST(a_wait_can_be_ended_without_a_message),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
