// SPDX-License-Identifier: Apache-2.0
// A card with a token and a private key goes through the commands; neither comes out again.
#include <catch2/catch.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "cli/command.h"
#include "report/report.h"
#include "support/git.h"

namespace cardwarden::testing {
namespace {

using Words = std::vector<std::string>;

// In two parts, so that no scanner takes this file for a leak.
const std::string kToken = std::string("hf") + "_CJXDCGLmlZGEONYlgCtjfIZSOcMzCPVNPk";
const std::string kKeyLines[] = {"fJTNcrZ6ydIEsgo5nVjzz8Gwb8ewCISuYCl0Xq56zaWR7PAmpBFXlNPHcSke4R1J",
                                 "dBi2ewQr8t4lC4LvGNWAMsIz0oaWdfZp7lvi60ZIF8qR38Ony1dHqceytDbKPTFn",
                                 "pGz3cW0uABBrDSxOOyBymrEqlHXm31qzZcmzTUoRyj9nde9syxoAwuKm"};

// The token stands in the metadata, in a sentence that discloses, in a comment and in a table; the key in a
// code block.
std::string card() {
  return "---\nlicense: " + kToken + "\nlicense: mit\ntags: [" + kToken + "]\n" + kToken +
         ": x\n---\n# heron\n\n" + "The model was trained on the Heron photographs with " + kToken +
         " and fails at night.\n\n" + "<!-- cardwarden-disable-file model-card/developer -- " + kToken +
         " -->\n\n| token | accuracy |\n|---|---|\n| " + kToken + " | 0.91 |\n\n" + "```\n-----BEGIN RSA " +
         "PRIVATE KEY-----\n" + kKeyLines[0] + "\n" + kKeyLines[1] + "\n" + kKeyLines[2] +
         "\n-----END RSA PRIVATE KEY-----\n```\n";
}

struct Ran {
  int code = -1;
  std::string text;  // both streams
};

Ran cardwarden(const Words& words, const std::string& input) {
  std::vector<const char*> argv{"cardwarden"};
  for (const std::string& word : words) argv.push_back(word.c_str());
  std::istringstream in(input);
  std::ostringstream out, err;
  cli::World world{in, out, err};
  Ran ran;
  ran.code = cli::run(static_cast<int>(argv.size()), argv.data(), world);
  ran.text = out.str() + err.str();
  return ran;
}

void check_no_secret(const std::string& out) {
  for (const std::string& secret : {kToken, kKeyLines[0], kKeyLines[1], kKeyLines[2]}) {
    for (std::size_t at = 4; at + 8 <= secret.size(); ++at) {
      INFO(secret.substr(at, 8) << " in\n" << out);
      CHECK(out.find(secret.substr(at, 8)) == std::string::npos);
    }
  }
}

// The token stands in a file that another rule quotes too, and stood in the card; the key lies in a file.
void fill(GitRepository& git) {
  git.write("README.md", "# heron\n\nlogin(token=\"" + kToken + "\")\n");
  git.commit("a card with a token");
  git.write("README.md", "---\nlicense: mit\n---\n# heron\n\nHeron sorts photographs.\n");
  git.write("config.json", "{\"_name_or_path\": \"heron/" + kToken + "\", \"model_type\": \"vit\"}\n");
  git.write("deploy/id_rsa", std::string("-----BEGIN RSA ") + "PRIVATE KEY-----\n" + kKeyLines[0] + "\n" +
                                 kKeyLines[1] + "\n-----END RSA PRIVATE KEY-----\n");
  git.commit("the token is gone from the card");
}

}  // namespace

TEST_CASE("secret: check shows it in no format, whether its rule is on, off or not of the policy") {
  REQUIRE(report_formats().size() == 10);
  for (const ReportFormat& format : report_formats()) {
    for (const Words& policy :
         {Words{"--policy", "strict"}, Words{"--policy", "strict", "--ignore", "governance/*"},
          Words{"--policy", "metadata-only"}}) {
      Words words{"check", "--no-config", "-", "--format", std::string(format.name)};
      words.insert(words.end(), policy.begin(), policy.end());
      INFO(format.name << " " << policy.back());
      const Ran ran = cardwarden(words, card());
      CHECK(ran.code == 1);
      CHECK(ran.text.find("licen") != std::string::npos);
      check_no_secret(ran.text);
    }
  }
}

TEST_CASE("secret: a report says that there is one, and its first letters") {
  const Ran ran = cardwarden({"check", "--no-config", "--policy", "strict", "-"}, card());
  CHECK(ran.text.find("governance/secret-in-card") != std::string::npos);
  CHECK(ran.text.find("photographs with hf_C… and fails") != std::string::npos);
}

TEST_CASE("secret: audit shows none of the files and of the history, whether the rules are on or off") {
  GitRepository git;
  fill(git);
  for (const ReportFormat& format : report_formats()) {
    for (const Words& policy :
         {Words{"--policy", "strict"}, Words{"--policy", "strict", "--ignore", "*/secret-*"}}) {
      Words words{"audit", git.path(), "--no-config", "--no-cache", "--format", std::string(format.name)};
      words.insert(words.end(), policy.begin(), policy.end());
      INFO(format.name << " " << policy.back());
      const Ran ran = cardwarden(words, "");
      CHECK(ran.code == 1);
      check_no_secret(ran.text);
    }
  }
  for (const Words& words :
       {Words{"history", git.path(), "--no-cache"}, Words{"compare", git.path(), "--no-cache"},
        Words{"diff", "HEAD~1..HEAD", git.path()}}) {
    const Ran ran = cardwarden(words, "");
    INFO(words.front() << "\n" << ran.text);
    CHECK((ran.code == 0 || ran.code == 1));
    check_no_secret(ran.text);
  }
}

TEST_CASE("secret: audit names the file, the line and the commit, and the cache keeps nothing of it") {
  GitRepository git;
  fill(git);
  const Scratch scratch;
  const Words words{"audit", git.path(), "--no-config", "--cache", scratch / "cache", "--format", "jsonl"};
  std::string first;
  for (int run = 0; run < 2; ++run) {
    const Ran ran = cardwarden(words, "");
    INFO(ran.text);
    CHECK(ran.text.find("config.json holds what looks like a Hugging Face access token (hf_C…).") !=
          ran.text.npos);
    CHECK(ran.text.find("\"path\":\"config.json\",\"line\":1,\"words\":\"hf_C…\"") != ran.text.npos);
    CHECK(ran.text.find("deploy/id_rsa holds what looks like a private key.") != ran.text.npos);
    CHECK(ran.text.find("holds what looks like a Hugging Face access token (hf_C…) (line 3)") !=
          ran.text.npos);
    if (run == 1) CHECK(ran.text == first);
    first = ran.text;
  }
  check_no_secret(
      run_program({"sh", "-c", "cat cache/results/* cache/results/*/* 2> /dev/null"}, scratch.path()).out);
  git.write("config.json", "{\"model_type\": \"vit\"}\n");
  git.remove("deploy/id_rsa");
  git.commit("no secrets");
  for (int run = 0; run < 2; ++run) {
    const Ran ran = cardwarden(words, "");
    INFO(ran.text);
    CHECK(ran.text.find("secret-in-repository") == ran.text.npos);
    CHECK(ran.text.find("secret-in-history") != ran.text.npos);
  }
}

TEST_CASE("secret: of very many in the files a hundred are listed and the rest are counted") {
  GitRepository git;
  git.write("README.md", "# heron\n");
  std::string script;
  for (char c = 'A'; c <= 'Z'; ++c) {
    for (const char* d : {"1", "2", "3", "4"})
      script += std::string("hf") + "_" + c + d + kToken.substr(5) + "\n";
  }
  git.write("push.py", script);
  git.commit("104 tokens");
  const Ran ran = cardwarden({"audit", git.path(), "--no-config", "--no-cache", "--format", "csv"}, "");
  std::size_t listed = 0;
  for (std::size_t at = ran.text.find("push.py holds"); at != ran.text.npos;
       at = ran.text.find("push.py holds", at + 1))
    ++listed;
  CHECK(listed == 100);
  CHECK(ran.text.find("4 more are not listed (kMaxFindings).") != ran.text.npos);
  check_no_secret(ran.text);
}

}  // namespace cardwarden::testing
