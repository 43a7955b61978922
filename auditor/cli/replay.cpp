// SPDX-License-Identifier: Apache-2.0
// cardwarden replay: makes the audit of a record again from the inputs that it names, and compares the
// findings bit for bit. Format of the run that a record names: docs/formats/record.md.
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/files.h"
#include "base/json.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/check_run.h"
#include "cli/command.h"
#include "cli/load_rules.h"
#include "cli/open_store.h"
#include "cli/recorded_repository.h"
#include "cli/signing.h"
#include "cli/state.h"
#include "cli/version.h"
#include "cli/waivers.h"
#include "crypto/dsse.h"
#include "crypto/strict_json.h"
#include "policy/load.h"
#include "policy/pipeline.h"
#include "record/findings.h"

namespace cardwarden::cli {
namespace {

using nlohmann::json;

struct Options {
  StoreFlags store;
  std::string record;
  std::vector<std::string> cards;
  std::vector<std::string> rules_dir;
  std::vector<std::string> trust;
  std::string repository;
  std::string ref;
  std::string policy;
  VouchedFiles vouched;
};

// What the record names.
struct Named {
  Hash findings{};
  std::string policy;  // digest
  std::string rules;   // digest
  std::string tool;    // version and commit
  Hash run{};
};

// How the run was made.
struct RunCard {
  std::string path;
  std::string subject;
  std::string sha256;
  Kind kind = Kind::model;
};
struct Run {
  std::vector<RunCard> cards;
  std::optional<std::string> baseline;  // digest
  std::uint64_t judged_at = 0;
  std::vector<std::string> waivers;       // record ids
  std::optional<std::string> repository;  // canonical JSON (cli/recorded_repository.h)
};

Error missing(const std::string& what) {
  return {ErrorCode::not_found, "The record cannot be replayed: " + what};
}

Result<Named> read_named(std::string_view payload, const ReadStatement& statement) {
  if (!statement.findings)
    return Error(ErrorCode::usage, "Only audits can be replayed; this record is of kind " +
                                       std::string(to_string(statement.kind)) + ".");
  const auto value = parse_strict_json(payload, {.bytes = kMaxEnvelopeBytes});
  if (!value) return value.error();
  Named out;
  out.findings = *statement.findings;
  const json& predicate = value->at("predicate");
  const json* configuration = array_member(predicate, "configuration");
  bool has_run = false;
  for (const json& one : configuration == nullptr ? json::array() : *configuration) {
    const std::string name = string_member(one, "name", "").value_or("");
    const json* digest = object_member(one, "digest");
    const std::string sha256 = digest == nullptr ? "" : string_member(*digest, "sha256", "").value_or("");
    if (name.compare(0, 7, "policy/") == 0) out.policy = sha256;
    if (name == "rules") out.rules = sha256;
    if (name != "run") continue;
    const auto hash = hash_from_hex(sha256);
    if (!hash) return hash.error();
    out.run = *hash;
    has_run = true;
  }
  if (!has_run) return missing("it does not say how its run was made.");
  const json* audit = object_member(predicate, "cardwardenAudit");
  const json* provenance = audit == nullptr ? nullptr : object_member(*audit, "provenance");
  const json* tool = provenance == nullptr ? nullptr : object_member(*provenance, "tool");
  if (tool != nullptr) {
    out.tool = string_member(*tool, "version", "").value_or("") + " (commit " +
               string_member(*tool, "commit", "").value_or("") + ")";
  }
  return out;
}

std::optional<Kind> kind_named(std::string_view word) {
  for (const Kind kind : {Kind::model, Kind::dataset, Kind::space}) {
    if (to_string(kind) == word) return kind;
  }
  return std::nullopt;
}

Result<Run> parse_run(const std::string& text) {
  const auto value = parse_canonical_json(text);
  if (!value) return value.error();
  const auto schema = string_member(*value, "schema", "the run");
  if (!schema || *schema != "cardwarden-run/1")
    return Error(ErrorCode::format, "Expected the schema cardwarden-run/1.");
  Run out;
  const auto at = string_member(*value, "judgedAt", "the run");
  if (!at) return at.error();
  const auto time = parse_time(*at);
  if (!time) return time.error();
  out.judged_at = *time;
  if (auto baseline = string_member(*value, "baseline", "the run")) out.baseline = *std::move(baseline);
  if (const json* repository = object_member(*value, "repository"); repository != nullptr)
    out.repository = canonical_json(*repository);
  const json* waivers = array_member(*value, "waivers");
  for (const json& one : waivers == nullptr ? json::array() : *waivers) {
    if (one.is_string()) out.waivers.push_back(one.get<std::string>());
  }
  const json* cards = array_member(*value, "cards");
  for (const json& one : cards == nullptr ? json::array() : *cards) {
    RunCard card;
    std::string kind;
    const std::pair<const char*, std::string*> members[] = {
        {"path", &card.path}, {"subject", &card.subject}, {"sha256", &card.sha256}, {"kind", &kind}};
    for (const auto& [name, target] : members) {
      auto words = string_member(one, name, "a card of the run");
      if (!words) return words.error();
      *target = *std::move(words);
    }
    const auto known = kind_named(kind);
    if (!known) return Error(ErrorCode::format, "The run names a kind of card that is not known here.");
    card.kind = *known;
    out.cards.push_back(std::move(card));
  }
  return out;
}

// The resolved policy as it was stored, read as the policy file that says the same.
Result<Policy> stored_policy(Store& store, const std::string& digest, const KnownRules& rules) {
  const auto id = hash_from_hex(digest);
  if (!id) return id.error();
  const auto text = store.document(*id);
  if (!text) return missing("the policy sha256:" + digest + " is not kept any more.");
  auto value = parse_canonical_json(*text);
  if (!value) return value.error();
  value->erase("schema");
  const std::string file = canonical_json(*value);
  PolicySources sources;
  sources.rules = rules;
  sources.pack = [](std::string_view) { return std::string_view(); };
  sources.read = [&file](const std::string&) { return Result<std::string>(file); };
  return load_policy("recorded.yaml", sources);
}

Result<std::map<std::string, std::string>> read_cards(const std::vector<std::string>& paths) {
  std::map<std::string, std::string> out;
  for (const std::string& path : paths) {
    auto bytes = read_whole_file(path);
    if (!bytes) return bytes.error();
    const std::string digest = hex(sha256(*bytes));
    out[digest] = *std::move(bytes);
  }
  return out;
}

class Replay {
 public:
  Replay(World& world, Store& store, const Options& options)
      : world_(world), store_(store), options_(options) {}

