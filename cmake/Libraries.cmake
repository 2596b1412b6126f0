# `awry_jansson` and `awry_xxhash`: out of third_party/ where it is there, else the system's.

option(AWRY_SYSTEM_LIBRARIES "Take jansson and xxHash from the system, whatever third_party/ holds" OFF)
# A wheel is for machines that may lack the library.
option(AWRY_STATIC "Put jansson into the program instead of loading it when the program starts" ${is_wheel})

set(bundled ${PROJECT_SOURCE_DIR}/third_party)
if(NOT AWRY_SYSTEM_LIBRARIES AND EXISTS ${bundled}/jansson/src/jansson.h)
  file(GLOB sources ${bundled}/jansson/src/*.c)
  awry_add_sources(awry_jansson ${sources})
  # What its configuration would find out; every compiler that knows C11 and the GNU builtins has it.
  set(json_inline inline)
  foreach(feature long_long localeconv atomic_builtins sync_builtins)
    set(json_have_${feature} 1)
  endforeach()
  configure_file(${bundled}/jansson/src/jansson_config.h.in ${PROJECT_BINARY_DIR}/jansson/jansson_config.h @ONLY)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/jansson/jansson_private_config.h CONTENT "")
  target_compile_definitions(
    awry_jansson
    PRIVATE
      HAVE_STDINT_H HAVE_FCNTL_H HAVE_SCHED_H HAVE_UNISTD_H HAVE_SYS_STAT_H HAVE_SYS_TIME_H HAVE_SYS_TYPES_H HAVE_OPEN
      HAVE_CLOSE HAVE_READ HAVE_GETPID HAVE_GETTIMEOFDAY HAVE_SCHED_YIELD HAVE_ATOMIC_BUILTINS USE_URANDOM
  )
  target_include_directories(awry_jansson SYSTEM PUBLIC ${bundled}/jansson/src ${PROJECT_BINARY_DIR}/jansson)
else()
  add_library(awry_jansson INTERFACE)
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
  find_library(JANSSON_ARCHIVE libjansson.a HINTS ${JANSSON_LIBRARY_DIRS})
  if(AWRY_STATIC AND JANSSON_ARCHIVE)
    target_include_directories(awry_jansson SYSTEM INTERFACE ${JANSSON_INCLUDE_DIRS})
    target_link_libraries(awry_jansson INTERFACE ${JANSSON_ARCHIVE})
  else()
    target_link_libraries(awry_jansson INTERFACE PkgConfig::JANSSON)
  endif()
endif()

# All of it is in the header: most keys are short, and a call would cost more than the hash.
add_library(awry_xxhash INTERFACE)
target_compile_definitions(awry_xxhash INTERFACE XXH_INLINE_ALL)
if(NOT AWRY_SYSTEM_LIBRARIES AND EXISTS ${bundled}/xxhash/xxhash.h)
  set(XXHASH_INCLUDE_DIR ${bundled}/xxhash)
else()
  find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)
endif()
target_include_directories(awry_xxhash SYSTEM INTERFACE ${XXHASH_INCLUDE_DIR})
