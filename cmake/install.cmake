# What `cmake --install` puts where, and the package that find_package(rekey) finds afterwards.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

if(TARGET rekey)
  set_target_properties(rekey PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${REKEY_PROGRAM_DIR}")
  install(TARGETS rekey RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

# The page is built by another preset; what is there at the time of installing is taken along.
install(DIRECTORY "${REKEY_PAGE_DIR}/" DESTINATION ${CMAKE_INSTALL_DATADIR}/rekey/page OPTIONAL)

install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES "${UTF8PROC_DIR}/LICENSE.md" DESTINATION ${CMAKE_INSTALL_DOCDIR}
        RENAME LICENSE.utf8proc.md OPTIONAL)
install(FILES README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)

# The core as a library. Its headers include each other from the root ("core/result.hpp"), hence the
# folder above is the include folder.
install(DIRECTORY core DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/rekey COMPONENT core
        FILES_MATCHING PATTERN "*.hpp")
target_compile_features(rekey_core PUBLIC cxx_std_20)
target_include_directories(rekey_core PUBLIC
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/rekey>)
set_target_properties(rekey_core PROPERTIES EXPORT_NAME core)
install(TARGETS rekey_core EXPORT rekey ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT core)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/rekey)
install(EXPORT rekey NAMESPACE rekey:: DESTINATION ${package_dir} COMPONENT core)
configure_package_config_file(cmake/rekey-config.cmake.in
  "${PROJECT_BINARY_DIR}/rekey-config.cmake" INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file("${PROJECT_BINARY_DIR}/rekey-config-version.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/rekey-config.cmake"
        "${PROJECT_BINARY_DIR}/rekey-config-version.cmake"
        DESTINATION ${package_dir} COMPONENT core)
