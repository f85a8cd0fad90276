# Fails where the accounting system is called by its name outside of what is about it, and where a
# sentence is put together with +. Run by ctest: cmake -P names-and-sentences.cmake

cmake_minimum_required(VERSION 3.25)
if(NOT DEFINED root)
  get_filename_component(root "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
endif()
set(faults "")

# text_of(FILE OUT): what a file says, without what CMake would take for the end of a list.
function(text_of file out)
  file(READ "${root}/${file}" text)
  string(REPLACE ";" "," text "${text}")
  string(REPLACE "[" "(" text "${text}")
  string(REPLACE "]" ")" text "${text}")
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

# The name. "quickbooks-online", in either spelling, is an id.
set(about_it "^native/(intuit|sandbox|words)/")
file(GLOB_RECURSE files RELATIVE "${root}" "${root}/core/*.[ch]pp" "${root}/native/*.[ch]pp"
  "${root}/native/server/*.json" "${root}/web/model/*.[ch]pp" "${root}/web/view/*.[ch]pp"
  "${root}/web/platform/*.[ch]pp" "${root}/web/platform/*.js")
list(LENGTH files named)
foreach(file IN LISTS files)
  if(file MATCHES "${about_it}")
    continue()
  endif()
  text_of("${file}" text)
  string(TOLOWER "${text}" text)
  string(REGEX REPLACE "quickbooks[-_]online" "" text "${text}")
  if(text MATCHES "[^\n]*quickbooks[^\n]*")
    list(APPEND faults "${file} calls it by its name:${CMAKE_MATCH_0}")
  endif()
  # Which provider it is decides nothing; names of settings, and what they are unless given, may.
  if(file MATCHES "\\.[ch]pp$" AND NOT file MATCHES "^native/(config|cli/.*)\\.cpp$" AND
     text MATCHES "[^\n]*\"intuit(-|\")[^\n]*")
    list(APPEND faults "${file} names a provider:${CMAKE_MATCH_0}")
  endif()
endforeach()

# A sentence: a text with two words in a row that is not SQL. Texts in a row are one.
set(literal "\"([^\"\\\n]|\\\\.)*\"")
set(sql "\\?[1-9]|(select|delete) .*from |order by |group by |returning |limit 1|end from |on conflict")
string(APPEND sql "| <> |^.?.?.?\"lines l|skip locked|user_version| like |where length|substr")
file(GLOB_RECURSE speaking RELATIVE "${root}" "${root}/core/*.cpp" "${root}/native/server/*.cpp"
  "${root}/native/work/*.cpp" "${root}/native/accounting/*.cpp" "${root}/native/oauth/*.cpp" "${root}/native/http/*.cpp" "${root}/native/cli/*.cpp"
  "${root}/native/*.cpp" "${root}/web/model/*.cpp" "${root}/web/view/*.cpp")
list(FILTER speaking EXCLUDE REGEX
  "^native/(intuit|sandbox)/|^core/explore_draw\\.")
list(LENGTH speaking spoken)
foreach(file IN LISTS speaking)
  text_of("${file}" text)
  string(REGEX REPLACE "(^|\n)[ ]*//[^\n]*" "\n" text "${text}")
  string(REGEX REPLACE "([^\\])\"[ \n]+\"" "\\1" text "${text}")
  set(chosen "\\+=?[ \n]*\\([^\",{}]*\\?[ \n]*${literal}([ \n]*:[ \n]*${literal})?")
  string(REGEX MATCHALL "\\+=?[ \n]*${literal}|${literal}[ \n]*\\+|${chosen}" joined "${text}")
  foreach(each IN LISTS joined)
    # The head of a table, which has columns, is none.
    if(each MATCHES "[A-Za-z][a-z,]* [a-z]+" AND NOT each MATCHES "${sql}|   ")
      list(APPEND faults "${file} puts a sentence together: ${each}")
    endif()
  endforeach()
endforeach()

if(named EQUAL 0 OR spoken EQUAL 0)
  message(FATAL_ERROR "There is nothing in ${root} to look at.")
endif()
if(faults)
  list(JOIN faults "\n  " lines)
  message(FATAL_ERROR "Names and sentences belong into public/lang, native/words and what is about "
    "one provider (docs/architecture.md):\n  ${lines}")
endif()
message(STATUS "${named} files looked at for the name, ${spoken} for sentences put together")
