#include "policy/facts/content_cache.h"

#include <malloc.h>

#include <limits>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace postern {
namespace {

using enum PartText::Kind;

constexpr std::int64_t kPlenty = 16 << 20;

std::string Part(int number, std::size_t octets = 4000) {
  std::string html =
      "<a href=https://x.example/" + std::to_string(number) + ">";
  while (html.size() < octets) html += "<p>some words</p>";
  return html;
}

// What there is to be misread: styles, entities, links of all kinds, hidden
// text, comments, phrases.
std::string Newsletter() {
  std::string html =
      "<style>.a{display:none}</style><div class=a>hidden words</div>"
      "<!--[if mso]><a href='https://mso.example/'>x</a><![endif]-->"
      "<base href=https://base.example/><p style='color:#fff;font-size:0'>y";
  for (int i = 0; i < 8; ++i)
    html += "<p>urgent words &amp; p\xd0\xb0ypal</p><a href='/r?i=" +
            std::to_string(i) +
            "&amp;x=1'>www.shop.example</a><img src=\"//i.example/x.png\" "
            "width=1 srcset='a.png 1x, b.png 2x'>see http://t.example/x\r\n";
  return html + "<form action=https://f.example/></form><script>1</script>";
}

PhraseList Urgent(const std::string& pattern = "urgent words") {
  return MakePhraseList({{PhraseClass::kUrgency, "nothing of it"},
                         {PhraseClass::kUrgency, pattern}},
                        {});
}

TEST(ContentCache, ReadsEqualPartsOnce) {
  ContentCache cache(kPlenty);
  const auto first = cache.Read(kHtml, Part(1), nullptr);
  EXPECT_EQ(first->html.links.at(0).url, "https://x.example/1");
  EXPECT_EQ(cache.Read(kHtml, Part(1), nullptr), first);
  EXPECT_NE(cache.Read(kHtml, Part(2), nullptr), first);
}

TEST(ContentCache, TellsKindsApart) {
  ContentCache cache(kPlenty);
  const std::string text = Newsletter();
  for (int round = 0; round < 2; ++round)
    for (const PartText::Kind kind : {kHtml, kPlain, kOther})
      EXPECT_EQ(*cache.Read(kind, text, nullptr),
                ReadPartText(kind, text, nullptr));
}

// As after a reload.
TEST(ContentCache, FindsNothingByPhrasesNoLongerInForce) {
  ContentCache cache(kPlenty);
  const std::string text = Newsletter();
  const PhraseList before = Urgent(), same = Urgent(), after = Urgent("other");
  const auto first = cache.Read(kHtml, text, &before);
  EXPECT_EQ(first->phrases, (std::vector<std::size_t>{1}));
  EXPECT_EQ(cache.Read(kHtml, text, &same), first);
  EXPECT_TRUE(cache.Read(kHtml, text, &after)->phrases.empty());
  EXPECT_TRUE(cache.Read(kHtml, text, nullptr)->phrases.empty());
  EXPECT_FALSE(cache.Read(kHtml, text, nullptr)->is_searched_whole);
  // Places mean what the list has there: the same patterns in other order are
  // another list.
  const PhraseList turned =
      MakePhraseList({before.phrases.at(1), before.phrases.at(0)}, {});
  EXPECT_EQ(cache.Read(kHtml, text, &turned)->phrases,
            (std::vector<std::size_t>{0}));
}

// One octet changed, taken away, doubled; the end cut off.
std::string Mutant(std::string text, std::mt19937* random) {
  const std::size_t at = (*random)() % text.size();
  switch ((*random)() % 4) {
    case 0:
      text[at] = "<>&'\"/ ax\xd0"[(*random)() % 10];
      break;
    case 1:
      text.erase(at, 1);
      break;
    case 2:
      text.insert(at, 1, text[at]);
      break;
    default:
      text.resize(std::max<std::size_t>(at, 1100));
  }
  return text;
}

TEST(ContentCache, TakesNoMutantForAnother) {
  const std::string text = Newsletter();
  ASSERT_GT(text.size(), 1100U);
  const PhraseList phrases = Urgent();
  const PartText original = ReadPartText(kHtml, text, &phrases);
  // The second one forgets all the time.
  for (const std::int64_t most : {kPlenty, std::int64_t{100'000}}) {
    ContentCache cache(most);
    std::mt19937 random(17);
    for (int i = 0; i < 300; ++i) {
      const std::string mutant = Mutant(text, &random);
      const PartText::Kind kind = i % 5 == 0 ? kPlain : kHtml;
      const PartText without = ReadPartText(kind, mutant, &phrases);
      EXPECT_EQ(*cache.Read(kind, mutant, &phrases), without) << mutant;
      EXPECT_EQ(*cache.Read(kind, mutant, &phrases), without) << mutant;
      EXPECT_EQ(*cache.Read(kHtml, text, &phrases), original);
    }
  }
}

TEST(ContentCache, ForgetsWhatWasUsedLongestAgo) {
  ContentCache cache(200'000);
  const auto first = cache.Read(kHtml, Part(0), nullptr);
  const auto second = cache.Read(kHtml, Part(1), nullptr);
  for (int i = 2; i < 300; ++i) {
    (void)cache.Read(kHtml, Part(i), nullptr);
    EXPECT_EQ(cache.Read(kHtml, Part(0), nullptr), first);
  }
  const auto anew = cache.Read(kHtml, Part(1), nullptr);
  EXPECT_NE(anew, second);
  EXPECT_EQ(*anew, *second);  // who has it keeps it
}

TEST(ContentCache, StaysWithinItsOctets) {
  constexpr std::int64_t kMost = 2 << 20;
  ContentCache cache(kMost);
  for (int i = 0; i < 2000; ++i) (void)cache.Read(kHtml, Part(i), nullptr);
  EXPECT_LE(cache.bytes(), static_cast<std::size_t>(kMost));
  EXPECT_GT(cache.bytes(), static_cast<std::size_t>(kMost) * 9 / 10);
}

// The bound is one of memory, whatever the parts are made of.
TEST(ContentCache, CountsWhatItTakes) {
#ifdef POSTERN_SANITIZED
  GTEST_SKIP() << "sanitizers have an allocator of their own";
#else
  const auto taken = [] {
    const auto info = mallinfo2();
    return info.uordblks + info.hblkhd;
  };
  std::string links, words;
  for (int i = 0; i < 300; ++i)
    links += "<a href=https://a-rather-long-host-name-for-one-link" +
             std::to_string(i) + ".example/>words that are shown for it</a>";
  while (words.size() < 20'000) words += "some words ";
  for (const std::string& text : {links, words, std::string(1100, ' ')}) {
    constexpr std::int64_t kMost = 4 << 20;
    const std::size_t before = taken();
    ContentCache cache(kMost);
    for (int i = 0; i < 4000; ++i)
      (void)cache.Read(i % 2 == 0 ? kHtml : kPlain, text + std::to_string(i),
                       nullptr);
    EXPECT_LE(taken() - before, static_cast<std::size_t>(kMost) * 11 / 10);
  }
#endif
}

TEST(ContentCache, KeepsNothingWhenItHasNoRoom) {
  ContentCache cache(0);
  EXPECT_EQ(cache.Read(kHtml, Part(1), nullptr)->html.links.size(), 1U);
  EXPECT_EQ(cache.bytes(), 0U);
}

TEST(ContentCache, KeepsLargePartsButNoneOverItsShare) {
  ContentCache cache(kPlenty);
  const auto large = cache.Read(kHtml, Part(1, 1'000'000), nullptr);
  EXPECT_EQ(cache.Read(kHtml, Part(1, 1'000'000), nullptr), large);
  ContentCache small(64 * 1024);
  std::string html;
  while (html.size() < 100'000) html += "<a href=https://x.example/y>z</a>";
  EXPECT_FALSE(small.Read(kHtml, html, nullptr)->html.links.empty());
  EXPECT_EQ(small.bytes(), 0U);
}

TEST(ContentCache, ServesManyThreads) {
  ContentCache cache(200'000);  // not room for all
  const PhraseList phrases = Urgent("some words");
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&cache, &phrases, t] {
      for (int i = 0; i < 300; ++i) {
        const int number = (i * (t + 1)) % 70;
        const auto read = cache.Read(kHtml, Part(number), &phrases);
        EXPECT_EQ(read->html.links.at(0).url,
                  "https://x.example/" + std::to_string(number));
        EXPECT_EQ(read->phrases.size(), 1U);
      }
    });
  threads.clear();
  EXPECT_LE(cache.bytes(), 200'000U);
}

}  // namespace
}  // namespace postern
