// SPDX-License-Identifier: Apache-2.0
// What is read line by line gives the very events that yaml-cpp gives.
#include "base/yaml_lines.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "base/yaml_source.h"

using namespace cardwarden::yaml;

namespace {

constexpr int kRounds = 60'000;
constexpr std::size_t kMostBytes = 20'000;  // of one text

std::string shown(char kind, int offset, int line, int column, std::string_view text) {
  return std::string(1, kind) + std::to_string(offset) + " " + std::to_string(line) + ":" +
         std::to_string(column) + " " + std::string(text);
}

class Recorder : public YAML::EventHandler {
 public:
  std::vector<std::string> events;

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { add('n', mark, ""); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { add('*', mark, ""); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    add('s', mark, tag + value + (anchor == 0 ? "" : "&"));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value style) override {
    add('[', mark, tag + (style == YAML::EmitterStyle::Flow ? "f" : ""));
  }
  void OnSequenceEnd() override { events.emplace_back("]"); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value style) override {
    add('{', mark, tag + (style == YAML::EmitterStyle::Flow ? "f" : ""));
  }
  void OnMapEnd() override { events.emplace_back("}"); }

 private:
  void add(char kind, const YAML::Mark& mark, const std::string& text) {
    events.push_back(shown(kind, mark.pos, mark.line, mark.column, text));
  }
};

std::vector<std::string> of_yaml_cpp(const std::string& text) {
  Recorder recorder;
  std::istringstream stream(text);
  try {
    YAML::Parser parser(stream);
    parser.HandleNextDocument(recorder);
    if (parser.HandleNextDocument(recorder)) recorder.events.emplace_back("another document");
  } catch (const YAML::Exception& error) {
    recorder.events.emplace_back(error.what());
  }
  return recorder.events;
}

std::vector<std::string> of_lines(const std::vector<Event>& events) {
  std::vector<std::string> out;
  const auto add = [&out](char kind, const Event& event, const std::string& text) {
    out.push_back(shown(kind, static_cast<int>(event.offset), static_cast<int>(event.line),
                        static_cast<int>(event.column), text));
  };
  for (const Event& event : events) {
    switch (event.kind) {
      case EventKind::scalar:
        add('s', event, (event.quoted ? "!" : "?") + std::string(event.text));
        break;
      case EventKind::null:
        add('n', event, "");
        break;
      case EventKind::sequence_start:
        add('[', event, event.flow ? "?f" : "?");
        break;
      case EventKind::mapping_start:
        add('{', event, "?");
        break;
      case EventKind::sequence_end:
        out.emplace_back("]");
        break;
      case EventKind::mapping_end:
        out.emplace_back("}");
        break;
    }
  }
  return out;
}

// Whether the text was plain; if so, it gave the same events.
bool plain(const std::string& text) {
  const auto lines = read_plain_lines(text);
  if (!lines) return false;
  INFO(text);
  CHECK(of_lines(lines->events) == of_yaml_cpp(text));
  return true;
}

// What stands between the fences of the cards below a folder; the whole of a file without fences.
std::vector<std::string> texts_below(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> out;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(in), {});
    const std::size_t begin = text.rfind("---", 0) == 0 ? text.find('\n') : std::string::npos;
    const std::size_t end = begin == std::string::npos ? begin : text.find("\n---", begin);
    if (end != std::string::npos) text = text.substr(begin + 1, end - begin);
    std::string storage;
    source::Dirt dirt;
    out.emplace_back(source::clean(std::string_view(text).substr(0, kMostBytes), storage, dirt));
  }
  return out;
}

}  // namespace

