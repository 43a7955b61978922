// SPDX-License-Identifier: Apache-2.0
#include "cli/transfer.h"

#include <algorithm>
#include <istream>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

#include "base/json.h"
#include "base/time.h"
#include "crypto/strict_json.h"

namespace cardwarden::cli {
namespace {

using nlohmann::json;

constexpr std::string_view kSchema = "cardwarden-store/1";
constexpr std::uint32_t kPage = 256;  // records or documents in memory at a time
constexpr std::size_t kBatchBytes = std::size_t{32} * 1024 * 1024;  // of envelopes before they are written

void line(std::ostream& out, const json& value) { out << canonical_json(value) << "\n"; }

json json_of(const StoredKey& key) {
  json out = {{"id", key.id},
              {"role", key.role},
              {"name", key.name},
              {"spki", base64(key.spki)},
              {"validFrom", time_text(key.valid_from)}};
  if (key.valid_to) out["validTo"] = time_text(*key.valid_to);
  if (key.revoked_at) out["revokedAt"] = time_text(*key.revoked_at);
  return out;
}

Done export_records(Store& store, std::ostream& out, std::uint64_t size) {
  for (std::uint64_t at = 0; at < size;) {
    const auto page =
        store.records(at, static_cast<std::uint32_t>(std::min<std::uint64_t>(kPage, size - at)));
    if (!page) return page.error();
    if (page->empty()) return Error(ErrorCode::format, "Record " + std::to_string(at) + " is missing.");
    for (const StoredRecord& record : *page) {
      if (record.index != at)
        return Error(ErrorCode::format, "Record " + std::to_string(at) + " is missing.");
      line(out, {{"record", base64(record.envelope)}});
      ++at;
    }
  }
  return Nothing{};
}

Result<std::uint64_t> export_documents(Store& store, std::ostream& out) {
  std::optional<Hash> after;
  std::uint64_t count = 0;
  for (;;) {
    const auto page = store.documents(after, kPage);
    if (!page) return page.error();
    if (page->empty()) return count;
    for (const Hash& id : *page) {
      const auto bytes = store.document(id);
      if (!bytes) return bytes.error();
      line(out, {{"document", base64(*bytes)}});
      ++count;
    }
    after = page->back();
  }
}

// --- reading ---------------------------------------------------------------------------------------------

Error malformed(std::uint64_t number, const std::string& what) {
  return {ErrorCode::format, "Line " + std::to_string(number) + " of the export: " + what};
}

// One line, bounded. Nothing at the end of the text.
Result<std::optional<std::string>> next_line(std::istream& in) {
  std::string out;
  char c = 0;
  std::streambuf* buffer = in.rdbuf();
  for (int got = buffer->sbumpc(); got != std::char_traits<char>::eof(); got = buffer->sbumpc()) {
    c = std::char_traits<char>::to_char_type(got);
    if (c == '\n') return std::optional<std::string>(std::move(out));
    if (out.size() == kMaxTransferLine) {
      return Error(ErrorCode::too_large, "A line of the export has more than " +
                                             std::to_string(kMaxTransferLine) + " bytes (kMaxTransferLine).");
    }
    out.push_back(c);
  }
  if (!out.empty()) return Error(ErrorCode::format, "The export ends within a line.");
  return std::optional<std::string>();
}

Result<std::optional<std::uint64_t>> moment(const json& object, const std::string& member) {
  if (!object.contains(member)) return std::optional<std::uint64_t>();
  const auto text = string_member(object, member, "the key");
  if (!text) return text.error();
  const auto time = parse_time(*text);
  if (!time) return time.error();
  return std::optional<std::uint64_t>(*time);
}

Result<StoredKey> key_of(const json& value) {
  StoredKey out;
  const std::pair<const char*, std::string*> members[] = {
      {"id", &out.id}, {"role", &out.role}, {"name", &out.name}, {"spki", &out.spki}};
  for (const auto& [name, target] : members) {
    auto text = string_member(value, name, "the key");
    if (!text) return text.error();
    *target = *std::move(text);
  }
  auto spki = bytes_from_base64(out.spki);
  if (!spki) return spki.error();
  out.spki = *std::move(spki);
  const auto from = moment(value, "validFrom");
  const auto to = moment(value, "validTo");
  const auto revoked = moment(value, "revokedAt");
  for (const auto* one : {&from, &to, &revoked}) {
    if (!*one) return one->error();
  }
  out.valid_from = from->value_or(0);
  out.valid_to = *to;
  out.revoked_at = *revoked;
  return out;
}

class Import {
 public:
  explicit Import(Store& store) : store_(store) {}

  Result<Transferred> run(std::istream& in) {
    for (;;) {
      auto text = next_line(in);
      if (!text) return text.error();
      if (!*text) return Error(ErrorCode::format, "The export has no last line: it was cut off.");
      ++number_;
      if (auto taken = take(**text); !taken) return malformed(number_, taken.error().text());
      if (ended_) return out_;
    }
  }

