// SPDX-License-Identifier: Apache-2.0
#include "report/report.h"

#include <algorithm>

#include "report/formats.h"

namespace cardwarden {

const std::vector<ReportFormat>& report_formats() {
  static const std::vector<ReportFormat> formats = {
      {"text", "one line a finding, with the place in the card and what to write", make_text_writer},
      {"json", "one document with every card, disclosure, finding and control", make_json_writer, true},
      {"jsonl", "the same, one card a line and the totals last", make_jsonl_writer, true},
      {"sarif", "SARIF 2.1.0, for code scanning", make_sarif_writer},
      {"junit", "JUnit XML, for test reports of CI systems", make_junit_writer},
      {"github", "workflow commands that GitHub Actions shows as annotations", make_github_writer},
      {"gitlab", "GitLab code quality report", make_gitlab_writer},
      {"markdown", "a comment for a pull request", make_markdown_writer, true},
      {"html", "one self-contained page to read and print", make_html_writer, true},
      {"csv", "a table with one row a finding", make_csv_writer},
  };
  return formats;
}

const ReportFormat* find_report_format(std::string_view name) {
  const std::vector<ReportFormat>& formats = report_formats();
  const auto at =
      std::find_if(formats.begin(), formats.end(), [&](const ReportFormat& f) { return f.name == name; });
  return at == formats.end() ? nullptr : &*at;
}

}  // namespace cardwarden
