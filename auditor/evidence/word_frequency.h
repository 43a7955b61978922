// SPDX-License-Identifier: Apache-2.0
#pragma once
// How often words stand in cards: occurrences in 10,000 words of body text, mean over 289 public model and
// data set cards (each card weighs the same). Only a hint for where a phrase waits: it changes speed, never
// what matches.

#include <cstdint>
#include <string_view>

namespace cardwarden {

struct WordFrequency {
  std::string_view word;
  std::uint32_t in_10k = 0;
};

// Sorted by word. Words that are not here stand less than 4 times in 10,000.
// clang-format off
inline constexpr WordFrequency kWordFrequency[] = {
    {"about", 7}, {"accuracy", 6}, {"achieves", 5}, {"adding", 6}, {"additional", 14}, {"ai", 7}, {"al", 8},
    {"all", 11}, {"also", 7}, {"an", 17}, {"and", 214}, {"annotation", 8}, {"annotations", 14},
    {"annotators", 9}, {"any", 5}, {"are", 37}, {"article", 5}, {"articles", 4}, {"arxiv", 7}, {"as", 31},
    {"at", 10}, {"audio", 4}, {"author", 12}, {"authors", 5}, {"autotokenizer", 10}, {"available", 7},
    {"base", 21}, {"based", 9}, {"batch", 6}, {"be", 24}, {"been", 8}, {"below", 4}, {"bert", 21},
    {"bias", 5}, {"biases", 15}, {"bibtex", 8}, {"booktitle", 4}, {"both", 4}, {"br", 4}, {"but", 6},
    {"by", 31}, {"can", 22}, {"card", 15}, {"case", 6}, {"cased", 5}, {"citation", 17},
    {"classification", 8}, {"cls", 6}, {"co", 8}, {"code", 10}, {"colab", 4}, {"collection", 8},
    {"com", 17}, {"config", 6}, {"considerations", 12}, {"contact", 8}, {"contains", 8}, {"content", 6},
    {"contents", 7}, {"context", 4}, {"contributions", 12}, {"corpus", 11}, {"creation", 13},
    {"curation", 12}, {"curators", 12}, {"data", 103}, {"dataset", 135}, {"datasets", 15}, {"de", 4},
    {"description", 22}, {"details", 12}, {"discussion", 12}, {"div", 4}, {"do", 5}, {"downstream", 4},
    {"during", 6}, {"each", 9}, {"en", 6}, {"english", 13}, {"entity", 7}, {"et", 7}, {"evaluation", 17},
    {"example", 10}, {"face", 5}, {"false", 17}, {"fangs", 8}, {"feature", 6}, {"female", 8},
    {"fields", 15}, {"files", 5}, {"fine", 15}, {"finetuned", 5}, {"first", 4}, {"following", 13},
    {"for", 114}, {"framework", 4}, {"from", 47}, {"from_pretrained", 16}, {"further", 5}, {"gender", 5},
    {"generate", 5}, {"generated", 7}, {"generation", 6}, {"github", 18}, {"google", 8}, {"gpt", 10},
    {"has", 12}, {"have", 8}, {"here", 6}, {"homepage", 6}, {"how", 8}, {"https", 30}, {"hugging", 4},
    {"huggingface", 13}, {"human", 4}, {"hyperparameters", 7}, {"id", 10}, {"if", 11}, {"image", 8},
    {"images", 5}, {"img", 4}, {"impact", 15}, {"import", 19}, {"in", 77}, {"including", 4},
    {"inference", 6}, {"information", 163}, {"initial", 7}, {"inproceedings", 5}, {"input_ids", 5},
    {"inputs", 5}, {"instances", 13}, {"int", 4}, {"intended", 6}, {"into", 5}, {"is", 70}, {"it", 28},
    {"its", 5}, {"known", 12}, {"label", 7}, {"language", 39}, {"languages", 18}, {"large", 12},
    {"leaderboard", 5}, {"leaderboards", 12}, {"learning", 7}, {"learning_rate", 4}, {"license", 12},
    {"licensing", 12}, {"limitations", 22}, {"list", 5}, {"llama", 10}, {"loss", 11}, {"machine", 5},
    {"mask", 7}, {"may", 7}, {"mb", 6}, {"metrics", 5}, {"model", 128}, {"models", 19}, {"more", 113},
    {"multilingual", 5}, {"name", 7}, {"natural", 4}, {"needed", 99}, {"ner", 7}, {"news", 11}, {"nlp", 7},
    {"no", 11}, {"none", 8}, {"normalization", 7}, {"not", 14}, {"number", 8}, {"of", 170}, {"on", 61},
    {"one", 6}, {"only", 9}, {"open", 6}, {"optional", 8}, {"or", 23}, {"orc", 8}, {"org", 8},
    {"original", 6}, {"other", 21}, {"our", 7}, {"out", 5}, {"output", 5}, {"paper", 16},
    {"performance", 4}, {"personal", 13}, {"pipeline", 9}, {"please", 9}, {"point", 6}, {"pos", 10},
    {"pre", 7}, {"precision", 5}, {"pretrained", 4}, {"print", 6}, {"procedure", 8}, {"proceedings", 4},
    {"process", 8}, {"producers", 6}, {"pt", 4}, {"py", 5}, {"python", 16}, {"pytorch", 6}, {"quality", 5},
    {"question", 9}, {"questions", 4}, {"rationale", 12}, {"recall", 5}, {"repository", 10},
    {"research", 7}, {"resources", 5}, {"results", 16}, {"roberta", 6}, {"same", 5}, {"score", 14},
    {"see", 8}, {"seed", 4}, {"sensitive", 14}, {"sentence", 12}, {"sentences", 7}, {"sep", 5},
    {"sequence", 8}, {"set", 13}, {"should", 7}, {"size", 10}, {"sk", 6}, {"small", 5}, {"social", 15},
    {"some", 4}, {"source", 24}, {"speech", 10}, {"split", 6}, {"splits", 14}, {"step", 5}, {"string", 8},
    {"structure", 13}, {"style", 5}, {"such", 5}, {"summary", 19}, {"supported", 13}, {"table", 9},
    {"tags", 4}, {"task", 8}, {"tasks", 17}, {"td", 7}, {"test", 11}, {"text", 31}, {"thanks", 7},
    {"that", 21}, {"the", 329}, {"their", 5}, {"then", 6}, {"there", 5}, {"these", 5}, {"this", 59},
    {"title", 14}, {"to", 106}, {"token", 10}, {"token_str", 5}, {"tokenizer", 17}, {"tokens", 5},
    {"torch", 8}, {"total", 5}, {"train", 12}, {"trained", 17}, {"training", 47}, {"transformers", 19},
    {"true", 12}, {"tuned", 11}, {"two", 5}, {"type", 7}, {"uncased", 5}, {"url", 7}, {"usage", 6},
    {"use", 27}, {"used", 24}, {"user", 4}, {"uses", 9}, {"using", 30}, {"validation", 8}, {"vec", 8},
    {"version", 10}, {"versions", 4}, {"was", 25}, {"wav", 8}, {"we", 25}, {"were", 12}, {"which", 12},
    {"who", 14}, {"width", 6}, {"wikipedia", 5}, {"will", 5}, {"with", 54}, {"word", 8}, {"words", 4},
    {"www", 4}, {"year", 11}, {"you", 23}, {"your", 9},
};
// clang-format on

}  // namespace cardwarden
