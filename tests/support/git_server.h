// SPDX-License-Identifier: Apache-2.0
#pragma once
// git_server.py as long as this lives: a real git server on a free port of loopback. What each path does
// stands in the script.

#include <string>
#include <vector>

#include "support/git.h"

namespace cardwarden::testing {

class GitServer {
 public:
  // `root` holds bare repositories. With a name of a host it speaks TLS with a certificate for it, signed by
  // itself.
  explicit GitServer(const std::string& root, const std::string& tls_host = {});
  GitServer(const GitServer&) = delete;
  GitServer& operator=(const GitServer&) = delete;
  ~GitServer() { stop(); }

  void stop();  // its port is closed when this returns
  std::string port() const { return port_; }
  std::string url(const std::string& path) const { return "http://127.0.0.1:" + port_ + path; }
  std::string certificate() const { return scratch_ / "certificate.pem"; }
  // "127.0.0.1 GET /ok/river.git/info/refs?service=git-upload-pack -", one for each request so far.
  std::vector<std::string> requests() const;

 private:
  Scratch scratch_;
  std::string port_;
  int input_ = -1;  // the server ends when this is closed
  int process_ = -1;
};

}  // namespace cardwarden::testing
