# Replays the committed histories, and a few hundred random ones made here from fixed seeds, by the
# native and by the WebAssembly core, and compares what they print byte for byte.

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
file(GLOB histories "${corpus}/*.jsonl" "${place}/made/*.jsonl")
list(SORT histories)
list(LENGTH histories count)

execute_process(COMMAND "${native}" ${histories} OUTPUT_FILE "${place}/native.txt"
                RESULT_VARIABLE native_result)
execute_process(COMMAND "${node}" "${wasm}" ${histories} OUTPUT_FILE "${place}/wasm.txt"
                RESULT_VARIABLE wasm_result)
if(NOT native_result EQUAL 0 OR NOT wasm_result EQUAL 0)
  message(FATAL_ERROR "A replay failed: native ${native_result}, WebAssembly ${wasm_result}.")
endif()
file(SIZE "${place}/native.txt" size)
if(size LESS 1000000)
  message(FATAL_ERROR "The replays printed only ${size} bytes; that proves nothing.")
endif()
execute_process(COMMAND "${CMAKE_COMMAND}" -E compare_files "${place}/native.txt"
                "${place}/wasm.txt" RESULT_VARIABLE different)
if(different)
  execute_process(COMMAND diff "${place}/native.txt" "${place}/wasm.txt" OUTPUT_VARIABLE lines)
  string(SUBSTRING "${lines}" 0 2000 lines)
  message(FATAL_ERROR "The native and the WebAssembly core differ:\n${lines}")
endif()
execute_process(COMMAND grep -c "\"state\"" "${place}/native.txt" OUTPUT_VARIABLE steps
                OUTPUT_STRIP_TRAILING_WHITESPACE)
message(STATUS "${count} histories, ${steps} events, ${size} bytes: the same to the byte")
