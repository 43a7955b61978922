// SPDX-License-Identifier: Apache-2.0
#include "cli/key_folder.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/files.h"
#include "base/json.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/state.h"
#include "crypto/bytes.h"
#include "crypto/strict_json.h"

namespace cardwarden::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::string_view kSchema = "cardwarden-key/1";
constexpr std::size_t kMaxFactsBytes = std::size_t{16} * 1024;
constexpr std::size_t kMaxKeyName = 64;
constexpr std::size_t kMaxKeys = 1000;  // files of a folder that are read

std::string facts_json(const KeyFacts& facts) {
  json out = {{"schema", kSchema},
              {"role", facts.role},
              {"algorithm", to_string(facts.key.algorithm())},
              {"id", key_id(facts.key)},
              {"spki", base64(facts.key.spki())},
              {"validFrom", time_text(facts.valid_from)}};
  if (!facts.origin.empty()) out["origin"] = facts.origin;
  if (facts.valid_to) out["validTo"] = time_text(*facts.valid_to);
  if (facts.revoked_at) out["revokedAt"] = time_text(*facts.revoked_at);
  return canonical_json(out) + "\n";
}

Result<std::optional<std::uint64_t>> moment(const json& object, const std::string& member) {
  if (!object.contains(member)) return std::optional<std::uint64_t>();
  const auto text = string_member(object, member, "the key");
  if (!text) return text.error();
  const auto time = parse_time(*text);
  if (!time) return time.error();
  return std::optional<std::uint64_t>(*time);
}

Result<KeyFacts> parse_facts(const std::string& name, std::string_view text) {
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  const auto value = parse_strict_json(text, {.bytes = kMaxFactsBytes});
  if (!value) return value.error();
  const auto schema = string_member(*value, "schema", "the key");
  if (!schema) return schema.error();
  if (*schema != kSchema)
    return Error(ErrorCode::format, "Expected the schema " + std::string(kSchema) + ".");
  auto role = string_member(*value, "role", "the key");
  if (!role) return role.error();
  const auto spki = string_member(*value, "spki", "the key");
  if (!spki) return spki.error();
  const auto der = bytes_from_base64(*spki);
  if (!der) return der.error();
  auto key = PublicKey::from_spki(*der);
  if (!key) return key.error();
  const auto from = moment(*value, "validFrom");
  const auto to = moment(*value, "validTo");
  const auto revoked = moment(*value, "revokedAt");
  for (const auto* one : {&from, &to, &revoked}) {
    if (!*one) return one->error();
  }
  return KeyFacts{name,
                  *std::move(role),
                  string_member(*value, "origin", "").value_or(""),
                  *std::move(key),
                  from->value_or(0),
                  *to,
                  *revoked};
}

}  // namespace

Done check_key_name(std::string_view name) {
  const bool plain =
      !name.empty() && name.size() <= kMaxKeyName && name.front() != '.' &&
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.") == std::string_view::npos;
  if (plain) return Nothing{};
  return Error(ErrorCode::usage, "A key is named by 1 to " + std::to_string(kMaxKeyName) +
                                     " of the characters a-z, 0-9, - _ and dot, and not by `" +
                                     text::printable(text::excerpt(name, kMaxKeyName)) + "`.");
}

Result<KeyFolder> KeyFolder::open(const std::string& state) {
  KeyFolder out(state + "/keys");
  std::error_code error;
  const fs::file_status status = fs::status(out.path_, error);
  if (!fs::exists(status)) return out;
  if (!fs::is_directory(status)) return Error(ErrorCode::usage, "Expected a folder of keys.", out.path_);
  if ((status.permissions() & (fs::perms::group_all | fs::perms::others_all)) != fs::perms::none) {
    return Error(ErrorCode::usage, "Others than its owner can use this folder of keys; run: chmod 700 FOLDER",
                 out.path_);
  }
  return out;
}

std::string KeyFolder::file(const std::string& name, std::string_view extension) const {
  return path_ + "/" + name + std::string(extension);
}

