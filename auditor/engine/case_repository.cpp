// SPDX-License-Identifier: Apache-2.0
#include "engine/case_repository.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>

#include "base/json.h"
#include "base/text.h"
#include "base/time.h"
#include "crypto/bytes.h"
#include "repository/memory.h"
#include "repository/safetensors.h"

namespace cardwarden {
namespace {

constexpr std::uint64_t kMaxElements = std::uint64_t{1} << 50U;  // of one tensor; far above any real one
constexpr std::uint32_t kGgufTypes = 64;                         // numbers that may have a name

std::string little(std::uint64_t value, std::size_t width) {
  std::string out;
  for (std::size_t i = 0; i < width; ++i) out.push_back(static_cast<char>(value >> (8U * i) & 0xFFU));
  return out;
}

std::optional<std::uint64_t> count_of(std::string_view digits) {
  std::uint64_t out = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  if (digits.empty() || read.ec != std::errc() || read.ptr != digits.data() + digits.size())
    return std::nullopt;
  return out;
}

struct Tensor {
  std::string name;
  std::string type;
  std::vector<std::uint64_t> shape;
  std::uint64_t elements = 1;
};

// "BF16 4096x128256"; a type alone is a single number.
std::optional<Tensor> tensor_of(const std::string& name, std::string_view text) {
  const auto words = text::split(text::trim(text), ' ');
  if (words.empty() || words.size() > 2) return std::nullopt;
  Tensor out{name, std::string(words[0]), {}, 1};
  if (words.size() == 1) return out;
  for (const std::string_view part : text::split(words[1], 'x')) {
    const auto size = count_of(part);
    if (!size || *size > kMaxElements || (*size != 0 && out.elements > kMaxElements / *size))
      return std::nullopt;
    out.shape.push_back(*size);
    out.elements *= *size;
  }
  return out;
}

class Maker {
 public:
  explicit Maker(Span& wrong) : wrong_(wrong) {}
  MemoryRepository files;

  Done add_file(const std::string& path, const yaml::Node& value) {
    if (value.is_scalar() || value.is_null()) {
      files.add(path, value.text);
      return Nothing{};
    }
    if (!value.is_mapping() || value.entries.empty())
      return fail(value, "a file is its text, or one of {bytes}, {size}, {tensors}, {license}, {signs}");
    if (const auto* one = value.find("bytes")) return add_bytes(path, *one);
    if (const auto* one = value.find("size")) return add_pointer(path, *one, value.find("seed"));
    if (const auto* one = value.find("tensors")) return add_weights(path, *one, value.find("metadata"));
    if (const auto* one = value.find("license")) return add_license(path, *one);
    if (value.find("signs") != nullptr) {
      signatures_.emplace_back(path, &value);  // made when the other files are known
      return Nothing{};
    }
    return fail(value, "a file is its text, or one of {bytes}, {size}, {tensors}, {license}, {signs}");
  }

  Done add_signatures() {
    const Snapshot snapshot = files.snapshot();
    for (const auto& [path, value] : signatures_) {
      auto done = add_signature(snapshot, path, *value);
      if (!done) return done;
    }
    return Nothing{};
  }

  Error fail(const yaml::Node& node, std::string message) {
    wrong_ = node.span;
    return {ErrorCode::rule, std::move(message)};
  }

 private:
  Done add_bytes(const std::string& path, const yaml::Node& value) {
    const auto bytes = bytes_from_hex(value.text);
    if (!bytes) return fail(value, "`bytes` must be pairs of hexadecimal digits");
    files.add(path, *bytes);
    return Nothing{};
  }

  Done add_pointer(const std::string& path, const yaml::Node& value, const yaml::Node* seed) {
    const auto size = count_of(value.text);
    if (!size) return fail(value, "`size` is a number of bytes");
    files.add_pointer(path, *size, seed != nullptr ? seed->text : path);
    return Nothing{};
  }

  Done add_license(const std::string& path, const yaml::Node& value) {
    for (const license_marks::Mark& mark : license_marks::table()) {
      if (mark.id != value.text) continue;
      std::string text = std::string(mark.name) + "\n\n";
      for (const std::string_view passage : mark.all) text += std::string(passage) + ".\n\n";
      // A title without much text around it is no licence text (license_text.cpp).
      while (text.size() < 2000) text += "The terms stand in the paragraphs of this text.\n";
      files.add(path, text);
      return Nothing{};
    }
    return fail(value, "the text of `" + value.text + "` is not known");
  }

