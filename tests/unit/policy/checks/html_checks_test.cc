#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "policy/checks/catalogue.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

std::vector<Verdict> Judge(const Check& check, std::string_view html) {
  FactsBuilder builder;
  builder.facts().html = {std::make_shared<const HtmlFacts>(ReadHtml(html))};
  builder.facts().body_obfuscation = builder.facts().html[0]->obfuscation;
  return check.run(builder.Build());
}

bool IsUnknown(const std::vector<Verdict>& verdicts) {
  return verdicts.size() == 1 && verdicts[0].outcome == Outcome::kUnknown;
}

const std::string& Bomb() {
  static const std::string bomb = [] {
    std::string html = "<img src=a>";
    for (std::size_t i = 0; i <= HtmlFacts::kMaxSteps; ++i) html += "<b>";
    return html;
  }();
  return bomb;
}

TEST(HtmlImageOnly, FailsOnPicturesWithoutWords) {
  const auto verdicts = Judge(kHtmlImageOnly, "<img src=a alt=b>Hello");
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_EQ(verdicts[0].detail, "images: 1 (1 with alt), octets of text: 5");
}

TEST(HtmlImageOnly, PassesWithWordsOrWithoutPictures) {
  const std::string words(400, 'x');
  EXPECT_TRUE(Judge(kHtmlImageOnly, "<img src=a>" + words).empty());
  EXPECT_FALSE(Judge(kHtmlImageOnly, "<img src=a>" + words.substr(1)).empty());
  EXPECT_TRUE(Judge(kHtmlImageOnly, "<p>Hello").empty());
  EXPECT_TRUE(
      Judge(kHtmlImageOnly, "<img src=a width=1 height=1>Hello").empty());
  EXPECT_TRUE(kHtmlImageOnly.run(FactsBuilder().Build()).empty());
}

TEST(HtmlHiddenText, FailsOnMuchOfIt) {
  const std::string words(100, 'x');
  const auto verdicts =
      Judge(kHtmlHiddenText, "<p>Hello<p style='opacity:0'>" + words);
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_TRUE(verdicts[0].detail.starts_with("100 characters, by opacity:0"))
      << verdicts[0].detail;
  EXPECT_FALSE(Judge(kHtmlHiddenText, "<div style='display:none'>" + words +
                                          words + "x</div>Hello")
                   .empty());
}

TEST(HtmlHiddenText, PassesForPreheadersAndMarks) {
  const std::string words(200, 'x');
  EXPECT_TRUE(Judge(kHtmlHiddenText,
                    "<div style='display:none'>" + words + "</div>Hello")
                  .empty());
  EXPECT_TRUE(
      Judge(kHtmlHiddenText, "Hello<p style='display:none'>[ref:1]").empty());
  EXPECT_TRUE(kHtmlHiddenText.run(FactsBuilder().Build()).empty());
}

TEST(HtmlActiveContent, NamesWhatIsActive) {
  const auto verdicts =
      Judge(kHtmlActiveContent, "<script></script><form><iframe>");
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_EQ(verdicts[0].detail, "script 1, iframe 1, form 1");
}

TEST(HtmlActiveContent, PassesForPlainHtml) {
  EXPECT_TRUE(Judge(kHtmlActiveContent, "<p>Hello <a href=a>x</a>").empty());
  EXPECT_TRUE(Judge(kHtmlActiveContent, "<!-- <script></script> -->").empty());
}

TEST(HtmlChecks, AreUnknownWhereTheRestWasNotRead) {
  EXPECT_TRUE(IsUnknown(Judge(kHtmlImageOnly, Bomb())));
  EXPECT_TRUE(IsUnknown(Judge(kHtmlHiddenText, Bomb())));
  EXPECT_TRUE(IsUnknown(Judge(kHtmlActiveContent, Bomb())));
}

TEST(TextObfuscated, FailsOnThreeWordsOfTheBody) {
  const std::string word = "pay&#8203;pal ";
  EXPECT_TRUE(Judge(kTextObfuscated, word + word + "Hello").empty());
  const auto verdicts = Judge(kTextObfuscated, word + word + word + "Hello");
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_TRUE(verdicts[0].detail.starts_with(
      "body: split 3, mixed scripts 0, overridden 0 of 4 words"))
      << verdicts[0].detail;
}

TEST(TextObfuscated, FailsOnOneWordOfTheSubject) {
  FactsBuilder builder;
  builder.facts().subject_obfuscation = ObfuscationOf("p\xd0\xb0ypal");
  EXPECT_EQ(kTextObfuscated.run(builder.Build()).size(), 1U);
}

TEST(TextObfuscated, PassesWhenTheyAreRare) {
  FactsBuilder builder;
  builder.facts().body_obfuscation = {.words = 601, .split = 3};
  EXPECT_TRUE(kTextObfuscated.run(builder.Build()).empty());
}

}  // namespace
}  // namespace postern
