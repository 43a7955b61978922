// SPDX-License-Identifier: Apache-2.0
#pragma once
// A record in a log of several, witnessed, with all that its verifier can be given.

#include <string>
#include <vector>

#include "log/leaf.h"
#include "log/note_sign.h"
#include "log/proof_file.h"
#include "log/tree.h"
#include "record/sign.h"
#include "unit/record/support.h"
#include "verify/verify.h"

namespace cardwarden::test {

constexpr std::uint64_t kWitnessTime = 1'700'000'050;
constexpr std::uint64_t kKeyBegins = 1'690'000'000;

inline PrivateKey named_key(char letter) {
  return PrivateKey::ed25519_from_seed(std::string(kEd25519SeedBytes, letter)).value();
}

inline std::string signed_head(const tlog::Checkpoint& head, const Signer& log, const Signer* witness) {
  const std::string text = tlog::checkpoint_text(head).value();
  tlog::Note note{text, {tlog::sign_note(text, head.origin, log).value()}};
  if (witness != nullptr) {
    note.signatures.push_back(tlog::cosign_note(text, "witness.example/w1", kWitnessTime, *witness).value());
  }
  return tlog::note_text(note);
}

// What a verifier is given about the record at `index` of a log with `size` entries.
struct Evidence {
  AuditedCard audited{{about_card("model-card/license")}};
  PrivateKey key = rfc_key();
  PrivateKey log_key = named_key('l');
  PrivateKey witness_key = named_key('w');
  FindingsDocument findings = findings_document({&audited.report});
  SignedRecord record;
  std::string bundle;
  std::string proof;
  std::string old_checkpoint;  // of the first three entries
  tlog::Proof growth;
  std::vector<Hash> leaves;

  explicit Evidence(std::uint64_t index = 4, std::uint64_t size = 7, std::uint64_t finished = 1'700'000'001) {
    AuditInput made = audited.input(key);
    made.provenance.finished = finished;
    record = sign_record(audit_statement(made).value(), key).value();
    bundle = sigstore_bundle(record.envelope, key.public_key());
    for (std::uint64_t i = 0; i < size; ++i) {
      leaves.push_back(
          tlog::leaf_hash(i == index ? record.leaf : tlog::leaf_data(sha256(std::to_string(i)))));
    }
    const tlog::NodeReader read = [this](tlog::NodeId id) -> Result<Hash> {
      tlog::CompactRange range;
      std::vector<tlog::Node> ignored;
      const std::uint64_t count = std::uint64_t{1} << id.level;
      for (std::uint64_t i = 0; i < count; ++i) range.append(leaves.at(id.index * count + i), ignored);
      return range.root();
    };
    const auto head = [&](std::uint64_t at) {
      return tlog::Checkpoint{"audit.example/log1", at, tlog::root_at(at, read).value(), {}};
    };
    tlog::ProofFile file;
    file.index = index;
    file.proof = tlog::inclusion_proof(index, size, read).value();
    file.checkpoint = signed_head(head(size), log_key, &witness_key);
    proof = tlog::proof_file_text(file);
    old_checkpoint = signed_head(head(3), log_key, nullptr);
    growth = tlog::consistency_proof(3, size, read).value();
  }

  TrustedLog trusted_log() const {
    return {tlog::note_key("audit.example/log1", tlog::NoteKeyType::ed25519, log_key.public_key()).value(),
            {tlog::note_key("witness.example/w1", tlog::NoteKeyType::cosignature, witness_key.public_key())
                 .value()},
            1};
  }

  VerifyInput input() const {
    VerifyInput out;
    out.record = bundle;
    out.keys = {{named_key('x').public_key(), "another"}, {key.public_key(), "ci", kKeyBegins}};
    out.log = trusted_log();
    out.proof = proof;
    out.old_checkpoint = old_checkpoint;
    out.growth = growth;
    out.findings = findings.json;
    out.files = {{"README.md", sha256(audited.bytes)}};
    return out;
  }
};

inline const Check* find_check(const VerifyReport& report, std::string_view what) {
  for (const Check& check : report.checks) {
    if (check.what == what) return &check;
  }
  return nullptr;
}

inline CheckState state_of(const VerifyReport& report, std::string_view what) {
  const Check* check = find_check(report, what);
  return check == nullptr ? CheckState::not_checked : check->state;
}

}  // namespace cardwarden::test
