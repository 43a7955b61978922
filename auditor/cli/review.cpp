// SPDX-License-Identifier: Apache-2.0
// cardwarden review: what a person decided about a record, as a record in the same log. Format:
// docs/formats/record.md.
#include <map>
#include <ostream>

#include "base/text.h"
#include "cli/command.h"
#include "cli/open_store.h"
#include "cli/signing.h"
#include "cli/state.h"
#include "record/events.h"

namespace cardwarden::cli {
namespace {

struct Options {
  StoreFlags store;
  SignFlags sign;
  std::string record;
  std::string decision;
  std::string reviewer;
  std::string reason;
  std::vector<std::string> trust;
};

const std::map<std::string, Decision> kDecisions = {{"approve", Decision::approved},
                                                    {"reject", Decision::rejected},
                                                    {"request-changes", Decision::changes_requested}};

// The statement of the record, once a key that counts here has signed it: a review speaks for what it names.
Result<ReadStatement> reviewed_statement(const Options& options, Store& store, const StoredRecord& record) {
  const auto keys = trusted_keys(options.store.state, options.trust, &store);
  if (!keys) return keys.error();
  VerifyInput input;
  input.record = record.envelope;
  input.keys = *keys;
  VerifyReport report = verify_record(input);
  if (!report.passed()) {
    std::string why = "It is not good.";
    for (const Check& check : report.checks) {
      if (check.state == CheckState::failed) why = check.detail;
    }
    return Error(ErrorCode::usage, "The record in entry " + std::to_string(record.index) +
                                       " is not signed by a key that counts here, so it is not reviewed. " +
                                       why);
  }
  if (report.statement->kind != RecordKind::audit && report.statement->kind != RecordKind::verdict) {
    return Error(ErrorCode::usage, "Audits and verdicts are reviewed; this record is of kind " +
                                       std::string(to_string(report.statement->kind)) + ".");
  }
  return *std::move(report.statement);
}

Result<Review> review_of(const Options& options, const StoredRecord& record, const ReadStatement& statement,
                         const Provenance& provenance) {
  if (options.reviewer == statement.actor) {
    return Error(ErrorCode::usage, "Who made a record does not review it; name somebody else.", "--reviewer");
  }
  Review out;
  for (const VerifiedSubject& subject : statement.subjects)
    out.subjects.push_back({subject.name, subject.digest});
  out.record_id = hex(record.id);
  out.decision = kDecisions.at(options.decision);
  out.reviewer = options.reviewer;
  out.comment = options.reason;
  out.provenance = provenance;
  return out;
}

int run_review(World& world, const Options& options) {
  const auto store = open_store(options.store, Missing::fail);
  if (!store) return fail(world, store.error());
  const auto record = named_record(*store->store, options.record);
  if (!record) return fail(world, record.error());
  const auto statement = reviewed_statement(options, *store->store, *record);
  if (!statement) return fail(world, statement.error());
  const auto signing = open_signing(world, options.sign, options.store.state, "record");
  if (!signing) return fail(world, signing.error());
  const auto review = review_of(options, *record, *statement, signing->provenance);
  if (!review) return fail(world, review.error());
  const auto signed_review = review_statement(*review);
  if (!signed_review) return fail(world, signed_review.error());
  const auto recorded = append_record(*store->store, *signed_review, *signing);
  if (!recorded) return fail(world, recorded.error());
  print_rows(world.out,
             {{"reviewed", "record " + review->record_id + " (entry " + std::to_string(record->index) + ")"},
              {"decision", std::string(to_string(review->decision))},
              {"reviewer", review->reviewer},
              {"record", recorded->id},
              {"log", "entry " + std::to_string(recorded->index) + " of " + store->address},
              {"key", key_id(signing->facts.key) + " (" + signing->facts.name + ")"}});
  return kPassed;
}

}  // namespace

void add_review(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("review", "Record what a person decided about an audit, signed and in the log");
  command
      ->add_option("record", options->record,
                   "Index in the log, or the first 12 digits or more of the record id")
      ->required();
  command->add_option("--decision", options->decision, "approve, reject or request-changes")
      ->required()
      ->check(CLI::IsMember({"approve", "reject", "request-changes"}));
  command
      ->add_option("--reviewer", options->reviewer,
                   "Pseudonymous id of who decided, never an address; not the actor of the record")
      ->required();
  command->add_option("--reason", options->reason, "Why")->required();
  command
      ->add_option("--trust", options->trust,
                   "Public key whose records may be reviewed, beside the keys of this machine; repeatable")
      ->allow_extra_args(false);
  add_store_flags(*command, options->store);
  add_sign_flags(*command, options->sign, true);
  command->callback([options, &invocation] {
    invocation.run = [options, &invocation] { return run_review(invocation.world, *options); };
  });
}

}  // namespace cardwarden::cli
