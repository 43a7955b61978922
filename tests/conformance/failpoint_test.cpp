// SPDX-License-Identifier: Apache-2.0
// Faults at every step: of the store's own writes, of the disk under SQLite, of the way to PostgreSQL. After
// each one, every answer that was given holds, nothing is half, and all checkpoints are of one log.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <map>
#include <set>

#include "conformance/backends.h"
#include "conformance/faults.h"
#include "conformance/older_schemas.h"
#include "log/checkpoint.h"
#include "log/leaf.h"
#include "store/fsck.h"
#include "store/publish.h"

using namespace cardwarden;
using namespace cardwarden::testing;

namespace {

constexpr const char* kOrigin = "audit.example/log1";
constexpr int kTrialNumbers = 20;  // numbers of records that one trial may use
constexpr int kRetries = 40;       // a disk that is full comes free within them

PrivateKey log_key() { return PrivateKey::ed25519_from_seed(std::string(kEd25519SeedBytes, 'l')).value(); }
tlog::NoteKey note_key_of_log() {
  return tlog::note_key(kOrigin, tlog::NoteKeyType::ed25519, log_key().public_key()).value();
}

// What a writer was answered.
struct Answers {
  std::vector<std::pair<int, std::uint64_t>> records;  // number, index
  std::vector<std::string> checkpoints;
  bool finished = false;
};

using Open = std::function<std::unique_ptr<Store>()>;
using TellRecord = std::function<void(int number, std::uint64_t index)>;
using TellCheckpoint = std::function<void(const std::string& note)>;

// One writer's work: batches, one of which repeats a record, and checkpoints. An error is met by opening the
// store again and doing the same again. False when that does not help.
bool work(const Open& open, int first, const TellRecord& tell_record, const TellCheckpoint& tell_checkpoint) {
  std::unique_ptr<Store> store;
  const auto persist = [&](const std::function<bool()>& step) {
    for (int i = 0; i < kRetries; ++i) {
      try {
        if (!store) store = open();
        if (step()) return true;
      } catch (const std::exception&) {
        // the server is coming up, or the disk is full at opening
      }
      store.reset();
    }
    return false;
  };
  for (const std::vector<int>& numbers : {std::vector<int>{0, 1, 2}, {3, 1, 4, 5, 6, 7}, {8}}) {
    std::vector<std::string> batch;
    batch.reserve(numbers.size());
    for (const int number : numbers) batch.push_back(record(first + number));
    const bool appended = persist([&] {
      const auto answer = store->append(batch);
      for (std::size_t i = 0; answer && i < numbers.size(); ++i)
        tell_record(first + numbers[i], (*answer)[i].index);
      return answer.has_value();
    });
    const bool published = appended && persist([&] {
                             const auto note = publish_checkpoint(*store, kOrigin, log_key());
                             if (note) tell_checkpoint(*note);
                             return note.has_value();
                           });
    if (!published) return false;
  }
  return true;
}

// Does the work in a child, which may be killed at any moment, and gives what it was told. `arm` runs in the
// child first.
Answers in_child(const std::function<Open()>& arm, int first) {
  int ends[2] = {};
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::close(ends[0]);
    // A message is shorter than what a pipe takes whole: it arrives or it does not.
    const auto tell = [&ends](const std::string& message) {
      if (::write(ends[1], message.data(), message.size()) != static_cast<ssize_t>(message.size()))
        ::_exit(2);
    };
    const bool done = work(
        arm(), first,
        [&](int number, std::uint64_t index) {
          tell("R" + std::to_string(number) + " " + std::to_string(index) + std::string(1, '\0'));
        },
        [&](const std::string& note) { tell("C" + note + std::string(1, '\0')); });
    ::_exit(done ? 0 : 3);
  }
  ::close(ends[1]);
  std::string said;
  char buffer[4096];
  for (ssize_t size = ::read(ends[0], buffer, sizeof buffer); size > 0;
       size = ::read(ends[0], buffer, sizeof buffer)) {
    said.append(buffer, static_cast<std::size_t>(size));
  }
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  // Killed by the fault, or through with the work: a writer that gives up has lost its store.
  REQUIRE(((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) ||
           (WIFEXITED(status) && WEXITSTATUS(status) == 0)));
  Answers out;
  out.finished = WIFEXITED(status);
  for (std::size_t at = 0; at < said.size();) {
    const std::size_t end = said.find('\0', at);
    const std::string message = said.substr(at + 1, end - at - 1);
    if (said[at] == 'C') {
      out.checkpoints.push_back(message);
    } else {
      const std::size_t blank = message.find(' ');
      out.records.emplace_back(std::stoi(message.substr(0, blank)), std::stoull(message.substr(blank + 1)));
    }
    at = end + 1;
  }
  return out;
}

