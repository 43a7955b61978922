// SPDX-License-Identifier: Apache-2.0
// cardwarden waive: an approved exception, as a record in the log. Format: docs/formats/record.md.
#include <ostream>

#include "base/text.h"
#include "base/time.h"
#include "cli/command.h"
#include "cli/load_rules.h"
#include "cli/open_store.h"
#include "cli/signing.h"
#include "cli/state.h"
#include "policy/settings_file.h"
#include "record/events.h"

namespace cardwarden::cli {
namespace {

struct Options {
  StoreFlags store;
  SignFlags sign;
  std::vector<std::string> rules_dir;
  std::string rule;
  std::vector<std::string> subjects;
  std::string owner, approver, ticket, expires, reason;
};

Done check_rule(const Options& options) {
  const auto book = load_rules(options.rules_dir);
  if (!book) return book.error();
  if ((*book)->find(options.rule) != nullptr) return Nothing{};
  return Error(ErrorCode::usage, "There is no rule `" + text::printable(options.rule) + "`." +
                                     did_you_mean(options.rule, (*book)->ids()));
}

Result<Waiver> waiver_of(const Options& options, const Provenance& provenance) {
  if (options.owner == options.approver)
    return Error(ErrorCode::usage, "The owner of a waiver does not approve it; name somebody else.",
                 "--approver");
  const auto expires = read_moment(options.expires, "--expires");
  if (!expires) return expires.error();
  Waiver out;
  for (const std::string& name : options.subjects) out.subjects.push_back(named_subject(name));
  out.rule = options.rule;
  out.owner = options.owner;
  out.approver = options.approver;
  out.ticket = options.ticket;
  out.reason = options.reason;
  out.expires = *expires;
  out.provenance = provenance;
  return out;
}

int run_waive(World& world, const Options& options) {
  if (auto known = check_rule(options); !known) return fail(world, known.error());
  const auto signing = open_signing(world, options.sign, options.store.state, "record");
  if (!signing) return fail(world, signing.error());
  const auto waiver = waiver_of(options, signing->provenance);
  if (!waiver) return fail(world, waiver.error());
  const auto statement = waiver_statement(*waiver);
  if (!statement) return fail(world, statement.error());
  const auto store = open_store(options.store, Missing::create);
  if (!store) return fail(world, store.error());
  const auto recorded = append_record(*store->store, *statement, *signing);
  if (!recorded) return fail(world, recorded.error());
  Rows rows = {{"waived", waiver->rule}};
  for (const std::string& name : options.subjects) rows.emplace_back("for", name);
  rows.insert(rows.end(), {{"until", time_text(waiver->expires)},
                           {"record", recorded->id},
                           {"log", "entry " + std::to_string(recorded->index) + " of " + store->address},
                           {"key", key_id(signing->facts.key) + " (" + signing->facts.name + ")"}});
  print_rows(world.out, rows);
  return kPassed;
}

}  // namespace

void add_waive(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("waive", "Excuse the findings of a rule about a subject, for a time");
  command->add_option("rule", options->rule, "Id of the rule")->required();
  command
      ->add_option("--subject", options->subjects,
                   "What records call the card (--subject of check, else its path); repeatable")
      ->required()
      ->allow_extra_args(false);
  command->add_option("--owner", options->owner, "Pseudonymous id of who answers for the exception")
      ->required();
  command->add_option("--approver", options->approver, "Pseudonymous id of who approved it; not the owner")
      ->required();
  command->add_option("--ticket", options->ticket, "Where it was decided")->required();
  command
      ->add_option("--expires", options->expires,
                   "The first day (or moment, in UTC) on which it does not hold")
      ->required();
  command->add_option("--reason", options->reason, "Why")->required();
  command
      ->add_option("--rules", options->rules_dir,
                   "Folder of rules to use beside the built-in ones; repeatable")
      ->allow_extra_args(false);
  add_store_flags(*command, options->store);
  add_sign_flags(*command, options->sign, true);
  command->callback([options, &invocation] {
    invocation.run = [options, &invocation] { return run_waive(invocation.world, *options); };
  });
}

}  // namespace cardwarden::cli
