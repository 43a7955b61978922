// SPDX-License-Identifier: Apache-2.0
// What `cardwarden history` costs over what it cannot do without. In a folder that is not there yet it makes
// a repository of 10,000 commits, 500 revisions of the card and 2,000 files, and compares in one run:
//   floor     `git log --format=%H -- README.md`, and the parse floor over the distinct revisions
//   history   the whole of `cardwarden history`, without a cache, with one thread and with two
//   again     the same with a cache that an earlier run filled: nothing is parsed
// Rounds of all follow each other; ratios are taken round by round and their medians printed. Before anything
// is timed the revisions are compared with those of git log.
#include "repository/history.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <set>
#include <sstream>
#include <vector>

#include "cli/command.h"
#include "support/parse_floor.h"

namespace {

using namespace cardwarden;
using Clock = std::chrono::steady_clock;

constexpr int kCommits = 10'000;
constexpr int kRevisions = 500;
constexpr int kFiles = 2'000;
constexpr int kFolders = 40;
constexpr int kRounds = 7;

constexpr const char* kSentences[] = {
    "The model was trained on letters that volunteers copied from parish archives between 1850 and 1920.",
    "Accuracy drops on pages that were scanned below 200 dpi and on letters with several hands.",
    "It is intended for the transcription of letters by archivists, and must not be used to identify people.",
    "On the held-out pages of the river archive it reaches a character error rate of 4.2 %.",
    "Names of places are often read as names of people, above all in short notes.",
    "Training took 38 hours on four A100 GPUs, and drew about 61 kWh.",
    "Texts by women are rarer in the archive, so the model reads their hands less well.",
    "Personal names of living people were removed before training.",
    "The tokenizer has 32,000 pieces and keeps the long s.",
    "Questions go to the maintainers at archive@example.org.",
};
constexpr const char* kHeadings[] = {
    "Model description", "Intended use", "Limitations",    "Training data",
    "Training",          "Evaluation",   "Bias and risks", "Environmental impact",
    "How to use",        "Citation",     "Personal data",  "Version history"};

constexpr const char* kPlain[] = {
    "Each page is cut into lines first, and each line is read from left to right.",
    "A second pass joins words that the first one left apart at the end of a line.",
    "The folder holds one file for each decade, and a list of the volunteers who checked it.",
    "Older versions stay under their tags for those who cite them.",
    "The page numbers follow the archive and not the order of the scans.",
    "Line breaks of the original are kept, and so are blots that hide a letter.",
    "A page takes about two seconds on a laptop.",
    "Letters of one writer stand together, which makes them easier to compare.",
};

// The card at a revision, shaped like those of the Hub: a front matter with results, sections of which one
// sentence in four discloses something, lists, a table and code. Each revision changes a few lines.
std::string card_at(int revision) {
  const auto number = [](std::size_t n) { return std::to_string(n); };
  std::string out =
      "---\nlicense: " + std::string(revision < 300 ? "cc-by-nc-4.0" : "apache-2.0") +
      "\nlanguage:\n- en\n- de\npipeline_tag: image-to-text\ntags:\n- letters\n- archive\n- revision-" +
      std::to_string(revision) + "\ndatasets:\n- river/letters\nmodel-index:\n- name: river\n  results:\n";
  for (std::size_t i = 0; i < 12; ++i) {
    out += "  - task:\n      type: image-to-text\n      name: Reading\n    dataset:\n      name: River " +
           number(i) + "\n      type: river/letters\n      config: decade-" + number(i) +
           "\n      split: test\n    metrics:\n    - type: cer\n      value: 4." + number(i) +
           number(static_cast<std::size_t>(revision) % 10) + "\n      name: Character error rate\n";
  }
  out += "---\n# River letters\n\n";
  std::size_t at = 0;
  for (const char* heading : kHeadings) {
    out += "## " + std::string(heading) + "\n\n";
    for (std::size_t line = 0; line < 8; ++line, ++at) {
      const std::size_t pick = at * 7 + static_cast<std::size_t>(revision) / (line + 2);
      out += std::string(line % 4 == 0 ? kSentences[pick % std::size(kSentences)]
                                       : kPlain[pick % std::size(kPlain)]);
      out += line % 4 == 3 ? "\n\n" : " ";
    }
    out += "- one line of a **list** with a [link](https://example.org/" + number(at) +
           ")\n- and `another` one\n\n";
  }
  out += "| decade | pages | lines |\n|---|---|---|\n";
  for (std::size_t i = 0; i < 20; ++i)
    out += "| 18" + number(i % 10) + "0 | " + number(100 + i * static_cast<std::size_t>(revision)) + " | " +
           number(i * 37) + " |\n";
  out += "\n```python\n";
  for (std::size_t i = 0; i < 12; ++i)
    out += "page_" + number(i) + " = reader.read(scans[" + number(i) + "], lines=True)\n";
  return out + "```\n";
}

void data(std::ostream& out, const std::string& bytes) {
  out << "data " << bytes.size() << '\n' << bytes << '\n';
}

std::string file_name(int file) {
  return "folder-" + std::to_string(file % kFolders) + "/part-" + std::to_string(file) + ".txt";
}

// A stream for git fast-import. Times and people are fixed, so that the same commits come out everywhere.
void write_stream(std::ostream& out) {
  int revision = 0;
  for (int commit = 0; commit < kCommits; ++commit) {
    out << "commit refs/heads/main\ncommitter A. Author <author@example.org> "
        << 1'600'000'000 + commit * 3600 << " +0000\n";
    data(out, "change " + std::to_string(commit));
    if (commit == 0) {
      for (int file = 0; file < kFiles; ++file) {
        out << "M 100644 inline " << file_name(file) << '\n';
        data(out, "file " + std::to_string(file) + "\n");
      }
    }
    if (commit % (kCommits / kRevisions) == 0) {
      out << "M 100644 inline README.md\n";
      data(out, card_at(revision++));
    } else {
      out << "M 100644 inline " << file_name(commit * 37 % kFiles) << '\n';
      data(out, "commit " + std::to_string(commit) + "\n");
    }
  }
  out << "done\n";
}

bool shell(const std::string& command) { return std::system(command.c_str()) == 0; }

std::string output_of(const std::string& command) {
  std::string out;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return out;
  char buffer[65536];
  for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, n);
  ::pclose(pipe);
  return out;
}