TEST_CASE("yaml lines: what front matter is mostly made of is plain") {
  CHECK(plain("a: b"));
  CHECK(plain("a\n"));
  CHECK(plain("license: mit\ntags:\n- one\n- two words\n"));
  CHECK(plain("tags:\n  - one\n\n  - two\nlanguage: en   \n"));
  CHECK(plain("a:\n  b:\n    c: d\n  e: 1.5\nf: null\n"));
  CHECK(
      plain("model-index:\n- name: x\n  results:\n  - task:\n      type: y\n    metrics:\n    - value: ~\n"));
  CHECK(plain("a: [en, 'de', \"x: y\"]\nb: []\n'0': zero\n\"k\": \"v # w\"\n"));
  CHECK(plain("- a\n- - b\n  - c\n-   d: e\n    f: g\n"));
  CHECK(plain("key: \u00e9t\u00e9\n"));
  CHECK(plain("a: b:c\nd: e#f\ng: h-i\n"));
  CHECK(plain("# c\na: b\n\n   \n  # d\nc: d\r\n"));
  CHECK(plain("a:\nb:\n  c:\n  d:\ne:"));
  CHECK(plain("\u00fcber all: x\nI agree, and (once more) do: checkbox\n"));
}

TEST_CASE("yaml lines: quotes with escapes read as they are meant") {
  CHECK(plain("a: 'it''s'\nb: \"c\\n\\td\\\"\\\\\"\nc: ['''', \"\\\\\"]\nd: ''\n"));
  CHECK(plain("\"a\\/b\": \"c\\Ld\\Pe\\_f\"\n"));
}

TEST_CASE("yaml lines: text over several lines is folded or kept") {
  CHECK(plain("a: b\n  c\nd:\n- e\n  f\n"));
  CHECK(plain("a: >-\n  b\n  c\n\n  d\n\n\n    more\n\n  e\nf: g\n"));
  CHECK(plain("a: |\n  b\n   \n    c\n  # d\ne: >\n    f\n\n\ng: |-\n  h"));
  CHECK(plain("- >\n  a\n- |\n  b\n"));
  CHECK(plain("a: |\n  # no comment\n\n  b\n# comment\nc: d\n"));
}

TEST_CASE("yaml lines: what is not certainly plain is left to yaml-cpp") {
  for (const char* text : {"",
                           "a: b: c\n",
                           "a: b # c\n",
                           "a: &x b\n",
                           "a: *x\n",
                           "a: !t b\n",
                           "a:\n  b\n  c\n",
                           "a: {b: c}\n",
                           "a: 'b\n",
                           "a: [b\n",
                           "a: [b,]\n",
                           "a: [b, , c]\n",
                           "a: [[b]]\n",
                           "a: [b: c]\n",
                           "a: [Who?]\n",

                           " a: b\nc: d\n",
                           "a: b\n c: d\n",
                           "- a\nb: c\n",
                           "a:\n- b\n c: d\n",
                           "---\na: b\n",
                           "a: b\n---\n",
                           "a: b\n...\n",
                           "? a\n: b\n",
                           "a:\tb\n",
                           "null: a\n",
                           "a: - b\n",
                           "a: ? b\n",
                           "a: @b\n",
                           "a: %b\n",
                           "a: , b\n",
                           "-\n- a\n",
                           "a:\n b: c\n  d: e\n",
                           "a: 'b' c\n",
                           "a: \"\\u00e9\"\n",
                           "a: \"b\n  c\"\n",
                           "a: b\n# c\n  d\n",
                           "a: b\n\n  c\n",
                           "a: b\n  c: d\n",
                           "a: |+\n  b\n",
                           "a: >2\n  b\n",
                           "a: |\n\n  b\n",
                           "a: |\nb: c\n",
                           "a: b\rc: d\n"}) {
    INFO(text);
    CHECK_FALSE(plain(text));
  }
}

