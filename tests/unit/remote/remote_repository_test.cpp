// SPDX-License-Identifier: Apache-2.0
// Against a real git server on loopback: git http-backend, with what networks do to it.
#include "remote/remote_repository.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <thread>

#include "remote/file_lock.h"
#include "repository/repository.h"
#include "support/git_server.h"

// libgit2 1.5 loses its copy of a header of ours (40 bytes) with every fetch that has one; nothing else may
// be lost. Its frames are found by the slow way only. Read by AddressSanitizer, called by nobody else.
extern "C" const char* __asan_default_options() {  // NOLINT: the runtime's name
  return "fast_unwind_on_malloc=0";
}
extern "C" const char* __lsan_default_suppressions() {  // NOLINT: the runtime's name
  return "leak:git_strarray_copy\n";
}

namespace cardwarden::testing {
namespace {

namespace fs = std::filesystem;

const std::string kToken = "hf_right";

// A model with a history, weights as an LFS pointer, a branch and a tag, where the server finds it.
class Origin {
 public:
  Origin() {
    work_.write("README.md", "# river\n");
    work_.write("model.safetensors", lfs_pointer(std::string(64, 'a'), 5'000'000'000));
    work_.commit("A model");
    work_.git({"tag", "-a", "v1", "-m", "First"});
    work_.git({"branch", "old"});
    work_.write("README.md", "# river\n\nMore.\n");
    head_ = work_.commit("More");
    work_.git({"clone", "-q", "--bare", work_.path(), root_ / "river.git"});
    work_.git({"remote", "add", "origin", root_ / "river.git"});
  }
  const std::string& root() const { return root_.path(); }
  const std::string& head() const { return head_; }
  GitRepository& work() { return work_; }
  void push(const std::vector<std::string>& refspecs) {
    std::vector<std::string> words = {"push", "-q", "--force", "origin"};
    words.insert(words.end(), refspecs.begin(), refspecs.end());
    work_.git(words);
  }
  // In the bare repository itself.
  void git(const std::vector<std::string>& arguments) {
    std::vector<std::string> words = {"--git-dir=" + root_ / "river.git"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    work_.git(words);
  }

 private:
  Scratch root_;
  GitRepository work_;
  std::string head_;
};

// Options with a cache of their own and a clock that goes one millisecond each time it is looked at.
class Desk {
 public:
  explicit Desk(const std::string& hub) {
    options.settings.hub = parse_url(hub, "hub").value();
    options.settings.allowed_hosts = {"127.0.0.1", "localhost", "hub.test", "nobody.test"};
    options.settings.cache_folder = cache_ / "git";
    options.limits.idle_ms = 20'000;
    options.milliseconds = [this] { return ticks_ += tick; };
    options.resolve = [](const std::string& host) -> Resolved {
      if (host == "nobody.test") return {{}, RemoteFault::host_not_found, "Name or service not known"};
      return {{"127.0.0.1"}, RemoteFault::none, {}};
    };
  }

  Fetched good(const std::string& address) {
    RemoteFault fault = RemoteFault::none;
    auto out = open_repository(address, options, &fault);
    INFO(address);
    INFO((out ? std::string() : out.error().text()));
    REQUIRE(out);
    CHECK(fault == RemoteFault::none);
    return *out;
  }

  // The fault and its text; nothing half made is left, and the token is not told.
  RemoteFault bad(const std::string& address, std::string* text = nullptr) {
    RemoteFault fault = RemoteFault::none;
    auto out = open_repository(address, options, &fault);
    REQUIRE_FALSE(out);
    INFO(address << ": " << to_string(fault) << ": " << out.error().text());
    CHECK(fault != RemoteFault::none);
    CHECK(out.error().text().find(what_to_do(fault)) != std::string::npos);
    CHECK(out.error().text().find(kToken) == std::string::npos);
    CHECK(folders(".new") == 0);
    if (text != nullptr) *text = out.error().text();
    UNSCOPED_INFO(out.error().text());
    return fault;
  }

  std::size_t folders(const std::string& ending) const {
    std::size_t count = 0;
    if (!fs::exists(options.settings.cache_folder)) return 0;
    for (const auto& entry : fs::directory_iterator(options.settings.cache_folder)) {
      if (entry.path().extension() == ending) ++count;
    }
    return count;
  }

  RemoteOptions options;
  std::uint64_t tick = 1;

 private:
  Scratch cache_;
  std::atomic<std::uint64_t> ticks_{0};
};

std::string resolve(const Fetched& fetched, const std::string& revision) {
  auto repository = Repository::open(fetched.path);
  REQUIRE(repository);
  auto id = repository->resolve(revision);
  return id ? id->hex() : id.error().text();
}

bool has(const std::vector<std::string>& lines, const std::string& words) {
  return std::any_of(lines.begin(), lines.end(),
                     [&words](const std::string& line) { return line.find(words) != std::string::npos; });
}

}  // namespace

TEST_CASE("remote: a repository is cloned, then brought up to date, and its weights stay pointers") {
  Origin origin;
  const GitServer server(origin.root());
  Desk desk(server.url("/hub"));
  const Fetched first = desk.good(server.url("/ok/river.git"));
  CHECK_FALSE(first.was_cached);
  CHECK(first.is_current);
  CHECK(first.objects >= 7);
  CHECK(first.bytes > 500);
  CHECK(resolve(first, "HEAD") == origin.head());
  CHECK(resolve(first, "main") == origin.head());
  CHECK(resolve(first, "old") == resolve(first, "HEAD~1"));
  CHECK(resolve(first, "v1") == resolve(first, "old"));
  CHECK(first.path == cached_repository(desk.options.settings, parse_url(first.url, "url").value()));

  const Fetched again = desk.good(server.url("/ok/river.git/"));
  CHECK(again.was_cached);
  CHECK(again.path == first.path);
  CHECK(again.objects == 0);

  origin.work().write("README.md", "# river\n\nStill more.\n");
  const std::string head = origin.work().commit("Still more");
  origin.push({"main"});
  const Fetched later = desk.good(server.url("/ok/river.git"));
  CHECK(later.was_cached);
  CHECK(later.objects == 3);
  CHECK(resolve(later, "HEAD") == head);
  CHECK_FALSE(has(server.requests(), "lfs"));
  CHECK(desk.folders(".git") == 1);
}

TEST_CASE("remote: rewritten, deleted and renamed branches are followed, and what was seen stays") {
  Origin origin;
  const GitServer server(origin.root());
  Desk desk(server.url("/hub"));
  const std::string address = server.url("/ok/river.git");
  desk.good(address);
  origin.work().git({"checkout", "-q", "-B", "trunk", "old"});
  origin.work().write("README.md", "# another river\n");
  const std::string head = origin.work().commit("Another story");
  // "old" makes room for "old/one", main becomes trunk, the tag moves.
  origin.git({"symbolic-ref", "HEAD", "refs/heads/trunk"});
  origin.git({"update-ref", "-d", "refs/heads/old"});
  origin.push({"trunk", "trunk:refs/heads/old/one", "trunk:refs/tags/v1"});
  origin.git({"update-ref", "-d", "refs/heads/main"});
  const Fetched now = desk.good(address);
  CHECK(resolve(now, "HEAD") == head);
  CHECK(resolve(now, "old/one") == head);
  CHECK(resolve(now, "v1") == head);
  CHECK(resolve(now, "main").find(origin.head()) == std::string::npos);
  CHECK(resolve(now, origin.head()) == origin.head());
}

TEST_CASE("remote: a HEAD on no branch and a repository without commits are taken as they are") {
  Origin origin;
  const GitServer server(origin.root());
  Desk desk(server.url("/hub"));
  const std::string old = resolve(desk.good(server.url("/ok/river.git")), "old");
  origin.git({"update-ref", "-d", "refs/heads/old"});
  origin.git({"update-ref", "--no-deref", "HEAD", old});
  CHECK(resolve(desk.good(server.url("/ok/river.git")), "HEAD") == old);

  origin.work().git({"init", "-q", "--bare", origin.root() + "/empty.git"});
  CHECK(resolve(desk.good(server.url("/ok/empty.git")), "HEAD").find("no commit yet") != std::string::npos);
}

TEST_CASE("remote: names on the Hub lead to its endpoint") {
  Origin origin;
  fs::create_directories(origin.root() + "/datasets/river-office");
  fs::copy(origin.root() + "/river.git", origin.root() + "/datasets/river-office/letters",
           fs::copy_options::recursive);
  const GitServer server(origin.root());
  Desk desk(server.url("/ok"));
  const Fetched fetched = desk.good("hf:datasets/river-office/letters");
  CHECK(fetched.url == server.url("/ok/datasets/river-office/letters"));
  CHECK(resolve(fetched, "HEAD") == origin.head());
}

TEST_CASE("remote: a local path is given back as it is, without a cache or a clock") {
  RemoteOptions options;
  options.settings.hub = parse_url("https://huggingface.co", "hub").value();
  auto out = open_repository("some/where", options);
  REQUIRE(out);
  CHECK(out->path == "some/where");
  CHECK(out->url.empty());
}

TEST_CASE("remote: a token goes to the Hub when it asks, as a password or in a header, and nowhere else") {
  Origin origin;
  const GitServer server(origin.root());
  for (const std::string way : {"/basic", "/bearer"}) {
    INFO(way);
    std::string text;
    Desk none(server.url(way));
    CHECK(none.bad(server.url(way + "/river")) == RemoteFault::denied);
    CHECK(none.bad("hf:river", &text) == RemoteFault::denied);
    CHECK(text.find("set HF_TOKEN") != std::string::npos);

    Desk wrong(server.url(way));
    wrong.options.settings.token = "hf_wrong";
    CHECK(wrong.bad("hf:river", &text) == RemoteFault::denied);
    CHECK(text.find("Check HF_TOKEN") != std::string::npos);
    CHECK(text.find("hf_wrong") == std::string::npos);

    Desk right(server.url(way));
    right.options.settings.token = kToken;
    fs::remove_all(origin.root() + "/river");
    fs::copy(origin.root() + "/river.git", origin.root() + "/river", fs::copy_options::recursive);
    CHECK(resolve(right.good("hf:river"), "HEAD") == origin.head());
    CHECK(right.good("hf:river").was_cached);
  }
  // Elsewhere the token is not offered, whatever the server asks for.
  const std::size_t before = server.requests().size();
  Desk elsewhere(server.url("/hub"));
  elsewhere.options.settings.token = kToken;
  CHECK(elsewhere.bad(server.url("/basic/river")) == RemoteFault::denied);
  CHECK(elsewhere.bad(server.url("/bearer/river")) == RemoteFault::denied);
  CHECK(elsewhere.good(server.url("/ok/river")).is_current);
  const auto requests = server.requests();
  REQUIRE(requests.size() > before);
  for (std::size_t i = before; i < requests.size(); ++i) CHECK(requests[i].back() == '-');
  // And a public repository of the Hub is read without it.
  Desk open(server.url("/ok"));
  open.options.settings.token = kToken;
  open.good("hf:river");
  CHECK(server.requests().back().back() == '-');
}

TEST_CASE("remote: what the server answers instead of a repository has a fault of its own") {
  Origin origin;
  const GitServer server(origin.root());
  Desk desk(server.url("/hub"));
  std::string text;
  CHECK(desk.bad(server.url("/status/404/river.git"), &text) == RemoteFault::missing);
  CHECK(text.find("no such repository") != std::string::npos);
  CHECK(desk.bad(server.url("/ok/nowhere.git")) == RemoteFault::missing);
  CHECK(desk.bad(server.url("/status/410/river.git")) == RemoteFault::missing);
  CHECK(desk.bad(server.url("/status/403/river.git")) == RemoteFault::denied);
  CHECK(desk.bad(server.url("/status/401/river.git")) == RemoteFault::denied);
  CHECK(desk.bad(server.url("/status/429/river.git")) == RemoteFault::server);
  CHECK(desk.bad(server.url("/status/503/river.git")) == RemoteFault::server);
  CHECK(desk.bad(server.url("/status/418/river.git")) == RemoteFault::protocol);
  CHECK(desk.bad(server.url("/html/river.git")) == RemoteFault::protocol);
  CHECK(desk.bad(server.url("/corrupt/river.git")) == RemoteFault::protocol);
  CHECK(desk.folders(".git") == 0);
}

TEST_CASE("remote: a redirect is followed on its own host and port, and never to another") {
  Origin origin;
  const GitServer server(origin.root());
  const GitServer second(origin.root());
  Desk desk(server.url("/hub"));
  CHECK(resolve(desk.good(server.url("/moved/river.git")), "HEAD") == origin.head());
  desk.options.settings.allowed_hosts.emplace_back("127.0.0.2");  // even where both are allowed
  std::string text;
  CHECK(desk.bad(server.url("/away/river.git"), &text) == RemoteFault::redirect);
  CHECK(text.find("127.0.0.2") != std::string::npos);
  CHECK(text.find("name it by its new address") != std::string::npos);
  CHECK(desk.bad(server.url("/late/river.git")) == RemoteFault::redirect);
  CHECK(desk.bad(server.url("/port/" + second.port() + "/river.git"), &text) == RemoteFault::redirect);
  CHECK(text.find(second.port()) != std::string::npos);
  CHECK_FALSE(has(server.requests(), "127.0.0.2 "));
  CHECK(second.requests().empty());
}

TEST_CASE("remote: a host that is not allowed is not even looked up") {
  Desk desk("https://hub.test");
  desk.options.resolve = [](const std::string&) -> Resolved {
    FAIL("looked up");
    return {};
  };
  std::string text;
  CHECK(desk.bad("https://elsewhere.test/a", &text) == RemoteFault::not_allowed);
  CHECK(text.find("CARDWARDEN_ALLOWED_HOSTS") != std::string::npos);
  CHECK(desk.bad("http://127.0.0.3/a") == RemoteFault::not_allowed);
  CHECK(desk.bad("http://example.org/a") == RemoteFault::address);
  CHECK(desk.bad("hf:a/b/c") == RemoteFault::address);
}

TEST_CASE("remote: no host, no network, a closed port and a name that lies are told apart") {
  Origin origin;
  GitServer server(origin.root());
  Desk desk(server.url("/hub"));
  CHECK(desk.bad("https://nobody.test/a/b") == RemoteFault::host_not_found);
  // A name of this machine that resolves to another one.
  desk.options.resolve = [](const std::string&) -> Resolved {
    return {{"192.0.2.1"}, RemoteFault::none, {}};
  };
  std::string text;
  CHECK(desk.bad("http://localhost:" + server.port() + "/ok/river.git", &text) == RemoteFault::unreachable);
  CHECK(text.find("this machine only") != std::string::npos);
  desk.options.resolve = [](const std::string&) -> Resolved {
    return {{}, RemoteFault::unreachable, "Temporary failure in name resolution"};
  };
  CHECK(desk.bad("https://hub.test/a/b", &text) == RemoteFault::unreachable);
  CHECK(text.find("Temporary failure") != std::string::npos);
  // An address that does not answer is followed by one that does.
  desk.options.resolve = [](const std::string&) -> Resolved {
    return {{"::1", "127.0.0.9", "127.0.0.1"}, RemoteFault::none, {}};
  };
  CHECK(desk.good("http://localhost:" + server.port() + "/ok/river.git").is_current);
  server.stop();
  CHECK(desk.bad(server.url("/ok/river.git"), &text) == RemoteFault::unreachable);
  CHECK(text.find("Check the network and the port") != std::string::npos);
}

TEST_CASE("remote: a cut connection leaves nothing, and the next try begins again") {
  Origin origin;
  const GitServer server(origin.root());
  Desk desk(server.url("/hub"));
  CHECK(desk.bad(server.url("/cut/river.git")) == RemoteFault::cut);
  CHECK(desk.bad(server.url("/cutrefs/river.git")) == RemoteFault::cut);
  CHECK(desk.bad(server.url("/cutonce/river.git")) == RemoteFault::cut);
  CHECK(desk.folders(".git") == 0);
  CHECK(resolve(desk.good(server.url("/cutonce/river.git")), "HEAD") == origin.head());
}

TEST_CASE("remote: an update that fails leaves the copy as it was, and offline it can be used") {
  Origin origin;
  GitServer server(origin.root());
  Desk desk(server.url("/hub"));
  const std::string address = server.url("/cutonce/river.git");
  CHECK(desk.bad(address) == RemoteFault::cut);
  const Fetched first = desk.good(address);
  server.stop();
  std::string text;
  CHECK(desk.bad(address, &text) == RemoteFault::unreachable);
  CHECK(text.find("HF_HUB_OFFLINE=1") != std::string::npos);
  CHECK(resolve(first, "HEAD") == origin.head());
  desk.options.settings.offline = true;
  const Fetched offline = desk.good(address);
  CHECK(offline.was_cached);
  CHECK_FALSE(offline.is_current);
  CHECK(resolve(offline, "HEAD") == origin.head());
  CHECK(desk.bad(server.url("/ok/another.git")) == RemoteFault::offline);
}

TEST_CASE("remote: a clone that was killed and a copy that was damaged are made anew") {
  Origin origin;
  const GitServer server(origin.root());
  Desk desk(server.url("/hub"));
  const std::string address = server.url("/ok/river.git");
  const std::string copy = cached_repository(desk.options.settings, parse_url(address, "address").value());
  const std::string half = copy.substr(0, copy.size() - 4) + ".new";
  write_file(half + "/objects/pack/pack_git2_x", "PACK");
  write_file(half + "/HEAD", "ref: refs/heads/main\n");
  CHECK(resolve(desk.good(address), "HEAD") == origin.head());
  CHECK_FALSE(fs::exists(half));

  write_file(copy + "/objects/pack/pack_git2_killed", "PACK");
  CHECK(desk.good(address).was_cached);
  CHECK_FALSE(fs::exists(copy + "/objects/pack/pack_git2_killed"));

  fs::remove(copy + "/HEAD");
  const Fetched anew = desk.good(address);
  CHECK_FALSE(anew.was_cached);
  CHECK(resolve(anew, "HEAD") == origin.head());
  // The cache lies in somebody's repository: the folder above is not taken for the copy.
  GitRepository around;
  desk.options.settings.cache_folder = around.path();
  fs::create_directories(cached_repository(desk.options.settings, parse_url(address, "address").value()));
  CHECK_FALSE(desk.good(address).was_cached);
}

TEST_CASE("remote: each bound on size stops a fetch and says its name") {
  Origin origin;
  std::string noise;
  for (std::uint32_t i = 0, x = 1; i < 60'000; ++i) {
    x = x * 1'664'525U + 1'013'904'223U;
    noise += static_cast<char>(x >> 24U);
  }
  origin.work().write("noise.bin", noise);
  origin.work().commit("Noise");
  origin.push({"main"});
  const GitServer server(origin.root());
  Desk desk(server.url("/hub"));
  const std::string address = server.url("/ok/river.git");
  std::string text;
  desk.options.limits.bytes = 30'000;
  CHECK(desk.bad(address, &text) == RemoteFault::too_large);
  CHECK(text.find("RemoteLimits::bytes") != std::string::npos);
  CHECK(desk.bad(server.url("/flood/river.git")) == RemoteFault::too_large);
  desk.options.limits = {};
  desk.options.limits.objects = 3;
  CHECK(desk.bad(address, &text) == RemoteFault::too_large);
  CHECK(text.find("RemoteLimits::objects") != std::string::npos);
  desk.options.limits = {};
  desk.options.limits.references = 2;
  CHECK(desk.bad(address, &text) == RemoteFault::too_large);
  CHECK(text.find("RemoteLimits::references") != std::string::npos);
  desk.options.limits = {};
  CHECK(desk.good(address).bytes > 60'000);
}

TEST_CASE("remote: each bound on time stops a fetch and says its name") {
  Origin origin;
  const GitServer server(origin.root());
  Desk desk(server.url("/hub"));
  std::string text;
  desk.options.limits.idle_ms = 200;
  CHECK(desk.bad(server.url("/silent/river.git"), &text) == RemoteFault::too_slow);
  CHECK(text.find("RemoteLimits::idle_ms") != std::string::npos);
  desk.options.limits.idle_ms = 20'000;
  desk.tick = 100;
  desk.options.limits.total_ms = 2'000;
  CHECK(desk.bad(server.url("/drip/river.git"), &text) == RemoteFault::too_slow);
  CHECK(text.find("RemoteLimits::total_ms") != std::string::npos);
}

TEST_CASE("remote: a lock that another holds is waited for, and only so long") {
  Origin origin;
  const GitServer server(origin.root());
  Desk desk(server.url("/hub"));
  const std::string address = server.url("/ok/river.git");
  const std::string copy = desk.good(address).path;
  const std::string lock = copy.substr(0, copy.size() - 4) + ".lock";
  {
    auto held = FileLock::take(lock, 0, {});
    REQUIRE(held);
    REQUIRE(held->has_value());
    desk.options.limits.lock_wait_ms = 150;
    std::size_t told = 0;
    desk.options.progress = [&told](const FetchProgress& progress) {
      told += progress.phase == FetchProgress::Phase::waiting ? 1 : 0;
      return true;
    };
    CHECK(desk.bad(address) == RemoteFault::busy);
    CHECK(told == 2);
    desk.options.progress = [](const FetchProgress&) { return false; };
    CHECK(desk.bad(address) == RemoteFault::cancelled);
    desk.options.progress = nullptr;
    desk.options.settings.offline = true;  // a reader needs no lock
    CHECK(desk.good(address).was_cached);
    desk.options.settings.offline = false;
  }
  CHECK(desk.good(address).was_cached);
}

TEST_CASE("remote: many who want one repository at once all get it whole") {
  Origin origin;
  const GitServer server(origin.root());
  Desk desk(server.url("/hub"));
  std::vector<Result<Fetched>> got(4, Error(ErrorCode::io, ""));
  std::vector<std::thread> threads;
  threads.reserve(got.size());
  for (auto& one : got) {
    threads.emplace_back([&] { one = open_repository(server.url("/ok/river.git"), desk.options); });
  }
  for (std::thread& thread : threads) thread.join();
  std::size_t clones = 0;
  for (const auto& one : got) {
    INFO((one ? std::string() : one.error().text()));
    REQUIRE(one);
    clones += one->was_cached ? 0 : 1;
    CHECK(resolve(*one, "HEAD") == origin.head());
  }
  CHECK(clones == 1);
}

TEST_CASE("remote: progress is told in order and can stop the fetch") {
  Origin origin;
  const GitServer server(origin.root());
  Desk desk(server.url("/hub"));
  std::vector<FetchProgress> told;
  desk.options.progress = [&told](const FetchProgress& progress) {
    told.push_back(progress);
    return progress.phase != FetchProgress::Phase::resolving;
  };
  CHECK(desk.bad(server.url("/ok/river.git")) == RemoteFault::cancelled);
  desk.options.progress = [&told](const FetchProgress& progress) {
    told.push_back(progress);
    return true;
  };
  told.clear();
  const Fetched fetched = desk.good(server.url("/ok/river.git"));
  REQUIRE_FALSE(told.empty());
  CHECK(told.front().phase == FetchProgress::Phase::connecting);
  for (std::size_t i = 1; i < told.size(); ++i) {
    CHECK(told[i].phase >= told[i - 1].phase);
    CHECK(told[i].bytes >= told[i - 1].bytes);
    CHECK(told[i].objects <= told[i].total);
  }
  CHECK(told.back().total == fetched.objects);
}

TEST_CASE("remote: a certificate has to be valid for the host") {
  Origin origin;
  const GitServer server(origin.root(), "hub.test");
  Desk desk("https://hub.test:" + server.port() + "/ok");
  std::string text;
  fs::copy(origin.root() + "/river.git", origin.root() + "/river", fs::copy_options::recursive);
  CHECK(desk.bad("hf:river", &text) == RemoteFault::certificate);
  CHECK(text.find("SSL_CERT_FILE") != std::string::npos);
  CHECK(server.requests().empty());
  desk.options.settings.certificates = origin.root() + "/nowhere.pem";
  CHECK(desk.bad("hf:river", &text) == RemoteFault::address);
  desk.options.settings.certificates = server.certificate();
  CHECK(resolve(desk.good("hf:river"), "HEAD") == origin.head());
  // The certificate is known now, and names another host.
  desk.options.settings.allowed_hosts.emplace_back("other.test");
  CHECK(desk.bad("https://other.test:" + server.port() + "/ok/river") == RemoteFault::certificate);
  // A plain server where TLS is expected.
  const GitServer plain(origin.root());
  CHECK(desk.bad("https://hub.test:" + plain.port() + "/ok/river") != RemoteFault::certificate);
}

}  // namespace cardwarden::testing
