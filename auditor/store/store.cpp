// SPDX-License-Identifier: Apache-2.0
#include "store/store.h"

#include <algorithm>
#include <utility>

namespace cardwarden {

tlog::NodeReader node_reader(Store& store) {
  return [&store](tlog::NodeId id) -> Result<Hash> {
    auto hashes = store.nodes(id.level, id.index, 1);
    if (!hashes) return hashes.error();
    if (hashes->empty()) {
      return Error(ErrorCode::not_found, "The store has no hash " + std::to_string(id.index) + " at level " +
                                             std::to_string(id.level) + ".");
    }
    return hashes->front();
  };
}

Result<StoredRecord> record_by_digits(Store& store, std::string_view digits) {
  constexpr std::size_t kDigits = 2 * kHashBytes;
  const std::string missing(digits.size() < kDigits ? kDigits - digits.size() : 0, '0');
  const auto first = hash_from_hex(std::string(digits) + missing);
  if (!first || digits.size() < kMinIdDigits) {
    return Error(ErrorCode::usage, "A record's id is written with its first " + std::to_string(kMinIdDigits) +
                                       " to " + std::to_string(kDigits) + " lower-case hexadecimal digits.");
  }
  const auto last = hash_from_hex(std::string(digits) + std::string(missing.size(), 'f'));
  const auto found = store.ids(*first, *last, 2);
  if (!found) return found.error();
  if (found->empty())
    return Error(ErrorCode::not_found, "The store has no record " + std::string(digits) + ".");
  if (found->size() > 1) {
    return Error(ErrorCode::usage, "At least 2 records begin with " + std::string(digits) + ", " +
                                       hex(found->front()) + " and " + hex(found->back()) +
                                       ": write more digits.");
  }
  return store.record_by_id(found->front());
}

Result<std::vector<NewRecord>> index_batch(const std::vector<std::string>& envelopes) {
  if (envelopes.size() > kMaxBatch) {
    return Error(ErrorCode::too_large,
                 "A batch has at most " + std::to_string(kMaxBatch) + " records (kMaxBatch).");
  }
  std::vector<NewRecord> out;
  out.reserve(envelopes.size());
  for (const std::string& envelope : envelopes) {
    auto record = index_record(envelope);
    if (!record) return record.error();
    out.push_back(*std::move(record));
  }
  return out;
}

Done check_query(const RecordQuery& query) {
  if (query.limit == 0 || query.limit > kMaxPage) {
    return Error(ErrorCode::usage, "A page has 1 to " + std::to_string(kMaxPage) + " records (kMaxPage).");
  }
  for (const auto* number : {&query.from, &query.until, &query.after}) {
    if (*number && **number > kMaxLogIndex)
      return Error(ErrorCode::usage, "A number of the query is over 2^62.");
  }
  std::vector<const std::string*> words;
  for (const auto* one : {&query.kind, &query.result, &query.policy, &query.tenant}) {
    if (*one) words.push_back(&**one);
  }
  for (const auto& [name, value] : query.tags) {
    words.push_back(&name);
    words.push_back(&value);
  }
  for (const std::string* word : words) {
    // PostgreSQL would read as far as the NUL and find what was not asked for.
    if (word->find('\0') != std::string::npos)
      return Error(ErrorCode::usage, "A word of the query holds a NUL.");
  }
  if (query.tags.size() > kMaxQueryTags) {
    return Error(ErrorCode::usage, "A query asks for at most " + std::to_string(kMaxQueryTags) +
                                       " further properties (kMaxQueryTags).");
  }
  return Nothing{};
}

Result<std::vector<TextTerm>> check_query(const SearchQuery& query) {
  RecordQuery record;
  record.tenant = query.tenant;
  record.result = query.rule;  // a word like any other
  record.limit = query.limit;
  if (query.after) record.after = std::max(query.after->first, query.after->second);
  if (auto good = check_query(record); !good) return good.error();
  return parse_text_query(query.words);
}

}  // namespace cardwarden
