// SPDX-License-Identifier: Apache-2.0
// cardwarden key new|list|show|rotate|export: the keys of this machine. Format: docs/formats/envelope.md.
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/files.h"
#include "base/json.h"
#include "base/time.h"
#include "cli/command.h"
#include "cli/key_folder.h"
#include "cli/open_store.h"
#include "cli/signing.h"
#include "cli/state.h"
#include "record/events.h"

namespace cardwarden::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kDay = 86'400;             // seconds
constexpr std::uint32_t kMaxOverlapDays = 36'500;  // a century

struct Options {
  std::string name;
  std::string role = "record";
  std::string algorithm;  // empty: ed25519, of a rotation as the old key, in a token p256
  std::string origin;
  std::string passphrase_file;
  std::string pin_file;
  std::string pkcs11;
  bool generate = false;
  bool all = false;
  std::string format;
  std::string reason = "rotation";
  std::uint32_t overlap_days = 0;
  StoreFlags store;
  SignFlags sign;
};

Result<KeyFolder> open_folder(const Options& options) {
  const auto state = state_folder(options.store.state);
  if (!state) return state.error();
  return KeyFolder::open(*state);
}

struct NewKey {
  KeyFacts facts;
  std::unique_ptr<Signer> signer;
};

// What a key is to be, beside its bytes.
struct Wanted {
  std::string name;
  std::string role;
  std::string origin;  // empty: one is made of the key
};

Result<NewKey> keep(const World& world, const KeyFolder& folder, const Wanted& wanted,
                    std::unique_ptr<Signer> signer, std::optional<TokenKey> token, std::string_view pem) {
  const auto now = hour(world);
  if (!now) return now.error();
  KeyFacts facts{wanted.name, wanted.role,  wanted.origin, signer->public_key(),
                 *now,        std::nullopt, std::nullopt,  std::move(token)};
  if (facts.origin.empty() && facts.role != "record")
    facts.origin = "cardwarden.local/" + facts.role + "-" + key_id(facts.key).substr(0, 16);
  if (facts.role != "record") {
    if (const auto note = note_key_of(facts); !note) return note.error();
  }
  if (auto added = folder.add(facts, pem); !added) return added.error();
  return NewKey{std::move(facts), std::move(signer)};
}

// A key in a file, under the passphrase.
Result<NewKey> make_key(const World& world, const KeyFolder& folder, const Wanted& wanted,
                        const std::string& algorithm, const std::string& passphrase) {
  const bool ed25519 = algorithm != "p256";
  const auto seed = chance(world, ed25519 ? kEd25519SeedBytes : kP256SeedBytes);
  const auto salt = chance(world, kSaltBytes);
  const auto iv = chance(world, kIvBytes);
  for (const auto* one : {&seed, &salt, &iv}) {
    if (!*one) return one->error();
  }
  auto key = ed25519 ? PrivateKey::ed25519_from_seed(*seed) : PrivateKey::p256_from_seed(*seed);
  if (!key) return key.error();
  const auto pem = key->to_pem(passphrase, *salt, *iv);
  if (!pem) return pem.error();
  return keep(world, folder, wanted, std::make_unique<PrivateKey>(*std::move(key)), std::nullopt, *pem);
}

// A key in a token: one that is there, or one that the token makes.
Result<NewKey> take_token_key(const World& world, const KeyFolder& folder, const Wanted& wanted,
                              const Options& options) {
  if (wanted.role == "cosign") {
    return Error(ErrorCode::usage,
                 "A witness signs with Ed25519, and keys in tokens are on P-256; keep its key in a file.",
                 "--pkcs11");
  }
  if (options.algorithm == "ed25519")
    return Error(ErrorCode::usage, "Keys in tokens are on P-256.", "--algorithm");
  auto where = parse_token_uri(options.pkcs11);
  if (!where) return where.error();
  if (where->module.empty()) {
    return Error(ErrorCode::usage, "The URI names no library of the token; end it with ?module-path=PATH.",
                 "--pkcs11");
  }
  const auto pin = read_pin(options.pin_file.empty() ? options.sign.pin_file : options.pin_file);
  if (!pin) return pin.error();
  auto signer = options.generate ? make_token_key(*where, *pin) : open_token_key(*where, *pin);
  if (!signer) return signer.error();
  return keep(world, folder, wanted, *std::move(signer), *std::move(where), "");
}

