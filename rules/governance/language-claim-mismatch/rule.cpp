// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <algorithm>
#include <set>
#include <string>
#include <unordered_map>

#include "base/text.h"

namespace cardwarden::rules {
namespace {

// One language an entry: its ISO 639 codes (two letters, three letters, and what the Hub takes for the same
// language), then its names in cards.
constexpr std::string_view kLanguages =
    "en eng:english;zh zho chi cmn yue:chinese mandarin cantonese;ja jpn:japanese;ko kor:korean;"
    "fr fra fre:french français;de deu ger:german deutsch;es spa:spanish español castilian;"
    "pt por:portuguese português;it ita:italian italiano;nl nld dut:dutch;ru rus:russian;uk ukr:ukrainian;"
    "pl pol:polish;cs ces cze:czech;sk slk:slovak;sl slv:slovenian slovene;bg bul:bulgarian;ro ron:romanian;"
    "hu hun:hungarian;el ell gre:greek;tr tur:turkish;ar ara arz ary apc ajp acm aeb arb:arabic;"
    "fa fas per pes:persian farsi;he heb:hebrew;hi hin:hindi;bn ben:bengali bangla;ur urd:urdu;ta tam:tamil;"
    "te tel:telugu;mr mar:marathi;gu guj:gujarati;pa pan:punjabi;kn kan:kannada;ml mal:malayalam;"
    "ne nep:nepali;si sin:sinhala;th tha:thai;vi vie:vietnamese;id ind:indonesian;ms msa zsm:malay;"
    "tl tgl fil:tagalog filipino;jv jav:javanese;sw swa swh:swahili;yo yor:yoruba;ig ibo:igbo;ha hau:hausa;"
    "am amh:amharic;zu zul:zulu;xh xho:xhosa;so som:somali;rw kin:kinyarwanda;wo wol:wolof;af afr:afrikaans;"
    "da dan:danish;sv swe:swedish;no nb nn nor nob nno:norwegian;fi fin:finnish;is isl:icelandic;"
    "et est ekk:estonian;lv lav lvs:latvian;lt lit:lithuanian;ca cat:catalan;eu eus baq:basque;"
    "gl glg:galician;ga gle:irish;cy cym:welsh;hr hrv sh hbs:croatian;sr srp sh hbs:serbian;"
    "mk mkd:macedonian;sq sqi:albanian;kk kaz:kazakh;uz uzb:uzbek;mn mon khk:mongolian;km khm:khmer;"
    "my mya:burmese;la lat:latin;eo epo:esperanto;hy hye:armenian;ka kat:georgian;az aze azj:azerbaijani;"
    "be bel:belarusian;mt mlt:maltese;language[]:languages[]";

struct Languages {
  std::unordered_map<std::string, std::set<std::size_t>> by_code;  // "sh" is Croatian and Serbian
  std::unordered_map<std::uint64_t, std::size_t> by_name;          // by Word::hash
};

const Languages& languages() {
  static const auto kTable = [] {
    Languages out;
    std::size_t row = 0;
    for (const std::string_view entry : text::split(kLanguages, ';')) {
      const std::size_t colon = entry.find(':');
      for (const std::string_view code : text::split(entry.substr(0, colon), ' '))
        out.by_code[std::string(code)].insert(row);
      for (const std::string_view name : text::split(entry.substr(colon + 1), ' ')) {
        out.by_name.emplace(hash_word(name), row);
        out.by_code[std::string(name)].insert(row);
      }
      ++row;
    }
    return out;
  }();
  return kTable;
}

// The languages of the front matter as rows of the table; nothing can be compared when one value means "many"
// or is not known.
bool declared_languages(const Card& card, std::set<std::size_t>& rows, Span& where) {
  for (const std::string_view path : {"language[]", "languages[]"}) {
    for (const yaml::Node* node : fields(card, path)) {
      if (!node->is_scalar()) return false;
      const std::string value = text::lower(text::trim(node->text));
      const std::string code = value.substr(0, value.find_first_of("-_"));
      const auto found = languages().by_code.find(code);
      if (found != languages().by_code.end()) {
        rows.insert(found->second.begin(), found->second.end());
      } else if (value == "multilingual" || value == "mul" || value == "all" || value == "code" ||
                 code.size() > 3) {
        return false;
      }
      where = where.empty() ? node->span : Span{where.begin, std::max(where.end, node->span.end)};
    }
  }
  return !rows.empty();
}

// "Language(s) (NLP): …".
bool is_language_label(const Prose& prose, const Unit& unit) {
  static const std::uint64_t kSingular = hash_word("language");
  static const std::uint64_t kPlural = hash_word("languages");
  const std::uint32_t last = std::min(unit.first_word + 4, unit.last_word);
  bool language = false;
  for (std::uint32_t i = unit.first_word; i < last; ++i) {
    language = language || prose.words[i].hash == kSingular || prose.words[i].hash == kPlural;
    if (language && (prose.words[i].flags & kColon) != 0) return true;
  }
  return false;
}

// The labelled lines, and the short sentences below a heading "Languages", that do not hedge.
std::vector<const Unit*> language_claims(const Subject& subject) {
  const Card& card = subject.card;
  const Prose& prose = subject.prose;
  std::vector<bool> headed(card.sections.size(), false);
  for (const Said& said : subject.phrases.said("heading")) headed[subject.phrases.unit(said).section] = true;
  std::vector<const Unit*> out;
  for (const Unit& unit : prose.units) {
    if ((unit.kind != UnitKind::prose && unit.kind != UnitKind::list) || unit.placeholder) continue;
    const bool claims = is_language_label(prose, unit) || (headed[unit.section] && unit.size() <= 30);
    if (claims && !subject.phrases.in(unit, "hedge")) out.push_back(&unit);
  }
  return out;
}

}  // namespace

std::vector<Finding> governance_language_claim_mismatch(const Subject& subject) {
  const Card& card = subject.card;
  std::set<std::size_t> declared;
  Span where;
  if (!declared_languages(card, declared, where)) return {};
  const auto& rows = languages().by_name;
  for (const Unit* unit : language_claims(subject)) {
    for (std::uint32_t i = unit->first_word; i < unit->last_word; ++i) {
      const Word& word = subject.prose.words[i];
      const auto row = rows.find(word.hash);
      if (row == rows.end() || declared.count(row->second) != 0) continue;
      const Span span{word.begin, word.begin + word.length};
      const std::string shown(card.quote(span));
      Finding finding = violated(
          unit->span, "The text names " + shown + " as a language, but the front matter does not list it.",
          "Make the language list of the front matter and the text name the same languages.", "language");
      finding.outcome = Outcome::contradicted;
      finding.evidence = {{unit->span, span}, {where, where}};
      return {finding};
    }
  }
  return {};
}

}  // namespace cardwarden::rules
