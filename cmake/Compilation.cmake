# How everything of ours is compiled: `awry_compilation` is linked by each layer.

add_library(awry_compilation INTERFACE)
target_include_directories(awry_compilation INTERFACE ${PROJECT_SOURCE_DIR}/analyzer)
target_compile_definitions(awry_compilation INTERFACE _POSIX_C_SOURCE=200809L _DEFAULT_SOURCE)
target_compile_options(
  awry_compilation
  INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
)

# The sources of others are instrumented as well: a bad call of ours is often seen only inside them.
if(AWRY_SANITIZE)
  add_compile_options(-fsanitize=${AWRY_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${AWRY_SANITIZE})
endif()
if(AWRY_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