Result<NewKey> new_key(const World& world, const KeyFolder& folder, const Wanted& wanted,
                       const std::string& algorithm, const Options& options) {
  if (auto good = check_key_name(wanted.name); !good) return good.error();
  if (!options.pkcs11.empty()) return take_token_key(world, folder, wanted, options);
  if (options.generate)
    return Error(ErrorCode::usage, "Only a token makes its key itself; name it by --pkcs11.", "--generate");
  const auto passphrase = read_passphrase(options.passphrase_file.empty() ? options.sign.passphrase_file
                                                                          : options.passphrase_file);
  if (!passphrase) return passphrase.error();
  return make_key(world, folder, wanted, algorithm, *passphrase);
}

std::string validity(const KeyFacts& facts) {
  if (facts.revoked_at) return "revoked from " + time_text(*facts.revoked_at);
  return facts.valid_to ? "until " + time_text(*facts.valid_to) : "from " + time_text(facts.valid_from);
}

Rows rows_of(const KeyFolder& folder, const KeyFacts& facts) {
  Rows rows = {{"name", facts.name},
               {"role", facts.role},
               {"algorithm", std::string(to_string(facts.key.algorithm()))},
               {"key id", key_id(facts.key)},
               {"ssh", ssh_fingerprint(facts.key)},
               {"valid", validity(facts)},
               facts.token ? std::pair<std::string, std::string>{"token", token_uri(*facts.token)}
                           : std::pair<std::string, std::string>{"file", folder.file(facts.name, ".pem")}};
  if (facts.role == "record") return rows;
  rows.insert(rows.begin() + 3, {"origin", facts.origin});
  if (const auto note = note_key_of(facts)) rows.insert(rows.begin() + 5, {"vkey", tlog::vkey_text(*note)});
  return rows;
}

nlohmann::json json_of(const KeyFacts& facts) {
  nlohmann::json out = {{"name", facts.name},
                        {"role", facts.role},
                        {"algorithm", to_string(facts.key.algorithm())},
                        {"id", key_id(facts.key)},
                        {"validFrom", time_text(facts.valid_from)}};
  if (!facts.origin.empty()) {
    out["origin"] = facts.origin;
    if (const auto note = note_key_of(facts)) out["vkey"] = tlog::vkey_text(*note);
  }
  if (facts.valid_to) out["validTo"] = time_text(*facts.valid_to);
  if (facts.revoked_at) out["revokedAt"] = time_text(*facts.revoked_at);
  if (facts.token) out["token"] = token_uri(*facts.token);
  return out;
}

int run_new(World& world, const Options& options) {
  const auto folder = open_folder(options);
  if (!folder) return fail(world, folder.error());
  if (!options.origin.empty() && options.role == "record")
    return fail(world, {ErrorCode::usage, "A key that signs records has no origin.", "--origin"});
  const auto made = new_key(
      world, *folder, {options.name.empty() ? options.role : options.name, options.role, options.origin},
      options.algorithm, options);
  if (!made) return fail(world, made.error());
  print_rows(world.out, rows_of(*folder, made->facts));
  return kPassed;
}

