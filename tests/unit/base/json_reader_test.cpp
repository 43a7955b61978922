// SPDX-License-Identifier: Apache-2.0
#include "base/json_reader.h"

#include <catch2/catch.hpp>

using namespace cardwarden;

TEST_CASE("json reader: values keep their type, their text and their place") {
  const std::string text =
      "{\"a\": [1, -2.5e3, true, null],\n \"b\": {\"c\": \"x\\n\\u00e9\\ud83d\\ude00\"}}";
  const auto root = read_json(text);
  REQUIRE(root);
  REQUIRE(root->is_object());
  CHECK(root->span == Span{0, static_cast<std::uint32_t>(text.size())});
  const JsonNode* a = root->find("a");
  REQUIRE(a != nullptr);
  REQUIRE(a->items.size() == 4);
  CHECK(a->span.of(text) == "[1, -2.5e3, true, null]");
  CHECK(a->items[0].integer() == 1);
  CHECK(a->items[1].number() == -2500.0);
  CHECK_FALSE(a->items[1].integer());
  CHECK(a->items[2].boolean() == true);
  CHECK(a->items[3].type == JsonType::null);
  const JsonMember* b = root->find_member("b");
  REQUIRE(b != nullptr);
  CHECK(b->key_span.of(text) == "\"b\"");
  CHECK(b->value.find("c")->text == "x\n\xC3\xA9\xF0\x9F\x98\x80");
}

TEST_CASE("json reader: a string ends, escapes and fails at any place of eight bytes") {
  for (std::size_t before = 0; before < 20; ++before) {
    CAPTURE(before);
    const std::string plain = std::string(before, 'a');
    CHECK(read_json("\"" + plain + "\"").value().text == plain);
    CHECK(read_json("\"" + plain + "\\\"\xC3\xBC\\\\b\"").value().text == plain + "\"\xC3\xBC\\b");
    // Neighbours of the bytes that end a plain run, and bytes with the high bit, stand for themselves.
    for (const char c : {' ', '!', '#', '[', ']', '\x7f'})
      CHECK(read_json("\"" + plain + c + plain + "\"").value().text == plain + c + plain);
    for (char c = 0; c < ' '; ++c) CHECK_FALSE(read_json("\"" + plain + c + plain + "\"").has_value());
    CHECK_FALSE(read_json("\"" + plain).has_value());
  }
}

TEST_CASE("json reader: integers stay exact to 64 bits, and larger ones are none") {
  CHECK(read_json("9007199254740993")->integer() == 9007199254740993);
  CHECK(read_json("-9223372036854775808")->integer() == INT64_MIN);
  CHECK_FALSE(read_json("9223372036854775808")->integer());
  CHECK_FALSE(read_json("1e999")->number());
}

TEST_CASE("json reader: a key that stands twice gives its last value and stays countable") {
  const auto root = read_json("{\"a\": 1, \"a\": 2}");
  REQUIRE(root);
  CHECK(root->find("a")->integer() == 2);
  CHECK(root->members.size() == 2);
  CHECK(root->find("b") == nullptr);
}

TEST_CASE("json reader: what is not JSON is an error with its place") {
  for (const char* text :
       {"",         " ",    "{",   "[1,]",    "{\"a\":}",    "{\"a\" 1}",   "{a: 1}",
        "[1 2]",    "01",   "1.",  "1e",      "-",           "+1",          "NaN",
        "Infinity", "tru",  "\"",  "\"\\x\"", "\"\\u12g4\"", "\"\\u-123\"", "\"a\nb\"",
        "1 2",      "[1]]", "{,}", "[,]",     "}",           "{\"a\":1,}",  "\xEF\xBB\xBF{}"}) {
    INFO(text);
    const auto root = read_json(text);
    REQUIRE_FALSE(root);
    CHECK(root.error().code == ErrorCode::format);
    CHECK_FALSE(root.error().where.empty());
  }
  CHECK(read_json("{\n  \"a\": x\n}").error().where == "2:8");
}

TEST_CASE("json reader: the numbers that only Python writes are read where they are asked for") {
  JsonLimits limits;
  limits.python_numbers = true;
  for (const char* text : {"NaN", "Infinity", "-Infinity"}) {
    INFO(text);
    const auto root = read_json(text, limits);
    REQUIRE(root);
    CHECK(root->type == JsonType::number);
    CHECK_FALSE(root->number());
    CHECK_FALSE(root->integer());
  }
  CHECK(read_json("-1", limits)->integer() == -1);
  CHECK_FALSE(read_json("-Inf", limits));
}

TEST_CASE("json reader: every bound names itself") {
  JsonLimits limits;
  limits.depth = 3;
  CHECK(read_json("[[[1]]]", limits));
  const auto deep = read_json("[[[[1]]]]", limits);
  REQUIRE_FALSE(deep);
  CHECK(deep.error().code == ErrorCode::too_large);
  CHECK(deep.error().message.find("JsonLimits::depth") != std::string::npos);
  limits.values = 4;
  CHECK(read_json("[1,2,3]", limits));
  CHECK(read_json("[1,2,3,4]", limits).error().message.find("JsonLimits::values") != std::string::npos);
  limits.bytes = 5;
  CHECK(read_json("[1,2]", limits));
  CHECK(read_json("[1,22]", limits).error().message.find("JsonLimits::bytes") != std::string::npos);
}

TEST_CASE("json reader: half a surrogate pair becomes the replacement character") {
  CHECK(read_json("\"\\ud800\"")->text == "\xEF\xBF\xBD");
  CHECK(read_json("\"\\ud800\\u0041\"")->text ==
        "\xEF\xBF\xBD"
        "A");
  CHECK(read_json("\"\\udc00\"")->text == "\xEF\xBF\xBD");
}

TEST_CASE("json reader: deep nesting is refused without recursion, in linear time") {
  JsonLimits limits;
  limits.depth = 1'000'000;
  const std::string text(900'000, '[');
  CHECK_FALSE(read_json(text, limits));
  JsonScanner scanner(text, limits);
  for (std::size_t i = 0; i < text.size(); ++i) REQUIRE(scanner.next() == JsonToken::array_begin);
  CHECK(scanner.next() == JsonToken::error);
}

TEST_CASE("json reader: tokens of a value can be passed over") {
  JsonScanner scanner("{\"a\": {\"b\": [1, {}]}, \"c\": 7}");
  CHECK(scanner.next() == JsonToken::object_begin);
  CHECK(scanner.next() == JsonToken::key);
  CHECK(scanner.skip(scanner.next()));
  CHECK(scanner.next() == JsonToken::key);
  CHECK(scanner.text() == "c");
  CHECK(scanner.next() == JsonToken::number);
  CHECK(scanner.next() == JsonToken::object_end);
  CHECK(scanner.next() == JsonToken::end);
}
