# The parser library and its grammars, compiled from the C sources of their packages:
# `tree_sitter`, `tree_sitter_python`, `tree_sitter_toml`.

# Sets `variable` to the folder that holds `probe`, unless the user has set it.
function(awry_find_sources variable bundled package probe)
  set(${variable} "" CACHE PATH "Folder with ${probe}")
  if(NOT ${variable})
    foreach(folder ${PROJECT_SOURCE_DIR}/third_party/${bundled} ${PROJECT_SOURCE_DIR}/node_modules/${package})
      if(EXISTS ${folder}/${probe})
        set(${variable} ${folder})
        break()
      endif()
    endforeach()
  endif()
  if(NOT EXISTS ${${variable}}/${probe})
    message(FATAL_ERROR "The sources of ${bundled} are missing. Run `./dev setup`, or give their place with -D${variable}=…")
  endif()
  set(${variable} ${${variable}} PARENT_SCOPE)
endfunction()

# Code of others: optimised even in a debug build, and not ours to warn about.
function(awry_add_sources target)
  add_library(${target} STATIC ${ARGN})
  target_compile_definitions(${target} PRIVATE _POSIX_C_SOURCE=200809L _DEFAULT_SOURCE NDEBUG)
  target_compile_options(${target} PRIVATE -O3 -w)
  if(AWRY_SANITIZE STREQUAL "thread")
    # A parser stays in one thread, and watching its memory takes longer than parse.c allows a text.
    target_compile_options(${target} PRIVATE -fno-sanitize=thread)
  endif()
  if(CMAKE_C_COMPILER_ID STREQUAL "GNU" AND CMAKE_SYSTEM_PROCESSOR STREQUAL "aarch64")
    # Without it this compiler miscompiles the lexer there (py-tree-sitter #330).
    target_compile_options(${target} PRIVATE --param=early-inlining-insns=9)
  endif()
endfunction()

awry_find_sources(TREE_SITTER_DIR tree-sitter tree-sitter/vendor/tree-sitter lib/src/lib.c)
awry_find_sources(TREE_SITTER_PYTHON_DIR tree-sitter-python tree-sitter-python src/scanner.c)
awry_find_sources(TREE_SITTER_TOML_DIR tree-sitter-toml @tree-sitter-grammars/tree-sitter-toml src/scanner.c)

awry_add_sources(tree_sitter ${TREE_SITTER_DIR}/lib/src/lib.c)
target_include_directories(
  tree_sitter SYSTEM
  PUBLIC ${TREE_SITTER_DIR}/lib/include
  PRIVATE ${TREE_SITTER_DIR}/lib/src
)

foreach(grammar python toml)
  string(TOUPPER TREE_SITTER_${grammar}_DIR folder)
  awry_add_sources(tree_sitter_${grammar} ${${folder}}/src/parser.c ${${folder}}/src/scanner.c)
  target_include_directories(tree_sitter_${grammar} PRIVATE ${${folder}}/src)
  target_link_libraries(tree_sitter_${grammar} PUBLIC tree_sitter)
endforeach()
