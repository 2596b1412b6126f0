#include "python/decorator.h"

#include "python/name.h"

/* Patterns of dotted names, with * for any run of characters. */
static const struct {
  const char *pattern;
  Decorator decorator;
} DECORATORS[] = {
  { "staticmethod", DECORATOR_TRANSPARENT },
  { "classmethod", DECORATOR_TRANSPARENT },
  { "typing.override", DECORATOR_TRANSPARENT },
  { "typing.final", DECORATOR_TRANSPARENT },
  { "typing.overload", DECORATOR_TRANSPARENT },
  { "typing.no_type_check", DECORATOR_TRANSPARENT },
  { "typing_extensions.override", DECORATOR_TRANSPARENT },
  { "typing_extensions.final", DECORATOR_TRANSPARENT },
  { "typing_extensions.overload", DECORATOR_TRANSPARENT },
  { "typing_extensions.deprecated", DECORATOR_TRANSPARENT },
  { "warnings.deprecated", DECORATOR_TRANSPARENT },
  { "abc.abstractmethod", DECORATOR_TRANSPARENT },
  { "functools.wraps", DECORATOR_TRANSPARENT },
  { "tenacity.retry", DECORATOR_TRANSPARENT },
  { "backoff.on_exception", DECORATOR_TRANSPARENT },
  { "backoff.on_predicate", DECORATOR_TRANSPARENT },
  { "pytest.mark.*", DECORATOR_TRANSPARENT },
  { "unittest.mock.patch", DECORATOR_TRANSPARENT },
  { "unittest.mock.patch.*", DECORATOR_TRANSPARENT },
  { "mock.patch", DECORATOR_TRANSPARENT },
  { "mock.patch.*", DECORATOR_TRANSPARENT },
  { "contextlib.asynccontextmanager", DECORATOR_CONTEXT_MANAGER },
  { "contextlib.contextmanager", DECORATOR_CONTEXT_MANAGER },
  { "async_generator.asynccontextmanager", DECORATOR_CONTEXT_MANAGER },
  { "types.coroutine", DECORATOR_COROUTINE },
  { "asyncio.coroutine", DECORATOR_COROUTINE },
  { "property", DECORATOR_PROPERTY },
  { "abc.abstractproperty", DECORATOR_PROPERTY },
  { "functools.cached_property", DECORATOR_PROPERTY },
};

Decorator decorator_named(Str name) {
  for (size_t i = 0; i < sizeof(DECORATORS) / sizeof(*DECORATORS); i++) {
    if (name_fits(name, str_from(DECORATORS[i].pattern))) return DECORATORS[i].decorator;
  }
  return DECORATOR_UNDECIDED;
}