// Everything that was ever answered about one store.
class Ledger {
 public:
  void take(const Answers& answers) {
    for (const auto& [number, index] : answers.records) {
      const auto [at, fresh] = records_.emplace(number, index);
      CHECK((fresh || at->second == index));
    }
    checkpoints_.insert(answers.checkpoints.begin(), answers.checkpoints.end());
  }

  // `first` of the trial that was just made, whose batches may be there or not.
  void check(Store& store, int first) {
    // The log goes on, and proves what it answered before.
    REQUIRE(store.append({record(first + kTrialNumbers - 1)}).has_value());
    const std::string head = publish_checkpoint(store, kOrigin, log_key()).value();
    checkpoints_.insert(head);
    const tlog::Checkpoint now = tlog::open_checkpoint(head, note_key_of_log()).value().checkpoint;
    for (const auto& [number, index] : records_) {
      if (number < first) continue;  // proven in its own trial; fsck below reads all of them
      CAPTURE(number);
      const auto found = store.record_by_id(sha256(record(number)));
      REQUIRE(found.has_value());
      CHECK(found->index == index);
      CHECK(found->envelope == record(number));
      const auto proof = prove_record(store, index).value();
      CHECK(tlog::verify_inclusion(tlog::leaf_hash(tlog::leaf_data(found->id)), index, now.size, proof.proof,
                                   now.root)
                .has_value());
    }
    for (const std::vector<int>& batch : {std::vector<int>{0, 1, 2}, {3, 4, 5, 6, 7}}) {
      std::size_t there = 0;
      for (const int number : batch) there += store.record_by_id(sha256(record(first + number))) ? 1U : 0U;
      CHECK((there == 0 || there == batch.size()));
    }
    // Every checkpoint that was handed out is in the store, and fsck makes the root of each anew.
    std::set<std::string> stored;
    const auto checkpoints = store.checkpoints().value();
    for (const StoredCheckpoint& one : checkpoints) stored.insert(one.note);
    for (const std::string& note : checkpoints_) CHECK(stored.count(note) == 1);
    const FsckReport report = fsck(store, {{note_key_of_log()}, head}).value();
    CHECK(report.problems == std::vector<std::string>());
    CHECK(report.records == now.size);
  }

  std::size_t records() const { return records_.size(); }
  std::size_t checkpoints() const { return checkpoints_.size(); }

 private:
  std::map<int, std::uint64_t> records_;
  std::set<std::string> checkpoints_;
};

void print(const std::string& what, int trials, std::size_t records, std::size_t checkpoints) {
  std::cout << what << ": " << trials << " trials, " << records << " answers and " << checkpoints
            << " checkpoints kept\n";
}

}  // namespace

TEST_CASE("failpoint: a writer that is killed at any step of any write loses nothing that was answered") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    Ledger ledger;
    int trial = 0;
    std::set<std::string> steps;
    {
      const auto seen = backend.open_with([&steps](std::string_view step) { steps.emplace(step); });
      REQUIRE(seen->append({record(1'000'000)}).has_value());
      REQUIRE(publish_checkpoint(*seen, kOrigin, log_key()).has_value());
    }
    CHECK(steps.size() >= 6);
    for (bool finished = false; !finished; ++trial) {
      REQUIRE(trial < 200);
      const int first = trial * kTrialNumbers;
      const Answers answers = in_child(
          [&]() -> Open {
            return [&backend, left = std::make_shared<int>(trial + 1)] {
              return backend.open_with([left](std::string_view) {
                if (--*left == 0) ::kill(::getpid(), SIGKILL);
              });
            };
          },
          first);
      finished = answers.finished;
      ledger.take(answers);
      ledger.check(*backend.open(), first);
    }
    CHECK(trial > 15);
    print(backend.name + ", killed at a step", trial, ledger.records(), ledger.checkpoints());
  }
}

