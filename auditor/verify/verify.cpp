// SPDX-License-Identifier: Apache-2.0
#include "verify/verify.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "base/time.h"
#include "crypto/strict_json.h"
#include "log/leaf.h"
#include "log/proof_file.h"
#include "verify/bundle.h"

namespace cardwarden {
namespace {

class Verification {
 public:
  explicit Verification(const VerifyInput& input) : input_(input) {}

  VerifyReport run() {
    auto record = read_record(input_.record);
    if (!record) {
      failed("format", record.error().message);
      return std::move(out_);
    }
    record_ = *std::move(record);
    out_.record_id = hex(sha256(record_.envelope_bytes));
    passed("format", record_.bundled ? "A Sigstore bundle v0.3 with a DSSE envelope." : "A DSSE envelope.");
    if (!signature() || !statement()) return std::move(out_);
    log();
    key_time();
    growth();
    findings();
    files();
    if (record_.foreign_material) {
      skipped("other material", "The bundle holds timestamps or log entries of others.");
    }
    return std::move(out_);
  }

 private:
  void add(CheckState state, std::string what, std::string detail) {
    out_.checks.push_back({state, std::move(what), std::move(detail)});
  }
  void passed(std::string what, std::string detail) {
    add(CheckState::passed, std::move(what), std::move(detail));
  }
  void failed(std::string what, std::string detail) {
    add(CheckState::failed, std::move(what), std::move(detail));
  }
  void skipped(std::string what, std::string detail) {
    add(CheckState::not_checked, std::move(what), std::move(detail));
  }

  std::string key_words() const {
    const std::string id = key_id(key_->key);
    return (key_->name.empty() ? "" : text::printable(key_->name) + ", ") +
           std::string(to_string(key_->key.algorithm())) + " " + id;
  }

  bool signature() {
    const Envelope& envelope = record_.envelope;
    if (envelope.payload_type != kInTotoPayloadType) {
      failed("signature", "The envelope holds no in-toto statement.");
      return false;
    }
    if (envelope.signatures.size() != 1) {
      failed("signature",
             "A record has one signature, this one has " + std::to_string(envelope.signatures.size()) + ".");
      return false;
    }
    const std::string pae = dsse_pae(envelope.payload_type, envelope.payload);
    for (const TrustedKey& key : input_.keys) {
      if (key.key.verify(pae, envelope.signatures.front().signature)) key_ = &key;
      if (key_ != nullptr) break;
    }
    if (key_ == nullptr) {
      failed("signature", "None of the " + text::plural(input_.keys.size(), "key", "keys") +
                              " given has signed the record.");
      return false;
    }
    if (record_.bundled && record_.hint != sigstore_hint(key_->key)) {
      failed("signature", "The bundle names another key than the one that has signed.");
      return false;
    }
    out_.key_id = key_id(key_->key);
    passed("signature", "Signed by " + key_words() + ".");
    return true;
  }

  bool statement() {
    auto statement = read_statement(record_.envelope.payload);
    if (!statement) {
      failed("statement", statement.error().message);
      return false;
    }
    if (statement->key_id != out_.key_id) {
      failed("statement", "The statement says that another key signs it.");
      return false;
    }
    out_.statement = *std::move(statement);
    passed("statement", "A record of kind " + std::string(to_string(out_.statement->kind)) + " about " +
                            text::plural(out_.statement->subjects.size(), "subject", "subjects") +
                            ", finished " + time_text(out_.statement->finished) + " by its own word.");
    if (out_.statement->rotation) passed("new key", "The new key of the rotation has signed it too.");
    return true;
  }

  void log() {
    if (!input_.proof || !input_.log) {
      skipped("log", input_.proof ? "No key of the log was given." : "No proof from the log was given.");
      return;
    }
    const auto file = tlog::parse_proof_file(*input_.proof);
    if (!file) return failed("log", file.error().message);
    auto opened = tlog::open_checkpoint(file->checkpoint, input_.log->key, input_.log->witnesses);
    if (!opened) return failed("log", opened.error().message);
    const tlog::Checkpoint& head = opened->checkpoint;
    const Hash leaf = tlog::leaf_hash(tlog::leaf_data(sha256(record_.envelope_bytes)));
    const Done included = tlog::verify_inclusion(leaf, file->index, head.size, file->proof, head.root);
    if (!included) return failed("log", included.error().message);
    out_.log_index = file->index;
    passed("log", "Entry " + std::to_string(file->index) + " of " + std::to_string(head.size) + " in " +
                      text::printable(head.origin) + ", whose key " + tlog::vkey_text(input_.log->key) +
                      " has signed the checkpoint.");
    head_ = *std::move(opened);
    witnesses();
    stamp(sha256(file->checkpoint));
  }

  void witnesses() {
    std::string names;
    for (const tlog::VerifiedSignature& one : head_->cosigners) {
      if (!one.time) continue;  // a second key of the log is no witness
      names += (names.empty() ? "" : ", ") + one.key.name + " at " + time_text(*one.time);
      witnessed_.push_back(*one.time);
    }
    if (witnessed_.size() < input_.log->quorum) {
      return failed("witnesses", std::to_string(witnessed_.size()) + " of the " +
                                     std::to_string(input_.log->quorum) +
                                     " witnesses needed have signed the checkpoint.");
    }
    if (names.empty())
      return skipped("witnesses", "No witness that is known here has signed the checkpoint.");
    passed("witnesses", "The checkpoint was seen by " + text::printable(names) + ".");
  }

