// SPDX-License-Identifier: Apache-2.0
#pragma once
// The plain part of YAML that most front matter is written in: mappings and lists by indentation, and values
// that are plain, in quotes on one line, blocks of text, lists of such in brackets, or not there. It is read
// here line by line, many times faster than by the general parser, and gives the very events that yaml-cpp
// gives (the tests compare them). Whatever is not certainly plain is left to yaml-cpp: anchors, tags, rare
// escapes, braces, quotes over several lines, tabs. Internal to yaml.cpp.

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cardwarden::yaml {

enum class EventKind : std::uint8_t {
  scalar,
  null,
  sequence_start,
  sequence_end,
  mapping_start,
  mapping_end
};

struct Event {
  EventKind kind = EventKind::scalar;
  std::uint32_t offset = 0;  // of the first byte of the value; of an end 0
  std::uint32_t line = 0;    // from 0, as yaml-cpp counts
  std::uint32_t column = 0;
  std::string_view text;  // of a scalar, as it reads; points into the source or into PlainLines::made
  bool quoted = false;    // or a block of text
  bool flow = false;      // of a list: in brackets
};

struct PlainLines {
  std::vector<Event> events;
  std::list<std::string> made;  // texts that do not stand in the source as they read
};

// The events of a text that is plain from its first to its last line; nothing for any other.
std::optional<PlainLines> read_plain_lines(std::string_view source);

}  // namespace cardwarden::yaml
