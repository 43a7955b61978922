// SPDX-License-Identifier: Apache-2.0
#include "repository/byte_source.h"

#include <algorithm>

namespace cardwarden {

ByteSource source_of(std::string_view bytes) {
  return {bytes.size(), [bytes](std::uint64_t offset, std::size_t count) -> Result<std::string> {
            if (offset > bytes.size() || count > bytes.size() - offset) {
              return Error(ErrorCode::format, "Expected more bytes than there are.");
            }
            return std::string(bytes.substr(static_cast<std::size_t>(offset), count));
          }};
}

bool ByteCursor::need(std::uint64_t bytes) {
  if (failed_ || bytes > limit_ - at_) failed_ = true;
  return !failed_;
}

char ByteCursor::next() {
  if (at_ < block_at_ || at_ - block_at_ >= block_.size()) {
    auto block = source_.read(at_, static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, limit_ - at_)));
    if (!block || block->empty()) {
      failed_ = true;
      return 0;
    }
    block_ = std::move(*block);
    block_at_ = at_;
  }
  return block_[static_cast<std::size_t>(at_++ - block_at_)];
}

std::uint64_t ByteCursor::number(std::size_t bytes) {
  if (!need(bytes)) return 0;
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < bytes && !failed_; ++i) {
    const std::uint64_t byte = static_cast<unsigned char>(next());
    out = big_endian_ ? (out << 8U) | byte : out | (byte << (8U * i));
  }
  return failed_ ? 0 : out;
}

std::string ByteCursor::text(std::uint64_t bytes, std::size_t keep) {
  std::string out;
  if (!need(bytes)) return out;
  const std::uint64_t kept = std::min<std::uint64_t>(bytes, keep);
  for (std::uint64_t i = 0; i < kept && !failed_; ++i) out.push_back(next());
  if (!failed_) at_ += bytes - kept;
  return out;
}

void ByteCursor::skip(std::uint64_t bytes) {
  if (need(bytes)) at_ += bytes;
}

}  // namespace cardwarden
