#pragma once
/*
 * Which build of awry this is: other text than that of every build that may find anything else.
 * Made by cmake/Identity.cmake.
 */
extern const char build_identity[];
