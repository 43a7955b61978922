// SPDX-License-Identifier: Apache-2.0
#include "support/generator.h"

#include <algorithm>
#include <string_view>

namespace cardwarden::testing {
namespace {

constexpr std::string_view kFields[] = {
    "license: mit",
    "license: cc-by-nc-4.0",
    "license: other\nlicense_name: harbour-1",
    "language: [en, de]",
    "language:\n- fr",
    "datasets: [harbour/tides]",
    "base_model: harbour/gull-base",
    "pipeline_tag: text-generation",
    "library_name: transformers",
    "tags: [tides, harbour]",
    "metrics: [accuracy]",
    "size_categories: [1K<n<10K]",
    "task_categories: [text-classification]",
    "annotations_creators: [expert-generated]",
    "source_datasets: [original]",
    "pretty_name: Tide letters",
    R"(model-index:
- name: gull
  results:
  - task: {type: text-classification}
    dataset: {name: Tides, type: harbour/tides}
    metrics: [{type: accuracy, value: 0.91}])",
};

constexpr std::string_view kTitles[] = {"Training data",
                                        "Limitations",
                                        "Bias and risks",
                                        "Intended use",
                                        "Evaluation",
                                        "How to use",
                                        "Licence",
                                        "Citation",
                                        "Environmental impact",
                                        "Dataset structure",
                                        "Annotations",
                                        "Personal information",
                                        "Notes",
                                        "Technical details",
                                        "Contact",
                                        "训练数据",
                                        "Limites"};

constexpr std::string_view kSentences[] = {
    "Gull was trained on 12,000 hours of recordings from the Tide Corpus.",
    "The model was trained with 8 A100 GPUs for three days.",
    "It should not be used to decide about medical care.",
    "Quality drops on recordings with strong wind.",
    "The model may reproduce stereotypes that stand in its training data.",
    "It is meant for archivists who index harbour logs.",
    "Accuracy is 91.2 on the test set of Tides.",
    "The data set has 4,200 letters, split into 4,000 for training and 200 for testing.",
    "Three historians labelled every letter, and two of them reviewed each label.",
    "The letters were collected from the archive of the town of Ebbe between 1890 and 1910.",
    "Names of living persons were removed.",
    "It is released under the MIT licence.",
    "Write to tides@example.org with questions.",
    "Training emitted about 12 kg of CO2.",
    "The model has 7B parameters and reads 4096 tokens.",
    "It was developed by the Harbour Lab.",
    "本模型使用潮汐语料库训练。",
    "Le modèle a été entraîné sur des lettres.",
    "[More Information Needed]",
    "TBD"};

constexpr std::string_view kNeutral[] = {
    "The lighthouse was painted white last spring.", "Gulls sat on the wall and watched the boats.",
    "A cold wind came from the north that evening.", "The old bench by the pier creaks in the rain.",
    "Nobody knows why the bell rings at noon.",      "The baker opens late on Mondays."};

constexpr std::string_view kPieces[] = {"---\n",
                                        "\n---\n",
                                        "license: mit\n",
                                        "tags:\n- a\n",
                                        "# Title\n",
                                        "## Limitations\n\n",
                                        "Under\n=====\n",
                                        "Under\n-----\n",
                                        "**Bold line**\n\n",
                                        "text with `code` and [a link](https://example.org)",
                                        "| a | b |\n|---|---|\n| 1 | 2 |\n",
                                        "- item\n  - inner\n",
                                        "1. one\n",
                                        "> quote\n",
                                        ">> deep ",
                                        "```\ncode\n",
                                        "```\n",
                                        "    indented\n",
                                        "<div>",
                                        "</div>\n",
                                        "<h2>Heading</h2>\n",
                                        "<table><tr><td>x</td></tr></table>\n",
                                        "<!-- comment -->",
                                        "<!--",
                                        "-->",
                                        "<details><summary>s</summary>\n",
                                        "<p",
                                        "\n\n",
                                        "\r\n",
                                        "\r",
                                        "\t",
                                        " ",
                                        "&amp;",
                                        "&a ",
                                        "*a",
                                        "\\",
                                        "\"",
                                        "'",
                                        "{",
                                        "}",
                                        "[",
                                        "](",
                                        "x: y\n",
                                        "  z: [1, 2\n",
                                        "训练数据。",
                                        "\xF0\x9F\xA6\x99",
                                        "\xE2\x80\xAE",
                                        "\xEF\xBB\xBF",
                                        "\xFF\xFE",
                                        "\xC3",
                                        "a@b.example",
                                        "www.example.org",
                                        "1,234.5 %",
                                        "[More Information Needed]",
                                        "The model was trained on the Tide Corpus.",
                                        "<!-- cardwarden-disable-file */* -- reason -->\n"};

std::string paragraph(Chance& chance) {
  std::string out;
  const std::size_t sentences = 1 + chance.below(3);
  for (std::size_t i = 0; i < sentences; ++i)
    out += std::string(i > 0 ? " " : "") + std::string(chance.of(kSentences));
  return out + "\n\n";
}

std::string list(Chance& chance) {
  std::string out;
  const std::size_t items = 1 + chance.below(4);
  for (std::size_t i = 0; i < items; ++i) out += "- " + std::string(chance.of(kSentences)) + "\n";
  return out + "\n";
}

std::string block(Chance& chance) {
  switch (chance.below(8)) {
    case 0:
      return list(chance);
    case 1:
      return "| Data | Accuracy |\n|---|---|\n| Tides | 91." + std::to_string(chance.below(10)) +
             " |\n| Letters | 88.0 |\n\n";
    case 2:
      return "```python\nmodel = load(\"gull\")\nprint(model(\"tide\"))\n```\n\n";
    case 3:
      return "<p>" + std::string(chance.of(kSentences)) + "</p>\n\n";
    case 4:
      return "**" + std::string(chance.of(kTitles)) + ":** " + std::string(chance.of(kSentences)) + "\n\n";
    default:
      return paragraph(chance);
  }
}

}  // namespace

