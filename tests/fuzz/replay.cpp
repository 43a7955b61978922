// SPDX-License-Identifier: Apache-2.0
// replay FOLDER [MUTATIONS]: runs a fuzz target over every file of a folder, in the order of their names, and
// over mutations of them. The mutations are the same in every run: the generator is seeded with a constant.
#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::uint32_t kSeed = 20260801;
constexpr std::size_t kMaxBytes = 8192;

// What is run, for the message when it aborts.
std::string g_current;
const std::string* g_bytes = nullptr;

void run(const std::string& name, const std::string& bytes) {
  g_current = name;
  g_bytes = &bytes;
  (void)LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

std::size_t below(std::mt19937& random, std::size_t bound) { return bound == 0 ? 0 : random() % bound; }

// A few small changes: a flipped bit, a byte, a piece cut out, doubled, moved or taken from another seed, a
// cut end.
std::string mutate(std::string bytes, const std::vector<std::string>& seeds, std::mt19937& random) {
  static const std::string kTokens[] = {"---\n",
                                        "\n---\n",
                                        "#",
                                        "**",
                                        "<!--",
                                        "-->",
                                        "|",
                                        "<td>",
                                        "\r",
                                        "\r\n",
                                        "\xEF\xBB\xBF",
                                        "\xFF",
                                        std::string(1, '\0'),
                                        ": ",
                                        "- ",
                                        "&a ",
                                        "*a",
                                        "[",
                                        "]",
                                        "{",
                                        "}",
                                        "\"",
                                        "'",
                                        "`",
                                        "```\n",
                                        "<",
                                        ">",
                                        "(",
                                        ")",
                                        "?",
                                        "@",
                                        "\t",
                                        "  ",
                                        "\xE8\xAE\xAD",
                                        "\xF0\x9F\xA6\x99"};
  const std::size_t changes = 1 + below(random, 5);
  for (std::size_t i = 0; i < changes; ++i) {
    const std::size_t at = below(random, bytes.size() + 1);
    const std::size_t length = below(random, std::min<std::size_t>(bytes.size() - at, 64) + 1);
    switch (below(random, 7)) {
      case 0:
        if (at < bytes.size())
          bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(1U << below(random, 8)));
        break;
      case 1:
        bytes.insert(at, 1, static_cast<char>(below(random, 256)));
        break;
      case 2:
        bytes.erase(at, length);
        break;
      case 3:
        bytes.insert(at, bytes.substr(at, length));
        break;
      case 4:
        bytes.insert(at, kTokens[below(random, std::size(kTokens))]);
        break;
      case 5: {
        const std::string& other = seeds[below(random, seeds.size())];
        const std::size_t from = below(random, other.size() + 1);
        bytes.insert(at, other.substr(from, 1 + below(random, 200)));
        break;
      }
      default:
        bytes.resize(at);
        break;
    }
    if (bytes.size() > kMaxBytes) bytes.resize(kMaxBytes);
  }
  return bytes;
}

extern "C" void say_what_ran(int) {
  std::fprintf(stderr, "while running %s; `xxd -r -p` makes the input of this:\n", g_current.c_str());
  for (const char byte : *g_bytes)
    std::fprintf(stderr, "%02x", static_cast<unsigned>(static_cast<unsigned char>(byte)));
  std::fprintf(stderr, "\n");
  std::_Exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: replay FOLDER-OR-FILE [MUTATIONS]\n");
    return 2;
  }
  std::signal(SIGABRT, say_what_ran);
  std::vector<std::filesystem::path> paths;
  if (std::filesystem::is_directory(argv[1])) {
    for (const auto& entry : std::filesystem::directory_iterator(argv[1])) paths.push_back(entry.path());
  } else {
    paths.emplace_back(argv[1]);
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> seeds;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    if (!in) {
      std::fprintf(stderr, "cannot read %s\n", path.c_str());
      return 2;
    }
    run(path.filename().string(), seeds.back());
  }
  if (seeds.empty()) {
    std::fprintf(stderr, "no seeds in %s\n", argv[1]);
    return 2;
  }
  const std::size_t mutations = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 0;
  std::mt19937 random(kSeed);
  for (std::size_t i = 0; i < mutations; ++i) {
    const std::size_t seed = below(random, seeds.size());
    run("mutation " + std::to_string(i) + " of " + paths[seed].filename().string(),
        mutate(seeds[seed], seeds, random));
  }
  std::printf("%zu seeds and %zu mutations\n", seeds.size(), mutations);
  return 0;
}
