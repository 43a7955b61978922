// SPDX-License-Identifier: Apache-2.0
// The passages that tell licences apart, folded as read_license() folds a text: lower case, one blank between
// words, '+' kept, other punctuation gone. They are titles, dates and the few words that only one text has.
// A more particular licence stands before the one it was made from.
#include "base/text.h"
#include "repository/license_text.h"

namespace cardwarden::license_marks {

namespace {

// As Mark, with '|' between passages.
struct Row {
  std::string_view id;
  std::string_view name;
  bool hub_id;
  bool restricts;
  std::string_view all;
  std::string_view none;
  std::string_view named;
};

constexpr Row kRows[] = {
    // Community licences of model makers.
    {"llama2", "Llama 2 Community License", true, true,
     "llama 2 community license agreement|additional commercial terms", "", "llama 2 community license"},
    {"llama3", "Llama 3 Community License", true, true,
     "llama 3 community license agreement|additional commercial terms", "", "llama 3 community license"},
    {"llama3.1", "Llama 3.1 Community License", true, true,
     "llama 3 1 community license agreement|additional commercial terms", "", "llama 3 1 community license"},
    {"llama3.2", "Llama 3.2 Community License", true, true,
     "llama 3 2 community license agreement|additional commercial terms", "", "llama 3 2 community license"},
    {"llama3.3", "Llama 3.3 Community License", true, true,
     "llama 3 3 community license agreement|additional commercial terms", "", "llama 3 3 community license"},
    {"llama4", "Llama 4 Community License", true, true,
     "llama 4 community license agreement|additional commercial terms", "", "llama 4 community license"},
    {"gemma", "Gemma Terms of Use", true, true, "gemma terms of use|model derivatives", "",
     "gemma terms of use|ai google dev gemma terms"},
    {"qwen-research", "Qwen Research License", false, true, "qwen research license agreement", "",
     "qwen research license"},
    {"qwen", "Qwen License", false, true, "qwen license agreement", "qwen research license agreement",
     "qwen license agreement"},
    {"tongyi-qianwen", "Tongyi Qianwen License", false, true, "tongyi qianwen license agreement",
     "tongyi qianwen research license agreement", "tongyi qianwen license"},
    {"tongyi-qianwen-research", "Tongyi Qianwen Research License", false, true,
     "tongyi qianwen research license agreement", "", "tongyi qianwen research license"},
    {"deepseek", "DeepSeek License", false, true, "deepseek license agreement", "",
     "deepseek license agreement|deepseek model license"},
    {"falcon-180b", "Falcon-180B TII License", false, true, "falcon 180b tii license", "",
     "falcon 180b tii license"},
    {"falcon-llm", "TII Falcon LLM License", false, true, "tii falcon llm license", "falcon 180b tii license",
     "falcon llm license"},
    {"falcon-2-11b", "Falcon 2 11B TII License", false, true, "falcon 2 11b tii license", "", ""},
    {"falcon-3", "TII Falcon License 2.0", false, true, "tii falcon license 2 0", "", ""},
    {"falcon-3", "TII Falcon License 2.0", false, true, "falcon llm license 2 0",
     "tii falcon llm license version 1", ""},
    {"stability-ai-nc-research", "Stability AI Non-Commercial Research Community License", false, true,
     "stability ai non commercial research community license", "",
     "stability ai non commercial research community license"},
    {"stability-ai-community", "Stability AI Community License", false, true,
     "stability ai community license agreement", "", "stability ai community license"},
    {"fair-noncommercial-research-license", "FAIR Noncommercial Research License", true, true,
     "fair noncommercial research license", "", "fair noncommercial research license"},
    {"nvidia-open-model", "NVIDIA Open Model License", false, true, "nvidia open model license agreement", "",
     "nvidia open model license"},
    {"mistral-research", "Mistral AI Research License", false, true, "mistral ai research license", "",
     "mistral ai research license"},
    {"mistral-nonproduction", "Mistral AI Non-Production License", false, true,
     "mistral ai non production license", "", "mistral ai non production license"},
    {"apple-amlr", "Apple Machine Learning Research Model License", true, true,
     "apple machine learning research model", "", "apple machine learning research model license"},
    {"apple-ascl", "Apple Sample Code License", true, true, "apple sample code license", "",
     "apple sample code license"},
    {"deepfloyd-if-license", "DeepFloyd IF License", true, true, "deepfloyd if license agreement", "",
     "deepfloyd if license"},
    {"grok2-community", "Grok 2 Community License", true, true, "grok 2 community license agreement", "",
     "grok 2 community license"},
    {"flux-1-dev-nc", "FLUX.1 [dev] Non-Commercial License", false, true, "flux 1 dev non commercial license",
     "", "flux 1 dev non commercial license"},
    // The OpenRAIL family.
    {"openrail++", "CreativeML Open RAIL++-M", true, true, "creativeml open rail++ m|use restrictions", "",
     "open rail++ m|openrail++"},
    {"creativeml-openrail-m", "CreativeML OpenRAIL-M", true, true, "creativeml open rail m|use restrictions",
     "", "creativeml open rail m|creativeml openrail m"},
    {"bigcode-openrail-m", "BigCode OpenRAIL-M", true, true, "bigcode open rail m|use restrictions", "",
     "bigcode open rail m|bigcode openrail m"},
    {"bigcode-openrail-m", "BigCode OpenRAIL-M", true, true, "bigcode openrail m|use restrictions", "", ""},
    {"bigscience-bloom-rail-1.0", "BigScience BLOOM RAIL 1.0", true, true,
     "bigscience rail license|use based restrictions", "",
     "bigscience rail license v1 0|bigscience bloom rail"},
    {"bigscience-openrail-m", "BigScience OpenRAIL-M", true, true, "bigscience openrail m|use restrictions",
     "", "bigscience openrail m|bigscience open rail m"},
    {"bigscience-openrail-m", "BigScience OpenRAIL-M", true, true, "bigscience open rail m|use restrictions",
     "", ""},
    {"openrail", "an OpenRAIL licence", true, true,
     "attachment a|use based restrictions|derivatives of the model",
     "creativeml|bigcode|bigscience|deepseek license|falcon|stability ai|deepfloyd",
     "responsible ai license|openrail"},
    // Permissive.
    {"apache-2.0", "Apache License 2.0", true, false,
     "apache license version 2 0 january 2004|terms and conditions for use reproduction and "
     "distribution|grant of patent license",
     "",
     "licensed under the apache license version 2 0|apache org licenses license 2 0|apache license version 2 "
     "0|apache license 2 0"},
    {"mit", "MIT License", true, false,
     "permission is hereby granted free of charge to any person obtaining a copy of this software|permission "
     "notice shall be included in all copies|the software is provided as is without warranty of any kind",
     "modified mit license", "mit license|opensource org licenses mit"},
    {"mit-0", "MIT No Attribution", false, false,
     "permission is hereby granted free of charge to any person obtaining a copy of this software|the "
     "software is provided as is without warranty of any kind",
     "permission notice shall be included|modified mit license", "mit no attribution"},
    {"modified-mit", "a modified MIT licence", false, true, "modified mit license", "", ""},
    {"bsd-3-clause-clear", "BSD 3-Clause Clear", true, false,
     "redistribution and use in source and binary forms|no express or implied licenses to any party s patent "
     "rights",
     "", "clear bsd license"},
    {"bsd-4-clause", "BSD 4-Clause", false, false,
     "redistribution and use in source and binary forms|all advertising materials mentioning features", "",
     ""},
    {"bsd-3-clause", "BSD 3-Clause", true, false,
     "redistribution and use in source and binary forms|endorse or promote products derived from this "
     "software",
     "all advertising materials mentioning features|no express or implied licenses to any party s patent "
     "rights",
     "bsd 3 clause|3 clause bsd|new bsd license"},
    {"bsd-2-clause", "BSD 2-Clause", true, false,
     "redistribution and use in source and binary forms|redistributions in binary form must reproduce the "
     "above copyright notice",
     "endorse or promote products|all advertising materials mentioning features",
     "bsd 2 clause|2 clause bsd|simplified bsd license"},
    {"isc", "ISC License", true, false,
     "permission to use copy modify and or distribute this software for any purpose with or without fee is "
     "hereby granted|this permission notice appear in all copies",
     "", "isc license"},
    {"zlib", "zlib License", true, false,
     "altered source versions must be plainly marked as such|this notice may not be removed or altered from "
     "any source distribution",
     "", "zlib license"},
    {"bsl-1.0", "Boost Software License 1.0", true, false, "boost software license version 1 0", "",
     "boost software license"},
    {"wtfpl", "WTFPL", true, false,
     "do what the fuck you want to public license|you just do what the fuck you want to", "", "wtfpl"},
    {"unlicense", "The Unlicense", true, false,
     "this is free and unencumbered software released into the public domain|anyone is free to copy modify "
     "publish use compile sell or distribute this software",
     "", "unlicense org"},
    {"postgresql", "PostgreSQL License", true, false,
     "postgresql database management system|without fee and without a written agreement", "",
     "postgresql license"},
    {"ncsa", "NCSA Open Source License", true, false, "university of illinois ncsa open source license", "",
     ""},
    {"ms-pl", "Microsoft Public License", true, false, "microsoft public license", "", "ms pl"},
    {"afl-3.0", "Academic Free License 3.0", true, false, "academic free license|version 3 0", "",
     "academic free license version 3 0"},
    {"ecl-2.0", "Educational Community License 2.0", true, false, "educational community license version 2 0",
     "", ""},
    {"artistic-2.0", "Artistic License 2.0", true, false, "the artistic license 2 0", "",
     "artistic license 2 0"},
    {"openmdw-1.0", "OpenMDW License 1.0", true, false, "openmdw license agreement version 1 0", "",
     "openmdw 1 0"},
    // Copyleft.
    {"agpl-3.0", "GNU AGPL 3.0", true, false, "gnu affero general public license version 3 19 november 2007",
     "", "affero general public license|agpl 3 0|agplv3"},
    {"lgpl-3.0", "GNU LGPL 3.0", true, false, "gnu lesser general public license version 3 29 june 2007", "",
     "lgpl 3 0|lgplv3"},
    {"lgpl-2.1", "GNU LGPL 2.1", true, false, "gnu lesser general public license version 2 1 february 1999",
     "", "lgpl 2 1|lgplv2 1"},
    {"lgpl-2.0", "GNU Library GPL 2.0", false, false,
     "gnu library general public license version 2 june 1991", "", ""},
    {"gpl-3.0", "GNU GPL 3.0", true, false, "gnu general public license version 3 29 june 2007", "",
     "gnu general public license version 3|gpl 3 0|gplv3"},
    {"gpl-2.0", "GNU GPL 2.0", true, true, "gnu general public license version 2 june 1991", "",
     "gnu general public license version 2|gpl 2 0|gplv2"},
    {"mpl-2.0", "Mozilla Public License 2.0", true, false,
     "mozilla public license version 2 0|source code form license notice", "",
     "mozilla public license version 2 0|mozilla public license v 2 0|mozilla org mpl 2 0"},
    {"epl-2.0", "Eclipse Public License 2.0", true, false, "eclipse public license v 2 0|requirements", "",
     "eclipse public license v 2 0"},
    {"eupl-1.2", "European Union Public Licence 1.2", true, false, "european union public licence|v 1 2", "",
     "eupl 1 2"},
    {"osl-3.0", "Open Software License 3.0", true, false, "open software license|version 3 0", "",
     "open software license version 3 0"},
    {"ofl-1.1", "SIL Open Font License 1.1", true, false, "sil open font license version 1 1", "", ""},
    // Data.
    {"cc0-1.0", "CC0 1.0", true, false, "cc0 1 0 universal|affirmer", "",
     "cc0 1 0|creativecommons org publicdomain zero"},
    {"odbl", "Open Database License", true, false, "open database license odbl", "",
     "odbl|open database license"},
    {"odc-by", "ODC Attribution License", true, false, "odc attribution license", "",
     "odc by|odc attribution license"},
    {"pddl", "Public Domain Dedication and License", true, false, "public domain dedication and license pddl",
     "", "pddl"},
    {"cdla-permissive-2.0", "CDLA Permissive 2.0", true, false,
     "community data license agreement permissive version 2 0", "", "cdla permissive 2 0"},
    {"cdla-permissive-1.0", "CDLA Permissive 1.0", true, false,
     "community data license agreement permissive version 1 0", "", "cdla permissive 1 0"},
    {"cdla-sharing-1.0", "CDLA Sharing 1.0", true, false,
     "community data license agreement sharing version 1 0", "", "cdla sharing 1 0"},
    {"c-uda", "Computational Use of Data Agreement", true, false, "computational use of data agreement", "",
     "c uda"},
    {"etalab-2.0", "Etalab Open Licence 2.0", true, false, "licence ouverte|etalab", "", "etalab 2 0"},
    {"elastic-2.0", "Elastic License 2.0", false, true, "elastic license 2 0", "", "elastic license 2 0"},
    {"bsl-1.1", "Business Source License 1.1", false, true, "business source license 1 1", "",
     "business source license"},
};

std::vector<std::string_view> passages(std::string_view joined) {
  return joined.empty() ? std::vector<std::string_view>() : text::split(joined, '|');
}

}  // namespace

const std::vector<Mark>& table() {
  static const std::vector<Mark> marks = [] {
    std::vector<Mark> out;
    for (const Row& row : kRows) {
      out.push_back({row.id, row.name, row.hub_id, row.restricts, passages(row.all), passages(row.none),
                     passages(row.named)});
    }
    return out;
  }();
  return marks;
}

const std::vector<std::string_view>& added_terms() {
  static const std::vector<std::string_view> terms = {
      "commons clause",    "non commercial",      "noncommercial",     "for research purposes only",
      "for research only", "academic use only",   "no commercial use", "commercial use is prohibited",
      "use restrictions",  "monthly active users"};
  return terms;
}

}  // namespace cardwarden::license_marks
