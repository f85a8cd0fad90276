# Fails where a file of core/ includes or uses what the rules must not know. Run by ctest:
# cmake -P core-is-pure.cmake

cmake_minimum_required(VERSION 3.25)
get_filename_component(root "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
if(NOT DEFINED folder)
  set(folder "${root}/core")
endif()

set(headers thread mutex shared_mutex condition_variable atomic future semaphore latch barrier
  stop_token fstream iostream filesystem random ctime time.h stdio.h cstdio csignal coroutine format
  ranges expected source_location syncstream)
set(words "::now[ ]*\\(" "[^a-z_]throw[ ;]" "[^a-z_]try[ ]*{" "[^a-z_]catch[ ]*\\("
  "[^a-z_]getenv[ ]*\\(" "[^a-z_]rand[ ]*\\(" "[^a-z_]printf[ ]*\\(" "[^a-z_]thread_local[ ]"
  "[^a-z_]dynamic_cast<" "[^a-z_]typeid[ ]*\\(")

file(GLOB_RECURSE files "${folder}/*.hpp" "${folder}/*.cpp")
list(LENGTH files count)
if(count EQUAL 0)
  message(FATAL_ERROR "There is nothing in ${folder} to look at.")
endif()
set(faults "")
foreach(file IN LISTS files)
  file(READ "${file}" text)
  string(PREPEND text "\n")
  string(REGEX REPLACE "//[^\n]*" "" text "${text}")
  string(REGEX REPLACE "\"([^\"\\\n]|\\\\.)*\"" "\"\"" code "${text}")
  foreach(header IN LISTS headers)
    if(text MATCHES "#include <${header}>")
      list(APPEND faults "${file} includes <${header}>")
    endif()
  endforeach()
  if(text MATCHES "#include [<\"]((native|web|boost|curl|sqlite3|openssl|imgui)[^>\"]*)[>\"]")
    list(APPEND faults "${file} includes ${CMAKE_MATCH_1}")
  endif()
  foreach(word IN LISTS words)
    if(code MATCHES "${word}")
      list(APPEND faults "${file} uses \"${CMAKE_MATCH_0}\"")
    endif()
  endforeach()
endforeach()
if(faults)
  list(JOIN faults "\n  " lines)
  message(FATAL_ERROR "core/ holds the rules only, without clock, I/O, threads or exceptions:\n"
    "  ${lines}")
endif()
message(STATUS "${count} files of core/ looked at: nothing forbidden")
