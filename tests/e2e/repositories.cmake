# SPDX-License-Identifier: Apache-2.0
# The repositories of examples/repositories are made with git, and `cardwarden audit` says of each what stands beside the
# script. With CARDWARDEN_UPDATE_GOLDEN=1 what it says now is written there instead, to be read as a difference.
include(${CMAKE_CURRENT_LIST_DIR}/script.cmake)
set(folder ${SOURCE}/examples/repositories)
find_program(BASH bash REQUIRED)
run("0" ${BASH} ${folder}/make.sh ${WORK}/made)
foreach(name plover heron)
  set(code 0)
  if(name STREQUAL "heron")
    set(code 1)
  endif()
  run("${code}" ${BINARY} audit --no-config made/${name})
  file(WRITE ${WORK}/${name}.txt "${OUTPUT}")
  if("$ENV{CARDWARDEN_UPDATE_GOLDEN}" STREQUAL "1")
    file(COPY_FILE ${WORK}/${name}.txt ${folder}/${name}.txt)
  endif()
  file(SHA256 ${WORK}/${name}.txt now)
  file(SHA256 ${folder}/${name}.txt expected)
  if(NOT now STREQUAL expected)
    message(FATAL_ERROR "The audit of ${name} differs from examples/repositories/${name}.txt; it says ${WORK}/${name}.txt. "
                        "If that is right, run the test with CARDWARDEN_UPDATE_GOLDEN=1.")
  endif()
endforeach()
