# SPDX-License-Identifier: Apache-2.0
# cmake -DPAGES=a/b/rule.md|… -DROOT=rules -DOUT=registry.cpp -P WriteRegistry.cmake
# Writes the table of built-in rules: id, texts as string literals, function of a native rule. Literals are cut
# below 16 KB and use a delimiter that no rule text holds.
function(literal file result)
  if(NOT EXISTS ${file})
    set(${result} "\"\"" PARENT_SCOPE)
    return()
  endif()
  file(READ ${file} text)
  string(FIND "${text}" ")~cw~" clash)
  if(NOT clash EQUAL -1)
    message(FATAL_ERROR "${file} holds the text )~cw~, which ends a string literal of the registry")
  endif()
  string(LENGTH "${text}" length)
  set(at 0)
  set(out "")
  while(at LESS length)
    string(SUBSTRING "${text}" ${at} 12000 piece)
    string(APPEND out "R\"~cw~(${piece})~cw~\"\n")
    math(EXPR at "${at} + 12000")
  endwhile()
  if(out STREQUAL "")
    set(out "\"\"")
  endif()
  set(${result} "${out}" PARENT_SCOPE)
endfunction()

string(REPLACE "|" ";" pages "${PAGES}")
list(SORT pages COMPARE STRING)
set(declarations "")
set(table "")
foreach(page IN LISTS pages)
  get_filename_component(id ${page} DIRECTORY)
  set(folder ${ROOT}/${id})
  literal(${folder}/rule.md page_text)
  literal(${folder}/detect.yaml detect_text)
  literal(${folder}/cases.yaml cases_text)
  set(function nullptr)
  if(EXISTS ${folder}/rule.cpp)
    string(REGEX REPLACE "[-/]" "_" name ${id})
    set(function "&rules::${name}")
    string(APPEND declarations "std::vector<Finding> ${name}(const Subject& subject);\n")
  endif()
  string(APPEND table "      {\"${id}\",\n${page_text},\n${detect_text},\n${cases_text}, ${function}},\n")
endforeach()
literal(${ROOT}/vocabulary.yaml vocabulary)
file(WRITE ${OUT}.tmp "// Written by cmake/WriteRegistry.cmake from the folders under rules/.
#include \"rules/registry.h\"

namespace cardwarden {
namespace rules {
${declarations}}  // namespace rules

const std::vector<RuleSource>& builtin_rules() {
  static const std::vector<RuleSource> table = {
${table}  };
  return table;
}

std::string_view builtin_vocabulary() {
  return ${vocabulary};
}

}  // namespace cardwarden
")
file(RENAME ${OUT}.tmp ${OUT})
