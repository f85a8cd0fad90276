# Installs the core into a folder of the build, then configures, builds and runs the example there.
# Run by ctest with build, source, generator, type and sanitize defined.

set(place "${build}/package-test")
file(REMOVE_RECURSE "${place}")

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    list(JOIN ARGN " " line)
    message(FATAL_ERROR "This step failed (${result}): ${line}")
  endif()
endfunction()

set(flags "")
if(sanitize)
  set(flags "-fsanitize=${sanitize}")
endif()
run("${CMAKE_COMMAND}" --install "${build}" --component core --prefix "${place}/installed")
run("${CMAKE_COMMAND}" -S "${source}" -B "${place}/build" -G "${generator}"
    "-DCMAKE_PREFIX_PATH=${place}/installed" "-DCMAKE_BUILD_TYPE=${type}"
    "-DCMAKE_CXX_FLAGS=${flags}")
run("${CMAKE_COMMAND}" --build "${place}/build")
run("${place}/build/example")
