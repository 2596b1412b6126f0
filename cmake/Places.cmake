# Where things are installed: as GNU programs have it, or as a wheel has it when scikit-build-core builds one.
# AWRY_CHECKER_DIRS is where the checker goes. The program looks for it in ../lib/awry from its own folder; Python's
# import needs it among the modules, too.
if(SKBUILD)
  set(CMAKE_INSTALL_BINDIR ${SKBUILD_SCRIPTS_DIR})
  set(CMAKE_INSTALL_DATAROOTDIR ${SKBUILD_DATA_DIR}/share)
  set(AWRY_CHECKER_DIRS ${SKBUILD_DATA_DIR}/lib/awry ${SKBUILD_PLATLIB_DIR})
else()
  set(AWRY_CHECKER_DIRS lib/awry)
endif()
include(GNUInstallDirs)