  Done add_weights(const std::string& path, const yaml::Node& tensors, const yaml::Node* metadata) {
    if (tensors.entries.size() > kMaxCaseTensors)
      return fail(tensors, "a file of a case has at most " + std::to_string(kMaxCaseTensors) + " tensors");
    std::vector<Tensor> list;
    for (const yaml::Entry& entry : tensors.entries) {
      auto one = tensor_of(entry.key.text, entry.value.text);
      if (!one) return fail(entry.value, "a tensor is a type and a shape: F16 4096x4096");
      list.push_back(std::move(*one));
    }
    const bool gguf = path.size() > 5 && path.compare(path.size() - 5, 5, ".gguf") == 0;
    return gguf ? add_gguf(path, list, tensors, metadata) : add_safetensors(path, list, tensors, metadata);
  }

  Done add_safetensors(const std::string& path, const std::vector<Tensor>& tensors, const yaml::Node& node,
                       const yaml::Node* metadata) {
    std::string header = "{\"__metadata__\":{\"format\":\"pt\"";
    if (metadata != nullptr) {
      for (const yaml::Entry& entry : metadata->entries)
        header += "," + json_string(entry.key.text) + ":" + json_string(entry.value.text);
    }
    header += "}";
    std::uint64_t at = 0;
    for (const Tensor& tensor : tensors) {
      const auto bits = safetensors_bits(tensor.type);
      if (!bits) return fail(node, "`" + tensor.type + "` is no type of safetensors");
      const std::uint64_t end = at + (tensor.elements * *bits + 7) / 8;
      std::vector<std::string> shape;
      for (const std::uint64_t one : tensor.shape) shape.push_back(std::to_string(one));
      header += "," + json_string(tensor.name) + ":{\"dtype\":\"" + tensor.type + "\",\"shape\":[" +
                text::join(shape, ",") + "],\"data_offsets\":[" + std::to_string(at) + "," +
                std::to_string(end) + "]}";
      at = end;
    }
    header += "}";
    const std::uint64_t size = 8 + header.size() + at;
    files.add_stored(path, little(header.size(), 8) + header, size);
    return Nothing{};
  }

  Done add_gguf(const std::string& path, const std::vector<Tensor>& tensors, const yaml::Node& node,
                const yaml::Node* metadata) {
    const std::size_t values = metadata == nullptr ? 0 : metadata->entries.size();
    const auto text = [](std::string_view s) { return little(s.size(), 8) + std::string(s); };
    std::string out = "GGUF" + little(3, 4) + little(tensors.size(), 8) + little(values, 8);
    for (std::size_t i = 0; i < values; ++i) {
      const yaml::Entry& entry = metadata->entries[i];
      const auto number = count_of(entry.value.text);
      out += text(entry.key.text);
      out += number ? little(10, 4) + little(*number, 8) : little(8, 4) + text(entry.value.text);
    }
    for (const Tensor& tensor : tensors) {
      std::uint32_t type = 0;
      while (type < kGgufTypes && gguf_type_name(type) != tensor.type) ++type;
      if (type == kGgufTypes) return fail(node, "`" + tensor.type + "` is no type of GGUF");
      out += text(tensor.name) + little(tensor.shape.size(), 4);
      for (const std::uint64_t one : tensor.shape) out += little(one, 8);
      out += little(type, 4) + little(0, 8);
    }
    const std::uint64_t size = out.size();
    files.add_stored(path, std::move(out), size);
    return Nothing{};
  }

  static bool names(const yaml::Node* list, const std::string& path) {
    return list != nullptr && std::any_of(list->items.begin(), list->items.end(),
                                          [&path](const yaml::Node& one) { return one.text == path; });
  }

