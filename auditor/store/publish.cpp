// SPDX-License-Identifier: Apache-2.0
#include "store/publish.h"

#include <utility>
#include <vector>

#include "log/checkpoint.h"
#include "log/leaf.h"
#include "log/note_sign.h"

namespace cardwarden {
namespace {

// Whether the stored hashes continue the checkpoint.
Done check_continues(Store& store, const tlog::Checkpoint& before, std::uint64_t size, const Hash& root) {
  if (before.size == 0) return Nothing{};
  const auto proof = tlog::consistency_proof(before.size, size, node_reader(store));
  if (!proof) return proof.error();
  return tlog::verify_consistency(before.size, size, before.root, root, *proof);
}

Result<tlog::NoteKey> key_of(std::string_view origin, const Signer& signer) {
  const bool ecdsa = signer.public_key().algorithm() == KeyAlgorithm::ecdsa_p256;
  return tlog::note_key(std::string(origin),
                        ecdsa ? tlog::NoteKeyType::ecdsa_p256 : tlog::NoteKeyType::ed25519,
                        signer.public_key());
}

bool signed_by_all(const tlog::Note& note, const std::vector<tlog::NoteKey>& keys) {
  const auto verified = tlog::verify_note(note, keys);
  return verified && verified->size() == keys.size();
}

}  // namespace

Result<std::string> publish_checkpoint(Store& store, std::string_view origin, const Signer& signer,
                                       const std::vector<const Signer*>& also) {
  std::vector<const Signer*> signers{&signer};
  signers.insert(signers.end(), also.begin(), also.end());
  std::vector<tlog::NoteKey> keys;
  for (const Signer* one : signers) {
    auto key = key_of(origin, *one);
    if (!key) return key.error();
    keys.push_back(*std::move(key));
  }
  const auto size = store.size();
  if (!size) return size.error();
  const auto root = tlog::root_at(*size, node_reader(store));
  if (!root) return root.error();
  const auto head = store.head();
  if (!head) return head.error();
  if (*head) {
    // The text alone: after a change of the log's key the last checkpoint is another key's.
    const auto note = tlog::parse_note((*head)->note);
    if (!note) return note.error();
    const auto before = tlog::parse_checkpoint_text(note->text);
    if (!before) return before.error();
    if (before->origin != origin) {
      return Error(ErrorCode::usage, "The store holds the log \"" + before->origin + "\", not \"" +
                                         std::string(origin) + "\".");
    }
    if (auto good = check_continues(store, *before, *size, *root); !good) {
      Error out(ErrorCode::format, "The log does not continue its last checkpoint and is not signed");
      out.cause = std::make_shared<const Error>(good.error());
      return out;
    }
    if (before->size == *size && signed_by_all(*note, keys)) return (*head)->note;
  }
  const auto text = tlog::checkpoint_text({std::string(origin), *size, *root, {}});
  if (!text) return text.error();
  tlog::Note made{*text, {}};
  for (const Signer* one : signers) {
    auto signature = tlog::sign_note(*text, origin, *one);
    if (!signature) return signature.error();
    made.signatures.push_back(*std::move(signature));
  }
  std::string note = tlog::note_text(made);
  if (auto done = store.add_checkpoint({*size, note}); !done) return done.error();
  return note;
}

Result<tlog::WitnessRequest> witness_message(Store& store, std::uint64_t old_size) {
  auto head = store.head();
  if (!head) return head.error();
  if (!*head || old_size > (*head)->size) {
    return Error(ErrorCode::not_found, "The log has no checkpoint of " + std::to_string(old_size) +
                                           " or more entries to show to a witness.");
  }
  tlog::WitnessRequest out{old_size, {}, std::move((*head)->note)};
  if (old_size == 0) return out;
  auto proof = tlog::consistency_proof(old_size, (*head)->size, node_reader(store));
  if (!proof) return proof.error();
  out.proof = *std::move(proof);
  return out;
}

Result<std::string> accept_cosignatures(Store& store, std::string_view lines, const tlog::NoteKey& log,
                                        const std::vector<tlog::NoteKey>& witnesses) {
  const auto head = store.head();
  if (!head) return head.error();
  if (!*head) return Error(ErrorCode::not_found, "The log has no checkpoint that could be cosigned.");
  auto note = tlog::add_cosignatures((*head)->note, lines, log, witnesses);
  if (!note || *note == (*head)->note) return note;
  if (auto done = store.add_checkpoint({(*head)->size, *note}); !done) return done.error();
  return note;
}

Result<tlog::ProofFile> prove_record(Store& store, std::uint64_t index) {
  auto head = store.head();
  if (!head) return head.error();
  if (!*head || index >= (*head)->size) {
    return Error(ErrorCode::not_found, "No checkpoint covers record " + std::to_string(index) + " yet.");
  }
  return prove_record_under(store, index, std::move((*head)->note));
}

Result<tlog::ProofFile> prove_record_under(Store& store, std::uint64_t index, std::string note) {
  const auto head = tlog::parse_note(note).and_then(
      [](const tlog::Note& parsed) { return tlog::parse_checkpoint_text(parsed.text); });
  if (!head) return head.error();
  if (index >= head->size)
    return Error(ErrorCode::not_found, "The checkpoint does not cover record " + std::to_string(index) + ".");
  auto proof = tlog::inclusion_proof(index, head->size, node_reader(store));
  if (!proof) return proof.error();
  return tlog::ProofFile{std::nullopt, index, *std::move(proof), std::move(note)};
}

Result<std::string> tile_file(Store& store, const tlog::TileId& tile) {
  const std::uint64_t first = tile.index * tlog::kTileWidth;
  const Error missing(ErrorCode::not_found, "The log has no " + tlog::tile_path(tile) + " yet.");
  if (!tile.entries) {
    const auto hashes = store.nodes(tile.level * tlog::kTileLevels, first, tile.width);
    if (!hashes) return hashes.error();
    return hashes->size() == tile.width ? Result<std::string>(tlog::tile_bytes(*hashes)) : missing;
  }
  const auto records = store.records(first, tile.width);
  if (!records) return records.error();
  if (records->size() != tile.width) return missing;
  std::vector<std::string> entries;
  for (const StoredRecord& record : *records) entries.push_back(tlog::leaf_data(record.id));
  return tlog::bundle_bytes(entries);
}

}  // namespace cardwarden