int run_list(World& world, const Options& options) {
  const auto folder = open_folder(options);
  if (!folder) return fail(world, folder.error());
  const auto keys = folder->list();
  if (!keys) return fail(world, keys.error());
  if (options.format == "json") {
    nlohmann::json out = nlohmann::json::array();
    for (const KeyFacts& facts : *keys) out.push_back(json_of(facts));
    world.out << canonical_json(out) << "\n";
    return kPassed;
  }
  if (keys->empty()) world.err << "cardwarden: there are no keys in " << folder->path() << "\n";
  std::vector<std::vector<std::string>> table;
  for (const KeyFacts& facts : *keys)
    table.push_back({facts.name, facts.role, std::string(to_string(facts.key.algorithm())), key_id(facts.key),
                     validity(facts), facts.token ? "token " + facts.token->token : ""});
  print_table(world.out, table);
  return kPassed;
}

int run_show(World& world, const Options& options) {
  const auto folder = open_folder(options);
  if (!folder) return fail(world, folder.error());
  const auto facts = folder->find(options.name);
  if (!facts) return fail(world, facts.error());
  if (options.format == "json") {
    world.out << canonical_json(json_of(*facts)) << "\n";
  } else {
    print_rows(world.out, rows_of(*folder, *facts));
  }
  return kPassed;
}

int run_export(World& world, const Options& options) {
  const auto folder = open_folder(options);
  if (!folder) return fail(world, folder.error());
  if (options.all != options.name.empty())
    return fail(world, {ErrorCode::usage, "Name one key, or ask for --all and name none."});
  if (options.all) {
    const auto keys = folder->list();
    if (!keys) return fail(world, keys.error());
    world.out << key_manifest_json(*keys);
    return kPassed;
  }
  const auto facts = folder->find(options.name);
  if (!facts) return fail(world, facts.error());
  if (options.format != "vkey") {
    world.out << (options.format == "json" ? public_key_json(*facts) : facts->key.pem());
    return kPassed;
  }
  if (facts->role == "record") {
    return fail(
        world,
        {ErrorCode::usage,
         "A key that signs records is exported as pem or json; vkey is for logs and witnesses.", "--format"});
  }
  const auto note = note_key_of(*facts);
  if (!note) return fail(world, note.error());
  world.out << tlog::vkey_text(*note) << "\n";
  return kPassed;
}

// --- rotate ----------------------------------------------------------------------------------------------
//
// The order of the steps lets a run that was cut off be finished by starting the same command again: the new
// key is written, the record is signed and kept beside it, the log takes the record (once, however often it
// is handed in), and only then the new key takes the name of the old one.

struct Rotation {
  KeyFacts old_facts;
  KeyFacts new_facts;
  std::string envelope;
};

// The record of the rotation, signed anew or by the run before.
Result<Rotation> prepare(const World& world, const KeyFolder& folder, const Options& options) {
  auto old_facts = folder.find(options.name);
  if (!old_facts) return old_facts.error();
  const std::string next = options.name + ".next";
  const std::string kept = folder.file(next, ".record");
  std::error_code error;
  if (fs::exists(kept, error)) {
    auto envelope = read_whole_file(kept);
    if (!envelope) return envelope.error();
    auto new_facts = folder.find(next);
    if (!new_facts) return new_facts.error();
    return Rotation{*std::move(old_facts), *std::move(new_facts), *std::move(envelope)};
  }
  for (const char* extension : {".pem", ".json"}) fs::remove(folder.file(next, extension), error);
  SignFlags sign = options.sign;
  sign.key = options.name;
  auto old_key = open_signing(world, sign, options.store.state, old_facts->role);
  if (!old_key) return old_key.error();
  if (old_facts->token && options.pkcs11.empty() && options.algorithm.empty()) {
    return Error(
        ErrorCode::usage,
        "The old key is in a token. Name the new one by --pkcs11, or say by --algorithm that it shall "
        "be in a file.");
  }
  const std::string algorithm = !options.algorithm.empty()                               ? options.algorithm
                                : old_facts->key.algorithm() == KeyAlgorithm::ecdsa_p256 ? "p256"
                                                                                         : "ed25519";
  auto made = new_key(world, folder, {next, old_facts->role, old_facts->origin}, algorithm, options);
  if (!made) return made.error();
  KeyRotation rotation;
  rotation.role = old_facts->role;
  rotation.valid_from = made->facts.valid_from;
  rotation.old_valid_to =
      made->facts.valid_from + (options.reason == "compromise" ? 0 : options.overlap_days * kDay);
  rotation.reason = options.reason;
  rotation.provenance = old_key->provenance;
  const auto statement = key_rotation_statement(rotation, *made->signer);
  if (!statement) return statement.error();
  const auto record = sign_record(*statement, *old_key->signer);
  if (!record) return record.error();
  if (auto written = write_file_atomically(kept, record->envelope); !written) return written.error();
  return Rotation{*std::move(old_facts), std::move(made->facts), record->envelope};
}

