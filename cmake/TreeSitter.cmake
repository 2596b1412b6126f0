# The parser library and its grammars: `tree_sitter`, `tree_sitter_python`, `tree_sitter_toml`.

option(AWRY_SYSTEM_TREE_SITTER "Take tree-sitter and its grammars for Python and TOML from the system" OFF)

# A grammar is compiled to tables of one version of the library's interface, ABI 15, and older libraries refuse them. What
# pkg-config says of versions is not to be relied upon.
function(awry_check_tree_sitter)
  include(CheckSourceCompiles)
  set(CMAKE_REQUIRED_LIBRARIES PkgConfig::TREE_SITTER)
  check_source_compiles(
    C
    "#include <tree_sitter/api.h>
    _Static_assert(TREE_SITTER_LANGUAGE_VERSION >= 15, \"\");
    int main(void) { return 0; }"
    TREE_SITTER_IS_NEW
  )
  if(NOT TREE_SITTER_IS_NEW)
    message(FATAL_ERROR "The system's tree-sitter is older than 0.25. Build without -DAWRY_SYSTEM_TREE_SITTER=ON.")
  endif()
endfunction()

if(AWRY_SYSTEM_TREE_SITTER)
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(TREE_SITTER REQUIRED IMPORTED_TARGET tree-sitter)
  awry_check_tree_sitter()
  pkg_check_modules(TREE_SITTER_PYTHON REQUIRED IMPORTED_TARGET tree-sitter-python)
  pkg_check_modules(TREE_SITTER_TOML REQUIRED IMPORTED_TARGET tree-sitter-toml)
  foreach(library "" _PYTHON _TOML)
    string(TOLOWER tree_sitter${library} target)
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE PkgConfig::TREE_SITTER${library} PkgConfig::TREE_SITTER)
  endforeach()
  return()
endif()

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
