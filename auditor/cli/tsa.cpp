// SPDX-License-Identifier: Apache-2.0
#include "cli/tsa.h"

#include <utility>

#include "base/files.h"

namespace cardwarden::cli {

void add_authority_flags(CLI::App& command, AuthorityFlags& flags) {
  command.add_option("--tsa-cert", flags.trusted,
                     "Certificates (PEM) that you trust to tell the time: a root, or the authority's own");
  command.add_option("--tsa-chain", flags.intermediates,
                     "Certificates (PEM) between the two, where stamps do not carry them");
}

Result<std::optional<TimestampAuthority>> read_authority(const AuthorityFlags& flags) {
  if (flags.trusted.empty()) {
    if (flags.intermediates.empty()) return std::optional<TimestampAuthority>();
    return Error(ErrorCode::usage, "A chain leads to a trusted certificate; name it by --tsa-cert.",
                 "--tsa-chain");
  }
  TimestampAuthority out;
  for (const auto& [path, text] :
       {std::pair{&flags.trusted, &out.trusted}, std::pair{&flags.intermediates, &out.intermediates}}) {
    if (path->empty()) continue;
    auto bytes = read_whole_file(*path, kMaxAuthorityBytes);
    if (!bytes) return bytes.error();
    *text = *std::move(bytes);
  }
  return std::optional<TimestampAuthority>(std::move(out));
}

}  // namespace cardwarden::cli
