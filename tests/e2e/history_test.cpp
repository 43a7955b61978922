// SPDX-License-Identifier: Apache-2.0
// cardwarden history, diff and check --since on repositories made with the real git.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/files.h"
#include "cli/command.h"
#include "support/git.h"

namespace cardwarden::testing {
namespace {

using Json = nlohmann::json;

struct Run {
  int code = 0;
  std::string out;
  std::string err;
};

Run run(std::vector<std::string> words) {
  words.insert(words.begin(), "cardwarden");
  std::vector<const char*> arguments;
  arguments.reserve(words.size());
  for (const std::string& word : words) arguments.push_back(word.c_str());
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  cli::World world{in, out, err};
  Run result;
  result.code = cli::run(static_cast<int>(arguments.size()), arguments.data(), world);
  result.out = out.str();
  result.err = err.str();
  return result;
}

Run history(GitRepository& made, std::vector<std::string> more = {}) {
  more.insert(more.begin(), {"history", made.path(), "--no-cache"});
  return run(more);
}

std::string golden(const std::string& name) {
  return std::string(CARDWARDEN_SOURCE_DIR) + "/tests/golden/histories/" + name;
}

// The text with the name of the temporary folder taken out, against the golden of that name.
void check_golden(const std::string& name, std::string text, const std::string& folder) {
  for (std::size_t at = text.find(folder); at != std::string::npos; at = text.find(folder, at))
    text.replace(at, folder.size(), "REPOSITORY");
  if (std::getenv("CARDWARDEN_UPDATE_GOLDEN") != nullptr) write_file(golden(name), text);
  const auto wanted = read_whole_file(golden(name));
  REQUIRE(wanted);
  CHECK(text == *wanted);
}

std::string card(const std::string& license, const std::string& datasets, const std::string& body) {
  return "---\nlicense: " + license + "\ndatasets: [" + datasets + "]\n---\n# Tide 7B\n\n" +
         "Tide 7B is a decoder-only language model developed by the Harbour Institute.\n\n" + body;
}

const std::string kLimits =
    "## Limitations\n\nThe model often invents dates and place names. Bulletins longer than two "
    "pages confuse it. It has not been tested on bulletins from the southern hemisphere, and small islands "
    "are "
    "confused with each other.\n\n";
const std::string kFewLimits = "## Limitations\n\nThe model often invents dates.\n\n";
const std::string kBias =
    "## Bias\n\nThe model reproduces stereotypes of its European sources about other regions.\n\n";
const std::string kData = "## Training data\n\nThe model was trained on 1.2 million weather bulletins.\n\n";

// A card that grows, is cut down, changes its licence, and ends as a template; weights that change with and
// without it.
void make_tide(GitRepository& made) {
  made.write("README.md", "---\nlicense: cc-by-nc-4.0\n---\n# Tide 7B\n\n[More Information Needed]\n");
  made.commit("initial commit");
  made.write("model.safetensors", lfs_pointer(std::string(64, '1'), 1000));
  made.commit("Upload weights");
  made.write("README.md", card("cc-by-nc-4.0", "harbour/bulletins", kLimits + kData));
  made.commit("Describe the model");
  made.write("README.md", card("cc-by-nc-4.0", "harbour/bulletins", kLimits + kBias + kData));
  made.commit("Say what is biased");
  made.write("model.safetensors", lfs_pointer(std::string(64, '2'), 1000));
  made.commit("new checkpoint");
  made.write("README.md", card("cc-by-nc-4.0", "harbour/bulletins", kFewLimits + kBias + kData));
  made.commit("Shorten");
  made.write("README.md", card("cc-by-nc-4.0", "harbour/bulletins", kFewLimits + kBias + kData) + "\n");
  made.commit("Blank line");
  made.write("README.md", card("apache-2.0", "acme/webmix, harbour/bulletins", kFewLimits + kData));
  made.write("model.safetensors", lfs_pointer(std::string(64, '3'), 1000));
  made.commit("v2");
  made.write("README.md", card("apache-2.0", "acme/webmix, harbour/bulletins",
                               "## Limitations\n\n[More Information Needed]\n\n" + kData));
  made.commit("Use the <b>template</b>");
}

// A data set card in the keys of 2021 that grows, lists more languages than are quoted, gets a licence, and
// moves to the keys of today, which says nothing new.
void make_reef(GitRepository& made) {
  const std::string body =
      "# Reef\n\nReef is a dataset of 12,000 labelled underwater recordings.\n\n## Languages\n\nThe labels "
      "are "
      "in the languages of the divers.\n\n## Citation Information\n\n";
  const auto cite = [](const std::string& key) {
    return "### " + key + "\n\n```\n@article{" + key +
           ",\n  title={Reefs of the north},\n  year={2021}\n}\n```\n\n";
  };
  const std::string cited = cite("one") + cite("two") + cite("three") + cite("four");
  const std::string five = "languages:\n- en\n- fr\n- id\n- jv\n- km\n";
  made.write("README.md", "---\n" + five + "licenses:\n- unknown\n---\n" + body + cited);
  made.commit("Add the card");
  made.write("README.md", "---\n" + five + "- ne\nlicenses:\n- unknown\n---\n" + body + cited);
  made.commit("Add recordings from Nepal");
  made.write("README.md", "---\n" + five + "- ne\nlicenses:\n- cc-by-sa-4.0\n---\n" + body + cited);
  made.commit("Say the licence");
  made.write("README.md",
             "---\n" + five + "- ne\nlicenses:\n- cc-by-sa-4.0\n---\n" + body + cited + cite("five"));
  made.commit("Cite a fifth paper");
  made.write("README.md", "---\nlanguage:\n- en\n- fr\n- id\n- jv\n- km\n- ne\nlicense: cc-by-sa-4.0\n---\n" +
                              body + cited + cite("five"));
  made.commit("Use the keys of today");
}

}  // namespace

TEST_CASE("history: a card that moves to newer keys says nothing new, and long lists are compared whole") {
  GitRepository made;
  make_reef(made);
  const Run text = history(made, {"--kind", "dataset"});
  CHECK(text.err.empty());
  REQUIRE(text.code == 0);
  check_golden("reef.txt", text.out, std::filesystem::path(made.path()).filename().string());
}

TEST_CASE("history: the timeline of a card that was cut down reads as its golden") {
  GitRepository made;
  make_tide(made);
  const Run text = history(made);
  CHECK(text.err.empty());
  REQUIRE(text.code == 0);
  check_golden("tide.txt", text.out, std::filesystem::path(made.path()).filename().string());
}

TEST_CASE("history: JSON has every revision, event, loss and change of weights") {
  GitRepository made;
  make_tide(made);
  const Run result = history(made, {"--format", "json"});
  REQUIRE(result.code == 0);
  const Json json = Json::parse(result.out);
  CHECK(json["schema"] == "cardwarden-history/1");
  CHECK(json["tip"] == made.head());
  CHECK(json["revisions"].size() == 7);
  CHECK(json["weights"].size() == 3);
  CHECK(json["summary"]["weight-commits-card-untouched"] == 1);
  CHECK(json["summary"]["license-loosened"] == 1);
  std::string lost;
  for (const Json& one : json["lost"]) lost += one["disclosure"].get<std::string>() + " ";
  CHECK(lost == "bias-risks limitations ");
  std::string thinned;
  for (const Json& one : json["revisions"]) {
    for (const Json& event : one["events"]) {
      if (event["change"] == "thinned") thinned += one["subject"].get<std::string>();
    }
  }
  CHECK(thinned == "Shorten");
}

TEST_CASE("history: the page holds no element of the repository and asks for nothing") {
  GitRepository made;
  make_tide(made);
  made.write("README.md",
             card("mit", "\"<img src=x onerror=alert(1)>\"",
                  "## Limitations\n\nIt often fails on \"</title><script>alert(1)</script>\".\n"));
  made.commit("<script>alert(2)</script>");
  const Run result = history(made, {"--format", "html"});
  REQUIRE(result.code == 0);
  CHECK(result.out.find("<script") == std::string::npos);
  CHECK(result.out.find("<img") == std::string::npos);
  CHECK(result.out.find("http:") == std::string::npos);
  CHECK(result.out.find("&lt;script&gt;alert(2)&lt;/script&gt;") != std::string::npos);
  CHECK(result.out.find("default-src 'none'") == std::string::npos);  // in an attribute, as entities
  CHECK(result.out.find("default-src &#39;none&#39;") != std::string::npos);
  CHECK(result.out.find(" style=\"") == std::string::npos);
}

TEST_CASE("history: threads and the cache change nothing") {
  GitRepository made;
  make_tide(made);
  const Run one = history(made, {"--format", "json", "--jobs", "1"});
  const Run many = history(made, {"--format", "json", "--jobs", "4"});
  CHECK(one.out == many.out);
  const Scratch folder;
  const std::vector<std::string> cached = {"history", made.path(), "--format",
                                           "json",    "--cache",   folder / "cache"};
  CHECK(run(cached).out == one.out);
  // Every entry is damaged: each is read again from its blob.
  std::size_t entries = 0;
  CHECK(run(cached).out == one.out);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "cache")) {
    if (!entry.is_regular_file()) continue;
    ++entries;
    auto bytes = read_whole_file(entry.path().string());
    REQUIRE(bytes);
    bytes->back() = static_cast<char>(bytes->back() ^ 1);
    write_file(entry.path().string(), *bytes);
  }
  CHECK(entries == 8);  // facts of seven cards, and the newest itself, which tells their kind
  CHECK(run(cached).out == one.out);
}

