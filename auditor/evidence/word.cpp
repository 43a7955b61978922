// SPDX-License-Identifier: Apache-2.0
// Folding and hashing of single words.
#include <string>

#include "base/script.h"
#include "base/text.h"
#include "evidence/byte_class.h"
#include "evidence/prose.h"
#include "evidence/word_hash.h"

namespace cardwarden {
using bytes::class_of;
using bytes::is_upper;
using bytes::kHigh;

Span words_of(const Prose& prose, std::uint32_t first, std::uint32_t last) {
  const Word& begin = prose.words[first];
  const Word& end = prose.words[last > first ? last - 1 : first];
  return {begin.begin, end.begin + end.length};
}

std::uint64_t hash_word(std::string_view folded) {
  if (folded.empty()) return 0;
  std::uint64_t hash = 0;
  for (std::size_t at = 0; at < folded.size(); at += 8)
    hash = bytes::mix_word(hash, bytes::eight_of(folded, at, folded.size()));
  return bytes::end_hash(hash);
}

std::string_view fold_word(std::string_view word, std::string& buffer) {
  buffer.clear();
  for (std::size_t at = 0; at < word.size();) {
    if (class_of(word[at]) != kHigh) {
      const char c = word[at++];
      buffer += is_upper(c) ? static_cast<char>(c + ('a' - 'A')) : c;
    } else {
      text::append_utf8(buffer, script::fold(text::decode(word, at)));
    }
  }
  return buffer;
}

}  // namespace cardwarden
