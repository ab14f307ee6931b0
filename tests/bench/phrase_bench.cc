// What the search for phrases and brands costs: compiling the built-in lists,
// honest text, and text made of the beginnings of phrases. CPU time of this
// thread, least of many runs; memory as the process' peak grows.

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "policy/config/files.h"
#include "policy/config/phrases.h"
#include "tests/bench/measure.h"

namespace postern {
namespace {

std::string_view BuiltIn(std::string_view path) {
  for (const BuiltInFile& file : BuiltInFiles())
    if (file.path == path) return file.text;
  return {};
}

std::string HonestText(std::size_t octets) {
  std::string text;
  while (text.size() < octets)
    text +=
        "Thank you for your order " + std::to_string(text.size()) +
        ". We will send it within the next days, and you find the invoice of "
        "November attached. Please write to us where anything is missing.\n";
  text.resize(octets);
  return text;
}

std::string HostileText(std::size_t octets) {
  constexpr std::string_view kBits[] = {"verify your ",
                                        "urgent ",
                                        "account has been ",
                                        "bitcoin ",
                                        "wallet ",
                                        "{{ ",
                                        "## ",
                                        "million ",
                                        "pay ",
                                        "0x12",
                                        "bc1q",
                                        "within 24 ",
                                        "late ",
                                        "unsub",
                                        "trojan ",
                                        "[",
                                        "%%A",
                                        "$",
                                        "claim your "};
  std::string text;
  for (unsigned seed = 1; text.size() < octets;) {
    seed = seed * 1103515245 + 12345;
    text += kBits[(seed >> 16) % std::size(kBits)];
  }
  return text;
}

void Search(const PhraseSet& set, std::string_view what,
            const std::string& text) {
  const auto find = [&] { (void)set.FindIn(text); };
  double first = 0;
  const long grown = PeakKilobytes([&] { first = Once(find); });
  fmt::print("{} {} octets: first {:.1f} us, least {:.1f} us, {} KB more\n",
             what, text.size(), first, Least(find), grown);
}

int Run() {
  PhraseList list;
  const double compile = Once([&] {
    list =
        MakePhraseList(ParsePhrases(BuiltIn("lists/phrases.txt"), "p").phrases,
                       ParseBrands(BuiltIn("lists/brands.txt"), "b").brands);
  });
  if (!list.set) return 1;
  fmt::print("{} phrases, {} brands, read and compiled in {:.0f} us\n",
             list.phrases.size(), list.brands.size(), compile);
  for (const std::size_t octets : {1'500, 5'000, 30'000})
    Search(*list.set, "honest", HonestText(octets));
  Search(*list.set, "hostile", HostileText(128 * 1024));
  return 0;
}

}  // namespace
}  // namespace postern

int main() { return postern::Run(); }
