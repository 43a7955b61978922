// SPDX-License-Identifier: Apache-2.0
#include "repository/pickle.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "support/weight_bytes.h"

using namespace cardwarden;
using cardwarden::testing::calling_pickle;
using cardwarden::testing::little;

namespace {

// "module.name" and how often it is called, in order.
std::string names(const PickleReading& reading) {
  std::string out;
  for (const PickleGlobal& one : reading.globals) {
    out += (out.empty() ? "" : " ") + one.module + "." + one.name + ":" + std::to_string(one.called);
  }
  return out;
}

std::string short_text(std::string_view text) { return "\x8c" + little(text.size(), 1) + std::string(text); }

}  // namespace

TEST_CASE("pickle: names are read and calls counted, and nothing runs") {
  const PickleReading reading = read_pickle(calling_pickle("os", "system"));
  CHECK(reading.complete);
  CHECK(names(reading) == "os.system:1");
  CHECK(reading.pickles == 1);
  CHECK(reading.problem.empty());
}

TEST_CASE("pickle: names on the stack are put together, also by way of the memo") {
  CHECK(names(read_pickle("\x80\x04" + short_text("posix") + short_text("system") + "\x93" + ")R.")) ==
        "posix.system:1");
  // Both texts are stored, dropped and fetched again.
  const std::string by_memo = "\x80\x04" + short_text("posix") +
                              "\x94"
                              "0" +
                              short_text("system") +
                              "\x94"
                              "0" +
                              std::string("h\0h\x01", 4) +
                              "\x93"
                              ")R.";
  CHECK(names(read_pickle(by_memo)) == "posix.system:1");
  CHECK(names(read_pickle(std::string("Vos\np7\n0g7\nVsystem\n\x93)R.", 22))) == "os.system:1");
}

TEST_CASE("pickle: a name that the pickle computes is a question mark, not nothing") {
  CHECK(names(read_pickle("\x80\x04"
                          "N" +
                          short_text("system") +
                          "\x93"
                          ")R.")) == "?.system:1");
}

TEST_CASE("pickle: every way to call is counted") {
  CHECK(names(read_pickle("(ios\nsystem\n.")) == "os.system:1");
  CHECK(names(read_pickle("(cos\nsystem\nVarg\no.")) == "os.system:1");
  CHECK(names(read_pickle("\x80\x02"
                          "cm\nC\n)\x81.")) == "m.C:1");
  CHECK(names(read_pickle("\x80\x04"
                          "cm\nC\n)}\x92.")) == "m.C:1");
  CHECK(names(read_pickle("cm\nC\n.")) == "m.C:0");
  CHECK(names(read_pickle("cm\nC\nq\x01"
                          "0h\x01)R.")) == "m.C:1");
}

TEST_CASE("pickle: what stands before a break is still reported") {
  const PickleReading reading = read_pickle("cos\nsystem\n)R\xFF");
  CHECK_FALSE(reading.complete);
  CHECK(names(reading) == "os.system:1");
  CHECK(reading.problem.find("byte 13") != std::string::npos);
  CHECK(names(read_pickle("cos\nsystem\n)RX\xFF\xFF\xFF\x7F")) == "os.system:1");
  CHECK_FALSE(read_pickle("cos\nsystem").complete);
  CHECK(read_pickle("").problem.find("STOP") != std::string::npos);
}

TEST_CASE("pickle: a stack that runs empty does not end the reading") {
  const PickleReading reading = read_pickle(
      "000RRtoa"
      "cos\nsystem\n)R.");
  CHECK(reading.complete);
  CHECK(names(reading) == "os.system:1");
}

TEST_CASE("pickle: opcodes are listed with their counts") {
  std::vector<std::string> seen;
  const PickleReading whole = read_pickle("(Va\nVb\nt.");
  for (const auto& [name, count] : whole.opcodes) seen.push_back(std::string(name) + std::to_string(count));
  CHECK(seen == std::vector<std::string>{"MARK1", "STOP1", "TUPLE1", "UNICODE2"});
}

TEST_CASE("pickle: several pickles one after another are all read") {
  const PickleReading reading =
      read_pickle(calling_pickle("collections", "OrderedDict") + calling_pickle("os", "system") + "data");
  CHECK(reading.pickles == 2);
  CHECK(names(reading) == "collections.OrderedDict:1 os.system:1");
  CHECK(reading.complete);
  // torch.save's old format: the magic number, then four more, then storages.
  const std::string magic("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 15);
  const PickleReading torch =
      read_pickle(magic + "\x80\x02M\xe9\x03." + "\x80\x02}." + calling_pickle("torch", "x") + "\x80\x02]." +
                  "\x80\x02"
                  "cos\nsystem\n.");
  CHECK(torch.pickles == 5);
  CHECK(names(torch) == "torch.x:1");
}

TEST_CASE("pickle: each bound ends the reading with its name") {
  const PickleReading reading = read_pickle("cos\nsystem\n" + std::string(kMaxPickleStack + 2, ']') + ".");
  CHECK_FALSE(reading.complete);
  CHECK(reading.problem.find("kMaxPickleStack") != std::string::npos);
  CHECK(names(reading) == "os.system:0");
  std::string many;
  for (std::size_t i = 0; i < kMaxPickleGlobals + 10; ++i) many += "cm\nn" + std::to_string(i) + "\n0";
  CHECK(read_pickle(many + ".").globals.size() == kMaxPickleGlobals);
}

TEST_CASE("pickle: usual names are those of tensors and containers") {
  CHECK(is_usual_global("torch._utils", "_rebuild_tensor_v2"));
  CHECK(is_usual_global("collections", "OrderedDict"));
  CHECK(is_usual_global("numpy.core.multiarray", "_reconstruct"));
  for (const auto& [module, name] :
       {std::pair("os", "system"), std::pair("builtins", "eval"), std::pair("torch", "load"),
        std::pair("torch.hub", "load"), std::pair("torch.storage", "_load_from_bytes"),
        std::pair("collections", ""), std::pair("?", "?"), std::pair("torch._utils", "OrderedDict")}) {
    INFO(module << "." << name);
    CHECK_FALSE(is_usual_global(module, name));
  }
}
