// SPDX-License-Identifier: Apache-2.0
#pragma once
// From judged cards to a record in the log: for every command that audits and has --record. What is needed to
// audit again (the cards, the resolved policy, the baseline, how the run was made) is stored beside the log
// under its digest, before the record that names it.

#include <CLI/CLI.hpp>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/check_run.h"
#include "cli/open_store.h"
#include "cli/session.h"
#include "cli/signing.h"

namespace cardwarden::cli {

struct RecordFlags {
  bool record = false;
  StoreFlags store;
  SignFlags sign;
  std::string subject;             // name of the one card; empty: cards go by their paths
  std::vector<std::string> trust;  // files of public keys whose waivers count
};
void add_record_flags(CLI::App& command, RecordFlags& flags);

// What a run of judging needs of the log. Opened before the work, so that a wrong passphrase or a store out
// of reach is said at once.
struct LogAccess {
  std::optional<OpenedStore> store;  // empty: nobody asked for one
  std::optional<Signing> signing;    // only with --record
};
// Also gives the session the waivers of the store. Waivers that no trusted key has signed are said on
// standard error and do not count.
Result<LogAccess> open_log(World& world, const RecordFlags& flags, Session& session);

// One subject and its judged card.
struct RecordedCard {
  StatementSubject subject;
  std::string path;  // policy path
  Judged judged;     // with its bytes
};

// Keeps judged cards for the record, in the order of the run. `Judged` holds pointers into itself, so cards
// stay where they are.
class RecordedCards {
 public:
  // Fails for more cards than a record can name (kMaxSubjects).
  static Result<RecordedCards> for_run(const Session& session, std::size_t cards);
  void add(const Input& input, Judged&& judged);
  // Further digests of a subject, such as the git commit that holds the card.
  std::deque<RecordedCard>& cards() { return cards_; }
  const std::deque<RecordedCard>& cards() const { return cards_; }

 private:
  explicit RecordedCards(const Session& session) : session_(&session) {}
  const Session* session_;
  std::deque<RecordedCard> cards_;
};

// Stores the documents, signs the statement and appends it to the log. `further` are subjects without a
// judged card, such as the snapshot of a repository; `inputs` go into the statement's configuration by their
// digests.
Result<Recorded> record_audit(const World& world, LogAccess& log, const Session& session,
                              const RecordedCards& cards, const std::vector<StatementSubject>& further = {},
                              const std::vector<NamedInput>& inputs = {});

// "record …", "log entry 3 of …".
void print_recorded(std::ostream& out, const Recorded& recorded, const LogAccess& log);

}  // namespace cardwarden::cli
