// SPDX-License-Identifier: Apache-2.0
// Writers are killed, connections cut and servers crashed while records are appended. Afterwards every record
// that was answered is there, once, at its index, and what was not answered is there whole or not at all.
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <iostream>
#include <random>

#include "conformance/backends.h"
#include "store/fsck.h"

using namespace cardwarden;
using namespace cardwarden::testing;

namespace {

struct Answer {
  int number = 0;  // of the record
  std::uint64_t index = 0;
};

// Appends batches of records from `first` on, for ever, and writes down each answer once it has it. An error
// is answered by opening the store again and appending the same batch again.
[[noreturn]] void write_for_ever(const Backend& backend, int first, int out) {
  std::unique_ptr<Store> store;
  std::mt19937 random(static_cast<std::mt19937::result_type>(first));
  for (int number = first;;) {
    const int count = 1 + static_cast<int>(random() % 5);
    std::vector<std::string> batch;
    batch.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) batch.push_back(record(number + i));
    bool done = false;
    while (!done) {
      try {
        if (!store) store = backend.open();
        const auto answers = store->append(batch);
        done = answers.has_value();
        for (int i = 0; done && i < count; ++i) {
          const Answer answer{number + i, (*answers)[static_cast<std::size_t>(i)].index};
          if (::write(out, &answer, sizeof answer) != sizeof answer) ::_exit(1);
        }
        if (!done) store.reset();
      } catch (const std::exception&) {
        store.reset();  // the server is coming up
      }
    }
    number += count;
  }
}

class Writer {
 public:
  Writer(const Backend& backend, int first) {
    int ends[2] = {};
    REQUIRE(::pipe(ends) == 0);
    child_ = ::fork();
    REQUIRE(child_ >= 0);
    if (child_ == 0) {
      ::close(ends[0]);
      write_for_ever(backend, first, ends[1]);
    }
    ::close(ends[1]);
    in_ = ends[0];
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() {
    kill();
    ::close(in_);
  }
  void kill() {
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = 0;
  }
  // Waits for so many further answers. After kill(): those that are left.
  void read(std::size_t count, std::vector<Answer>& out) {
    Answer answer;
    for (std::size_t i = 0; i < count && ::read(in_, &answer, sizeof answer) == sizeof answer; ++i) {
      out.push_back(answer);
    }
  }

 private:
  pid_t child_ = 0;
  int in_ = -1;
};

void check_answers(Store& store, const std::vector<Answer>& answers) {
  for (const Answer& answer : answers) {
    CAPTURE(answer.number);
    const auto found = store.record_by_id(sha256(record(answer.number)));
    REQUIRE(found.has_value());
    CHECK(found->index == answer.index);
    CHECK(found->envelope == record(answer.number));
  }
  const FsckReport report = fsck(store, {}).value();
  CHECK(report.problems == std::vector<std::string>());
  CHECK(report.records >= answers.size());
}

}  // namespace

TEST_CASE("crash: a writer that is killed loses nothing that was answered") {
  constexpr int kTrials = 40;
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    std::mt19937 random(11);
    std::vector<Answer> answers;
    for (int trial = 0; trial < kTrials; ++trial) {
      Writer writer(backend, trial * 1000);
      writer.read(random() % 12, answers);
      writer.kill();
      writer.read(100'000, answers);
    }
    check_answers(*backend.open(), answers);
    std::cout << backend.name << ": " << kTrials << " writers killed, " << answers.size()
              << " answers kept\n";
  }
}

TEST_CASE("crash: connections that are cut and a server that crashes lose nothing that was answered") {
  constexpr int kTrials = 15;
  const Backend backend = postgres_backend();
  backend.open();  // the schema
  std::vector<Answer> answers;
  {
    Writer first(backend, 0);
    Writer second(backend, 500'000);
    for (int trial = 0; trial < kTrials; ++trial) {
      first.read(7, answers);
      second.read(5, answers);
      if (trial % 5 == 4) {
        backend.crash();
      } else {
        backend.cut();
      }
    }
    first.read(7, answers);
    second.read(7, answers);
    first.kill();
    second.kill();
    first.read(100'000, answers);
    second.read(100'000, answers);
  }
  check_answers(*backend.open(), answers);
  std::cout << backend.name << ": " << kTrials << " connections cut or servers crashed, " << answers.size()
            << " answers kept\n";
}

TEST_CASE("crash: a disk that is full refuses the batch and keeps the log") {
  const Backend backend = sqlite_backend();
  const auto store = backend.open();
  std::vector<std::string> batch;
  batch.reserve(50);
  for (int i = 0; i < 50; ++i) batch.push_back(record(i));
  REQUIRE(store->append(batch).has_value());
  // A limit on the size of files fails writes in the middle, as a full disk does.
  struct Limit {
    explicit Limit(rlim_t bytes) {
      ::getrlimit(RLIMIT_FSIZE, &before);
      struct rlimit now = before;
      now.rlim_cur = bytes;
      ::signal(SIGXFSZ, SIG_IGN);
      ::setrlimit(RLIMIT_FSIZE, &now);
    }
    ~Limit() { ::setrlimit(RLIMIT_FSIZE, &before); }
    struct rlimit before {};
  };
  std::size_t refused = 0;
  std::size_t accepted = 0;
  for (rlim_t kilobytes = 4; kilobytes <= 1024; kilobytes += 20) {
    std::vector<std::string> more;
    more.reserve(20);
    for (int i = 0; i < 20; ++i) more.push_back(record(1000 + static_cast<int>(kilobytes) * 100 + i));
    const std::uint64_t before = store->size().value();
    bool done = false;
    {
      const Limit limit(kilobytes * 1024);
      done = store->append(more).has_value();
    }
    CHECK(store->size().value() == before + (done ? 20U : 0U));
    (done ? accepted : refused) += 1;
  }
  CHECK(refused > 3);
  CHECK(accepted > 3);
  CHECK(fsck(*backend.open(), {}).value().problems == std::vector<std::string>());
  CHECK(backend.answer("PRAGMA integrity_check") == "ok");
}
