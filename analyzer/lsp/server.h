#pragma once
/*
 * Server: the language server without its threads and streams. Messages go in one by one, in the
 * order in which they came; what is sent goes to the outbox. Work that can wait (diagnostics to
 * publish, a pass over all files) is done in portions between messages.
 *
 * Owns: everything below it, until server_end.
 */
#include "lsp/buffer.h"
#include "lsp/call.h"
#include "lsp/client.h"
#include "lsp/inbox.h"
#include "project/workspace.h"

typedef enum {
  STAGE_NEW,
  STAGE_RUNNING, /* `initialize` has been answered */
  STAGE_SHUT_DOWN,
  STAGE_OVER,
} Stage;

typedef struct {
  uint32_t id;
  /* One of both is NULL. The client may send anything. */
  void (*handle)(Server *server, Arena *arena, const json_t *result, const json_t *error);
} Awaited;

typedef struct Sweep Sweep;
typedef struct BaselineRun BaselineRun;

typedef enum {
  SCAN_UNWANTED, /* nobody wants to see it, or it is done */
  SCAN_ASKED,    /* the client has not agreed yet to show it */
  SCAN_AGREED,
} ScanStage;

typedef struct {
  Arena *arena; /* NULL: nothing has been told */
  Map texts;
} ToldProblems;

typedef struct {
  Arena *arena;    /* of what the workspace is configured with; NULL: nothing */
  Strs wrong;      /* with it, as the log has it */
  json_t *initial; /* what `initialize` said; NULL: nothing */
  json_t *current; /* what holds; NULL: nothing has been said */
} EditorSettings;

/* Must live as long as the server. */
typedef struct {
  Str version;       /* of the program */
  Str folder;        /* in which it was started; absolute */
  Str user_settings; /* as SettingsChoice.user_file */
  uint32_t threads;  /* at least 1 */
  const Hash *build; /* of the program: what the caches are of; NULL: none is used */
  Str cache_folder;  /* where these lie unless settings say so; empty: in the projects */
  /* Set by others once nobody wants what takes long any more; NULL: never. */
  const atomic_bool *is_ending;
} ServerSetup;

struct Server {
  Arena *arena;   /* as long as the server: for what does not grow */
  Arena *message; /* reset after each message and each portion of work */
  Inbox *inbox;
  Outbox *outbox;
  Str version; /* of the program */
  Str folder;  /* of what has no place on disk; absolute */
  const ServerSetup *setup;
  Stage stage;
  bool was_shut_down; /* before it was over */
  Client client;
  Workspace *workspace;
  Buffers buffers;
  EditorSettings settings;
  Map watched; /* settings files outside of the folders, which the client was asked to watch */
  ToldProblems
    problems;     /* that are in the client's log, since anything changed that may mend them */
  ScanStage scan; /* of the project, which the first file to be linted needs */
  BaselineRun *baseline; /* that is being created; NULL: none is */
  Vec(Sweep *) sweeps;   /* that are not answered yet, the oldest first */
  uint32_t published;    /* buffers up to that one are up to date */
  bool wants_publishing; /* those of the others may be not */
  bool wants_refresh;    /* the client has to ask for its diagnostics again */
  uint32_t last_id;      /* of our own requests */
  Vec(Awaited) awaited;
};

/* Stays in its place until server_end. */
void server_begin(Server *server, Inbox *inbox, Outbox *outbox, const ServerSetup *setup);
void server_end(Server *server);

/* Handles the message and frees it. */
void server_handle(Server *server, Message *message);

/* True if there is work that waits for a moment without messages. */
bool server_has_work(const Server *server);
/* How long to wait for a message before there is work to do (see inbox_take). */
int server_patience(const Server *server);
/* Does a portion of it. */
void server_work(Server *server);

/* The open document of that URI, or NULL. */
Buffer *server_buffer(const Server *server, Str uri, Arena *arena);

/* Answers a request that was deferred; gives up the result. */
void server_answer(Server *server, const json_t *id, json_t *result);
void server_answer_error(Server *server, const json_t *id, ErrorCode code, Str text);

/* Both give up the parameters; NULL: none. */
void server_notify(Server *server, const char *method, json_t *params);
void server_ask(
  Server *server,
  const char *method,
  json_t *params,
  void (*handle)(Server *server, Arena *arena, const json_t *result, const json_t *error)
);

/* How loud a line in the client's log is, as the protocol numbers it. None opens a window. */
typedef enum { LOG_ERROR = 1, LOG_WARNING = 2, LOG_INFO = 3, LOG_DETAIL = 4 } LogLevel;

void server_log(Server *server, LogLevel level, const char *format, ...)
  __attribute__((format(printf, 3, 4)));
