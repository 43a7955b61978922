// SPDX-License-Identifier: Apache-2.0
#include "cli/readings.h"

#include <deque>
#include <mutex>
#include <unordered_set>

#include "card/parse.h"
#include "cli/kept_card.h"
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

// A blob and its answer.
struct Slot {
  ObjectId blob;
  Reading reading;
  std::optional<Error> mistake;
  bool from_cache = false;
};

}  // namespace

struct CardReader::Pool {
  const RuleBook& book;
  const Repository& repository;
  ReadingOptions options;
  ResultCache* cache;
  std::unordered_set<ObjectId, ObjectIdHash> seen;
  std::mutex mutex;
  std::deque<Slot> slots;  // guarded; a slot stays where it is
  std::unique_ptr<WorkQueue> queue;

  Slot& slot(std::size_t index) {
    const std::lock_guard lock(mutex);
    return slots[index];
  }

  Work make_worker() {
    auto tools = std::make_shared<std::unique_ptr<Reader>>();  // made when something is to be parsed
    return [this, tools](std::size_t index) {
      Slot& own = slot(index);
      if (cache != nullptr) {
        const auto bytes = cache->get(cache_key(book, *options.kind, own.blob));
        auto facts = bytes ? unpack_facts(*bytes) : Result<CardFacts>(Error(ErrorCode::not_found, {}));
        if (facts) {
          own.reading.facts = std::move(*facts);
          own.from_cache = true;
          return;
        }
      }
      if (!*tools) *tools = std::make_unique<Reader>(book, options, *options.kind);
      own.reading = (*tools)->read(own.blob, own.mistake);
    };
  }
};

CardReader::CardReader(const RuleBook& book, const Repository& repository, ReadingOptions options,
                       ResultCache* cache)
    : pool_(new Pool{book, repository, std::move(options), cache, {}, {}, {}, nullptr}) {
  if (cache != nullptr) (void)book.digest();  // made once, before threads ask for it
  pool_->queue =
      std::make_unique<WorkQueue>(pool_->options.jobs, [pool = pool_.get()] { return pool->make_worker(); });
}

CardReader::~CardReader() { pool_->queue.reset(); }

void CardReader::add(const ObjectId& blob) {
  if (!pool_->seen.insert(blob).second) return;
  if (!pool_->options.kind) {
    const auto bytes = pool_->repository.read_blob(blob, kMaxRevisionCardBytes);
    if (bytes)
      pool_->options.kind = kept_card(pool_->cache, pool_->options.card, blob, *bytes, ParseOptions{}).kind;
    // Where the newest cannot be read nobody knows; most repositories of the Hub are models.
    if (!bytes) pool_->options.kind = Kind::model;
  }
  {
    const std::lock_guard lock(pool_->mutex);
    pool_->slots.push_back({blob, {}, {}, false});
  }
  pool_->queue->add();
}

Result<ReadCards> CardReader::finish() {
  pool_->queue->finish();
  ReadCards out;
  out.kind = pool_->options.kind.value_or(Kind::model);
  for (Slot& slot : pool_->slots) {
    if (slot.mistake) return *slot.mistake;
    if (!slot.from_cache) {
      ++out.parsed;
      if (pool_->cache != nullptr && slot.reading.facts)
        pool_->cache->put(cache_key(pool_->book, out.kind, slot.blob), pack_facts(*slot.reading.facts));
    }
    out.readings.emplace(slot.blob, std::move(slot.reading));
  }
  return out;
}

Result<ReadHistory> read_history_and_cards(const RuleBook& book, const Repository& repository,
                                           const ObjectId& tip, HistoryOptions walk,
                                           const ReadingOptions& options, ResultCache* cache) {
  CardReader reader(book, repository, options, cache);
  walk.on_revision = [&reader](const CardRevision& revision) {
    if (revision.blob) reader.add(*revision.blob);
  };
  auto history = read_history(repository, tip, walk);
  if (!history) return history.error();
  for (const ObjectId& blob : blobs_of(*history)) reader.add(blob);
  auto cards = reader.finish();
  if (!cards) return cards.error();
  return ReadHistory{std::move(*history), std::move(*cards)};
}

}  // namespace cardwarden::cli
