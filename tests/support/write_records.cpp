// SPDX-License-Identifier: Apache-2.0
// write_records FOLDER: signs a record with each algorithm and writes what other people's verifiers are
// given.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "record/sign.h"
#include "unit/record/support.h"

using namespace cardwarden;

namespace {

bool write(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary);
  out << bytes;
  return out.good();
}

bool write_all(const std::filesystem::path& folder, const PrivateKey& key) {
  const test::AuditedCard audited({test::about_card("model-card/license")});
  const auto record = audit_statement(audited.input(key)).and_then([&key](const std::string& statement) {
    return sign_record(statement, key);
  });
  if (!record) return false;
  const auto files = openssl_export(record->envelope, key.public_key());
  const auto secret = key.to_pem("correct horse", std::string(kSaltBytes, 's'), std::string(kIvBytes, 'i'));
  if (!files || !secret) return false;
  std::filesystem::create_directories(folder);
  bool good = write(folder / "bundle.json", sigstore_bundle(record->envelope, key.public_key())) &&
              write(folder / "command", files->command) && write(folder / "key.pem", *secret);
  for (const ExportedFile& file : files->files) good = good && write(folder / file.name, file.bytes);
  return good;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: write_records FOLDER\n";
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  const bool good =
      write_all(folder / "ed25519", test::rfc_key()) &&
      write_all(folder / "p256", PrivateKey::p256_from_seed(std::string(kP256SeedBytes, 'p')).value());
  return good ? 0 : 1;
}
