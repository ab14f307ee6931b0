// The lists of phrases and brands, and a text searched with the built-in ones.
// The first octet says which.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy/config/files.h"
#include "policy/config/phrases.h"

namespace postern {
namespace {

std::string_view BuiltIn(std::string_view path) {
  for (const BuiltInFile& file : BuiltInFiles())
    if (file.path == path) return file.text;
  return {};
}

const PhraseList& BuiltInList() {
  static const PhraseList list =
      MakePhraseList(ParsePhrases(BuiltIn("lists/phrases.txt"), "p").phrases,
                     ParseBrands(BuiltIn("lists/brands.txt"), "b").brands);
  return list;
}

// What was read can be compiled, and finds places that are there.
void TestList(std::string_view text) {
  PhrasesRead phrases = ParsePhrases(text, "p");
  BrandsRead brands = ParseBrands(text, "b");
  const PhraseList list =
      MakePhraseList(std::move(phrases.phrases), std::move(brands.brands));
  if (!list.set) return;  // too large together
  const auto found = list.set->FindIn(text);
  if (!found) return;
  for (const std::size_t place : *found)
    if (place >= list.phrases.size() + list.brands.size()) std::abort();
}

void TestOne(std::string_view octets) {
  if (octets.empty()) return;
  if (octets[0] == 'l') return TestList(octets.substr(1));
  const PhraseList& list = BuiltInList();
  if (!list.set) std::abort();
  const auto found = list.set->FindIn(octets.substr(1));
  const auto again = list.set->FindIn(octets.substr(1));
  if (found && again && *found != *again) std::abort();
}

}  // namespace
}  // namespace postern

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  postern::TestOne({reinterpret_cast<const char*>(octets), size});
  return 0;
}
