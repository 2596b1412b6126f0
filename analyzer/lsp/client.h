#pragma once
/*
 * Client: what the editor says of itself when it starts the server, as plain data.
 *
 * Owns: nothing; texts live in the arena it was read into.
 */
#include "base/strs.h"
#include "lsp/param.h"
#include "lsp/position.h"

typedef struct {
  Encoding encoding;     /* the first one of its list that we know */
  bool offers_encodings; /* else it is not told of any */
  int64_t process;       /* that started us; 0: unknown */
  bool pulls;            /* diagnostics, by textDocument/diagnostic */
  bool refreshes_diagnostics;
  bool shows_related; /* relatedInformation */
  bool shows_description_links;
  bool shows_unnecessary; /* the tag */
  bool keeps_data;        /* of diagnostics, for code actions */
  bool resolves_edits;    /* asks for a code action's edit when it is chosen */
  bool keeps_action_data;
  bool knows_action_literals; /* else code actions are commands */
  bool knows_preferred_actions;
  bool reads_markdown; /* in hovers */
  bool knows_notebooks;
  bool applies_edits;  /* workspace/applyEdit */
  bool versions_edits; /* documentChanges of a workspace edit */
  bool tells_configuration;
  bool registers_configuration;
  bool registers_watched_files;
  bool watches_anywhere; /* by patterns that are relative to a folder */
  bool shows_progress;   /* that the server begins */
  bool has_folders;
} Client;

/* Reads the parameters of `initialize`. What a client announces in a shape that is not the
   protocol's, it does not announce. */
void client_read(Client *client, const json_t *params);
