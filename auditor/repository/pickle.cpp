// SPDX-License-Identifier: Apache-2.0
// Opcodes as Python's pickletools documents them, protocols 0 to 5.
#include "repository/pickle.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <unordered_map>

namespace cardwarden {
namespace {

// What follows an opcode in the bytes.
enum class Argument : std::uint8_t {
  none,
  bytes1,
  bytes2,
  bytes4,
  bytes8,
  line,
  two_lines,
  counted1,
  counted4,
  counted8
};

// What an opcode does to the stack, as far as names need it.
enum class Effect : std::uint8_t {
  push,       // something that is no name
  push_text,  // its argument
  mark,
  stop,
  pop,
  pop_mark,  // down to the mark, with it
  dup,
  global,  // push the name of its two lines
  stack_global,
  inst,      // call the name of its two lines with what stands above the mark
  obj,       // call what stands next above the mark
  call1,     // callable and one argument are replaced by the result
  call2,     // callable and two arguments
  replace1,  // pop one, push a result
  replace2,
  replace3,
  collect,  // pop to the mark, push a result
  drop1,    // pop one: the rest stays
  drop2,
  drop_mark,  // pop to the mark: what stands below stays
  get,
  put,
  memoize,
  nothing,
};

struct Opcode {
  std::uint8_t code;
  std::string_view name;
  Argument argument;
  Effect effect;
};

constexpr Opcode kOpcodes[] = {
    {'(', "MARK", Argument::none, Effect::mark},
    {'.', "STOP", Argument::none, Effect::stop},
    {'0', "POP", Argument::none, Effect::pop},
    {'1', "POP_MARK", Argument::none, Effect::pop_mark},
    {'2', "DUP", Argument::none, Effect::dup},
    {'F', "FLOAT", Argument::line, Effect::push},
    {'I', "INT", Argument::line, Effect::push},
    {'J', "BININT", Argument::bytes4, Effect::push},
    {'K', "BININT1", Argument::bytes1, Effect::push},
    {'L', "LONG", Argument::line, Effect::push},
    {'M', "BININT2", Argument::bytes2, Effect::push},
    {'N', "NONE", Argument::none, Effect::push},
    {'P', "PERSID", Argument::line, Effect::push},
    {'Q', "BINPERSID", Argument::none, Effect::replace1},
    {'R', "REDUCE", Argument::none, Effect::call1},
    {'S', "STRING", Argument::line, Effect::push_text},
    {'T', "BINSTRING", Argument::counted4, Effect::push_text},
    {'U', "SHORT_BINSTRING", Argument::counted1, Effect::push_text},
    {'V', "UNICODE", Argument::line, Effect::push_text},
    {'X', "BINUNICODE", Argument::counted4, Effect::push_text},
    {'a', "APPEND", Argument::none, Effect::drop1},
    {'b', "BUILD", Argument::none, Effect::drop1},
    {'c', "GLOBAL", Argument::two_lines, Effect::global},
    {'d', "DICT", Argument::none, Effect::collect},
    {'}', "EMPTY_DICT", Argument::none, Effect::push},
    {'e', "APPENDS", Argument::none, Effect::drop_mark},
    {'g', "GET", Argument::line, Effect::get},
    {'h', "BINGET", Argument::bytes1, Effect::get},
    {'i', "INST", Argument::two_lines, Effect::inst},
    {'j', "LONG_BINGET", Argument::bytes4, Effect::get},
    {'l', "LIST", Argument::none, Effect::collect},
    {']', "EMPTY_LIST", Argument::none, Effect::push},
    {'o', "OBJ", Argument::none, Effect::obj},
    {'p', "PUT", Argument::line, Effect::put},
    {'q', "BINPUT", Argument::bytes1, Effect::put},
    {'r', "LONG_BINPUT", Argument::bytes4, Effect::put},
    {'s', "SETITEM", Argument::none, Effect::drop2},
    {'t', "TUPLE", Argument::none, Effect::collect},
    {')', "EMPTY_TUPLE", Argument::none, Effect::push},
    {'u', "SETITEMS", Argument::none, Effect::drop_mark},
    {'G', "BINFLOAT", Argument::bytes8, Effect::push},
    {'B', "BINBYTES", Argument::counted4, Effect::push},
    {'C', "SHORT_BINBYTES", Argument::counted1, Effect::push},
    {0x80, "PROTO", Argument::bytes1, Effect::nothing},
    {0x81, "NEWOBJ", Argument::none, Effect::call1},
    {0x82, "EXT1", Argument::bytes1, Effect::push},
    {0x83, "EXT2", Argument::bytes2, Effect::push},
    {0x84, "EXT4", Argument::bytes4, Effect::push},
    {0x85, "TUPLE1", Argument::none, Effect::replace1},
    {0x86, "TUPLE2", Argument::none, Effect::replace2},
    {0x87, "TUPLE3", Argument::none, Effect::replace3},
    {0x88, "NEWTRUE", Argument::none, Effect::push},
    {0x89, "NEWFALSE", Argument::none, Effect::push},
    {0x8a, "LONG1", Argument::counted1, Effect::push},
    {0x8b, "LONG4", Argument::counted4, Effect::push},
    {0x8c, "SHORT_BINUNICODE", Argument::counted1, Effect::push_text},
    {0x8d, "BINUNICODE8", Argument::counted8, Effect::push_text},
    {0x8e, "BINBYTES8", Argument::counted8, Effect::push},
    {0x8f, "EMPTY_SET", Argument::none, Effect::push},
    {0x90, "ADDITEMS", Argument::none, Effect::drop_mark},
    {0x91, "FROZENSET", Argument::none, Effect::collect},
    {0x92, "NEWOBJ_EX", Argument::none, Effect::call2},
    {0x93, "STACK_GLOBAL", Argument::none, Effect::stack_global},
    {0x94, "MEMOIZE", Argument::none, Effect::memoize},
    {0x95, "FRAME", Argument::bytes8, Effect::nothing},
    {0x96, "BYTEARRAY8", Argument::counted8, Effect::push},
    {0x97, "NEXT_BUFFER", Argument::none, Effect::push},
    {0x98, "READONLY_BUFFER", Argument::none, Effect::nothing},
};

const std::array<const Opcode*, 256>& by_code() {
  static const auto table = [] {
    std::array<const Opcode*, 256> out{};
    for (const Opcode& one : kOpcodes) out[one.code] = &one;
    return out;
  }();
  return table;
}

struct Value {
  enum class Kind : std::uint8_t { other, mark, text, global };
  Kind kind = Kind::other;
  std::uint32_t index = 0;  // of a global
  std::string_view text;    // points into the pickle
};

// Arguments of one opcode as they stand in the bytes.
struct Arguments {
  std::string_view first;
  std::string_view second;
  std::uint64_t number = 0;
};

class Machine {
 public:
  Machine(std::string_view bytes, PickleReading& out) : bytes_(bytes), out_(out) {}