  // The findings document, made again.
  Result<FindingsDocument> run(const Named& named) {
    const auto text = store_.document(named.run);
    if (!text) return missing("how its run was made is not kept any more.");
    auto run = parse_run(*text);
    if (!run) return run.error();
    if (auto opened = open(named, *run); !opened) return opened.error();
    if (run->repository) return run_in_repository(*run);
    const auto given = read_cards(options_.cards);
    if (!given) return given.error();
    CardJudge judge(session_, {});
    std::vector<std::unique_ptr<Judged>> judged;
    for (const RunCard& card : run->cards) {
      const auto bytes = bytes_of_card(card, *given);
      if (!bytes) return bytes.error();
      session_.subject = card.subject;
      auto& one =
          judged.emplace_back(std::make_unique<Judged>(judge.judge_bytes(card.path, *bytes, card.kind)));
      if (one->error) return *one->error;
      one->report.disclosures = &one->disclosures;
    }
    std::vector<const CardReport*> reports;
    reports.reserve(judged.size());
    for (const auto& one : judged) reports.push_back(&one->report);
    cards_ = reports.size();
    return findings_document(reports);
  }

  const std::vector<std::string>& changed() const { return changed_; }
  std::size_t cards() const { return cards_; }

 private:
  Done open(const Named& named, const Run& run) {
    auto book = load_rules(options_.rules_dir);
    if (!book) return book.error();
    session_.book = *std::move(book);
    session_.rules = known_rules(*session_.book);
    session_.recorded_paths = true;
    if (session_.book->digest() != named.rules)
      changed_.push_back("the rules: recorded sha256:" + named.rules +
                         ", here sha256:" + session_.book->digest());
    const std::string tool = std::string(kVersion) + " (commit " + std::string(kCommit) + ")";
    if (tool != named.tool) changed_.push_back("the program: recorded " + named.tool + ", here " + tool);
    auto policy = options_.policy.empty() ? stored_policy(store_, named.policy, session_.rules)
                                          : open_policy(options_.policy, session_.rules, {});
    if (!policy) return policy.error();
    session_.policy = *std::move(policy);
    if (session_.policy.digest != named.policy)
      changed_.push_back("the policy: recorded sha256:" + named.policy +
                         ", resolved here sha256:" + session_.policy.digest);
    if (auto read = read_baseline(run); !read) return read;
    const auto keys = trusted_keys(options_.store.state, options_.trust, &store_);
    if (!keys) return keys.error();
    auto waivers = read_waivers(store_, *keys, run.waivers);
    if (!waivers) return waivers.error();
    for (const std::string& why : waivers->refused) changed_.push_back("a waiver: " + why);
    session_.waivers = Waivers{std::move(waivers->granted), run.judged_at};
    return Nothing{};
  }

