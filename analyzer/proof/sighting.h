#pragma once
/*
 * Sighting: one thing that the runtime checker saw, as it reported it (docs/runtime.md).
 */
#include "base/strs.h"

typedef struct {
  Str file; /* empty: nowhere */
  uint32_t line;
  Str function;
} Spot;

typedef struct {
  Str kind;
  Spot at;
  uint32_t
    run; /* of a sweep, in which it was seen; 0: the run in which nothing is done to the program */
  Str test;         /* in which it was seen; empty: no tests are run */
  uint32_t tests;   /* in which it was seen, if not in one only */
  uint32_t handler; /* line that caught the cancellation; 0: unknown */
  Str task;         /* function of the task or coroutine */
  Spot created;
  Spot raised;
  Str error;                     /* class of the exception */
  Str then;                      /* what became of the task */
  Str why;                       /* of kinds "refused" and "test": the reason */
  Str what;                      /* of kind "unsupported": what is not looked for */
  Str version;                   /* of kind "python" */
  uint32_t tasks, cancellations; /* of kind "end": how many were seen */
  uint32_t runs; /* of kind "end": how many there were; 0: no sweep. Of a fault: that showed it */
  uint32_t last_run;      /* of a fault that several have shown */
  uint32_t is_main;       /* 1: it is about the main task */
  Str cut;                /* of kind "end": which limit ended the sweep early; empty: none */
  uint32_t count, points; /* of kind "plans": runs to be made, places found */
  bool is_deterministic;  /* of kind "plans": the same came of the program twice */
  /* Of kind "run": how one run of a sweep ended. */
  Str plan;            /* what was done to the program: "none", "cancel", … */
  uint32_t occurrence; /* of its place, from 1 */
  Str main, value;     /* "returned", … and what; docs/runtime.md lists the words */
  Str target;          /* what became of the task that the plan was for */
  uint32_t steps;
  Str clock;                             /* seconds at the end, by the program's clock */
  Str output;                            /* hash of what it printed */
  uint32_t leaked;                       /* tasks that were left */
  Str outcome;                           /* of kind "test" */
  uint32_t sessions, requests, unclosed; /* of a line that makes sessions: how many there were */
} Sighting;

typedef Vec(Sighting) Sightings;

/* Reads lines of JSON, each different one once; what is no JSON, as a program that was killed leaves, is passed over. */
Sightings sightings_read(Arena *arena, Str lines);
/* The first one of that kind; NULL if there is none. */
const Sighting *sighting_of_kind(const Sightings *sightings, const char *kind);
/* How the run of that number ended; NULL if it is not told. */
const Sighting *sighting_of_run(const Sightings *sightings, uint32_t number);
