// SPDX-License-Identifier: Apache-2.0
#include "cli/readings.h"

#include <memory>

#include "card/parse.h"
#include "cli/parallel.h"
#include "cli/version.h"
#include "engine/evaluate.h"
#include "policy/sensitive.h"

namespace cardwarden::cli {
namespace {

// What facts depend on besides the blob.
std::string cache_key(const RuleBook& book, Kind kind, const ObjectId& blob) {
  return "card-facts\n" + std::string(kVersion) + "\n" + std::string(kCommit) + "\n" + book.digest() + "\n" +
         std::string(to_string(kind)) + "\n" + blob.hex();
}

// One thread's tools.
class Reader {
 public:
  Reader(const RuleBook& book, const ReadingOptions& options, Kind kind)
      : options_(options), evaluator_(book), repository_(Repository::open(options.repository)) {
    parse_.kind = kind;
    if (const Rule* rule = book.find(kSecretRule)) secrets_.push_back({rule, nullptr});
  }

  Reading read(const ObjectId& blob, std::optional<Error>& mistake) {
    Reading out;
    const auto bytes = repository_ ? repository_->read_blob(blob, kMaxRevisionCardBytes)
                                   : Result<std::string>(repository_.error());
    if (!bytes) {
      out.problem = bytes.error().message;
      return out;
    }
    const Card card = parse_card(options_.card, *bytes, parse_);
    const auto findings = evaluator_.evaluate(card, secrets_, {});
    if (!findings) {
      mistake = findings.error();
      return out;
    }
    const std::vector<Span> sensitive = sensitive_spans(card, *findings);
    out.facts = card_facts(card, evaluator_.prose(), evaluator_.disclosures(),
                           [&](Span span) { return shown(card, sensitive, span); });
    return out;
  }

 private:
  const ReadingOptions& options_;
  Evaluator evaluator_;
  Result<Repository> repository_;
  ParseOptions parse_;
  std::vector<RuleRun> secrets_;  // what quotes must not show
};

Kind kind_of(const Repository& repository, const std::optional<ObjectId>& newest,
             const ReadingOptions& options) {
  if (options.kind || !newest) return options.kind.value_or(Kind::model);
  const auto bytes = repository.read_blob(*newest, kMaxRevisionCardBytes);
  return bytes ? parse_card(options.card, *bytes).kind : Kind::model;
}

}  // namespace

Result<ReadCards> read_cards(const RuleBook& book, const Repository& repository,
                             const std::vector<ObjectId>& blobs, const std::optional<ObjectId>& newest,
                             const ReadingOptions& options, ResultCache* cache) {
  ReadCards out;
  out.kind = kind_of(repository, newest, options);
  std::vector<Reading> answers(blobs.size());
  std::vector<std::size_t> open;  // what no cache has
  for (std::size_t i = 0; i < blobs.size(); ++i) {
    const auto bytes = cache != nullptr ? cache->get(cache_key(book, out.kind, blobs[i])) : std::nullopt;
    auto facts = bytes ? unpack_facts(*bytes) : Result<CardFacts>(Error(ErrorCode::not_found, {}));
    if (facts)
      answers[i].facts = std::move(*facts);
    else
      open.push_back(i);
  }
  out.parsed = open.size();
  std::vector<std::optional<Error>> mistakes(open.size());
  for_each_index(open.size(), options.jobs, [&]() -> Work {
    auto reader = std::make_shared<Reader>(book, options, out.kind);
    return [&, reader](std::size_t index) {
      answers[open[index]] = reader->read(blobs[open[index]], mistakes[index]);
    };
  });
  for (const auto& mistake : mistakes) {
    if (mistake) return *mistake;
  }
  if (cache != nullptr) {
    for (const std::size_t i : open) {
      if (answers[i].facts) cache->put(cache_key(book, out.kind, blobs[i]), pack_facts(*answers[i].facts));
    }
  }
  for (std::size_t i = 0; i < blobs.size(); ++i) out.readings.emplace(blobs[i], std::move(answers[i]));
  return out;
}

}  // namespace cardwarden::cli
