// SPDX-License-Identifier: Apache-2.0
#pragma once
// What every command that signs a record shares: the flags, the unlocked key, who signs and when.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/command.h"
#include "cli/key_folder.h"
#include "crypto/private_key.h"
#include "record/sign.h"
#include "record/statement.h"
#include "verify/verify.h"

namespace cardwarden::cli {

struct SignFlags {
  std::string key;  // name; empty: the role
  std::string passphrase_file;
  std::string pin_file;
  std::string actor;
  std::string tenant;
  std::string request_id;
};
// The key, its passphrase or PIN; with_provenance: also who signs.
void add_sign_flags(CLI::App& command, SignFlags& flags, bool with_provenance);

void add_pin_flag(CLI::App& command, std::string& file);

struct Signing {
  KeyFacts facts;
  std::unique_ptr<Signer> signer;
  Provenance provenance;  // started and finished are now
};
// Unlocks the key of that role and refuses one that is not valid now. The actor is --actor, else
// CARDWARDEN_ACTOR, else the key.
Result<Signing> open_signing(const World& world, const SignFlags& flags, const std::string& state_flag,
                             const std::string& role);

// The keys that the log of `current` had before and that are still valid, since their rotation left them an
// overlap. One that cannot be unlocked is said on standard error and left out.
Result<std::vector<Signing>> open_overlapping(const World& world, const SignFlags& flags,
                                              const std::string& state_flag, const Signing& current);

struct Recorded {
  std::uint64_t index = 0;
  std::string id;
  bool existed = false;
};
// Signs the statement, takes it into the log and makes the key known to the store.
Result<Recorded> append_record(Store& store, std::string_view statement, const Signing& signing);
// The same for an envelope that was signed before.
Result<Recorded> append_envelope(Store& store, const std::string& envelope, const KeyFacts& facts);

// The keys whose records count here: the record keys of the key folder, those of the files given (public keys
// in PEM), and those that rotation records of the store bring in, each signed by a key that counts already.
Result<std::vector<TrustedKey>> trusted_keys(const std::string& state_flag,
                                             const std::vector<std::string>& files, Store* store);
// Of a PEM its key, without dates; of what `key export` writes as JSON the keys for records, with them.
Result<std::vector<TrustedKey>> read_trusted_keys(const std::string& path);

}  // namespace cardwarden::cli
