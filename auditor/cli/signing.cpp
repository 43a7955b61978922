// SPDX-License-Identifier: Apache-2.0
#include "cli/signing.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/files.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/state.h"
#include "cli/version.h"
#include "crypto/strict_json.h"

namespace cardwarden::cli {
namespace {

constexpr std::size_t kMaxPublicKeyBytes = std::size_t{1024} * 1024;  // a manifest of 1,000 keys has 400 KB
constexpr std::uint32_t kRotationPage = 1000;

// The key that a rotation record brings in, when one of `keys` has signed it.
Result<std::optional<TrustedKey>> rotated(Store& store, std::uint64_t index, std::vector<TrustedKey>& keys) {
  const auto record = store.record(index);
  if (!record) return record.error();
  VerifyInput input;
  input.record = record->envelope;
  input.keys = keys;
  const VerifyReport report = verify_record(input);
  if (!report.passed() || !report.statement->rotation || report.statement->rotation->role != "record")
    return std::optional<TrustedKey>();
  auto key = PublicKey::from_spki(report.statement->rotation->spki);
  if (!key) return key.error();
  for (TrustedKey& old : keys) {
    if (key_id(old.key) != report.key_id) continue;
    const std::uint64_t end = report.statement->rotation->old_valid_to;
    old.valid_to = std::min(old.valid_to.value_or(end), end);
  }
  return std::optional<TrustedKey>(
      TrustedKey{*std::move(key), "", report.statement->rotation->valid_from, std::nullopt, std::nullopt});
}

bool has_key(const std::vector<TrustedKey>& keys, const PublicKey& key) {
  return std::any_of(keys.begin(), keys.end(), [&key](const TrustedKey& one) { return one.key == key; });
}

Done follow_rotations(Store& store, std::vector<TrustedKey>& keys) {
  RecordQuery query;
  query.kind = "key-rotation";
  query.limit = kRotationPage;
  for (;;) {
    const auto page = store.find(query);
    if (!page) return page.error();
    for (const StoredRecord& record : *page) {
      auto key = rotated(store, record.index, keys);
      if (!key) return key.error();
      if (*key && !has_key(keys, (*key)->key)) keys.push_back(**std::move(key));
    }
    if (page->size() < kRotationPage) return Nothing{};
    query.after = page->back().index;
  }
}

// A key of the role record, or nothing.
Result<std::optional<TrustedKey>> dated_key(const std::string& name, std::string_view text) {
  auto facts = parse_key_facts(name, text);
  if (!facts) return facts.error();
  if (facts->role != "record") return std::optional<TrustedKey>();
  return std::optional<TrustedKey>(
      TrustedKey{std::move(facts->key), name, facts->valid_from, facts->valid_to, facts->revoked_at});
}

Result<std::vector<TrustedKey>> dated_keys(const std::string& name, const std::string& text) {
  const auto value = parse_strict_json(text, {.bytes = kMaxPublicKeyBytes});
  if (!value) return value.error();
  std::vector<std::string> entries = {text};
  if (string_member(*value, "schema", "").value_or("") == kKeyManifestSchema) {
    const nlohmann::json* keys = array_member(*value, "keys");
    if (keys == nullptr) return Error(ErrorCode::format, "The manifest of keys has none.");
    entries.clear();
    for (const nlohmann::json& one : *keys) entries.push_back(canonical_json(one));
  }
  std::vector<TrustedKey> out;
  for (const std::string& entry : entries) {
    auto key = dated_key(name, entry);
    if (!key) return key.error();
    if (*key) out.push_back(**std::move(key));
  }
  if (!out.empty()) return out;
  return Error(ErrorCode::usage, "Records are signed by keys of the role record, and none of these is one.");
}

}  // namespace

void add_pin_flag(CLI::App& command, std::string& file) {
  command.add_option("--pin-file", file,
                     "File with the PIN of the token that holds the key (default: CARDWARDEN_PIN_FILE, else "
                     "the systemd credential cardwarden-pin)");
}

void add_sign_flags(CLI::App& command, SignFlags& flags, bool with_provenance) {
  command.add_option("--key", flags.key, "Name of the key that signs");
  command.add_option("--passphrase-file", flags.passphrase_file,
                     "File with the key's passphrase (default: CARDWARDEN_PASSPHRASE_FILE, else the systemd "
                     "credential cardwarden-passphrase)");
  add_pin_flag(command, flags.pin_file);
  if (!with_provenance) return;
  command.add_option(
      "--actor", flags.actor,
      "Pseudonymous id of who signs, never an address (default: CARDWARDEN_ACTOR, else the key)");
  command.add_option("--tenant", flags.tenant, "Tenant that the record belongs to");
  command.add_option("--request-id", flags.request_id, "Id of the request that led to the record");
}

Result<Signing> open_signing(const World& world, const SignFlags& flags, const std::string& state_flag,
                             const std::string& role) {
  const auto state = state_folder(state_flag);
  if (!state) return state.error();
  const auto folder = KeyFolder::open(*state);
  if (!folder) return folder.error();
  auto facts = folder->find(flags.key.empty() ? role : flags.key);
  if (!facts) return facts.error();
  if (facts->role != role) {
    return Error(ErrorCode::usage, "The key `" + facts->name + "` has the role " + facts->role +
                                       "; the role " + role + " is needed, and a key has one role for ever.");
  }
  const auto now = hour(world);
  if (!now) return now.error();
  if (facts->revoked_at || *now < facts->valid_from || (facts->valid_to && *now > *facts->valid_to)) {
    return Error(ErrorCode::usage,
                 "The key `" + facts->name + "` is not valid now, at " + time_text(*now) + ".");
  }
  const auto secret = facts->token ? read_pin(flags.pin_file) : read_passphrase(flags.passphrase_file);
  if (!secret) return secret.error();
  auto key = folder->unlock(*facts, *secret);
  if (!key) return key.error();
  Provenance provenance;
  provenance.actor = !flags.actor.empty() ? flags.actor : environment("CARDWARDEN_ACTOR");
  if (provenance.actor.empty()) provenance.actor = "key:" + key_id(facts->key).substr(0, 16);
  provenance.tenant = flags.tenant;
  provenance.request_id = flags.request_id;
  provenance.tool_version = kVersion;
  provenance.tool_commit = kCommit;
  provenance.started = provenance.finished = *now;
  provenance.key_id = key_id(facts->key);
  return Signing{*std::move(facts), *std::move(key), std::move(provenance)};
}

Result<std::vector<Signing>> open_overlapping(const World& world, const SignFlags& flags,
                                              const std::string& state_flag, const Signing& current) {
  const auto state = state_folder(state_flag);
  if (!state) return state.error();
  const auto folder = KeyFolder::open(*state);
  if (!folder) return folder.error();
  const auto keys = folder->list();
  if (!keys) return keys.error();
  const auto now = hour(world);
  if (!now) return now.error();
  std::vector<Signing> out;
  for (const KeyFacts& facts : *keys) {
    const bool before = facts.role == current.facts.role && facts.origin == current.facts.origin &&
                        key_id(facts.key) != key_id(current.facts.key);
    if (!before || facts.revoked_at || !facts.valid_to || *now > *facts.valid_to) continue;
    SignFlags of_this = flags;
    of_this.key = facts.name;
    auto opened = open_signing(world, of_this, state_flag, facts.role);
    if (opened) {
      out.push_back(*std::move(opened));
      continue;
    }
    world.err << "cardwarden: The key `" << facts.name << "`, valid until " << time_text(*facts.valid_to)
              << ", does not sign too: " << text::printable(opened.error().text()) << "\n";
  }
  return out;
}

Result<Recorded> append_envelope(Store& store, const std::string& envelope, const KeyFacts& facts) {
  const auto keys = store.keys();
  if (!keys) return keys.error();
  const StoredKey key = stored_key(facts);
  const bool known = std::any_of(keys->begin(), keys->end(), [&key](const StoredKey& one) {
    return one.id == key.id && one.role == key.role;
  });
  if (!known) {
    if (auto put = store.put_key(key); !put) return put.error();
  }
  const auto appended = store.append({envelope});
  if (!appended) return appended.error();
  return Recorded{appended->front().index, hex(sha256(envelope)), appended->front().existed};
}

Result<Recorded> append_record(Store& store, std::string_view statement, const Signing& signing) {
  const auto record = sign_record(statement, *signing.signer);
  if (!record) return record.error();
  return append_envelope(store, record->envelope, signing.facts);
}

Result<std::vector<TrustedKey>> read_trusted_keys(const std::string& path) {
  const auto text = read_whole_file(path, kMaxPublicKeyBytes);
  if (!text) return text.error();
  const std::string name = std::filesystem::path(path).filename().string();
  if (text->substr(0, 1) == "{") {
    auto keys = dated_keys(name, *text);
    if (!keys) return Error(keys.error().code, keys.error().message, path);
    return keys;
  }
  auto key = PublicKey::from_pem(*text);
  if (!key) {
    Error error = key.error();
    error.where = path;
    return error;
  }
  return std::vector<TrustedKey>{{*std::move(key), name, 0, std::nullopt, std::nullopt}};
}

Result<std::vector<TrustedKey>> trusted_keys(const std::string& state_flag,
                                             const std::vector<std::string>& files, Store* store) {
  std::vector<TrustedKey> out;
  for (const std::string& file : files) {
    auto keys = read_trusted_keys(file);
    if (!keys) return keys.error();
    for (TrustedKey& key : *keys) {
      if (!has_key(out, key.key)) out.push_back(std::move(key));
    }
  }
  if (const auto state = state_folder(state_flag)) {
    const auto folder = KeyFolder::open(*state);
    if (!folder) return folder.error();
    const auto own = folder->list();
    if (!own) return own.error();
    for (const KeyFacts& one : *own) {
      if (one.role == "record" && !has_key(out, one.key))
        out.push_back({one.key, one.name, one.valid_from, one.valid_to, one.revoked_at});
    }
  }
  if (store == nullptr) return out;
  if (auto followed = follow_rotations(*store, out); !followed) return followed.error();
  return out;
}

}  // namespace cardwarden::cli
