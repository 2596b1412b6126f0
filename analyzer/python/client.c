#include "python/client.h"

#include "python/facts.h"
#include "python/name.h"

typedef struct {
  Str made_by;
  SessionClass class;
} Client;

#define LITERAL(text) \
  { (text), sizeof(text) - 1 }
#define ROW(is_http_client, maker, name, method, keyword) \
  { \
    LITERAL(maker), \
    { LITERAL(name), LITERAL(method), (const char *const[]){ keyword, NULL }, (is_http_client) } \
  },

static const Client CLIENTS[] = {
#define HTTP_CLIENT(maker, name, method, keyword) ROW(true, maker, name, method, keyword)
#define CLIENT(maker, name, method, keyword) ROW(false, maker, name, method, keyword)
#include "python/clients.def"
};

enum { CLIENT_COUNT = sizeof CLIENTS / sizeof *CLIENTS };

static const SessionClass *client_named(Str name) {
  for (size_t i = 0; i < CLIENT_COUNT; i++) {
    if (str_equal(name, CLIENTS[i].made_by) || str_equal(name, CLIENTS[i].class.class_name))
      return &CLIENTS[i].class;
  }
  return NULL;
}

/* A project class that derives from a client. */
static const SessionClass *client_derived(const Project *project, Str name) {
  if (project == NULL || project_class(project, name) == NULL) return NULL;
  for (size_t i = 0; i < CLIENT_COUNT; i++) {
    if (project_is_subclass(project, name, CLIENTS[i].made_by)) return &CLIENTS[i].class;
  }
  return NULL;
}

const SessionClass *client_class(Module *module, Str name) {
  const SessionClass *client = client_named(name);
  return client != NULL ? client : client_derived(module->project, name);
}

static const SessionClass *made_by(Module *module, Str name) {
  if (name.len == 0) return NULL;
  if (module->project != NULL) name = project_canonical(module->project, name);
  for (size_t i = 0; i < CLIENT_COUNT; i++) {
    if (str_equal(name, CLIENTS[i].made_by)) return &CLIENTS[i].class;
  }
  return client_derived(module->project, name);
}

const SessionClass *session_class(Module *module, Node call) {
  return made_by(module, name_of(module, call_function(module, call)));
}
