# Tests of the tree itself rather than of what the programs do.

# The rules know no clock, no input or output, no threads and no exceptions.
add_test(NAME core_is_pure
  COMMAND "${CMAKE_COMMAND}" -P "${PROJECT_SOURCE_DIR}/cmake/core-is-pure.cmake")
set_tests_properties(core_is_pure PROPERTIES LABELS optimised)

# Each folder of native/ uses what is below it only.
add_test(NAME includes_go_down
  COMMAND "${CMAKE_COMMAND}" -P "${PROJECT_SOURCE_DIR}/cmake/includes-go-down.cmake")
set_tests_properties(includes_go_down PROPERTIES LABELS optimised)

# The accounting system is called by its name where it is the subject, and sentences are whole.
add_test(NAME names_and_sentences
  COMMAND "${CMAKE_COMMAND}" -P "${PROJECT_SOURCE_DIR}/cmake/names-and-sentences.cmake")
set_tests_properties(names_and_sentences PROPERTIES LABELS optimised)

# The installed core is found, compiled against and run by a project of its own.
if(EXISTS "${PROJECT_SOURCE_DIR}/tests/package/CMakeLists.txt")
  add_test(NAME core_package
    COMMAND "${CMAKE_COMMAND}" -D "build=${PROJECT_BINARY_DIR}"
      -D "source=${PROJECT_SOURCE_DIR}/tests/package" -D "generator=${CMAKE_GENERATOR}"
      -D "type=${CMAKE_BUILD_TYPE}" -D "sanitize=${REKEY_SANITIZE}"
      -P "${PROJECT_SOURCE_DIR}/tests/package/run.cmake")
  set_tests_properties(core_package PROPERTIES LABELS optimised)
endif()
