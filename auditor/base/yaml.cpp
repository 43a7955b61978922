// SPDX-License-Identifier: Apache-2.0
#include "base/yaml.h"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <istream>
#include <streambuf>

#include "base/yaml_builder.h"
#include "base/yaml_lines.h"
#include "base/yaml_mistakes.h"
#include "base/yaml_source.h"

namespace cardwarden::yaml {

namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

// A stream over bytes that stay where they are.
class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // NOLINT: the get area is only read
    setg(begin, begin, begin + text.size());
  }
};

// --- running yaml-cpp -----------------------------------------------------------------------------

// What stands after the first document: nothing, a second document, or text that does not belong to the
// first.
void report_rest(Builder& builder, std::string_view src) {
  const std::size_t at = source::skip_space(src, builder.cursor());
  const std::size_t end =
      std::max(source::line_at(src, at).end, at);  // at the end of the text there is no line
  const std::string_view start = src.substr(at, 3);
  if (start == "---" || start == "...") {
    builder.problem(ProblemKind::many_documents, at, end,
                    "A second YAML document begins here; it was not read.");
  } else {
    builder.problem(
        ProblemKind::syntax, at, end,
        "This line does not belong to what stands above it; is it indented less than the first line?");
  }
}

// Tells the builder what yaml-cpp would tell it.
void replay(const std::vector<Event>& events, Builder& builder) {
  const std::string plain = "?";  // the tags that yaml-cpp gives to values without one
  const std::string quoted = "!";
  std::string text;
  YAML::Mark mark;
  for (const Event& event : events) {
    mark.pos = static_cast<int>(event.offset);
    mark.line = static_cast<int>(event.line);
    mark.column = static_cast<int>(event.column);
    const auto style = event.flow ? YAML::EmitterStyle::Flow : YAML::EmitterStyle::Block;
    if (&event == &events.front()) builder.OnDocumentStart(mark);
    switch (event.kind) {
      case EventKind::scalar:
        text.assign(event.text);
        builder.OnScalar(mark, event.quoted ? quoted : plain, 0, text);
        break;
      case EventKind::null:
        builder.OnNull(mark, 0);
        break;
      case EventKind::sequence_start:
        builder.OnSequenceStart(mark, plain, 0, style);
        break;
      case EventKind::sequence_end:
        builder.OnSequenceEnd();
        break;
      case EventKind::mapping_start:
        builder.OnMapStart(mark, plain, 0, style);
        break;
      case EventKind::mapping_end:
        builder.OnMapEnd();
        break;
    }
  }
}

// Reads what is plain line by line, leaves the rest to yaml-cpp and turns whatever it throws into problems.
void read(std::string_view src, Builder& builder) {
  if (const auto plain = read_plain_lines(src)) {
    try {
      replay(plain->events, builder);
    } catch (const Stop&) {  // a limit was hit
      builder.finish();
    }
    return;
  }
  ViewBuffer buffer(src);
  std::istream stream(&buffer);
  bool complete = false;
  try {
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return;
    complete = true;
    parser.HandleNextDocument(builder);
  } catch (const Stop&) {
    if (complete) report_rest(builder, src);
  } catch (const YAML::DeepRecursion&) {
    // The builder has reported the depth long before the parser gives up.
  } catch (const YAML::Exception& error) {
    const std::size_t pos = builder.at(error.mark);
    source::Mistake mistake = source::explain(src, error.msg, pos, builder.cursor(), builder.open_bracket());
    const ProblemKind kind = mistake.alias ? ProblemKind::unknown_alias : ProblemKind::syntax;
    builder.problem(kind, mistake.begin, mistake.end, std::move(mistake.message));
  } catch (const std::exception&) {
    builder.problem(ProblemKind::syntax, builder.cursor(), builder.cursor(),
                    "The YAML could not be read further.");
  }
  builder.finish();
}

}  // namespace

Document parse(std::string_view text, std::uint32_t offset, const Limits& limits) {
  Document document;
  while (text.substr(0, kBom.size()) == kBom) {  // yaml-cpp would pass over one without counting it
    text.remove_prefix(kBom.size());
    offset += static_cast<std::uint32_t>(kBom.size());
  }
  document.root.span = {offset, offset};
  std::string storage;
  source::Dirt dirt;
  const std::string_view src = source::clean(text, storage, dirt);
  Builder builder(src, offset, limits, document);
  if (dirt.message != nullptr) builder.problem(ProblemKind::syntax, dirt.begin, dirt.end, dirt.message);
  read(src, builder);
  std::stable_sort(document.problems.begin(), document.problems.end(),
                   [](const Problem& a, const Problem& b) { return a.span.begin < b.span.begin; });
  return document;
}

}  // namespace cardwarden::yaml
