# What library_generate makes its table of: the stubs of Python's standard library in TYPESHED_DIR, the folder that holds
# `stdlib`. A source distribution holds the table itself, AWRY_TABLE.

set(TYPESHED_DIR "" CACHE PATH "Folder with stdlib/builtins.pyi, from typeshed")
set(AWRY_TABLE "")
if(NOT TYPESHED_DIR AND EXISTS ${PROJECT_SOURCE_DIR}/third_party/typeshed/library_table.c)
  set(AWRY_TABLE ${PROJECT_SOURCE_DIR}/third_party/typeshed/library_table.c)
  return()
endif()
if(NOT TYPESHED_DIR AND EXISTS /usr/lib/python3/dist-packages/mypy/typeshed/stdlib/builtins.pyi)
  set(TYPESHED_DIR /usr/lib/python3/dist-packages/mypy/typeshed)
endif()
if(NOT EXISTS ${TYPESHED_DIR}/stdlib/builtins.pyi)
  message(FATAL_ERROR "The stubs of the standard library (typeshed) are missing. Run `./dev setup`, or give their place with -DTYPESHED_DIR=…")
endif()
