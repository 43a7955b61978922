// SPDX-License-Identifier: Apache-2.0
// cardwarden diff A..B: what a change does to the disclosures, findings and weights of a repository.
#include <algorithm>
#include <map>
#include <sstream>

#include "cli/audit_repository.h"
#include "cli/check_run.h"
#include "cli/command.h"
#include "cli/repository_input.h"
#include "cli/run_info.h"
#include "cli/version.h"
#include "cli/waivers.h"
#include "report/diff_report.h"
#include "report/render.h"
#include "repository/weights.h"

namespace cardwarden::cli {
namespace {

constexpr const char* kCardPath = "README.md";

struct Options {
  std::string range;
  std::string repository = ".";
  std::string format = "text";
  std::string output;
  ConfigFlags flags;
  CacheFlags cache;
  WaiverFlags waivers;
  std::string subject;
};

// One of the two commits.
struct Side {
  RepositoryToAudit opened;
  Judged judged;
  CardFacts facts;
};

Result<std::unique_ptr<Side>> read_side(const Session& session, CardJudge& judge,
                                        const NamedRepository& named, const std::string& reference,
                                        ResultCache* cache) {
  auto out = std::make_unique<Side>();
  auto opened = read_repository(named, reference, {}, cache);
  if (!opened) return opened.error();
  out->opened = std::move(*opened);
  const Snapshot& snapshot = *out->opened.snapshot;
  const std::string_view bytes = snapshot.card ? std::string_view(snapshot.card->bytes) : std::string_view();
  const auto kind = session.config.kind.value ? session.config.kind.value : out->opened.kind;
  out->judged =
      judge.judge_bytes(kCardPath, bytes, {out->opened.facts, card_policy_path(session, out->opened), kind});
  if (out->judged.error) return *out->judged.error;
  out->judged.report.disclosures = &out->judged.disclosures;
  const CardReport& report = out->judged.report;
  out->facts = card_facts(*out->judged.card, judge.evaluator().prose(), out->judged.disclosures,
                          [&report](Span span) { return render::raw_quote(report, span); });
  return out;
}

// Findings by fingerprint; suppressed ones are not there.
std::map<std::string, DiffFinding> findings_of(const Side& side) {
  std::map<std::string, DiffFinding> out;
  for (const JudgedFinding& one : side.judged.report.findings) {
    if (!one.counts()) continue;
    const render::Place place = render::place_of(*side.judged.card, one.finding);
    out[one.fingerprint] = {std::string(one.finding.rule), one.severity, one.finding.message,
                            place.whole_card ? 0 : place.begin.line, one.fingerprint};
  }
  return out;
}

void sort(std::vector<DiffFinding>& findings) {
  std::stable_sort(findings.begin(), findings.end(), [](const DiffFinding& a, const DiffFinding& b) {
    return a.severity != b.severity ? a.severity > b.severity : a.line < b.line;
  });
}

void compare_findings(const Side& before, const Side& after, DiffReport& out) {
  const auto old = findings_of(before);
  const auto now = findings_of(after);
  for (const auto& [fingerprint, finding] : now) {
    if (old.count(fingerprint) == 0)
      out.appeared.push_back(finding);
    else
      ++out.stayed;
  }
  for (const auto& [fingerprint, finding] : old) {
    if (now.count(fingerprint) == 0) out.gone.push_back(finding);
  }
  sort(out.appeared);
  sort(out.gone);
}

std::map<std::string, std::string> weights_of(const Snapshot& snapshot) {
  std::map<std::string, std::string> out;
  for (const SnapshotFile& file : snapshot.files) {
    if (file.is_regular() && weight_format_of(file.path))
      out[file.path] = file.lfs ? file.lfs->oid : file.blob.hex();
  }
  return out;
}

void compare_weights(const Snapshot& before, const Snapshot& after, DiffReport& out) {
  const auto old = weights_of(before);
  const auto now = weights_of(after);
  for (const auto& [path, identity] : now) {
    const auto was = old.find(path);
    if (was == old.end())
      out.weights_added.push_back(path);
    else if (was->second != identity)
      out.weights_changed.push_back(path);
  }
  for (const auto& [path, identity] : old) {
    if (now.count(path) == 0) out.weights_removed.push_back(path);
  }
}

std::size_t disclosed(const CardFacts& facts) {
  return static_cast<std::size_t>(
      std::count_if(facts.disclosures.begin(), facts.disclosures.end(), [](const DisclosureFacts& one) {
        return one.status == Status::disclosed && !render::is_signal(one.id);
      }));
}

// "A..B", or "A" for A..HEAD.
Result<std::pair<std::string, std::string>> read_range(const std::string& range) {
  const std::size_t dots = range.find("..");
  if (range.find("...") != std::string::npos) {
    return Error(ErrorCode::usage, "A...B is not known here; name the two commits as A..B.", range);
  }
  std::pair<std::string, std::string> out{range.substr(0, dots), "HEAD"};
  if (dots != std::string::npos && dots + 2 < range.size()) out.second = range.substr(dots + 2);
  if (out.first.empty()) out.first = "HEAD";
  return out;
}

int run_diff(World& world, const Options& options) {
  const auto range = read_range(options.range);
  if (!range) return fail(world, range.error());
  auto session = open_session(options.flags, "", false);
  if (!session) return fail(world, session.error());
  session->subject = options.subject;
  if (auto taken = open_waivers(world, options.waivers, *session); !taken) return fail(world, taken.error());
  const auto cache = open_cache(options.cache);
  RunOptions without_baseline;
  without_baseline.judge_with_baseline = false;
  without_baseline.cache = cache.get();
  CardJudge judge(*session, without_baseline);
  const auto named = open_named_repository(world, options.repository, remote_flags(options.cache));
  if (!named) return fail(world, named.error());
  auto before = read_side(*session, judge, *named, range->first, cache.get());
  if (!before) return fail(world, before.error());
  auto after = read_side(*session, judge, *named, range->second, cache.get());
  if (!after) return fail(world, after.error());
  const Side& old = **before;
  const Side& now = **after;

  DiffReport report;
  report.version = kVersion;
  report.repository = named->name;
  report.before = range->first;
  report.after = range->second;
  report.before_id = old.opened.snapshot->commit_id;
  report.after_id = now.opened.snapshot->commit_id;
  report.card = kCardPath;
  report.changes = compare(old.opened.snapshot->card ? &old.facts : nullptr,
                           now.opened.snapshot->card ? &now.facts : nullptr);
  compare_findings(old, now, report);
  compare_weights(*old.opened.snapshot, *now.opened.snapshot, report);
  report.disclosed_before = disclosed(old.facts);
  report.disclosed_after = disclosed(now.facts);
  report.colour = world.out_is_terminal && !world.no_colour && options.output.empty();
  std::ostringstream text;
  if (options.format == "json")
    write_diff_json(text, report);
  else
    write_diff_text(text, report);
  return write_output(world, options.output, text.str());
}

}  // namespace

void add_diff(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("diff", "Show what a change does to disclosures, findings and weights");
  command->add_option("range", options->range, "Two commits as A..B; A alone is A..HEAD")->required();
  command->add_option("repository", options->repository,
                      "A git repository: a path, hf:org/name or https://… (default: the one here)");
  command->add_option("--format", options->format, "text or json")->check(CLI::IsMember({"text", "json"}));
  command->add_option("--output", options->output, "File to write instead of standard output");
  add_config_flags(*command, options->flags);
  add_cache_flags(*command, options->cache);
  add_waiver_flags(*command, options->waivers);
  command->add_option("--subject", options->subject, "What waivers call the card (default: as `audit` does)");
  command->callback([options, &invocation] {
    invocation.run = [options, &invocation] { return run_diff(invocation.world, *options); };
  });
}

}  // namespace cardwarden::cli
