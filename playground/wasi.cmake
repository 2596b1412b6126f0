# For WebAssembly: clang, its linker, wasi-libc, as Debian has them.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
find_program(CMAKE_C_COMPILER NAMES clang-14 clang REQUIRED)
find_program(WASM_LINKER NAMES wasm-ld-14 wasm-ld REQUIRED)
set(CMAKE_C_COMPILER_TARGET wasm32-wasi)
set(CMAKE_EXE_LINKER_FLAGS_INIT "-fuse-ld=${WASM_LINKER}")
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
