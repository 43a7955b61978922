// SPDX-License-Identifier: Apache-2.0
#include "base/yaml_mistakes.h"

#include <algorithm>
#include <array>

#include "base/yaml_source.h"

namespace cardwarden::yaml::source {

namespace {

bool has(std::string_view message, std::string_view part) { return message.find(part) != std::string::npos; }

// "illegal map value": a colon where no key can be. Several mistakes look alike to the parser.
Mistake explain_colon(std::string_view src, const Line& line, std::size_t pos) {
  const std::size_t text = std::min(src.find_first_not_of(" \t", line.begin), line.end);
  Mistake mistake{text, line.end, {}, false};
  const std::string_view before = src.substr(line.begin, pos > line.begin ? pos - line.begin : 0);
  if (before.find(": ") != std::string_view::npos) {
    mistake.message = "A value with a colon followed by a blank must stand in quotes.";
    return mistake;
  }
  if (text > line.begin) {
    mistake.message =
        "This line is indented more than the line it belongs to, so its colon makes no sense here.";
    return mistake;
  }
  const std::size_t above = src.find_last_not_of(" \t\r\n", line.begin == 0 ? 0 : line.begin - 1);
  if (line.begin > 0 && above != std::string_view::npos) {
    const Line last = line_at(src, above);
    if (src.substr(last.begin, last.end - last.begin).find(':') == std::string_view::npos) {
      return {last.begin, last.end, "This line has no colon, so it is no key with a value.", false};
    }
  }
  mistake.message = "A colon stands here where no key can be; the line above may lack quotes.";
  return mistake;
}

struct Explanation {
  std::string_view part;     // of yaml-cpp's message
  std::string_view message;  // ours
};

constexpr std::array<Explanation, 22> kExplanations = {{
    {"end of sequence flow", "This list is opened with \"[\" and never closed with \"]\"."},
    {"end of map flow", "This mapping is opened with \"{\" and never closed with \"}\"."},
    {"end of map not found",
     "This line does not fit the mapping it stands in: a key and a colon are expected."},
    {"end of sequence not found", "This line does not fit the list it stands in: a dash is expected."},
    {"illegal flow end", "A closing bracket stands here without an opening one."},
    {"illegal block entry", "A list with dashes cannot begin on this line; put it on lines of its own."},
    {"illegal map key", "A key cannot stand here."},
    {"unknown token", "A value cannot begin with this character; put the value in quotes."},
    {"unknown escape",
     "This escape is not known in double quotes; write two backslashes or use single quotes."},
    {"bad character found while scanning hex", "An escape with hexadecimal digits is broken here."},
    {"invalid unicode", "An escape here names no Unicode character."},
    {"illegal EOF", "This quoted text has no closing quote."},
    {"illegal document indicator", "A line with \"---\" or \"...\" stands inside a quoted text."},
    {"alias not found", "A value cannot begin with \"*\"; put the value in quotes."},
    {"scanning alias", "A value that begins with \"*\" is read as an alias; put the value in quotes."},
    {"anchor not found", "A value cannot begin with \"&\"; put the value in quotes."},
    {"scanning anchor", "A value that begins with \"&\" is read as an anchor; put the value in quotes."},
    {"aliases can't", "An alias stands together with another value."},
    {"multiple", "A value has more than one tag or anchor."},
    {"tag", "A value that begins with \"!\" is read as a tag; put the value in quotes."},
    {"block scalar", "After \"|\" or \">\" only an indent digit, \"+\" or \"-\" may stand on the line."},
    {"directive", "A line that begins with \"%\" is read as a directive; put the value in quotes."},
}};

}  // namespace

Mistake explain(std::string_view src, std::string_view complaint, std::size_t pos, std::size_t read,
                std::optional<std::size_t> bracket) {
  if (has(complaint, "the referenced anchor is not defined")) {
    return {
        pos, end_of_word(src, pos),
        "A value that begins with \"*\" is read as an alias, and there is no such anchor; put the value in "
        "quotes.",
        true};
  }
  const bool open_flow = has(complaint, "flow not found");
  const bool open_quote = has(complaint, "illegal EOF");
  const bool unclosed = open_flow || open_quote;
  const std::size_t next = open_flow ? skip_space(src, read) : pos;
  if ((open_flow || has(complaint, "unknown token")) && next < src.size() && src[next] == '?') {
    return {
        next, line_at(src, next).end,
        "A question mark inside brackets or braces needs quotes around its value; readers disagree on it.",
        false};
  }
  if (open_flow) pos = bracket.value_or(read);
  if (open_quote) pos = std::min(src.find_first_of("\"'", read), src.size());
  const Line line = line_at(src, pos);
  const std::size_t text = std::min(src.find_first_not_of(" \t", line.begin), line.end);
  const std::size_t tab = src.find('\t', line.begin);
  if (!unclosed && tab < text) {
    return {tab, tab + 1, "A tab stands in the indent; YAML allows only blanks there.", false};
  }
  Mistake mistake{unclosed ? std::min(pos, line.end) : text, line.end, "This line is not valid YAML.", false};
  if (has(complaint, "illegal map value")) return explain_colon(src, line, pos);
  for (const Explanation& explanation : kExplanations) {
    if (!has(complaint, explanation.part)) continue;
    mistake.message = explanation.message;
    break;
  }
  return mistake;
}

}  // namespace cardwarden::yaml::source
