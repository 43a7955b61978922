// SPDX-License-Identifier: Apache-2.0
// The comparison as one page and as JSON. All text passes through Markup, so no repository can add an
// element.
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/time.h"
#include "report/compare_report.h"
#include "report/html_style.h"
#include "report/markup.h"
#include "report/page.h"
#include "report/render.h"

namespace cardwarden {
namespace {

using Json = nlohmann::ordered_json;
using render::CompareAnswer;
using render::Markup;
using render::Tone;

constexpr char kCompareStyle[] = R"css(
main,header,footer{max-width:84rem}
.side{table-layout:fixed}
.side th,.side td{padding:.8rem 1rem .8rem 0;white-space:normal;overflow-wrap:anywhere}
.side thead th{font-size:1.05rem;color:var(--ink);vertical-align:bottom;font-weight:650}
.side tbody th{width:9rem;vertical-align:top;font-weight:550}
.side thead th:first-child{width:9rem}
.side .short{font-size:1rem;background:var(--wash);padding-left:1rem}
.side tbody tr:last-child th{border-bottom:0}
.side ul{margin:.4rem 0 0;padding-left:1.1rem;color:var(--soft);font-size:.9rem}
.side .chip{white-space:normal;border-radius:8px;padding:.1rem .6rem}
.side td::before{display:none;content:attr(data-of);color:var(--soft);font-size:.82rem;font-weight:600}
@media screen and (max-width:50rem){.side thead{display:none}.side,.side tbody,.side tr,.side th,.side td{display:block;width:auto}
.side tbody th{border-bottom:1px solid var(--line);padding:1.2rem 0 .4rem;font-size:1rem;width:auto}
.side tbody td{padding:.5rem 0;border:0}.side td::before{display:block;margin-bottom:.2rem}.side .short{padding:.6rem .8rem;margin-top:.5rem}}
@media print{.side th,.side td{padding:.4rem .6rem .4rem 0}}
)css";

std::string_view chip(Tone tone) {
  switch (tone) {
    case Tone::good:
      return "chip green";
    case Tone::doubtful:
      return "chip amber";
    case Tone::bad:
      return "chip red";
    case Tone::plain:
      break;
  }
  return "chip";
}

Json time_json(const std::optional<std::int64_t>& time) {
  if (!time || *time < 0) return nullptr;
  return time_text(static_cast<std::uint64_t>(*time));
}

Json candidate_json(const CompareCandidate& one) {
  return {{"name", one.name},
          {"commit", one.commit},
          {"kind", one.kind},
          {"card", one.has_card},
          {"in-short", render::plain_sentence(one)},
          {"disclosures",
           {{"disclosed", one.disclosed},
            {"catalogue", one.catalogue},
            {"missing", one.missing},
            {"lost", one.lost}}},
          {"contradictions", one.contradictions},
          {"errors", one.errors},
          {"warnings", one.warnings},
          {"license",
           {{"declared", one.licenses},
            {"commercial-use", one.commercial ? Json(*one.commercial) : Json(nullptr)},
            {"base-models", one.bases},
            {"conflicts", one.chain}}},
          {"weights",
           {{"formats", one.formats},
            {"can-run-code", one.runs_code},
            {"safetensors-beside", one.safe_twin},
            {"parameters", one.parameters},
            {"bytes", one.weight_bytes},
            {"replaced-card-untouched", one.silent}}},
          {"card-changed", time_json(one.card_time)},
          {"weights-changed", time_json(one.weights_time)},
          {"history-note", one.history_note.empty() ? Json(nullptr) : Json(one.history_note)}};
}

}  // namespace

void write_compare_json(std::ostream& out, const CompareReport& report) {
  Json all = {{"schema", kCompareSchema},
              {"tool", {{"name", render::kToolName}, {"version", report.version}}}};
  Json candidates = Json::array();
  for (const CompareCandidate& one : report.candidates) candidates.push_back(candidate_json(one));
  all["candidates"] = std::move(candidates);
  all["note"] = render::kDisclaimer;
  out << render::safe_json(all.dump(2, ' ', false, Json::error_handler_t::replace)) << '\n';
}

void write_compare_html(std::ostream& out, const CompareReport& report) {
  Markup m;
  render::begin_page(m, "Candidates side by side", {render::kStyle, kCompareStyle});
  m.open("header")
      .element("p", "Cardwarden · candidates side by side", {{"class", "brand"}})
      .close()
      .literal("\n");
  m.open("main").open("section", {{"class", "panel"}}).open("div", {{"class", "scroll"}});
  m.open("table", {{"class", "side"}}).open("thead").open("tr").open("th").close();
  std::vector<std::vector<CompareAnswer>> answers;
  for (const CompareCandidate& one : report.candidates) {
    m.open("th", {{"scope", "col"}}).element("bdi", one.name).close();
    answers.push_back(render::compare_answers(one));
  }
  m.close().close().open("tbody").literal("\n").open("tr").element("th", "In short", {{"scope", "row"}});
  for (const CompareCandidate& one : report.candidates)
    m.element("td", render::plain_sentence(one), {{"class", "short"}, {"data-of", one.name}});
  m.close().literal("\n");
  for (std::size_t question = 0; !answers.empty() && question < answers.front().size(); ++question) {
    m.open("tr").element("th", answers.front()[question].question, {{"scope", "row"}});
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const CompareAnswer& answer = answers[i][question];
      m.open("td", {{"data-of", report.candidates[i].name}})
          .open("span", {{"class", chip(answer.tone)}})
          .element("bdi", answer.answer)
          .close();
      if (!answer.details.empty()) {
        m.open("ul");
        for (const std::string& detail : answer.details) m.open("li").element("bdi", detail).close();
        m.close();
      }
      m.close();
    }
    m.close().literal("\n");
  }
  m.close().close().close().close().close().literal("\n");
  render::end_page(m, {{"Cardwarden", report.version}});
  out << m.take();
}

}  // namespace cardwarden
