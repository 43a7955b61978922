// SPDX-License-Identifier: Apache-2.0
#include "report/page.h"

#include <string>

#include "crypto/bytes.h"
#include "report/render.h"

namespace cardwarden::render {

void begin_page(Markup& m, std::string_view title, std::initializer_list<Literal> sheets) {
  std::string policy = "default-src 'none'; style-src";
  for (const Literal sheet : sheets) policy += " 'sha256-" + base64(sha256(sheet.view())) + "'";
  policy += "; base-uri 'none'; form-action 'none'";
  m.literal("<!DOCTYPE html>\n").open("html", {{"lang", "en"}}).open("head").literal("\n");
  m.leaf("meta", {{"charset", "utf-8"}}).literal("\n");
  m.leaf("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", policy}}).literal("\n");
  m.leaf("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}}).literal("\n");
  m.leaf("meta", {{"name", "referrer"}, {"content", "no-referrer"}}).literal("\n");
  m.element("title", title).literal("\n");
  for (const Literal sheet : sheets) m.open("style").literal(sheet).close().literal("\n");
  m.close().open("body").literal("\n");
}

void end_page(Markup& m, std::initializer_list<std::pair<std::string_view, std::string_view>> facts) {
  m.open("footer").element("strong", kDisclaimer).open("dl").literal("\n");
  for (const auto& [name, value] : facts) {
    if (!value.empty()) m.element("dt", name).open("dd").element("code", value).close().literal("\n");
  }
  m.close().close().close().close().literal("\n");
}

}  // namespace cardwarden::render