TEST_CASE("history: no card and no repository are errors that say so") {
  GitRepository made;
  made.write("other.txt", "x");
  made.commit("no card");
  const Run none = history(made);
  CHECK(none.code == 3);
  CHECK(none.err.find("No commit up to HEAD has README.md") != std::string::npos);
  const Scratch folder;
  CHECK(run({"history", folder.path(), "--no-cache"}).code == 3);
}

TEST_CASE("diff: what a change does to disclosures, findings and weights reads as its golden") {
  GitRepository made;
  make_tide(made);
  const Run text = run({"diff", "HEAD~2..HEAD~1", made.path()});
  CHECK(text.err.empty());
  REQUIRE(text.code == 0);
  check_golden("tide-diff.txt", text.out, std::filesystem::path(made.path()).filename().string());
  const Run none = run({"diff", "HEAD~3..HEAD~2", made.path()});
  CHECK(none.out.find("Nothing changes") != std::string::npos);
}

TEST_CASE("diff: JSON says what is new, what is gone and what stays") {
  GitRepository made;
  made.write("README.md", "---\nlicense: mti\nlanguage: xx-none\n---\n# heron\n");
  made.commit("two faults");
  made.write("README.md", "---\nlicense: mit\nlanguage: xx-none\npipeline_tag: no-such-task\n---\n# heron\n");
  made.commit("one mended, one new");
  const Run result = run({"diff", "HEAD~1", made.path(), "--format", "json", "--policy", "strict"});
  REQUIRE(result.code == 0);
  const Json json = Json::parse(result.out);
  const auto rules = [&json](const char* side) {
    std::string out;
    for (const Json& one : json["findings"][side]) out += one["rule"].get<std::string>() + " ";
    return out;
  };
  CHECK(rules("new").find("metadata/pipeline-tag-invalid") != std::string::npos);
  CHECK(rules("gone").find("metadata/license-unknown-id") != std::string::npos);
  CHECK((rules("new") + rules("gone")).find("metadata/language-invalid") == std::string::npos);
  CHECK(json["findings"]["as-before"].get<int>() > 0);
  CHECK(json["license"]["move"] == "changed");
}

