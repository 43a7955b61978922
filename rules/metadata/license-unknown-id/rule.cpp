// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <algorithm>

#include "base/text.h"
#include "engine/hub.h"
#include "engine/metadata.h"

namespace cardwarden::rules {
namespace {

const std::vector<std::string_view>& ids() { return hub::entries(hub::List::licenses); }

std::string keep(std::string_view s, bool letters) {  // letters and digits, or digits only, in lower case
  std::string out;
  for (const char c : text::lower_ascii(s)) {
    if ((c >= '0' && c <= '9') || (letters && c >= 'a' && c <= 'z') || (letters && c == '+')) out += c;
  }
  return out;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// Without what SPDX and everyday usage add to the name of a license: "GNU GPL v3 or later" → "gpl-3".
std::string bare(std::string_view written) {
  std::string id = text::lower_ascii(text::trim(written));
  std::replace_if(
      id.begin(), id.end(), [](char c) { return c == ' ' || c == '_'; }, '-');
  if (hub::contains(hub::List::licenses, id)) return id;
  replace_all(id, "creative-commons", "cc");
  for (const std::string_view word :
       {"-or-later", "-only", "-license", "-licence", "-community", "the-", "gnu-"}) {
    replace_all(id, word, "");
  }
  if (!id.empty() && id.back() == '+') id.pop_back();
  for (std::size_t i = 1; i + 1 < id.size(); ++i) {
    if (id[i] == 'v' && id[i + 1] >= '0' && id[i + 1] <= '9') id[i] = '-';
  }
  id.erase(std::unique(id.begin(), id.end(), [](char x, char y) { return x == '-' && y == '-'; }), id.end());
  return id;
}

std::vector<std::string> meant(std::string_view written) {
  const std::string id = bare(written);
  if (id.empty()) return {};
  std::vector<std::string> same, versions;
  for (const std::string_view known : ids()) {
    if (keep(known, true) == keep(id, true) || keep(known, true) == keep(id, true) + "0")
      same.emplace_back(known);
    const bool longer = known.size() > id.size() && known.substr(0, id.size()) == id;
    if (longer && known.substr(id.size()).find_first_not_of("-.0123456789") == std::string_view::npos)
      versions.emplace_back(known);
  }
  if (!same.empty() || !versions.empty()) return same.empty() ? versions : same;
  if (id == "cc0" || id == "cc-0" || id == "cc-zero") return {"cc0-1.0"};
  if (id == "bsd-3" || id == "bsd3" || id == "new-bsd") return {"bsd-3-clause"};
  if (id == "bsd-2" || id == "bsd2") return {"bsd-2-clause"};
  // A slip of the pen must not turn one license into another: same version, same family, never Creative
  // Commons.
  const std::optional<std::string> near = text::nearest(id, ids());
  const bool safe =
      near && keep(*near, false) == keep(id, false) && near->front() == id.front() && id.rfind("cc", 0) != 0;
  return safe ? std::vector<std::string>{*near} : std::vector<std::string>{};
}

}  // namespace

std::vector<Finding> metadata_license_unknown_id(const Subject& subject) {
  std::vector<Finding> out;
  for (const metadata::Value& value : metadata::select(subject.card, "license[]")) {
    if (metadata::full(out)) break;
    if (!value.is_text() || hub::contains(hub::List::licenses, value.text())) continue;
    const std::vector<std::string> other = meant(value.text());
    std::string remedy =
        "Write license: other, with license_name and license_link, for a license that the Hub does not list.";
    if (other.size() == 1) remedy = "Write license: " + other[0] + ".";
    const std::string_view written = value.text();
    const bool later = written.back() == '+' || text::lower_ascii(written).find("later") != std::string::npos;
    if (other.size() == 1 && later) remedy += " The Hub has no id for \"or later\"; say that in the text.";
    if (other.size() > 1) remedy = "Name the version, one of: " + text::join(other, ", ") + ".";
    out.push_back(violated(
        value.span,
        metadata::quoted(value.text()) + " is not a license id of the Hub: unknown to this list's version " +
            std::string(hub::version(hub::List::licenses)) + ". The Hub refuses cards with such an id.",
        remedy, value.path));
  }
  return out;
}

}  // namespace cardwarden::rules
