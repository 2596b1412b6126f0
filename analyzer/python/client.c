#include "python/client.h"

#include "python/facts.h"
#include "python/memo.h"
#include "python/name.h"

typedef struct {
  Str made_by;
  SessionClass class;
} Client;

#define ROW(is_http_client, maker, name, method, keyword, reopens) \
  { STR_CONSTANT(maker), \
    { STR_CONSTANT(name), STR_CONSTANT(method), (keyword), (reopens), (is_http_client) } },

static const Client CLIENTS[] = {
#define HTTP_CLIENT(maker, name, method, keyword, reopens) \
  ROW(true, maker, name, method, keyword, reopens)
#define CLIENT(maker, name, method, keyword) ROW(false, maker, name, method, keyword, false)
#include "python/clients.def"
};

enum { CLIENT_COUNT = sizeof CLIENTS / sizeof *CLIENTS };

/* A client's row in the table, counted from 1; 0 stands for none. */
typedef uint32_t ClientRow;

static const SessionClass *class_of_row(ClientRow row) {
  return row == 0 ? NULL : &CLIENTS[row - 1].class;
}

static ClientRow client_named(Str name) {
  for (uint32_t i = 0; i < CLIENT_COUNT; i++) {
    if (str_equal(name, CLIENTS[i].made_by) || str_equal(name, CLIENTS[i].class.class_name))
      return i + 1;
  }
  return 0;
}

/* A project class that derives from a client. */
static ClientRow client_derived(const Project *project, Str name) {
  const ClassFacts *class_ = project == NULL ? NULL : project_class(project, name);
  if (class_ == NULL || class_->bases.count == 0) return 0;
  for (uint32_t i = 0; i < CLIENT_COUNT; i++) {
    if (project_is_subclass(project, name, CLIENTS[i].made_by)) return i + 1;
  }
  return 0;
}

const SessionClass *client_class(Module *module, Str name) {
  ClientRow row = client_named(name);
  return class_of_row(row != 0 ? row : client_derived(module->project, name));
}

static ClientRow made_by(const Project *project, Str name) {
  if (project != NULL) name = project_canonical(project, name);
  for (uint32_t i = 0; i < CLIENT_COUNT; i++) {
    if (str_equal(name, CLIENTS[i].made_by)) return i + 1;
  }
  return client_derived(project, name);
}

const SessionClass *session_class(Module *module, Node call) {
  Str name = name_of(module, call_function(module, call));
  if (name.len == 0) return NULL;
  Map *clients = &memo_of(module)->clients;
  uint32_t row;
  if (!map_get(clients, name, &row)) {
    row = made_by(module->project, name);
    map_put(module->arena, clients, name, row);
  }
  return class_of_row(row);
}
