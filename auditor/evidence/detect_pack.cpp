// SPDX-License-Identifier: Apache-2.0
// Compiled detectors as bytes inside the program, and back. One function names every field, for both ways.
#include "evidence/detector.h"

namespace cardwarden {
namespace {

struct Writing {
  Packer& archive;
  void number(const std::optional<std::uint32_t>& one) { archive.value(one ? *one : ~0U); }
  template <typename T>
  void value(const T& one) {
    archive.value(one);
  }
  void text(std::string_view one) { archive.text(one); }
  void text(const std::string& one) { archive.text(one); }
  void texts(const std::vector<std::string>& all) { archive.texts(all); }
  template <typename T>
  void list(const std::vector<T>& all) {
    archive.list(all);
  }
  template <typename T, typename Each>
  void each(const std::vector<T>& all, Each&& each_one) {
    archive.value(static_cast<std::uint64_t>(all.size()));
    for (const T& one : all) each_one(one);
  }
};

struct Reading {
  Unpacker& archive;
  void number(std::optional<std::uint32_t>& one) {
    std::uint32_t n = ~0U;
    archive.value(n);
    if (n != ~0U) one = n;
  }
  template <typename T>
  void value(T& one) {
    archive.value(one);
  }
  void text(std::string_view& one) { one = archive.text(); }
  void text(std::string& one) { one = archive.text(); }
  void texts(std::vector<std::string>& all) { archive.texts(all); }
  template <typename T>
  void list(std::vector<T>& all) {
    archive.list(all);
  }
  template <typename T, typename Each>
  void each(std::vector<T>& all, Each&& each_one) {
    std::uint64_t size = 0;
    archive.value(size);
    for (std::uint64_t i = 0; i < size && !archive.bad(); ++i) each_one(all.emplace_back());
  }
};

}  // namespace

template <typename Way, typename Self>
void Detectors::pack_all(Way& way, Self& self) {
  way.value(self.placeholder_);
  way.list(self.heading_sets_);
  way.texts(self.field_paths_);
  way.each(self.clues_, [&way](auto& clue) {
    way.number(clue.say);
    way.number(clue.with);
    way.number(clue.unless);
    way.number(clue.never);
    way.number(clue.under);
    way.value(clue.min_words);
    way.value(clue.kinds);
    way.value(clue.weight);
  });
  way.each(self.detectors_, [&way](auto& one) {
    way.text(one.rule);
    way.text(one.id);
    way.number(one.headings);
    way.number(one.labels);
    way.value(one.first_clue);
    way.value(one.last_clue);
    way.each(one.fields, [&way](auto& field) {
      way.text(field.path);
      way.texts(field.not_values);
      way.number(field.say);
      way.value(field.field);
    });
  });
  way.each(self.audit_rules_, [&way](auto& one) {
    way.text(one.rule);
    way.texts(one.absent);
    way.texts(one.disclosed);
    way.texts(one.fields);
    way.texts(one.no_fields);
    way.value(one.first_clue);
    way.value(one.last_clue);
  });
  way.each(self.phrases_, [&way](auto& one) {
    way.text(one.rule);
    way.text(one.name);
    way.value(one.group);
    way.value(one.kinds);
  });
}

std::string Detectors::pack() const {
  Packer archive;
  Writing way{archive};
  pack_all(way, *this);
  const_cast<Lexicon&>(lexicon_).pack(archive);  // a Packer only reads
  return archive.take();
}

Result<Detectors> Detectors::unpack(std::string_view bytes) {
  Unpacker archive(bytes);
  Reading way{archive};
  Detectors out;
  pack_all(way, out);
  out.lexicon_.pack(archive);
  if (!archive.bad()) out.make_index();
  if (archive.bad())
    return Error{ErrorCode::format, "the compiled rules inside the program are damaged; build it again"};
  return out;
}

}  // namespace cardwarden
