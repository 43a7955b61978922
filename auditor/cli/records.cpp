// SPDX-License-Identifier: Apache-2.0
// cardwarden records list|show|search: what is in the log. Pages are by index, so that a page never moves
// under a reader.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/json.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/command.h"
#include "cli/open_store.h"
#include "cli/records_search.h"
#include "cli/state.h"
#include "cli/statement_rows.h"
#include "crypto/dsse.h"
#include "record/sign.h"
#include "verify/statement.h"

namespace cardwarden::cli {
namespace {

struct Options {
  StoreFlags store;
  RecordQuery query;
  std::string kind, result, policy, tenant, from, until;
  std::vector<std::string> subjects, disclosures, controls, rules, digests, actors, reviewed;
  std::uint64_t after = 0;
  bool has_after = false;
  std::string record;
  std::string format = "text";
};

Result<RecordQuery> query_of(const Options& options) {
  RecordQuery out = options.query;
  const auto set = [](std::optional<std::string>& target, const std::string& value) {
    if (!value.empty()) target = value;
  };
  set(out.kind, options.kind);
  set(out.result, options.result);
  const std::string policy =
      options.policy.compare(0, 7, "sha256:") == 0 ? options.policy.substr(7) : options.policy;
  if (!policy.empty() && !hash_from_hex(policy)) {
    return Error(
        ErrorCode::usage,
        "A policy is named by its digest of 64 digits, which `cardwarden records show` prints, and not by `" +
            options.policy + "`.",
        "--policy");
  }
  set(out.policy, policy);
  set(out.tenant, options.tenant);
  if (!options.from.empty()) {
    const auto time = read_moment(options.from, "--from");
    if (!time) return time.error();
    out.from = *time;
  }
  if (!options.until.empty()) {
    const auto time = read_moment(options.until, "--until");
    if (!time) return time.error();
    out.until = *time;
  }
  // A value of another shape is in no record: no answer to it would look like a good one.
  for (const std::string& control : options.controls) {
    const std::size_t slash = control.find('/');
    const std::size_t colon = control.rfind(':');
    if (slash == std::string::npos || colon == std::string::npos || colon < slash ||
        colon + 1 == control.size())
      return Error(ErrorCode::usage, "Expected FRAMEWORK/PROVISION:VERDICT, such as eu-ai-act/53(1)(b):met.",
                   "--control");
  }
  for (const std::string& digest : options.digests) {
    if (digest.find(':') == std::string::npos)
      return Error(ErrorCode::usage, "Expected an algorithm and digits, such as gitCommit:4b82….",
                   "--digest");
  }
  const std::pair<const char*, const std::vector<std::string>*> tags[] = {
      {"subject", &options.subjects}, {"disclosure", &options.disclosures}, {"control", &options.controls},
      {"rule", &options.rules},       {"digest", &options.digests},         {"actor", &options.actors},
      {"record", &options.reviewed}};
  for (const auto& [name, values] : tags) {
    for (const std::string& value : *values) out.tags.emplace_back(name, value);
  }
  if (options.has_after) out.after = options.after;
  return out;
}

std::vector<std::string> tags_named(const RecordIndex& fields, std::string_view name) {
  std::vector<std::string> out;
  for (const IndexTag& tag : fields.tags) {
    if (tag.first == name) out.push_back(tag.second);
  }
  return out;
}

nlohmann::json json_of(const StoredRecord& record) {
  const RecordIndex& f = record.fields;
  nlohmann::json out = {{"index", record.index},
                        {"id", hex(record.id)},
                        {"kind", f.kind},
                        {"finishedAt", time_text(f.finished)},
                        {"subjects", tags_named(f, "subject")}};
  if (!f.result.empty()) out["result"] = f.result;
  if (!f.policy.empty()) out["policy"] = f.policy;
  if (!f.tenant.empty()) out["tenant"] = f.tenant;
  return out;
}

// RFC 4180. A field that a spreadsheet would take for a formula gets an apostrophe.
std::string csv_field(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
    text.insert(text.begin(), '\'');
  if (text.find_first_of("\",\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

constexpr std::string_view kCsvHead = "index,id,kind,result,finished_at,policy,tenant,subjects\r\n";

std::string csv_line(const StoredRecord& record) {
  const RecordIndex& f = record.fields;
  std::string out = std::to_string(record.index);
  for (const std::string& field : {hex(record.id), f.kind, f.result, time_text(f.finished), f.policy,
                                   f.tenant, text::join(tags_named(f, "subject"), "; ")}) {
    out += "," + csv_field(field);
  }
  return out + "\r\n";
}

// The subjects on one line: the first, and how many there are beside it.
std::string subject_words(const RecordIndex& fields) {
  constexpr std::size_t kSubjectChars = 60;
  const std::vector<std::string> names = tags_named(fields, "subject");
  if (names.empty()) return "";
  const std::string first = text::excerpt(names.front(), kSubjectChars);
  return names.size() == 1 ? first : first + " and " + std::to_string(names.size() - 1) + " more";
}

void print_page(World& world, const Options& options, const std::vector<StoredRecord>& page) {
  if (options.format == "csv") {
    world.out << kCsvHead;
    for (const StoredRecord& record : page) world.out << csv_line(record);
    return;
  }
  const bool full = page.size() == options.query.limit;
  if (options.format == "json") {
    nlohmann::json list = nlohmann::json::array();
    for (const StoredRecord& record : page) list.push_back(json_of(record));
    nlohmann::json out = {
        {"schema", "cardwarden-records/1"}, {"records", std::move(list)}, {"next", nullptr}};
    if (full) out["next"] = page.back().index;
    world.out << canonical_json(out) << "\n";
    return;
  }
  std::vector<std::vector<std::string>> table;
  for (const StoredRecord& record : page) {
    const RecordIndex& f = record.fields;
    table.push_back({std::to_string(record.index), hex(record.id).substr(0, kMinIdDigits), f.kind, f.result,
                     time_text(f.finished), subject_words(f)});
  }
  print_table(world.out, table);
  if (full) world.err << "There may be more: --after " << page.back().index << "\n";
}

int run_list(World& world, const Options& options) {
  const auto query = query_of(options);
  if (!query) return fail(world, query.error());
  const auto store = open_store(options.store, Missing::fail);
  if (!store) return fail(world, store.error());
  auto page = store->store->find(*query);
  if (!page) return fail(world, page.error());
  for (StoredRecord& record : *page) {
    auto whole = store->store->record(record.index);  // pages have no tags
    if (!whole) return fail(world, whole.error());
    record.fields = std::move(whole->fields);
  }
  print_page(world, options, *page);
  return kPassed;
}

// The reviews of a record, as their words; they are listed as they stand in the log, not verified.
Result<Rows> review_rows(Store& store, const Hash& id) {
  RecordQuery query;
  query.kind = "review";
  query.tags = {{"record", hex(id)}};
  const auto page = store.find(query);
  if (!page) return page.error();
  Rows out;
  for (const StoredRecord& row : *page) {
    const auto record = store.record(row.index);
    if (!record) return record.error();
    const auto review = parse_envelope(record->envelope).and_then([](const Envelope& envelope) {
      return read_statement(envelope.payload);
    });
    if (!review || !review->review) continue;
    out.emplace_back("review", review->review->decision + " by " + review->review->reviewer + ", " +
                                   time_text(review->finished) + ", entry " + std::to_string(row.index));
  }
  return out;
}

void print_record(std::ostream& out, const StoredRecord& record, const ReadStatement& statement,
                  const Rows& reviews) {
  Rows rows = {{"record", hex(record.id)}, {"log", "entry " + std::to_string(record.index)}};
  const Rows said = statement_rows(statement);
  rows.insert(rows.end(), said.begin(), said.end());
  if (!record.fields.tenant.empty()) rows.emplace_back("tenant", record.fields.tenant);
  if (!record.fields.policy.empty()) rows.emplace_back("policy", "sha256:" + record.fields.policy);
  if (!statement.waiver) {
    for (const std::string& rule : tags_named(record.fields, "rule")) rows.emplace_back("rule", rule);
  }
  for (const std::string& control : tags_named(record.fields, "control"))
    rows.emplace_back("control", control);
  rows.insert(rows.end(), reviews.begin(), reviews.end());
  print_rows(out, rows);
}

int run_show(World& world, const Options& options) {
  const auto store = open_store(options.store, Missing::fail);
  if (!store) return fail(world, store.error());
  const auto record = named_record(*store->store, options.record);
  if (!record) return fail(world, record.error());
  if (options.format == "envelope") {
    world.out << record->envelope;
    return kPassed;
  }
  const auto envelope = parse_envelope(record->envelope);
  if (!envelope) return fail(world, envelope.error());
  if (options.format == "statement") {
    world.out << envelope->payload;
    return kPassed;
  }
  const auto statement = read_statement(envelope->payload);
  if (!statement) return fail(world, statement.error());
  if (options.format == "findings") {
    if (!statement->findings)
      return fail(world, {ErrorCode::usage, "The record names no findings document."});
    const auto document = store->store->document(*statement->findings);
    if (!document) return fail(world, document.error());
    world.out << *document;
    return kPassed;
  }
  if (options.format == "json") {
    world.out << canonical_json(json_of(*record)) << "\n";
  } else {
    const auto reviews = review_rows(*store->store, record->id);
    if (!reviews) return fail(world, reviews.error());
    print_record(world.out, *record, *statement, *reviews);
  }
  return kPassed;
}

}  // namespace

void add_records(CLI::App& app, Invocation& invocation) {
  CLI::App* records = app.add_subcommand("records", "List, show and search the records of the log");
  records->require_subcommand(1);

  auto options = std::make_shared<Options>();
  CLI::App* list = records->add_subcommand("list", "Records by what they are about, a page at a time");
  const auto tag = [list](const char* name, std::vector<std::string>& values, const char* what) {
    list->add_option(name, values, what)->allow_extra_args(false);
  };
  tag("--subject", options->subjects, "About the subject of that name; repeatable");
  tag("--digest", options->digests, "About the subject of that digest (sha256:…, gitCommit:…); repeatable");
  list->add_option("--kind", options->kind, "audit, verdict, waiver, review, key-rotation or time-stamp")
      ->check(CLI::IsMember({"audit", "verdict", "waiver", "review", "key-rotation", "time-stamp", "other"}));
  list->add_option("--result", options->result, "PASSED, WARNED or FAILED")
      ->check(CLI::IsMember({"PASSED", "WARNED", "FAILED"}));
  list->add_option("--policy", options->policy, "By the policy of that digest");
  tag("--rule", options->rules, "Where the rule failed or warned, or is waived; repeatable");
  tag("--disclosure", options->disclosures, "Where a card discloses it; repeatable");
  tag("--control", options->controls,
      "With that verdict of a control, FRAMEWORK/PROVISION:VERDICT; repeatable");
  tag("--reviewed", options->reviewed, "Reviews of the record with that id; repeatable");
  tag("--actor", options->actors, "Made by; repeatable");
  list->add_option("--tenant", options->tenant, "Of the tenant");
  list->add_option("--from", options->from, "Finished then or later (a day, or a moment in UTC)");
  list->add_option("--until", options->until, "Finished before then");
  CLI::Option* after = list->add_option("--after", options->after, "Go on after the record of that index");
  list->add_option("--limit", options->query.limit, "Records of a page")->check(CLI::Range(1U, kMaxPage));
  list->add_flag("--newest", options->query.newest_first, "The newest first");
  list->add_option("--format", options->format, "text, json or csv")
      ->check(CLI::IsMember({"text", "json", "csv"}));
  add_store_flags(*list, options->store);
  list->callback([options, after, &invocation] {
    options->has_after = after->count() > 0;
    invocation.run = [options, &invocation] { return run_list(invocation.world, *options); };
  });

  add_records_search(*records, invocation);

  options = std::make_shared<Options>();
  CLI::App* show = records->add_subcommand("show", "One record");
  show->add_option("record", options->record,
                   "Index in the log, or the first 12 digits or more of the record id")
      ->required();
  show->add_option("--format", options->format,
                   "text, json, or the exact bytes: envelope, statement, findings")
      ->check(CLI::IsMember({"text", "json", "envelope", "statement", "findings"}));
  add_store_flags(*show, options->store);
  show->callback([options, &invocation] {
    invocation.run = [options, &invocation] { return run_show(invocation.world, *options); };
  });
}

}  // namespace cardwarden::cli
