#pragma once
/*
 * Observation: what only a program that runs can show, and what no rule looks for. As a finding it has a record like a
 * rule's; docs/runtime.md explains it.
 */
#include "lint/rule.h"

/* The record for sightings of that kind; NULL: a rule is about the same. */
const Rule *observation_of(Str kind);

/* True if the selector means any of them. */
bool observation_is_known(Str selector);
