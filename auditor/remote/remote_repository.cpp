// SPDX-License-Identifier: Apache-2.0
#include "remote/remote_repository.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "base/files.h"
#include "crypto/bytes.h"
#include "remote/file_lock.h"
#include "repository/repository.h"

namespace cardwarden {
namespace {

namespace fs = std::filesystem;

// Packs that libgit2 was writing when its process ended begin so; whole ones have ".pack" or ".idx" at the
// end.
constexpr std::string_view kUnfinishedPack = "pack_git2_";

ErrorCode code_of(RemoteFault fault) {
  switch (fault) {
    case RemoteFault::address:
    case RemoteFault::not_allowed:
    case RemoteFault::offline:
      return ErrorCode::usage;
    case RemoteFault::host_not_found:
    case RemoteFault::missing:
      return ErrorCode::not_found;
    case RemoteFault::too_large:
      return ErrorCode::too_large;
    default:
      return ErrorCode::io;
  }
}

class Opening {
 public:
  Opening(Address address, const RemoteOptions& options, RemoteFault& fault)
      : address_(std::move(address)),
        options_(options),
        fault_(fault),
        final_(cached_repository(options.settings, *address_.url)) {
    const std::string stem = final_.substr(0, final_.size() - std::string_view(".git").size());
    new_ = stem + ".new";
    lock_ = stem + ".lock";
  }

  Result<Fetched> run() {
    out_.url = address_.url->text();
    out_.on_hub = address_.on_hub;
    out_.path = final_;
    if (!host_is_listed(options_.settings.allowed_hosts, address_.url->host)) {
      return refuse(RemoteFault::not_allowed,
                    "The host '" + address_.url->host +
                        "' is not on the list of hosts that may be fetched from; to allow it, name it in "
                        "CARDWARDEN_ALLOWED_HOSTS.");
    }
    if (options_.settings.offline) {
      out_.was_cached = is_whole();
      if (out_.was_cached) return out_;
      return refuse(
          RemoteFault::offline,
          "The network is switched off (HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE), and the cache has no "
          "copy of this repository.");
    }
    if (auto done = make_folder(); !done) return done.error();
    auto lock = FileLock::take(lock_, options_.limits.lock_wait_ms, [this] { return tell_waiting(); });
    if (!lock) return refuse(RemoteFault::cache, lock.error().text());
    if (!lock->has_value()) {
      if (cancelled_) return refuse(RemoteFault::cancelled, "The fetch was stopped.");
      return refuse(RemoteFault::busy, "Another process has been fetching this repository for more than " +
                                           std::to_string(options_.limits.lock_wait_ms / 1000) +
                                           " s (RemoteLimits::lock_wait_ms).");
    }
    out_.was_cached = is_whole();
    return out_.was_cached ? update() : clone();
  }

 private:
  Error refuse(RemoteFault fault, std::string message) const {
    fault_ = fault;
    if (!what_to_do(fault).empty()) message += " " + std::string(what_to_do(fault));
    return {code_of(fault), std::move(message), address_.shown};
  }

  // A repository is also found from inside one; here it has to be this very folder.
  bool is_whole() const {
    const auto repository = Repository::open(final_);
    std::error_code error;
    return repository && fs::equivalent(repository->git_folder(), final_, error) && !error;
  }

  bool tell_waiting() {
    if (!options_.progress) return true;
    cancelled_ = !options_.progress({FetchProgress::Phase::waiting, 0, 0, 0});
    return !cancelled_;
  }

  // Private repositories are kept here too, so the folder is for its owner.
  Done make_folder() const {
    std::error_code error;
    const fs::path folder(options_.settings.cache_folder);
    const bool made = fs::create_directories(folder, error);
    if (!error && made) fs::permissions(folder, fs::perms::owner_all, error);
    if (!error) return Nothing{};
    return refuse(RemoteFault::cache,
                  "The cache folder " + folder.string() + " cannot be made: " + error.message() + ".");
  }