  // A bundle as model signers write it, with a signature that nobody can check.
  Done add_signature(const Snapshot& snapshot, const std::string& path, const yaml::Node& value) {
    const yaml::Node& signs = *value.find("signs");
    if (!signs.is_sequence()) return fail(signs, "`signs` is a list of files");
    const bool shards = value.find("shards") != nullptr;
    std::string resources;
    std::string all;
    const BlobSource blobs = files.blobs();
    for (const yaml::Node& one : signs.items) {
      const SnapshotFile* file = snapshot.find(one.text);
      std::string digest = sha256_hex("a file that is not here: " + one.text);
      if (file != nullptr && !names(value.find("changed"), one.text)) {
        const auto bytes = blobs.read(file->blob, std::numeric_limits<std::uint64_t>::max());
        digest = file->lfs ? file->lfs->oid : sha256_hex(bytes ? *bytes : std::string());
      }
      const std::uint64_t size = file == nullptr ? 0 : file->content_size();
      const std::string name = shards ? one.text + ":0:" + std::to_string(size) : one.text;
      const auto raw = bytes_from_hex(digest);
      all += raw ? *raw : std::string();
      resources += std::string(resources.empty() ? "" : ",") + "{\"name\":" + json_string(name) +
                   ",\"digest\":\"" + digest + "\",\"algorithm\":\"sha256\"}";
    }
    std::string ignored;
    if (const yaml::Node* list = value.find("ignores")) {
      for (const yaml::Node& one : list->items)
        ignored += (ignored.empty() ? "" : ",") + json_string(one.text);
    }
    const std::string statement =
        "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"name\":\"model\",\"digest\":{"
        "\"sha256\":\"" +
        sha256_hex(all) +
        "\"}}],\"predicateType\":\"https://model_signing/signature/v1.0\",\"predicate\":{\"serialization\":{"
        "\"method\":\"" +
        std::string(shards ? "shards" : "files") +
        "\",\"hash_type\":\"sha256\",\"allow_symlinks\":false,\"ignore_paths\":[" + ignored +
        "]},\"resources\":[" + resources + "]}}";
    files.add(
        path,
        "{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\",\"verificationMaterial\":{"
        "\"publicKey\":{\"hint\":\"a case\"}},\"dsseEnvelope\":{\"payload\":\"" +
            base64(statement) +
            "\",\"payloadType\":\"application/vnd.in-toto+json\",\"signatures\":[{\"sig\":\"AAAA\"}]}}");
    return Nothing{};
  }

