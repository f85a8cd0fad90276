# Replays the committed histories and compares what comes of them with what was written down when
# they were stored. Run with REKEY_APPROVE=1 to write it down anew, after a change that is meant.

file(GLOB histories "${corpus}/*.jsonl")
list(LENGTH histories count)
if(count LESS 30)
  message(FATAL_ERROR "There are only ${count} histories in ${corpus}.")
endif()
execute_process(COMMAND "${native}" --digest ${histories} OUTPUT_VARIABLE found
                RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "The histories could not be replayed (${result}).")
endif()
if("$ENV{REKEY_APPROVE}" STREQUAL "1")
  file(WRITE "${expected}" "${found}")
endif()
file(READ "${expected}" approved)
if(NOT found STREQUAL approved)
  file(WRITE "${CMAKE_CURRENT_BINARY_DIR}/found.txt" "${found}")
  execute_process(COMMAND diff -u "${expected}" "${CMAKE_CURRENT_BINARY_DIR}/found.txt")
  message(FATAL_ERROR "Stored histories give other states than when they were written. If that is "
    "meant, it is a change that people's stored connections feel: say so, and run this test with "
    "REKEY_APPROVE=1.")
endif()
message(STATUS "${count} stored histories give what they gave")