  bool remove(const std::string& folder, std::string& reason) const {
    std::error_code error;
    fs::remove_all(folder, error);
    if (error) reason = error.message();
    return !error;
  }

  // What a fetch left that was killed. We hold the lock, so nobody is writing these now.
  void remove_unfinished_packs() const {
    std::error_code error;
    for (fs::directory_iterator it(fs::path(final_) / "objects" / "pack", error), end; !error && it != end;
         it.increment(error)) {
      const std::string name = it->path().filename().string();
      std::error_code ignored;
      if (name.compare(0, kUnfinishedPack.size(), kUnfinishedPack) == 0) fs::remove(it->path(), ignored);
    }
  }

  Traffic traffic() const {
    Traffic out;
    out.host = address_.url->host;
    out.port = address_.url->port;
    out.loopback_only = address_.url->scheme == "http";
    out.max_bytes = options_.limits.bytes;
    out.connect_ms = options_.limits.connect_ms;
    out.idle_ms = options_.limits.idle_ms;
    out.total_ms = options_.limits.total_ms;
    out.milliseconds = options_.milliseconds;
    out.resolve = options_.resolve;
    return out;
  }

  FetchOutcome fetch_to(const std::string& folder) {
    FetchJob job;
    job.folder = folder;
    job.url = *address_.url;
    if (address_.on_hub) job.token = options_.settings.token;
    job.certificates = options_.settings.certificates;
    job.max_objects = options_.limits.objects;
    job.max_references = options_.limits.references;
    job.progress = options_.progress;
    Traffic shared = traffic();
    FetchOutcome done = fetch(job, shared);
    out_.objects = done.objects;
    out_.bytes = shared.received;
    return done;
  }

  Result<Fetched> update() {
    remove_unfinished_packs();
    const FetchOutcome done = fetch_to(final_);
    if (done.fault != RemoteFault::none) {
      return refuse(done.fault,
                    done.reason + " The cache has a copy from before; HF_HUB_OFFLINE=1 uses it as it is.");
    }
    out_.is_current = true;
    return out_;
  }

  Result<Fetched> clone() {
    std::string reason;
    // Neither is whole: one is left from a clone that was killed, the other was damaged.
    if (!remove(new_, reason) || !remove(final_, reason) || !make_bare_repository(new_, reason)) {
      return refuse(RemoteFault::cache, "A clone cannot be made in the cache: " + reason + ".");
    }
    const FetchOutcome done = fetch_to(new_);
    if (done.fault != RemoteFault::none) {
      remove(new_, reason);
      return refuse(done.fault, done.reason);
    }
    if (auto written = write_file_atomically(new_ + "/description", out_.url + "\n"); !written) {
      return refuse(RemoteFault::cache, written.error().text());
    }
    std::error_code error;
    fs::rename(new_, final_, error);
    if (error) return refuse(RemoteFault::cache, "The clone cannot take its name: " + error.message() + ".");
    out_.is_current = true;
    return out_;
  }

  Address address_;
  const RemoteOptions& options_;
  RemoteFault& fault_;
  std::string final_;
  std::string new_;
  std::string lock_;
  Fetched out_;
  bool cancelled_ = false;
};

}  // namespace

std::string cached_repository(const RemoteSettings& settings, const Url& url) {
  return settings.cache_folder + "/" + sha256_hex(url.text()) + ".git";
}

Result<Fetched> open_repository(std::string_view address, const RemoteOptions& options, RemoteFault* fault) {
  RemoteFault ignored = RemoteFault::none;
  RemoteFault& found = fault != nullptr ? *fault : ignored;
  found = RemoteFault::none;
  auto parsed = parse_address(address, options.settings.hub);
  if (!parsed) {
    found = RemoteFault::address;
    return parsed.error();
  }
  if (!parsed->url) {
    Fetched out;
    out.path = parsed->path;
    out.is_current = true;
    return out;
  }
  return Opening(std::move(*parsed), options, found).run();
}

}  // namespace cardwarden
