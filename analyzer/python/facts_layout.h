#pragma once
/*
 * What Facts are made of, for keeping them and for telling whether they are the same: see
 * base/layout.h. The paths are the owner: of facts as facts_collect returns them all are that of the
 * file.
 */
#include "base/layout.h"
#include "python/facts.h"

extern const Layout facts_layout;
extern const Layout function_facts_layout;
extern const Layout class_facts_layout;
extern const Layout deadline_facts_layout;
extern const Layout module_identity_layout;
extern const Layout vocabulary_layout;
extern const Layout position_layout;
