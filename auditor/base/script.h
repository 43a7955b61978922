// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the word splitter asks about a code point outside ASCII (by utf8proc's Unicode tables).

namespace cardwarden::script {

bool is_word(char32_t code_point);      // letters, marks, numbers of any script
bool is_unspaced(char32_t code_point);  // scripts written without blanks: Han, Hiragana, Katakana, Thai, Lao,
                                        // Khmer, Myanmar
bool is_upper(char32_t code_point);
char32_t fold(char32_t code_point);  // simple lower case

}  // namespace cardwarden::script
