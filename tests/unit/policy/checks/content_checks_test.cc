#include <gtest/gtest.h>

#include "policy/checks/catalogue.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

TEST(BodyLineTooLong, FailsFrom999Octets) {
  FactsBuilder builder;
  builder.facts().body.longest_line = 998;
  EXPECT_TRUE(kBodyLineTooLong.run(builder.Build()).empty());
  builder.facts().body.longest_line = 999;
  EXPECT_FALSE(kBodyLineTooLong.run(builder.Build()).empty());
}

TEST(BodyEightBit, FailsOnEightBitOnly) {
  FactsBuilder builder;
  EXPECT_TRUE(kBodyEightBit.run(builder.Build()).empty());
  builder.facts().body.has_eight_bit = true;
  EXPECT_FALSE(kBodyEightBit.run(builder.Build()).empty());
}

TEST(BodyBareCrOrLf, FailsOnEither) {
  FactsBuilder builder;
  EXPECT_TRUE(kBodyBareCrOrLf.run(builder.Build()).empty());
  builder.facts().body.has_bare_lf = true;
  EXPECT_FALSE(kBodyBareCrOrLf.run(builder.Build()).empty());
  builder.facts().body.has_bare_lf = false;
  builder.facts().body.has_bare_cr = true;
  EXPECT_FALSE(kBodyBareCrOrLf.run(builder.Build()).empty());
}

TEST(MessageTooLarge, FailsAtTheReceiverWhoseLimitIsPassed) {
  const ReceiverProfile small{.name = "small", .max_message_bytes = 1000};
  const ReceiverProfile unknown{.name = "unknown", .max_message_bytes = 0};
  FactsBuilder builder;
  builder.Recipient("a@small.example", MailDomain::kHasMx, "small")
      .Recipient("b@unknown.example", MailDomain::kHasMx, "unknown");
  builder.facts().recipients[0].profile = &small;
  builder.facts().recipients[1].profile = &unknown;
  builder.facts().wire_bytes = 1000;
  EXPECT_TRUE(kMessageTooLarge.run(builder.Build()).empty());
  builder.facts().wire_bytes = 1001;
  const std::vector<Verdict> verdicts = kMessageTooLarge.run(builder.Build());
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(verdicts.front().subject.name, "small");
}

}  // namespace
}  // namespace postern
