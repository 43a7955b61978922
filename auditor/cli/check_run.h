// SPDX-License-Identifier: Apache-2.0
#pragma once
// Cards in, judged cards out, in the order of the paths, on as many threads as asked for. What is in flight
// is bounded, so that memory does not grow with the number of cards.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/result_cache.h"
#include "cli/session.h"
#include "engine/evaluate.h"
#include "policy/judge.h"

namespace cardwarden::cli {

// One input: a file, or text that stands for one (standard input).
struct Input {
  std::string path;
  std::optional<std::string> content;
};

// A judged card with all that its report borrows.
struct Judged {
  std::unique_ptr<Card> card;
  Disclosures disclosures;
  CardReport report;
  std::string bytes;  // of the card as it was read; only when RunOptions asks
  std::optional<Error>
      error;  // the input could not be read (io, not_found, too_large) or a rule is wrong (rule)
};

struct RunOptions {
  unsigned jobs = 1;
  bool judge_with_baseline = true;
  bool keep_bytes = false;  // for a record, which names and keeps them
  Extent extent = Extent::everything;
  ResultCache* cache = nullptr;  // of parsed cards of repositories; null: each is parsed
};

// The cards that the paths name, without those that the configuration excludes.
Result<std::vector<Input>> find_inputs(const Session& session, const std::vector<std::string>& paths);

unsigned job_count(const Session& session);

// Calls `sink` once for each input, in order, on the calling thread, which is one of the jobs and judges
// cards while the next in order is not there yet. Stops early when it returns false.
void run_cards(const Session& session, const std::vector<Input>& inputs, const RunOptions& options,
               const std::function<bool(const Input&, Judged&)>& sink);

// Judges one card with the tools of the calling thread.
class CardJudge {
 public:
  CardJudge(const Session& session, const RunOptions& options)
      : session_(session), evaluator_(*session.book, options.extent), options_(options) {}
  Judged judge_input(const Input& input);
  // `kind`: take the card as one of that kind, whatever the configuration says.
  Judged judge_bytes(const std::string& path, std::string_view bytes, std::optional<Kind> kind = {});
  struct InRepository {
    const RepositoryFacts& facts;  // outlive the answer's report
    std::string policy_path;       // what policies and fingerprints know the card by
    std::optional<Kind> kind;      // what the place of the repository says, where it does
  };
  Judged judge_bytes(const std::string& path, std::string_view bytes, const InRepository& around);
  Evaluator& evaluator() { return evaluator_; }

 private:
  Judged judge_at(const std::string& path, const std::string& policy_path, std::string_view bytes,
                  std::optional<Kind> kind, const RepositoryFacts* facts);
  const Session& session_;
  Evaluator evaluator_;
  RunOptions options_;
  std::vector<RuleRun> runs_;  // without path overrides these are the same for every card
  bool runs_known_ = false;
};

}  // namespace cardwarden::cli
