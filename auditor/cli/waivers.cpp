// SPDX-License-Identifier: Apache-2.0
#include "cli/waivers.h"

#include <ostream>
#include <utility>

#include "base/text.h"
#include "cli/signing.h"
#include "cli/state.h"
#include "record/statement.h"

namespace cardwarden::cli {
namespace {

constexpr std::uint32_t kPage = 1000;

// One record takes in as many waivers as it has subjects.
void take(const StoredRecord& record, const std::vector<TrustedKey>& keys, ReadWaivers& out) {
  VerifyInput input;
  input.record = record.envelope;
  input.keys = keys;
  const VerifyReport report = verify_record(input);
  if (!report.passed() || !report.statement->waiver) {
    std::string why = "It is no waiver.";
    for (const Check& check : report.checks) {
      if (check.state == CheckState::failed) why = check.detail;
    }
    out.refused.push_back("The waiver in log entry " + std::to_string(record.index) + " does not count. " +
                          why);
    return;
  }
  const ReadWaiver& waiver = *report.statement->waiver;
  for (const VerifiedSubject& subject : report.statement->subjects) {
    GrantedWaiver one{report.record_id, subject.name,  std::nullopt,  waiver.rule,   waiver.owner,
                      waiver.approver,  waiver.ticket, waiver.reason, waiver.expires};
    const auto digest = subject.digest.find("sha256");
    const bool any_bytes =
        digest != subject.digest.end() && digest->second == named_subject(subject.name).digest.at("sha256");
    // A subject without a digest that we know is no wider than one with: it matches nothing.
    if (!any_bytes) one.sha256 = digest == subject.digest.end() ? "none" : digest->second;
    out.granted.push_back(std::move(one));
  }
}

}  // namespace

Result<ReadWaivers> read_waivers(Store& store, const std::vector<TrustedKey>& keys) {
  ReadWaivers out;
  RecordQuery query;
  query.kind = "waiver";
  query.limit = kPage;
  std::size_t count = 0;
  for (;;) {
    const auto page = store.find(query);
    if (!page) return page.error();
    count += page->size();
    if (count > kMaxWaivers) {
      return Error(ErrorCode::too_large,
                   "The log has more than " + std::to_string(kMaxWaivers) + " waivers (kMaxWaivers).");
    }
    for (const StoredRecord& row : *page) {
      const auto record = store.record(row.index);
      if (!record) return record.error();
      take(*record, keys, out);
    }
    if (page->size() < kPage) return out;
    query.after = page->back().index;
  }
}

Result<ReadWaivers> read_waivers(Store& store, const std::vector<TrustedKey>& keys,
                                 const std::vector<std::string>& record_ids) {
  ReadWaivers out;
  for (const std::string& id : record_ids) {
    const auto hash = hash_from_hex(id);
    if (!hash) return hash.error();
    const auto record = store.record_by_id(*hash);
    if (!record) return record.error();
    take(*record, keys, out);
  }
  return out;
}

void add_trust_flag(CLI::App& command, std::vector<std::string>& trust) {
  command
      .add_option("--trust", trust,
                  "Public key (PEM) whose waivers count, beside the keys of this machine; repeatable")
      ->allow_extra_args(false);
}

void add_waiver_flags(CLI::App& command, WaiverFlags& flags) {
  command.add_option(
      "--store", flags.store.store,
      "Honour the waivers of this store: sqlite:PATH or postgresql://… (default: CARDWARDEN_STORE)");
  add_state_flag(command, flags.store.state);
  add_trust_flag(command, flags.trust);
}

Done take_waivers(World& world, Store& store, const WaiverFlags& flags, Session& session) {
  const auto keys = trusted_keys(flags.store.state, flags.trust, &store);
  if (!keys) return keys.error();
  auto waivers = read_waivers(store, *keys);
  if (!waivers) return waivers.error();
  for (const std::string& why : waivers->refused) world.err << "cardwarden: " << text::printable(why) << "\n";
  const auto now = hour(world);
  if (!now) return now.error();
  session.waivers = Waivers{std::move(waivers->granted), *now};
  return Nothing{};
}

Done open_waivers(World& world, const WaiverFlags& flags, Session& session) {
  if (!names_store(flags.store)) return Nothing{};
  const auto store = open_store(flags.store, Missing::fail);
  if (!store) return store.error();
  return take_waivers(world, *store->store, flags, session);
}

}  // namespace cardwarden::cli