TEST_CASE("failpoint: SQLite on a disk that fails at any operation loses nothing that was answered") {
  struct Kind {
    DiskFault fault;
    const char* name;
    std::uint64_t stride;  // 1: every operation
  };
  const Kind kinds[] = {{DiskFault::kill, "killed at an operation", 1},
                        {DiskFault::power_loss, "power lost", 1},
                        {DiskFault::torn, "killed in a torn write", 3},
                        {DiskFault::short_write, "short writes, failed syncs", 3},
                        {DiskFault::full, "disk full", 3}};
  constexpr int kTrialsOfOneStore = 25;  // a check reads the whole log
  for (const Kind& kind : kinds) {
    CAPTURE(kind.name);
    Backend backend;
    Ledger ledger;
    int trial = 0;
    std::size_t records = 0;
    std::size_t checkpoints = 0;
    std::size_t survived = 0;
    // A fault behind the last operation is none: some trials in a row without one are the end.
    for (int calm = 0; calm < 3; ++trial) {
      REQUIRE(trial < 500);
      if (trial % kTrialsOfOneStore == 0) {
        records += ledger.records();
        checkpoints += ledger.checkpoints();
        ledger = Ledger();
        backend = sqlite_backend();
        backend.open();
      }
      const int first = trial * kTrialNumbers;
      const std::uint64_t at = 1 + static_cast<std::uint64_t>(trial) * kind.stride;
      int report[2] = {};
      REQUIRE(::pipe(report) == 0);
      const Answers answers = in_child(
          [&]() -> Open {
            install_faulty_disk(kind.fault, at);
            return [&] {
              if (::write(report[1], "o", 1) != 1) ::_exit(2);
              return backend.open();
            };
          },
          first);
      ::close(report[1]);
      int opened = 0;
      for (char byte = 0; ::read(report[0], &byte, 1) == 1;) ++opened;
      ::close(report[0]);
      // A writer that met an error has opened the store again.
      const bool met = !answers.finished || opened > 1;
      calm = met ? 0 : calm + 1;
      survived += met && answers.finished ? 1U : 0U;
      ledger.take(answers);
      ledger.check(*backend.open(), first);
      CHECK(backend.answer("PRAGMA integrity_check") == "ok");
    }
    CHECK(trial > 30);
    const bool goes_on = kind.fault == DiskFault::short_write || kind.fault == DiskFault::full;
    CHECK((survived > 10) == goes_on);
    print(std::string("sqlite, ") + kind.name, trial, records + ledger.records(),
          checkpoints + ledger.checkpoints());
  }
}

TEST_CASE("failpoint: PostgreSQL whose connection is cut or server crashes at any step loses nothing") {
  const Backend backend = postgres_backend();
  backend.open();
  for (const bool crash : {false, true}) {
    Ledger ledger;
    int trial = 0;
    for (bool met = true; met; ++trial) {
      REQUIRE(trial < 100);
      // A crash takes its time: every third step.
      const int at = crash ? 1 + 3 * trial : 1 + trial;
      const int first = (crash ? 500'000 : 0) + trial * kTrialNumbers;
      int left = at;
      Answers answers;
      const bool done = work(
          [&] {
            return backend.open_with([&](std::string_view) {
              if (--left == 0) (crash ? backend.crash : backend.cut)();
            });
          },
          first, [&](int number, std::uint64_t index) { answers.records.emplace_back(number, index); },
          [&](const std::string& note) { answers.checkpoints.push_back(note); });
      REQUIRE(done);
      met = left <= 0;
      ledger.take(answers);
      ledger.check(*backend.open(), first);
    }
    CHECK(trial > (crash ? 6 : 18));
    print(crash ? "postgres, server crashed at a step" : "postgres, connection cut at a step", trial,
          ledger.records(), ledger.checkpoints());
  }
}

TEST_CASE(
    "failpoint: PostgreSQL whose connection is cut at the commit appends once, and says at which index") {
  const Backend backend = postgres_backend();
  backend.open();
  std::string folder = (std::filesystem::temp_directory_path() / "cardwarden-cut-XXXXXX").string();
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  Ledger ledger;
  constexpr int kTrials = 12;
  {
    const CommitCutter cutter(folder, backend.server_folder);
    for (int trial = 0; trial < kTrials; ++trial) {
      const int first = trial * kTrialNumbers;
      Answers answers;
      REQUIRE(work([&] { return backend.open_through(folder); }, first,
                   [&](int number, std::uint64_t index) { answers.records.emplace_back(number, index); },
                   [&](const std::string& note) { answers.checkpoints.push_back(note); }));
      ledger.take(answers);
      ledger.check(*backend.open(), first);
    }
    CHECK(cutter.unheard() > kTrials);
    CHECK(cutter.unanswered() > kTrials);
    print("postgres, cut at the commit (" + std::to_string(cutter.unheard()) + " not heard, " +
              std::to_string(cutter.unanswered()) + " not answered)",
          kTrials, ledger.records(), ledger.checkpoints());
  }
  std::filesystem::remove_all(folder);
}

TEST_CASE("failpoint: a batch that a killed writer left waiting in an older schema is taken by the next") {
  const Backend backend = postgres_backend();
  REQUIRE(backend.open()->append({record(0)}).has_value());
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const auto store = backend.open_with([](std::string_view step) {
      if (step == "append: batch waits") ::kill(::getpid(), SIGKILL);
    });
    store->append({record(1), record(0), record(2)}).has_value();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFSIGNALED(status));
  CHECK(backend.open()->size().value() == 1);
  backend.execute(way_back(backend.name, 3));
  const auto store = backend.open();
  const auto appended = store->append({record(3)});
  REQUIRE(appended.has_value());
  CHECK(appended->front().index == 3);
  for (const int number : {0, 1, 2, 3})
    CHECK(store->record(static_cast<std::uint64_t>(number)).value().envelope == record(number));
  const auto report = fsck(*store, {});
  REQUIRE(report.has_value());
  CHECK(report->sound());
}
