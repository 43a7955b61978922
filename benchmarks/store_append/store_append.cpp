// SPDX-License-Identifier: Apache-2.0
// store_append [RECORDS [BATCH]]: records a second into each store, beside the plainest way to write the same
// bytes: COPY for PostgreSQL, one insert a row in one transaction for SQLite. Starts a PostgreSQL of its own.
#include <chrono>
#include <cstdio>
#include <cstdlib>
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

struct Work {
  std::vector<std::string> records;
  double sign_seconds = 0;
};

double seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

Work signed_records(std::size_t count) {
  const PrivateKey key = PrivateKey::ed25519_from_seed(std::string(kEd25519SeedBytes, 'k')).value();
  Work out;
  out.sign_seconds = seconds([&] {
    for (std::size_t i = 0; i < count; ++i) {
      std::string statement =
          R"({"_type":"https://in-toto.io/Statement/v1","predicate":{"result":"PASSED","words":")";
      statement +=
          std::string(kStatementBytes - 250, 'w') +
          R"("},"predicateType":"https://in-toto.io/attestation/test-result/v0.1","subject":[{"digest":{"sha256":")" +
          hex(sha256(std::to_string(i))) + R"("},"name":"README.md"}]})";
      out.records.push_back(
          envelope_json({std::string(kInTotoPayloadType),
                         statement,
                         {{"", key.sign(dsse_pae(kInTotoPayloadType, statement)).value()}}}));
    }
  });
  return out;
}

// All records by so many writers, each with a connection of its own.
double append_all(const Backend& backend, const std::vector<std::string>& records, std::size_t writers,
                  std::size_t batch) {
  backend.open();  // the schema
  return seconds([&] {
    std::vector<std::thread> threads;
    for (std::size_t writer = 0; writer < writers; ++writer) {
      threads.emplace_back([&, writer] {
        const auto store = backend.open();
        for (std::size_t at = writer * batch; at < records.size(); at += writers * batch) {
          const auto end = std::min(at + batch, records.size());
          if (!store->append({records.begin() + static_cast<std::ptrdiff_t>(at),
                              records.begin() + static_cast<std::ptrdiff_t>(end)})) {
            std::fprintf(stderr, "append failed\n");
            std::exit(1);
          }
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
}

void check(const Backend& backend, std::size_t count) {
  const auto report = fsck(*backend.open(), {});
  if (report && report->sound() && report->records == count) return;
  std::fprintf(stderr, "%s: the log is not what was appended\n", backend.name.c_str());
  std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 20'000;
  const std::size_t batch = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 200;
  const Work work = signed_records(count);
  const double n = static_cast<double>(count);
  std::printf("%zu records of %zu bytes, batches of %zu; signing %.0f/s\n", count,
              work.records.front().size(), batch, n / work.sign_seconds);
  for (const auto& make : {&postgres_backend, &sqlite_backend}) {
    const Backend plain = make();
    const double floor = n / seconds([&] { plain.write_plainly(work.records); });
    std::printf("%s: plain %.0f/s\n", plain.name.c_str(), floor);
    for (const std::size_t writers : {1U, 2U, 4U, 8U}) {
      const Backend backend = make();
      const double rate = n / append_all(backend, work.records, writers, batch);
      check(backend, count);
      std::printf("%s: %zu writers %.0f/s, %.2f of plain\n", backend.name.c_str(), writers, rate,
                  rate / floor);
    }
  }
  return 0;
}
