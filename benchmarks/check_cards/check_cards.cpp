// SPDX-License-Identifier: Apache-2.0
// How much a full check costs over parsing alone. For the cards of the folders named, in one run:
//   floor    cmark-gfm with tables, and yaml-cpp's events, over the same bytes: what any reader must pay
//   check    the whole of `cardwarden check` under the default pack: parse, evidence, rules, judge, text
//            report; and once more looking for every disclosure, as a run whose report shows them does
// Rounds of floor, check with one thread and check with two follow each other, so that a machine that changes
// its speed changes all three; the ratios are taken round by round, and their medians printed.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <streambuf>

#include "base/files.h"
#include "card/decode.h"
#include "cli/check_run.h"
#include "cli/files.h"
#include "report/report.h"
#include "support/parse_floor.h"

namespace {

using namespace cardwarden;
using bench::parse_floor;
using Clock = std::chrono::steady_clock;

constexpr int kRounds = 9;
constexpr double kRoundSeconds = 0.4;  // least work of one contender in a round

struct Nowhere : std::streambuf {
  std::size_t bytes = 0;
  int overflow(int c) override {
    ++bytes;
    return c;
  }
  std::streamsize xsputn(const char*, std::streamsize n) override {
    bytes += static_cast<std::size_t>(n);
    return n;
  }
};

std::uint64_t check(const cli::Session& session, const std::vector<cli::Input>& inputs, unsigned jobs,
                    Extent extent = Extent::what_rules_ask) {
  Nowhere nowhere;
  std::ostream out(&nowhere);
  const auto writer = find_report_format("text")->make(out);
  RunInfo run;
  run.policy = &session.policy;
  writer->begin(run);
  Totals totals;
  cli::RunOptions how{jobs};
  how.extent = extent;
  cli::run_cards(session, inputs, how, [&](const cli::Input&, cli::Judged& judged) {
    if (judged.error) std::exit(3);
    totals.add(judged.report, session.policy.gate);
    writer->card(judged.report);
    return true;
  });
  writer->end(totals);
  return totals.findings();
}

template <typename Work>
double seconds(int repeats, Work&& work) {
  const auto start = Clock::now();
  for (int i = 0; i < repeats; ++i) work();
  return std::chrono::duration<double>(Clock::now() - start).count() / repeats;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench_check_cards FOLDER...\n");
    return 2;
  }
  auto paths = cli::find_cards(std::vector<std::string>(argv + 1, argv + argc));
  if (!paths) {
    std::fprintf(stderr, "%s\n", paths.error().text().c_str());
    return 3;
  }
  ConfigFlags flags;
  flags.no_config = true;
  auto session = cli::open_session(flags, "");
  if (!session) {
    std::fprintf(stderr, "%s\n", session.error().text().c_str());
    return 2;
  }
  std::vector<cli::Input> inputs;
  std::vector<std::string> texts;
  std::size_t bytes = 0;
  for (const std::string& path : *paths) {
    auto content = read_whole_file(path);
    if (!content) return 3;
    bytes += content->size();
    texts.push_back(decode_card(*content, content->size()).text);
    inputs.push_back({path, std::move(*content)});
  }
  bench::prepare_parse_floor();

  std::size_t floor_answer = 0;
  const auto floor_work = [&] {
    floor_answer = 0;
    for (const std::string& text : texts) floor_answer += parse_floor(text);
  };
  const std::uint64_t one = check(*session, inputs, 1);
  const std::uint64_t two = check(*session, inputs, 2);
  if (one != two) {
    std::fprintf(stderr, "one thread found %llu, two %llu\n", static_cast<unsigned long long>(one),
                 static_cast<unsigned long long>(two));
    return 1;
  }
  const int repeats = std::max(1, static_cast<int>(kRoundSeconds / std::max(1e-4, seconds(1, floor_work))));
  std::vector<double> floors, ones, ratios, every_ratios, speedups;
  for (int round = 0; round < kRounds; ++round) {
    const double floor = seconds(repeats, floor_work);
    const double single = seconds(repeats, [&] { check(*session, inputs, 1); });
    const double every = seconds(repeats, [&] { check(*session, inputs, 1, Extent::everything); });
    const double pair = seconds(repeats, [&] { check(*session, inputs, 2); });
    floors.push_back(floor);
    ones.push_back(single);
    ratios.push_back(single / floor);
    every_ratios.push_back(every / floor);
    speedups.push_back(single / pair);
  }
  const double cards = static_cast<double>(inputs.size());
  std::printf("%zu cards, %.2f MB, %llu findings, %d rounds of %d\n", inputs.size(),
              static_cast<double>(bytes) / 1e6, static_cast<unsigned long long>(one), kRounds, repeats);
  std::printf("parse floor   %9.0f cards/s\n", cards / median(floors));
  std::printf("full check    %9.0f cards/s  one thread\n", cards / median(ones));
  std::printf("check / floor %9.2f          aim: at most 1.60\n", median(ratios));
  std::printf("  every disclosure %6.2f          when a report shows them all\n", median(every_ratios));
  std::printf("two threads   %9.2f          times one thread; aim: at least 1.80\n", median(speedups));
  return 0;
}