bool make_repository(const std::string& folder) {
  if (!shell("git init -q -b main '" + folder + "'")) return false;
  const std::string stream = folder + "/.git/stream";
  std::ofstream out(stream, std::ios::binary);
  write_stream(out);
  out.close();
  return shell("git -C '" + folder + "' fast-import --quiet --done < '" + stream + "'") &&
         shell("git -C '" + folder + "' repack -adq") && std::filesystem::remove(stream);
}

int history(const std::string& folder, std::vector<std::string> more) {
  more.insert(more.begin(), {"cardwarden", "history", folder});
  std::vector<const char*> arguments;
  arguments.reserve(more.size());
  for (const std::string& word : more) arguments.push_back(word.c_str());
  std::istringstream in;
  std::ostringstream out;
  cli::World world{in, out, std::cerr};
  return cli::run(static_cast<int>(arguments.size()), arguments.data(), world);
}

template <typename Work>
double seconds(Work&& work) {
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: bench_history FOLDER   (made when it is not there)\n");
    return 2;
  }
  const std::string folder = argv[1];
  if (!std::filesystem::exists(folder) && !make_repository(folder)) return 3;
  const std::string log = "git -C '" + folder + "' log --format=%H -- README.md";

  auto repository = Repository::open(folder);
  if (!repository) return 3;
  const auto tip = repository->resolve("HEAD");
  const auto walked = tip ? read_history(*repository, *tip) : Result<History>(tip.error());
  if (!walked) return 3;
  std::string revisions;
  std::vector<std::string> cards;
  std::set<ObjectId> seen;
  for (const CardRevision& one : walked->revisions) {
    revisions += one.commit.id.hex() + "\n";
    if (one.blob && seen.insert(*one.blob).second)
      cards.push_back(repository->read_blob(*one.blob, 1U << 20U).value_or(""));
  }
  if (revisions != output_of(log)) {
    std::fprintf(stderr, "The revisions are not those of git log.\n");
    return 1;
  }
  const std::string cache = folder + "/.git/bench-cache";
  if (history(folder, {"--cache", cache}) != 0) return 3;

  bench::prepare_parse_floor();
  std::vector<double> floor;
  std::vector<double> logs;
  std::vector<double> one;
  std::vector<double> two;
  std::vector<double> again;
  std::vector<double> walk;
  std::size_t sum = 0;
  for (int round = 0; round < kRounds; ++round) {
    logs.push_back(seconds([&] { sum += output_of(log).size(); }));
    floor.push_back(logs.back() + seconds([&] {
                      for (const std::string& card : cards) sum += bench::parse_floor(card);
                    }));
    one.push_back(seconds([&] { history(folder, {"--no-cache", "--jobs", "1"}); }));
    two.push_back(seconds([&] { history(folder, {"--no-cache", "--jobs", "2"}); }));
    again.push_back(seconds([&] { history(folder, {"--cache", cache}); }));
    walk.push_back(seconds([&] { sum += read_history(*repository, *tip).value().commits; }));
  }
  const auto row = [&](const char* name, const std::vector<double>& times) {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < times.size(); ++i) ratios.push_back(times[i] / floor[i]);
    std::printf("%-28s %8.1f ms  %5.2f\n", name, median(times) * 1000, median(ratios));
  };
  std::printf("%zu commits, %zu revisions, %zu distinct cards (checksum %zu)\n", walked->commits,
              walked->revisions.size(), cards.size(), sum);
  row("floor", floor);
  row("  of that: git log", logs);
  row("history, one thread", one);
  row("history, two threads", two);
  row("  of that: the walk", walk);
  row("again, from the cache", again);
  return 0;
}
