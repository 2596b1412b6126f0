# A layer is the static library of one folder: awry_layer(NAME SOURCES … BELOW libraries…).
function(awry_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 layer "" "" "SOURCES;BELOW")
  add_library(awry_${name} STATIC ${layer_SOURCES})
  target_link_libraries(awry_${name} PUBLIC awry_compilation ${layer_BELOW})
endfunction()
