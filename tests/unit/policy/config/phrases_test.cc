#include "policy/config/phrases.h"

#include <gtest/gtest.h>

#include "policy/config/files.h"

namespace postern {
namespace {

std::string_view BuiltIn(std::string_view path) {
  for (const BuiltInFile& file : BuiltInFiles())
    if (file.path == path) return file.text;
  return {};
}

TEST(ParsePhrases, ReadsTheBuiltInLists) {
  PhrasesRead phrases =
      ParsePhrases(BuiltIn("lists/phrases.txt"), "phrases.txt");
  BrandsRead brands = ParseBrands(BuiltIn("lists/brands.txt"), "brands.txt");
  EXPECT_EQ(ToString(phrases.faults), "");
  EXPECT_EQ(ToString(brands.faults), "");
  EXPECT_GE(phrases.phrases.size(), 100U);
  EXPECT_GE(brands.brands.size(), 80U);
  EXPECT_TRUE(
      MakePhraseList(std::move(phrases.phrases), std::move(brands.brands)).set);
}

TEST(ParsePhrases, NamesWhatIsWrongAndWhere) {
  const PhrasesRead read = ParsePhrases(
      "# comment\nurgency now\nhurry now\nurgency (\nurgency\n", "p.txt");
  EXPECT_EQ(read.phrases.size(), 1U);
  EXPECT_EQ(ToString(read.faults),
            "p.txt:3:1: not a class of phrases: \"hurry\"; write urgency, "
            "credential, advance-fee, extortion, wallet, template or "
            "unsubscribe\n"
            "p.txt:4:1: not a regular expression: missing ): (?i)(\n"
            "p.txt:5:1: a phrase is missing after the class");
}

TEST(ParseBrands, NamesWhatIsWrongAndWhere) {
  const BrandsRead read = ParseBrands(
      "a b: a.example b.example\nno colon\n: a.example\nc:\nd: not_a..domain\n",
      "b.txt");
  ASSERT_EQ(read.brands.size(), 1U);
  EXPECT_EQ(read.brands[0].domains.size(), 2U);
  EXPECT_EQ(read.faults.size(), 4U);
}

struct FindCase {
  const char* line;
  const char* text;
  bool is_found;
};

TEST(PhraseList, FindsAcrossLinesAndWithoutCase) {
  const FindCase kCases[] = {
      {"urgency act now", "please ACT\n  now", true},
      {"urgency act now", "actnow", false},
      {"urgency act ?now", "actnow", true},
      {"urgency act ?now", "act   now", true},
      {"template [A-Z]{3}", "abc", false},
      {"template [A-Z]{3}", "ABC", true},
      {"urgency \\bein\\b", "kein Ende", false},
      {"urgency отпис", "ОТПИСаться", true},
  };
  for (const FindCase& one : kCases) {
    const PhraseList list =
        MakePhraseList(ParsePhrases(one.line, "t").phrases, {});
    ASSERT_TRUE(list.set) << one.line;
    const auto found = list.set->FindIn(one.text);
    ASSERT_TRUE(found);
    EXPECT_EQ(!found->empty(), one.is_found) << one.line << " | " << one.text;
  }
}

TEST(PhraseList, TakesABrandLetterByLetter) {
  const PhraseList list =
      MakePhraseList({}, ParseBrands("at&t (uk): att.com", "t").brands);
  ASSERT_TRUE(list.set);
  EXPECT_EQ(list.set->FindIn("your AT&T (UK) bill")->size(), 0U);
  const PhraseList plain =
      MakePhraseList({}, ParseBrands("at&t: att.com", "t").brands);
  EXPECT_EQ(plain.set->FindIn("your AT&T bill")->size(), 1U);
  EXPECT_EQ(plain.set->FindIn("your ATT bill")->size(), 0U);
}

TEST(PhraseSet, FindsNothingWithoutPatterns) {
  const PhraseList list = MakePhraseList({}, {});
  ASSERT_TRUE(list.set);
  EXPECT_TRUE(list.set->FindIn("text")->empty());
}

}  // namespace
}  // namespace postern
