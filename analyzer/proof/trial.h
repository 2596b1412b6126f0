#pragma once
/*
 * Trial: runs one side of a proof on a stage of its own, contained, and reads what was seen there.
 */
#include "project/offer.h"
#include "proof/harness.h"
#include "proof/interpreter.h"
#include "proof/verdict.h"

typedef struct {
  const Scratch *scratch;
  Str python;         /* path of the interpreter */
  Str working_folder; /* of the user, absolute */
  uint32_t seconds;   /* of real time for one side */
  bool allows_network;
  bool has_tests; /* the harness is pytest with these arguments */
  Strs tests;
} TrialOptions;

/* The offer's file holds the text. `harness` is not looked at if there are tests. */
Trial trial_run(
  Arena *arena, const TrialOptions *options, const Offer *offer, const Harness *harness, Str text
);
