// SPDX-License-Identifier: Apache-2.0
#include "cli/log_stamp.h"

#include <chrono>
#include <ostream>

#include "base/files.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/open_store.h"
#include "cli/signing.h"
#include "cli/state.h"
#include "cli/tsa.h"
#include "record/events.h"
#include "remote/http_post.h"

namespace cardwarden::cli {
namespace {

constexpr std::size_t kNonceBytes = 16;

struct Options {
  StoreFlags store;
  SignFlags sign;
  std::string request;
  std::string response;
  std::string url;
  AuthorityFlags authority;
};

std::uint64_t steady_milliseconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

Result<std::string> newest_checkpoint(Store& store) {
  auto head = store.head();
  if (!head) return head.error();
  if (*head) return std::move((*head)->note);
  return Error(ErrorCode::not_found,
               "The log has no checkpoint to stamp yet. `cardwarden log checkpoint` signs one.");
}

// The checkpoint of this log that the reply says it is over: the log may have been signed again since.
Result<std::string> stamped_checkpoint(Store& store, const std::string& reply) {
  const auto digest = timestamp_digest(reply);
  if (!digest) return digest.error();
  auto all = store.checkpoints();
  if (!all) return all.error();
  for (auto one = all->rbegin(); one != all->rend(); ++one) {
    if (sha256(one->note) == *digest) return std::move(one->note);
  }
  return Error(ErrorCode::not_found, "The time stamp is over no checkpoint of this log.");
}

struct Reply {
  std::string bytes;
  std::optional<std::string> nonce;  // of the request, where it is known
};

// The digest of the checkpoint's bytes, signatures and all.
Result<std::string> make_request(const World& world, const std::string& checkpoint) {
  const auto nonce = chance(world, kNonceBytes);
  if (!nonce) return nonce.error();
  return timestamp_request(sha256(checkpoint), *nonce);
}

Result<Reply> ask(const World& world, const Options& options, const std::string& checkpoint) {
  const auto request = make_request(world, checkpoint);
  if (!request) return request.error();
  HttpPost post;
  post.url = options.url;
  post.content_type = "application/timestamp-query";
  post.accept = "application/timestamp-reply";
  post.body = *request;
  post.max_answer = kMaxTimestampBytes;
  post.milliseconds = steady_milliseconds;
  auto answer = http_post(post);
  if (!answer) return answer.error();
  auto nonce = timestamp_nonce(*request);
  if (!nonce) return nonce.error();
  return Reply{*std::move(answer), *std::move(nonce)};
}

Result<Reply> read_reply(const Options& options) {
  auto bytes = read_whole_file(options.response, kMaxTimestampBytes);
  if (!bytes) return bytes.error();
  Reply out{*std::move(bytes), std::nullopt};
  if (options.request.empty()) return out;
  const auto request = read_whole_file(options.request, kMaxTimestampBytes);
  if (!request) return request.error();
  auto nonce = timestamp_nonce(*request);
  if (!nonce) return Error(nonce.error().code, nonce.error().message, options.request);
  out.nonce = *std::move(nonce);
  return out;
}

// A request for another program to carry to the authority.
int write_request(World& world, const Options& options, Store& store) {
  const auto checkpoint = newest_checkpoint(store);
  if (!checkpoint) return fail(world, checkpoint.error());
  const auto request = make_request(world, *checkpoint);
  if (!request) return fail(world, request.error());
  if (auto written = write_file_atomically(options.request, *request); !written)
    return fail(world, written.error());
  print_rows(world.out, {{"request", options.request},
                         {"over", "the newest checkpoint, sha256 " + sha256_hex(*checkpoint)},
                         {"next",
                          "send it as application/timestamp-query, and hand in the answer by "
                          "--response"}});
  return kPassed;
}

int keep_stamp(World& world, const OpenedStore& store, const Reply& reply,
               const TimestampAuthority& authority, const Signing& signing) {
  auto checkpoint = stamped_checkpoint(*store.store, reply.bytes);
  if (!checkpoint) return fail(world, checkpoint.error());
  std::optional<std::string_view> nonce;
  if (reply.nonce) nonce = *reply.nonce;
  const auto stamp = verify_timestamp(reply.bytes, sha256(*checkpoint), authority, nonce);
  if (!stamp) return fail(world, stamp.error());
  const auto statement = time_stamp_statement({*std::move(checkpoint), reply.bytes, signing.provenance});
  if (!statement) return fail(world, statement.error());
  const auto recorded = append_record(*store.store, *statement, signing);
  if (!recorded) return fail(world, recorded.error());
  print_rows(world.out, {{"stamped", time_text(stamp->time)},
                         {"by", stamp->authority},
                         {"trusted", stamp->trusted + ", sha256 " + stamp->trusted_id},
                         {"nonce", reply.nonce ? "checked" : "not checked, since the request was not given"},
                         {"record", recorded->id},
                         {"log", "entry " + std::to_string(recorded->index) + " of " + store.address}});
  return kPassed;
}

int run_stamp(World& world, const Options& options) {
  const bool only_request = options.url.empty() && options.response.empty();
  if (only_request && options.request.empty()) {
    return fail(world, {ErrorCode::usage,
                        "Name the authority by --tsa, or write a request for it by --request and hand in its "
                        "answer by --response."});
  }
  const auto store = open_store(options.store, Missing::fail);
  if (!store) return fail(world, store.error());
  if (only_request) return write_request(world, options, *store->store);
  const auto authority = read_authority(options.authority);
  if (!authority) return fail(world, authority.error());
  if (!*authority) {
    return fail(world, {ErrorCode::usage,
                        "Name the certificate that you trust for the authority by "
                        "--tsa-cert: only what it proves is kept."});
  }
  // Before anything is sent, so that no stamp is lost to a wrong passphrase.
  const auto signing = open_signing(world, options.sign, options.store.state, "record");
  if (!signing) return fail(world, signing.error());
  Result<Reply> reply = Reply{};
  if (options.url.empty()) {
    reply = read_reply(options);
  } else {
    const auto checkpoint = newest_checkpoint(*store->store);
    if (!checkpoint) return fail(world, checkpoint.error());
    reply = ask(world, options, *checkpoint);
  }
  if (!reply) return fail(world, reply.error());
  return keep_stamp(world, *store, *reply, **authority, *signing);
}

}  // namespace

void add_log_stamp(CLI::App& log, Invocation& invocation) {
  auto options = std::make_shared<Options>();
  CLI::App* command = log.add_subcommand(
      "stamp",
      "Have a time stamping authority (RFC 3161) stamp the newest checkpoint, and keep it as a record");
  CLI::Option* url = command->add_option("--tsa", options->url, "Address of the authority (http://…)");
  command
      ->add_option(
          "--request", options->request,
          "File for a request that another program sends; with --response, the request that was sent")
      ->excludes(url);
  command->add_option("--response", options->response, "File with the answer of the authority")
      ->excludes(url);
  add_authority_flags(*command, options->authority);
  add_store_flags(*command, options->store);
  add_sign_flags(*command, options->sign, true);
  command->callback([options, &invocation] {
    invocation.run = [options, &invocation] { return run_stamp(invocation.world, *options); };
  });
}

}  // namespace cardwarden::cli
