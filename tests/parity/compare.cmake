# Replays the committed histories, and a few hundred random ones made here from fixed seeds, by the
# native and by the WebAssembly core, and compares what they print byte for byte: histories of
# connections, histories of refreshes, and every step of the refresh machine's exploration.

if(NOT EXISTS "${wasm}")
  message(FATAL_ERROR "There is no ${wasm}, so the WebAssembly core cannot be compared with the "
    "native one. Run script/build web, or configure with -DREKEY_WASM=OFF to leave this out.")
endif()
if(NOT node)
  message(FATAL_ERROR "Node.js was not found, so the WebAssembly core cannot be run.")
endif()

file(REMOVE_RECURSE "${place}")
file(MAKE_DIRECTORY "${place}/made")
execute_process(COMMAND "${native}" --make "${place}/made" 100001 300 120 RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "The random histories could not be made (${result}).")
endif()
file(GLOB histories "${corpus}/*.jsonl" "${place}/made/random-*.jsonl")
file(GLOB refreshes "${place}/made/refresh-*.jsonl")
list(SORT histories)
list(SORT refreshes)

# compare(NAME LEAST ARGUMENTS...): both print the same for these, and at least so many bytes.
function(compare name least)
  execute_process(COMMAND "${native}" ${ARGN} OUTPUT_FILE "${place}/${name}-native.txt"
                  RESULT_VARIABLE native_result)
  execute_process(COMMAND "${node}" "${wasm}" ${ARGN} OUTPUT_FILE "${place}/${name}-wasm.txt"
                  RESULT_VARIABLE wasm_result)
  if(NOT native_result EQUAL 0 OR NOT wasm_result EQUAL 0)
    message(FATAL_ERROR "${name} failed: native ${native_result}, WebAssembly ${wasm_result}.")
  endif()
  file(SIZE "${place}/${name}-native.txt" size)
  if(size LESS least)
    message(FATAL_ERROR "${name} printed only ${size} bytes; that proves nothing.")
  endif()
  execute_process(COMMAND "${CMAKE_COMMAND}" -E compare_files "${place}/${name}-native.txt"
                  "${place}/${name}-wasm.txt" RESULT_VARIABLE different)
  if(different)
    execute_process(COMMAND diff "${place}/${name}-native.txt" "${place}/${name}-wasm.txt"
                    OUTPUT_VARIABLE lines)
    string(SUBSTRING "${lines}" 0 2000 lines)
    message(FATAL_ERROR "The native and the WebAssembly core differ in ${name}:\n${lines}")
  endif()
  execute_process(COMMAND grep -vc "^==" "${place}/${name}-native.txt" OUTPUT_VARIABLE lines
                  OUTPUT_STRIP_TRAILING_WHITESPACE)
  message(STATUS "${name}: ${lines} lines, ${size} bytes, the same to the byte")
endfunction()

compare(histories 1000000 ${histories})
compare(refreshes 1000000 --refreshes ${refreshes})
compare(refresh-exploration 100000 --explore)
