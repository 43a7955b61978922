// SPDX-License-Identifier: Apache-2.0
// cardwarden export: a record with all that an outsider needs to verify it, as files.
#include <algorithm>
#include <filesystem>
#include <ostream>

#include "base/files.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/key_folder.h"
#include "cli/open_store.h"
#include "cli/state.h"
#include "crypto/dsse.h"
#include "log/checkpoint.h"
#include "log/leaf.h"
#include "log/merkle.h"
#include "log/proof_file.h"
#include "record/sign.h"
#include "store/publish.h"
#include "verify/statement.h"

namespace cardwarden::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  StoreFlags store;
  std::string record;
  std::string output;
  bool openssl = false;
  bool newest = false;
};

constexpr const char* kStamp = "checkpoint.tsr";
constexpr std::uint32_t kStampPage = 100;

// The key that has signed the envelope, among those that the store knows.
Result<PublicKey> signer_of(Store& store, std::string_view envelope) {
  const auto parsed = parse_envelope(envelope);
  if (!parsed) return parsed.error();
  const auto keys = store.keys();
  if (!keys) return keys.error();
  const std::string pae = dsse_pae(parsed->payload_type, parsed->payload);
  for (const StoredKey& one : *keys) {
    auto key = PublicKey::from_spki(one.spki);
    if (key && key->verify(pae, parsed->signatures.front().signature)) return key;
  }
  return Error(ErrorCode::not_found, "The store knows no key that has signed the record.");
}

// The findings document of an audit, when it is still kept.
Result<std::optional<std::string>> findings_of(Store& store, std::string_view envelope) {
  const auto parsed = parse_envelope(envelope);
  if (!parsed) return parsed.error();
  const auto statement = read_statement(parsed->payload);
  if (!statement || !statement->findings) return std::optional<std::string>();
  auto document = store.document(*statement->findings);
  if (document) return std::optional<std::string>(*std::move(document));
  if (document.error().code == ErrorCode::not_found) return std::optional<std::string>();
  return document.error();
}

// A proof under a checkpoint that an authority has stamped.
struct Stamped {
  tlog::ProofFile proof;
  std::string reply;
};

// With the stamp of that record, if it is one, covers the entry and is over a checkpoint of this very log.
Result<std::optional<Stamped>> stamped_by(Store& store, std::uint64_t stamp, std::uint64_t index) {
  const auto record = store.record(stamp);
  if (!record) return record.error();
  const auto statement = parse_envelope(record->envelope).and_then([](const Envelope& envelope) {
    return read_statement(envelope.payload);
  });
  if (!statement || !statement->stamp) return std::optional<Stamped>();
  const auto head = tlog::parse_note(statement->stamp->checkpoint).and_then([](const tlog::Note& note) {
    return tlog::parse_checkpoint_text(note.text);
  });
  if (!head || head->size <= index) return std::optional<Stamped>();
  auto proof = prove_record_under(store, index, statement->stamp->checkpoint);
  if (!proof) return proof.error();
  const auto entry = store.record(index);
  if (!entry) return entry.error();
  const Hash leaf = tlog::leaf_hash(tlog::leaf_data(entry->id));
  if (!tlog::verify_inclusion(leaf, index, head->size, proof->proof, head->root))
    return std::optional<Stamped>();
  return std::optional<Stamped>(Stamped{*std::move(proof), statement->stamp->reply});
}

// The first that covers the entry: it says most about when the entry was there.
Result<std::optional<Stamped>> first_stamp(Store& store, std::uint64_t index) {
  RecordQuery query;
  query.kind = "time-stamp";
  query.limit = kStampPage;
  for (;;) {
    const auto page = store.find(query);
    if (!page) return page.error();
    for (const StoredRecord& row : *page) {
      auto found = stamped_by(store, row.index, index);
      if (!found || *found) return found;
    }
    if (page->size() < kStampPage) return std::optional<Stamped>();
    query.after = page->back().index;
  }
}

struct Export {
  std::vector<ExportedFile> files;
  std::string command;  // of openssl
  Rows notes;           // what is missing
};

