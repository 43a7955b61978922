// SPDX-License-Identifier: Apache-2.0
#include "verify/verify.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/text.h"
#include "base/time.h"
#include "crypto/strict_json.h"
#include "log/leaf.h"
#include "log/proof_file.h"
#include "verify/bundle.h"

namespace cardwarden {
namespace {

constexpr std::uint64_t kClockSkew = 300;  // seconds that two honest clocks may differ by

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
    held_stamp();
    key_time();
    made_at();
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
      failed("signature", input_.keys.size() == 1 ? "The key that was given has not signed the record."
                                                  : "None of the " + std::to_string(input_.keys.size()) +
                                                        " keys given has signed the record.");
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
      skipped("log",
              std::string(input_.proof ? "No key of the log was given" : "No proof from the log was given") +
                  ", so whether the record is in any log is not known.");
      return;
    }
    const auto file = tlog::parse_proof_file(*input_.proof);
    if (!file) return failed("log", file.error().message);
    auto opened = open_head(file->checkpoint);
    if (!opened) return failed("log", opened.error().message + other_signer(file->checkpoint));
    const tlog::Checkpoint& head = opened->head.checkpoint;
    const Hash leaf = tlog::leaf_hash(tlog::leaf_data(sha256(record_.envelope_bytes)));
    const Done included = tlog::verify_inclusion(leaf, file->index, head.size, file->proof, head.root);
    if (!included) return failed("log", included.error().message);
    out_.log_index = file->index;
    passed("log", "Entry " + std::to_string(file->index) + " of " + std::to_string(head.size) + " in " +
                      text::printable(head.origin) + ", whose key " + tlog::vkey_text(*opened->key) +
                      " has signed the checkpoint.");
    head_ = std::move(opened->head);
    witnesses();
    stamp(sha256(file->checkpoint));
  }

  struct OpenedHead {
    tlog::SignedCheckpoint head;
    const tlog::NoteKey* key;  // of the log, that has signed it
  };
  // Under any of the log's keys. A line by one of them that does not verify spoils the checkpoint.
  Result<OpenedHead> open_head(std::string_view note) const {
    std::vector<const tlog::NoteKey*> keys{&input_.log->key};
    for (const tlog::NoteKey& key : input_.log->other_keys) keys.push_back(&key);
    std::optional<Error> problem;
    for (const tlog::NoteKey* key : keys) {
      std::vector<tlog::NoteKey> others = input_.log->witnesses;
      for (const tlog::NoteKey* other : keys) {
        if (other != key) others.push_back(*other);
      }
      auto opened = tlog::open_checkpoint(note, *key, others);
      if (opened) return OpenedHead{*std::move(opened), key};
      if (!problem) problem = opened.error();
    }
    return *problem;
  }

  // What helps a reader whose key of the log is an old one. Nothing of it is verified.
  std::string other_signer(std::string_view note_bytes) const {
    const auto note = tlog::parse_note(note_bytes);
    if (!note) return "";
    for (const tlog::NoteSignature& line : note->signatures) {
      if (line.name != input_.log->key.name) continue;
      if (line.id == input_.log->key.id) return "";
      return " A line in the name of " + text::printable(line.name) + " is by a key " +
             tlog::note_id_text(line.id) + ", and " + tlog::note_id_text(input_.log->key.id) +
             " was given: where the log has changed its key, ask for the record of it and give both keys.";
    }
    return "";
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
    if (input_.log->witnesses.empty()) {
      return skipped(
          "witnesses",
          "No key of a witness was given, so that the log's own word is all there is for its head.");
    }
    if (names.empty())
      return skipped("witnesses", "None of the witnesses whose keys were given has signed the checkpoint.");
    passed("witnesses", "The checkpoint was seen by " + text::printable(names) + ".");
  }

  static std::string stamp_words(const Timestamp& stamp) {
    return "was stamped at " + time_text(stamp.time) + " by " + stamp.authority +
           ", which leads to the trusted certificate " + stamp.trusted + " (sha256 " + stamp.trusted_id +
           ").";
  }

  void stamp(const Hash& checkpoint) {
    if (!input_.stamp) return;
    if (!input_.authority)
      return skipped("time stamp", "No certificate of a time stamping authority was given.");
    const auto stamp = verify_timestamp(*input_.stamp, checkpoint, *input_.authority);
    if (!stamp) return failed("time stamp", stamp.error().message);
    witnessed_.push_back(stamp->time);
    passed("time stamp", "The checkpoint " + stamp_words(*stamp));
  }

  // Of a record that is itself a time stamp: what it holds, beside where it stands.
  void held_stamp() {
    if (!out_.statement->stamp) return;
    const ReadTimeStamp& held = *out_.statement->stamp;
    const char* what = "stamped checkpoint";
    if (input_.log) {
      const auto head = open_head(held.checkpoint);
      if (!head) return failed(what, head.error().message);
    }
    if (!input_.authority) return skipped(what, "No certificate of a time stamping authority was given.");
    const auto stamp = verify_timestamp(held.reply, sha256(held.checkpoint), *input_.authority);
    if (!stamp) return failed(what, stamp.error().message);
    passed(what, std::string(input_.log ? "The log's checkpoint" : "The checkpoint") + " in the record " +
                     stamp_words(*stamp));
  }

  // "from … until …", of the key that has signed.
  std::string key_dates() const {
    return "(from " + time_text(key_->valid_from) +
           (key_->valid_to ? " until " + time_text(*key_->valid_to) : ", without an end") + ")";
  }

  bool seen_by(std::uint64_t moment) const {
    return std::any_of(witnessed_.begin(), witnessed_.end(),
                       [moment](std::uint64_t seen) { return seen <= moment; });
  }

  // A record is judged by the time when it was made, never by now. Its own word is good while its key is; for
  // a key that somebody else may have had, only what a witness saw or an authority stamped before counts.
  void key_time() {
    const char* what = "key validity";
    const std::uint64_t time = out_.statement->finished;
    if (time < key_->valid_from || (key_->valid_to && time > *key_->valid_to)) {
      return failed(what, "By its own word the record was finished at " + time_text(time) +
                              ", when its key was not valid " + key_dates() + ".");
    }
    if (key_->revoked_at) {
      if (*key_->revoked_at == 0 || !seen_by(*key_->revoked_at - 1)) {
        return failed(what, "The key is revoked from " + time_text(*key_->revoked_at) +
                                ", and neither a witness nor a time stamp shows the record before.");
      }
      return passed(what, "A witness or a time stamp shows the record before the key was revoked at " +
                              time_text(*key_->revoked_at) + ".");
    }
    if (key_->valid_from == 0 && !key_->valid_to) {
      return skipped(what,
                     "No dates came with the key, so whether it was valid when the record was made is not "
                     "known.");
    }
    if (key_->valid_to && !seen_by(*key_->valid_to)) {
      return skipped(what, "By its own word the record was finished while its key was valid " + key_dates() +
                               ", but nobody else has seen it before the key ended.");
    }
    passed(what, "The record was finished at " + time_text(time) +
                     (key_->valid_to ? "" : " by its own word") + ", within the dates given with the key " +
                     key_dates() + ".");
  }

  void made_at() {
    const std::uint64_t time = out_.statement->finished;
    if (witnessed_.empty()) {
      return skipped("time",
                     "Nobody but the signer says when the record was made: there is no witness and no "
                     "time stamp that could be checked.");
    }
    const std::uint64_t seen = *std::min_element(witnessed_.begin(), witnessed_.end());
    if (time > seen + kClockSkew) {
      return failed("time", "The record says that it was finished at " + time_text(time) +
                                ", but it was seen before that, at " + time_text(seen) + ".");
    }
    passed("time", "The record was there at " + time_text(seen) +
                       ", as others than its signer confirm; by its own word it was finished at " +
                       time_text(time) + ".");
  }

  void growth() {
    if (!input_.old_checkpoint) {
      return skipped("history",
                     "No older checkpoint was given, so the log may have been replaced as a whole.");
    }
    if (!head_) return skipped("history", "Without a checkpoint of now an older one says nothing.");
    const auto old = open_head(*input_.old_checkpoint);
    if (!old) return failed("history", old.error().message + other_signer(*input_.old_checkpoint));
    const tlog::Checkpoint& before = old->head.checkpoint;
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
    if (!input_.findings)
      return skipped("findings",
                     "The findings document was not given, so what was found is not shown by this record.");
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
    if (input_.files.empty()) {
      skipped("subject",
              "No file and no repository was given to compare with what the record says that it is about.");
    }
    std::set<const VerifiedSubject*> seen;
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
        seen.insert(found);
        passed("subject",
               name + " is the subject \"" + text::printable(text::excerpt(found->name, 100)) + "\".");
      }
    }
    const std::size_t rest = out_.statement->subjects.size() - seen.size();
    if (!input_.files.empty() && rest != 0) {
      skipped("subject", text::plural(rest, "subject", "subjects") + " of the " +
                             std::to_string(out_.statement->subjects.size()) +
                             " of the record had nothing to be compared with.");
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
