// SPDX-License-Identifier: Apache-2.0
// Results kept between runs, and work that comes while other work goes on.
#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "base/files.h"
#include "card/pack.h"
#include "cli/command.h"
#include "cli/parallel.h"
#include "cli/result_cache.h"
#include "engine/card_facts.h"
#include "support/git.h"

namespace cardwarden::testing {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> entries(const std::string& folder) {
  std::vector<std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) out.push_back(entry.path().string());
  }
  return out;
}

// Keys of entries, which stand before the values with their lengths.
std::vector<std::string> keys(const std::string& folder) {
  std::vector<std::string> out;
  for (const std::string& path : entries(folder)) {
    const std::string text = read_whole_file(path).value();
    const std::size_t number = text.find('\n', text.find('\n') + 1) + 1;
    const std::size_t end = text.find('\n', number);
    out.push_back(text.substr(end + 1, std::stoul(text.substr(number, end - number))));
  }
  return out;
}

std::string audit(const std::string& repository, const std::string& cache) {
  const std::vector<const char*> words = {"cardwarden",  "audit",       repository.c_str(), "--cache",
                                          cache.c_str(), "--no-config", "--format",         "json"};
  std::istringstream in;
  std::ostringstream out, err;
  cli::World world{in, out, err};
  const int code = cli::run(static_cast<int>(words.size()), words.data(), world);
  INFO(err.str());
  CHECK((code == 0 || code == 1));
  return out.str();
}

}  // namespace

TEST_CASE("result cache: gives back what was put, and nothing for another key") {
  const Scratch scratch;
  cli::ResultCache cache(scratch / "cache");
  CHECK_FALSE(cache.get("a"));
  cache.put("a", "one");
  cache.put("b", std::string("\0two\n", 5));
  CHECK(cache.get("a") == "one");
  CHECK(cache.get("b") == std::string("\0two\n", 5));
  CHECK_FALSE(cache.get("c"));
  cache.put("a", "three");
  CHECK(cache.get("a") == "three");
}

TEST_CASE("result cache: an entry that is damaged, cut short or of another key is not there") {
  const Scratch scratch;
  cli::ResultCache cache(scratch / "cache");
  cache.put("a", "a value");
  const std::string path = entries(scratch / "cache").at(0);
  const std::string whole = read_whole_file(path).value();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string bytes = whole;
    bytes[i] = static_cast<char>(bytes[i] ^ 4);
    write_file(path, bytes);
    CHECK_FALSE(cache.get("a"));
    write_file(path, whole.substr(0, i));
    CHECK_FALSE(cache.get("a"));
  }
  cache.put("b", "another");
  for (const std::string& other : entries(scratch / "cache")) {
    if (other != path) write_file(path, read_whole_file(other).value());
  }
  CHECK_FALSE(cache.get("a"));
}

