#pragma once
/*
 * Interpreter: what a Python says of itself.
 */
#include "proof/stage.h"

typedef struct {
  Str path;       /* of the program itself, past links and launchers of launchers */
  Str version;    /* "3.12.1" */
  uint16_t minor; /* 12 */
} Interpreter;

/* Asks it, contained as what is run later. False with a message if it gives no answer. */
bool interpreter_ask(
  Arena *arena, const Scratch *scratch, Str python, Interpreter *interpreter, Str *message
);
