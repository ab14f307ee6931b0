#include "policy/facts/expansion_cache.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

using std::chrono::seconds;

const Deadline kNow{seconds(1'000)};

Expansion Target(std::string url) {
  return {.result = Expansion::Result::kTarget, .url = std::move(url)};
}

TEST(ExpansionCache, LetsOneAskAndTheOthersWait) {
  ExpansionCache cache;
  const ExpansionCache::Place first = cache.Find("u", kNow);
  const ExpansionCache::Place second = cache.Find("u", kNow);
  EXPECT_TRUE(first.is_first);
  EXPECT_FALSE(second.is_first);
  ASSERT_EQ(first.pending, second.pending);
  cache.Settle("u", Target("t"), kNow + seconds(1));
  EXPECT_EQ(second.pending->Wait(Deadline::max()).url, "t");
  EXPECT_EQ(cache.Find("u", kNow).answer->url, "t");
}

TEST(ExpansionCache, DoesNotWaitBeyondTheDeadline) {
  ExpansionCache cache;
  const Expansion answer = cache.Find("u", kNow).pending->Wait(Deadline::min());
  EXPECT_EQ(answer.result, Expansion::Result::kUnknown);
}

TEST(ExpansionCache, ForgetsInTime) {
  ExpansionCache cache;
  cache.Settle("u", Target("t"), kNow + seconds(1));
  EXPECT_TRUE(cache.Find("u", kNow + seconds(1)).is_first);
  cache.Pause("sho.rt", kNow + seconds(1));
  EXPECT_TRUE(cache.IsPaused("sho.rt", kNow));
  EXPECT_FALSE(cache.IsPaused("sho.rt", kNow + seconds(1)));
  EXPECT_FALSE(cache.IsPaused("other.rt", kNow));
}

TEST(ExpansionCache, StaysWithinItsBound) {
  ExpansionCache cache;
  for (int i = 0; i < 10'000; ++i)
    cache.Settle("u" + std::to_string(i), Target(std::string(2'000, 'x')),
                 kNow + seconds(1));
  EXPECT_LE(cache.bytes(), 2 * ExpansionCache::kGenerationBytes);
  EXPECT_TRUE(cache.Find("u9999", kNow).answer);
  EXPECT_FALSE(cache.Find("u0", kNow).answer);
}

}  // namespace
}  // namespace postern