  // The audit of a commit. Where the recorded one is not there any more another is audited, and what is
  // different is said.
  Result<FindingsDocument> run_in_repository(const Run& run) {
    if (run.cards.size() != 1) return missing("the audit of a repository is about one card.");
    if (options_.repository.empty())
      return missing("it is about a commit; name a repository that has it by --repository.");
    const json recorded = json::parse(*run.repository);
    const auto commit = recorded_commit(recorded);
    if (!commit) return commit.error();
    const auto sources = read_audit_sources(options_.vouched.allowed_signers, options_.vouched.model_key);
    if (!sources) return sources.error();
    const auto named = open_named_repository(world_, options_.repository);
    if (!named) return named.error();
    auto opened = read_repository(*named, options_.ref.empty() ? *commit : options_.ref, *sources);
    if (!opened && options_.ref.empty() && opened.error().code == ErrorCode::not_found)
      opened = read_repository(*named, "HEAD", *sources);
    if (!opened) return opened.error();
    const auto name = string_member(recorded, "name", "the repository of the run");
    if (!name) return name.error();
    const auto now = describe_repository(*opened, *name, options_.vouched);
    if (!now) return now.error();
    const auto changes = repository_changes(store_, recorded, *now);
    if (!changes) return changes.error();
    changed_.insert(changed_.end(), changes->begin(), changes->end());
    const RunCard& card = run.cards.front();
    const auto& file = opened->snapshot->card;
    const std::string_view bytes = file ? std::string_view(file->bytes) : std::string_view();
    if (hex(sha256(bytes)) != card.sha256)
      changed_.push_back("the card: recorded sha256:" + card.sha256 + ", here sha256:" + hex(sha256(bytes)));
    if (needs_timeline(session_.policy, *session_.book)) {
      ReadingOptions reading;
      reading.repository = opened->path;
      reading.kind = card.kind;
      const auto made = add_timeline(*opened, *session_.book, reading, nullptr);
      if (!made) return made.error();
    }
    session_.subject = card.subject;
    CardJudge judge(session_, {});
    Judged judged = judge.judge_bytes("README.md", bytes, {opened->facts, card.path, card.kind});
    if (judged.error) return *judged.error;
    judged.report.disclosures = &judged.disclosures;
    cards_ = 1;
    return findings_document({&judged.report});
  }

  Done read_baseline(const Run& run) {
    if (!run.baseline) return Nothing{};
    const auto id = hash_from_hex(*run.baseline);
    if (!id) return id.error();
    const auto text = store_.document(*id);
    if (!text) return missing("its baseline is not kept any more.");
    auto baseline = parse_baseline(*text, "the recorded baseline");
    if (!baseline) return baseline.error();
    session_.baseline = *std::move(baseline);
    return Nothing{};
  }

