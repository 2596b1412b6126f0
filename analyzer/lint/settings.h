#pragma once
/*
 * Settings: what a run was asked to do, resolved, as plain data. Filled by project/settings_file
 * from pyproject.toml or awry.toml and by cli/options; constant afterwards.
 */
#include "base/strs.h"
#include "lint/severity.h"
#include "python/module.h"

typedef struct {
  Str pattern; /* path pattern with * ? ** */
  Strs selectors;
} PathSelectors;

typedef Vec(PathSelectors) PathIgnores;

/* How severe the findings of rules are, whatever the rules say. */
typedef struct {
  Str selector;
  Severity severity;
} RuleSeverity;

typedef Vec(RuleSeverity) RuleSeverities;

/* A key that a settings file says, and where. */
typedef struct {
  Str key;  /* "select", "log-like" */
  Str path; /* absolute, or an option of the command line that is a settings file by itself */
  Position position; /* line 0: somewhere in the file */
} ToldSetting;

typedef struct {
  Strs select;        /* names, codes, code prefixes, ALL; empty: the default set */
  Strs extend_select; /* added to it */
  Strs ignore;
  PathIgnores per_file_ignores;
  Strs exclude;              /* path patterns not to look at, beside what git ignores */
  bool excludes_named;       /* files that are named one by one, too */
  RuleSeverities severities; /* the more exact selector decides, the later one of equals */
  FailOn fail_on;
  uint16_t
    target_minor; /* 0: the oldest that the code can run on, but OLDEST_SUPPORTED_MINOR at least */
  Vocabulary vocabulary;
  Str baseline; /* file of findings that are known; empty: none */
  Str venv; /* folder of the virtual environment whose packages are read for facts; empty: none */
  Str cache_folder; /* where what was found out is kept; empty: in the project */
  Str root;         /* the folder that patterns, venv, baseline and cache_folder are relative to */
  Str extend;       /* as the file names the one that it extends; empty: none */
  Strs files;       /* absolute: that were read, or should be; the nearest, then what it extends */
  Vec(ToldSetting) told; /* the later one counts; what nobody told is the default */
} Settings;

/* The target where nothing says otherwise: 3.10, which long-term distributions still ship after its
   end of life upstream. */
enum { OLDEST_SUPPORTED_MINOR = 10 };
