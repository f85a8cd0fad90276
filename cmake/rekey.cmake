# What every target of this project has in common.

# Warnings, and include paths from the root of the tree ("core/result.hpp").
function(rekey_common target)
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                         -Wimplicit-fallthrough $<$<BOOL:${REKEY_WERROR}>:-Werror>)
endfunction()

# rekey_library(NAME LINKS...): a static library of every .cpp in the current folder.
function(rekey_library target)
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  add_library(${target} STATIC ${sources})
  rekey_common(${target})
  target_link_libraries(${target} PUBLIC ${ARGN})
endfunction()
