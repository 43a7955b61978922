// SPDX-License-Identifier: Apache-2.0
// Cards made to waste time: one piece of markup, a hundred thousand times. Work that grows with the square of
// the length would run for minutes and hit the time limit of the test; linear work is done in a second.
#include <catch2/catch.hpp>
#include <string>

#include "support/auditor.h"
#include "support/invariants.h"

namespace {

using namespace cardwarden;
using namespace cardwarden::testing;

constexpr std::size_t kBytes = 300'000;

constexpr const char* kPieces[] = {"](",
                                   "[",
                                   "![",
                                   "<",
                                   "<!--",
                                   "`",
                                   "``",
                                   "|",
                                   "*",
                                   "**",
                                   "_",
                                   "> ",
                                   "- ",
                                   "&",
                                   "@",
                                   "a@",
                                   "a@b.",
                                   "a@b.c ",
                                   "#",
                                   "# a\n",
                                   "(",
                                   "<td>",
                                   "<h2>",
                                   "<a ",
                                   "<a@b",
                                   "<http://",
                                   "1.",
                                   "\\",
                                   "**a**\n\n",
                                   "| a |\n|-|\n",
                                   "---\n",
                                   "~",
                                   "```\n",
                                   "a:",
                                   "。",
                                   "[a](b",
                                   "[a]: b\n",
                                   "x\n===\n",
                                   "\t",
                                   "<details>",
                                   "</table>",
                                   "<tr><td>a",
                                   "<pre>",
                                   "<li>",
                                   "a.",
                                   "1,",
                                   "e-",
                                   "a b, ",
                                   "www.",
                                   "http://a ",
                                   "hf_",
                                   "训",
                                   "{",
                                   "\"",
                                   "'",
                                   "%",
                                   "5 % ",
                                   "0.5 0.6 ",
                                   "\r",
                                   "\r\n",
                                   "<!-- cardwarden-disable-line a -- b -->",
                                   "<!-- cardwarden-disable model-card/license -- b -->\n",
                                   "Mr. ",
                                   "1) a\n",
                                   ": ",
                                   "trained on ",
                                   "the model was trained on the data of ",
                                   "is not ",
                                   "AKIA",
                                   "eyJ",
                                   "-----BEGIN ",
                                   "accuracy 5 % on ",
                                   "license ",
                                   "a-",
                                   "[^1]: ",
                                   "<b",
                                   "=",
                                   "A B ",
                                   "\xFF",
                                   "k: v\n",
                                   "TBD ",
                                   "[More Information Needed] "};

}  // namespace

TEST_CASE("a piece of markup repeated a hundred thousand times takes linear time") {
  Auditor auditor;
  for (const char* piece : kPieces) {
    std::string text = "# Model\n\n";
    while (text.size() < kBytes) text += piece;
    INFO(piece);
    const auto answer = auditor.audit(text);
    REQUIRE(broken_card(*answer.card) == "");
    REQUIRE(broken_prose(*answer.card, auditor.prose()) == "");
    REQUIRE(answer.report.findings.size() < 20'000);
  }
}

TEST_CASE("front matter made of one piece takes linear time") {
  Auditor auditor;
  for (const char* piece : {"- ",      "[",    "{",      "a: ",   "? ",
                            "&a ",     "*a ",  "!",      "\"",    "'",
                            "| ",      "a: [", "k: v\n", "- a\n", "license: mit\n",
                            "# c\n",   "a,",   "\t",     "%",     "tags: [x]\n",
                            "- hf_\n", "\n\n", "--- \n", "a:\n"}) {
    std::string text = "---\n";
    while (text.size() < kBytes / 3) text += piece;
    for (const char* end : {"\n---\n# T\n", ""}) {
      INFO(piece);
      const auto answer = auditor.audit(text + end);
      REQUIRE(broken_card(*answer.card) == "");
      REQUIRE(answer.report.findings.size() < 20'000);
    }
  }
}
