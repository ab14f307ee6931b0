#include "policy/facts/dns_cache.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

namespace postern {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Deadline kNow{std::chrono::hours(1)};
const DnsQuestion kQuestion{"a.example", RrType::kTxt};

DnsAnswer Answer(DnsStatus status, seconds ttl) {
  DnsAnswer answer{status, {}, ttl};
  if (status == DnsStatus::kOk) answer.records = {{.value = "x"}};
  return answer;
}

bool IsKeptFor(const DnsAnswer& answer, seconds age) {
  DnsCache cache;
  cache.Settle(kQuestion, answer, kNow);
  return cache.Find(kQuestion, kNow + age).answer.has_value();
}

TEST(DnsCache, KeepsAnAnswerForItsTtl) {
  EXPECT_TRUE(IsKeptFor(Answer(DnsStatus::kOk, seconds(100)), seconds(99)));
  EXPECT_FALSE(IsKeptFor(Answer(DnsStatus::kOk, seconds(100)), seconds(100)));
}

TEST(DnsCache, BoundsTheTtl) {
  EXPECT_TRUE(IsKeptFor(Answer(DnsStatus::kOk, seconds(0)), seconds(4)));
  EXPECT_FALSE(IsKeptFor(Answer(DnsStatus::kOk, seconds(0)), seconds(5)));
  EXPECT_FALSE(
      IsKeptFor(Answer(DnsStatus::kOk, seconds(1 << 30)), seconds(3600)));
}

TEST(DnsCache, ForgetsAbsenceSooner) {
  for (const DnsStatus status : {DnsStatus::kNoData, DnsStatus::kNxDomain}) {
    EXPECT_TRUE(IsKeptFor(Answer(status, seconds(900)), seconds(59)));
    EXPECT_FALSE(IsKeptFor(Answer(status, seconds(900)), seconds(60)));
  }
}

// libunbound reports 32768 for SERVFAIL.
TEST(DnsCache, ForgetsAFailureAtOnce) {
  const DnsAnswer failure = Answer(DnsStatus::kTempError, seconds(32768));
  EXPECT_TRUE(IsKeptFor(failure, seconds(1)));
  EXPECT_FALSE(IsKeptFor(failure, seconds(2)));
}

TEST(DnsCache, HasOneFirstAsker) {
  DnsCache cache;
  const DnsCache::Place first = cache.Find(kQuestion, kNow);
  const DnsCache::Place second = cache.Find(kQuestion, kNow);
  EXPECT_TRUE(first.is_first);
  EXPECT_FALSE(second.is_first);
  EXPECT_EQ(first.pending, second.pending);
}

TEST(DnsCache, TellsTypesApart) {
  DnsCache cache;
  cache.Settle(kQuestion, Answer(DnsStatus::kOk, seconds(100)), kNow);
  EXPECT_FALSE(cache.Find({"a.example", RrType::kMx}, kNow).answer);
}

TEST(DnsCache, WakesWhoWaits) {
  DnsCache cache;
  const DnsCache::Place place = cache.Find(kQuestion, kNow);
  cache.Settle(kQuestion, Answer(DnsStatus::kOk, seconds(100)), kNow);
  EXPECT_EQ(place.pending->Wait(Deadline()).status, DnsStatus::kOk);
}

TEST(PendingAnswer, IsATempErrorAtTheDeadline) {
  PendingAnswer pending;
  EXPECT_EQ(pending.Wait(In(milliseconds(1))).status, DnsStatus::kTempError);
}

TEST(DnsCache, StaysWithinItsBounds) {
  DnsCache cache;
  for (int i = 0; i < 100'000; ++i)
    cache.Settle({fmt::format("n{}.example", i), RrType::kA},
                 Answer(DnsStatus::kOk, seconds(100)), kNow);
  EXPECT_LE(cache.size(), 2 * DnsCache::kShards * DnsCache::kGenerationSize);
}

TEST(DnsCache, KeepsWhatIsAskedAgain) {
  DnsCache cache;
  cache.Settle(kQuestion, Answer(DnsStatus::kOk, seconds(100)), kNow);
  for (int i = 0; i < 100'000; ++i) {
    cache.Settle({fmt::format("n{}.example", i), RrType::kA},
                 Answer(DnsStatus::kOk, seconds(100)), kNow);
    ASSERT_TRUE(cache.Find(kQuestion, kNow).answer) << i;
  }
}

}  // namespace
}  // namespace postern
