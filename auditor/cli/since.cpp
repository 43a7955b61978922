// SPDX-License-Identifier: Apache-2.0
#include "cli/since.h"

#include <filesystem>
#include <memory>

#include "repository/repository.h"

namespace cardwarden::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxOlderCardBytes = 256U << 20U;  // as of a card in the working tree

// The repositories that the cards lie in, each opened once.
class Repositories {
 public:
  struct Place {
    const Repository* repository = nullptr;
    std::string path;  // of the card, from the root of the working tree
  };

  Result<Place> place_of(const std::string& path) {
    std::error_code error;
    const fs::path full = fs::weakly_canonical(fs::absolute(path, error), error);
    const std::string folder = full.parent_path().string();
    auto known = by_folder_.find(folder);
    if (known == by_folder_.end()) {
      auto opened = Repository::open(folder);
      if (!opened) return opened.error();
      known = by_folder_.emplace(folder, std::make_unique<Repository>(std::move(*opened))).first;
    }
    const Repository& repository = *known->second;
    if (repository.is_bare()) return Error(ErrorCode::usage, "a bare repository has no working tree", path);
    const fs::path root = fs::weakly_canonical(repository.work_folder(), error);
    return Place{&repository, full.lexically_relative(root).generic_string()};
  }

 private:
  std::map<std::string, std::unique_ptr<Repository>> by_folder_;
};

// The bytes of the card as the older version has it; nothing when it had none.
Result<std::optional<std::string>> bytes_at(const Repositories::Place& place, const std::string& reference) {
  const auto commit = place.repository->resolve(reference);
  if (!commit) return commit.error();
  const auto blob = place.repository->blob_at(*commit, place.path);
  if (!blob && blob.error().code == ErrorCode::not_found) return std::optional<std::string>{};
  if (!blob) return blob.error();
  auto bytes = place.repository->read_blob(*blob, kMaxOlderCardBytes);
  if (!bytes) return bytes.error();
  return std::optional<std::string>(std::move(*bytes));
}

// Whether the repository has a commit at all: before the first one everything is new.
bool has_commits(const Repository& repository) { return repository.resolve("HEAD").has_value(); }

}  // namespace

Result<Since> older_versions(const Session& session, const std::vector<Input>& inputs,
                             const SinceOptions& options) {
  Since out;
  Repositories repositories;
  std::vector<Input> older;
  for (Input input : inputs) {
    const auto place = repositories.place_of(input.path);
    if (!place) return place.error();
    std::optional<std::string> before;
    if (!options.staged || has_commits(*place->repository)) {
      auto found = bytes_at(*place, options.staged ? "HEAD" : options.reference);
      if (!found) return found.error();
      before = std::move(*found);
    }
    if (options.staged) {
      const auto blob = place->repository->staged_blob(place->path);
      if (!blob) return blob.error();
      if (!*blob) continue;
      auto bytes = place->repository->read_blob(**blob, kMaxOlderCardBytes);
      if (!bytes) return bytes.error();
      if (before && *before == *bytes) continue;
      input.content = std::move(*bytes);
    }
    if (before) older.push_back({input.path, std::move(before)});
    out.inputs.push_back(std::move(input));
  }
  BaselineRun run;
  std::optional<Error> mistake;
  run_cards(session, older, {job_count(session), false}, [&](const Input& input, Judged& judged) {
    if (judged.error) {
      mistake = judged.error;
      return false;
    }
    run.add(judged.report);
    if (const auto share = disclosed_share(judged.disclosures)) out.shares[input.path] = *share;
    return true;
  });
  if (mistake) return *mistake;
  out.known = run.create();
  return out;
}

Baseline joined(const std::optional<Baseline>& one, const Baseline& other) {
  std::vector<BaselineEntry> entries = other.entries();
  if (one) entries.insert(entries.end(), one->entries().begin(), one->entries().end());
  return Baseline(std::move(entries));
}

Gate gate_since(const Gate& gate, const Since& since, const Input& input, const Judged& judged) {
  Gate out = gate;
  const auto before = since.shares.find(input.path);
  const auto now = disclosed_share(judged.disclosures);
  if (before != since.shares.end() && now && *now >= before->second) out.min_disclosure.reset();
  return out;
}

}  // namespace cardwarden::cli
