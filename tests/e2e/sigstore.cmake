# SPDX-License-Identifier: Apache-2.0
# Our records under other people's verifiers: @sigstore/verify, Node's crypto, and the openssl tool with the files and the
# command that an export names. BINARY is write_records.
include(${CMAKE_CURRENT_LIST_DIR}/script.cmake)
need_node(sigstore)
find_program(OPENSSL openssl REQUIRED)
run("0" ${BINARY} ${WORK}/records)
run("0" ${NODE} ${SOURCE}/tests/e2e/sigstore/verify.mjs ${WORK}/records)
message(STATUS "${OUTPUT}")

foreach(algorithm ed25519 p256)
  set(folder ${WORK}/records/${algorithm})
  file(READ ${folder}/command command)
  separate_arguments(words UNIX_COMMAND "${command}")
  list(POP_FRONT words)
  run("0" ${CMAKE_COMMAND} -E chdir ${folder} ${OPENSSL} ${words})
  # One byte more is another message.
  file(APPEND ${folder}/pae.bin "x")
  run("1" ${CMAKE_COMMAND} -E chdir ${folder} ${OPENSSL} ${words})
  # The key file is one that openssl opens, and its public key is the one that was handed out.
  run("0" ${OPENSSL} pkey -in ${folder}/key.pem -passin "pass:correct horse" -pubout -out ${folder}/again.pem)
  run("0" ${CMAKE_COMMAND} -E compare_files ${folder}/pub.pem ${folder}/again.pem)
endforeach()
