// SPDX-License-Identifier: Apache-2.0
#include "cli/kept_card.h"

#include "card/pack.h"
#include "cli/version.h"
#include "evidence/secrets.h"

namespace cardwarden::cli {

Card kept_card(ResultCache* cache, const std::string& path, const ObjectId& blob, std::string_view bytes,
               const ParseOptions& options) {
  if (cache == nullptr) return parse_card(path, bytes, options);
  const std::string kind(options.kind ? to_string(*options.kind) : "any");
  const std::string key = "card\n" + std::string(kVersion) + "\n" + std::string(kCommit) + "\n" + kind +
                          "\n" + blob.hex() + "\n" + path;
  if (const auto kept = cache->get(key)) {
    if (auto card = unpack_card(*kept)) return *std::move(card);
  }
  Card card = parse_card(path, bytes, options);
  if (find_secrets(card.text).empty()) cache->put(key, pack_card(card));
  return card;
}

}  // namespace cardwarden::cli
