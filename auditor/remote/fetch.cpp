// SPDX-License-Identifier: Apache-2.0
#include "remote/fetch.h"

#include <git2.h>

#include <cstdlib>
#include <memory>
#include <mutex>
#include <optional>

#include "base/text.h"
#include "remote/git_streams.h"
#include "repository/git_library.h"

namespace cardwarden {
namespace {

template <typename T, void (*Free)(T*)>
struct Freer {
  void operator()(T* object) const { Free(object); }
};
template <typename T, void (*Free)(T*)>
using Owned = std::unique_ptr<T, Freer<T, Free>>;

constexpr std::size_t kMaxReasonChars = 200;  // of what the library or the server says

std::string last_words() {
  const git_error* error = git_error_last();
  return error != nullptr && error->message != nullptr ? text::excerpt(error->message, kMaxReasonChars)
                                                       : "no reason was given";
}

int last_class() {
  const git_error* error = git_error_last();
  return error != nullptr ? error->klass : GIT_ERROR_NONE;
}

void start_library() {
  static const bool started = [] {
    use_git_library();
    register_git_streams();
    git_libgit2_opts(GIT_OPT_SET_USER_AGENT, "cardwarden");
    git_libgit2_opts(GIT_OPT_SET_PACK_MAX_OBJECT_SIZE, kMaxFetchObjectBytes);
    // What is renamed into the cache has to be there after the power fails.
    git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
    return true;
  }();
  static_cast<void>(started);
}

bool trust(const std::string& certificates) {
  static std::mutex mutex;
  static std::string trusted;
  const std::lock_guard<std::mutex> guard(mutex);
  if (certificates.empty() || certificates == trusted) return true;
  if (git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, certificates.c_str(), nullptr) < 0) return false;
  trusted = certificates;
  return true;
}

// What the callbacks of one connection share.
struct State {
  const FetchJob& job;
  Traffic& traffic;
  bool token_asked = false;
  std::uint64_t objects = 0;
  FetchProgress last = {};

