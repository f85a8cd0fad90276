# Emscripten's own toolchain file, wherever this system keeps it.

set(places "$ENV{EMSDK}/upstream/emscripten" /usr/share/emscripten /usr/lib/emscripten)
find_program(em_config em-config)
if(em_config)
  execute_process(COMMAND "${em_config}" EMSCRIPTEN_ROOT OUTPUT_VARIABLE root
                  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  list(PREPEND places "${root}")
endif()
foreach(place IN LISTS places)
  if(EXISTS "${place}/cmake/Modules/Platform/Emscripten.cmake")
    include("${place}/cmake/Modules/Platform/Emscripten.cmake")
    return()
  endif()
endforeach()
message(FATAL_ERROR "Emscripten was not found, so the page cannot be built. Run script/setup.")
