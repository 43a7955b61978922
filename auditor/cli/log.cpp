// SPDX-License-Identifier: Apache-2.0
// cardwarden log: the head of the log, its proofs, its files, its check. Formats: docs/formats/checkpoint.md,
// docs/formats/log.md.
#include <filesystem>
#include <ostream>

#include "base/files.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/log_stamp.h"
#include "cli/log_watch.h"
#include "cli/note_keys.h"
#include "cli/open_store.h"
#include "cli/signing.h"
#include "cli/state.h"
#include "log/proof_file.h"
#include "log/tiles.h"
#include "log/witness.h"
#include "store/fsck.h"
#include "store/publish.h"

namespace cardwarden::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  StoreFlags store;
  SignFlags sign;
  std::string record;
  std::string from;
  std::string output;
  std::string kept;
  std::vector<std::string> log_key;
  std::vector<std::string> witness;
  std::vector<std::string> cosignature;
};

// To the file that was named, else to standard output.
int hand_out(World& world, const std::string& path, std::string_view bytes) {
  if (path.empty()) {
    world.out << bytes;
    return kPassed;
  }
  const auto written = write_file_atomically(path, bytes);
  return written ? kPassed : fail(world, written.error());
}

// The head with the lines of witnesses added, each of them checked.
Result<std::string> with_cosignatures(const std::string& head, const std::vector<std::string>& files,
                                      const std::vector<tlog::NoteKey>& witnesses) {
  auto note = tlog::parse_note(head);
  if (!note) return note.error();
  for (const std::string& file : files) {
    const auto lines = read_whole_file(file, tlog::kMaxNoteBytes);
    if (!lines) return lines.error();
    const auto added = tlog::parse_note(note->text + "\n" + *lines);
    if (!added) return Error(added.error().code, added.error().message, file);
    const auto verified = tlog::verify_note(*added, witnesses);
    if (!verified) return Error(verified.error().code, verified.error().message, file);
    if (verified->size() != added->signatures.size())
      return Error(ErrorCode::usage, "A line is by none of the witnesses given by --witness.", file);
    for (const tlog::NoteSignature& signature : added->signatures) {
      const bool known = std::any_of(note->signatures.begin(), note->signatures.end(), [&](const auto& one) {
        return one.name == signature.name && one.id == signature.id && one.bytes == signature.bytes;
      });
      if (!known) note->signatures.push_back(signature);
    }
  }
  return tlog::note_text(*note);
}

int add_cosignatures(World& world, const Options& options, Store& store) {
  const auto witnesses = read_note_keys(options.witness);
  if (!witnesses) return fail(world, witnesses.error());
  const auto head = store.head();
  if (!head) return fail(world, head.error());
  if (!*head) return fail(world, {ErrorCode::not_found, "The log has no checkpoint yet."});
  const auto note = with_cosignatures((*head)->note, options.cosignature, *witnesses);
  if (!note) return fail(world, note.error());
  if (*note != (*head)->note) {
    if (auto added = store.add_checkpoint({(*head)->size, *note}); !added) return fail(world, added.error());
  }
  return hand_out(world, options.output, *note);
}

// What this machine has signed last of a log, kept beside its keys: a store that was set back, or another one
// under the same origin, must not lead to a second history with a good signature.
std::string signed_file(const std::string& state, const std::string& origin) {
  return state + "/signed/" + hex(sha256(origin)) + ".checkpoint";
}

Done check_continues_signed(Store& store, const std::string& path) {
  std::error_code error;
  if (!fs::exists(path, error)) return Nothing{};
  const auto text = read_whole_file(path, tlog::kMaxNoteBytes);
  if (!text) return text.error();
  const auto last = tlog::parse_note(*text).and_then(
      [](const tlog::Note& note) { return tlog::parse_checkpoint_text(note.text); });
  if (!last) return Error(last.error().code, last.error().message, path);
  const auto size = store.size();
  if (!size) return size.error();
  const std::string done = "This machine has signed " + text::plural(last->size, "entry", "entries") +
                           " of the log " + last->origin + ", and the store has ";
  const std::string why = " Was a backup restored, or is it another store? A second history is not signed.";
  if (*size < last->size) return Error(ErrorCode::format, done + std::to_string(*size) + "." + why, path);
  const auto root = tlog::root_at(last->size, node_reader(store));
  if (!root) return root.error();
  if (*root != last->root) return Error(ErrorCode::format, done + "others." + why, path);
  return Nothing{};
}