  // Keeps a fault and gives the code that makes libgit2 stop.
  int stop(RemoteFault fault, std::string reason) const {
    traffic.fail(fault, std::move(reason));
    return GIT_EUSER;
  }
  int go_on(const FetchProgress& progress) {
    int left = 0;
    if (!traffic.has_time(1, left)) return GIT_EUSER;
    last = progress;
    last.bytes = traffic.received;
    if (job.progress && !job.progress(last)) return stop(RemoteFault::cancelled, "The fetch was stopped.");
    return 0;
  }
};

State& state_of(void* payload) { return *static_cast<State*>(payload); }

const char* const kNoToken =
    "The server wants a login. The repository is private, gated or does not exist; for the Hub, set "
    "HF_TOKEN.";
const char* const kWrongToken =
    "The server refuses the token: it is wrong or expired, it gives no access to this repository, or the "
    "repository does not exist. Check HF_TOKEN.";

int on_credentials(git_credential** out, const char* /*url*/, const char* /*user*/, unsigned int allowed,
                   void* payload) {
  State& state = state_of(payload);
  if (state.job.token.empty()) return state.stop(RemoteFault::denied, kNoToken);
  if (state.token_asked) return state.stop(RemoteFault::denied, kWrongToken);
  if ((allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT) == 0) return GIT_PASSTHROUGH;
  state.token_asked = true;
  // The Hub looks at the password only.
  return git_credential_userpass_plaintext_new(out, "user", state.job.token.c_str());
}

int on_certificate(git_cert* /*certificate*/, int valid, const char* /*host*/, void* payload) {
  if (valid != 0) return 0;
  const std::string why = last_words();
  state_of(payload).stop(RemoteFault::certificate,
                         "The certificate of the server is not valid for this host (" + why + ").");
  return GIT_ECERTIFICATE;
}

int on_message(const char* /*text*/, int /*size*/, void* payload) {
  State& state = state_of(payload);
  return state.go_on(state.last);  // the words of the server are not shown; they may come at any time
}

int on_transfer(const git_indexer_progress* stats, void* payload) {
  State& state = state_of(payload);
  if (stats->total_objects > state.job.max_objects) {
    return state.stop(RemoteFault::too_large, "The repository has more than " +
                                                  std::to_string(state.job.max_objects) +
                                                  " objects that are new (RemoteLimits::objects).");
  }
  state.objects = stats->received_objects;
  const bool receiving = stats->received_objects < stats->total_objects;
  return state.go_on({receiving ? FetchProgress::Phase::receiving : FetchProgress::Phase::resolving,
                      receiving ? stats->received_objects : stats->indexed_objects, stats->total_objects, 0});
}

// The status of an answer that libgit2 1.5 did not expect; it tells it in words only.
std::optional<int> unexpected_status() {
  const git_error* error = git_error_last();
  if (error == nullptr || error->message == nullptr) return std::nullopt;
  const std::string_view message = error->message;
  const std::string_view head = "unexpected http status code: ";
  if (message.substr(0, head.size()) != head) return std::nullopt;
  return std::atoi(error->message + head.size());
}

FetchOutcome by_status(int status) {
  const std::string said = "The server answered " + std::to_string(status);
  if (status == 401 || status == 403) {
    return {RemoteFault::denied,
            said +
                ": no access. The repository is private or gated, or the token gives no access to it; check "
                "HF_TOKEN and accept its conditions on the Hub.",
            0};
  }
  if (status == 404 || status == 410) {
    return {RemoteFault::missing,
            said +
                ": there is no such repository. Check the spelling, and hf:datasets/… or hf:spaces/… for "
                "what is no model.",
            0};
  }
  if (status == 429 || status >= 500) return {RemoteFault::server, said + ": it cannot now.", 0};
  return {RemoteFault::protocol, said + ", where 200 was expected.", 0};
}

// What a failure of libgit2 means, best knowledge first.
FetchOutcome explain(const Traffic& traffic, int code) {
  if (traffic.fault != RemoteFault::none) return {traffic.fault, traffic.reason, 0};
  const std::string words = last_words();
  if (const auto status = unexpected_status()) return by_status(*status);
  if (code == GIT_EAUTH) return {RemoteFault::denied, std::string(kNoToken) + " (" + words + ")", 0};
  if (code == GIT_ECERTIFICATE)
    return {RemoteFault::certificate, "The certificate of the server cannot be trusted: " + words + ".", 0};
  if (words.find("redirect") != std::string::npos) {
    return {RemoteFault::redirect, "Redirects to other hosts or ports are not followed: " + words + ".", 0};
  }
  if (traffic.ended) {
    return {RemoteFault::cut,
            "The server closed the connection before its answer was complete (" + words + ").", 0};
  }
  switch (last_class()) {
    case GIT_ERROR_OS:
    case GIT_ERROR_FILESYSTEM:
    case GIT_ERROR_REPOSITORY:
    case GIT_ERROR_CONFIG:
      return {RemoteFault::cache, "The cached copy cannot be written: " + words + ".", 0};
    default:
      return {RemoteFault::protocol, "The answer is not one of a git server: " + words + ".", 0};
  }
}

class Fetch {
 public:
  Fetch(const FetchJob& job, Traffic& traffic) : state_{job, traffic} {}

  // `header`: with the token in a header of its own, for servers that do not know basic authentication.
  int run(bool header) {
    if (header) authorization_ = "Authorization: Bearer " + state_.job.token;
    git_repository* repository = nullptr;
    if (const int code = git_repository_open_bare(&repository, state_.job.folder.c_str()); code < 0) {
      state_.stop(RemoteFault::cache, "The cached copy cannot be opened: " + last_words() + ".");
      return code;
    }
    repository_.reset(repository);
    git_remote_create_options create = GIT_REMOTE_CREATE_OPTIONS_INIT;
    create.repository = repository;
    create.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF;
    create.fetchspec = kBranches;
    const std::string url = state_.job.url.text();
    git_remote* remote = nullptr;
    if (const int code = git_remote_create_with_opts(&remote, url.c_str(), &create); code < 0) return code;
    remote_.reset(remote);
    if (const int code = connect(); code < 0) return code;
    if (const int code = look_at_references(); code < 0) return code;
    if (const int code = download(); code < 0) return code;
    return move_references();
  }

  const State& state() const { return state_; }

 private:
  static constexpr const char* kBranches = "+refs/heads/*:refs/heads/*";
  static constexpr const char* kTags = "+refs/tags/*:refs/tags/*";

  git_remote_callbacks callbacks() {
    git_remote_callbacks out = GIT_REMOTE_CALLBACKS_INIT;
    out.credentials = on_credentials;
    out.certificate_check = on_certificate;
    out.sideband_progress = on_message;
    out.transfer_progress = on_transfer;
    out.payload = &state_;
    return out;
  }

  git_strarray headers() {
    header_ = authorization_.data();
    return authorization_.empty() ? git_strarray{nullptr, 0} : git_strarray{&header_, 1};
  }

