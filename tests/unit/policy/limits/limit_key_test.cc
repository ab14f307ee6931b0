#include "policy/limits/limit_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace postern {
namespace {

using enum LimitKeyPart;

std::string Counted(std::vector<LimitKeyPart> parts, std::string_view written) {
  LimitRule rule;
  rule.name = "x";
  rule.key = std::move(parts);
  const Result<std::string> key = KeyAsCounted(rule, written);
  return key ? *key : key.error().message;
}

TEST(KeyAsCounted, IsWhatTheMessageWouldBring) {
  EXPECT_EQ(Counted({kLogin}, "login=Alice@Example.COM"),
            "login=alice@example.com");
  EXPECT_EQ(Counted({kClient}, "client=2001:DB8:0::1"), "client=2001:db8::1");
  EXPECT_EQ(Counted({kRecipientDomain}, "recipient_domain=Example.net."),
            "recipient_domain=example.net");
  EXPECT_EQ(Counted({kMailFrom}, "mail_from=<>"), "mail_from=<>");
  EXPECT_EQ(Counted({kEgress, kReceiver}, "egress=Main receiver=google"),
            "egress=main receiver=google");
}

TEST(KeyAsCounted, TakesWhatIsShownAndWhatIsTyped) {
  EXPECT_EQ(Counted({kLogin}, "login=a%20b%25c"), "login=a%20b%25c");
  EXPECT_EQ(Counted({kLogin}, "login=a b%c"), "login=a%20b%25c");
  EXPECT_EQ(Counted({kLogin, kReceiver}, "login=a b receiver=x"),
            "login=a%20b receiver=x");
}

TEST(KeyAsCounted, RefusesOtherParts) {
  constexpr std::string_view kOne =
      "limit x is keyed by login: write "
      "login=NAME";
  EXPECT_EQ(Counted({kLogin}, "mail_from=a"), kOne);
  EXPECT_EQ(Counted({kLogin}, "login="), kOne);
  EXPECT_EQ(Counted({kLogin}, "alice"), kOne);
  EXPECT_EQ(Counted({kClient}, "client=alice"),
            "limit x is keyed by client: write client=ADDRESS");
  constexpr std::string_view kTwo =
      "limit x is keyed by egress and receiver: write 'egress=NAME "
      "receiver=NAME'";
  EXPECT_EQ(Counted({kEgress, kReceiver}, "egress=main"), kTwo);
  EXPECT_EQ(Counted({kEgress, kReceiver}, "receiver=google egress=main"), kTwo);
}

}  // namespace
}  // namespace postern
