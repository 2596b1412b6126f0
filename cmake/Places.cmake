# Where things are installed: as GNU programs have it, or as a wheel has it when scikit-build-core builds one.
# AWRY_CHECKER_DIRS is where the checker goes. The program looks for it in ../lib/awry from its own folder; Python's
# import needs it among the modules, too.
if(SKBUILD)
  set(CMAKE_INSTALL_BINDIR ${SKBUILD_SCRIPTS_DIR})
  set(CMAKE_INSTALL_DATAROOTDIR ${SKBUILD_DATA_DIR}/share)
  set(AWRY_CHECKER_DIRS ${SKBUILD_DATA_DIR}/lib/awry ${SKBUILD_PLATLIB_DIR})
  set(licences ${SKBUILD_METADATA_DIR}/licenses/third_party)
  set(is_wheel ON)
else()
  set(AWRY_CHECKER_DIRS lib/awry)
  set(is_wheel OFF)
endif()
include(GNUInstallDirs)

# What a source distribution brings along has owners, who are to be named where it is used.
if(NOT SKBUILD)
  set(licences ${CMAKE_INSTALL_DOCDIR}/licenses)
endif()
file(GLOB folders ${PROJECT_SOURCE_DIR}/third_party/*)
foreach(folder ${folders})
  cmake_path(GET folder FILENAME name)
  install(FILES ${folder}/LICENSE DESTINATION ${licences}/${name})
endforeach()
