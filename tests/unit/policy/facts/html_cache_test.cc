#include "policy/facts/html_cache.h"

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace postern {
namespace {

std::string Part(int number) {
  std::string html =
      "<a href=https://x.example/" + std::to_string(number) + ">";
  while (html.size() < 4000) html += "<p>some words</p>";
  return html;
}

TEST(HtmlCache, ReadsEqualPartsOnce) {
  HtmlCache cache(16 << 20);
  const auto first = cache.Read(Part(1));
  EXPECT_EQ(first->links.at(0).url, "https://x.example/1");
  EXPECT_EQ(cache.Read(Part(1)), first);
  EXPECT_NE(cache.Read(Part(2)), first);
}

TEST(HtmlCache, StaysWithinItsOctets) {
  constexpr std::int64_t kMost = 2 << 20;
  HtmlCache cache(kMost);
  for (int i = 0; i < 2000; ++i) (void)cache.Read(Part(i));
  EXPECT_LE(cache.bytes(), static_cast<std::size_t>(kMost));
  EXPECT_GT(cache.bytes(), static_cast<std::size_t>(kMost) / 4);
}

TEST(HtmlCache, KeepsNothingWhenItHasNoRoom) {
  HtmlCache cache(0);
  EXPECT_EQ(cache.Read(Part(1))->links.size(), 1U);
  EXPECT_EQ(cache.bytes(), 0U);
}

TEST(HtmlCache, DoesNotKeepWhatIsLargerThanItsShare) {
  HtmlCache cache(64 * 1024);
  std::string html;
  while (html.size() < 100'000) html += "<a href=https://x.example/y>z</a>";
  EXPECT_FALSE(cache.Read(html)->links.empty());
  EXPECT_EQ(cache.bytes(), 0U);
}

TEST(HtmlCache, ServesManyThreads) {
  HtmlCache cache(1 << 20);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&cache] {
      for (int i = 0; i < 200; ++i)
        EXPECT_EQ(cache.Read(Part(i % 50))->links.size(), 1U);
    });
}

}  // namespace
}  // namespace postern