  Span& wrong_;
  std::vector<std::pair<std::string, const yaml::Node*>> signatures_;
};

// "2024-05-01" as the noon of that day.
std::optional<Person> person_of(const yaml::Node* date) {
  if (date == nullptr) return std::nullopt;
  const auto time = parse_time(date->text + "T12:00:00Z");
  if (!time) return std::nullopt;
  Person out{"A. Author", "author@example.org", static_cast<std::int64_t>(*time), 0, true};
  return out;
}

Result<SignatureReport> signature_of(Maker& maker, const yaml::Node& value) {
  SignatureReport out;
  for (const SignatureVerdict verdict :
       {SignatureVerdict::absent, SignatureVerdict::not_checked, SignatureVerdict::malformed,
        SignatureVerdict::bad, SignatureVerdict::untrusted, SignatureVerdict::good}) {
    if (to_string(verdict) != value.text) continue;
    out.verdict = verdict;
    out.kind = verdict == SignatureVerdict::absent        ? SignatureKind::none
               : verdict == SignatureVerdict::not_checked ? SignatureKind::pgp
                                                          : SignatureKind::ssh;
    out.reason = "As the case says.";
    return out;
  }
  return maker.fail(value, "`" + value.text + "` is no verdict about a signature");
}

// Newest first: what each commit did to the card and to weights.
// A revision's card is its `text`; the newest without one has the case's card.
Result<History> history_of(Maker& maker, const yaml::Node& list, std::string_view newest,
                           std::vector<std::pair<ObjectId, std::string>>& texts) {
  History out;
  if (!list.is_sequence()) return maker.fail(list, "`history` is a list of commits, the newest first");
  for (const yaml::Node& item : list.items) {
    const auto person = person_of(item.find("date"));
    if (!person) return maker.fail(item, "a commit of `history` needs `date`, such as 2024-05-01");
    CommitFacts commit;
    commit.id = *ObjectId::from_hex(sha256_hex(std::to_string(out.commits)).substr(0, 40));
    commit.author = commit.committer = *person;
    if (const yaml::Node* subject = item.find("subject")) commit.subject = subject->text;
    if (out.commits++ == 0) out.tip = commit.id;
    commit.order = out.commits;
    if (const yaml::Node* tag = item.find("tag"))
      out.tags.push_back({tag->text, commit.id, {}, *person, {}, true});
    if (const yaml::Node* tag = item.find("lost-tag"))
      out.tags.push_back({tag->text, commit.id, {}, *person, {}, false});
    const yaml::Node* card = item.find("card");
    if (card != nullptr) {
      CardRevision revision;
      revision.commit = commit;
      revision.path = "README.md";
      bool known = false;
      for (const CardChange change : {CardChange::added, CardChange::changed, CardChange::renamed,
                                      CardChange::removed, CardChange::oldest}) {
        if (to_string(change) != card->text) continue;
        revision.change = change;
        known = true;
      }
      if (!known) return maker.fail(*card, "`card` is added, changed, renamed, removed or oldest");
      if (revision.change == CardChange::oldest) {
        out.shallow = out.truncated = true;
        out.truncated_because = "the clone is shallow";
      }
      const yaml::Node* text = item.find("text");
      if (revision.change != CardChange::removed && (text != nullptr || out.revisions.empty())) {
        std::string bytes = text != nullptr ? text->text : std::string(newest);
        revision.blob = ObjectId::from_hex(sha256_hex(bytes).substr(0, 40));
        texts.emplace_back(*revision.blob, std::move(bytes));
      }
      if (!out.revisions.empty() && revision.blob) out.revisions.back().before = revision.blob;
      out.revisions.push_back(std::move(revision));
    }
    if (const yaml::Node* weights = item.find("weights")) {
      for (const yaml::Node& one : weights->items) {
        WeightChange change;
        change.commit = out.weight_commits.size();
        change.path = one.text;
        change.kind =
            card != nullptr && card->text == "added" ? WeightChangeKind::added : WeightChangeKind::changed;
        const std::string state = std::to_string(out.commits) + one.text;
        change.after = WeightState{*ObjectId::from_hex(sha256_hex(state).substr(0, 40)), std::nullopt};
        out.weight_changes.push_back(std::move(change));
      }
      out.weight_commits.push_back({commit, card != nullptr});
    }
  }
  return out;
}

}  // namespace

Result<std::shared_ptr<const CaseRepository>> CaseRepository::make(std::string_view card,
                                                                   const yaml::Node* files,
                                                                   const yaml::Node* commit,
                                                                   const yaml::Node* history, Span& wrong) {
  Maker maker(wrong);
  maker.files.add("README.md", std::string(card));
  if (files != nullptr) {
    if (!files->is_mapping() || files->entries.size() > kMaxCaseFiles) {
      return maker.fail(*files, "`repository` is a mapping from paths to files, at most " +
                                    std::to_string(kMaxCaseFiles) + " of them");
    }
    for (const yaml::Entry& entry : files->entries) {
      auto added = maker.add_file(entry.key.text, entry.value);
      if (!added) return added.error();
    }
    auto added = maker.add_signatures();
    if (!added) return added.error();
  }
  std::shared_ptr<CaseRepository> out(new CaseRepository);
  out->snapshot_ = maker.files.snapshot();
  out->weights_ = read_weights(maker.files.blobs(), out->snapshot_, maker.files.stored());
  const BlobSource blobs = maker.files.blobs();
  out->secrets_ = search_secrets(blobs, plan_secret_search(out->snapshot_));
  for (const TextFile& signature : out->snapshot_.signatures) {
    out->facts_.model_signatures.push_back(
        check_model_signature(maker.files.blobs(), out->snapshot_, signature));
  }
  if (commit != nullptr) {
    if (const auto person = person_of(commit->find("date")))
      out->snapshot_.commit.author = out->snapshot_.commit.committer = *person;
    if (const yaml::Node* signature = commit->find("signature")) {
      auto report = signature_of(maker, *signature);
      if (!report) return report.error();
      out->facts_.commit_signature = std::move(*report);
      out->snapshot_.commit.signature_kind = out->facts_.commit_signature.kind;
    }
  }
  if (history != nullptr) {
    auto read = history_of(maker, *history, card, out->revisions_);
    if (!read) return read.error();
    out->history_ = std::move(*read);
    out->facts_.history = &*out->history_;
  }
  out->facts_.snapshot = &out->snapshot_;
  out->facts_.weights = &out->weights_;
  out->facts_.secrets = &out->secrets_;
  return std::shared_ptr<const CaseRepository>(std::move(out));
}

}  // namespace cardwarden
