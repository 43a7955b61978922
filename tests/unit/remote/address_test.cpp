// SPDX-License-Identifier: Apache-2.0
#include "remote/address.h"

#include <catch2/catch.hpp>

namespace cardwarden::testing {
namespace {

Url hub() { return parse_url("https://huggingface.co", "hub").value(); }

Address good(std::string_view text) {
  auto address = parse_address(text, hub());
  INFO(text);
  INFO((address ? std::string() : address.error().text()));
  REQUIRE(address);
  return *address;
}

std::string bad(std::string_view text) {
  auto address = parse_address(text, hub());
  INFO(text);
  REQUIRE_FALSE(address);
  CHECK(address.error().code == ErrorCode::usage);
  return address.error().text();
}

bool says(const std::string& text, std::string_view words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("address: names on the Hub become the URLs of their repositories") {
  CHECK(good("hf:river-office/river-small").url->text() == "https://huggingface.co/river-office/river-small");
  CHECK(good("hf:datasets/river-office/letters").url->text() ==
        "https://huggingface.co/datasets/river-office/letters");
  CHECK(good("hf:spaces/river-office/Demo_1.0").url->text() ==
        "https://huggingface.co/spaces/river-office/Demo_1.0");
  CHECK(good("hf:gpt2").url->text() == "https://huggingface.co/gpt2");
  CHECK(good("hf:datasets/squad").url->text() == "https://huggingface.co/datasets/squad");
  CHECK(good("hf://datasets/squad").url->text() == "https://huggingface.co/datasets/squad");
  CHECK(good("hf:a/b").on_hub);
  CHECK(good("hf:a/b").shown == "hf:a/b");
  CHECK(good("hf:a/b").path.empty());
}

TEST_CASE("address: an endpoint of one's own takes the place of the Hub, with its port and path") {
  const Url own = parse_url("http://127.0.0.1:8080/hub/", "HF_ENDPOINT").value();
  auto address = parse_address("hf:datasets/a/b", own);
  REQUIRE(address);
  CHECK(address->url->text() == "http://127.0.0.1:8080/hub/datasets/a/b");
  auto by_url = parse_address("http://127.0.0.1:8080/hub/a/b", own);
  REQUIRE(by_url);
  CHECK(by_url->on_hub);
  auto beside = parse_address("http://127.0.0.1:8080/hubbub/a/b", own);
  REQUIRE(beside);
  CHECK_FALSE(beside->on_hub);
}

TEST_CASE("address: one repository has one URL, however it is written") {
  for (const char* text :
       {"https://huggingface.co/a/b", "https://huggingface.co/a/b/", "HTTPS://HuggingFace.co:443/a/b",
        "https://huggingface.co/a/b.git", "hf:a/b", "hf://a/b"}) {
    INFO(text);
    CHECK(good(text).url->text() == "https://huggingface.co/a/b");
    CHECK(good(text).on_hub);
  }
  CHECK(good("https://git.example.org:8443/group/sub/model.git").url->text() ==
        "https://git.example.org:8443/group/sub/model.git");
  CHECK_FALSE(good("https://git.example.org/a/b").on_hub);
  CHECK_FALSE(good("https://huggingface.co:444/a/b").on_hub);
}

TEST_CASE("address: everything else is a path") {
  for (const char* text :
       {".", "model", "../a b", "./hf:a/b", "C:\\models", "a:b", "~/x@y:z", "datasets/a/b"}) {
    const Address address = good(text);
    CHECK(address.path == text);
    CHECK_FALSE(address.url);
    CHECK_FALSE(address.on_hub);
  }
}

TEST_CASE("address: what the Hub would not take as a name is refused with the reason") {
  CHECK(says(bad("hf:"), "empty"));
  CHECK(says(bad("hf:a/"), "empty"));
  CHECK(says(bad("hf:/a"), "empty"));
  CHECK(says(bad("hf:datasets/"), "empty"));
  CHECK(says(bad("hf:a/b/c"), "3 parts"));
  CHECK(says(bad("hf:datasets/a/b/tree/main"), "4 parts"));
  CHECK(says(bad("hf:a/b@main"), "option of the command"));
  CHECK(says(bad("hf:a/../b"), "3 parts"));
  CHECK(says(bad("hf:../b"), "begins or ends"));
  CHECK(says(bad("hf:a/b--c"), "'--'"));
  CHECK(says(bad("hf:a/b.git"), "'.git'"));
  CHECK(says(bad("https://huggingface.co/a/b.git.git"), "names no repository"));
  CHECK(says(bad("hf:a/-b"), "begins or ends"));
  CHECK(says(bad("hf:a/b?x=1"), "character other than"));
  CHECK(says(bad("hf:a/b c"), "character other than"));
  CHECK(says(bad(std::string_view("hf:a/b\0c", 8)), "zero byte"));
  CHECK(says(bad("hf:a/" + std::string(95, 'b')), "kMaxHubIdBytes"));
  CHECK(good("hf:a/" + std::string(94, 'b')).on_hub);
  CHECK(says(bad("hf:" + std::string(2000, 'b')), "kMaxAddressBytes"));
}

TEST_CASE("address: a page of the Hub is told from a repository") {
  CHECK(says(bad("https://huggingface.co/a/b/tree/main"), "ends after the name"));
  CHECK(says(bad("https://huggingface.co/datasets/a/b/blob/main/README.md"), "ends after the name"));
  CHECK(says(bad("https://huggingface.co/"), "no repository"));
}

TEST_CASE("address: a URL is read strictly, and a secret in it is not repeated") {
  const std::string secret = bad("https://user:hf_abcdef@huggingface.co/a/b");
  CHECK(says(secret, "user or password"));
  CHECK_FALSE(says(secret, "hf_abcdef"));
  CHECK_FALSE(says(bad("ftp://user:hf_abcdef@huggingface.co/a/b"), "hf_abcdef"));
  CHECK_FALSE(says(bad("https://user:hf_ab/cdef@huggingface.co/a/b"), "cdef"));
  CHECK_FALSE(says(bad("https://huggingface.co:1/user:hf_abcdef@x?" + std::string(2000, 'b')), "hf_abcdef"));
  CHECK(says(bad("http://huggingface.co/a/b"), "this machine only"));
  CHECK(says(bad("http://127.0.0.1.example.org/a"), "this machine only"));
  CHECK(says(bad("http://localhost.example.org/a"), "this machine only"));
  CHECK(says(bad("http://10.0.0.1/a"), "this machine only"));
  CHECK(says(bad("ssh://git@host/a"), "user or password"));
  CHECK(says(bad("ssh://host/a"), "'ssh://'"));
  CHECK(says(bad("file:///tmp/x"), "'file://'"));
  CHECK(says(bad("git://host/x"), "'git://'"));
  CHECK(says(bad("git@github.com:a/b"), "SSH"));
  CHECK(says(bad("https://github.com"), "no repository"));
  CHECK(says(bad("https:///a/b"), "cannot be one"));
  CHECK(says(bad("https://ho_st/a"), "cannot be one"));
  CHECK(says(bad("https://-host/a"), "cannot be one"));
  CHECK(says(bad("https://host./a"), "cannot be one"));
  CHECK(says(bad("https://0177.0.0.1/a"), "cannot be one"));
  CHECK(says(bad("https://127.1/a"), "cannot be one"));
  CHECK(says(bad("https://2130706433/a"), "cannot be one"));
  CHECK(says(bad("https://b\xc3\xbc"
                 "cher.example/a"),
             "xn--"));
  CHECK(says(bad("https://[fe80::1]/a"), "IPv6"));
  CHECK(says(bad("https://host:/a"), "port"));
  CHECK(says(bad("https://host:0/a"), "port"));
  CHECK(says(bad("https://host:65536/a"), "port"));
  CHECK(says(bad("https://host:8a/a"), "port"));
  CHECK(says(bad("https://host/a?x"), "query"));
  CHECK(says(bad("https://host/a#x"), "query"));
  CHECK(says(bad("https://host/a//b"), "empty part"));
  CHECK(says(bad("https://host/a/../b"), "'..'"));
  CHECK(says(bad("https://host/a%2fb"), "'%'"));
  CHECK(says(bad("https://host/a\nb"), "\\n"));
  CHECK(says(bad("https://host/" + std::string(2000, 'b')), "kMaxAddressBytes"));
  CHECK(says(bad(""), "found nothing"));
}

TEST_CASE("address: loopback is this machine and nothing that looks like it") {
  for (const char* host : {"localhost", "127.0.0.1", "127.1.2.3", "::1"}) CHECK(is_loopback_host(host));
  for (const char* host : {"127.example.org", "localhost.example", "0.0.0.0", "10.0.0.1", "128.0.0.1", ""}) {
    CHECK_FALSE(is_loopback_host(host));
  }
  CHECK(good("http://[::1]:8080/a").url->text() == "http://[::1]:8080/a");
}

TEST_CASE("address: a list of hosts holds names and everything below a name") {
  const std::vector<std::string> list = {"huggingface.co", "*.example.org"};
  CHECK(host_is_listed(list, "huggingface.co"));
  CHECK(host_is_listed(list, "git.example.org"));
  CHECK(host_is_listed(list, "a.b.example.org"));
  CHECK_FALSE(host_is_listed(list, "example.org"));
  CHECK_FALSE(host_is_listed(list, ".example.org.evil"));
  CHECK_FALSE(host_is_listed(list, "evilexample.org"));
  CHECK_FALSE(host_is_listed(list, "cdn.huggingface.co"));
  CHECK_FALSE(host_is_listed({}, "huggingface.co"));
}

}  // namespace cardwarden::testing