Result<KeyFacts> KeyFolder::read(const std::string& name) const {
  const std::string path = file(name, ".json");
  const auto text = read_whole_file(path, kMaxFactsBytes);
  if (!text) return text.error();
  auto facts = parse_facts(name, *text);
  if (facts) return facts;
  Error error = facts.error();
  error.where = path;
  return error;
}

Result<std::vector<KeyFacts>> KeyFolder::list() const {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(path_, error), end; !error && at != end; at.increment(error)) {
    const fs::path& path = at->path();
    if (path.extension() == ".json") names.push_back(path.stem().string());
    if (names.size() > kMaxKeys)
      return Error(ErrorCode::too_large,
                   "There are more than " + std::to_string(kMaxKeys) + " keys (kMaxKeys).", path_);
  }
  std::sort(names.begin(), names.end());
  std::vector<KeyFacts> out;
  for (const std::string& name : names) {
    auto facts = read(name);
    if (!facts) return facts.error();
    out.push_back(*std::move(facts));
  }
  return out;
}

Result<KeyFacts> KeyFolder::find(const std::string& name) const {
  if (auto good = check_key_name(name); !good) return good.error();
  std::error_code error;
  if (fs::exists(file(name, ".json"), error)) return read(name);
  return Error(ErrorCode::not_found,
               "There is no key `" + name + "` in " + path_ + ". `cardwarden key new` makes one.");
}

Result<PrivateKey> KeyFolder::unlock(const KeyFacts& facts, std::string_view passphrase) const {
  const std::string path = file(facts.name, ".pem");
  const auto pem = read_private_file(path);
  if (!pem) return pem.error();
  auto key = PrivateKey::from_pem(*pem, passphrase);
  if (!key) {
    Error error = key.error();
    error.where = path;
    return error;
  }
  if (!(key->public_key() == facts.key)) {
    return Error(ErrorCode::format, "The private key is not the one that " + facts.name + ".json names.",
                 path);
  }
  return key;
}

Done KeyFolder::add(const KeyFacts& facts, std::string_view pem) const {
  if (auto made = make_private_folder(path_); !made) return made;
  std::error_code error;
  if (fs::exists(file(facts.name, ".json"), error) || fs::exists(file(facts.name, ".pem"), error)) {
    return Error(ErrorCode::usage, "There is a key of this name already; keys are kept for ever.",
                 file(facts.name, ".pem"));
  }
  if (auto written = write_private_file(file(facts.name, ".pem"), pem); !written) return written;
  return update(facts);
}

Done KeyFolder::update(const KeyFacts& facts) const {
  return write_file_atomically(file(facts.name, ".json"), facts_json(facts));
}

Done KeyFolder::rename(const std::string& from, const std::string& to) const {
  for (const char* extension : {".pem", ".json"}) {
    std::error_code error;
    if (!fs::exists(file(from, extension), error)) continue;  // done by a run that did not come to its end
    fs::rename(file(from, extension), file(to, extension), error);
    if (error)
      return Error(ErrorCode::io, "The key cannot be renamed: " + error.message() + ".",
                   file(from, extension));
  }
  return Nothing{};
}

Result<tlog::NoteKey> note_key_of(const KeyFacts& facts) {
  const bool ecdsa = facts.key.algorithm() == KeyAlgorithm::ecdsa_p256;
  const tlog::NoteKeyType type = facts.role == "cosign" ? tlog::NoteKeyType::cosignature
                                 : ecdsa                ? tlog::NoteKeyType::ecdsa_p256
                                                        : tlog::NoteKeyType::ed25519;
  return tlog::note_key(facts.origin, type, facts.key);
}

StoredKey stored_key(const KeyFacts& facts) {
  return {key_id(facts.key), facts.role,       facts.origin.empty() ? facts.name : facts.origin,
          facts.key.spki(),  facts.valid_from, facts.valid_to,
          facts.revoked_at};
}

}  // namespace cardwarden::cli