TEST_CASE("diff: a range of three dots and a commit that is not there are refused") {
  GitRepository made;
  made.write("README.md", "# heron\n");
  made.commit("first");
  CHECK(run({"diff", "a...b", made.path()}).code == 2);
  CHECK(run({"diff", "nowhere..HEAD", made.path()}).code == 3);
}

TEST_CASE("check --since: what stood before is known, what is new fails the gate") {
  GitRepository made;
  made.write("README.md", "---\nlicense: mti\n---\n# heron\n");
  const std::string first = made.commit("a fault");
  const std::string path = made.path() + "/README.md";
  CHECK(run({"check", path, "--policy", "metadata-only"}).code == 1);
  CHECK(run({"check", path, "--since", first, "--policy", "metadata-only"}).code == 0);
  made.write("README.md", "# heron\n\nMore words, on other lines.\n");
  made.write("README.md", "---\ntags: [x]\nlicense: mti\n---\n# heron\n\nMore words.\n");
  CHECK(run({"check", path, "--since", first, "--policy", "metadata-only"}).code == 0);
  made.write("README.md", "---\nlicense: mti\npipeline_tag: no-such-task\n---\n# heron\n");
  const Run added =
      run({"check", path, "--since", first, "--policy", "metadata-only", "--fail-on", "warning"});
  CHECK(added.code == 1);
  CHECK(added.out.find("no-such-task") != std::string::npos);
  CHECK(added.out.find("license-unknown-id") == std::string::npos);
  CHECK(run({"check", path, "--since", "nowhere"}).code == 3);
}

TEST_CASE("check --since: a card that was not there is new as a whole") {
  GitRepository made;
  made.write("other.txt", "x");
  made.commit("no card");
  made.write("README.md", "---\nlicense: mti\n---\n# heron\n");
  CHECK(run({"check", made.path(), "--since", "HEAD"}).code == 1);
}