// A run before this one that the log had answered already: only names were left to change.
Result<bool> finish_names(const KeyFolder& folder, const std::string& name) {
  std::error_code error;
  const std::string kept = folder.file(name + ".next", ".record");
  if (!fs::exists(kept, error)) return false;
  const bool old_is_there = fs::exists(folder.file(name, ".json"), error);
  const bool next_is_there = fs::exists(folder.file(name + ".next", ".json"), error);
  if (old_is_there && next_is_there) return false;
  if (auto done = folder.rename(name + ".next", name); !done) return done.error();
  fs::remove(kept, error);
  return true;
}

int run_rotate(World& world, const Options& options) {
  const auto folder = open_folder(options);
  if (!folder) return fail(world, folder.error());
  if (auto good = check_key_name(options.name); !good) return fail(world, good.error());
  const auto finished = finish_names(*folder, options.name);
  if (!finished) return fail(world, finished.error());
  if (*finished) return run_show(world, options);
  auto store = open_store(options.store, Missing::create);
  if (!store) return fail(world, store.error());
  auto rotation = prepare(world, *folder, options);
  if (!rotation) return fail(world, rotation.error());
  const auto recorded = append_envelope(*store->store, rotation->envelope, rotation->old_facts);
  if (!recorded) return fail(world, recorded.error());
  const std::uint64_t start = rotation->new_facts.valid_from;
  if (options.reason == "compromise") rotation->old_facts.revoked_at = start;
  rotation->old_facts.valid_to = start + (options.reason == "compromise" ? 0 : options.overlap_days * kDay);
  StoredKey new_key = stored_key(rotation->new_facts);
  if (rotation->new_facts.role == "record") new_key.name = options.name;
  const std::string old_name = options.name + "." + key_id(rotation->old_facts.key).substr(0, 12);
  Done done = store->store->put_key(stored_key(rotation->old_facts));
  if (done) done = store->store->put_key(new_key);
  if (done) done = folder->update(rotation->old_facts);
  if (done) done = folder->rename(options.name, old_name);
  if (done) done = folder->rename(options.name + ".next", options.name);
  if (!done) return fail(world, done.error());
  std::error_code ignored;
  fs::remove(folder->file(options.name + ".next", ".record"), ignored);
  print_rows(world.out, {{"new key", key_id(rotation->new_facts.key)},
                         {"old key", key_id(rotation->old_facts.key) + ", kept as " + old_name},
                         {"old valid", "until " + time_text(*rotation->old_facts.valid_to)},
                         {"record", recorded->id},
                         {"log", "entry " + std::to_string(recorded->index) + " of " + store->address}});
  return kPassed;
}

using Run = int (*)(World&, const Options&);

CLI::App* add_verb(CLI::App& key, Invocation& invocation, const std::shared_ptr<Options>& options,
                   const char* name, const char* what, Run run) {
  CLI::App* command = key.add_subcommand(name, what);
  command->callback([options, run, &invocation] {
    invocation.run = [options, run, &invocation] { return run(invocation.world, *options); };
  });
  return command;
}

