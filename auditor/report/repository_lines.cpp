// SPDX-License-Identifier: Apache-2.0
#include "report/repository_lines.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "base/time.h"

namespace cardwarden::render {
namespace {

constexpr std::size_t kListed = 5;  // of a kind; the JSON report has all

std::string size_text(std::uint64_t bytes) {
  static constexpr std::string_view kUnits[] = {"bytes", "kB", "MB", "GB", "TB", "PB"};
  std::size_t unit = 0;
  std::uint64_t tenths = bytes * (bytes < UINT64_MAX / 10 ? 10 : 1);
  while (tenths >= 10'000 && unit + 1 < std::size(kUnits)) {
    tenths /= 1000;
    ++unit;
  }
  if (unit == 0) return text::plural(static_cast<std::size_t>(bytes), "byte", "bytes");
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " " + std::string(kUnits[unit]);
}

// The first few, and how many more there are.
std::string listed(const std::vector<std::string>& all) {
  std::vector<std::string> some(all.begin(),
                                all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), kListed)));
  if (all.size() > kListed) some.push_back(std::to_string(all.size() - kListed) + " more");
  return text::join(some, "; ");
}

std::string commit_text(const RepositoryFacts& facts) {
  const Commit& commit = facts.snapshot->commit;
  std::string out = facts.snapshot->commit_id.hex();
  if (commit.committer.time_valid && commit.committer.time >= 0)
    out += ", " + time_text(static_cast<std::uint64_t>(commit.committer.time)).substr(0, 10);
  if (!commit.author.name.empty()) out += ", by " + commit.author.name;
  return out;
}

std::string files_text(const Snapshot& snapshot) {
  std::uint64_t bytes = 0;
  std::size_t pointers = 0;
  for (const SnapshotFile& file : snapshot.files) {
    bytes += file.content_size();
    if (file.lfs) ++pointers;
  }
  std::string out = text::plural(snapshot.files.size(), "file", "files") + ", " + size_text(bytes);
  if (pointers > 0) out += ", " + std::to_string(pointers) + " of them in LFS";
  if (snapshot.truncated) out += "; the listing is not complete";
  return out;
}

std::string weights_text(const WeightFacts& weights) {
  std::map<std::string, std::pair<std::size_t, std::uint64_t>> formats;
  for (const WeightFile& file : weights.files) {
    auto& [count, bytes] = formats[std::string(to_string(file.format))];
    ++count;
    bytes += file.size;
  }
  std::vector<std::string> parts;
  parts.reserve(formats.size());
  for (const auto& [format, sums] : formats) {
    parts.push_back(format + " (" + text::plural(sums.first, "file", "files") + ", " +
                    size_text(sums.second) + ")");
  }
  return parts.empty() ? "none" : text::join(parts, "; ");
}

std::string count_text(const ParameterCount& count) {
  if (count.kind == CountKind::unknown) return "not known. " + count.reason;
  return std::string(count.kind == CountKind::estimated ? "about " : "") + grouped(count.value) + ", " +
         std::string(to_string(count.kind)) + ". " + count.reason;
}

std::string licenses_text(const Snapshot& snapshot) {
  std::vector<std::string> parts;
  for (const LicenseFile& file : snapshot.licenses) {
    std::vector<std::string> names;
    for (const LicenseMatch& match : file.reading.matches) names.emplace_back(match.name);
    parts.push_back(file.path + " (" +
                    (names.empty() ? "not a text that is known here" : text::join(names, ", ")) + ")");
  }
  return parts.empty() ? "none" : listed(parts);
}

std::string signatures_text(const std::vector<ModelSignature>& signatures) {
  std::vector<std::string> parts;
  parts.reserve(signatures.size());
  for (const ModelSignature& one : signatures)
    parts.push_back(one.path + ": " + std::string(to_string(one.grade)) + ". " + one.reason);
  return parts.empty() ? "none" : listed(parts);
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string out = std::to_string(number);
  for (std::size_t at = out.size(); at > 3;) out.insert(at -= 3, 1, ',');
  return out;
}

std::vector<LabelledLine> repository_lines(const RepositoryFacts& facts) {
  std::vector<LabelledLine> out;
  out.push_back({"Commit", commit_text(facts)});
  const SignatureReport& signature = facts.commit_signature;
  out.push_back(
      {"Commit signature", std::string(to_string(signature.verdict)) +
                               (signature.reason.empty() ? std::string() : ". " + signature.reason)});
  out.push_back({"Files", files_text(*facts.snapshot)});
  out.push_back({"Weights", weights_text(*facts.weights)});
  if (!facts.weights->files.empty()) {
    const bool adapter = std::any_of(facts.weights->sets.begin(), facts.weights->sets.end(),
                                     [](const WeightSet& set) { return set.role == WeightRole::adapter; });
    const bool model = std::any_of(facts.weights->sets.begin(), facts.weights->sets.end(),
                                   [](const WeightSet& set) { return set.role == WeightRole::model; });
    if (model) out.push_back({"Parameters", count_text(facts.weights->parameters)});
    if (adapter) out.push_back({"Adapter parameters", count_text(facts.weights->adapter_parameters)});
  }
  out.push_back({"Licence files", licenses_text(*facts.snapshot)});
  out.push_back({"Model signatures", signatures_text(facts.model_signatures)});
  std::vector<std::string> notes;
  for (const Note& note : facts.snapshot->notes)
    notes.push_back((note.path.empty() ? "" : note.path + ": ") + note.message);
  if (!notes.empty()) out.push_back({"Not read", listed(notes)});
  return out;
}

}  // namespace cardwarden::render
