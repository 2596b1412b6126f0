# Code of others that is compiled with ours. It comes, in this order, from the folder that the user gives, from third_party/
# (of a source distribution), from node_modules/ (of a developer), and if AWRY_FETCH allows it, from npm.

option(AWRY_FETCH "Let npm fetch the sources that are missing, in the versions of package-lock.json" OFF)

# npm takes nothing but what the lock file pins by hash, and runs nothing of it.
function(awry_fetch_sources folder)
  find_program(NPM npm)
  if(NOT NPM)
    message(FATAL_ERROR "AWRY_FETCH needs npm, which is not there.")
  endif()
  file(COPY package.json package-lock.json .npmrc DESTINATION ${folder})
  message(STATUS "Fetching the sources of tree-sitter")
  execute_process(
    COMMAND ${NPM} ci --ignore-scripts --omit=dev --silent
    WORKING_DIRECTORY ${folder}
    RESULT_VARIABLE status
    ERROR_VARIABLE trouble
  )
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "npm cannot fetch the sources of tree-sitter: ${trouble}")
  endif()
endfunction()

# Sets `variable` to the folder that holds `probe`, unless the user has set it.
function(awry_find_sources variable bundled package probe)
  if(NOT ${variable})
    unset(${variable} CACHE)
  endif()
  set(search NAMES ${probe} DOC "Folder with ${probe}" NO_DEFAULT_PATH)
  find_path(
    ${variable}
    ${search}
    PATHS ${PROJECT_SOURCE_DIR}/third_party/${bundled} ${PROJECT_SOURCE_DIR}/node_modules/${package}
  )
  if(NOT ${variable} AND AWRY_FETCH)
    set(fetched ${PROJECT_BINARY_DIR}/fetched)
    if(NOT EXISTS ${fetched}/node_modules)
      awry_fetch_sources(${fetched})
    endif()
    find_path(${variable} ${search} PATHS ${fetched}/node_modules/${package})
  endif()
  if(NOT EXISTS ${${variable}}/${probe})
    message(
      FATAL_ERROR
      "The sources of ${bundled} are missing. Run `./dev setup`, let npm fetch them with -DAWRY_FETCH=ON, "
      "or give their place with -D${variable}=…"
    )
  endif()
endfunction()

# A static library of sources that are optimised even in a debug build, and not ours to warn about.
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
