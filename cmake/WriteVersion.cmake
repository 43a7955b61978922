# SPDX-License-Identifier: Apache-2.0
# cmake -DVERSION=… -DSOURCE=… -DOUT=version.cpp -P WriteVersion.cmake: writes only when something changed.
execute_process(COMMAND git -C ${SOURCE} rev-parse --short=12 HEAD OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE
                ERROR_QUIET RESULT_VARIABLE failed)
if(failed)
  set(commit unknown)
endif()
# A result of changed sources must not be taken for one of the commit (cli/result_cache.h).
execute_process(COMMAND git -C ${SOURCE} status --porcelain OUTPUT_VARIABLE changes ERROR_QUIET RESULT_VARIABLE failed)
set(clean false)
if(NOT failed AND changes STREQUAL "")
  set(clean true)
endif()
set(text "// Written by cmake/WriteVersion.cmake.
#include \"cli/version.h\"
namespace cardwarden {
const std::string_view kVersion = \"${VERSION}\";
const std::string_view kCommit = \"${commit}\";
const bool kCleanBuild = ${clean};
}
")
if(EXISTS ${OUT})
  file(READ ${OUT} before)
endif()
if(NOT "${before}" STREQUAL "${text}")
  file(WRITE ${OUT} "${text}")
endif()