Done add_proof(Store& store, const StoredRecord& record, bool newest, Export& out) {
  if (!newest) {
    auto stamped = first_stamp(store, record.index);
    if (!stamped) return stamped.error();
    if (*stamped) {
      out.files.push_back({"record.tlog-proof", tlog::proof_file_text((*stamped)->proof)});
      out.files.push_back({"checkpoint", (*stamped)->proof.checkpoint});
      out.files.push_back({kStamp, std::move((*stamped)->reply)});
      return Nothing{};
    }
  }
  const auto proof = prove_record(store, record.index);
  if (proof) {
    out.files.push_back({"record.tlog-proof", tlog::proof_file_text(*proof)});
    return Nothing{};
  }
  if (proof.error().code != ErrorCode::not_found) return proof.error();
  out.notes.emplace_back("no proof",
                         "no checkpoint covers the record yet; `cardwarden log checkpoint` signs one");
  return Nothing{};
}

Result<Export> gather(Store& store, const StoredRecord& record, const Options& options) {
  const auto key = signer_of(store, record.envelope);
  if (!key) return key.error();
  Export out;
  out.files.push_back({"bundle.json", sigstore_bundle(record.envelope, *key)});
  out.files.push_back({"record-key.pem", key->pem()});
  if (auto proven = add_proof(store, record, options.newest, out); !proven) return proven.error();
  auto findings = findings_of(store, record.envelope);
  if (!findings) return findings.error();
  if (*findings) out.files.push_back({"findings.json", **std::move(findings)});
  if (!options.openssl) return out;
  auto more = openssl_export(record.envelope, *key);
  if (!more) return more.error();
  out.command = std::move(more->command);
  for (ExportedFile& file : more->files) out.files.push_back(std::move(file));
  return out;
}

int run_export(World& world, const Options& options) {
  const auto store = open_store(options.store, Missing::fail);
  if (!store) return fail(world, store.error());
  const auto record = named_record(*store->store, options.record);
  if (!record) return fail(world, record.error());
  const auto exported = gather(*store->store, *record, options);
  if (!exported) return fail(world, exported.error());
  const std::string folder =
      options.output.empty() ? "record-" + hex(record->id).substr(0, 12) : options.output;
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    return fail(world, {ErrorCode::io, "The folder cannot be made: " + error.message() + ".", folder});
  fs::remove(fs::path(folder) / kStamp, error);  // of an earlier export, under another checkpoint
  for (const ExportedFile& file : exported->files) {
    const auto written = write_file_atomically((fs::path(folder) / file.name).string(), file.bytes);
    if (!written) return fail(world, written.error());
  }
  Rows rows = {{"record", hex(record->id)}, {"folder", folder}};
  for (const ExportedFile& file : exported->files) rows.emplace_back("file", file.name);
  rows.insert(rows.end(), exported->notes.begin(), exported->notes.end());
  print_rows(world.out, rows);
  if (!options.openssl) return kPassed;
  // With the digest of the key, so that its reader can compare it with one from elsewhere.
  world.out << "\nWithout this program, in that folder:\n  " << exported->command
            << "\n  openssl pkey -pubin -in pub.pem -outform DER | openssl dgst -sha256   # the key id\n";
  const bool findings = std::any_of(exported->files.begin(), exported->files.end(),
                                    [](const ExportedFile& file) { return file.name == "findings.json"; });
  if (findings) world.out << "  openssl dgst -sha256 findings.json   # named in statement.json\n";
  return kPassed;
}

}  // namespace

void add_export(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("export", "Write a record with all that an outsider needs to verify it");
  command
      ->add_option("record", options->record,
                   "Index in the log, or the first 12 digits or more of the record id")
      ->required();
  command->add_option("--output", options->output,
                      "Folder to write to (default: record-<first digits of its id>)");
  command->add_flag("--openssl", options->openssl,
                    "Also the files and the commands for the openssl tool alone");
  command->add_flag("--newest-checkpoint", options->newest,
                    "Prove under the newest checkpoint, even where an older one has a time stamp");
  add_store_flags(*command, options->store);
  command->callback([options, &invocation] {
    invocation.run = [options, &invocation] { return run_export(invocation.world, *options); };
  });
}

}  // namespace cardwarden::cli
