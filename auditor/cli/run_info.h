// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the reports of a run say about the tool, the policy and the rules.

#include "base/result.h"
#include "cli/command.h"
#include "cli/session.h"
#include "report/report.h"

namespace cardwarden::cli {

// Borrows the session's policy. Digest and pages cost milliseconds: they are only made for formats that print
// them.
Result<RunInfo> run_info(const World& world, const Session& session);

// Declares --format and --output.
void add_report_flags(CLI::App& command, ConfigFlags& flags);

// Declares --fail-on, --max-warnings and --min-disclosure.
void add_gate_flags(CLI::App& command, ConfigFlags& flags);

}  // namespace cardwarden::cli