 private:
  Done take(const std::string& text) {
    const auto value = parse_strict_json(text, {.bytes = kMaxTransferLine});
    if (!value) return value.error();
    if (number_ == 1) {
      const auto schema = string_member(*value, "schema", "the first line");
      if (!schema || *schema != kSchema)
        return Error(ErrorCode::format, "Expected the schema " + std::string(kSchema) + ".");
      return Nothing{};
    }
    if (value->contains("record")) return record(*value);
    if (auto done = flush(); !done) return done;
    if (const json* key = object_member(*value, "key")) return this->key(*key);
    if (value->contains("document")) return document(*value);
    if (const json* checkpoint = object_member(*value, "checkpoint")) return this->checkpoint(*checkpoint);
    if (const json* end = object_member(*value, "end")) return this->end(*end);
    return Error(ErrorCode::format, "Expected a key, record, document, checkpoint or the end.");
  }

  Done record(const json& value) {
    const auto text = string_member(value, "record", "the line");
    if (!text) return text.error();
    auto envelope = bytes_from_base64(*text);
    if (!envelope) return envelope.error();
    bytes_ += envelope->size();
    batch_.push_back(*std::move(envelope));
    return batch_.size() == kPage || bytes_ > kBatchBytes ? flush() : Done(Nothing{});
  }

  Done flush() {
    if (batch_.empty()) return Nothing{};
    const auto appended = store_.append(batch_);
    if (!appended) return appended.error();
    for (const Appended& one : *appended) {
      if (one.index != out_.records) {
        return Error(ErrorCode::usage, "The store holds another log: record " + std::to_string(out_.records) +
                                           " of the export stands at " + std::to_string(one.index) +
                                           " there.");
      }
      ++out_.records;
    }
    batch_.clear();
    bytes_ = 0;
    return Nothing{};
  }

  Done key(const json& value) {
    const auto key = key_of(value);
    if (!key) return key.error();
    ++out_.keys;
    return store_.put_key(*key);
  }

  Done document(const json& value) {
    const auto text = string_member(value, "document", "the line");
    if (!text) return text.error();
    const auto bytes = bytes_from_base64(*text);
    if (!bytes) return bytes.error();
    ++out_.documents;
    return store_.put_document(*bytes);
  }

  // Those that an import before this one took in are passed over.
  Done checkpoint(const json& value) {
    const auto size = count_member(value, "size", "the checkpoint");
    auto note = string_member(value, "note", "the checkpoint");
    if (!size) return size.error();
    if (!note) return note.error();
    if (out_.checkpoints == 0) {
      const auto stored = store_.checkpoints();
      if (!stored) return stored.error();
      known_ = *stored;
    }
    const std::uint64_t place = out_.checkpoints++;
    if (place >= known_.size()) return store_.add_checkpoint({*size, *std::move(note)});
    if (known_[place].size == *size && known_[place].note == *note) return Nothing{};
    return Error(ErrorCode::usage, "The store holds other checkpoints than the export.");
  }

  Done end(const json& value) {
    ended_ = true;
    const auto records = count_member(value, "records", "the end");
    const auto documents = count_member(value, "documents", "the end");
    const auto checkpoints = count_member(value, "checkpoints", "the end");
    const auto root = string_member(value, "root", "the end");
    if (!records || !documents || !checkpoints || !root)
      return Error(ErrorCode::format, "The last line says how much there was.");
    if (*records != out_.records || *documents != out_.documents || *checkpoints != out_.checkpoints)
      return Error(ErrorCode::format, "The last line counts other lines than there were: some are missing.");
    const auto size = store_.size();
    if (!size) return size.error();
    if (*size != out_.records)
      return Error(ErrorCode::usage, "The store holds more records than the export: it is another log.");
    const auto made = tlog::root_at(*size, node_reader(store_));
    if (!made) return made.error();
    if (hex(*made) != *root)
      return Error(ErrorCode::format, "The log has another root than the export says.");
    out_.root = *made;
    return Nothing{};
  }

  Store& store_;
  Transferred out_;
  std::vector<std::string> batch_;
  std::size_t bytes_ = 0;
  std::vector<StoredCheckpoint> known_;
  std::uint64_t number_ = 0;
  bool ended_ = false;
};

}  // namespace

Result<Transferred> export_store(Store& store, std::ostream& out) {
  Transferred done;
  // The size is read first: what others append meanwhile is left for another time. Checkpoints beyond it too.
  const auto size = store.size();
  if (!size) return size.error();
  const auto root = tlog::root_at(*size, node_reader(store));
  if (!root) return root.error();
  line(out, {{"schema", kSchema}});
  const auto keys = store.keys();
  if (!keys) return keys.error();
  for (const StoredKey& key : *keys) line(out, {{"key", json_of(key)}});
  if (auto written = export_records(store, out, *size); !written) return written.error();
  const auto documents = export_documents(store, out);
  if (!documents) return documents.error();
  const auto checkpoints = store.checkpoints();
  if (!checkpoints) return checkpoints.error();
  for (const StoredCheckpoint& one : *checkpoints) {
    if (one.size > *size) break;
    line(out, {{"checkpoint", {{"size", one.size}, {"note", one.note}}}});
    ++done.checkpoints;
  }
  done.records = *size;
  done.documents = *documents;
  done.keys = keys->size();
  done.root = *root;
  line(out, {{"end",
              {{"records", done.records},
               {"documents", done.documents},
               {"checkpoints", done.checkpoints},
               {"root", hex(done.root)}}}});
  out.flush();
  if (!out) return Error(ErrorCode::io, "The export could not be written.");
  return done;
}

Result<Transferred> import_store(Store& store, std::istream& in) { return Import(store).run(in); }

}  // namespace cardwarden::cli