TEST_CASE("result cache: the folder stays under its bound, and values over theirs are not kept") {
  const Scratch scratch;
  {
    cli::ResultCache cache(scratch / "cache", 10'000);
    for (int i = 0; i < 100; ++i) cache.put("key " + std::to_string(i), std::string(500, 'x'));
    cache.put("large", std::string(cli::kMaxCacheEntryBytes + 1, 'x'));
    CHECK_FALSE(cache.get("large"));
  }
  std::uintmax_t bytes = 0;
  for (const std::string& path : entries(scratch / "cache")) bytes += fs::file_size(path);
  CHECK(bytes <= 10'000);
  CHECK(bytes > 0);
}

TEST_CASE("result cache: a folder that cannot be written costs nothing but time") {
  const Scratch scratch;
  write_file(scratch / "file", "x");
  cli::ResultCache cache(scratch / "file/below");
  cache.put("a", "one");
  CHECK_FALSE(cache.get("a"));
}

TEST_CASE("result cache: many writers of one entry leave a whole one") {
  const Scratch scratch;
  std::atomic<bool> mixed{false};
  cli::WorkQueue queue(4, [&]() -> cli::Work {
    return [&](std::size_t index) {
      cli::ResultCache cache(scratch / "cache");
      cache.put("key", std::string(10'000, static_cast<char>('a' + index % 26)));
      const auto value = cache.get("key");
      if (value && value->find_first_not_of(value->front()) != std::string::npos) mixed = true;
    };
  });
  for (int i = 0; i < 50; ++i) queue.add();
  queue.finish();
  CHECK_FALSE(mixed);
  CHECK(cli::ResultCache(scratch / "cache").get("key"));
  CHECK(entries(scratch / "cache").size() == 1);
}

// What the second audit says comes from what the first one kept: entries that are made to say something else
// are believed, so nothing was parsed.
TEST_CASE("audit: a repository that did not change is not parsed again") {
  const Scratch scratch;
  const std::string folder = scratch / "cache";
  GitRepository made;
  made.write("README.md",
             "---\nlicense: mit\n---\n# heron\n\n## Limitations\n\nIt fails on birds at night.\n");
  made.commit("a card");
  made.write("README.md", "---\nlicense: mti\n---\n# heron\n\nThe heron.\n");
  made.commit("a thinner card");
  const std::string first = audit(made.path(), folder);
  CHECK(first.find("history/disclosure-removed") != std::string::npos);
  CHECK(first.find("\"mti\"") != std::string::npos);
  CHECK(audit(made.path(), folder) == first);

  cli::ResultCache cache(folder + "/results");
  std::size_t cards = 0;
  std::size_t facts = 0;
  const std::vector<std::string> before = keys(folder);
  for (const std::string& key : before) {
    if (key.rfind("card\n", 0) == 0) {
      Card card = unpack_card(cache.get(key).value()).value();
      card.text.replace(card.text.find("mti"), 3, "tim");
      card.front_matter.root.entries.at(0).value.text = "tim";
      cache.put(key, pack_card(card));
      ++cards;
    } else if (key.rfind("card-facts\n", 0) == 0) {
      CardFacts one = unpack_facts(cache.get(key).value()).value();
      for (DisclosureFacts& disclosure : one.disclosures) disclosure.status = Status::absent;
      cache.put(key, pack_facts(one));
      ++facts;
    }
  }
  CHECK(cards == 1);
  CHECK(facts == 2);
  const std::string second = audit(made.path(), folder);
  CHECK(second.find("\"tim\"") != std::string::npos);
  CHECK(second.find("history/disclosure-removed") == std::string::npos);
  CHECK(keys(folder) == before);

  made.write("README.md", "---\nlicense: mit\n---\n# heron\n\nAnother heron.\n");
  made.commit("another card");
  CHECK(audit(made.path(), folder).find("\"tim\"") == std::string::npos);
  CHECK(keys(folder).size() == before.size() + 2);  // the card and its facts

  // In two parts, so that no scanner takes this file for a leak.
  made.write("README.md", std::string("# heron\n\nhf") + "_CJXDCGLmlZGEONYlgCtjfIZSOcMzCPVNPk\n");
  made.commit("a token");
  CHECK(audit(made.path(), folder).find("governance/secret-in-card") != std::string::npos);
  for (const std::string& path : entries(folder))
    CHECK(read_whole_file(path).value().find("CJXDCGLmlZGEONYlgCtj") == std::string::npos);
}

TEST_CASE("work queue: every index is worked on once, whatever the number of threads") {
  for (const unsigned jobs : {0U, 1U, 2U, 7U}) {
    std::vector<std::atomic<int>> seen(1000);
    cli::WorkQueue queue(jobs, [&]() -> cli::Work { return [&](std::size_t index) { ++seen[index]; }; });
    for (std::size_t i = 0; i < seen.size(); ++i) queue.add();
    queue.finish();
    for (const auto& one : seen) CHECK(one == 1);
  }
  cli::WorkQueue never(3, []() -> cli::Work { return [](std::size_t) {}; });
  for (int i = 0; i < 100; ++i) never.add();  // left without finish()
}

}  // namespace cardwarden::testing
