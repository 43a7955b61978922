// SPDX-License-Identifier: Apache-2.0
#include "remote/http_post.h"

#include <catch2/catch.hpp>

namespace cardwarden {
namespace {

constexpr const char* kType = "application/timestamp-reply";

Result<std::string> body_of(const std::string& answer) { return http_answer_body(answer, kType); }

}  // namespace

TEST_CASE("post: the body of a whole answer of the right type, and of no other") {
  const std::string type = "Content-Type: application/timestamp-reply\r\n";
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  CHECK(body_of(ok + type + "\r\nbytes").value() == "bytes");
  CHECK(body_of(ok + type + "Content-Length: 5\r\n\r\nbytes").value() == "bytes");
  CHECK(body_of("HTTP/1.0 200\r\ncontent-type: Application/Timestamp-Reply; x=1\r\n\r\n").value().empty());
  const std::string wrong[] = {"",
                               "x",
                               ok,
                               ok + type,
                               ok + "\r\nbytes",
                               "HTTP/2 200 OK\r\n" + type + "\r\n",
                               "HTTP/1.1 404 Not Found\r\n" + type + "\r\n",
                               "HTTP/1.1 302 Found\r\nLocation: /\r\n" + type + "\r\n",
                               ok + "Content-Type: text/html\r\n\r\n",
                               ok + type + "Content-Length: 6\r\n\r\nbytes",
                               ok + type + "Content-Length: 4\r\n\r\nbytes",
                               ok + type + "Transfer-Encoding: chunked\r\n\r\n5\r\nbytes",
                               ok + "X: " + std::string(kMaxPostHeadBytes, 'x') + "\r\n" + type + "\r\n"};
  for (const std::string& answer : wrong) {
    CAPTURE(answer.substr(0, 100));
    CHECK_FALSE(body_of(answer));
  }
}

TEST_CASE("post: an address that is none, or not plain HTTP, is refused before anything is sent") {
  HttpPost post;
  post.accept = kType;
  post.milliseconds = [] { return std::uint64_t{0}; };
  bool asked = false;
  post.resolve = [&asked](const std::string&) {
    asked = true;
    return Resolved{{}, RemoteFault::host_not_found, "none"};
  };
  for (const char* url : {"", "tsa.example", "https://tsa.example/", "http://", "http:///tsr",
                          "http://user@tsa.example/", "http://tsa.example:0/", "http://tsa.example/a b",
                          "http://tsa.example/\r\nX: y", "http://tsa.example/#x", "ftp://tsa.example/"}) {
    CAPTURE(url);
    post.url = url;
    CHECK(http_post(post).error().code == ErrorCode::usage);
    CHECK_FALSE(asked);
  }
  post.url = "http://tsa.example";
  CHECK(http_post(post).error().code == ErrorCode::not_found);
  CHECK(asked);
}

}  // namespace cardwarden
