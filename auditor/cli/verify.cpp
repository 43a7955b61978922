// SPDX-License-Identifier: Apache-2.0
// cardwarden verify: checks a record offline, with nothing but the files and keys that are named. Checks:
// docs/formats/verify.md.
#include "verify/verify.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/files.h"
#include "base/json.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/command.h"
#include "cli/note_keys.h"
#include "cli/signing.h"
#include "cli/state.h"
#include "cli/statement_rows.h"
#include "cli/tsa.h"
#include "log/witness.h"
#include "record/snapshot_manifest.h"

namespace cardwarden::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string record;
  std::vector<std::string> keys;
  std::vector<std::string> log_key;
  std::vector<std::string> witness;
  std::size_t quorum = 0;
  std::string revoked;
  std::string proof;
  std::string old_checkpoint;
  std::string consistency;
  std::string findings;
  std::vector<std::string> files;
  std::string stamp;
  AuthorityFlags authority;
  std::string repository;
  std::string ref = "HEAD";
  std::string format;
};

// What `cardwarden export` writes into a folder. Keys are not among it: trust does not come from there.
constexpr const char* kBundle = "bundle.json";
constexpr const char* kProof = "record.tlog-proof";
constexpr const char* kFindings = "findings.json";
constexpr const char* kStamp = "checkpoint.tsr";

// A folder stands for the files of an export in it.
Options spelled_out(Options options) {
  std::error_code error;
  if (!fs::is_directory(options.record, error)) return options;
  const fs::path folder = options.record;
  options.record = (folder / kBundle).string();
  if (options.proof.empty() && fs::exists(folder / kProof, error)) options.proof = (folder / kProof).string();
  if (options.findings.empty() && fs::exists(folder / kFindings, error))
    options.findings = (folder / kFindings).string();
  if (options.stamp.empty() && fs::exists(folder / kStamp, error)) options.stamp = (folder / kStamp).string();
  return options;
}

// The bytes that a VerifyInput borrows.
struct Material {
  std::string record;
  std::string proof;
  std::string old_checkpoint;
  std::string findings;
  std::string stamp;
};

Done read_into(const std::string& path, std::string& bytes, std::optional<std::string_view>& view) {
  if (path.empty()) return Nothing{};
  auto text = read_whole_file(path);
  if (!text) return text.error();
  bytes = *std::move(text);
  view = bytes;
  return Nothing{};
}

// A commit of a repository, as records know it: by the SHA-256 over all its files.
Result<GivenFile> given_commit(const std::string& path, const std::string& ref) {
  const auto repository = Repository::open(path);
  if (!repository) return repository.error();
  const auto commit = repository->resolve(ref);
  if (!commit) return commit.error();
  const auto snapshot = read_snapshot(*repository, *commit);
  if (!snapshot) return snapshot.error();
  auto entries = snapshot_manifest(*repository, *snapshot);
  if (!entries) return entries.error();
  const auto digest = manifest_digest(*std::move(entries));
  if (!digest) return digest.error();
  return GivenFile{"commit " + commit->hex() + " of " + path, *digest};
}

Done read_log(const Options& options, VerifyInput& input) {
  if (options.log_key.empty()) return Nothing{};
  auto keys = read_note_keys(options.log_key);
  if (!keys) return keys.error();
  if (keys->empty()) return Error(ErrorCode::usage, "No key of a log was given.", "--log-key");
  for (const tlog::NoteKey& key : *keys) {
    if (key.name == keys->front().name) continue;
    return Error(
        ErrorCode::usage,
        "The keys are of one log, and these are of \"" + keys->front().name + "\" and \"" + key.name + "\".",
        "--log-key");
  }
  auto witnesses = read_note_keys(options.witness);
  if (!witnesses) return witnesses.error();
  input.log =
      TrustedLog{keys->front(), *std::move(witnesses), options.quorum, {keys->begin() + 1, keys->end()}};
  return Nothing{};
}

Done read_material(const Options& options, Material& material, VerifyInput& input) {
  std::optional<std::string_view> record;
  if (auto read = read_into(options.record, material.record, record); !read) return read;
  input.record = material.record;
  for (const std::string& path : options.keys) {
    auto keys = read_trusted_keys(path);
    if (!keys) return keys.error();
    std::move(keys->begin(), keys->end(), std::back_inserter(input.keys));
  }
  if (!options.revoked.empty()) {
    const auto time = parse_time(options.revoked);
    if (!time) return Error(ErrorCode::usage, time.error().message, "--revoked");
    for (TrustedKey& key : input.keys) key.revoked_at = *time;
  }
  if (auto read = read_log(options, input); !read) return read;
  if (auto read = read_into(options.proof, material.proof, input.proof); !read) return read;
  if (auto read = read_into(options.old_checkpoint, material.old_checkpoint, input.old_checkpoint); !read)
    return read;
  if (auto read = read_into(options.findings, material.findings, input.findings); !read) return read;
  if (auto read = read_into(options.stamp, material.stamp, input.stamp); !read) return read;
  auto authority = read_authority(options.authority);
  if (!authority) return authority.error();
  input.authority = *std::move(authority);
  if (!options.consistency.empty()) {
    const auto text = read_whole_file(options.consistency, 2 * tlog::kMaxNoteBytes);
    if (!text) return text.error();
    const auto request = tlog::parse_witness_request(*text);
    if (!request) return request.error();
    input.growth = request->proof;
  }
  for (const std::string& path : options.files) {
    const auto bytes = read_whole_file(path);
    if (!bytes) return bytes.error();
    input.files.push_back({path, sha256(*bytes)});
  }
  if (options.repository.empty()) return Nothing{};
  auto commit = given_commit(options.repository, options.ref);
  if (!commit) return commit.error();
  input.files.push_back(*std::move(commit));
  return Nothing{};
}

