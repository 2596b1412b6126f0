#pragma once
/*
 * Stage: where a program is run to prove something: the user's files as they are, but for one of them, and nothing of them
 * within reach. Where the system grants namespaces they are where they are, and what the program writes goes elsewhere;
 * without, they are a copy.
 */
#include "base/strs.h"
#include "proof/contain.h"

/* The folder that holds the stages of one command. */
typedef struct {
  Str folder;
  Walls walls;
} Scratch;

/* False with a message if there is no place for it. Requires: interrupts are held back, so that it is removed, too. */
bool scratch_open(Arena *arena, Scratch *scratch, Str *message);
void scratch_close(Arena *arena, const Scratch *scratch);

typedef struct {
  Walls walls;
  Str folder;      /* holds all that the program may write */
  Str root;        /* the user's project */
  Str seen;        /* where the program finds it: the same, or a copy */
  Str upper, work; /* empty: it is a copy */
  int output;      /* takes what the program prints */
} Stage;

/* False with a message, for people to stand behind "cannot be run: ". */
bool stage_open(Arena *arena, const Scratch *scratch, Str root, Stage *stage, Str *message);
/* Puts the text in the place of one of the project's files. */
bool stage_put(Arena *arena, const Stage *stage, Str path, Str text);
/* Where the program finds what the user has there, and the other way round. */
Str stage_path(Arena *arena, const Stage *stage, Str path);
Str stage_origin(Arena *arena, const Stage *stage, Str path);
/* Settings of the environment, "NAME=value", that keep the program's own files on the stage. */
Strs stage_environment(Arena *arena, const Stage *stage);
/* What a program on the stage may do. `folder` is where the user works: the program does, too, if that is in the project. */
Containment stage_containment(
  Arena *arena, const Stage *stage, Str folder, uint32_t seconds, bool allows_network
);
/* The last line that the program printed. */
Str stage_last_words(Arena *arena, const Stage *stage);
void stage_close(Arena *arena, Stage *stage);
