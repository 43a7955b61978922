// SPDX-License-Identifier: Apache-2.0
#pragma once
// Cards made by chance from a fixed seed: the same in every run and on every machine (std::mt19937 is
// specified; the distributions of the standard library are not, so none is used).

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace cardwarden::testing {

class Chance {
 public:
  explicit Chance(std::uint32_t seed) : random_(seed) {}

  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <typename T, std::size_t N>
  const T& of(const T (&choices)[N]) {
    return choices[below(N)];
  }

 private:
  std::mt19937 random_;
};

// A card as parts, so that a test can change one of them.
struct MadeCard {
  std::string front_matter;           // lines between the fences
  std::string opening;                // before the first heading of level 2
  std::vector<std::string> sections;  // each begins with "## "

  std::string text() const;
};

// A card that discloses much: a title, sections with sentences, lists, tables, code, HTML.
MadeCard make_card(Chance& chance);

// A paragraph that discloses nothing.
std::string neutral_paragraph(Chance& chance);

// Markup, metadata and bytes without any order.
std::string make_noise(Chance& chance, std::size_t pieces);

// A small change anywhere: a cut, a doubled piece, a flipped bit.
std::string damage(Chance& chance, std::string text);

}  // namespace cardwarden::testing
