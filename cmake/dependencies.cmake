# Where this tree finds what script/setup put into build/deps, and a sentence for what is missing.

set(REKEY_DEPS "${PROJECT_SOURCE_DIR}/build/deps")

# Catch2 3 where the distribution's is older.
if(EXISTS "${REKEY_DEPS}/catch2/usr")
  list(PREPEND CMAKE_PREFIX_PATH "${REKEY_DEPS}/catch2/usr")
endif()

# Dear ImGui's sources; the environment's IMGUI_DIR goes before ours, at every configuration.
set(IMGUI_DIR "${REKEY_DEPS}/imgui" CACHE PATH "Source tree of Dear ImGui 1.92 or newer")
if(DEFINED ENV{IMGUI_DIR} AND NOT "$ENV{IMGUI_DIR}" STREQUAL "")
  set(IMGUI_DIR "$ENV{IMGUI_DIR}")
endif()
if(EMSCRIPTEN AND NOT EXISTS "${IMGUI_DIR}/imgui.cpp")
  message(FATAL_ERROR "There is no imgui.cpp in ${IMGUI_DIR}, so the page cannot be built. "
    "Run script/setup, or set IMGUI_DIR to a source tree of Dear ImGui 1.92 or newer.")
endif()

# utf8proc's sources, for every build; the environment's UTF8PROC_DIR goes before ours.
set(UTF8PROC_DIR "${REKEY_DEPS}/utf8proc" CACHE PATH "Source tree of utf8proc 2.8 or newer")
if(DEFINED ENV{UTF8PROC_DIR} AND NOT "$ENV{UTF8PROC_DIR}" STREQUAL "")
  set(UTF8PROC_DIR "$ENV{UTF8PROC_DIR}")
endif()
if(NOT EXISTS "${UTF8PROC_DIR}/utf8proc.c")
  message(FATAL_ERROR "There is no utf8proc.c in ${UTF8PROC_DIR}, so the core cannot be built. "
    "Run script/setup, or set UTF8PROC_DIR to a source tree of utf8proc 2.8 or newer.")
endif()

# The Node.js for tests: the one the tests bring along where they do, so that one version serves
# every distribution.
find_program(REKEY_NODE NAMES node nodejs HINTS "${PROJECT_SOURCE_DIR}/tests/node_modules/.bin")

if(REKEY_TESTS AND NOT EMSCRIPTEN)
  find_package(Catch2 3 QUIET)
  if(NOT Catch2_FOUND)
    message(FATAL_ERROR "Catch2 3 was not found, so the tests cannot be built. "
      "Run script/setup --test, or configure with -DREKEY_TESTS=OFF.")
  endif()
endif()
