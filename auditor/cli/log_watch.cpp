// SPDX-License-Identifier: Apache-2.0
// cardwarden log monitor: keeps the last checkpoint seen and refuses a log that does not continue it.
// cardwarden log cosign: a witness. Format of what it is asked: docs/formats/log.md.
#include "cli/log_watch.h"

#include <filesystem>
#include <istream>
#include <ostream>

#include "base/files.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/note_keys.h"
#include "cli/open_store.h"
#include "cli/signing.h"
#include "cli/state.h"
#include "log/note_sign.h"
#include "log/witness.h"

namespace cardwarden::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxRequestBytes =
    2 * tlog::kMaxNoteBytes;  // of what a witness is asked: proof and note

struct Options {
  StoreFlags store;
  SignFlags sign;
  std::vector<std::string> log_key;
  std::string kept;
  std::string request;
  std::string output;
};

std::string entries(std::uint64_t count) { return text::plural(count, "entry", "entries"); }

// The checkpoint that was kept before; nothing when there is none.
Result<std::optional<tlog::Checkpoint>> read_kept(const std::string& path,
                                                  const std::vector<tlog::NoteKey>& keys) {
  std::error_code error;
  if (!fs::exists(path, error)) return std::optional<tlog::Checkpoint>();
  const auto note = read_whole_file(path, tlog::kMaxNoteBytes);
  if (!note) return note.error();
  auto checkpoint = open_under(*note, keys);
  if (!checkpoint) return Error(checkpoint.error().code, checkpoint.error().message, path);
  return std::optional<tlog::Checkpoint>(std::move(checkpoint->checkpoint));
}

// Whether the log, by its stored hashes, continues what was kept.
Done check_growth(Store& store, const tlog::Checkpoint& before, const tlog::Checkpoint& now) {
  if (before.origin != now.origin)
    return Error(ErrorCode::format,
                 "The log is now called \"" + now.origin + "\" and was \"" + before.origin + "\".");
  if (now.size < before.size) {
    return Error(ErrorCode::format, "The log had " + entries(before.size) + " and has " + entries(now.size) +
                                        ": entries were taken away.");
  }
  if (before.size == 0) return Nothing{};
  const auto proof = tlog::consistency_proof(before.size, now.size, node_reader(store));
  if (!proof) return proof.error();
  return tlog::verify_consistency(before.size, now.size, before.root, now.root, *proof);
}

int run_monitor(World& world, const Options& options) {
  const auto keys = log_keys(options.log_key, options.store.state);
  if (!keys) return fail(world, keys.error());
  if (keys->empty())
    return fail(world, {ErrorCode::usage, "A monitor needs the key of the log.", "--log-key"});
  const auto store = open_store(options.store, Missing::fail);
  if (!store) return fail(world, store.error());
  const auto head = store->store->head();
  if (!head) return fail(world, head.error());
  if (!*head) return fail(world, {ErrorCode::not_found, "The log has no checkpoint yet."});
  const auto refuse = [&](const Error& error) {
    world.out << "REFUSED: " << text::printable(error.text()) << "\nThe checkpoint that was kept is still in "
              << text::printable(options.kept) << ".\n";
    return kFailed;
  };
  const auto opened = open_under((*head)->note, *keys);
  if (!opened) return refuse(opened.error());
  const tlog::Checkpoint& now = opened->checkpoint;
  const auto before = read_kept(options.kept, *keys);
  if (!before) return refuse(before.error());
  if (*before) {
    if (auto grown = check_growth(*store->store, **before, now); !grown) return refuse(grown.error());
  }
  if (auto written = write_file_atomically(options.kept, (*head)->note); !written)
    return fail(world, written.error());
  print_rows(world.out, {{"log", now.origin},
                         {"signed by", tlog::vkey_text(opened->key)},
                         {"before", *before ? entries((*before)->size)
                                            : "nothing was kept: this checkpoint is the first"},
                         {"now", entries(now.size) + ", root " + hex(now.root)},
                         {"answer", *before ? "consistent: the log only grew" : "kept"}});
  return kPassed;
}

// What a witness remembers of a log.
std::string witness_file(const std::string& state, const std::string& origin) {
  return state + "/witness/" + hex(sha256(origin)) + ".checkpoint";
}

Result<tlog::WitnessRequest> read_request(World& world, const std::string& path) {
  if (path == "-") {
    std::string text(kMaxRequestBytes + 1, '\0');
    world.in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(world.in.gcount()));
    if (text.size() > kMaxRequestBytes) {
      return Error(ErrorCode::too_large, "The request has more than " + std::to_string(kMaxRequestBytes) +
                                             " bytes (kMaxRequestBytes).");
    }
    return tlog::parse_witness_request(text);
  }
  const auto text = read_whole_file(path, kMaxRequestBytes);
  if (!text) return text.error();
  return tlog::parse_witness_request(*text);
}

