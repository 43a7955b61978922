// SPDX-License-Identifier: Apache-2.0
// What is read line by line gives the very events that yaml-cpp gives.
#include "base/yaml_lines.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <catch2/catch.hpp>
#include <random>
#include <sstream>
#include <string>
#include <vector>

using namespace cardwarden::yaml;

namespace {

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
  const auto events = read_plain_lines(text);
  if (!events) return false;
  INFO(text);
  CHECK(of_lines(*events) == of_yaml_cpp(text));
  return true;
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
  CHECK(plain("\u00fcber: \u00e9t\u00e9\n") == false);  // a key of other letters is left to yaml-cpp
  CHECK(plain("key: \u00e9t\u00e9\n"));
  CHECK(plain("a: b:c\nd: e#f\ng: h-i\n"));
}

TEST_CASE("yaml lines: what is not certainly plain is left to yaml-cpp") {
  for (const char* text : {"",
                           "a:\n",
                           "a: b: c\n",
                           "a: b # c\n",
                           "# c\na: b\n",
                           "a: &x b\n",
                           "a: *x\n",
                           "a: !t b\n",
                           "a: |\n  b\n",
                           "a: b\n  c\n",
                           "a:\n  b\n  c\n",
                           "a: {b: c}\n",
                           "a: 'b\n",
                           "a: 'it''s'\n",
                           "a: \"b\\n\"\n",
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
                           "a: b\r\n",
                           "a: b\n   \nc: d\n",
                           "null: a\n",
                           "a: - b\n",
                           "a: ? b\n",
                           "a: @b\n",
                           "a: %b\n",
                           "a: , b\n",
                           "-\n- a\n",
                           "a:\n b: c\n  d: e\n",
                           "a: 'b' c\n"}) {
    INFO(text);
    CHECK_FALSE(plain(text));
  }
}

TEST_CASE("yaml lines: whatever is put together by chance, the events are yaml-cpp's or none") {
  const char* const pieces[] = {
      "a:", "b: ", "- ",     "-",     "c",  "'d'", "\"e\"", "[f, g]", "[m?]",   "[n-o, 'p']", "[]",  "[",
      "]",  ",",   " ",      "  ",    "\n", "\n",  "\n  ",  "\n- ",   "\n    ", "null",       "~",   "#",
      " #", ":",   ": ",     "&x ",   "*x", "!t ", "|",     ">",      "{h: i}", "1.5",        "yes", "\u00e9",
      "'",  "\"",  "k: v\n", "- l\n", "?",  "%",   "@",     "...",    "---",    "\t"};
  std::mt19937 chance(7);
  std::size_t found_plain = 0;
  for (int round = 0; round < 60'000; ++round) {
    std::string text = round % 2 == 0 ? "a: b\n" : "";
    const std::size_t count = 1 + chance() % 9;
    for (std::size_t i = 0; i < count; ++i) text += pieces[chance() % std::size(pieces)];
    found_plain += plain(text) ? 1 : 0;
  }
  CHECK(found_plain > 2'000);
}