void add_token_flags(CLI::App& command, Options& options) {
  command.add_option("--pkcs11", options.pkcs11,
                     "The key is in a token: pkcs11:token=LABEL;object=LABEL?module-path=LIBRARY");
  command.add_flag("--generate", options.generate, "Let the token make the key (default: it is there)");
}

}  // namespace

void add_key(CLI::App& app, Invocation& invocation) {
  CLI::App* key = app.add_subcommand("key", "Make, show and change the keys that sign records and the log");
  key->require_subcommand(1);

  auto options = std::make_shared<Options>();
  CLI::App* command =
      add_verb(*key, invocation, options, "new", "Make a key and keep it under a passphrase", run_new);
  command->add_option("name", options->name, "Name of the key (default: its role)");
  command
      ->add_option("--role", options->role, "record signs records, log signs checkpoints, cosign witnesses")
      ->check(CLI::IsMember({"record", "log", "cosign"}));
  command
      ->add_option("--algorithm", options->algorithm, "ed25519 or p256 (default: ed25519, in a token p256)")
      ->check(CLI::IsMember({"ed25519", "p256"}));
  command->add_option("--origin", options->origin,
                      "What a log or witness is called in checkpoints, for ever, such as audit.example/log1");
  command->add_option(
      "--passphrase-file", options->passphrase_file,
      "File with the passphrase (default: CARDWARDEN_PASSPHRASE_FILE, else the systemd credential "
      "cardwarden-passphrase)");
  add_token_flags(*command, *options);
  add_pin_flag(*command, options->pin_file);
  add_state_flag(*command, options->store.state);

  options = std::make_shared<Options>();
  command = add_verb(*key, invocation, options, "list", "The keys of this machine", run_list);
  command->add_option("--format", options->format, "text or json")->check(CLI::IsMember({"text", "json"}));
  add_state_flag(*command, options->store.state);

  options = std::make_shared<Options>();
  command = add_verb(*key, invocation, options, "show", "What is public about a key", run_show);
  command->add_option("name", options->name, "Name of the key")->required();
  command->add_option("--format", options->format, "text or json")->check(CLI::IsMember({"text", "json"}));
  add_state_flag(*command, options->store.state);

  options = std::make_shared<Options>();
  options->format = "pem";
  command =
      add_verb(*key, invocation, options, "export", "Print a public key for those who verify", run_export);
  command->add_option("name", options->name, "Name of the key");
  command->add_flag("--all", options->all, "All keys with their dates, old ones too, as JSON");
  command
      ->add_option("--format", options->format,
                   "pem, json (with the dates of the key), or vkey for a log or witness")
      ->check(CLI::IsMember({"pem", "json", "vkey"}));
  add_state_flag(*command, options->store.state);

  options = std::make_shared<Options>();
  command =
      add_verb(*key, invocation, options, "rotate",
               "Put a new key in the place of an old one, by a record that both have signed", run_rotate);
  command->add_option("name", options->name, "Name of the key")->required();
  command->add_option("--algorithm", options->algorithm, "ed25519 or p256 (default: as the old key)")
      ->check(CLI::IsMember({"ed25519", "p256"}));
  command->add_option("--reason", options->reason, "rotation or compromise")
      ->check(CLI::IsMember({"rotation", "compromise"}));
  command
      ->add_option("--overlap", options->overlap_days, "Days for which the old key stays valid (default: 0)")
      ->check(CLI::Range(std::uint32_t{0}, kMaxOverlapDays));
  add_store_flags(*command, options->store);
  command->add_option(
      "--passphrase-file", options->sign.passphrase_file,
      "File with the passphrase of both keys (default: CARDWARDEN_PASSPHRASE_FILE, else the systemd "
      "credential cardwarden-passphrase)");
  add_token_flags(*command, *options);
  add_pin_flag(*command, options->sign.pin_file);
  command->add_option("--actor", options->sign.actor,
                      "Pseudonymous id of who rotates (default: CARDWARDEN_ACTOR, else the key)");
}

}  // namespace cardwarden::cli