std::string MadeCard::text() const {
  std::string out;
  if (!front_matter.empty()) out = "---\n" + front_matter + "---\n";
  out += opening;
  for (const std::string& section : sections) out += section;
  return out;
}

MadeCard make_card(Chance& chance) {
  MadeCard out;
  std::vector<std::string_view> fields;
  const std::size_t wanted = chance.below(7);
  while (fields.size() < wanted) {
    const std::string_view field = chance.of(kFields);
    const std::string_view key = field.substr(0, field.find(':'));
    const bool known = std::any_of(fields.begin(), fields.end(), [key](std::string_view other) {
      return other.substr(0, other.find(':')) == key;
    });
    if (!known) fields.push_back(field);
  }
  for (const std::string_view field : fields) out.front_matter += std::string(field) + "\n";
  out.opening = "# Gull\n\n" + (chance.one_in(3) ? std::string() : paragraph(chance));
  const std::size_t sections = 2 + chance.below(6);
  for (std::size_t i = 0; i < sections; ++i) {
    std::string section = "## " + std::string(chance.of(kTitles)) + "\n\n";
    const std::size_t blocks = 1 + chance.below(3);
    for (std::size_t b = 0; b < blocks; ++b) section += block(chance);
    if (chance.one_in(4)) section += "### " + std::string(chance.of(kTitles)) + "\n\n" + block(chance);
    out.sections.push_back(std::move(section));
  }
  return out;
}

std::string neutral_paragraph(Chance& chance) {
  std::string out;
  const std::size_t sentences = 1 + chance.below(3);
  for (std::size_t i = 0; i < sentences; ++i)
    out += std::string(i > 0 ? " " : "") + std::string(chance.of(kNeutral));
  return out + "\n\n";
}

std::string make_noise(Chance& chance, std::size_t pieces) {
  std::string out;
  for (std::size_t i = 0; i < pieces; ++i) {
    if (chance.one_in(12)) {
      out += static_cast<char>(chance.below(256));
    } else {
      out += chance.of(kPieces);
    }
  }
  return out;
}

std::string damage(Chance& chance, std::string text) {
  const std::size_t changes = 1 + chance.below(4);
  for (std::size_t i = 0; i < changes; ++i) {
    const std::size_t at = chance.below(text.size() + 1);
    const std::size_t length = chance.below(std::min<std::size_t>(text.size() - at, 80) + 1);
    switch (chance.below(5)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, text.substr(at, length));
        break;
      case 2:
        text.insert(at, chance.of(kPieces));
        break;
      case 3:
        text.resize(at);
        break;
      default:
        if (at < text.size())
          text[at] = static_cast<char>(text[at] ^ static_cast<char>(1U << chance.below(8)));
        break;
    }
  }
  return text;
}

}  // namespace cardwarden::testing
