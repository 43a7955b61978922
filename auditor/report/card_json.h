// SPDX-License-Identifier: Apache-2.0
#pragma once
// The values of cardwarden-report/1 as JSON text; docs/formats/report.md describes them. `indent` is the
// number of blanks a level, or -1 for one line.

#include <cstdint>
#include <string>

#include "report/report.h"

namespace cardwarden::render {

constexpr std::string_view kJsonSchema = "cardwarden-report/1";

// `type` is written first when it is not empty (JSON Lines tells its lines apart by it).
std::string card_json(const CardReport& report, std::string_view type, int indent);
std::string problem_json(const InputProblem& problem, std::string_view type, int indent);
std::string tool_json(const RunInfo& run, int indent);
std::string policy_json(const RunInfo& run, int indent);  // null without a policy
std::string totals_json(const Totals& totals, std::uint64_t problems, int indent);
std::string gate_json(const Totals& totals, const Gate& gate, int indent);

}  // namespace cardwarden::render
