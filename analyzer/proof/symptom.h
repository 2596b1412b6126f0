#pragma once
/*
 * Symptom: how the faults that rules are about show when a program is run.
 */
#include "proof/sighting.h"

/* What a sighting of that kind says went wrong, for people: "a cancellation was swallowed"; NULL: the kind is no fault. */
const char *symptom_text(Str kind);
/* True if sightings of the kind are what the rule is about. */
bool symptom_is_of_rule(Str kind, Str rule);
/* True if a fix of the rule makes sightings of that kind: what was lost before is told now. */
bool symptom_is_wanted(Str kind, Str rule);
