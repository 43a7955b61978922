// SPDX-License-Identifier: Apache-2.0
#pragma once
// cardwarden check --profile: where the time goes, by stage and by native rule, on one thread.

#include <vector>

#include "cli/check_run.h"
#include "cli/command.h"

namespace cardwarden::cli {

int print_profile(World& world, const Session& session, const std::vector<Input>& inputs);

}  // namespace cardwarden::cli