int run_checkpoint(World& world, const Options& options) {
  const auto state = state_folder(options.store.state);
  if (!state) return fail(world, state.error());
  const auto store = open_store(options.store, Missing::fail);
  if (!store) return fail(world, store.error());
  const auto lock = FolderLock::take(*state);
  if (!lock) return fail(world, lock.error());
  if (!options.cosignature.empty()) return add_cosignatures(world, options, *store->store);
  const auto signing = open_signing(world, options.sign, options.store.state, "log");
  if (!signing) return fail(world, signing.error());
  if (auto put = store->store->put_key(stored_key(signing->facts)); !put) return fail(world, put.error());
  const std::string signed_last = signed_file(*state, signing->facts.origin);
  if (auto good = check_continues_signed(*store->store, signed_last); !good) return fail(world, good.error());
  const auto before = open_overlapping(world, options.sign, options.store.state, *signing);
  if (!before) return fail(world, before.error());
  std::vector<const Signer*> also;
  for (const Signing& one : *before) also.push_back(one.signer.get());
  const auto note = publish_checkpoint(*store->store, signing->facts.origin, *signing->signer, also);
  if (!note) return fail(world, note.error());
  // Remembered before it is handed out.
  Done kept = make_private_folder(*state + "/signed");
  if (kept) kept = write_file_atomically(signed_last, *note);
  if (!kept) return fail(world, kept.error());
  return hand_out(world, options.output, *note);
}

int run_prove(World& world, const Options& options) {
  const auto store = open_store(options.store, Missing::fail);
  if (!store) return fail(world, store.error());
  const auto record = named_record(*store->store, options.record);
  if (!record) return fail(world, record.error());
  const auto proof = prove_record(*store->store, record->index);
  if (!proof) return fail(world, proof.error());
  return hand_out(world, options.output, tlog::proof_file_text(*proof));
}

int run_consistency(World& world, const Options& options) {
  const auto store = open_store(options.store, Missing::fail);
  if (!store) return fail(world, store.error());
  const auto head = store->store->head();
  if (!head) return fail(world, head.error());
  if (!*head) return fail(world, {ErrorCode::not_found, "The log has no checkpoint yet."});
  tlog::WitnessRequest out;
  out.checkpoint = (*head)->note;
  if (!options.from.empty()) {
    const auto text = read_whole_file(options.from, tlog::kMaxNoteBytes);
    if (!text) return fail(world, text.error());
    const auto old = tlog::parse_note(*text).and_then(
        [](const tlog::Note& note) { return tlog::parse_checkpoint_text(note.text); });
    if (!old) return fail(world, old.error());
    if (old->size > (*head)->size) {
      return fail(world, {ErrorCode::not_found,
                          "The older checkpoint is of more entries than the newest one.", options.from});
    }
    out.old_size = old->size;
  }
  if (out.old_size > 0) {
    auto proof = tlog::consistency_proof(out.old_size, (*head)->size, node_reader(*store->store));
    if (!proof) return fail(world, proof.error());
    out.proof = *std::move(proof);
  }
  return hand_out(world, options.output, tlog::witness_request_text(out));
}

Done write_tile(Store& store, const tlog::TileId& tile, const std::string& folder) {
  const fs::path path = fs::path(folder) / tlog::tile_path(tile);
  std::error_code error;
  if (fs::exists(path, error)) return Nothing{};  // a tile never changes
  const auto bytes = tile_file(store, tile);
  if (!bytes) return bytes.error();
  fs::create_directories(path.parent_path(), error);
  if (error)
    return Error(ErrorCode::io, "The folder cannot be made: " + error.message() + ".", path.string());
  return write_file_atomically(path.string(), *bytes);
}

// Entries and tiles first, the checkpoint last: it never covers what is not there.
int run_export(World& world, const Options& options) {
  const auto store = open_store(options.store, Missing::fail);
  if (!store) return fail(world, store.error());
  const auto head = store->store->head();
  if (!head) return fail(world, head.error());
  if (!*head)
    return fail(world, {ErrorCode::not_found,
                        "The log has no checkpoint yet. `cardwarden log checkpoint` signs one."});
  const std::vector<tlog::TileId> tiles = tlog::tiles_of((*head)->size);
  for (const bool entries : {true, false}) {
    for (const tlog::TileId& tile : tiles) {
      if (tile.entries != entries) continue;
      if (auto written = write_tile(*store->store, tile, options.output); !written)
        return fail(world, written.error());
    }
  }
  std::error_code error;
  fs::create_directories(options.output, error);
  const auto written =
      write_file_atomically((fs::path(options.output) / "checkpoint").string(), (*head)->note);
  if (!written) return fail(world, written.error());
  print_rows(world.out, {{"folder", options.output},
                         {"entries", std::to_string((*head)->size)},
                         {"tiles", std::to_string(tiles.size())}});
  return kPassed;
}

