// SPDX-License-Identifier: Apache-2.0
#pragma once
// libgit2's process-wide state: started at the first call with the settings that the reading of hostile
// repositories needs (no configuration of the user, no check of owners), stopped at exit. Any thread may
// call.

namespace cardwarden {

void use_git_library();

}  // namespace cardwarden
