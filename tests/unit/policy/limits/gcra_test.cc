#include "policy/limits/gcra.h"

#include <random>

#include <gtest/gtest.h>

namespace postern {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kStart = 1'800'000'000 * kSecond;

RateTerms Terms(std::int64_t count, int seconds, std::int64_t burst) {
  return TermsOf({count, std::chrono::seconds(seconds), burst});
}

TEST(Gcra, AdmitsTheBurstAtOnceAndThenOneEachInterval) {
  const RateTerms terms = Terms(10, 100, 3);
  Meter meter = FreshMeter(terms);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(WhenAdmitted(meter, terms, 1, kStart), kStart);
    Charge(&meter, terms, 1, kStart);
  }
  EXPECT_EQ(WhenAdmitted(meter, terms, 1, kStart), kStart + 10 * kSecond);
}

TEST(Gcra, IsExactAtTheEdgeOfAnUnevenWindow) {
  // An hour is not divisible by seven into whole nanoseconds.
  const RateTerms terms = Terms(7, 3600, 7);
  Meter meter = FreshMeter(terms);
  Charge(&meter, terms, 7, kStart);
  const std::int64_t full = kStart + 3600 * kSecond;
  EXPECT_EQ(WhenAdmitted(meter, terms, 7, full), full);
  EXPECT_EQ(WhenAdmitted(meter, terms, 7, full - 1), full);
  const std::int64_t one = kStart + 3600 * kSecond / 7 + 1;
  EXPECT_EQ(WhenAdmitted(meter, terms, 1, kStart), one);
  EXPECT_EQ(WhenAdmitted(meter, terms, 1, one), one);
  EXPECT_EQ(WhenAdmitted(meter, terms, 1, one - 1), one);
}

TEST(Gcra, NeverAdmitsMoreThanTheBurst) {
  const RateTerms terms = Terms(10, 60, 10);
  EXPECT_EQ(WhenAdmitted(FreshMeter(terms), terms, 11, kStart), std::nullopt);
  EXPECT_EQ(WhenAdmitted(FreshMeter(terms), terms,
                         std::numeric_limits<std::int64_t>::max(), kStart),
            std::nullopt);
}

TEST(Gcra, ARateOfNothingAdmitsNothing) {
  for (const LimitRate& rate :
       {LimitRate{0, std::chrono::seconds(60), 5},
        LimitRate{5, std::chrono::seconds(0), 5}, LimitRate{}}) {
    const RateTerms terms = TermsOf(rate);
    EXPECT_EQ(WhenAdmitted(FreshMeter(terms), terms, 1, kStart), std::nullopt);
  }
}

TEST(Gcra, WithoutABurstTheCountIsTheBurst) {
  EXPECT_EQ(Terms(5, 60, 0).burst, 5);
}

TEST(Gcra, HugeParametersDoNotOverflow) {
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  const RateTerms terms = TermsOf({kMax, std::chrono::seconds(kMax), kMax});
  Meter meter = FreshMeter(terms);
  Charge(&meter, terms, kMax, kStart);
  EXPECT_GT(DebtAt(meter, kStart), 0);
  EXPECT_GT(*WhenAdmitted(meter, terms, 1, kStart), kStart);
  const RateTerms slow = TermsOf({1, std::chrono::seconds(kMax), kMax});
  EXPECT_GT(*WhenAdmitted(Convert(meter, slow, kStart), slow, 1, kStart),
            kStart);
}

TEST(Gcra, IdleTimeIsNoCredit) {
  const RateTerms terms = Terms(1, 10, 2);
  Meter meter = FreshMeter(terms);
  Charge(&meter, terms, 1, kStart);
  const std::int64_t later = kStart + 1000 * kSecond;
  Charge(&meter, terms, 2, later);
  EXPECT_EQ(WhenAdmitted(meter, terms, 1, later), later + 10 * kSecond);
}

TEST(Gcra, ConvertsUnitsWhenTheRateChanges) {
  const RateTerms before = Terms(100, 3600, 100);
  Meter meter = FreshMeter(before);
  Charge(&meter, before, 50, kStart);
  const RateTerms after = Terms(60, 3600, 60);
  const Meter converted = Convert(meter, after, kStart);
  EXPECT_EQ(WhenAdmitted(converted, after, 10, kStart), kStart);
  EXPECT_EQ(WhenAdmitted(converted, after, 11, kStart), kStart + 60 * kSecond);
}

TEST(Gcra, AConvertedDebtIsAtMostTheBurst) {
  const RateTerms before = Terms(100, 3600, 100);
  Meter meter = FreshMeter(before);
  Charge(&meter, before, 80, kStart);
  const RateTerms after = Terms(10, 3600, 10);
  EXPECT_EQ(WhenAdmitted(Convert(meter, after, kStart), after, 1, kStart),
            kStart + 360 * kSecond);
}

TEST(Gcra, GivesBackAtMostTheDebt) {
  const RateTerms terms = Terms(1, 10, 5);
  Meter meter = FreshMeter(terms);
  Charge(&meter, terms, 1, kStart);
  GiveBack(&meter, static_cast<Ticks>(100) * kSecond, kStart + 5 * kSecond);
  EXPECT_EQ(DrainedAtNs(meter), kStart + 5 * kSecond);
}

// A leaky bucket written the other way round: a level in units times the
// period, leaking `count` each nanosecond.
struct Bucket {
  __int128 level = 0;
  std::int64_t at = 0;
  bool Take(const RateTerms& terms, std::int64_t cost, std::int64_t now) {
    const __int128 leaked = static_cast<__int128>(now - at) * terms.count;
    level = level > leaked ? level - leaked : 0;
    at = now;
    const __int128 wanted = static_cast<__int128>(cost) * terms.period_ns;
    if (level + wanted > static_cast<__int128>(terms.burst) * terms.period_ns)
      return false;
    level += wanted;
    return true;
  }
};

TEST(Gcra, AgreesWithALeakyBucket) {
  std::mt19937_64 random(20260101);
  for (int round = 0; round < 300; ++round) {
    const RateTerms terms = Terms(static_cast<int>(random() % 50 + 1),
                                  static_cast<int>(random() % 100 + 1),
                                  static_cast<int>(random() % 60 + 1));
    Meter meter = FreshMeter(terms);
    Bucket bucket{.at = kStart};
    std::int64_t now = kStart;
    for (int step = 0; step < 1000; ++step) {
      const auto cost = static_cast<std::int64_t>(random() % 5);
      const auto when = WhenAdmitted(meter, terms, cost, now);
      const bool is_admitted = when == now;
      ASSERT_EQ(is_admitted, bucket.Take(terms, cost, now)) << round;
      if (is_admitted) Charge(&meter, terms, cost, now);
      // Now and then exactly to the edge, or one nanosecond before it.
      if (when && *when > now && random() % 2 == 0) {
        now = *when - static_cast<std::int64_t>(random() % 2);
      } else {
        now += static_cast<std::int64_t>(
            random() % static_cast<std::uint64_t>(terms.period_ns));
      }
    }
  }
}

}  // namespace
}  // namespace postern
