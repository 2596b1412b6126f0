#pragma once
/*
 * Elements: where the single results of a gathered list turn up, and which of them have been
 * checked for being exceptions on the way to a use.
 */
#include "python/use.h"
#include "python/value.h"

/* One place where an element of a collection gets a name or stands as an expression. */
typedef struct {
  Node
    node; /* the identifier that binds it (loop target, unpacked name), or an expression (results[0]) */
  bool is_name; /* node binds a name */
  Node origin;  /* the for statement, for_in_clause, target pattern or subscript */
} Element;

typedef Vec(Element) Elements;

/* The elements of the list that `expression` (an awaited gather, or a name that holds it) makes,
   wherever they turn up in the function: for targets (through zip, enumerate, reversed, sorted,
   dict(zip), .items()), comprehension targets, unpacked names, results[i], filter and map lambdas,
   a parameter of a helper of the same file that gets the whole list. */
Elements elements_from(Module *module, Node expression);

/* What a test tells about an element. */
typedef enum {
  CHECK_NONE,
  CHECK_EXCEPTION, /* isinstance(e, Exception), tuple with it, case Exception(), type(e) is Exception, issubclass */
  CHECK_BASE_EXCEPTION, /* BaseException, or Exception together with CancelledError */
  CHECK_CANCELLED,      /* asyncio.CancelledError alone or with others than Exception */
  CHECK_ERROR_CLASS,    /* one ordinary error class only */
  CHECK_SUCCESS, /* isinstance(e, dict), `is True`, `is not None`, truthiness, ==, hasattr, type() */
} Check;

typedef struct {
  Check check;
  Node test; /* the call, comparison, case pattern or truth test */
  Node type; /* the expression or pattern that says Exception: where a fix goes; NODE_NONE */
} ElementTest;

typedef Vec(ElementTest) ElementTests;

/* Every test made on that element, in source order, in all spellings (tuple, not, and/or, match,
   filter, helper function of the project). */
ElementTests element_tests(Module *module, Element element);

/* The first use of the element as a value (subscripted, attribute, called, iterated, unpacked,
   starred, arithmetic, compared, passed to a call other than logging or formatting, appended or
   returned) that can be reached, from where it is bound, on the side of `test` on which the test is
   false (the element passed as not being an Exception); test may be NODE_NONE: any use, with no
   test before it. Uses after a later test of the element that catches more do not count. NODE_NONE
   if there is none. */
Node element_value_use(Module *module, Element element, Node test);
