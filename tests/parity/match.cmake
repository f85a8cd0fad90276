# Fails where matching in WebAssembly gives another byte than matching natively. Run by ctest with
# native, wasm, node and lists defined.

set(given "")
foreach(command "${native}" "${node};${wasm}")
  execute_process(COMMAND ${command} "${lists}/left.csv" "${lists}/right.csv" --all
                  OUTPUT_VARIABLE out RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "This ended with ${result}: ${command}")
  endif()
  string(LENGTH "${out}" length)
  if(length LESS 1000)
    message(FATAL_ERROR "There are no suggestions to compare from ${command}")
  endif()
  if(given STREQUAL "")
    set(given "${out}")
  elseif(NOT given STREQUAL out)
    message(FATAL_ERROR "Matching gives something else in WebAssembly than natively:\n${out}")
  endif()
endforeach()