  // One pickle. False when it broke.
  bool run() {
    stack_.clear();
    memo_.clear();
    while (at_ < bytes_.size()) {
      const Opcode* opcode = by_code()[static_cast<unsigned char>(bytes_[at_])];
      if (opcode == nullptr) return broke("an unknown opcode stands");
      const std::size_t begin = at_++;
      Arguments arguments;
      if (!take(opcode->argument, arguments)) {
        at_ = begin;
        return broke(std::string(opcode->name) + " is cut");
      }
      ++counts_[opcode->name];
      if (opcode->effect == Effect::stop) return true;
      apply(*opcode, arguments);
      if (stack_.size() > kMaxPickleStack || memo_.size() > kMaxPickleStack) {
        return broke("more than " + std::to_string(kMaxPickleStack) + " values stand (kMaxPickleStack)");
      }
    }
    return broke("it ends without STOP");
  }

  std::size_t at() const { return at_; }
  bool at_end() const { return at_ >= bytes_.size(); }
  std::string_view rest() const { return bytes_.substr(at_); }
  void finish() {
    for (const auto& [name, count] : counts_) out_.opcodes.emplace_back(name, count);
    out_.bytes = at_;
  }

 private:
  bool broke(const std::string& what) {
    out_.problem = "At byte " + std::to_string(at_) + " of the pickle: " + what + ".";
    return false;
  }

  bool take_bytes(std::uint64_t count, std::string_view& to) {
    if (count > bytes_.size() - at_) return false;
    to = bytes_.substr(at_, static_cast<std::size_t>(count));
    at_ += static_cast<std::size_t>(count);
    return true;
  }

