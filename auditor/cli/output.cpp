// SPDX-License-Identifier: Apache-2.0
#include "cli/output.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <ostream>

#include "base/text.h"
#include "policy/settings_file.h"

namespace cardwarden::cli {
namespace {

namespace fs = std::filesystem;

Error unknown_format(const std::string& name) {
  std::vector<std::string_view> names;
  for (const ReportFormat& format : report_formats()) names.push_back(format.name);
  return {ErrorCode::usage,
          "There is no report format `" + text::printable(name) + "`." + did_you_mean(name, names)};
}

// Where a file that takes its name at the end is to be: behind symbolic links. Nothing for what is no file,
// such as /dev/null or a pipe, which is written to directly.
std::optional<std::string> replaceable(const std::string& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::exists(status) && !fs::is_regular_file(status)) return std::nullopt;
  if (!fs::is_symlink(path, error)) return path;
  const fs::path target = fs::weakly_canonical(path, error);
  return error ? path : target.string();
}

}  // namespace

Result<Outputs> Outputs::open(World& world, const std::vector<std::string>& formats,
                              const std::vector<std::string>& files) {
  Outputs out;
  if (files.size() > formats.size()) {
    return Error{ErrorCode::usage, "there are more --output files than formats; give a --format for each"};
  }
  int on_standard_output = 0;
  for (std::size_t i = 0; i < formats.size(); ++i) {
    const ReportFormat* format = find_report_format(formats[i]);
    if (format == nullptr) return unknown_format(formats[i]);
    const bool standard = i >= files.size() || files[i] == "-";
    if (standard && ++on_standard_output > 1) {
      return Error{ErrorCode::usage,
                   "only one format can go to standard output; give the others an --output, in the order of "
                   "the formats"};
    }
    std::ostream* stream = &world.out;
    if (!standard) {
      File file{files[i], {}, nullptr};
      if (const auto target = replaceable(files[i])) {
        file.path = *target;
        file.temporary = file.path + ".cardwarden-" + std::to_string(::getpid()) + "-" + std::to_string(i);
      }
      const std::string& written = file.temporary.empty() ? file.path : file.temporary;
      file.stream = std::make_unique<std::ofstream>(written, std::ios::binary | std::ios::trunc);
      if (!*file.stream)
        return Error{ErrorCode::io, "cannot be written: " + std::string(std::strerror(errno)), file.path};
      stream = file.stream.get();
      out.files_.push_back(std::move(file));
    }
    out.writers_.push_back(format->make(*stream));
    out.show_disclosures_ = out.show_disclosures_ || format->shows_disclosures;
    out.to_terminal_.push_back(standard && world.out_is_terminal);
    if (standard && format->name == "text" && world.out_is_terminal) out.text_on_terminal_ = true;
    if (standard && format->name != "text") out.words_on_standard_output_ = false;
  }
  return out;
}

Outputs::~Outputs() {
  writers_.clear();
  for (const File& file : files_) {
    if (!file.temporary.empty()) std::remove(file.temporary.c_str());
  }
}

void Outputs::begin(const RunInfo& run) {
  for (std::size_t i = 0; i < writers_.size(); ++i) {
    RunInfo own = run;
    own.colour = run.colour && to_terminal_[i];
    writers_[i]->begin(own);
  }
}

void Outputs::card(const CardReport& report) {
  for (const auto& writer : writers_) writer->card(report);
}

void Outputs::problem(const InputProblem& problem) {
  for (const auto& writer : writers_) writer->problem(problem);
}

void Outputs::end(const Totals& totals) {
  for (const auto& writer : writers_) writer->end(totals);
}

Done Outputs::commit() {
  for (File& file : files_) {
    file.stream->close();
    const bool renamed =
        file.temporary.empty() || std::rename(file.temporary.c_str(), file.path.c_str()) == 0;
    if (file.stream->fail() || !renamed) {
      return Error{ErrorCode::io, "cannot be written: " + std::string(std::strerror(errno)), file.path};
    }
    file.temporary.clear();
  }
  return Nothing{};
}

}  // namespace cardwarden::cli
