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
};

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

struct Export {
  std::vector<ExportedFile> files;
  std::string command;  // of openssl
  Rows notes;           // what is missing
};

Result<Export> gather(Store& store, const StoredRecord& record, bool openssl) {
  const auto key = signer_of(store, record.envelope);
  if (!key) return key.error();
  Export out;
  out.files.push_back({"bundle.json", sigstore_bundle(record.envelope, *key)});
  out.files.push_back({"record-key.pem", key->pem()});
  auto proof = prove_record(store, record.index);
  if (proof) {
    out.files.push_back({"record.tlog-proof", tlog::proof_file_text(*proof)});
  } else if (proof.error().code == ErrorCode::not_found) {
    out.notes.emplace_back("no proof",
                           "no checkpoint covers the record yet; `cardwarden log checkpoint` signs one");
  } else {
    return proof.error();
  }
  auto findings = findings_of(store, record.envelope);
  if (!findings) return findings.error();
  if (*findings) out.files.push_back({"findings.json", **std::move(findings)});
  if (!openssl) return out;
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
  const auto exported = gather(*store->store, *record, options.openssl);
  if (!exported) return fail(world, exported.error());
  const std::string folder =
      options.output.empty() ? "record-" + hex(record->id).substr(0, 12) : options.output;
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    return fail(world, {ErrorCode::io, "The folder cannot be made: " + error.message() + ".", folder});
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
  command->add_option("record", options->record, "Index in the log, or record id")->required();
  command->add_option("--output", options->output,
                      "Folder to write to (default: record-<first digits of its id>)");
  command->add_flag("--openssl", options->openssl,
                    "Also the files and the commands for the openssl tool alone");
  add_store_flags(*command, options->store);
  command->callback([options, &invocation] {
    invocation.run = [options, &invocation] { return run_export(invocation.world, *options); };
  });
}

}  // namespace cardwarden::cli
