# The stubs of Python's standard library, for the table that library_generate makes of them:
# TYPESHED_DIR, the folder that holds `stdlib`.

set(TYPESHED_DIR "" CACHE PATH "Folder with stdlib/builtins.pyi, from typeshed")
if(NOT TYPESHED_DIR)
  foreach(folder ${PROJECT_SOURCE_DIR}/third_party/typeshed /usr/lib/python3/dist-packages/mypy/typeshed)
    if(EXISTS ${folder}/stdlib/builtins.pyi)
      set(TYPESHED_DIR ${folder})
      break()
    endif()
  endforeach()
endif()
if(NOT EXISTS ${TYPESHED_DIR}/stdlib/builtins.pyi)
  message(FATAL_ERROR "The stubs of the standard library (typeshed) are missing. Run `./dev setup`, or give their place with -DTYPESHED_DIR=…")
endif()
