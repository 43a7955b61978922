// SPDX-License-Identifier: Apache-2.0
#include "record/events.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/time.h"
#include "crypto/dsse.h"
#include "crypto/timestamp.h"
#include "log/checkpoint.h"

namespace cardwarden {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxWords = 4096;  // bytes of a reason or comment

Error bad(std::string message) { return {ErrorCode::usage, std::move(message)}; }

Done check_words(std::string_view what, std::string_view words) {
  if (!words.empty() && words.size() <= kMaxWords) return Nothing{};
  return bad("The record needs a " + std::string(what) + " of 1 to " + std::to_string(kMaxWords) + " bytes.");
}

Done check_all(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  for (const auto& [what, words] : fields) {
    if (auto good = check_words(what, words); !good) return good;
  }
  return Nothing{};
}

}  // namespace

std::string_view to_string(Decision decision) {
  switch (decision) {
    case Decision::approved:
      return "approved";
    case Decision::rejected:
      return "rejected";
    case Decision::changes_requested:
      return "changes-requested";
  }
  return "changes-requested";
}

Result<std::string> waiver_statement(const Waiver& w) {
  if (auto good = check_provenance(w.provenance); !good) return good.error();
  if (auto good = check_all({{"rule", w.rule},
                             {"owner", w.owner},
                             {"approver", w.approver},
                             {"ticket", w.ticket},
                             {"reason", w.reason}});
      !good) {
    return good.error();
  }
  if (w.expires <= w.provenance.finished || w.expires > kMaxTime) {
    return bad("A waiver expires after it was made and before the year 10000.");
  }
  return statement_json(w.subjects, kWaiverType,
                        {{"rule", w.rule},
                         {"owner", w.owner},
                         {"approver", w.approver},
                         {"ticket", w.ticket},
                         {"reason", w.reason},
                         {"expiresAt", time_text(w.expires)},
                         {"provenance", provenance_json(w.provenance)}});
}

Result<std::string> review_statement(const Review& r) {
  if (auto good = check_provenance(r.provenance); !good) return good.error();
  if (auto good = check_all({{"reviewer", r.reviewer}, {"comment", r.comment}}); !good) return good.error();
  if (!hash_from_hex(r.record_id)) return bad("A review names the reviewed record by its id of 64 digits.");
  return statement_json(r.subjects, kReviewType,
                        {{"record", {{"digest", {{"sha256", r.record_id}}}}},
                         {"decision", to_string(r.decision)},
                         {"reviewer", r.reviewer},
                         {"comment", r.comment},
                         {"provenance", provenance_json(r.provenance)}});
}

Result<std::string> time_stamp_statement(const TimeStamp& s) {
  if (auto good = check_provenance(s.provenance); !good) return good.error();
  if (s.checkpoint.size() > kMaxStampedBytes) {
    return bad("A stamped checkpoint has at most " + std::to_string(kMaxStampedBytes) +
               " bytes (kMaxStampedBytes).");
  }
  const auto head = tlog::parse_note(s.checkpoint).and_then([](const tlog::Note& note) {
    return tlog::parse_checkpoint_text(note.text);
  });
  if (!head) return head.error();
  const auto stamped = timestamp_digest(s.reply);
  if (!stamped) return stamped.error();
  if (*stamped != sha256(s.checkpoint))
    return bad("The time stamp is over something else than the checkpoint.");
  const StatementSubject subject =
      file_subject(head->origin + " checkpoint " + std::to_string(head->size), *stamped);
  return statement_json({subject}, kTimeStampType,
                        {{"checkpoint", s.checkpoint},
                         {"reply", base64(s.reply)},
                         {"provenance", provenance_json(s.provenance)}});
}

Result<std::string> key_rotation_statement(const KeyRotation& r, const Signer& new_key) {
  if (auto good = check_provenance(r.provenance); !good) return good.error();
  if (r.role != "record" && r.role != "log" && r.role != "cosign") {
    return bad("The role of a key is record, log or cosign.");
  }
  if (r.reason != "rotation" && r.reason != "compromise")
    return bad("A key changes by rotation or compromise.");
  if (r.valid_from > kMaxTime || r.old_valid_to > kMaxTime || r.old_valid_to < r.valid_from) {
    return bad("The old key of a rotation is valid until the new one is, or longer.");
  }
  const PublicKey& key = new_key.public_key();
  if (key_id(key) == r.provenance.key_id) return bad("A key rotation needs a new key.");
  json predicate = {{"role", r.role},
                    {"reason", r.reason},
                    {"oldKey", {{"id", r.provenance.key_id}, {"validTo", time_text(r.old_valid_to)}}},
                    {"newKey",
                     {{"id", key_id(key)},
                      {"algorithm", to_string(key.algorithm())},
                      {"spki", base64(key.spki())},
                      {"validFrom", time_text(r.valid_from)}}},
                    {"provenance", provenance_json(r.provenance)}};
  const auto proof = new_key.sign(dsse_pae(kRotationProofType, canonical_json(predicate)));
  if (!proof) return proof.error();
  predicate["newKeySignature"] = base64(*proof);
  return statement_json({StatementSubject{"key:" + key_id(key), {{"sha256", key_id(key)}}}}, kKeyRotationType,
                        predicate);
}

}  // namespace cardwarden