TEST_CASE("check --staged: judges what is staged and not what stands in the working tree") {
  GitRepository made;
  made.write("README.md", "---\nlicense: mit\n---\n# heron\n");
  made.git({"add", "."});
  CHECK(run({"check", "--staged", made.path(), "--policy", "metadata-only"}).code ==
        0);  // before the first commit
  made.commit("first");
  made.write("README.md", "---\nlicense: mti\n---\n# heron\n");
  CHECK(run({"check", "--staged", made.path(), "--policy", "metadata-only"}).code == 0);  // nothing is staged
  made.git({"add", "."});
  made.write("README.md", "---\nlicense: mit\n---\n# heron\n");
  CHECK(run({"check", made.path(), "--policy", "metadata-only"}).code == 0);
  const Run staged = run({"check", "--staged", made.path(), "--policy", "metadata-only"});
  CHECK(staged.code == 1);
  CHECK(staged.out.find("mti") != std::string::npos);
  CHECK(run({"check", "--staged", "--since", "HEAD", made.path()}).code == 2);
}

TEST_CASE("compare: candidates stand side by side in each format, with one sentence each") {
  GitRepository good;
  good.write("README.md", card("mit", "harbour/bulletins", kLimits + kBias + kData));
  good.write("model.safetensors", lfs_pointer(std::string(64, '1'), 1000));
  good.commit("first");
  GitRepository cut;
  make_tide(cut);
  cut.write("pytorch_model.bin", lfs_pointer(std::string(64, '4'), 1000));
  cut.remove("model.safetensors");
  cut.commit("another format");
  std::vector<std::string> words = {"compare", good.path(), cut.path(), "--no-cache"};
  const Run text = run(words);
  REQUIRE(text.code == 0);
  CHECK(text.out.find("In short") != std::string::npos);
  words.insert(words.end(), {"--format", "json"});
  const Json json = Json::parse(run(words).out);
  REQUIRE(json["candidates"].size() == 2);
  const Json& one = json["candidates"][0];
  const Json& two = json["candidates"][1];
  CHECK(one["disclosures"]["lost"].empty());
  CHECK(one["license"]["commercial-use"] == true);
  CHECK(one["weights"]["can-run-code"] == false);
  CHECK(two["disclosures"]["lost"].size() == 2);
  CHECK(two["weights"]["can-run-code"] == true);
  CHECK(two["weights"]["safetensors-beside"] == false);
  CHECK(two["in-short"].get<std::string>().find("can run foreign code") != std::string::npos);
  words.back() = "html";
  const Run page = run(words);
  CHECK(page.out.find("<script") == std::string::npos);
  CHECK(page.out.find("In short") != std::string::npos);
}

TEST_CASE(
    "compare: a licence in doubt promises nothing, and a data set needs neither weights nor a base model") {
  GitRepository model;
  model.write("README.md", "---\nlicense: apache-2.0\nbase_model: meta-llama/Llama-3.1-8B\n---\n# M\n");
  model.commit("first");
  const Run doubt = run({"compare", model.path(), model.path(), "--no-cache", "--format", "html"});
  REQUIRE(doubt.code == 0);
  CHECK(doubt.out.find("apache-2.0, in doubt") != std::string::npos);
  CHECK(doubt.out.find("commercial use allowed") == std::string::npos);
  CHECK(doubt.out.find("none in the repository") != std::string::npos);
  GitRepository data;
  data.write("README.md",
             "---\nlicense: mit\nsize_categories: [1K<n<10K]\ntask_categories: [translation]\n---\n# D\n");
  data.commit("first");
  const Run sets = run({"compare", data.path(), data.path(), "--no-cache", "--format", "html"});
  REQUIRE(sets.code == 0);
  CHECK(sets.out.find("mit, commercial use allowed") != std::string::npos);
  CHECK(sets.out.find("not a model") != std::string::npos);
  CHECK(sets.out.find("No base model") == std::string::npos);
}

TEST_CASE("audit: the rules about histories quote what stood there") {
  GitRepository made;
  make_tide(made);
  const Run result = run({"audit", made.path(), "--format", "json", "--no-cache"});
  const Json json = Json::parse(result.out);
  std::string rules;
  for (const Json& one : json["cards"][0]["findings"]) {
    const std::string rule = one["rule"];
    if (rule.compare(0, 8, "history/") == 0) rules += rule.substr(8) + " ";
  }
  CHECK(rules.find("disclosure-removed") != std::string::npos);
  CHECK(rules.find("license-loosened") != std::string::npos);
  CHECK(rules.find("training-data-changed") != std::string::npos);
  CHECK(result.out.find("The model often invents dates.") != std::string::npos);
}

TEST_CASE("check: without a path there is nothing to check, unless it is about what is new") {
  CHECK(run({"check"}).code == 2);
}

}  // namespace cardwarden::testing
