// SPDX-License-Identifier: Apache-2.0
// cardwarden audit: a repository at a commit. The card is judged with the files around it in sight.
#include <algorithm>
#include <ostream>

#include "base/files.h"
#include "base/text.h"
#include "cli/audit_repository.h"
#include "cli/check_run.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/recording.h"
#include "cli/repository_input.h"
#include "cli/run_info.h"
#include "cli/session.h"

namespace cardwarden::cli {
namespace {

constexpr const char* kCardPath = "README.md";

struct Options {
  std::string repository;
  std::string ref = "HEAD";
  std::string allowed_signers;
  std::string model_key;
  std::string write_baseline;
  ConfigFlags flags;
  bool exit_zero = false;
  CacheFlags cache;
  RecordFlags record;
};

Result<RepositoryToAudit> open_repository(World& world, const Options& options, ResultCache* cache) {
  const auto sources = read_audit_sources(options.allowed_signers, options.model_key);
  if (!sources) return sources.error();
  const auto named = open_named_repository(world, options.repository, remote_flags(options.cache));
  if (!named) return named.error();
  return read_repository(*named, options.ref, *sources, cache);
}

// Takes the findings as they are now into the file; other cards keep their lines there.
int write_baseline(World& world, const std::string& path, const CardReport& report) {
  BaselineRun run;
  run.add(report);
  Baseline after = run.create();
  if (regular_file_size(path)) {
    const auto bytes = read_whole_file(path);
    if (!bytes) return fail(world, bytes.error());
    const auto before = parse_baseline(*bytes, path);
    if (!before) return fail(world, before.error());
    after = run.update(*before);
  }
  auto written = write_file_atomically(path, to_json(after));
  if (!written) return fail(world, written.error());
  world.out << text::printable(path) << ": " << text::plural(after.entries().size(), "entry", "entries")
            << "\n";
  return kPassed;
}

// The record of the audit, printed where words are.
Done record(World& world, const Options& options, LogAccess& log, const Session& session,
            const RepositoryToAudit& opened, Judged&& judged, bool words_on_standard_output) {
  auto cards = RecordedCards::for_run(session, 1);
  if (!cards) return cards.error();
  cards->add(card_policy_path(session, opened), std::move(judged)).is_subject =
      opened.snapshot->card.has_value();
  const auto repository =
      describe_repository(opened, options.record.subject.empty() ? "repository" : options.record.subject,
                          {options.allowed_signers, options.model_key});
  if (!repository) return repository.error();
  const auto recorded = record_audit(world, log, session, *cards, &*repository);
  if (!recorded) return recorded.error();
  print_recorded(words_on_standard_output ? world.out : world.err, *recorded, log);
  return Nothing{};
}

int run_audit(World& world, const Options& options) {
  const bool is_baseline = !options.write_baseline.empty();
  // Not the configuration of the repository: it could switch off what its reader wants to know.
  auto session = open_session(options.flags, "", !is_baseline);
  if (!session) return fail(world, session.error());
  // What is signed is read anew, not taken from a folder that others may write.
  const auto cache = options.record.record ? nullptr : open_cache(options.cache);
  auto opened = open_repository(world, options, cache.get());
  if (!opened) return fail(world, opened.error());
  auto log = open_log(world, options.record, *session);
  if (!log) return fail(world, log.error());
  if (needs_timeline(session->policy, *session->book)) {
    ReadingOptions reading;
    reading.repository = opened->path;
    reading.kind = session->config.kind.value ? session->config.kind.value : opened->kind;
    reading.jobs = job_count(*session);
    const auto made = add_timeline(*opened, *session->book, reading, cache.get());
    if (!made) return fail(world, made.error());
  }
  auto run = run_info(world, *session);
  if (!run) return fail(world, run.error());
  const Snapshot& snapshot = *opened->snapshot;
  const std::string_view card = snapshot.card ? std::string_view(snapshot.card->bytes) : std::string_view();
  RunOptions run_options;
  run_options.judge_with_baseline = !is_baseline;
  run_options.keep_bytes = options.record.record;
  run_options.cache = cache.get();
  CardJudge judge(*session, run_options);
  Judged judged =
      judge.judge_bytes(kCardPath, card, {opened->facts, card_policy_path(*session, *opened), opened->kind});
  judged.report.disclosures = &judged.disclosures;
  if (judged.error) return fail(world, *judged.error);
  if (is_baseline) return write_baseline(world, options.write_baseline, judged.report);
  auto outputs = Outputs::open(world, session->config.format.value, session->config.output.value);
  if (!outputs) return fail(world, outputs.error());
  outputs->begin(*run);
  Totals totals;
  totals.add(judged.report, session->policy.gate);
  outputs->card(judged.report);
  if (!snapshot.card) {
    outputs->problem({kCardPath, "the commit has no card that can be read; what is judged is an empty one"});
  }
  outputs->end(totals);
  auto written = outputs->commit();
  if (!written) return fail(world, written.error());
  if (options.record.record) {
    const auto recorded = record(world, options, *log, *session, *opened, std::move(judged),
                                 outputs->words_on_standard_output());
    if (!recorded) return fail(world, recorded.error());
  }
  return gate_passes(totals, session->policy.gate) || options.exit_zero ? kPassed : kFailed;
}

}  // namespace

void add_audit(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("audit", "Audit a git repository at a commit: its card and the files around it");
  command
      ->add_option("repository", options->repository,
                   "A working tree, a bare repository or a folder inside one; hf:org/name or https://…")
      ->required();
  command->add_option("--ref", options->ref, "Branch, tag or commit to audit (default: HEAD)");
  command->add_option("--allowed-signers", options->allowed_signers,
                      "File of SSH keys that may sign commits, as ssh-keygen(1) describes it");
  command->add_option("--model-key", options->model_key,
                      "Public key (PEM) that should have signed model.sig");
  add_config_flags(*command, options->flags);
  add_gate_flags(*command, options->flags);
  CLI::Option* baseline =
      command->add_option("--write-baseline", options->write_baseline,
                          "Write today's findings to this baseline file instead of a report");
  command->add_flag("--exit-zero", options->exit_zero, "Exit 0 even when the gate fails");
  add_cache_flags(*command, options->cache);
  add_report_flags(*command, options->flags);
  add_record_flags(*command, options->record);
  baseline->excludes("--record");
  command->callback([options, &invocation] {
    invocation.run = [options, &invocation] { return run_audit(invocation.world, *options); };
  });
}

}  // namespace cardwarden::cli
