// SPDX-License-Identifier: Apache-2.0
// cardwarden records search WORDS: what the findings of the log say, and the words of cards that show it. The
// newest record comes first.
#include "cli/records_search.h"

#include <charconv>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/json.h"
#include "base/text.h"
#include "cli/open_store.h"
#include "cli/state.h"

namespace cardwarden::cli {
namespace {

constexpr std::size_t kTextChars = 120;  // of a passage in a line for people

struct Options {
  StoreFlags store;
  SearchQuery query;
  std::vector<std::string> words;
  std::string tenant, rule, after;
  std::string format = "text";
};

bool read_number(std::string_view text, std::uint64_t& out) {
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, out);
  return !text.empty() && read.ec == std::errc() && read.ptr == end;
}

// Where the page before ended: the index of the record, a colon, the place of the passage.
Result<std::pair<std::uint64_t, std::uint64_t>> read_after(const std::string& text) {
  const std::size_t colon = text.find(':');
  std::pair<std::uint64_t, std::uint64_t> out;
  if (colon != std::string::npos && read_number(std::string_view(text).substr(0, colon), out.first) &&
      read_number(std::string_view(text).substr(colon + 1), out.second)) {
    return out;
  }
  return Error(ErrorCode::usage, "Expected what the page before has named, such as 12:3.", "--after");
}

std::string place_text(const SearchHit& hit) {
  return std::to_string(hit.index) + ":" + std::to_string(hit.place);
}

void print_json(World& world, const std::vector<SearchHit>& hits, bool full) {
  nlohmann::json list = nlohmann::json::array();
  for (const SearchHit& hit : hits) {
    list.push_back({{"index", hit.index},
                    {"place", hit.place},
                    {"findings", hex(hit.document)},
                    {"kind", hit.passage.kind},
                    {"path", hit.passage.path},
                    {"rule", hit.passage.rule},
                    {"text", hit.passage.text}});
  }
  nlohmann::json out = {{"schema", "cardwarden-search/1"}, {"hits", std::move(list)}, {"next", nullptr}};
  if (full) out["next"] = place_text(hits.back());
  world.out << canonical_json(out) << "\n";
}

int run_search(World& world, const Options& options) {
  SearchQuery query = options.query;
  query.words = text::join(options.words, " ");
  if (!options.tenant.empty()) query.tenant = options.tenant;
  if (!options.rule.empty()) query.rule = options.rule;
  if (!options.after.empty()) {
    const auto after = read_after(options.after);
    if (!after) return fail(world, after.error());
    query.after = *after;
  }
  const auto store = open_store(options.store, Missing::fail);
  if (!store) return fail(world, store.error());
  const auto hits = store->store->search(query);
  if (!hits) return fail(world, hits.error());
  const bool full = hits->size() == query.limit;
  if (options.format == "json") {
    print_json(world, *hits, full);
    return kPassed;
  }
  std::vector<std::vector<std::string>> table;
  for (const SearchHit& hit : *hits) {
    table.push_back({std::to_string(hit.index), hit.passage.path, hit.passage.rule, hit.passage.kind,
                     text::excerpt(hit.passage.text, kTextChars)});
  }
  print_table(world.out, table);
  if (full) world.err << "There may be more: --after " << place_text(hits->back()) << "\n";
  return kPassed;
}

}  // namespace

void add_records_search(CLI::App& records, Invocation& invocation) {
  auto options = std::make_shared<Options>();
  CLI::App* search = records.add_subcommand(
      "search", "Findings and quoted words of cards, those of the newest record first");
  search
      ->add_option("words", options->words,
                   "All of them must stand in a passage: words, '\"words side by side\"', beginnings*")
      ->required();
  search->add_option("--rule", options->rule, "Of findings and evidence of that rule");
  search->add_option("--tenant", options->tenant, "Of records of the tenant");
  search->add_option("--after", options->after, "Go on where the page before ended, INDEX:PLACE");
  search->add_option("--limit", options->query.limit, "Passages of a page")->check(CLI::Range(1U, kMaxPage));
  search->add_option("--format", options->format, "text or json")->check(CLI::IsMember({"text", "json"}));
  add_store_flags(*search, options->store);
  search->callback([options, &invocation] {
    invocation.run = [options, &invocation] { return run_search(invocation.world, *options); };
  });
}

}  // namespace cardwarden::cli
