# SPDX-License-Identifier: Apache-2.0
# cardwarden_embed_text(<out.cpp> <function-prefix> [RELATIVE_TO <folder>] FILES <file>…)
#
# Makes a source file at build time that holds the texts of the files, and is made again when one of them changes:
#   std::string_view <prefix>(std::string_view name);             // empty when there is no such text
#   const std::vector<std::string_view>& <prefix>_names();        // sorted
# in namespace cardwarden. A text's name is its file name without extension, or with RELATIVE_TO its path
# below that folder. The same file is the script that the build runs.

set(CARDWARDEN_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

function(cardwarden_embed_text out prefix)
  cmake_parse_arguments(ARG "" "RELATIVE_TO" "FILES" ${ARGN})
  get_filename_component(folder ${out} DIRECTORY)
  # The list goes through a file, so that neither its length nor a semicolon meets a command line.
  list(SORT ARG_FILES)
  string(REPLACE ";" "\n" lines "${ARG_FILES}")
  file(CONFIGURE OUTPUT ${out}.list CONTENT "${lines}\n" @ONLY)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DPREFIX=${prefix} "-DRELATIVE_TO=${ARG_RELATIVE_TO}" -P ${CARDWARDEN_EMBED_SCRIPT}
    DEPENDS ${ARG_FILES} ${out}.list ${CARDWARDEN_EMBED_SCRIPT}
    COMMENT "Embedding texts as ${prefix}()" VERBATIM)
endfunction()

if(NOT CMAKE_SCRIPT_MODE_FILE OR NOT CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  return()
endif()

# --- the script: -DOUT=… -DPREFIX=… [-DRELATIVE_TO=…]; the files stand in ${OUT}.list -----------------

set(limit 15000)  # bytes of one literal; compilers need to take 65,536 only
set(mark "~text~")

# The text as adjacent raw string literals, cut at line ends where there are some.
function(as_literals text result)
  string(FIND "${text}" ")${mark}\"" clash)
  if(NOT clash EQUAL -1)
    message(FATAL_ERROR "A text holds the mark that ends a literal: )${mark}\"")
  endif()
  set(code "")
  string(LENGTH "${text}" length)
  while(length GREATER limit)
    string(SUBSTRING "${text}" 0 ${limit} head)
    string(FIND "${head}" "\n" cut REVERSE)
    if(cut EQUAL -1)
      set(cut ${limit})
    else()
      math(EXPR cut "${cut} + 1")
    endif()
    string(SUBSTRING "${text}" 0 ${cut} head)
    string(SUBSTRING "${text}" ${cut} -1 text)
    string(APPEND code "\n    R\"${mark}(${head})${mark}\"")
    string(LENGTH "${text}" length)
  endwhile()
  string(APPEND code "\n    R\"${mark}(${text})${mark}\"")
  set(${result} "${code}" PARENT_SCOPE)
endfunction()

file(STRINGS ${OUT}.list files)
set(rows "")
set(names "")
foreach(path IN LISTS files)
  if(RELATIVE_TO)
    file(RELATIVE_PATH name ${RELATIVE_TO} ${path})
  else()
    get_filename_component(name ${path} NAME_WLE)
  endif()
  list(APPEND names "${name}")
  set(path_of_${name} "${path}")
endforeach()
list(SORT names)
foreach(name IN LISTS names)
  file(READ "${path_of_${name}}" text)
  as_literals("${text}" literals)
  string(APPEND rows "  {\"${name}\",${literals}},\n")
endforeach()

set(code "// Made by cmake/EmbedText.cmake. Edit the texts, not this file.
#include <algorithm>
#include <string_view>
#include <vector>

namespace cardwarden {
namespace {

struct Text {
  std::string_view name;
  std::string_view text;
};

constexpr Text kTexts[] = {
${rows}  {\"\", \"\"}  // the end
};

}  // namespace

std::string_view ${PREFIX}(std::string_view name) {
  const Text* end = std::end(kTexts) - 1;
  const Text* at = std::lower_bound(std::begin(kTexts), end, name, [](const Text& text, std::string_view wanted) { return text.name < wanted; });
  return at != end && at->name == name ? at->text : std::string_view();
}

const std::vector<std::string_view>& ${PREFIX}_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> out;
    for (const Text* at = std::begin(kTexts); at + 1 != std::end(kTexts); ++at) out.push_back(at->name);
    return out;
  }();
  return names;
}

}  // namespace cardwarden
")
file(WRITE "${OUT}.new" "${code}")
file(RENAME "${OUT}.new" "${OUT}")
