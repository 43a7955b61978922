// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where records, the log over them and what belongs to them are kept. Two backends: SQLite (sqlite_store.h)
// and PostgreSQL (postgres_store.h); tests/conformance holds them to this page.
//
// Durability: when append(), add_checkpoint(), put_document() or put_key() returns a value, what it wrote is
// on the disk and survives the loss of power. When it returns an Error, nothing of it is there, but for one
// case: ErrorCode::io from PostgreSQL whose connection broke leaves it open whether the batch will be in the
// log, and calling append() again with the same records settles it, since a record is in the log at most
// once.
//
// A Store is one connection and is used by one thread at a time. Other connections, in other threads,
// processes and hosts, may read and append at the same time.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "crypto/bytes.h"
#include "log/tree.h"
#include "store/index.h"
#include "store/passages.h"

namespace cardwarden {

struct Appended {
  std::uint64_t index = 0;  // in the log
  bool existed = false;     // the record was there already, at this index
};

struct StoredRecord {
  std::uint64_t index = 0;
  Hash id{};
  std::string envelope;  // empty in pages of find()
  RecordIndex fields;    // without tags in pages of find()
};

struct StoredCheckpoint {
  std::uint64_t size = 0;  // of the log it covers
  std::string note;        // as it was signed
};

struct StoredKey {
  std::string id;    // key_id()
  std::string role;  // "record", "log", "cosign"
  std::string name;
  std::string spki;  // DER
  std::uint64_t valid_from = 0;
  std::optional<std::uint64_t> valid_to;
  std::optional<std::uint64_t> revoked_at;
  friend bool operator==(const StoredKey&, const StoredKey&) = default;
};

// All that is given must hold. Pages are by index: pass the last index of a page as `after` for the next.
struct RecordQuery {
  std::optional<std::string> kind;
  std::optional<std::string> result;
  std::optional<std::string> policy;
  std::optional<std::string> tenant;
  std::optional<std::uint64_t> from;   // finished at this second or later
  std::optional<std::uint64_t> until;  // finished before this second
  std::vector<IndexTag> tags;
  std::optional<std::uint64_t> after;
  bool newest_first = false;
  std::uint32_t limit = 100;
};

// Passages of findings documents that records in the log name. The newest record comes first, and of one
// record its passages in order. For the next page pass the index and place of the last hit.
struct SearchQuery {
  std::string words;                  // parse_text_query()
  std::optional<std::string> tenant;  // of the record
  std::optional<std::string> rule;
  std::optional<std::pair<std::uint64_t, std::uint64_t>> after;
  std::uint32_t limit = 20;
};

struct SearchHit {
  std::uint64_t index = 0;  // of the record in the log
  Hash document{};          // that holds the passage
  std::uint64_t place = 0;  // in the document
  Passage passage;
};

constexpr std::uint64_t kMaxLogIndex = (std::uint64_t{1} << 62U) - 1;      // what both databases can count to
constexpr std::size_t kMaxBatch = 10'000;                                  // records of one append()
constexpr std::uint32_t kMaxPage = 10'000;                                 // rows of one answer
constexpr std::size_t kMaxQueryTags = 16;                                  // of one query
constexpr std::size_t kMaxDocumentBytes = std::size_t{256} * 1024 * 1024;  // of one document

// Called between the steps of every write, with the name of the step that is done. Tests stop the program
// there; it must not throw or use the store. Empty: nothing is called.
using StepHook = std::function<void(std::string_view step)>;

class Store {
 public:
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  // Takes envelopes into the log in their order, all or none, at the indexes that follow the last one. One
  // that is in the log already keeps its index. Signatures are the caller's affair.
  virtual Result<std::vector<Appended>> append(const std::vector<std::string>& envelopes) = 0;

  virtual Result<std::uint64_t> size() = 0;  // of the log
  virtual Result<StoredRecord> record(std::uint64_t index) = 0;
  virtual Result<StoredRecord> record_by_id(const Hash& id) = 0;
  // Ids of records in the log from `first` to `last`, both included, in the order of their bytes.
  virtual Result<std::vector<Hash>> ids(const Hash& first, const Hash& last, std::uint32_t count) = 0;
  // Those of [index, index + count) that are there, in order, with envelopes and tags.
  virtual Result<std::vector<StoredRecord>> records(std::uint64_t index, std::uint32_t count) = 0;
  virtual Result<std::vector<StoredRecord>> find(const RecordQuery& query) = 0;

  // Hashes of complete subtrees of one level, those of [index, index + count) that are there, in order.
  virtual Result<std::vector<Hash>> nodes(std::uint32_t level, std::uint64_t index, std::uint32_t count) = 0;
  virtual Result<std::uint64_t> node_count() = 0;

  // Sizes never fall. The one with the largest size is the head; of equal sizes the one that came last.
  virtual Done add_checkpoint(const StoredCheckpoint& checkpoint) = 0;
  virtual Result<std::optional<StoredCheckpoint>> head() = 0;
  virtual Result<std::vector<StoredCheckpoint>> checkpoints() = 0;  // in the order in which they came

  // Documents are kept under their SHA-256 and may be deleted; the log does not need them.
  virtual Done put_document(std::string_view bytes) = 0;
  virtual Result<std::string> document(const Hash& digest) = 0;
  virtual Done delete_document(const Hash& digest) = 0;
  virtual Result<std::vector<Hash>> documents(const std::optional<Hash>& after, std::uint32_t count) = 0;

  // What can be searched of a document; goes when the document goes.
  virtual Result<std::vector<Passage>> passages(const Hash& document) = 0;
  virtual Result<std::vector<SearchHit>> search(const SearchQuery& query) = 0;

  // A key keeps its bytes and role for ever; its dates may change.
  virtual Done put_key(const StoredKey& key) = 0;
  virtual Result<std::vector<StoredKey>> keys() = 0;  // sorted by role, then id
};

// A reader of tree hashes for log/tree.h. Borrows the store.
tlog::NodeReader node_reader(Store& store);

// Enough that two records of a log do not begin alike; lists print so many.
constexpr std::size_t kMinIdDigits = 12;

// By the first digits of the id, at least kMinIdDigits of its 64.
Result<StoredRecord> record_by_digits(Store& store, std::string_view digits);

// What both backends check before they begin. Borrows the envelopes.
Result<std::vector<NewRecord>> index_batch(const std::vector<std::string>& envelopes);
Done check_query(const RecordQuery& query);
Result<std::vector<TextTerm>> check_query(const SearchQuery& query);

// The text of a migration as it stands in schema/, by "0001_records.sqlite" and the like; empty past the
// last.
std::string_view store_schema(std::string_view name);
const std::vector<std::string_view>& store_schema_names();

}  // namespace cardwarden