// Whether the request continues what this witness has seen. Fails with the sentence that the asker needs.
Done check_request(const tlog::WitnessRequest& request, const tlog::Checkpoint& asked,
                   const std::optional<tlog::Checkpoint>& seen) {
  const std::uint64_t known = seen ? seen->size : 0;
  if (request.old_size != known) {
    return Error(ErrorCode::format, "This witness has seen " + entries(known) +
                                        " of the log, and the proof starts at " + entries(request.old_size) +
                                        ".");
  }
  if (asked.size < known)
    return Error(ErrorCode::format, "The checkpoint is of fewer entries than this witness has seen.");
  if (known == 0) {
    return request.proof.empty()
               ? Done(Nothing{})
               : Done(Error(ErrorCode::format, "A proof from an empty log says nothing and has no hashes."));
  }
  return tlog::verify_consistency(known, asked.size, seen->root, asked.root, request.proof);
}

int run_cosign(World& world, const Options& options) {
  const auto request = read_request(world, options.request);
  if (!request) return fail(world, request.error());
  const auto keys = read_note_keys(options.log_key);
  if (!keys) return fail(world, keys.error());
  const auto asked = open_under(request->checkpoint, *keys);
  const auto refuse = [&world](const Error& error) {
    world.err << "cardwarden: not cosigned: " << text::printable(error.text()) << "\n";
    return kFailed;
  };
  if (!asked) return refuse(asked.error());
  const auto signing = open_signing(world, options.sign, options.store.state, "cosign");
  if (!signing) return fail(world, signing.error());
  const auto state = state_folder(options.store.state);
  if (!state) return fail(world, state.error());
  // Looking and writing down are one step: two requests at once must not both start from the same size.
  const auto lock = FolderLock::take(*state + "/witness");
  if (!lock) return fail(world, lock.error());
  const std::string file = witness_file(*state, asked->checkpoint.origin);
  const auto seen = read_kept(file, *keys);
  if (!seen) return refuse(seen.error());
  if (auto good = check_request(*request, asked->checkpoint, *seen); !good) return refuse(good.error());
  const auto note = tlog::parse_note(request->checkpoint);
  if (!note) return fail(world, note.error());
  const auto signature =
      tlog::cosign_note(note->text, signing->facts.origin, signing->provenance.finished, *signing->signer);
  if (!signature) return fail(world, signature.error());
  // Remembered before it is answered: a witness that forgot could be made to sign a second history.
  if (auto written = write_file_atomically(file, request->checkpoint); !written)
    return fail(world, written.error());
  const std::string whole = tlog::note_text({note->text, {*signature}});
  const std::string line = whole.substr(note->text.size() + 1);
  if (options.output.empty()) {
    world.out << line;
    return kPassed;
  }
  if (auto written = write_file_atomically(options.output, line); !written)
    return fail(world, written.error());
  return kPassed;
}

void add_log_key(CLI::App& command, Options& options, const char* what) {
  command.add_option("--log-key", options.log_key, what)->allow_extra_args(false);
}

}  // namespace

void add_log_monitor(CLI::App& log, Invocation& invocation) {
  auto options = std::make_shared<Options>();
  CLI::App* command = log.add_subcommand(
      "monitor", "Compare the log with the last checkpoint seen, and keep the new one if it only grew");
  command->add_option("--kept", options->kept, "File in which the last checkpoint is kept")->required();
  add_log_key(*command, *options,
              "Key of the log (name+id+base64, or a file of such; default: the log keys of this machine); "
              "repeatable");
  add_store_flags(*command, options->store);
  command->callback([options, &invocation] {
    invocation.run = [options, &invocation] { return run_monitor(invocation.world, *options); };
  });
}

void add_log_cosign(CLI::App& log, Invocation& invocation) {
  auto options = std::make_shared<Options>();
  CLI::App* command = log.add_subcommand(
      "cosign", "Act as a witness: cosign a checkpoint that continues what was cosigned before");
  command->add_option("request", options->request, "What `log consistency` printed, or - for standard input")
      ->required();
  command->add_option("--log-key", options->log_key, "Key of the log (name+id+base64, or a file of such)")
      ->required()
      ->allow_extra_args(false);
  command->add_option("--output", options->output, "File for the cosignature (default: standard output)");
  add_sign_flags(*command, options->sign, false);
  add_state_flag(*command, options->store.state);
  command->callback([options, &invocation] {
    invocation.run = [options, &invocation] { return run_cosign(invocation.world, *options); };
  });
}

}  // namespace cardwarden::cli
