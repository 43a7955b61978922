// SPDX-License-Identifier: Apache-2.0
#include "support/git_server.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace cardwarden::testing {

GitServer::GitServer(const std::string& root, const std::string& tls_host) {
  std::vector<std::string> words = {"python3", CARDWARDEN_SOURCE_DIR "/tests/support/git_server.py", root,
                                    scratch_ / "log"};
  if (!tls_host.empty()) {
    const auto made = run_program(
        {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
         "36500", "-subj", "/CN=" + tls_host, "-addext", "subjectAltName=DNS:" + tls_host, "-keyout",
         scratch_ / "key.pem", "-out", certificate()},
        scratch_.path());
    if (made.code != 0) throw std::runtime_error("openssl: " + made.out);
    words.push_back(certificate());
    words.push_back(scratch_ / "key.pem");
  }
  int in[2];
  int out[2];
  if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  const int failed = ::posix_spawnp(&process_, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(in[0]);
  ::close(out[1]);
  input_ = in[1];
  if (failed != 0) throw std::runtime_error("cannot start python3");
  char c = 0;
  while (::read(out[0], &c, 1) == 1 && c != '\n') port_ += c;
  ::close(out[0]);
  if (port_.empty()) throw std::runtime_error("the git server did not start");
}

void GitServer::stop() {
  if (input_ < 0) return;
  ::close(std::exchange(input_, -1));
  ::waitpid(process_, nullptr, 0);
}

std::vector<std::string> GitServer::requests() const {
  std::ifstream in(scratch_ / "log");
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

}  // namespace cardwarden::testing
