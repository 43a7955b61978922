# SPDX-License-Identifier: Apache-2.0
# cmake -DVERSION=… -DSOURCE=… -DOUT=version.cpp -P WriteVersion.cmake: writes only when something changed.
execute_process(COMMAND git -C ${SOURCE} rev-parse --short=12 HEAD OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE
                ERROR_QUIET RESULT_VARIABLE failed)
if(failed)
  set(commit unknown)
endif()
set(text "// Written by cmake/WriteVersion.cmake.
#include \"cli/version.h\"
namespace cardwarden {
const std::string_view kVersion = \"${VERSION}\";
const std::string_view kCommit = \"${commit}\";
}
")
if(EXISTS ${OUT})
  file(READ ${OUT} before)
endif()
if(NOT "${before}" STREQUAL "${text}")
  file(WRITE ${OUT} "${text}")
endif()