  bool take_number(std::size_t width, std::uint64_t& to) {
    std::string_view raw;
    if (!take_bytes(width, raw)) return false;
    to = 0;
    for (std::size_t i = 0; i < width; ++i) {
      to |= static_cast<std::uint64_t>(static_cast<unsigned char>(raw[i])) << (8U * i);
    }
    return true;
  }

  bool take_line(std::string_view& to) {
    const std::size_t end = bytes_.find('\n', at_);
    if (end == std::string_view::npos) return false;
    to = bytes_.substr(at_, end - at_);
    at_ = end + 1;
    return true;
  }

  bool take_counted(std::size_t width, Arguments& to) {
    return take_number(width, to.number) && take_bytes(to.number, to.first);
  }

  bool take(Argument kind, Arguments& to) {
    switch (kind) {
      case Argument::none:
        return true;
      case Argument::bytes1:
        return take_number(1, to.number);
      case Argument::bytes2:
        return take_number(2, to.number);
      case Argument::bytes4:
        return take_number(4, to.number);
      case Argument::bytes8:
        return take_number(8, to.number);
      case Argument::line: {
        if (!take_line(to.first)) return false;
        // STRING is written as a Python literal; PUT and GET as a decimal number.
        std::from_chars(to.first.data(), to.first.data() + to.first.size(), to.number);
        if (to.first.size() >= 2 && (to.first.front() == '\'' || to.first.front() == '"')) {
          to.first = to.first.substr(1, to.first.size() - 2);
        }
        return true;
      }
      case Argument::two_lines:
        return take_line(to.first) && take_line(to.second);
      case Argument::counted1:
        return take_counted(1, to);
      case Argument::counted4:
        return take_counted(4, to);
      case Argument::counted8:
        return take_counted(8, to);
    }
    return false;
  }

  Value pop() {
    if (stack_.empty()) return {};  // Python would stop here; names that follow are still worth knowing
    const Value out = stack_.back();
    stack_.pop_back();
    return out;
  }

  // Pops to the mark and gives what stood next above it.
  Value pop_to_mark() {
    Value last;
    while (!stack_.empty()) {
      const Value value = pop();
      if (value.kind == Value::Kind::mark) return last;
      last = value;
    }
    return last;
  }

  Value import(std::string_view module, std::string_view name) {
    const std::string key =
        std::string(module.substr(0, kMaxPickleName)) + "\n" + std::string(name.substr(0, kMaxPickleName));
    auto [at, is_new] = indexes_.try_emplace(key, static_cast<std::uint32_t>(out_.globals.size()));
    if (is_new) {
      if (out_.globals.size() >= kMaxPickleGlobals) {
        indexes_.erase(at);
        return {};
      }
      out_.globals.push_back(
          {std::string(module.substr(0, kMaxPickleName)), std::string(name.substr(0, kMaxPickleName)), 0, 0});
    }
    ++out_.globals[at->second].imported;
    return {Value::Kind::global, at->second, {}};
  }

  void call(const Value& callable) {
    if (callable.kind == Value::Kind::global) ++out_.globals[callable.index].called;
  }

  void stack_global() {
    const Value name = pop();
    const Value module = pop();
    const auto text = [](const Value& value) { return value.kind == Value::Kind::text ? value.text : "?"; };
    stack_.push_back(import(text(module), text(name)));
  }

  void apply_call(Effect effect, const Arguments& arguments) {
    if (effect == Effect::inst) {
      pop_to_mark();
      call(import(arguments.first, arguments.second));
    } else if (effect == Effect::obj) {
      call(pop_to_mark());
    } else {
      pop();
      if (effect == Effect::call2) pop();
      call(pop());
    }
    stack_.emplace_back();
  }

  void apply_memo(Effect effect, const Arguments& arguments) {
    if (effect == Effect::get) {
      const auto at = memo_.find(arguments.number);
      stack_.push_back(at == memo_.end() ? Value{} : at->second);
      return;
    }
    const std::uint64_t index = effect == Effect::memoize ? memo_.size() : arguments.number;
    memo_[index] = stack_.empty() ? Value{} : stack_.back();
  }

  void replace(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) pop();
    stack_.emplace_back();
  }

