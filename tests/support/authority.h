// SPDX-License-Identifier: Apache-2.0
#pragma once
// A time stamping authority in a temporary folder, made and played by the openssl tool.

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "crypto/bytes.h"

namespace cardwarden::testing {

// A root, an authority for stamping alone, one more that is for servers, and another root.
inline constexpr const char* kMakeAuthority = R"sh(
set -e
cd "$1"
cat >ts.cnf <<'END'
[tsa]
default_tsa = main
[main]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ordering = no
tsa_name = yes
ess_cert_id_chain = no
[stamping]
extendedKeyUsage = critical,timeStamping
[serving]
extendedKeyUsage = critical,serverAuth
END
echo 01 >serial
for root in root other; do
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $root.key -out $root.pem -subj "/CN=Test $root" -days 30
done
for leaf in stamping serving; do
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $leaf.key -out $leaf.csr -subj "/CN=Test $leaf"
  openssl x509 -req -in $leaf.csr -CA root.pem -CAkey root.key -CAcreateserial -out $leaf.pem -days 30 -extfile ts.cnf -extensions $leaf
done
)sh";

class Authority {
 public:
  Authority() {
    std::string name = (std::filesystem::temp_directory_path() / "cardwarden-tsa-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
    std::ofstream(folder_ / "make.sh") << kMakeAuthority;
    run("/bin/sh make.sh " + name);
  }
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;
  ~Authority() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::string file(const std::string& name) const {
    std::ifstream in(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  // What the authority answers to the request.
  std::string stamp(const std::string& request) const {
    std::ofstream(folder_ / "request.tsq", std::ios::binary) << request;
    run("openssl ts -reply -config ts.cnf -section main -queryfile request.tsq -signer stamping.pem "
        "-inkey stamping.key -out reply.tsr");
    return file("reply.tsr");
  }
  bool openssl_agrees(const Hash& digest) const {
    return std::system(("cd " + folder_.string() + " && openssl ts -verify -digest " + hex(digest) +
                        " -in reply.tsr -CAfile root.pem >log 2>&1")
                           .c_str()) == 0;
  }

 private:
  void run(const std::string& command) const {
    if (std::system(("cd " + folder_.string() + " && " + command + " >log 2>&1").c_str()) != 0)
      throw std::runtime_error("openssl refuses: " + file("log"));
  }
  std::filesystem::path folder_;
};

}  // namespace cardwarden::testing
