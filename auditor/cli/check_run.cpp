// SPDX-License-Identifier: Apache-2.0
#include "cli/check_run.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/files.h"
#include "card/parse.h"
#include "cli/files.h"
#include "cli/kept_card.h"
#include "crypto/bytes.h"
#include "policy/glob.h"
#include "policy/pipeline.h"

namespace cardwarden::cli {
namespace {

constexpr std::size_t kWindowPerJob = 16;  // cards that a thread may be ahead of the report

// A ring of results between the threads that judge and the one that reports. `slots` is at least one.
class Window {
 public:
  Window(std::size_t inputs, std::size_t slots)
      : inputs_(inputs), slots_(slots), ready_(slots), results_(slots) {}

  // The next input to work on; waits while the ring is full. Nothing when all are taken.
  std::optional<std::size_t> take() {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return stopped_ || next_ >= inputs_ || has_room(); });
    if (stopped_ || next_ >= inputs_) return std::nullopt;
    return next_++;
  }
  void put(std::size_t index, Judged result) {
    {
      const std::lock_guard lock(mutex_);
      results_[index % slots_] = std::move(result);
      ready_[index % slots_] = true;
    }
    done_.notify_one();
  }

  // For the thread that reports, which works while it waits: an input to work on, while the result that is
  // next is not there; nothing once it is.
  std::optional<std::size_t> take_while_waiting_for(std::size_t index) {
    std::unique_lock lock(mutex_);
    if (is_ready(index)) return std::nullopt;
    if (next_ < inputs_ && has_room()) return next_++;
    done_.wait(lock, [&] { return is_ready(index); });
    return std::nullopt;
  }
  Judged result(std::size_t index) {
    const std::lock_guard lock(mutex_);
    ready_[index % slots_] = false;
    return std::move(results_[index % slots_]);
  }
  void reported() {
    {
      const std::lock_guard lock(mutex_);
      ++reported_;
    }
    room_.notify_all();
  }
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    room_.notify_all();
  }

 private:
  bool has_room() const { return next_ < reported_ + slots_; }
  bool is_ready(std::size_t index) const { return ready_[index % slots_]; }

  const std::size_t inputs_;
  const std::size_t slots_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::condition_variable done_;
  std::vector<bool> ready_;
  std::vector<Judged> results_;
  std::size_t next_ = 0;
  std::size_t reported_ = 0;
  bool stopped_ = false;
};

}  // namespace

Result<std::vector<Input>> find_inputs(const Session& session, const std::vector<std::string>& paths) {
  auto found = find_cards(paths);
  if (!found) return found.error();
  const auto& exclude = session.config.exclude.value;
  std::vector<Input> out;
  for (std::string& path : *found) {
    const std::string known = session.policy_path(path);
    const bool left_out = std::any_of(exclude.begin(), exclude.end(),
                                      [&](const std::string& glob) { return path_matches(glob, known); });
    if (!left_out) out.push_back({std::move(path), std::nullopt});
  }
  return out;
}

unsigned job_count(const Session& session) {
  const std::uint64_t asked = session.config.jobs.value;
  return asked != 0 ? static_cast<unsigned>(std::min<std::uint64_t>(asked, 256))
                    : std::max(1U, std::thread::hardware_concurrency());
}

Judged CardJudge::judge_bytes(const std::string& path, std::string_view bytes, std::optional<Kind> kind) {
  return judge_at(path, session_.policy_path(path), bytes, kind ? kind : session_.config.kind.value, nullptr);
}

Judged CardJudge::judge_bytes(const std::string& path, std::string_view bytes, const InRepository& around) {
  return judge_at(path, around.policy_path, bytes,
                  session_.config.kind.value ? session_.config.kind.value : around.kind, &around.facts);
}

Judged CardJudge::judge_at(const std::string& path, const std::string& policy_path, std::string_view bytes,
                           std::optional<Kind> kind, const RepositoryFacts* facts) {
  Judged out;
  ParseOptions parse;
  parse.kind = kind;
  const bool is_blob = facts != nullptr && facts->snapshot->card;
  out.card = std::make_unique<Card>(
      is_blob ? kept_card(options_.cache, path, facts->snapshot->card->blob, bytes, parse)
              : parse_card(path, bytes, parse));
  if (!runs_known_ || !session_.policy.overrides.empty()) {
    runs_ = rule_runs(session_.policy, *session_.book, policy_path);
    runs_known_ = true;
  }
  auto findings = evaluator_.evaluate(*out.card, runs_, session_.policy.scope, facts);
  if (!findings) {
    out.error = findings.error();
    return out;
  }
  out.disclosures = evaluator_.disclosures();
  const Suppressions suppressions = read_suppressions(*out.card, session_.rules);
  JudgeInput input{*out.card, out.disclosures, session_.policy, session_.rules};
  input.suppressions = &suppressions;
  input.baseline = options_.judge_with_baseline && session_.baseline ? &*session_.baseline : nullptr;
  input.path = policy_path;
  input.repository = facts;
  if (session_.waivers) {
    input.waivers = &*session_.waivers;
    input.subject = {session_.subject_name(policy_path), sha256_hex(bytes)};
  }
  out.report = judge(input, std::move(*findings));
  out.report.card = out.card.get();
  out.report.repository = facts;
  if (options_.keep_bytes) out.bytes = bytes;
  return out;
}

Judged CardJudge::judge_input(const Input& input) {
  if (input.content) return judge_bytes(input.path, *input.content);
  auto bytes = read_whole_file(input.path);
  if (bytes) return judge_bytes(input.path, *bytes);
  Judged out;
  out.error = bytes.error();
  return out;
}

void run_cards(const Session& session, const std::vector<Input>& inputs, const RunOptions& options,
               const std::function<bool(const Input&, Judged&)>& sink) {
  const std::size_t jobs = std::max<std::size_t>(1, std::min<std::size_t>(options.jobs, inputs.size()));
  Window window(inputs.size(), jobs == 1 ? 1 : jobs * kWindowPerJob);
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < jobs; ++i) {
    others.emplace_back([&] {
      CardJudge judge(session, options);
      while (const auto index = window.take()) window.put(*index, judge.judge_input(inputs[*index]));
    });
  }
  CardJudge judge(session, options);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    while (const auto index = window.take_while_waiting_for(i))
      window.put(*index, judge.judge_input(inputs[*index]));
    Judged judged = window.result(i);
    judged.report.disclosures = &judged.disclosures;
    const bool go_on = sink(inputs[i], judged);
    window.reported();
    if (!go_on) break;
  }
  window.stop();
  for (std::thread& other : others) other.join();
}

}  // namespace cardwarden::cli