  void apply(const Opcode& opcode, const Arguments& arguments) {
    switch (opcode.effect) {
      case Effect::push:
        stack_.emplace_back();
        return;
      case Effect::push_text:
        stack_.push_back({Value::Kind::text, 0, arguments.first});
        return;
      case Effect::mark:
        stack_.push_back({Value::Kind::mark, 0, {}});
        return;
      case Effect::drop2:
        pop();
        [[fallthrough]];
      case Effect::pop:
      case Effect::drop1:
        pop();
        return;
      case Effect::pop_mark:
      case Effect::drop_mark:
        pop_to_mark();
        return;
      case Effect::collect:
        pop_to_mark();
        stack_.emplace_back();
        return;
      case Effect::dup:
        stack_.push_back(stack_.empty() ? Value{} : stack_.back());
        return;
      case Effect::global:
        stack_.push_back(import(arguments.first, arguments.second));
        return;
      case Effect::stack_global:
        return stack_global();
      case Effect::inst:
      case Effect::obj:
      case Effect::call1:
      case Effect::call2:
        return apply_call(opcode.effect, arguments);
      case Effect::replace1:
        return replace(1);
      case Effect::replace2:
        return replace(2);
      case Effect::replace3:
        return replace(3);
      case Effect::get:
      case Effect::put:
      case Effect::memoize:
        return apply_memo(opcode.effect, arguments);
      case Effect::stop:
      case Effect::nothing:
        return;
    }
  }

  std::string_view bytes_;
  PickleReading& out_;
  std::size_t at_ = 0;
  std::vector<Value> stack_;
  std::unordered_map<std::uint64_t, Value> memo_;
  std::unordered_map<std::string, std::uint32_t> indexes_;
  std::map<std::string_view, std::uint64_t> counts_;
};

// The number that begins the old format of torch.save: LONG1 of ten bytes.
constexpr std::string_view kTorchMagic = "\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";

}  // namespace

PickleReading read_pickle(std::string_view bytes) {
  PickleReading out;
  if (bytes.size() > kMaxPickleBytes) bytes = bytes.substr(0, kMaxPickleBytes);
  Machine machine(bytes, out);
  const bool torch = bytes.substr(0, 64).find(kTorchMagic) != std::string_view::npos;
  const std::size_t expected = torch ? 5 : kMaxPickles;
  while (out.pickles < expected) {
    out.complete = machine.run();
    if (!out.complete) break;
    ++out.pickles;
    // Another pickle follows where its first opcode does; otherwise what follows is data.
    if (machine.at_end() || (!torch && machine.rest().front() != '\x80')) break;
  }
  machine.finish();
  return out;
}

bool is_usual_global(std::string_view module, std::string_view name) {
  struct Usual {
    std::string_view module;
    std::string_view names;  // with a blank before and after each
  };
  static constexpr Usual kUsual[] = {
      {"torch._utils",
       " _rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_parameter "
       "_rebuild_parameter_with_state _rebuild_qtensor _rebuild_sparse_tensor "
       "_rebuild_device_tensor_from_numpy _rebuild_meta_tensor_no_storage _rebuild_wrapper_subclass "},
      {"torch",
       " FloatStorage HalfStorage BFloat16Storage DoubleStorage LongStorage IntStorage ShortStorage "
       "CharStorage ByteStorage BoolStorage ComplexFloatStorage ComplexDoubleStorage float32 float16 "
       "bfloat16 float64 int64 int32 int16 int8 uint8 bool device Size Tensor QInt8Storage QUInt8Storage "
       "QInt32Storage float8_e4m3fn float8_e5m2 "},
      {"torch.nn.parameter", " Parameter Buffer "},
      {"torch.storage", " UntypedStorage TypedStorage "},
      {"torch.serialization", " _get_layout "},
      {"torch._tensor", " _rebuild_from_type_v2 "},
      {"collections", " OrderedDict defaultdict Counter deque "},
      {"numpy", " ndarray dtype float32 float64 int32 int64 "},
      {"numpy.core.multiarray", " _reconstruct scalar "},
      {"numpy._core.multiarray", " _reconstruct scalar "},
      {"numpy.core.numeric", " _frombuffer "},
      {"numpy._core.numeric", " _frombuffer "},
      {"_codecs", " encode "},
      {"__builtin__", " set frozenset complex bytearray slice range long "},
      {"builtins", " set frozenset complex bytearray slice range "},
  };
  const std::string word = " " + std::string(name) + " ";
  return std::any_of(std::begin(kUsual), std::end(kUsual), [&](const Usual& usual) {
    return usual.module == module && usual.names.find(word) != std::string_view::npos;
  });
}

}  // namespace cardwarden
