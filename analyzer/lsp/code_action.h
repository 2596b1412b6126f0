#pragma once
/*
 * Code actions: what the editor is offered for a range, and the edits of what was chosen. An action
 * is for one version of its document: of another one nothing is changed.
 */
#include "lsp/action.h"
#include "lsp/checked.h"

json_t *handle_code_action(Call *call);
json_t *handle_code_action_resolve(Call *call);

/* The file that the data of an action is about, as it is now, and the action. False, and the
   call has failed, if the data is wrong, or the document has changed since. */
bool code_action_find(Call *call, Param data, Checked *checked, Action *action);

/* The workspace edit of the action. Checks the file anew: the finding of the action may be gone. */
json_t *code_action_edit(Call *call, Checked *checked, const Action *action);
