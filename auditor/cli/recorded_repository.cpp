// SPDX-License-Identifier: Apache-2.0
#include "cli/recorded_repository.h"

#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/files.h"
#include "base/json.h"
#include "base/text.h"
#include "crypto/strict_json.h"
#include "record/snapshot_manifest.h"

namespace cardwarden::cli {
namespace {

using nlohmann::json;

// What was read of the weights, a digest for each file: whether its content was at hand or a pointer only
// decides what an audit can say. Each field stands behind its length.
std::vector<ManifestEntry> weight_readings(const WeightFacts& weights) {
  std::vector<ManifestEntry> out;
  for (const WeightFile& file : weights.files) {
    std::string facts;
    const auto add = [&facts](std::string_view field) {
      facts.append(std::to_string(field.size())).append(":").append(field);
    };
    add(file.identity);
    add(to_string(file.format));
    add(std::to_string(file.size));
    add(file.from_pointer ? "pointer" : "content");
    add(to_string(file.parameters.kind));
    add(std::to_string(file.parameters.value));
    add(file.parameters.reason);
    for (const auto& [type, count] : file.dtypes) add(type + " " + std::to_string(count));
    for (const auto& [key, value] : file.metadata) {
      add(key);
      add(value);
    }
    add(std::to_string(static_cast<int>(file.pickle_state)));
    add(file.note);
    out.push_back({file.path, sha256(facts)});
  }
  return out;
}

Result<json> digest_of_file(const std::string& path) {
  if (path.empty()) return json(nullptr);
  const auto bytes = read_whole_file(path);
  if (!bytes) return bytes.error();
  return json(hex(sha256(*bytes)));
}

json history_json(const History* history) {
  if (history == nullptr) return nullptr;
  return {{"commits", history->commits}, {"truncated", history->truncated}, {"shallow", history->shallow}};
}

// Files by path that are in one list and not, or otherwise, in the other.
std::vector<std::string> differences(const std::vector<ManifestEntry>& before,
                                     const std::vector<ManifestEntry>& after, const std::string& what) {
  std::map<std::string, std::pair<const Hash*, const Hash*>> files;
  for (const ManifestEntry& one : before) files[one.path].first = &one.digest;
  for (const ManifestEntry& one : after) files[one.path].second = &one.digest;
  std::vector<std::string> out;
  for (const auto& [path, digests] : files) {
    const auto& [old_digest, new_digest] = digests;
    if (old_digest != nullptr && new_digest != nullptr && *old_digest == *new_digest) continue;
    const auto words = [](const Hash* digest) {
      return digest == nullptr ? std::string("not there") : "sha256:" + hex(*digest);
    };
    out.push_back(what + text::printable(path) + ": recorded " + words(old_digest) + ", here " +
                  words(new_digest));
  }
  return out;
}

// The manifest of that digest among the documents of now or in the store.
Result<std::vector<ManifestEntry>> manifest_named(Store& store, const json& object, const char* member) {
  const auto digest = string_member(object, member, "the repository");
  if (!digest) return digest.error();
  const auto id = hash_from_hex(*digest);
  if (!id) return id.error();
  const auto text = store.document(*id);
  if (!text) return text.error();
  return parse_manifest(*text);
}

Done compare_files(Store& store, const json& recorded, const json& here, const std::string& text_here,
                   const char* member, const std::string& what, std::vector<std::string>& out) {
  if (recorded.value(member, json()) == here.at(member)) return Nothing{};
  const auto before = manifest_named(store, recorded, member);
  if (!before && before.error().code != ErrorCode::not_found) return before.error();
  if (!before) {
    out.push_back(what + "have changed; which is not known, since their list is not kept any more");
    return Nothing{};
  }
  const auto after = parse_manifest(text_here);
  if (!after) return after.error();
  for (std::string& one : differences(*before, *after, what)) out.push_back(std::move(one));
  return Nothing{};
}

}  // namespace

Result<DescribedRepository> describe_repository(const RepositoryToAudit& opened, const std::string& name,
                                                const VouchedFiles& vouched) {
  const auto repository = Repository::open(opened.folder);
  if (!repository) return repository.error();
  auto entries = snapshot_manifest(*repository, *opened.snapshot);
  if (!entries) return entries.error();
  auto files = manifest_text(*std::move(entries));
  if (!files) return files.error();
  auto weights = manifest_text(weight_readings(*opened.weights));
  if (!weights) return weights.error();
  auto subject = commit_subject(name, *opened.snapshot, sha256(*files));
  if (!subject) return subject.error();
  const auto signers = digest_of_file(vouched.allowed_signers);
  if (!signers) return signers.error();
  const auto key = digest_of_file(vouched.model_key);
  if (!key) return key.error();
  const json described = {{"name", name},
                          {"commit", subject->digest.at("gitCommit")},
                          {"tree", subject->digest.at("gitTree")},
                          {"manifest", hex(sha256(*files))},
                          {"weights", hex(sha256(*weights))},
                          {"history", history_json(opened.history.get())},
                          {"allowedSigners", *signers},
                          {"modelKey", *key}};
  return DescribedRepository{
      *std::move(subject), canonical_json(described), {*std::move(files), *std::move(weights)}};
}

Result<std::string> recorded_commit(const json& recorded) {
  return string_member(recorded, "commit", "the repository of the run");
}

Result<std::vector<std::string>> repository_changes(Store& store, const json& recorded,
                                                    const DescribedRepository& now) {
  const auto here = parse_strict_json(now.json, {.bytes = kMaxDocumentBytes});
  if (!here) return here.error();
  std::vector<std::string> out;
  const auto was = [&recorded](const char* member) { return recorded.value(member, json()); };
  if (was("commit") != here->at("commit")) {
    out.push_back("the commit: recorded " + recorded_commit(recorded).value_or("none") + ", here " +
                  here->at("commit").get<std::string>());
  }
  if (auto done = compare_files(store, recorded, *here, now.documents.at(0), "manifest", "the file ", out);
      !done)
    return done.error();
  // Of a file that has changed the reading differs too; what is told here is the same file read otherwise.
  if (was("manifest") == here->at("manifest")) {
    if (auto done = compare_files(store, recorded, *here, now.documents.at(1), "weights",
                                  "what can be read of the weights ", out);
        !done)
      return done.error();
  }
  if (was("history") != here->at("history"))
    out.push_back("the history: recorded " + was("history").dump() + ", here " + here->at("history").dump());
  for (const auto& [member, what] : {std::pair{"allowedSigners", "the allowed signers"},
                                     std::pair{"modelKey", "the key of model signatures"}}) {
    if (was(member) == here->at(member)) continue;
    out.push_back(std::string(what) + ": recorded " + was(member).dump() + ", here " +
                  here->at(member).dump());
  }
  if (out.size() > kMaxChanges) {
    const std::size_t more = out.size() - kMaxChanges;
    out.resize(kMaxChanges);
    out.push_back(std::to_string(more) + " more");
  }
  return out;
}

}  // namespace cardwarden::cli
