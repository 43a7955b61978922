# SPDX-License-Identifier: Apache-2.0
# The published schemas accept what the program accepts and refuse what it refuses.
include(${CMAKE_CURRENT_LIST_DIR}/script.cmake)
need_node(schema)
set(ENV{CARDWARDEN_BINARY} ${BINARY})
run("0" ${NODE} --test ${SOURCE}/tests/e2e/schema/)
