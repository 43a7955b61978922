// SPDX-License-Identifier: Apache-2.0
// cardwarden check: cards against a policy. The main job.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <istream>
#include <iterator>
#include <map>
#include <ostream>

#include "base/text.h"
#include "cli/check_run.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/profile.h"
#include "cli/recording.h"
#include "cli/run_info.h"
#include "cli/session.h"
#include "cli/since.h"

namespace cardwarden::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kQuietTime{1500};    // before progress is shown
constexpr std::chrono::milliseconds kProgressStep{200};  // between two updates

struct Options {
  std::vector<std::string> paths;
  ConfigFlags flags;
  std::string stdin_name = "README.md";
  bool exit_zero = false;
  bool statistics = false;
  bool profile = false;
  SinceOptions since;
  RecordFlags record;
};

Result<std::vector<Input>> gather(World& world, const Options& options, const Session& session) {
  std::vector<Input> out;
  std::vector<std::string> named;
  for (const std::string& path : options.paths) {
    if (path != "-") {
      named.push_back(path);
      continue;
    }
    out.push_back({options.stdin_name, std::string(std::istreambuf_iterator<char>(world.in), {})});
  }
  auto found = find_inputs(session, named);
  if (!found) return found.error();
  std::move(found->begin(), found->end(), std::back_inserter(out));
  return out;
}

// "checking 120 of 1,000 cards" on standard error, while it is a terminal and the work takes long.
class Progress {
 public:
  Progress(World& world, std::size_t total)
      : world_(world), total_(total), shown_at_(Clock::now() + kQuietTime) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void step() {
    ++done_;
    if (!world_.err_is_terminal || Clock::now() < shown_at_) return;
    shown_at_ = Clock::now() + kProgressStep;
    visible_ = true;
    world_.out.flush();
    world_.err << "\r\x1b[Kchecking " << done_ << " of " << text::plural(total_, "card", "cards")
               << std::flush;
  }
  void clear() {
    if (visible_) world_.err << "\r\x1b[K" << std::flush;
    visible_ = false;
  }

 private:
  World& world_;
  std::size_t total_;
  std::size_t done_ = 0;
  Clock::time_point shown_at_;
  bool visible_ = false;
};

// How often each rule spoke, most first.
class Statistics {
 public:
  void add(const CardReport& report) {
    for (const JudgedFinding& finding : report.findings) {
      if (finding.counts()) ++counts_[{std::string(finding.finding.rule), finding.severity}];
    }
  }
  void print(std::ostream& out) const {
    std::vector<std::pair<std::pair<std::string, Severity>, std::size_t>> rows(counts_.begin(),
                                                                               counts_.end());
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    std::size_t width = 0;
    for (const auto& row : rows) width = std::max(width, std::to_string(row.second).size());
    for (const auto& [rule, count] : rows) {
      const std::string number = std::to_string(count);
      const std::string severity(to_string(rule.second));
      out << std::string(width - number.size(), ' ') << number << "  " << severity
          << std::string(9 - severity.size(), ' ') << rule.first << "\n";
    }
  }

 private:
  std::map<std::pair<std::string, Severity>, std::size_t> counts_;
};

int run_check(World& world, Options options) {
  const bool only_new = options.since.staged || !options.since.reference.empty();
  if (options.paths.empty()) {
    if (!only_new) return fail(world, {ErrorCode::usage, "name the cards to check: a file, a folder, or -"});
    options.paths.emplace_back(".");
  }
  const std::string& first = options.paths.front();
  auto session = open_session(options.flags, first == "-" ? options.stdin_name : first);
  if (!session) return fail(world, session.error());
  auto inputs = gather(world, options, *session);
  if (!inputs) return fail(world, inputs.error());
  std::optional<Since> since;
  if (only_new) {
    auto older = older_versions(*session, *inputs, options.since);
    if (!older) return fail(world, older.error());
    since = std::move(*older);
    *inputs = std::move(since->inputs);
    session->baseline = joined(session->baseline, since->known);
  }
  auto log = open_log(world, options.record, *session);
  if (!log) return fail(world, log.error());
  auto recorded_cards = RecordedCards::for_run(*session, options.record.record ? inputs->size() : 0);
  if (!recorded_cards) return fail(world, recorded_cards.error());
  auto run = run_info(world, *session);
  if (!run) return fail(world, run.error());
  if (options.profile) return print_profile(world, *session, *inputs);
  auto outputs = Outputs::open(world, session->config.format.value, session->config.output.value);
  if (!outputs) return fail(world, outputs.error());

  outputs->begin(*run);
  Totals totals;
  Statistics statistics;
  Progress progress(world, inputs->size());
  int input_code = kPassed;
  std::optional<Error> stopped;
  RunOptions how{job_count(*session)};
  how.keep_bytes = options.record.record;
  const bool all_wanted =
      outputs->show_disclosures() || options.record.record || session->policy.gate.min_disclosure.has_value();
  how.extent = all_wanted ? Extent::everything : Extent::what_rules_ask;
  run_cards(*session, *inputs, how, [&](const Input& input, Judged& judged) {
    progress.step();
    if (judged.error && judged.error->code == ErrorCode::rule) {
      stopped = judged.error;
      return false;
    }
    if (judged.error) {
      progress.clear();
      outputs->problem({input.path, judged.error->message});
      input_code = fail(world, *judged.error);
      return true;
    }
    const Gate& gate = session->policy.gate;
    totals.add(judged.report, since ? gate_since(gate, *since, input, judged) : gate);
    if (options.statistics) statistics.add(judged.report);
    outputs->card(judged.report);
    if (options.record.record) recorded_cards->add(input, std::move(judged));
    return true;
  });
  progress.clear();
  if (stopped) return fail(world, *stopped);
  outputs->end(totals);
  auto written = outputs->commit();
  if (!written) return fail(world, written.error());
  if (options.statistics) statistics.print(outputs->text_on_terminal() ? world.out : world.err);
  if (input_code != kPassed) {
    if (options.record.record)
      world.err << "cardwarden: nothing was recorded, since not every card could be read\n";
    return input_code;
  }
  if (options.record.record) {
    const auto recorded = record_audit(world, *log, *session, *recorded_cards);
    if (!recorded) return fail(world, recorded.error());
    print_recorded(outputs->words_on_standard_output() ? world.out : world.err, *recorded, *log);
  }
  return gate_passes(totals, session->policy.gate) || options.exit_zero ? kPassed : kFailed;
}

}  // namespace

void add_check(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("check", "Check cards against a policy");
  command->add_option("path", options->paths, "Cards, folders of cards, or - for standard input");
  add_config_flags(*command, options->flags);
  command->add_option("--stdin-filename", options->stdin_name, "The name that standard input goes by");
  add_gate_flags(*command, options->flags);
  CLI::Option* since = command->add_option("--since", options->since.reference,
                                           "Fail only for what is new since a branch, tag or commit");
  command
      ->add_flag("--staged", options->since.staged,
                 "Judge what is staged; fail only for what is new since HEAD")
      ->excludes(since);
  command->add_flag("--exit-zero", options->exit_zero, "Exit 0 even when the gate fails");
  add_report_flags(*command, options->flags);
  command->add_option("--jobs,-j", options->flags.jobs, "Threads (default: one a processor)");
  command->add_flag("--statistics", options->statistics, "Print how often each rule spoke");
  add_record_flags(*command, options->record);
  command->add_flag("--profile", options->profile, "Print where the time goes instead of a report");
  command->callback([options, &invocation] {
    invocation.run = [options, &invocation] { return run_check(invocation.world, *options); };
  });
}

}  // namespace cardwarden::cli
