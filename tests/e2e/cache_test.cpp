// SPDX-License-Identifier: Apache-2.0
// Results kept between runs, and work that comes while other work goes on.
#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <vector>

#include "base/files.h"
#include "cli/parallel.h"
#include "cli/result_cache.h"
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
