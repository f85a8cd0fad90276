# What every target of this project has in common.

find_program(REKEY_CCACHE ccache)
if(REKEY_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${REKEY_CCACHE}")
endif()

# The largest units need more than a gigabyte each, so the linker and they do not all run at once.
if(CMAKE_GENERATOR STREQUAL "Ninja")
  set_property(GLOBAL APPEND PROPERTY JOB_POOLS links=1)
  set(CMAKE_JOB_POOL_LINK links)
endif()

if(REKEY_SANITIZE)
  add_compile_options(-fsanitize=${REKEY_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  # Checked at every access, these take a quarter of the time to compile. What the first two find, the address
  # sanitizer finds; the others need casts, and the few there are are of plain bytes.
  if(REKEY_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize=null,object-size,alignment,vptr)
  endif()
  add_link_options(-fsanitize=${REKEY_SANITIZE})
  # Programs with sanitizers are hundreds of megabytes: this linker takes half the time.
  find_program(REKEY_GOLD ld.gold)
  if(REKEY_GOLD)
    add_link_options(-fuse-ld=gold)
  endif()
endif()

# Warnings, and include paths from the root of the tree ("core/result.hpp").
function(rekey_common target)
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                         -Wimplicit-fallthrough)
  # What sanitizers put into the code makes g++ warn of what is not there; the build without them
  # is the one that decides. g++ 12 also does so of overlapping copies of short texts (its bug 105651).
  if(REKEY_WERROR AND NOT REKEY_SANITIZE)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  # Its optional that is read before it is set is none (bug 80635). A coroutine's frame holds lambdas,
  # and a file that a unity build includes is a header to it.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -Wno-restrict -Wno-maybe-uninitialized
                           -Wno-subobject-linkage)
  endif()
endfunction()

# rekey_library(NAME LINKS...): a static library of every .cpp in the current folder.
function(rekey_library target)
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  add_library(${target} STATIC ${sources})
  rekey_common(${target})
  target_link_libraries(${target} PUBLIC ${ARGN})
  rekey_precompiled(${target})
endfunction()

# rekey_precompiled(TARGET): it finds what nearly every file includes compiled already. Where it is
# optimised that is left out: what is precompiled is no system header to g++ 12 any more, and it
# warns of overlapping copies in the standard library (its bug 105651).
function(rekey_precompiled target)
  if(REKEY_SANITIZE)
    target_precompile_headers(${target} REUSE_FROM rekey_headers)
  endif()
endfunction()
