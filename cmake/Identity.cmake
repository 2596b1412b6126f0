# What the program does follows from the archives that it is linked from: a hash of them tells one
# build from another. As a script: cmake -DOUTPUT=… -P Identity.cmake ARCHIVE…
#
#   awry_identity(TARGET LIBRARY…)   adds `build_identity` to the target

if(CMAKE_SCRIPT_MODE_FILE)
  set(hashes "")
  math(EXPR last "${CMAKE_ARGC} - 1")
  foreach(i RANGE ${last})
    if(CMAKE_ARGV${i} MATCHES "\\.(a|lib)$")
      file(SHA256 ${CMAKE_ARGV${i}} hash)
      string(APPEND hashes ${hash})
    endif()
  endforeach()
  string(SHA256 identity "${hashes}")
  set(content "#include \"cli/build.h\"\n\nconst char build_identity[] = \"${identity}\";\n")
  file(WRITE ${OUTPUT} "${content}")
  return()
endif()

set(AWRY_IDENTITY_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

function(awry_identity target)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/build.c)
  set(archives ${ARGN})
  list(TRANSFORM archives REPLACE "(.+)" "$<TARGET_FILE:\\1>")
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -P ${AWRY_IDENTITY_SCRIPT} ${archives}
    DEPENDS ${ARGN} ${AWRY_IDENTITY_SCRIPT}
    COMMENT "Telling this build from others"
    VERBATIM
  )
  target_sources(${target} PRIVATE ${output})
endfunction()
