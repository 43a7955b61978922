// SPDX-License-Identifier: Apache-2.0
// store_append [RECORDS [BATCH [ROUNDS]]]: records a second signed and logged in each store, beside the
// plainest way to write the same bytes: COPY for PostgreSQL, one insert a row in one transaction for SQLite.
// Starts a PostgreSQL of its own.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "conformance/backends.h"
#include "crypto/dsse.h"
#include "crypto/private_key.h"
#include "store/fsck.h"

namespace {

using namespace cardwarden;
using namespace cardwarden::testing;

constexpr std::size_t kStatementBytes = 2700;  // gives an envelope of about 3.8 KB, as a real audit has

double seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

PrivateKey signer() { return PrivateKey::ed25519_from_seed(std::string(kEd25519SeedBytes, 'k')).value(); }

std::vector<std::string> statements(std::size_t count) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(
        R"({"_type":"https://in-toto.io/Statement/v1","predicate":{"result":"PASSED","words":")" +
        std::string(kStatementBytes - 250, 'w') +
        R"("},"predicateType":"https://in-toto.io/attestation/test-result/v0.1","subject":[{"digest":{"sha256":")" +
        hex(sha256(std::to_string(i))) + R"("},"name":"README.md"}]})");
  }
  return out;
}

std::vector<std::string> sign(const PrivateKey& key, const std::vector<std::string>& all) {
  std::vector<std::string> out;
  out.reserve(all.size());
  for (const std::string& statement : all) {
    out.push_back(envelope_json({std::string(kInTotoPayloadType),
                                 statement,
                                 {{"", key.sign(dsse_pae(kInTotoPayloadType, statement)).value()}}}));
  }
  return out;
}

// All batches of statements signed and appended by so many writers, each with a connection of its own, which
// stands before the time begins.
// Each takes the next batch when it is done with one, so that no writer is left over with the last of them.
double append_all(const Backend& backend, const std::vector<std::vector<std::string>>& batches,
                  std::size_t writers) {
  std::vector<std::unique_ptr<Store>> stores;
  for (std::size_t writer = 0; writer < writers; ++writer) stores.push_back(backend.open());
  std::atomic<std::size_t> next = 0;
  return seconds([&] {
    std::vector<std::thread> threads;
    threads.reserve(writers);
    for (const auto& store : stores) {
      threads.emplace_back([&] {
        const PrivateKey key = signer();
        for (std::size_t at = next++; at < batches.size(); at = next++) {
          if (!store->append(sign(key, batches[at]))) {
            std::fprintf(stderr, "append failed\n");
            std::exit(1);
          }
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
}

std::vector<std::vector<std::string>> cut(const std::vector<std::string>& all, std::size_t batch) {
  std::vector<std::vector<std::string>> out;
  for (const std::string& one : all) {
    if (out.empty() || out.back().size() == batch) out.emplace_back();
    out.back().push_back(one);
  }
  return out;
}

void check(const Backend& backend, std::size_t count) {
  const auto report = fsck(*backend.open(), {});
  if (report && report->sound() && report->records == count) return;
  std::fprintf(stderr, "%s: the log is not what was appended\n", backend.name.c_str());
  std::exit(1);
}

double median(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  const std::size_t half = all.size() / 2;
  return all.size() % 2 == 1 ? all[half] : (all[half - 1] + all[half]) / 2;
}

// Rounds of all contenders follow each other, begin with another one each time and go back and forth, so that
// a machine that changes its speed changes all of them, and none always comes behind the same one. None pays
// for what the one before it has left to write.
void measure(Backend (*make)(), const std::vector<std::string>& all, std::size_t batch, std::size_t rounds) {
  const double n = static_cast<double>(all.size());
  const auto batches = cut(all, batch);
  const auto records = sign(signer(), all);
  const std::vector<std::size_t> writers{0, 1, 2, 4, 8};  // 0: the plain way
  std::vector<std::vector<double>> rates(writers.size());
  std::string name;
  for (std::size_t round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < writers.size(); ++i) {
      const std::size_t step = round % 2 == 0 ? i : writers.size() - i;
      const std::size_t who = (round / 2 + step) % writers.size();
      const Backend backend = make();
      name = backend.name;
      if (backend.settle) backend.settle();
      if (writers[who] == 0) {
        rates[who].push_back(n / seconds([&] { backend.write_plainly(records); }));
        continue;
      }
      rates[who].push_back(n / append_all(backend, batches, writers[who]));
      check(backend, records.size());
    }
    std::printf("%s: round %zu:", name.c_str(), round + 1);
    for (std::size_t i = 0; i < writers.size(); ++i) std::printf(" %.0f", rates[i][round]);
    std::printf("\n");
    std::fflush(stdout);
  }
  std::printf("%s: plain %.0f/s, median of %zu rounds\n", name.c_str(), median(rates[0]), rounds);
  for (std::size_t who = 1; who < writers.size(); ++who) {
    std::vector<double> ratios;
    for (std::size_t round = 0; round < rounds; ++round)
      ratios.push_back(rates[who][round] / rates[0][round]);
    std::printf("%s: %zu writers %.0f/s, %.3f of plain\n", name.c_str(), writers[who], median(rates[who]),
                median(ratios));
  }
  std::vector<double> wide;
  for (std::size_t round = 0; round < rounds; ++round) wide.push_back(rates[4][round] / rates[3][round]);
  std::printf("%s: 8 writers are %.3f of 4\n", name.c_str(), median(wide));
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 20'000;
  const std::size_t batch = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 20;
  const std::size_t rounds = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 7;
  if (count == 0 || batch == 0 || batch > kMaxBatch || rounds == 0) {
    std::fprintf(stderr, "store_append [RECORDS [BATCH [ROUNDS]]], each at least 1, BATCH at most %zu\n",
                 kMaxBatch);
    return 2;
  }
  const std::vector<std::string> all = statements(count);
  std::vector<std::string> records;
  const double signing = seconds([&] { records = sign(signer(), all); });
  std::printf("%zu records of %zu bytes, batches of %zu; signing alone %.0f/s\n", count,
              records.front().size(), batch, static_cast<double>(count) / signing);
  for (const auto& make : {&postgres_backend, &sqlite_backend}) measure(make, all, batch, rounds);
  return 0;
}