int run_fsck(World& world, const Options& options) {
  FsckInput input;
  auto keys = log_keys(options.log_key, options.store.state);
  if (!keys) return fail(world, keys.error());
  input.log_keys = *std::move(keys);
  std::string kept;
  if (!options.kept.empty()) {
    auto text = read_whole_file(options.kept, tlog::kMaxNoteBytes);
    if (!text) return fail(world, text.error());
    kept = *std::move(text);
    input.kept = kept;
  }
  const auto store = open_store(options.store, Missing::fail);
  if (!store) return fail(world, store.error());
  const auto report = fsck(*store->store, input);
  if (!report) return fail(world, report.error());
  Rows rows = {{"store", store->address},
               {"records", std::to_string(report->records)},
               {"checkpoints", std::to_string(report->checkpoints)},
               {"documents", std::to_string(report->documents)},
               {"root", hex(report->root)}};
  for (const tlog::NoteKey& key : report->signers) rows.emplace_back("signed by", tlog::vkey_text(key));
  if (report->kept_size)
    rows.emplace_back(
        "compared with",
        "the checkpoint of " + text::plural(*report->kept_size, "entry", "entries") + " in " + options.kept);
  for (const std::string& one : report->unchecked) rows.emplace_back("not checked", one);
  for (const std::string& one : report->problems) rows.emplace_back("PROBLEM", one);
  rows.emplace_back("answer", report->sound() ? "sound" : "NOT SOUND");
  print_rows(world.out, rows);
  return report->sound() ? kPassed : kFailed;
}

using Run = int (*)(World&, const Options&);

CLI::App* add_verb(CLI::App& log, Invocation& invocation, const std::shared_ptr<Options>& options,
                   const char* name, const char* what, Run run) {
  CLI::App* command = log.add_subcommand(name, what);
  add_store_flags(*command, options->store);
  command->callback([options, run, &invocation] {
    invocation.run = [options, run, &invocation] { return run(invocation.world, *options); };
  });
  return command;
}

}  // namespace

void add_log(CLI::App& app, Invocation& invocation) {
  CLI::App* log = app.add_subcommand("log", "The tamper-evident log: checkpoints, proofs, files, checks");
  log->require_subcommand(1);

  auto options = std::make_shared<Options>();
  CLI::App* command = add_verb(*log, invocation, options, "checkpoint",
                               "Sign the log as it stands and print its head", run_checkpoint);
  command->add_option("--output", options->output, "File for the checkpoint (default: standard output)");
  command
      ->add_option("--cosignature", options->cosignature,
                   "Add the cosignature in this file to the newest checkpoint instead of signing; repeatable")
      ->allow_extra_args(false);
  command
      ->add_option("--witness", options->witness,
                   "Key of a witness (name+id+base64, or a file of such); repeatable")
      ->allow_extra_args(false);
  add_sign_flags(*command, options->sign, false);

  options = std::make_shared<Options>();
  command = add_verb(*log, invocation, options, "prove", "The proof that a record is in the log", run_prove);
  command
      ->add_option("record", options->record,
                   "Index in the log, or the first 12 digits or more of the record id")
      ->required();
  command->add_option("--output", options->output, "File for the proof (default: standard output)");

  options = std::make_shared<Options>();
  command = add_verb(*log, invocation, options, "consistency",
                     "The proof that the log continues an older checkpoint, as a witness wants it",
                     run_consistency);
  command->add_option("--from", options->from, "File with the older checkpoint (default: an empty log)");
  command->add_option("--output", options->output, "File for the proof (default: standard output)");

  options = std::make_shared<Options>();
  command = add_verb(*log, invocation, options, "export", "Write the log as static files for a web server",
                     run_export);
  command->add_option("folder", options->output, "Where; what is there already is kept")->required();

  options = std::make_shared<Options>();
  command = add_verb(*log, invocation, options, "fsck",
                     "Make every hash and the root again from the stored bytes and compare", run_fsck);
  command->add_option("--kept", options->kept, "File with a checkpoint that was kept outside the store");
  command
      ->add_option("--log-key", options->log_key,
                   "Key of the log (name+id+base64, or a file of such; default: the log keys of this "
                   "machine); repeatable")
      ->allow_extra_args(false);

  add_log_stamp(*log, invocation);
  add_log_monitor(*log, invocation);
  add_log_cosign(*log, invocation);
}

}  // namespace cardwarden::cli
