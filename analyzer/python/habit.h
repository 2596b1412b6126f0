#pragma once
/*
 * Habit: what the coroutine functions of a project do with calls of which nothing else is known.
 * What is awaited wherever it stands, as `await ctx.send(…)`, gives a coroutine, whichever library
 * it comes from; the one place that drops its value has forgotten the await.
 */
#include "python/module.h"

/* What the calls of one spelling have in common: "anyio.sleep" for what is imported, the dotted
   class for methods of self, ".ctx.send" for a method of an object that is known by its name only.
   Empty for what has no such name, as methods of literals and builtins. */
Str habit_name(Module *module, Node call);

/* True if the project awaits such calls and this one is an exception. Says nothing of calls whose
   function is known. */
bool is_awaited_by_habit(Module *module, Node call);

/* True for a method of `cursor = await db.execute(…)` or `async with db.cursor() as cursor`: what
   gives such objects is asynchronous, and so are they. */
bool is_of_awaited_object(Module *module, Node call);