  int connect() {
    git_remote_connect_options options = GIT_REMOTE_CONNECT_OPTIONS_INIT;
    options.callbacks = callbacks();
    options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
    options.custom_headers = headers();
    if (const int code = state_.go_on({FetchProgress::Phase::connecting, 0, 0, 0}); code < 0) return code;
    return git_remote_connect_ext(remote_.get(), GIT_DIRECTION_FETCH, &options);
  }

  int look_at_references() {
    const git_remote_head** heads = nullptr;
    std::size_t count = 0;
    if (const int code = git_remote_ls(&heads, &count, remote_.get()); code < 0) return code;
    if (count <= state_.job.max_references) return 0;
    return state_.stop(RemoteFault::too_large, "The repository has more than " +
                                                   std::to_string(state_.job.max_references) +
                                                   " references (RemoteLimits::references).");
  }

  int download() {
    git_fetch_options options = GIT_FETCH_OPTIONS_INIT;
    options.callbacks = callbacks();
    options.prune = GIT_FETCH_PRUNE;
    options.update_fetchhead = 0;
    options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;  // the second refspec fetches them all
    options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
    options.custom_headers = headers();
    std::string branches = kBranches;
    std::string tags = kTags;
    char* specs[] = {branches.data(), tags.data()};
    const git_strarray refspecs = {specs, 2};
    return git_remote_download(remote_.get(), &refspecs, &options);
  }

  int move_references() {
    const git_remote_callbacks ours = callbacks();
    // Branches that are gone go first: a new name may need their place ("a" and "a/b").
    if (const int code = git_remote_prune(remote_.get(), &ours); code < 0) return code;
    if (const int code =
            git_remote_update_tips(remote_.get(), &ours, 0, GIT_REMOTE_DOWNLOAD_TAGS_NONE, nullptr);
        code < 0) {
      return code;
    }
    git_buf branch = GIT_BUF_INIT;
    int code = git_remote_default_branch(&branch, remote_.get());
    if (code == 0) {
      code = git_repository_set_head(repository_.get(), branch.ptr);
      git_buf_dispose(&branch);
      return code;
    }
    // HEAD stands on no branch, or there is no HEAD: a repository without commits.
    const git_remote_head** heads = nullptr;
    std::size_t count = 0;
    if (git_remote_ls(&heads, &count, remote_.get()) < 0 || count == 0) return 0;
    if (std::string_view(heads[0]->name) != "HEAD") return 0;
    git_odb* store = nullptr;
    if (git_repository_odb(&store, repository_.get()) < 0) return -1;
    const Owned<git_odb, git_odb_free> owned(store);
    if (git_odb_exists(store, &heads[0]->oid) == 0) return 0;  // on a commit of no branch and no tag
    return git_repository_set_head_detached(repository_.get(), &heads[0]->oid);
  }

  State state_;
  std::string authorization_;
  char* header_ = nullptr;
  Owned<git_repository, git_repository_free> repository_;
  Owned<git_remote, git_remote_free> remote_;
};

}  // namespace

bool make_bare_repository(const std::string& folder, std::string& reason) {
  start_library();
  git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
  options.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKDIR | GIT_REPOSITORY_INIT_NO_REINIT;
  options.initial_head = "main";
  git_repository* repository = nullptr;
  if (git_repository_init_ext(&repository, folder.c_str(), &options) < 0) {
    reason = last_words();
    return false;
  }
  git_repository_free(repository);
  return true;
}

FetchOutcome fetch(const FetchJob& job, Traffic& traffic) {
  start_library();
  if (!trust(job.certificates)) {
    return {RemoteFault::address,
            "SSL_CERT_FILE names no file of certificates (" + last_words() +
                ") where a readable PEM file was expected. Name one, or unset it.",
            0};
  }
  traffic.start();
  const TrafficScope scope(traffic);
  const auto attempt = [&](bool header, FetchOutcome& out) {
    git_error_clear();
    Fetch one(job, traffic);
    const int code = one.run(header);
    const bool wants_login = code == GIT_EAUTH && traffic.fault == RemoteFault::none;
    if (wants_login && !header && !one.state().token_asked && !job.token.empty()) return false;
    if (wants_login) traffic.fail(RemoteFault::denied, job.token.empty() ? kNoToken : kWrongToken);
    if (code < 0) out = explain(traffic, code);
    out.objects = one.state().objects;
    return true;
  };
  FetchOutcome out;
  // A server that wants a token in another way than as a password gets it in a header.
  if (!attempt(false, out)) attempt(true, out);
  return out;
}

}  // namespace cardwarden
