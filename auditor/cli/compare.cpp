// SPDX-License-Identifier: Apache-2.0
// cardwarden compare: candidate models side by side.
#include <algorithm>
#include <set>
#include <sstream>

#include "cli/audit_repository.h"
#include "cli/check_run.h"
#include "cli/command.h"
#include "cli/repository_input.h"
#include "cli/version.h"
#include "cli/waivers.h"
#include "engine/license_terms.h"
#include "report/compare_report.h"
#include "report/render.h"
#include "report/repository_lines.h"

namespace cardwarden::cli {
namespace {

constexpr const char* kCardPath = "README.md";
constexpr std::size_t kMaxCandidates = 20;  // more than a person can weigh

struct Options {
  std::vector<std::string> repositories;
  std::string format = "text";
  std::string output;
  ConfigFlags flags;
  CacheFlags cache;
  WaiverFlags waivers;
  std::vector<std::string> subjects;
};

using Titles = std::map<std::string, std::string, std::less<>>;

std::string title_of(const Titles& titles, std::string_view id) {
  const auto known = titles.find(id);
  return known != titles.end() ? known->second : render::in_words(id);
}

std::optional<bool> allows_commercial(const std::vector<std::string>& licenses) {
  std::optional<bool> out;
  for (const std::string& id : licenses) {
    const auto terms = license_terms(id);
    if (!terms) return std::nullopt;
    out = out.value_or(false) || (*terms & (kNonCommercial | kResearchOnly)) == 0;
  }
  return out;
}

void add_card(const Judged& judged, const CardFacts& facts, const Titles& titles, CompareCandidate& out) {
  out.kind = to_string(facts.kind);
  out.licenses = facts.licenses;
  out.bases = facts.base_models;
  out.commercial = allows_commercial(facts.licenses);
  for (const DisclosureFacts& one : facts.disclosures) {
    if (render::is_signal(one.id)) continue;
    ++out.catalogue;
    if (one.status == Status::disclosed)
      ++out.disclosed;
    else
      out.missing.push_back(title_of(titles, one.id));
  }
  for (const JudgedFinding& one : judged.report.findings) {
    if (!one.counts()) continue;
    const bool about_license = one.finding.rule.find("license-conflicts") != std::string_view::npos ||
                               one.finding.rule.find("license-file") != std::string_view::npos;
    if (about_license) out.chain.push_back(one.finding.message);
    if (one.finding.outcome == Outcome::contradicted)
      out.contradictions.push_back(one.finding.message);
    else if (one.severity == Severity::error)
      ++out.errors;
    else if (one.severity == Severity::warning)
      ++out.warnings;
  }
}

void add_weights(const WeightFacts& weights, CompareCandidate& out) {
  std::set<std::string> formats;
  for (const WeightFile& file : weights.files) {
    if (file.role == WeightRole::training_state) continue;
    formats.insert(std::string(to_string(file.format)));
    out.runs_code = out.runs_code || is_pickle_format(file.format);
    out.weight_bytes += file.size;
  }
  out.formats.assign(formats.begin(), formats.end());
  out.safe_twin = weights.pickle_with_safe_twin;
  const ParameterCount& count =
      weights.parameters.kind != CountKind::unknown ? weights.parameters : weights.adapter_parameters;
  if (count.kind == CountKind::unknown)
    out.parameters = "not known";
  else
    out.parameters = (count.kind == CountKind::exact ? "" : "about ") + render::grouped(count.value);
}

void add_history(const RepositoryToAudit& opened, const Titles& titles, CompareCandidate& out) {
  if (!opened.history) {
    out.history_note = "The history cannot be read.";
    return;
  }
  const History& history = *opened.history;
  if (!history.revisions.empty()) out.card_time = history.revisions.front().commit.committer.time;
  for (const WeightChange& change : history.weight_changes) {
    if (change.kind == WeightChangeKind::removed || change.kind == WeightChangeKind::moved) continue;
    out.weights_time = history.weight_commits[change.commit].commit.committer.time;
    break;
  }
  if (history.truncated) out.history_note = history.truncated_because;
  for (const TimelineWeights& one : opened.timeline->weights) out.silent += one.silent() ? 1U : 0U;
  for (const Loss& loss : opened.timeline->losses) {
    if (!render::is_signal(loss.id)) out.lost.push_back(title_of(titles, loss.id));
  }
}

Result<CompareCandidate> read_candidate(const Session& session, const NamedRepository& named,
                                        ResultCache* cache) {
  auto opened = read_repository(named, "HEAD", {}, cache);
  if (!opened) return opened.error();
  ReadingOptions reading;
  reading.repository = opened->path;
  reading.kind = session.config.kind.value ? session.config.kind.value : opened->kind;
  reading.jobs = job_count(session);
  const auto made = add_timeline(*opened, *session.book, reading, cache);
  if (!made) return made.error();
  const Snapshot& snapshot = *opened->snapshot;
  const std::string_view bytes = snapshot.card ? std::string_view(snapshot.card->bytes) : std::string_view();
  RunOptions run_options;
  run_options.cache = cache;
  CardJudge judge(session, run_options);
  Judged judged =
      judge.judge_bytes(kCardPath, bytes, {opened->facts, card_policy_path(session, *opened), reading.kind});
  if (judged.error) return *judged.error;
  const CardReport& report = judged.report;
  const CardFacts facts = card_facts(*judged.card, judge.evaluator().prose(), judged.disclosures,
                                     [&report](Span span) { return render::raw_quote(report, span); });
  CompareCandidate out;
  out.name = opened->name;
  out.commit = snapshot.commit_id.hex();
  out.has_card = snapshot.card.has_value();
  const Titles titles = disclosure_titles(*session.book, facts.kind);
  add_card(judged, facts, titles, out);
  add_weights(*opened->weights, out);
  add_history(*opened, titles, out);
  return out;
}

int run_compare(World& world, const Options& options) {
  if (options.repositories.size() > kMaxCandidates) {
    return fail(world, {ErrorCode::usage, "More than " + std::to_string(kMaxCandidates) +
                                              " repositories cannot be compared at once (kMaxCandidates)."});
  }
  if (!options.subjects.empty() && options.subjects.size() != options.repositories.size()) {
    return fail(world, {ErrorCode::usage, "Name the subject of each repository, in their order, or of none.",
                        "--subject"});
  }
  auto session = open_session(options.flags, "");
  if (!session) return fail(world, session.error());
  if (auto taken = open_waivers(world, options.waivers, *session); !taken) return fail(world, taken.error());
  const auto cache = open_cache(options.cache);
  CompareReport report;
  report.version = kVersion;
  for (std::size_t i = 0; i < options.repositories.size(); ++i) {
    const std::string& path = options.repositories[i];
    if (!options.subjects.empty()) session->subject = options.subjects[i];
    const auto named = open_named_repository(world, path, remote_flags(options.cache));
    if (!named) return fail(world, named.error());
    auto candidate = read_candidate(*session, *named, cache.get());
    if (!candidate) return fail(world, candidate.error());
    report.candidates.push_back(std::move(*candidate));
  }
  report.colour = world.out_is_terminal && !world.no_colour && options.output.empty();
  report.terminal_width = world.terminal_width;
  std::ostringstream text;
  if (options.format == "json")
    write_compare_json(text, report);
  else if (options.format == "html")
    write_compare_html(text, report);
  else
    write_compare_text(text, report);
  return write_output(world, options.output, text.str());
}

}  // namespace

void add_compare(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("compare", "Show candidate models side by side");
  command
      ->add_option("repository", options->repositories,
                   "Git repositories, one a candidate: paths, hf:org/name or https://…")
      ->required();
  command->add_option("--format", options->format, "text, json or html")
      ->check(CLI::IsMember({"text", "json", "html"}));
  command->add_option("--output", options->output, "File to write instead of standard output");
  add_config_flags(*command, options->flags);
  add_cache_flags(*command, options->cache);
  add_waiver_flags(*command, options->waivers);
  command
      ->add_option("--subject", options->subjects,
                   "What waivers call the card of each repository, in their order (default: as `audit` does)")
      ->allow_extra_args(false);
  command->callback([options, &invocation] {
    invocation.run = [options, &invocation] { return run_compare(invocation.world, *options); };
  });
}

}  // namespace cardwarden::cli
