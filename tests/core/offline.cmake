# `rekey replay` and `rekey graph` as a person meets them: what is printed, and how it ends.

function(run result_name out_name err_name)
  execute_process(COMMAND "${program}" ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE out
                  ERROR_VARIABLE err)
  set(${result_name} "${result}" PARENT_SCOPE)
  set(${out_name} "${out}" PARENT_SCOPE)
  set(${err_name} "${err}" PARENT_SCOPE)
endfunction()
function(must what)
  if(NOT (${ARGN}))
    message(FATAL_ERROR "${what}\nprinted: ${out}\nerrors: ${err}\nended with ${result}")
  endif()
endfunction()

run(result out err replay "${history}")
if("$ENV{REKEY_APPROVE}" STREQUAL "1")
  file(WRITE "${approved}" "${out}")
endif()
file(READ "${approved}" expected)
must("replay does not print what was approved in ${approved}; if meant: REKEY_APPROVE=1"
     out STREQUAL expected AND result EQUAL 0)

run(result out err replay --json "${history}")
execute_process(COMMAND "${parity}" "${history}" OUTPUT_VARIABLE same)
string(REGEX REPLACE "^== [^\n]*\n" "" same "${same}")
must("--json is not the replay itself" out STREQUAL same AND result EQUAL 0)

run(result out err replay /no/such/file.jsonl)
must("a missing file is not said" result EQUAL 1 AND err MATCHES "cannot be read" AND NOT out)
run(result out err replay)
must("wrong use is not said" result EQUAL 2)
run(result out err replay --help)
must("there is no help" result EQUAL 0 AND out MATCHES "history")
run(result out err graph --machine teapot)
must("a wrong machine is not said" result EQUAL 2)

set(damaged "${CMAKE_CURRENT_BINARY_DIR}/damaged.jsonl")
file(WRITE "${damaged}" "{\"at\":1,\"event\":{\"type\":\"cancel_pressed\"}}\n{\"at\":1\n")
run(result out err replay "${damaged}")
must("a damaged line is not said" result EQUAL 1 AND err MATCHES "Line 2 of the history is damaged"
     AND out MATCHES "no_sign_in")

run(result out err graph --machine save)
must("graph draws another machine" result EQUAL 0 AND out MATCHES "cluster_save"
     AND NOT out MATCHES "cluster_connect")
run(result out err graph)
must("graph does not draw all" result EQUAL 0 AND out MATCHES "cluster_save"
     AND out MATCHES "cluster_connect" AND out MATCHES "cluster_import")
