# SPDX-License-Identifier: Apache-2.0
# What the end-to-end scripts share: a fresh folder, and commands whose exit code is checked.
cmake_minimum_required(VERSION 3.25)
foreach(needed BINARY SOURCE BUILD WORK)
  if(NOT DEFINED ${needed})
    message(FATAL_ERROR "expected -D${needed}=…")
  endif()
endforeach()
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})

# Settings of whoever runs the tests must not reach the program.
foreach(variable CONFIG POLICY RULES_DIR BASELINE FORMAT JOBS FAIL_ON MAX_WARNINGS STORE STATE ACTOR PASSPHRASE_FILE)
  unset(ENV{CARDWARDEN_${variable}})
endforeach()

# run(EXPECTED_CODE COMMAND…): runs in ${WORK}; sets OUTPUT. `codes` may be several, divided by bars: "0|1".
function(run codes)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${WORK} RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE err)
  list(JOIN ARGN " " words)
  if(NOT "${code}" MATCHES "^(${codes})$")
    message(FATAL_ERROR "${words}\nexpected exit code ${codes}, got ${code}\n${out}\n${err}")
  endif()
  set(OUTPUT "${out}" PARENT_SCOPE)
endfunction()

# Node.js, and the packages of a folder under tests/e2e; fails with what to do.
function(need_node folder)
  find_program(NODE node)
  if(NOT NODE)
    message(FATAL_ERROR "Node.js is needed for this test (Debian: apt-get install nodejs npm).")
  endif()
  if(NOT IS_DIRECTORY ${SOURCE}/tests/e2e/${folder}/node_modules)
    message(FATAL_ERROR "Run `npm ci` in tests/e2e/${folder} first; tools/test does.")
  endif()
  set(NODE ${NODE} PARENT_SCOPE)
endfunction()