  Result<std::string> bytes_of_card(const RunCard& card, const std::map<std::string, std::string>& given) {
    if (const auto at = given.find(card.sha256); at != given.end()) return at->second;
    const auto id = hash_from_hex(card.sha256);
    if (!id) return id.error();
    auto bytes = store_.document(*id);
    if (bytes) return bytes;
    if (bytes.error().code != ErrorCode::not_found) return bytes.error();
    std::string what =
        "the card " + text::printable(card.path) + " of sha256:" + card.sha256 + " is not kept";
    what += options_.cards.empty() ? "; hand it in by --card."
                                   : ", and no file given has these bytes: the card has changed.";
    return missing(what);
  }

  World& world_;
  Store& store_;
  const Options& options_;
  Session session_;
  std::vector<std::string> changed_;
  std::size_t cards_ = 0;
};

int replay_record(World& world, const Options& options, Store& store, bool may_be_review) {
  const auto record = named_record(store, options.record);
  if (!record) return fail(world, record.error());
  const auto envelope = parse_envelope(record->envelope);
  if (!envelope) return fail(world, envelope.error());
  const auto statement = read_statement(envelope->payload);
  if (!statement) return fail(world, statement.error());
  if (statement->review && may_be_review) {
    // What was reviewed is what can be made again.
    print_rows(world.out, {{"review", hex(record->id)},
                           {"decision", statement->review->decision + " by " + statement->review->reviewer}});
    Options reviewed = options;
    reviewed.record = hex(statement->review->record);
    return replay_record(world, reviewed, store, false);
  }
  const auto named = read_named(envelope->payload, *statement);
  if (!named) return fail(world, named.error());
  Replay replay(world, store, options);
  const auto findings = replay.run(*named);
  if (!findings) return fail(world, findings.error());
  const bool same = findings->ref.digest == named->findings;
  Rows rows = {{"record", hex(record->id)},
               {"audited", text::plural(replay.cards(), "card", "cards")},
               {"recorded", "findings sha256:" + hex(named->findings)},
               {"replayed", "findings sha256:" + hex(findings->ref.digest)}};
  for (const std::string& what : replay.changed()) rows.emplace_back("changed", what);
  rows.emplace_back("answer", same                       ? "reproduced, bit for bit"
                              : replay.changed().empty() ? "NOT REPRODUCED, although no input has changed"
                                                         : "NOT REPRODUCED: see what changed");
  print_rows(world.out, rows);
  return same ? kPassed : kFailed;
}

int run_replay(World& world, const Options& options) {
  const auto store = open_store(options.store, Missing::fail);
  if (!store) return fail(world, store.error());
  return replay_record(world, options, *store->store, true);
}

}  // namespace

void add_replay(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "replay", "Audit again from the inputs that a record names, and compare the findings");
  command
      ->add_option("record", options->record,
                   "Index in the log, or the first 12 digits or more of the record id")
      ->required();
  command->add_option("--card", options->cards, "A card that the store does not keep any more; repeatable")
      ->allow_extra_args(false);
  command->add_option("--repository", options->repository,
                      "A repository that has the recorded commit, for the record of an audit");
  command->add_option("--ref", options->ref, "Audit this commit of it instead, and say what is different");
  command->add_option("--allowed-signers", options->vouched.allowed_signers,
                      "File of SSH keys that the audit was given");
  command->add_option("--model-key", options->vouched.model_key,
                      "Public key of model signatures that the audit was given");
  command->add_option("--policy", options->policy,
                      "Judge by this policy instead of the recorded one, and say what is different");
  command->add_option("--rules", options->rules_dir, "Folder of rules that the audit used; repeatable")
      ->allow_extra_args(false);
  command->add_option("--trust", options->trust, "Public key (PEM) whose waivers count; repeatable")
      ->allow_extra_args(false);
  add_store_flags(*command, options->store);
  command->callback([options, &invocation] {
    invocation.run = [options, &invocation] { return run_replay(invocation.world, *options); };
  });
}

}  // namespace cardwarden::cli