TEST_CASE("yaml lines: whatever is put together by chance, the events are yaml-cpp's or none") {
  const char* const pieces[] = {
      "a:",         "b: ",    "- ",      "-",    "c",   "'d'",    "\"e\"", "[f, g]", "[m?]",
      "[n-o, 'p']", "[]",     "[",       "]",    ",",   " ",      "  ",    "\n",     "\n",
      "\n  ",       "\n- ",   "\n    ",  "null", "~",   "#",      " #",    ":",      ": ",
      "&x ",        "*x",     "!t ",     "|",    ">",   "{h: i}", "1.5",   "yes",    "\u00e9",
      "'",          "\"",     "\n  c\n", "''",   "\\n", "\r\n",   ">-\n",  "|\n   ", "\n# c\n",
      "two words",  "k: v\n", "- l\n",   "?",    "%",   "@",      "...",   "---",    "\t"};
  std::mt19937 chance(7);
  std::size_t found_plain = 0;
  for (int round = 0; round < kRounds; ++round) {
    std::string text = round % 2 == 0 ? "a: b\n" : "";
    const std::size_t count = 1 + chance() % 9;
    for (std::size_t i = 0; i < count; ++i) text += pieces[chance() % std::size(pieces)];
    found_plain += plain(text) ? 1 : 0;
  }
  CHECK(found_plain > 2'000);
}

TEST_CASE("yaml lines: whatever lines follow each other, the events are yaml-cpp's or none") {
  const char* const lines[] = {"a: b",
                               "b: two words",
                               "c:",
                               "  c:",
                               "- d",
                               "  - d",
                               "    - e: f",
                               "      g: h",
                               "-",
                               "- k:",
                               "  more",
                               "    more",
                               "   odd",
                               "e: >-",
                               "  e: >",
                               "- |",
                               "f: |-",
                               "f: |+",
                               "f: >2",
                               "- a: >",
                               "# comment",
                               "  # comment",
                               "    # comment",
                               "g: h # comment",
                               "",
                               "",
                               "  ",
                               "     ",
                               "h: 'it''s'",
                               "h: \"a\\nb\\\"\"",
                               "h: \"a\\x41\"",
                               "h: \"open",
                               "i j (k): l",
                               "i: [a, 'b''c', \"d\\\\\"]",
                               "null: x",
                               "n: null",
                               "n: ~",
                               "url: http://a.b/c#d",
                               "  url http://a.b: c",
                               "text with: colon: twice",
                               "...",
                               "---",
                               "\u00fc: \u00e9",
                               "  \u00e9",
                               "null word: y",
                               "  'q': r",
                               "? s",
                               "t:u",
                               "  v :w",
                               "x : y",
                               "  1. one",
                               "z: - a",
                               "  * a"};
  std::mt19937 chance(8);
  std::size_t found_plain = 0;
  for (int round = 0; round < kRounds; ++round) {
    std::string text;
    const std::size_t count = 1 + chance() % 8;
    for (std::size_t i = 0; i < count; ++i) {
      text += lines[chance() % std::size(lines)];
      if (i + 1 < count || chance() % 4 != 0) text += chance() % 40 == 0 ? "\r\n" : "\n";
    }
    found_plain += plain(text) ? 1 : 0;
  }
  CHECK(found_plain > kRounds / 40);
}

TEST_CASE("yaml lines: seeds, damaged seeds and real front matter give yaml-cpp's events or none") {
  std::vector<std::string> texts = texts_below(CARDWARDEN_SOURCE_DIR "/tests/fuzz/corpus/front_matter");
  if (const char* folder = std::getenv("CARDWARDEN_TEST_CARDS")) {  // where a developer has some
    for (std::string& text : texts_below(folder)) texts.push_back(std::move(text));
  }
  std::mt19937 chance(9);
  for (const std::string& original : texts) {
    std::string text = original;
    for (int round = 0; round < 30; ++round) {
      plain(text);
      if (round % 5 == 4) text = original;
      if (text.empty()) break;
      const std::size_t at = chance() % text.size();
      const std::size_t length = 1 + chance() % 6;
      if (chance() % 2 == 0) {
        text.erase(at, length);
      } else {
        text.insert(at, text.substr(chance() % text.size(), length));
      }
    }
  }
}
