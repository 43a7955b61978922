// SPDX-License-Identifier: Apache-2.0
// The commands as a user types them: arguments in, streams, files and exit code out.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "cli/templates.h"
#include "policy/config.h"
#include "policy/packs.h"
#include "report/report.h"

namespace cardwarden::testing {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Words = std::vector<std::string>;

const std::string kClean = "---\nlicense: mit\n---\n# heron\n\nA summariser.\n";
const std::string kWrongLicence = "---\nlicense: mti\n---\n# heron\n";                      // an error
const std::string kWrongLanguage = "---\nlicense: mit\nlanguage: xx-none\n---\n# heron\n";  // a warning
const std::string kLicenceRule = "metadata/license-unknown-id";
const std::string kLanguageRule = "metadata/language-invalid";

// One environment variable for as long as this lives.
class Variable {
 public:
  Variable(std::string name, const std::string& value) : name_(std::move(name)) {
    if (const char* before = std::getenv(name_.c_str())) before_ = before;
    ::setenv(name_.c_str(), value.c_str(), 1);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() {
    if (before_) {
      ::setenv(name_.c_str(), before_->c_str(), 1);
    } else {
      ::unsetenv(name_.c_str());
    }
  }

 private:
  std::string name_;
  std::optional<std::string> before_;
};

// A fresh folder that is the working folder, with a `.git` so that no configuration above it is found, and no
// CARDWARDEN_ variable but those the test sets. An empty variable counts as unset.
class Desk {
 public:
  Desk() : before_(fs::current_path()) {
    std::string name = (fs::temp_directory_path() / "cardwarden-e2e-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    root_ = fs::canonical(name);
    fs::create_directory(root_ / ".git");
    fs::current_path(root_);
  }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;
  ~Desk() {
    std::error_code ignored;
    fs::current_path(before_, ignored);
    fs::remove_all(root_, ignored);
  }

  const fs::path& root() const { return root_; }

  void write(const std::string& path, const std::string& text) const {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path, std::ios::binary) << text;
  }
  std::string read(const std::string& path) const {
    std::ifstream file(root_ / path, std::ios::binary);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  bool has(const std::string& path) const { return fs::exists(root_ / path); }

  // The files of the folder, sorted.
  Words files() const {
    Words out;
    for (const auto& entry : fs::recursive_directory_iterator(root_)) {
      if (!entry.is_directory()) out.push_back(entry.path().lexically_relative(root_).generic_string());
    }
    std::sort(out.begin(), out.end());
    return out;
  }

 private:
  fs::path before_;
  fs::path root_;
  Variable policy_{"CARDWARDEN_POLICY", ""}, rules_{"CARDWARDEN_RULES_DIR", ""},
      baseline_{"CARDWARDEN_BASELINE", ""}, format_{"CARDWARDEN_FORMAT", ""}, jobs_{"CARDWARDEN_JOBS", ""},
      fail_on_{"CARDWARDEN_FAIL_ON", ""}, max_warnings_{"CARDWARDEN_MAX_WARNINGS", ""},
      config_{"CARDWARDEN_CONFIG", ""}, store_{"CARDWARDEN_STORE", ""};
};

struct Ran {
  int code = -1;
  std::string out;
  std::string err;
};

struct Terminal {
  std::string in;
  bool is_terminal = false;
  bool no_colour = false;
};

Ran cardwarden(const Words& words, const Terminal& terminal = {}) {
  std::vector<const char*> argv{"cardwarden"};
  for (const std::string& word : words) argv.push_back(word.c_str());
  std::istringstream in(terminal.in);
  std::ostringstream out, err;
  cli::World world{in, out, err};
  world.out_is_terminal = world.err_is_terminal = terminal.is_terminal;
  world.no_colour = terminal.no_colour;
  Ran ran;
  ran.code = cli::run(static_cast<int>(argv.size()), argv.data(), world);
  ran.out = out.str();
  ran.err = err.str();
  return ran;
}

// `cardwarden check --policy metadata-only …`: findings that depend on a few bytes only.
Ran check(const Words& words, const Terminal& terminal = {}) {
  Words all{"check", "--policy", "metadata-only"};
  all.insert(all.end(), words.begin(), words.end());
  return cardwarden(all, terminal);
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Json parsed(const std::string& text) {
  Json out = Json::parse(text, nullptr, false);
  REQUIRE_FALSE(out.is_discarded());
  return out;
}

Json report(Words words, const Terminal& terminal = {}) {
  words.insert(words.end(), {"--format", "json"});
  return parsed(check(words, terminal).out);
}

// The rules of the findings of the only card, with a mark on those that are suppressed.
Words rules_of(const Json& run) {
  Words out;
  REQUIRE(run["cards"].size() == 1);
  for (const Json& finding : run["cards"][0]["findings"]) {
    out.push_back(finding["rule"].get<std::string>() +
                  (finding["suppression"].is_null() ? "" : " (suppressed)"));
  }
  std::sort(out.begin(), out.end());
  return out;
}

Words format_names() {
  Words out;
  for (const ReportFormat& format : report_formats()) out.emplace_back(format.name);
  return out;
}

}  // namespace

// --- check: the gate and the exit codes -----------------------------------------------------------------

TEST_CASE("check: a clean card passes the gate with one line") {
  const Desk desk;
  desk.write("README.md", kClean);
  const Ran ran = check({"README.md"});
  CHECK(ran.code == 0);
  CHECK(ran.out == "1 card checked, no findings.\n");
  CHECK(ran.err.empty());
}

TEST_CASE("check: an error fails the gate, and its line says where") {
  const Desk desk;
  desk.write("README.md", kWrongLicence);
  const Ran ran = check({"README.md"});
  CHECK(ran.code == 1);
  CHECK(holds(ran.out, "README.md:2:10 error "));
  CHECK(holds(ran.out, kLicenceRule));
  CHECK(ran.err.empty());
}

TEST_CASE("check: wrong usage is exit code 2 and prints no report") {
  const Desk desk;
  desk.write("README.md", kWrongLicence);
  struct Row {
    Words words;
    std::string says;
  };
  const Row row = GENERATE(values<Row>({
      {{"--formt", "json"}, "Did you mean `--format`?"},
      {{"--format", "jsn"}, "Did you mean `json`?"},
      {{"--select", "metadata/license-unknown-di"}, "Did you mean `metadata/license-unknown-id`?"},
      {{"--ignore", "nothing/*"}, "No rule matches `nothing/*`"},
      {{"--policy", "strickt"}, "Did you mean `strict`?"},
      {{"--policy", "./missing.yaml"}, "missing.yaml"},
      {{"--rules", "missing"}, "missing"},
      {{"--config", "missing.yaml"}, "missing.yaml"},
      {{"--kind", "modell"}, "must be model, dataset or space"},
      {{"--fail-on", "fatal"}, "must be off, info, warning or error"},
      {{"--max-warnings", "few"}, "must be a whole number"},
      {{"--min-disclosure", "2"}, "must be a number from 0 to 1"},
      {{"--jobs", "many"}, "must be a whole number"},
      {{"--scope", "gpai"}, "key=value"},
      {{"--format", "json", "--format", "csv"}, "2 formats for 1 output"},
  }));
  CAPTURE(row.words);
  Words words{"check", "README.md"};
  words.insert(words.end(), row.words.begin(), row.words.end());
  const Ran ran = cardwarden(words);
  CHECK(ran.code == 2);
  CHECK(ran.out.empty());
  CHECK(holds(ran.err, row.says));
}

TEST_CASE("check: a policy file with a mistake is exit code 2 and names line and column") {
  const Desk desk;
  desk.write("README.md", kClean);
  desk.write("team.yaml", "name: team\nrules:\n  metadata/license-unknwn-id: error\n");
  const Ran ran = cardwarden({"check", "--policy", "team.yaml", "README.md"});
  CHECK(ran.code == 2);
  CHECK(holds(ran.err, "team.yaml:3:3"));
  CHECK(holds(ran.err, "Did you mean `metadata/license-unknown-id`?"));
}

TEST_CASE("check: a mistaken command is exit code 2 with the nearest one") {
  const Desk desk;
  CHECK(cardwarden({"chekc"}).code == 2);
  CHECK(holds(cardwarden({"chekc"}).err, "Did you mean `check`?"));
  CHECK(holds(cardwarden({"baseline", "prine", "x"}).err, "Did you mean `prune`?"));
  CHECK(cardwarden({}).code == 2);
  CHECK(cardwarden({"check"}).code == 2);
  CHECK(cardwarden({"check", "--help"}).code == 0);
}

TEST_CASE("check: a path that does not exist is exit code 3") {
  const Desk desk;
  desk.write("README.md", kClean);
  const Ran ran = check({"README.md", "missing.md"});
  CHECK(ran.code == 3);
  CHECK(holds(ran.err, "missing.md"));
  CHECK(check({"--baseline", "missing.json", "README.md"}).code == 3);
}

TEST_CASE("check: one unreadable card is exit code 3, and the others are reported") {
  const Desk desk;
  desk.write("a/README.md", kWrongLicence);
  fs::create_directory(desk.root() / "b");
  fs::create_symlink("nowhere.md", desk.root() / "b/README.md");
  const Ran ran = check({".", "--format", "json"});
  CHECK(ran.code == 3);
  CHECK(holds(ran.err, "b/README.md"));
  const Json run = parsed(ran.out);
  CHECK(run["cards"].size() == 1);
  CHECK(run["problems"].size() == 1);
  CHECK(run["totals"]["errors"] == 1);
  CHECK(check({".", "--exit-zero"}).code == 3);
}

TEST_CASE("check: every format gives the same exit code") {
  const Desk desk;
  desk.write("clean.md", kClean);
  desk.write("wrong.md", kWrongLicence);
  desk.write("quiet.md", "---\n# cardwarden-disable-next-line " + kLicenceRule +
                             " -- being renamed\nlicense: mti\n---\n# heron\n");
  desk.write("gone/a/README.md", kClean);
  fs::create_directory(desk.root() / "gone/b");
  fs::create_symlink("nowhere.md", desk.root() / "gone/b/README.md");
  const Words names = format_names();
  REQUIRE(names.size() >= 10);
  for (const std::string& name : names) {
    CAPTURE(name);
    CHECK(check({"clean.md", "--format", name}).code == 0);
    CHECK(check({"wrong.md", "--format", name}).code == 1);
    CHECK(check({"quiet.md", "--format", name}).code == 0);
    CHECK(check({"gone", "--format", name}).code == 3);
    CHECK(check({"wrong.md", "--format", name, "--exit-zero"}).code == 0);
    CHECK(check({"wrong.md", "--format", name, "--ignore", "no/rule"}).code == 2);
  }
}

TEST_CASE("check: --exit-zero, --fail-on, --max-warnings and --min-disclosure move the gate") {
  const Desk desk;
  desk.write("error.md", kWrongLicence);
  desk.write("warning.md", kWrongLanguage);
  CHECK(check({"error.md", "--exit-zero"}).code == 0);
  CHECK(check({"error.md", "--exit-zero", "--select", "no/rule"}).code == 2);
  CHECK(check({"error.md", "--fail-on", "off"}).code == 0);
  CHECK(check({"warning.md"}).code == 0);
  CHECK(check({"warning.md", "--fail-on", "warning"}).code == 1);
  CHECK(check({"warning.md", "--max-warnings", "1"}).code == 0);
  CHECK(check({"warning.md", "--max-warnings", "0"}).code == 1);
  CHECK(check({"warning.md", "--min-disclosure", "0"}).code == 0);
  CHECK(check({"warning.md", "--min-disclosure", "1"}).code == 1);
}

TEST_CASE("check: --select and --ignore take lists and leave the paths after them alone") {
  const Desk desk;
  desk.write("a.md", kWrongLicence);
  desk.write("b.md", kWrongLanguage);
  const Ran both = check({"--select", kLicenceRule + "," + kLanguageRule, "a.md", "b.md"});
  CHECK(both.code == 1);
  CHECK(holds(both.out, "2 cards"));
  CHECK(holds(both.out, kLicenceRule));
  CHECK(holds(both.out, kLanguageRule));
  const Ran one = check({"--select", kLanguageRule, "a.md", "b.md"});
  CHECK(one.code == 0);
  CHECK_FALSE(holds(one.out, kLicenceRule));
  CHECK(check({"--ignore", "metadata/license-*", "a.md", "b.md"}).code == 0);
}

TEST_CASE("check: --exclude leaves cards out, by name or by path") {
  const Desk desk;
  desk.write("good/README.md", kClean);
  desk.write("drafts/README.md", kWrongLicence);
  CHECK(check({"."}).code == 1);
  const Ran ran = check({".", "--exclude", "drafts"});
  CHECK(ran.code == 0);
  CHECK(holds(ran.out, "1 card checked"));
  CHECK(check({".", "--exclude", "drafts/**"}).code == 0);
  CHECK(check({".", "--exclude", "good,nothing"}).code == 1);
}

TEST_CASE("check: --kind takes a card as what it is told") {
  const Desk desk;
  desk.write("README.md", kClean);
  const Json run = report({"README.md", "--kind", "dataset"});
  CHECK(run["cards"][0]["kind"] == "dataset");
  CHECK(run["cards"][0]["kind-source"] == "flag");
  CHECK(report({"README.md"})["cards"][0]["kind"] == "model");
}

TEST_CASE("check: - reads standard input under the name it is given") {
  const Desk desk;
  const Terminal wrong{kWrongLicence};
  const Ran ran = check({"-"}, wrong);
  CHECK(ran.code == 1);
  CHECK(holds(ran.out, "README.md:2:10 error"));
  CHECK(holds(check({"-", "--stdin-filename", "cards/heron.md"}, wrong).out, "cards/heron.md:2:10 error"));
  CHECK(report({"-", "--stdin-filename", "datasets/acme/x/README.md"}, wrong)["cards"][0]["kind"] ==
        "dataset");
  CHECK(check({"-"}, {kClean}).code == 0);
}

TEST_CASE("check: the name of standard input decides which configuration holds") {
  const Desk desk;
  desk.write("cards/.cardwarden.yaml", "ignore: [metadata/license-*]\n");
  CHECK(check({"-"}, {kWrongLicence}).code == 1);
  CHECK(check({"-", "--stdin-filename", "cards/heron.md"}, {kWrongLicence}).code == 0);
}

TEST_CASE("check: --statistics counts each rule, beside the report") {
  const Desk desk;
  desk.write("a/README.md", kWrongLicence);
  desk.write("b/README.md", kWrongLicence);
  desk.write("c/README.md", kWrongLanguage);
  const Ran ran = check({".", "--statistics", "--format", "json"});
  CHECK(ran.err == "2  error    " + kLicenceRule + "\n1  warning  " + kLanguageRule + "\n");
  CHECK(parsed(ran.out)["totals"]["findings"] == 3);
}

TEST_CASE("check: the order of the report does not depend on the number of threads") {
  const Desk desk;
  for (int i = 0; i < 60; ++i)
    desk.write("m" + std::to_string(i) + "/README.md", i % 3 == 0 ? kWrongLicence : kWrongLanguage);
  const Ran one = check({".", "--jobs", "1", "--format", "jsonl"});
  const Ran four = check({".", "--jobs", "4", "--format", "jsonl"});
  CHECK(one.code == 1);
  CHECK(four.code == 1);
  CHECK(one.out == four.out);
}

// --- check: what reaches files and terminals ------------------------------------------------------------

TEST_CASE("check: several formats go to several outputs in one run") {
  const Desk desk;
  desk.write("README.md", kWrongLicence);
  const Ran ran =
      check({"README.md", "--format", "json", "--output", "r.json", "--format", "text", "--output", "-",
             "--format", "sarif", "--output", "r.sarif", "--format", "csv", "--output", "r.csv"});
  CHECK(ran.code == 1);
  CHECK(ran.out == check({"README.md"}).out);
  CHECK(parsed(desk.read("r.json"))["totals"]["errors"] == 1);
  CHECK(parsed(desk.read("r.sarif"))["version"] == "2.1.0");
  CHECK(holds(desk.read("r.csv"), kLicenceRule));
  CHECK(desk.files() == Words{"README.md", "r.csv", "r.json", "r.sarif"});
}

TEST_CASE("check: a run that fails leaves no output file and touches none") {
  const Desk desk;
  desk.write("README.md", kWrongLicence);
  desk.write("old.json", "before");
  const Words before = desk.files();
  CHECK(check({"README.md", "--format", "json", "--output", "old.json", "--select", "no/rule"}).code == 2);
  CHECK(check({"missing.md", "--format", "json", "--output", "r.json"}).code == 3);
  CHECK(check({"README.md", "--format", "json", "--output", "r.json", "--format", "csv", "--output",
               "no/folder/r.csv"})
            .code == 3);
  CHECK(
      check({"README.md", "--format", "json", "--output", "old.json", "--format", "cvs", "--output", "r.csv"})
          .code == 2);
  CHECK(desk.files() == before);
  CHECK(desk.read("old.json") == "before");
}

TEST_CASE("check: an output that is no file is written in place, and a link stays a link") {
  const Desk desk;
  desk.write("README.md", kClean);
  CHECK(check({"README.md", "--format", "json", "--output", "/dev/null"}).code == 0);
  CHECK(fs::is_character_file("/dev/null"));
  desk.write("real.json", "before");
  fs::create_symlink("real.json", desk.root() / "link.json");
  CHECK(check({"README.md", "--format", "json", "--output", "link.json"}).code == 0);
  CHECK(fs::is_symlink(desk.root() / "link.json"));
  CHECK(parsed(desk.read("real.json"))["gate"]["passed"] == true);
}

TEST_CASE("check: colour only on a terminal, and never with NO_COLOR") {
  const Desk desk;
  desk.write("README.md", kWrongLicence);
  CHECK(holds(check({"README.md"}, {"", true, false}).out, "\x1b["));
  CHECK_FALSE(holds(check({"README.md"}, {"", true, true}).out, "\x1b"));
  CHECK_FALSE(holds(check({"README.md"}, {"", false, false}).out, "\x1b"));
  const Ran ran = check({"README.md", "--output", "r.txt", "--format", "text"}, {"", true, false});
  CHECK(ran.out.empty());
  CHECK_FALSE(holds(desk.read("r.txt"), "\x1b"));
}

TEST_CASE("check: no control character of a card or of its name reaches the text") {
  const Desk desk;
  const std::string card =
      "---\nlicense: \"m\\e[31mit\\x07\"\nlanguage: \"\\u202Een\"\n---\n# heron \x1b[2J\n\n## Limitations "
      "\xe2\x80\xae\n\n[More Information "
      "Needed] \x1b]0;title\x07 \xc2\x9b"
      "31m\n";
  desk.write("a\x1b[2Jb.md", card);
  const Ran ran = cardwarden({"check", "--policy", "strict", "a\x1b[2Jb.md"});
  CHECK(ran.code == 1);
  CHECK(holds(ran.out, "a\\x1b[2Jb.md"));
  CHECK(holds(ran.out, "\\x1b[31m"));
  const Ran missing = check({"c\x1b[2Jd.md"});
  CHECK(holds(missing.err, "c\\x1b[2Jd.md"));
  const Ran seen = cardwarden({"disclosures", "a\x1b[2Jb.md"});
  CHECK(seen.code == 0);
  for (const std::string& text : {ran.out, ran.err, missing.err, seen.out}) {
    CHECK_FALSE(holds(text, "\x1b"));
    CHECK_FALSE(holds(text, "\x07"));
    CHECK_FALSE(holds(text, "\xe2\x80\xae"));
    CHECK_FALSE(holds(text, "\xc2\x9b"));
  }
}

TEST_CASE("disclosures: a token in a quoted sentence is masked in each format") {
  const Desk desk;
  const std::string token =
      std::string("hf") + "_CJXDCGLmlZGEONYlgCtjfIZSOcMzCPVNPk";  // in two parts: no leak
  desk.write("README.md", "# heron\n\nThe model was trained on " + token + " and the Heron photographs.\n");
  for (const std::string format : {"text", "json", "jsonl"}) {
    const Ran ran = cardwarden({"disclosures", "README.md", "--format", format});
    INFO(format << "\n" << ran.out);
    CHECK(ran.code == 0);
    CHECK(holds(ran.out, "trained on hf_C… and the Heron"));
    CHECK_FALSE(holds(ran.out, token.substr(4, 8)));
  }
}

// --- suppressions ---------------------------------------------------------------------------------------

TEST_CASE("suppressions in the front matter: each form silences its finding and no other") {
  const Desk desk;
  const std::string what = kLicenceRule + " -- renamed in May\n";
  const std::string form = GENERATE_REF(values<std::string>({
      "# cardwarden-disable-next-line " + what + "license: mti\n",
      "license: mti # cardwarden-disable-line " + what,
      "# cardwarden-disable " + what + "license: mti\n# cardwarden-enable " + kLicenceRule + "\n",
      "# cardwarden-disable " + what + "license: mti\n",
      "# cardwarden-disable-file " + what + "license: mti\n",
      "# cardwarden-disable-next-line metadata/license-* -- renamed in May\nlicense: mti\n",
      "# cardwarden-disable-next-line " + kLicenceRule +
          ", metadata/language-invalid -- renamed in May\nlicense: mti\nlanguage: en\n",
  }));
  CAPTURE(form);
  desk.write("README.md", "---\n" + form + "---\n# heron\n");
  const Json run = report({"README.md", "--ignore", "suppression/unused"});
  CHECK(rules_of(run) == Words{kLicenceRule + " (suppressed)"});
  CHECK(run["cards"][0]["findings"][0]["suppression"]["reason"] == "renamed in May");
  CHECK(run["totals"]["errors"] == 0);
  CHECK(run["totals"]["suppressed"] == 1);
  CHECK(check({"README.md"}).code == 0);
}

TEST_CASE("suppressions in the body: each form silences its finding") {
  const Desk desk;
  const std::string rule = "model-card/limitations";
  const std::string gap = "[More Information Needed]\n";
  const std::string what = rule + " -- measured in June -->\n";
  const std::string form = GENERATE_COPY(values<std::string>({
      "## Limitations\n\n<!-- cardwarden-disable-next-line " + what + "\n" + gap,
      "## Limitations\n\n[More Information Needed] <!-- cardwarden-disable-line " + what,
      "<!-- cardwarden-disable " + what + "\n## Limitations\n\n" + gap + "\n<!-- cardwarden-enable " + rule +
          " -->\n",
      "<!-- cardwarden-disable " + what + "\n## Limitations\n\n" + gap,
      "## Limitations\n\n" + gap + "\n<!-- cardwarden-disable-file " + what,
  }));
  CAPTURE(form);
  const Words words{
      "check",    "--select", rule + ",suppression/*", "--fail-on", "warning", "--kind", "model", "README.md",
      "--format", "json"};
  desk.write("README.md", "# heron\n\n## Limitations\n\n" + gap);
  CHECK(cardwarden(words).code == 1);
  desk.write("README.md", "# heron\n\n" + form);
  const Ran ran = cardwarden(words);
  CHECK(ran.code == 0);
  CHECK(rules_of(parsed(ran.out)) == Words{rule + " (suppressed)"});
}

TEST_CASE("suppressions: without a reason nothing is silenced, and the comment is reported") {
  const Desk desk;
  desk.write("README.md",
             "---\n# cardwarden-disable-next-line " + kLicenceRule + "\nlicense: mti\n---\n# heron\n");
  CHECK(rules_of(report({"README.md"})) == Words{kLicenceRule, "suppression/invalid"});
  CHECK(check({"README.md"}).code == 1);
}

TEST_CASE("suppressions: an unknown rule is reported with the nearest one") {
  const Desk desk;
  desk.write(
      "README.md",
      "---\n# cardwarden-disable-file metadata/license-unknown-di -- soon\nlicense: mti\n---\n# heron\n");
  const Ran ran = check({"README.md"});
  CHECK(ran.code == 1);
  CHECK(holds(ran.out, "suppression/invalid"));
  CHECK(holds(ran.out, kLicenceRule));
}

TEST_CASE("suppressions: one that silences nothing is reported") {
  const Desk desk;
  desk.write("README.md", "---\n# cardwarden-disable-next-line " + kLicenceRule +
                              " -- renamed\nlicense: mit\n---\n# heron\n");
  CHECK(rules_of(report({"README.md"})) == Words{"suppression/unused"});
  CHECK(check({"README.md"}).code == 0);
  CHECK(check({"README.md", "--fail-on", "warning"}).code == 1);
}

// --- baseline -------------------------------------------------------------------------------------------

TEST_CASE("baseline: what it holds passes, a new finding fails") {
  const Desk desk;
  desk.write("README.md", kWrongLicence);
  const Words base{"--policy", "metadata-only", "README.md"};
  const Ran created = cardwarden({"baseline", "create", "--policy", "metadata-only", "README.md"});
  CHECK(created.code == 0);
  CHECK(created.out == ".cardwarden-baseline.json: 1 finding added, 0 removed, 0 kept\n");
  CHECK(desk.files() == Words{".cardwarden-baseline.json", "README.md"});

  const Words known{"README.md", "--baseline", ".cardwarden-baseline.json", "--fail-on", "warning"};
  CHECK(check(known).code == 0);
  CHECK(rules_of(report(known)) == Words{kLicenceRule + " (suppressed)"});

  SECTION("from another folder the paths are the same with the configuration's folder") {
    desk.write(".cardwarden.yaml", "baseline: .cardwarden-baseline.json\n");
    fs::current_path(desk.root() / ".git");
    CHECK(check({"../README.md"}).code == 0);
    CHECK(check({(desk.root() / "README.md").string()}).code == 0);
  }
  SECTION("lines that move do not matter") {
    desk.write("README.md", "---\n# a comment\ntags: [x]\nlicense: mti\n---\n# heron\n");
    CHECK(check(known).code == 0);
  }
  SECTION("another finding counts") {
    desk.write("README.md", "---\nlicense: mti\nlanguage: xx-none\n---\n# heron\n");
    CHECK(check(known).code == 1);
    CHECK(rules_of(report(known)) == Words{kLanguageRule, kLicenceRule + " (suppressed)"});
  }
}

TEST_CASE("baseline: update takes the named cards as they are, prune only takes away") {
  const Desk desk;
  desk.write("a/README.md", kWrongLicence);
  desk.write("b/README.md", kWrongLicence);
  const auto run = [](const std::string& verb, const std::string& path) {
    return cardwarden({"baseline", verb, "--policy", "metadata-only", "--output", "known.json", path});
  };
  CHECK(run("create", ".").out == "known.json: 2 findings added, 0 removed, 0 kept\n");
  desk.write("a/README.md", kWrongLanguage);

  SECTION("prune removes what is gone and adds nothing") {
    CHECK(run("prune", ".").out == "known.json: 0 findings added, 1 removed, 1 kept\n");
    CHECK_FALSE(holds(desk.read("known.json"), kLanguageRule));
    CHECK(check({".", "--baseline", "known.json", "--fail-on", "warning"}).code == 1);
  }
  SECTION("prune removes the lines of a card that is gone") {
    fs::remove_all(desk.root() / "b");
    CHECK(run("prune", "a").out == "known.json: 0 findings added, 2 removed, 0 kept\n");
    CHECK(parsed(desk.read("known.json"))["findings"].empty());
  }
  SECTION("prune keeps the lines of a card that it did not look at") {
    CHECK(run("prune", "a").out == "known.json: 0 findings added, 1 removed, 1 kept\n");
    CHECK(holds(desk.read("known.json"), "b/README.md"));
  }
  SECTION("update") {
    CHECK(run("update", "a").out == "known.json: 1 finding added, 1 removed, 1 kept\n");
    CHECK(holds(desk.read("known.json"), "b/README.md"));
    CHECK(check({".", "--baseline", "known.json", "--fail-on", "warning"}).code == 0);
  }
  SECTION("create begins anew") {
    CHECK(run("create", "a").out == "known.json: 1 finding added, 2 removed, 0 kept\n");
  }
}

TEST_CASE("baseline: the configuration names the file, and it need not be there yet") {
  const Desk desk;
  desk.write(".cardwarden.yaml", "policy: metadata-only\nbaseline: ci/known.json\n");
  desk.write("ci/README.txt", "");
  desk.write("README.md", kWrongLicence);
  CHECK(cardwarden({"baseline", "create", "README.md"}).code == 0);
  CHECK(parsed(desk.read("ci/known.json"))["findings"].size() == 1);
  CHECK(cardwarden({"check", "README.md"}).code == 0);
}

TEST_CASE("baseline: findings that a comment suppresses are not written") {
  const Desk desk;
  desk.write("README.md", "---\n# cardwarden-disable-next-line " + kLicenceRule +
                              " -- renamed\nlicense: mti\n---\n# heron\n");
  CHECK(cardwarden({"baseline", "create", "--policy", "metadata-only", "README.md"}).code == 0);
  CHECK(parsed(desk.read(".cardwarden-baseline.json"))["findings"].empty());
}

TEST_CASE("baseline: nothing is written when something is wrong") {
  const Desk desk;
  desk.write("README.md", kWrongLicence);
  desk.write("sub/README.md", kClean);
  fs::create_symlink("nowhere.md", desk.root() / "readme.md");
  const Words before = desk.files();
  CHECK(cardwarden({"baseline", "update", "README.md"}).code == 3);
  CHECK(cardwarden({"baseline", "prune", "README.md"}).code == 3);
  CHECK(cardwarden({"baseline", "create", "missing.md"}).code == 3);
  CHECK(cardwarden({"baseline", "create", "README.md", "readme.md"}).code == 3);
  CHECK(cardwarden({"baseline", "create", "--select", "no/rule", "README.md"}).code == 2);
  CHECK(cardwarden({"baseline", "create", "--output", "no/folder/x.json", "README.md"}).code == 3);
  CHECK(desk.files() == before);
}

TEST_CASE("baseline create: a file that is no baseline is replaced only with --force") {
  const Desk desk;
  desk.write("README.md", kWrongLicence);
  const Ran ran = cardwarden({"baseline", "create", "--output", "README.md", "README.md"});
  CHECK(ran.code == 2);
  CHECK(holds(ran.err, "--force"));
  CHECK(desk.read("README.md") == kWrongLicence);
  desk.write("known.json", "<<<<<<< merge");
  CHECK(cardwarden({"baseline", "create", "--force", "--output", "known.json", "README.md"}).code == 0);
  CHECK(parsed(desk.read("known.json"))["schema"] == "cardwarden-baseline/1");
}

// --- configuration --------------------------------------------------------------------------------------

TEST_CASE("configuration: default < file < variable < flag, and config show says which") {
  const Desk desk;
  desk.write("cards/heron/README.md", kClean);
  const auto policy = [](const Words& more = {}) {
    Words words{"config", "show", "--origin", "--format", "json", "cards/heron/README.md"};
    words.insert(words.end(), more.begin(), more.end());
    const Ran ran = cardwarden(words);
    CHECK(ran.code == 0);
    const Json setting = parsed(ran.out)["settings"]["policy"];
    return setting["value"].get<std::string>() + " " + setting["origin"].get<std::string>();
  };
  CHECK(policy() == "hub-publish default");
  desk.write(".cardwarden.yaml", "# ours\npolicy: strict\n");
  CHECK(policy() == "strict " + (desk.root() / ".cardwarden.yaml").string() + ":2");
  CHECK(policy({"--no-config"}) == "hub-publish default");
  const Variable variable("CARDWARDEN_POLICY", "metadata-only");
  CHECK(policy() == "metadata-only CARDWARDEN_POLICY");
  CHECK(policy({"--policy", "hub-publish"}) == "hub-publish --policy");
}

TEST_CASE("configuration: it is searched upward, the nearest one holds, and a .git ends the search") {
  const Desk desk;
  desk.write("a/b/README.md", kWrongLicence);
  desk.write(".cardwarden.yaml", "ignore: [" + kLicenceRule + "]\n");
  CHECK(check({"a/b/README.md"}).code == 0);
  desk.write("a/.cardwarden.yaml", "jobs: 1\n");
  CHECK(check({"a/b/README.md"}).code == 1);
  CHECK(check({"a/b/README.md", "--config", ".cardwarden.yaml"}).code == 0);
  CHECK(check({"a/b/README.md", "--no-config"}).code == 1);
  fs::remove(desk.root() / "a/.cardwarden.yaml");
  fs::create_directory(desk.root() / "a/.git");
  CHECK(check({"a/b/README.md"}).code == 1);
}

TEST_CASE("configuration: CARDWARDEN_POLICY decides what check asks, and a flag wins over it") {
  const Desk desk;
  desk.write("README.md", kWrongLicence);
  desk.write("none.yaml", "name: none\n");
  CHECK(cardwarden({"check", "README.md"}).code == 1);
  const Variable variable("CARDWARDEN_POLICY", "none.yaml");
  CHECK(cardwarden({"check", "README.md"}).code == 0);
  CHECK(cardwarden({"check", "README.md", "--policy", "metadata-only"}).code == 1);
  const Variable wrong("CARDWARDEN_JOBS", "some");
  const Ran ran = cardwarden({"check", "README.md"});
  CHECK(ran.code == 2);
  CHECK(holds(ran.err, "CARDWARDEN_JOBS"));
}

TEST_CASE(
    "configuration: its gate, overrides and exclusions hold for paths below its folder, from wherever") {
  const Desk desk;
  desk.write(".cardwarden.yaml",
             "policy: metadata-only\ngate:\n  fail-on: warning\nexclude: [drafts]\noverrides:\n  - path: "
             "old/**\n    rules:\n"
             "      metadata/language-invalid: off\n");
  desk.write("old/x/README.md", kWrongLanguage);
  desk.write("drafts/README.md", kWrongLicence);
  fs::create_directories(desk.root() / "elsewhere");
  fs::current_path(desk.root() / "elsewhere");
  CHECK(cardwarden({"check", ".."}).code == 0);
  desk.write("new/README.md", kWrongLanguage);
  CHECK(cardwarden({"check", ".."}).code == 1);
  CHECK(cardwarden({"check", "..", "--fail-on", "error"}).code == 0);
}

TEST_CASE("configuration: an unknown key is exit code 2 with line, column and the nearest key") {
  const Desk desk;
  desk.write("README.md", kClean);
  desk.write(".cardwarden.yaml", "jobs: 1\npolcy: strict\n");
  for (const Words& words :
       {Words{"check", "README.md"}, Words{"config", "show"}, Words{"baseline", "create", "README.md"}}) {
    const Ran ran = cardwarden(words);
    CHECK(ran.code == 2);
    CHECK(ran.out.empty());
    CHECK(holds(ran.err, ".cardwarden.yaml:2:1"));
    CHECK(holds(ran.err, "Did you mean `policy`?"));
  }
}

TEST_CASE("configuration: a folder of rules of your own") {
  const Desk desk;
  desk.write("house/rules/house/steward/rule.md",
             "---\ntitle: Steward\nquestion: Does the card name its steward?\nstatus: stable\nsince: "
             "0.1.0\nkinds: [model]\n"
             "message: The card names no steward.\nremedy: Write who looks after the model.\nreferences: "
             "[House rules 1]\n---\n"
             "## What it asks\nA.\n## Why it matters\nB.\n## What counts\nC.\n## What does not\nD.\n## How "
             "to fix\nE.\n## Known misses\nF.\n");
  desk.write("house/rules/house/steward/detect.yaml",
             "headings: [steward]\nclues:\n  - say: [\"steward: _\"]\n");
  desk.write("house/rules/house/steward/cases.yaml",
             "- name: a label\n  card: |\n    Steward: Ida\n  expect: disclosed\n  cites: \"Ida\"\n");
  desk.write("cards/README.md", kClean);
  const Words words{"check", "cards/README.md", "--policy", "metadata-only", "--fail-on", "warning"};
  CHECK(cardwarden(words).code == 0);

  desk.write(".cardwarden.yaml", "rules-dir: [house/rules]\n");
  const Ran missing = cardwarden(words);
  CHECK(missing.code == 1);
  CHECK(holds(missing.out, "warning house/steward"));
  CHECK(holds(missing.out, "The card names no steward."));
  desk.write("cards/README.md", kClean + "\nSteward: Ida\n");
  CHECK(cardwarden(words).code == 0);
  CHECK(cardwarden({"policy", "show", "metadata-only"}).out.find("house/steward") != std::string::npos);

  desk.write("cards/README.md", kClean);
  desk.write(".cardwarden.yaml", "rules-dir: [house/rules]\nrules:\n  house/steward: error\n");
  CHECK(cardwarden({"check", "cards/README.md", "--policy", "metadata-only"}).code == 1);
  desk.write(".cardwarden.yaml", "rules-dir: [house/rools]\n");
  CHECK(cardwarden(words).code == 2);
}

TEST_CASE("config show: text has a line for each setting, with --origin its place too") {
  const Desk desk;
  desk.write(".cardwarden.yaml",
             "gate:\n  max-warnings: 7\nscope:\n  gpai: true\nselect: [metadata/*, parse/*]\n");
  const Ran plain = cardwarden({"config", "show"});
  CHECK(plain.code == 0);
  const std::string file = (desk.root() / ".cardwarden.yaml").string();
  CHECK(plain.out.rfind(file + "\n", 0) == 0);
  CHECK(holds(plain.out, "gate.max-warnings    7\n"));
  CHECK(holds(plain.out, "metadata/*, parse/*\n"));
  CHECK_FALSE(holds(plain.out, "default"));
  const Ran origin = cardwarden({"config", "show", "--origin"});
  CHECK(holds(origin.out, file + ":2\n"));
  CHECK(holds(origin.out, file + ":4\n"));
  CHECK(holds(origin.out, "default\n"));
  const Json json = parsed(cardwarden({"config", "show", "--format", "json"}).out);
  CHECK(json["file"] == file);
  CHECK(json["settings"]["gate.max-warnings"] == 7);
  CHECK(json["settings"]["select"] == Json{"metadata/*", "parse/*"});
  CHECK(json["settings"]["baseline"].is_null());
  CHECK(json["settings"]["scope.gpai"] == "true");
  CHECK(cardwarden({"config", "show", "--format", "xml"}).code == 2);
}

TEST_CASE("init: the file loads and changes nothing") {
  const Desk desk;
  const Json before = parsed(cardwarden({"config", "show", "--format", "json"}).out);
  CHECK(before["file"].is_null());
  const Ran ran = cardwarden({"init"});
  CHECK(ran.code == 0);
  CHECK(ran.out == "wrote .cardwarden.yaml\n");
  CHECK(desk.read(".cardwarden.yaml") == default_config_text());
  const Json after = parsed(cardwarden({"config", "show", "--format", "json"}).out);
  CHECK(after["file"] == (desk.root() / ".cardwarden.yaml").string());
  CHECK(after["settings"] == before["settings"]);
  desk.write("README.md", kClean);
  CHECK(cardwarden({"check", "README.md"}).out == cardwarden({"check", "--no-config", "README.md"}).out);
}

TEST_CASE("init: a file that is there stays, unless --force is given") {
  const Desk desk;
  desk.write("team/.cardwarden.yaml", "jobs: 1\n");
  const Ran ran = cardwarden({"init", "team"});
  CHECK(ran.code == 2);
  CHECK(holds(ran.err, "team/.cardwarden.yaml"));
  CHECK(holds(ran.err, "--force"));
  CHECK(desk.read("team/.cardwarden.yaml") == "jobs: 1\n");
  CHECK(cardwarden({"init", "--force", "team"}).code == 0);
  CHECK(desk.read("team/.cardwarden.yaml") == default_config_text());
  CHECK(cardwarden({"init", "missing"}).code == 3);
}

// --- new ------------------------------------------------------------------------------------------------

TEST_CASE("new: prints a card for each kind, which the auditor can read") {
  const Desk desk;
  CHECK(card_template_names() == std::vector<std::string_view>{"dataset", "model", "space"});
  for (const std::string kind : {"model", "dataset", "space"}) {
    CAPTURE(kind);
    const Ran ran = cardwarden({"new", kind});
    CHECK(ran.code == 0);
    CHECK(ran.out == card_template(kind));
    CHECK(ran.out.rfind("---\n", 0) == 0);
    desk.write(kind + ".md", ran.out);
    const Json run = parsed(
        cardwarden({"check", "--select", "parse/*", "--kind", kind, "--format", "json", kind + ".md"}).out);
    CHECK(run["totals"]["findings"] == 0);
  }
  const Ran wrong = cardwarden({"new", "paper"});
  CHECK(wrong.code == 2);
  CHECK(wrong.out.empty());
}

TEST_CASE("new --output: writes the file, and replaces one only with --force") {
  const Desk desk;
  const Ran ran = cardwarden({"new", "model", "--output", "README.md"});
  CHECK(ran.code == 0);
  CHECK(ran.out == "wrote README.md\n");
  CHECK(desk.read("README.md") == card_template("model"));
  const Ran again = cardwarden({"new", "dataset", "--output", "README.md"});
  CHECK(again.code == 2);
  CHECK(holds(again.err, "--force"));
  CHECK(desk.read("README.md") == card_template("model"));
  CHECK(cardwarden({"new", "dataset", "--output", "README.md", "--force"}).code == 0);
  CHECK(desk.read("README.md") == card_template("dataset"));
  CHECK(cardwarden({"new", "model", "--output", "no/folder/README.md"}).code == 3);
}

// --- policy ---------------------------------------------------------------------------------------------

TEST_CASE("policy list: every built-in policy with its description") {
  const Desk desk;
  const Ran text = cardwarden({"policy", "list"});
  CHECK(text.code == 0);
  const Json json = parsed(cardwarden({"policy", "list", "--format", "json"}).out);
  REQUIRE(json.size() == builtin_pack_names().size());
  for (const Json& pack : json) {
    CHECK(holds(text.out, pack["name"].get<std::string>() + " "));
    CHECK_FALSE(pack["description"].get<std::string>().empty());
    CHECK(holds(text.out, pack["description"].get<std::string>()));
    CHECK(pack["digest"].get<std::string>().size() == 64);
  }
}

TEST_CASE("policy show: what a file comes to with all it extends") {
  const Desk desk;
  desk.write("team.yaml",
             "name: team\nversion: \"3\"\ndescription: Ours.\nextends: metadata-only\nrules:\n  "
             "metadata/license-unknown-id:\n    severity: info\n"
             "    because: Checklist 4\noverrides:\n  - path: old/**\n    rules:\n      metadata/*: "
             "off\ngate:\n  fail-on: warning\n"
             "  max-warnings: 3\nscope:\n  gpai: true\ncontrols:\n  - framework: House\n    provision: "
             "\"1\"\n    text: A licence.\n"
             "    evidence: [model-card/license]\n");
  const Ran text = cardwarden({"policy", "show", "team.yaml"});
  CHECK(text.code == 0);
  CHECK(text.out.rfind("team 3: Ours.\nsha256:", 0) == 0);
  CHECK(holds(text.out, "gate: fail-on warning, max-warnings 3\n"));
  CHECK(holds(text.out, "scope: gpai=true\n"));
  CHECK(holds(text.out, "  info     metadata/license-unknown-id"));
  CHECK(holds(text.out, "Checklist 4\n"));
  CHECK(holds(text.out, "  error    metadata/model-index-invalid"));
  CHECK(holds(text.out, "for old/**\n  off      metadata/"));
  CHECK(holds(text.out, "House, 1: model-card/license\n"));

  const Json json = parsed(cardwarden({"policy", "show", "--format", "json", "team.yaml"}).out);
  CHECK(holds(text.out, "sha256:" + json["digest"].get<std::string>() + "\n"));
  CHECK(json["policy"]["rules"]["metadata/license-unknown-id"]["severity"] == "info");
  CHECK(json["policy"]["schema"] == "cardwarden-policy/1");
}

TEST_CASE("policy show: without a name it is what check uses here") {
  const Desk desk;
  desk.write("README.md", kWrongLicence);
  desk.write(".cardwarden.yaml", "policy: metadata-only\nignore: [" + kLicenceRule + "]\n");
  const Json shown = parsed(cardwarden({"policy", "show", "--format", "json"}).out);
  const Json used = parsed(cardwarden({"check", "README.md", "--format", "json"}).out);
  CHECK(shown["digest"] == used["policy"]["digest"]);
  CHECK_FALSE(shown["policy"]["rules"].contains(kLicenceRule));
  const Json alone = parsed(cardwarden({"policy", "show", "metadata-only", "--format", "json"}).out);
  CHECK(alone["policy"]["rules"].contains(kLicenceRule));
  CHECK(alone["digest"] != shown["digest"]);
}

TEST_CASE("policy check: ok, or what is wrong and where") {
  const Desk desk;
  CHECK(cardwarden({"policy", "check"}).out == "hub-publish: ok\n");
  for (const std::string_view name : builtin_pack_names()) {
    const Ran ran = cardwarden({"policy", "check", std::string(name)});
    CHECK(ran.code == 0);
    CHECK(ran.out == std::string(name) + ": ok\n");
  }
  desk.write("team.yaml", "extends: strict\ngates:\n  fail-on: error\n");
  const Ran key = cardwarden({"policy", "check", "team.yaml"});
  CHECK(key.code == 2);
  CHECK(key.out.empty());
  CHECK(holds(key.err, "team.yaml:2:1"));
  CHECK(holds(key.err, "Did you mean `gate`?"));
  CHECK(cardwarden({"policy", "check", "missing.yaml"}).code == 2);
  CHECK(holds(cardwarden({"policy", "check", "metadata-onyl"}).err, "Did you mean `metadata-only`?"));
}

}  // namespace cardwarden::testing
