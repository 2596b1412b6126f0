#pragma once
/*
 * The end of the program for faults of our own: out of memory, broken invariants.
 * What a user's file or settings can cause never comes here.
 */
_Noreturn void fatal(const char *format, ...) __attribute__((format(printf, 1, 2)));
