// SPDX-License-Identifier: Apache-2.0
#pragma once
// What this build is. Defined by the build.

#include <string_view>

namespace cardwarden {

extern const std::string_view kVersion;  // "0.1.0"
extern const std::string_view kCommit;   // of the source tree, "unknown" outside git
extern const bool kCleanBuild;           // built from that commit and nothing else

}  // namespace cardwarden
