// SPDX-License-Identifier: Apache-2.0
// A small blob to the pointer reader; the same bytes as a .gitattributes, and as a pattern and a path.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/expect.h"
#include "repository/lfs.h"

using namespace cardwarden;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto pointer = parse_lfs_pointer(bytes)) {
    expect(size <= kMaxPointerBytes, "a pointer is small");
    expect(
        pointer->oid.size() == 64 && pointer->oid.find_first_not_of("0123456789abcdef") == std::string::npos,
        "the oid is a SHA-256");
    expect(pointer->size <= static_cast<std::uint64_t>(INT64_MAX), "the size is one that git-lfs can hold");
    if (pointer->canonical && pointer->extensions.empty()) {
      const std::string written = "version https://git-lfs.github.com/spec/v1\noid sha256:" + pointer->oid +
                                  "\nsize " + std::to_string(pointer->size) + "\n";
      expect(written == bytes, "a canonical pointer is written in one way");
    }
  }
  const auto patterns = parse_lfs_patterns(bytes, "folder/.gitattributes");
  for (const LfsPattern& one : patterns) {
    expect(!one.pattern.empty() && one.pattern.size() <= kMaxPatternBytes, "a pattern has a bounded length");
    expect(one.line > 0, "a pattern stands on a line");
  }
  (void)lfs_tracks(patterns, "folder/some/model-00001-of-00002.safetensors");
  const std::size_t half = size / 2;
  (void)matches_git_pattern(bytes.substr(0, half), bytes.substr(half));
  return 0;
}
