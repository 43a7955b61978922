// SPDX-License-Identifier: Apache-2.0
#pragma once
// One function a format, each in the file of its name. Only report.cpp's table uses them.

#include <iosfwd>
#include <memory>

#include "report/report.h"

namespace cardwarden {

std::unique_ptr<ReportWriter> make_text_writer(std::ostream& out);
std::unique_ptr<ReportWriter> make_json_writer(std::ostream& out);
std::unique_ptr<ReportWriter> make_jsonl_writer(std::ostream& out);
std::unique_ptr<ReportWriter> make_sarif_writer(std::ostream& out);
std::unique_ptr<ReportWriter> make_junit_writer(std::ostream& out);
std::unique_ptr<ReportWriter> make_github_writer(std::ostream& out);
std::unique_ptr<ReportWriter> make_gitlab_writer(std::ostream& out);
std::unique_ptr<ReportWriter> make_markdown_writer(std::ostream& out);
std::unique_ptr<ReportWriter> make_html_writer(std::ostream& out);
std::unique_ptr<ReportWriter> make_csv_writer(std::ostream& out);

}  // namespace cardwarden
