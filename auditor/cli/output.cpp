// SPDX-License-Identifier: Apache-2.0
#include "cli/output.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ostream>

namespace cardwarden::cli {

Result<Outputs> Outputs::open(World& world, const std::vector<std::string>& formats, const std::vector<std::string>& files) {
  Outputs out;
  if (files.size() > formats.size()) {
    return Error{ErrorCode::usage, "there are more --output files than formats; give a --format for each"};
  }
  int on_standard_output = 0;
  for (std::size_t i = 0; i < formats.size(); ++i) {
    const ReportFormat* format = find_report_format(formats[i]);
    if (format == nullptr) return Error{ErrorCode::usage, "there is no report format \"" + formats[i] + "\""};
    const bool standard = i >= files.size() || files[i] == "-";
    if (standard && ++on_standard_output > 1) {
      return Error{ErrorCode::usage, "only one format can go to standard output; give the others an --output, in the order of the formats"};
    }
    std::ostream* stream = &world.out;
    if (!standard) {
      File file{files[i], files[i] + ".cardwarden-" + std::to_string(::getpid()) + "-" + std::to_string(i), nullptr};
      file.stream = std::make_unique<std::ofstream>(file.temporary, std::ios::binary | std::ios::trunc);
      if (!*file.stream) return Error{ErrorCode::io, "cannot be written: " + std::string(std::strerror(errno)), file.path};
      stream = file.stream.get();
      out.files_.push_back(std::move(file));
    }
    out.writers_.push_back(format->make(*stream));
    out.to_terminal_.push_back(standard && world.out_is_terminal);
    if (standard && format->name == "text" && world.out_is_terminal) out.text_on_terminal_ = true;
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
    if (file.stream->fail() || std::rename(file.temporary.c_str(), file.path.c_str()) != 0) {
      return Error{ErrorCode::io, "cannot be written: " + std::string(std::strerror(errno)), file.path};
    }
    file.temporary.clear();
  }
  return Nothing{};
}

}  // namespace cardwarden::cli