  void stamp(const Hash& checkpoint) {
    if (!input_.stamp) return;
    if (!input_.authority)
      return skipped("time stamp", "No certificate of a time stamping authority was given.");
    const auto stamp = verify_timestamp(*input_.stamp, checkpoint, *input_.authority);
    if (!stamp) return failed("time stamp", stamp.error().message);
    witnessed_.push_back(stamp->time);
    passed("time stamp",
           "The checkpoint was stamped at " + time_text(stamp->time) + " by " + stamp->authority + ".");
  }

  // A record is judged by the time when it was made, never by now. Its own word is good while its key is; for
  // a key that somebody else may have had, only what a witness saw or an authority stamped before counts.
  void key_time() {
    const std::uint64_t time = out_.statement->finished;
    if (time < key_->valid_from || (key_->valid_to && time > *key_->valid_to)) {
      return failed("key validity", "The record is of " + time_text(time) + ", when its key was not valid.");
    }
    if (key_->revoked_at) {
      const bool before = std::any_of(witnessed_.begin(), witnessed_.end(),
                                      [this](std::uint64_t seen) { return seen < *key_->revoked_at; });
      if (!before) {
        return failed("key validity",
                      "The key is revoked from " + time_text(*key_->revoked_at) +
                          ", and neither a witness nor a time stamp shows the record before.");
      }
      return passed("key validity", "A witness or a time stamp shows the record before the key was revoked.");
    }
    passed("key validity", "The key was valid at the time that the record states.");
    if (witnessed_.empty())
      skipped("time", "No witness and no time stamp confirms when the record was made.");
  }

  void growth() {
    if (!input_.old_checkpoint) {
      return skipped("history",
                     "No older checkpoint was given, so the log may have been replaced as a whole.");
    }
    if (!head_) return skipped("history", "Without a checkpoint of now an older one says nothing.");
    const auto old = tlog::open_checkpoint(*input_.old_checkpoint, input_.log->key);
    if (!old) return failed("history", old.error().message);
    const tlog::Checkpoint& before = old->checkpoint;
    const tlog::Checkpoint& now = head_->checkpoint;
    if (before.size == 0)
      return passed("history", "The older checkpoint is of an empty log, which every log continues.");
    // The proof may be of an older head than the one that was kept: then it is the one that must be
    // continued.
    const bool forward = before.size <= now.size;
    const Done grown = forward ? tlog::verify_consistency(before.size, now.size, before.root, now.root,
                                                          input_.growth.value_or(tlog::Proof{}))
                               : tlog::verify_consistency(now.size, before.size, now.root, before.root,
                                                          input_.growth.value_or(tlog::Proof{}));
    if (!grown) return failed("history", grown.error().message);
    passed("history", "The log of " + std::to_string(std::max(before.size, now.size)) +
                          " entries continues the one of " + std::to_string(std::min(before.size, now.size)) +
                          ".");
  }

  void findings() {
    const ReadStatement& statement = *out_.statement;
    if (!statement.findings) {
      if (input_.findings) failed("findings", "The record names no findings document.");
      return;
    }
    if (!input_.findings) return skipped("findings", "The findings document was not given.");
    if (input_.findings->size() != statement.findings_size ||
        sha256(*input_.findings) != *statement.findings) {
      return failed("findings", "The findings document is not the one that the record names.");
    }
    if (auto canonical = parse_canonical_json(*input_.findings); !canonical) {
      return failed("findings", canonical.error().message);
    }
    passed("findings", "The findings document is the one that was signed, " + hex(*statement.findings) + ".");
  }

  void files() {
    if (input_.files.empty()) skipped("subject", "No file was given to compare with the subjects.");
    for (const GivenFile& file : input_.files) {
      const VerifiedSubject* found = nullptr;
      for (const VerifiedSubject& subject : out_.statement->subjects) {
        const auto digest = subject.digest.find("sha256");
        if (digest != subject.digest.end() && digest->second == hex(file.sha256)) found = &subject;
      }
      const std::string name = text::printable(file.name);
      if (found == nullptr) {
        failed("subject", name + " is none of the subjects.");
      } else {
        passed("subject",
               name + " is the subject \"" + text::printable(text::excerpt(found->name, 100)) + "\".");
      }
    }
  }

  const VerifyInput& input_;
  VerifyReport out_;
  ReceivedRecord record_;
  const TrustedKey* key_ = nullptr;
  std::optional<tlog::SignedCheckpoint> head_;
  std::vector<std::uint64_t> witnessed_;
};

}  // namespace

std::string_view to_string(CheckState state) {
  switch (state) {
    case CheckState::passed:
      return "passed";
    case CheckState::failed:
      return "failed";
    case CheckState::not_checked:
      return "not checked";
  }
  return "not checked";
}

bool VerifyReport::passed() const {
  const bool any_failed = std::any_of(checks.begin(), checks.end(),
                                      [](const Check& check) { return check.state == CheckState::failed; });
  return !any_failed && statement.has_value();
}

VerifyReport verify_record(const VerifyInput& input) { return Verification(input).run(); }

}  // namespace cardwarden
