// SPDX-License-Identifier: Apache-2.0
#include "store/postgres_search.h"

#include <map>
#include <pqxx/pqxx>
#include <string>

#include "store/postgres_text.h"

namespace cardwarden::postgres {
namespace {

constexpr std::size_t kMaxPosition = 16'383;  // what a tsvector can count to

pqxx::binarystring binary(const Hash& hash) { return {hash.data(), hash.size()}; }

// Words hold nothing but letters, marks and numbers, so that quotes are all they need.
std::string vector_text(const std::vector<std::string>& words) {
  std::map<std::string, std::string> places;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string& at = places[words[i]];
    at += (at.empty() ? "" : ",") + std::to_string(std::min(i + 1, kMaxPosition));
  }
  std::string out;
  for (const auto& [word, at] : places)
    out.append(out.empty() ? "'" : " '").append(word).append("':").append(at);
  return out;
}

std::string query_text(const std::vector<TextTerm>& terms) {
  std::string out;
  for (const TextTerm& term : terms) {
    if (!out.empty()) out += " & ";
    for (std::size_t i = 0; i < term.words.size(); ++i) {
      out += (i > 0 ? " <-> '" : "'") + term.words[i] + "'";
    }
    if (term.prefix) out += ":*";
  }
  return out;
}

Passage read_passage(const pqxx::row& row, pqxx::row::size_type column) {
  return {row[column].as<std::string>(), row[column + 1].as<std::string>(), row[column + 2].as<std::string>(),
          row[column + 3].as<std::string>()};
}

}  // namespace

void insert_passages(pqxx::transaction_base& tx, const Hash& document, const std::vector<Passage>& passages) {
  if (passages.empty()) return;
  ArrayText places, kinds, paths, rules, texts, words;
  std::uint64_t place = 0;
  for (const Passage& one : passages) {
    places.number(place++);
    kinds.text(one.kind);
    paths.text(one.path);
    rules.text(one.rule);
    texts.text(one.text);
    words.text(vector_text(words_of(one.text)));
  }
  tx.exec_params(
      "INSERT INTO cardwarden.passages (document, place, kind, path, rule, text, words) "
      "SELECT $1, place, kind, path, rule, text, words::tsvector "
      "FROM unnest($2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) "
      "AS new (place, kind, path, rule, text, words)",
      binary(document), places.str(), kinds.str(), paths.str(), rules.str(), texts.str(), words.str());
}

std::vector<Passage> read_passages(pqxx::transaction_base& tx, const Hash& document) {
  std::vector<Passage> out;
  for (const auto& row : tx.exec_params(
           "SELECT kind, path, rule, text FROM cardwarden.passages WHERE document = $1 ORDER BY place",
           binary(document))) {
    out.push_back(read_passage(row, 0));
  }
  return out;
}

Result<std::vector<SearchHit>> search(pqxx::transaction_base& tx, const SearchQuery& query,
                                      const std::vector<TextTerm>& terms) {
  std::string where = "p.words @@ " + tx.quote(query_text(terms)) + "::tsquery";
  if (query.tenant) where += " AND r.tenant = " + tx.quote(*query.tenant);
  if (query.rule) where += " AND p.rule = " + tx.quote(*query.rule);
  if (query.after) {
    const std::string index = std::to_string(query.after->first);
    where += " AND (e.log_index < " + index + " OR (e.log_index = " + index + " AND p.place > " +
             std::to_string(query.after->second) + "))";
  }
  std::vector<SearchHit> out;
  for (const auto& row :
       tx.exec("SELECT e.log_index, p.document, p.place, p.kind, p.path, p.rule, p.text "
               "FROM cardwarden.passages p JOIN cardwarden.records r "
               "ON r.tags @> ARRAY['findings' || chr(31) || encode(p.document, 'hex')] "
               "JOIN cardwarden.entries e ON e.id = r.id WHERE " +
               where + " ORDER BY e.log_index DESC, p.place LIMIT " + std::to_string(query.limit))) {
    auto document = hash_from_bytes(pqxx::binarystring(row[1]).str());
    if (!document) return document.error();
    out.push_back({static_cast<std::uint64_t>(row[0].as<std::int64_t>()), *document,
                   static_cast<std::uint64_t>(row[2].as<std::int64_t>()), read_passage(row, 3)});
  }
  return out;
}

void find_passages(pqxx::transaction_base& tx) {
  std::string after;
  for (;;) {
    const auto rows =
        tx.exec_params("SELECT id, bytes FROM cardwarden.documents WHERE id > $1 ORDER BY id LIMIT 1",
                       pqxx::binarystring(after.data(), after.size()));
    if (rows.empty()) return;
    after = pqxx::binarystring(rows[0][0]).str();
    const auto id = hash_from_bytes(after);
    if (id) insert_passages(tx, *id, passages_of(pqxx::binarystring(rows[0][1]).str()));
  }
}

}  // namespace cardwarden::postgres
