// SPDX-License-Identifier: Apache-2.0
#pragma once
// `check --since REF` and `check --staged`: cards are judged beside an older version of themselves, and the
// gate asks only for what is new. The findings of the older version become a baseline: a finding whose
// fingerprint is in it is reported as known, as one of a baseline file is.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/check_run.h"
#include "policy/baseline.h"

namespace cardwarden::cli {

struct SinceOptions {
  std::string reference;  // the older version; with `staged` it is HEAD
  bool staged = false;    // judge what is staged in place of what is in the working tree
};

struct Since {
  std::vector<Input> inputs;  // what is left to judge: with `staged`, cards whose staged version differs
  Baseline known;             // the findings of the older versions
  std::map<std::string, double> shares;  // of the catalogue that the older version discloses, by Input::path
};

// An Error where a card is in no repository, the reference does not resolve, or a rule is wrong. A card that
// the older version did not have is new as a whole.
Result<Since> older_versions(const Session& session, const std::vector<Input>& inputs,
                             const SinceOptions& options);

// The baseline of both: what either knows is known.
Baseline joined(const std::optional<Baseline>& one, const Baseline& other);

// The gate for one card: the least share of the catalogue is not asked for where the older version was as far
// below it.
Gate gate_since(const Gate& gate, const Since& since, const Input& input, const Judged& judged);

}  // namespace cardwarden::cli