std::size_t count(const VerifyReport& report, CheckState state) {
  return static_cast<std::size_t>(
      std::count_if(report.checks.begin(), report.checks.end(),
                    [state](const Check& check) { return check.state == state; }));
}

// The last line says no more than the lines above it.
std::string answer(const VerifyReport& report) {
  if (!report.passed()) return "THE RECORD IS NOT GOOD.";
  const std::size_t open = count(report, CheckState::not_checked);
  return "The record is good in all that was checked (" +
         text::plural(count(report, CheckState::passed), "point", "points") + ")" +
         (open == 0 ? "." : "; " + text::plural(open, "point", "points") + " could not be checked.") +
         (report.statement->result.empty()
              ? ""
              : " What it records is the result " + report.statement->result + ".");
}

void print_text(std::ostream& out, const VerifyReport& report) {
  std::vector<std::vector<std::string>> table;
  for (const Check& check : report.checks) {
    const std::string state =
        check.state == CheckState::failed ? "FAILED" : std::string(to_string(check.state));
    table.push_back({state, check.what, check.detail});
  }
  print_table(out, table);
  out << "\n";
  if (report.statement) {
    Rows rows = {{"record", report.record_id}};
    const Rows said = statement_rows(*report.statement);
    rows.insert(rows.end(), said.begin(), said.end());
    print_rows(out, rows);
    out << "\n";
  }
  out << answer(report) << "\n";
}

void print_json(std::ostream& out, const VerifyReport& report) {
  nlohmann::json checks = nlohmann::json::array();
  for (const Check& check : report.checks)
    checks.push_back({{"state", to_string(check.state)}, {"what", check.what}, {"detail", check.detail}});
  nlohmann::json all = {{"schema", "cardwarden-verify/1"}, {"passed", report.passed()},
                        {"checks", std::move(checks)},     {"record", report.record_id},
                        {"keyId", report.key_id},          {"logIndex", nullptr}};
  if (report.log_index) all["logIndex"] = *report.log_index;
  if (report.statement) {
    const ReadStatement& said = *report.statement;
    all["kind"] = to_string(said.kind);
    all["actor"] = said.actor;
    all["finishedAt"] = time_text(said.finished);
    if (!said.result.empty()) all["result"] = said.result;
    for (const VerifiedSubject& subject : said.subjects)
      all["subjects"].push_back({{"name", subject.name}, {"digest", subject.digest}});
  }
  out << canonical_json(all) << "\n";
}

int run_verify(World& world, const Options& given) {
  const Options options = spelled_out(given);
  Material material;
  VerifyInput input;
  if (auto read = read_material(options, material, input); !read) return fail(world, read.error());
  const VerifyReport report = verify_record(input);
  if (options.format == "json") {
    print_json(world.out, report);
  } else {
    print_text(world.out, report);
  }
  return report.passed() ? kPassed : kFailed;
}

}  // namespace

void add_verify(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("verify", "Check a signed record offline, and say what was not checked");
  command
      ->add_option("record", options->record,
                   "A bundle, an envelope, or a folder that `cardwarden export` wrote")
      ->required();
  const auto list = [command](const char* name, std::vector<std::string>& values, const char* what) {
    return command->add_option(name, values, what)->allow_extra_args(false);
  };
  list("--key", options->keys,
       "Public key that you trust to sign records: PEM, or with its dates what `key export --format json` "
       "writes; repeatable")
      ->required();
  command->add_option("--revoked", options->revoked,
                      "Since when those keys may be in wrong hands (2026-11-21T00:00:00Z)");
  list("--log-key", options->log_key,
       "Key of the log (name+id+base64, or a file with it); repeatable for a log that has changed its key");
  list("--witness", options->witness, "Key of a witness (name+id+base64, or a file of such); repeatable");
  command->add_option("--quorum", options->quorum, "How many witnesses must have seen the record");
  command->add_option("--proof", options->proof, "The .tlog-proof of the record");
  command->add_option("--old-checkpoint", options->old_checkpoint,
                      "A checkpoint of the log that you have kept");
  command->add_option("--consistency", options->consistency, "What `log consistency` printed for it");
  command->add_option("--findings", options->findings, "The findings document");
  list("--file", options->files, "A file that the record should be about; repeatable");
  command->add_option("--repository", options->repository,
                      "A repository that has the commit that the record should be about");
  command->add_option("--ref", options->ref, "Which commit of it (default: HEAD)");
  command->add_option("--stamp", options->stamp,
                      "The time stamp over the checkpoint of the proof (RFC 3161)");
  add_authority_flags(*command, options->authority);
  command->add_option("--format", options->format, "text or json")->check(CLI::IsMember({"text", "json"}));
  command->callback([options, &invocation] {
    invocation.run = [options, &invocation] { return run_verify(invocation.world, *options); };
  });
}

}  // namespace cardwarden::cli
