// SPDX-License-Identifier: Apache-2.0
#pragma once
// Bytes that are read piece by piece, so that the header of a file of any size costs the header only. Where
// the bytes come from (a blob, a file of the LFS store) is the caller's business.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace cardwarden {

struct ByteSource {
  std::uint64_t size = 0;
  // Exactly `count` bytes from `offset`; both lie within `size`. An Error where the bytes cannot be had.
  std::function<Result<std::string>(std::uint64_t offset, std::size_t count)> read;
};

// The bytes must outlive the source.
ByteSource source_of(std::string_view bytes);

// Reads little-endian numbers and strings forwards, in blocks. After a failure every read gives zero and
// `failed()` holds; callers check once at the end of each step. `limit` bounds the bytes passed in all.
class ByteCursor {
 public:
  ByteCursor(const ByteSource& source, std::uint64_t limit, bool big_endian = false)
      : source_(source), limit_(limit < source.size ? limit : source.size), big_endian_(big_endian) {}

  std::uint64_t number(std::size_t bytes);                  // 1, 2, 4 or 8 bytes
  std::string text(std::uint64_t bytes, std::size_t keep);  // the first `keep` bytes; the rest is passed over
  void skip(std::uint64_t bytes);
  std::uint64_t at() const { return at_; }
  bool failed() const { return failed_; }
  void set_big_endian(bool on) { big_endian_ = on; }

 private:
  static constexpr std::size_t kBlock = 64U << 10U;
  bool need(std::uint64_t bytes);
  char next();

  const ByteSource& source_;
  std::uint64_t limit_;
  bool big_endian_;
  std::uint64_t at_ = 0;
  std::uint64_t block_at_ = 0;
  std::string block_;
  bool failed_ = false;
};

}  // namespace cardwarden
