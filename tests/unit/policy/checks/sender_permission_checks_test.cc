#include <gtest/gtest.h>

#include "policy/checks/catalogue.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

Facts With(Permission envelope, Permission author, std::string identity = "") {
  FactsBuilder builder;
  builder.facts().sender_permission = {.who = "login alice",
                                       .envelope = envelope,
                                       .author = author,
                                       .author_address = "From <b@example.org>",
                                       .identity = std::move(identity)};
  return builder.Build();
}

TEST(SenderNotPermitted, FailsForAForbiddenEnvelopeSenderOnly) {
  const auto verdicts = kSenderNotPermitted.run(
      With(Permission::kForbidden, Permission::kPermitted));
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(verdicts[0].detail,
            "login alice may not use the envelope sender <>");
  for (const Permission other : {Permission::kNoRule, Permission::kPermitted})
    EXPECT_TRUE(
        kSenderNotPermitted.run(With(other, Permission::kForbidden)).empty());
}

TEST(SenderNotPermitted, WaitsAtRcptForWhatMayBeRewritten) {
  Facts facts = With(Permission::kForbidden, Permission::kNoRule, "a@b.c");
  EXPECT_EQ(kSenderNotPermitted.run(facts).size(), 1u);
  facts.has_content = false;
  EXPECT_TRUE(kSenderNotPermitted.run(facts).empty());
  facts.sender_permission.identity.clear();
  EXPECT_EQ(kSenderNotPermitted.run(facts).size(), 1u);
}

TEST(AuthorNotPermitted, TellsForbiddenFromUnknown) {
  const auto forbidden = kAuthorNotPermitted.run(
      With(Permission::kPermitted, Permission::kForbidden));
  ASSERT_EQ(forbidden.size(), 1u);
  EXPECT_EQ(forbidden[0].outcome, Outcome::kFail);
  const auto unknown = kAuthorNotPermitted.run(
      With(Permission::kPermitted, Permission::kUnknown));
  ASSERT_EQ(unknown.size(), 1u);
  EXPECT_EQ(unknown[0].outcome, Outcome::kUnknown);
  for (const Permission other : {Permission::kNoRule, Permission::kPermitted})
    EXPECT_TRUE(
        kAuthorNotPermitted.run(With(Permission::kForbidden, other)).empty());
}

}  // namespace
}  // namespace postern
